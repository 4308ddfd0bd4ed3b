"""Where the gate sends people once they are signed in."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.gate import next_path

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
