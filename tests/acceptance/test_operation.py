"""What whoever operates the web server sees of it, and what it lets one visitor ask."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator

import pytest
from databases import fresh_database
from stores import School, school
from web import PATIENCE_S, Web, served

from ui.limits import LARGEST, SIGNED_IN

TOKEN = "a token's letters".replace(" ", "-")
BEARER = {"Authorization": f"Bearer {TOKEN}"}
FIGURES = ("/metrics", "/_stcore/metrics")


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Web, School, str]]:
    url = fresh_database("postgresql")
    cast = school(url)
    recording, _ = cast.ready("photosynthesis")
    cast.bring("fractions")
    with served(tmp_path_factory.mktemp("data"), url, SECONDLOOK_METRICS_TOKEN=TOKEN) as web:
        yield web, cast, recording
    cast.database.close()


def figure(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not in\n{text}"
    return float(found[1])


def test_figures_are_for_whoever_has_the_token(there):
    web, _, _ = there
    owner = web.session("owner@school.org")
    for path in FIGURES:
        for cookie in ("", owner):
            wrong = ({}, {"Authorization": "Bearer nothing"}, {"Authorization": TOKEN}, {"Authorization": "Bearer é"})
            for headers in wrong:
                refused = web.ask(path, cookie, headers=headers)
                assert (refused.status, refused.text) == (404, "There is nothing here for you.\n")
            assert web.ask(path, cookie, headers=BEARER).status == 200
        assert web.ask(f"{path}/more", headers=BEARER).status == 404
        assert web.ask(path, method="POST", headers=BEARER).status in (403, 404)
    assert web.ask("/account", headers=BEARER).status == 401  # the token opens nothing else


def test_without_a_token_there_are_none(tmp_path):
    with served(tmp_path, fresh_database("sqlite")) as web:
        for headers in ({}, BEARER, {"Authorization": "Bearer "}, {"Authorization": "Bearer None"}):
            assert [web.ask(path, headers=headers).status for path in FIGURES] == [404, 404]


def test_the_figures_are_right_and_name_nobody(there):
    web, cast, recording = there
    before = web.ask("/metrics", headers=BEARER).text
    sessions = figure(before, "secondlook_sessions")
    cookie = web.session("coach@school.org")
    web.ask("/account", cookie)
    web.ask(f"/recordings/{recording}/web.mp4", cookie)
    assert web.websocket() == 403
    text = web.ask("/metrics", headers=BEARER).text
    asked = 'secondlook_requests_total{{kind="{}",status="{}"}}'.format
    for kind, status in (("account", "200"), ("media", "404"), ("websocket", "403")):
        line = asked(kind, status)
        old = figure(before, line) if line in before else 0.0
        assert figure(text, line) == old + 1
    assert figure(text, "secondlook_sessions") == sessions + 1
    assert figure(text, 'secondlook_lessons{state="ready"}') == 1
    assert figure(text, 'secondlook_lessons{state="waiting"}') == 1
    assert figure(text, 'secondlook_stages{queue="gpu",state="waiting"}') == 2
    assert figure(text, "secondlook_database_reachable") == 1
    assert figure(text, "secondlook_disk_free_bytes") > 0
    assert figure(text, 'secondlook_request_seconds_count{kind="account"}') >= 1
    streamlit = web.ask("/_stcore/metrics", headers=BEARER).text
    for told in (text, streamlit, web.log):
        for name in ("school.org", "photosynthesis", "127.0.0.1", TOKEN):
            assert name not in told.replace('"address": "127.0.0.1"', "")
    for told in (text, streamlit):
        assert not [id for id in (recording, *cast.cast.values()) if id in told]


def test_pages_that_are_open_are_counted_while_they_are(there):
    web, _, _ = there
    host, port = "127.0.0.1", int(web.url.rpartition(":")[2])
    lines = ["GET /_stcore/stream HTTP/1.1", f"Host: {host}:{port}", f"Origin: {web.url}", "Connection: Upgrade"]
    lines += ["Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
    lines += [f"Cookie: secondlook_session={web.session('leader@school.org')}"]

    def open_now() -> float:
        return figure(web.ask("/metrics", headers=BEARER).text, "secondlook_websockets")

    before = open_now()
    with socket.create_connection((host, port)) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        assert connection.recv(12) == b"HTTP/1.1 101"
        assert open_now() == before + 1
    deadline = time.monotonic() + PATIENCE_S
    while open_now() != before:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_whoever_asks_too_often_is_told_how_long_to_wait(there):
    web, _, _ = there
    cookie, other = web.session("stranger@school.org"), web.session("colleague@school.org")
    form = {"nothing": "of ours"}
    said = [web.ask("/account", cookie, form=form) for _ in range(int(2 * SIGNED_IN.burst))]
    refused = [answer for answer in said if answer.status == 429]
    assert refused
    assert {answer.status for answer in said} == {405, 429}
    assert int(refused[0].headers["retry-after"]) == 1
    assert "What you saved is safe." in refused[0].text
    assert refused[0].headers["content-security-policy"]
    assert web.ask("/account", cookie).status == 200  # looking is free
    assert web.ask("/account", other, form=form).status == 405  # and nobody else waits


def test_too_much_at_once_is_refused_before_it_is_read(there):
    web, _, _ = there
    cookie = web.session("admin@school.org")
    sent = {"Origin": web.url, "Content-Length": str(LARGEST + 1)}
    assert web.ask("/signout", cookie, "POST", sent).status == 413
    assert web.ask("/account", cookie, headers={"X-Much": "x" * 100_000}).status == 431
    assert web.ask("/account", cookie).status == 200


def test_a_proxy_is_believed_by_its_address_alone(tmp_path):
    said = {"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "https"}
    form = {"email": "none@school.org", "password": "wrong"}
    for proxy, believed in (("127.0.0.1", True), ("10.0.0.0/8", False)):
        with served(tmp_path, fresh_database("sqlite"), SECONDLOOK_PROXY=proxy) as web:
            answer = web.ask("/signin", form=form, headers=said)
            assert answer.status == 403
            assert ("strict-transport-security" in answer.headers) is believed
            assert f'"address": "{"8.8.8.8" if believed else "127.0.0.1"}"' in web.log
