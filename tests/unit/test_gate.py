"""Where the gate sends people once they are signed in, and what it says where something breaks."""

from __future__ import annotations

import asyncio
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.gate import Gate, next_path

HERE = "https://coaching.school.org"


@pytest.mark.parametrize("path", ["/", "/lessons", "/lessons?id=3&x=%2F", "/recordings/1/web.mp4"])
def test_a_path_of_this_server_is_where_one_goes_on(path):
    assert next_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "lessons",
        "//evil.org",
        "/\\evil.org",
        "\\\\evil.org",
        "https://evil.org",
        "javascript:alert(1)",
        "/\tx",
        "/x\r\nSet-Cookie: a=b",
        "/signin?next=/signin",
        "/password?link=1",
        "/" + "x" * 2000,
    ],
)
def test_anything_else_is_the_beginning(path):
    assert next_path(path) == "/"


@given(st.text() | st.text(st.sampled_from("/\\.:@ evilorg%0\t\n")))
def test_no_text_leads_to_another_site(text):
    found = next_path(text)
    assert urlsplit(urljoin(HERE, found)).netloc == "coaching.school.org"
    assert found.isprintable()


def ask(app):
    """What the gate sends for /signin, where `app` stands behind it."""
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request"}

    scope = {"type": "http", "method": "GET", "path": "/signin", "headers": [], "query_string": b""}
    asyncio.run(Gate(app, accounts=None, tickets=None, scripts=[])(scope, receive, send))  # type: ignore[arg-type] - no cookie is sent
    return sent


def test_what_breaks_is_a_sentence_and_its_name_in_the_log(caplog):
    async def breaks(scope, receive, send):
        raise ValueError("the pieces are bigger")

    start, body = ask(breaks)
    assert start["status"] == 500
    assert b"content-security-policy" in dict(start["headers"])
    assert body["body"].startswith(b"Second Look made a mistake of its own.")
    assert [(r.message, r.kind) for r in caplog.records] == [("request broke", "ValueError")]


def test_an_answer_that_breaks_off_is_not_begun_anew():
    async def breaks_off(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise OSError

    assert [message["type"] for message in ask(breaks_off)] == ["http.response.start"]
