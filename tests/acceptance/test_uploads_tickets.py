"""A code in a QR picture is changed once for a pass, and the pass brings one lesson and opens nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from media_files import film, padded
from sqlalchemy import update
from stores import School
from uploading import Phone, kept_parts, opened
from web import Answer, Web

from coaching.accounts import fingerprint
from coaching.uploads import CODE_S, MOST_CODES, PASS_S
from models.tables import PersonRow, TicketRow

pytestmark = pytest.mark.xdist_group("uploads")

ADDRESS = "https://coaching.hill.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Web, School, Path]]:
    with opened(tmp_path_factory.mktemp("data"), SECONDLOOK_PUBLIC_URL=ADDRESS) as made:
        yield made


@pytest.fixture
def desk(there) -> Phone:
    """The owner's computer, where they are signed in."""
    return Phone(there[0], there[0].session("owner@school.org"))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> bytes:
    return film(tmp_path_factory.mktemp("film") / "small.mp4").read_bytes()


def code_of(desk: Phone) -> str:
    answer = desk.ask("/upload/tickets", "POST")
    assert answer.status == 201, answer
    return str(urlsplit(answer.json["url"]).fragment)


def use(web: Web, code: str, **headers: str) -> Answer:
    return web.ask("/ticket", form={"code": code}, headers=headers)


def scan(desk: Phone) -> Phone:
    """A phone with a pass."""
    answer = use(desk.web, code_of(desk))
    assert (answer.status, answer.headers["location"]) == (303, "/upload")
    return Phone(desk.web, ticket=SimpleCookie(answer.headers["set-cookie"])["secondlook_upload"].value)


def test_the_picture_holds_an_address_whose_code_no_server_sees(desk, there):
    answer = desk.ask("/upload/tickets", "POST").json
    code = answer["url"].removeprefix(f"{ADDRESS}/ticket#")
    assert re.fullmatch(r"[\w-]{43}", code)
    assert answer["svg"].startswith("<svg")
    assert "<script" not in answer["svg"]
    assert there[0].ask("/ticket").status == 200
    cookie = use(there[0], code).headers["set-cookie"]
    assert re.fullmatch(r"secondlook_upload=[\w-]{43}; HttpOnly; Max-Age=86400; Path=/upload; SameSite=lax", cookie)
    assert "; Secure" in use(there[0], code_of(desk), **{"X-Forwarded-Proto": "https"}).headers["set-cookie"]
    assert code not in there[0].log


def test_a_phone_brings_one_lesson_without_a_password(desk, there, small):
    _, cast, data = there
    phone, whole = scan(desk), padded(small, 300_000, 1)
    assert phone.ask("/upload").status == 200
    assert phone.ask("/upload/form").json["only_this"] is None
    arrived = phone.bring(whole)
    assert arrived["state"] == "arrived"
    assert kept_parts(cast, data, arrived["recording"]) == [whole]
    assert phone.ask("/upload/form").json["only_this"] == arrived["id"]
    assert phone.ask("/upload/lessons").json == {"uploads": [arrived]}
    again = phone.begin(10)
    assert (again.status, "has its lesson already" in again.json["error"]) == (409, True)


def test_a_pass_sees_its_own_upload_alone_and_may_begin_it_anew(desk):
    phone, other = scan(desk), scan(desk)
    mine, theirs, at_desk = phone.upload(10), other.upload(10), desk.upload(10)
    part = desk.part(at_desk, 10)
    for upload in (theirs, at_desk):
        assert phone.ask(f"/upload/lessons/{upload}").status == 404
        assert phone.ask(f"/upload/lessons/{upload}", "DELETE").status == 404
        assert phone.complete(upload, b"0123456789").status == 404
        assert phone.create(upload, 10).status == 404
    for method in ("HEAD", "PATCH", "DELETE"):
        assert phone.tus(part, method).status == 404
    assert [u["id"] for u in phone.ask("/upload/lessons").json["uploads"]] == [mine]
    assert desk.ask(f"/upload/lessons/{mine}").status == 200
    assert phone.ask(f"/upload/lessons/{mine}", "DELETE").status == 204
    assert phone.begin(11).status == 201
    for upload in desk.ask("/upload/lessons").json["uploads"]:
        assert desk.ask(f"/upload/lessons/{upload['id']}", "DELETE").status == 204


def test_a_pass_opens_nothing_but_the_upload(desk, there):
    web, cast, _ = there
    recording = cast.bring("tickets")
    phone = scan(desk)
    page = {"Accept": "text/html"}
    for path in (
        "/",
        "/lessons",
        "/account",
        "/recordings",
        "/_stcore/health",
        "/uploads",
        "/upload_",
        "/uploadx/form",
    ):
        assert phone.ask(path).status in (303, 401), path
        assert phone.ask(path, headers=page).headers["location"].startswith("/signin"), path
    for name in ("web.mp4", "captions.vtt"):
        assert phone.ask(f"/recordings/{recording}/{name}").status == 401
    assert phone.ask("/signout", "POST").status == 401
    for path in ("/upload/", "/upload/x", "/upload/../account", "/upload/%2e%2e/account", "/upload/_stcore/stream"):
        assert phone.ask(path, headers=page).status in (303, 400, 401, 404), path
    refused = phone.ask("/upload/tickets", "POST")
    assert (refused.status, "gives no codes" in refused.json["error"]) == (403, True)
    assert web.websocket(phone.ticket) == 403
    as_session = Phone(web, cookie=phone.ticket)
    assert as_session.ask("/upload/form").status == as_session.ask("/account").status == 401
    session_as_pass = Phone(web, ticket=desk.cookie)
    assert session_as_pass.ask("/upload/form").status == 401


def test_a_code_is_good_once_and_for_fifteen_minutes(desk, there):
    web, cast, _ = there
    code, old = code_of(desk), code_of(desk)
    assert use(web, code).status == 303
    for no_good in (code, "", "x" * 43, fingerprint(old)):
        refused = use(web, no_good)
        assert (refused.status, "Show a new one" in refused.text) == (410, True)
        assert "set-cookie" not in refused.headers
    phone = scan(desk)
    cast.later(TicketRow, CODE_S, "ends")
    assert use(web, old).status == 410
    assert phone.ask("/upload/form").status == 200
    cast.later(TicketRow, PASS_S - CODE_S, "ends")
    refused = phone.ask("/upload/form")
    assert (refused.status, refused.json) == (401, {"error": "Sign in first."})


def test_a_code_is_posted_by_a_page_of_this_server(desk, there):
    code = code_of(desk)
    assert use(there[0], code, Origin="https://elsewhere.org").status == 403
    assert use(there[0], code).status == 303


def test_on_a_device_of_somebody_elses_a_code_does_nothing(desk, there):
    web, _, _ = there
    code, theirs = code_of(desk), web.session("colleague@school.org")
    refused = web.ask("/ticket", theirs, form={"code": code})
    assert (refused.status, "Somebody else is signed in" in refused.text) == (409, True)
    assert "set-cookie" not in refused.headers
    assert web.ask("/ticket", desk.cookie, form={"code": code}).status == 303
    both = Phone(web, cookie=theirs, ticket=scan(desk).ticket)  # and who signs in brings their own
    upload = both.upload(10)
    assert Phone(web, cookie=theirs).ask(f"/upload/lessons/{upload}").status == 200
    both.ask(f"/upload/lessons/{upload}", "DELETE")


def test_twenty_codes_wait_at_most(desk, there):
    web, cast, _ = there
    cast.later(TicketRow, CODE_S, "ends")
    codes = [code_of(desk) for _ in range(MOST_CODES)]
    refused = desk.ask("/upload/tickets", "POST")
    assert (refused.status, "Twenty codes" in refused.json["error"]) == (429, True)
    assert use(web, codes[0]).status == 303
    assert desk.ask("/upload/tickets", "POST").status == 201


def test_whoever_left_has_no_ticket(desk, there):
    web, cast, _ = there
    cast.later(TicketRow, CODE_S, "ends")
    code, phone = code_of(desk), scan(desk)
    leave = update(PersonRow).where(PersonRow.id == cast.owner)
    try:
        with cast.database.write() as session:
            session.execute(leave.values(left=1.0))
        assert use(web, code).status == 410
        assert phone.ask("/upload/form").status == 401
    finally:
        with cast.database.write() as session:
            session.execute(leave.values(left=None))


def test_without_an_address_there_is_no_code(tmp_path):
    with opened(tmp_path) as (web, _, _):
        refused = Phone(web, web.session("owner@school.org")).ask("/upload/tickets", "POST")
        assert (refused.status, "SECONDLOOK_PUBLIC_URL" in refused.json["error"]) == (409, True)
