"""A code in a QR picture is changed once for a pass, and the pass brings one lesson and opens nothing else."""

from __future__ import annotations

import re
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from media_files import padded
from sqlalchemy import update
from stores import School
from uploading import Phone, kept_parts, small, there  # noqa: F401 - fixtures
from web import Answer, Web

from coaching.accounts import fingerprint
from coaching.settings import Settings
from coaching.uploads import CODE_S, PASS_S
from models.tables import PersonRow, TicketRow
from ui.tickets import address, picture

pytestmark = pytest.mark.xdist_group("uploads")

ADDRESS = "https://coaching.hill.org"


@pytest.fixture
def desk(there) -> Phone:
    """The owner's computer, where they are signed in."""
    return Phone(there[0], there[0].session("owner@school.org"))


def code_of(there: tuple[Web, School, Path]) -> str:
    """A code of the owner's, as the library shows it in a picture."""
    cast = there[1]
    return cast.tickets.issue(cast.owner)[0]


def use(web: Web, code: str, **headers: str) -> Answer:
    return web.ask("/ticket", form={"code": code}, headers=headers)


def scan(there: tuple[Web, School, Path]) -> Phone:
    """A phone with a pass."""
    web = there[0]
    answer = use(web, code_of(there))
    assert (answer.status, answer.headers["location"]) == (303, "/upload")
    return Phone(web, ticket=SimpleCookie(answer.headers["set-cookie"])["secondlook_upload"].value)


def test_the_picture_holds_an_address_whose_code_no_server_sees(there):
    code = code_of(there)
    assert re.fullmatch(r"[\w-]{43}", code)
    url = address(Settings(public_url=f"{ADDRESS}/"), code)
    assert url == f"{ADDRESS}/ticket#{code}"
    drawn = picture(url)
    assert drawn.startswith("<svg")
    assert "<script" not in drawn
    assert there[0].ask("/ticket").status == 200
    cookie = use(there[0], code).headers["set-cookie"]
    assert re.fullmatch(r"secondlook_upload=[\w-]{43}; HttpOnly; Max-Age=86400; Path=/upload; SameSite=lax", cookie)
    assert "; Secure" in use(there[0], code_of(there), **{"X-Forwarded-Proto": "https"}).headers["set-cookie"]
    assert code not in there[0].log


def test_a_phone_brings_one_lesson_without_a_password(desk, there, small):
    _, cast, data = there
    phone, whole = scan(there), padded(small, 300_000, 1)
    assert phone.ask("/upload").status == 200
    assert phone.ask("/upload/form").json["only_this"] is None
    arrived = phone.bring(whole)
    assert arrived["state"] == "arrived"
    assert kept_parts(cast, data, arrived["recording"]) == [whole]
    assert phone.ask("/upload/form").json["only_this"] == arrived["id"]
    assert phone.ask("/upload/lessons").json == {"uploads": [arrived]}
    again = phone.begin(10)
    assert (again.status, "has its lesson already" in again.json["error"]) == (409, True)


def test_a_pass_sees_its_own_upload_alone_and_may_begin_it_anew(desk, there):
    phone, other = scan(there), scan(there)
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
    phone = scan(there)
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
    assert web.websocket(phone.ticket) == 403
    as_session = Phone(web, cookie=phone.ticket)
    assert as_session.ask("/upload/form").status == as_session.ask("/account").status == 401
    session_as_pass = Phone(web, ticket=desk.cookie)
    assert session_as_pass.ask("/upload/form").status == 401


def test_a_code_is_good_once_and_for_fifteen_minutes(desk, there):
    web, cast, _ = there
    code, old = code_of(there), code_of(there)
    assert use(web, code).status == 303
    for no_good in (code, "", "x" * 43, fingerprint(old)):
        refused = use(web, no_good)
        assert (refused.status, "Show a new one" in refused.text) == (410, True)
        assert "set-cookie" not in refused.headers
    phone = scan(there)
    cast.later(TicketRow, CODE_S, "ends")
    assert use(web, old).status == 410
    assert phone.ask("/upload/form").status == 200
    cast.later(TicketRow, PASS_S - CODE_S, "ends")
    refused = phone.ask("/upload/form")
    assert (refused.status, refused.json) == (401, {"error": "Sign in first."})


def test_a_code_is_posted_by_a_page_of_this_server(desk, there):
    code = code_of(there)
    assert use(there[0], code, Origin="https://elsewhere.org").status == 403
    assert use(there[0], code).status == 303


def test_on_a_device_of_somebody_elses_a_code_does_nothing(desk, there):
    web, _, _ = there
    code, theirs = code_of(there), web.session("colleague@school.org")
    refused = web.ask("/ticket", theirs, form={"code": code})
    assert (refused.status, "Somebody else is signed in" in refused.text) == (409, True)
    assert "set-cookie" not in refused.headers
    assert web.ask("/ticket", desk.cookie, form={"code": code}).status == 303
    both = Phone(web, cookie=theirs, ticket=scan(there).ticket)  # and who signs in brings their own
    upload = both.upload(10)
    assert Phone(web, cookie=theirs).ask(f"/upload/lessons/{upload}").status == 200
    both.ask(f"/upload/lessons/{upload}", "DELETE")


def test_whoever_left_has_no_ticket(desk, there):
    web, cast, _ = there
    cast.later(TicketRow, CODE_S, "ends")
    code, phone = code_of(there), scan(there)
    leave = update(PersonRow).where(PersonRow.id == cast.owner)
    try:
        with cast.database.write() as session:
            session.execute(leave.values(left=1.0))
        assert use(web, code).status == 410
        assert phone.ask("/upload/form").status == 401
    finally:
        with cast.database.write() as session:
            session.execute(leave.values(left=None))
