"""Everything of a teacher in one file, from the real server: whole, theirs alone, and nothing left where it breaks."""

from __future__ import annotations

import http.client
import io
import os
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from archived import NOT_OWNERS, OWNERS, write_everything
from browsing import DESK, PHONE, Look, broken, visit
from databases import fresh_database
from folders import files
from playwright.sync_api import expect
from stores import school
from web import PATIENCE_S, Web, served

pytestmark = pytest.mark.xdist_group("web")

OWNER = "owner@school.org"
BYTES = 64 * 1024 * 1024
"""Of the film: more than the ways between server and reader hold."""


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    data = tmp_path_factory.mktemp("archive")
    cast = school(fresh_database("postgresql"))
    write_everything(cast)
    cast.consents.opt_out(cast.owner, cast.consents.classes(cast.owner)[0].id, "ownstudent")
    film = data / "recordings" / "ownlesson" / "original" / "1.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(os.urandom(BYTES))
    with served(data, cast.url) as web:
        yield web, cast, film
    cast.database.close()


def lie(data: Path) -> set[Path]:
    return {file for file in files(data) if "audit" not in file.parts}


def holds_open(web: Web, film: Path) -> bool:
    found = set()
    for one in Path(f"/proc/{web.process.pid}/fd").iterdir():
        with suppress(OSError):  # closed meanwhile
            found.add(one.readlink())
    return film in found


def test_all_of_it_is_read_back_and_nothing_of_others(there):
    web, _, film = there
    before = lie(web.data)
    answer = web.ask("/account/archive", web.session(OWNER))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/zip")
    assert "attachment" in answer.headers["content-disposition"]
    assert "no-store" in answer.headers["cache-control"]
    with ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert (names[0], names[-1]) == ("README.txt", "index.html")
        original = "lessons/001 ownlesson/original/1 ownlesson.mp4"
        assert archive.read(original) == film.read_bytes()
        texts = {name: archive.read(name).decode() for name in names if name != original}
        index = texts["index.html"]
    text = "\n".join(texts.values())
    assert {word for word in OWNERS | NOT_OWNERS if word in text} == OWNERS
    assert "original/1%20ownlesson.mp4" in index
    assert "Not there" not in index
    assert str(web.data) not in text
    assert lie(web.data) == before


def test_one_that_breaks_off_leaves_nothing_behind_and_is_asked_for_again(there):
    web, _, film = there
    cookie, before = web.session(OWNER), lie(web.data)
    connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
    connection.request("GET", "/account/archive", headers={"Cookie": f"secondlook_session={cookie}"})
    answer = connection.getresponse()
    assert answer.read(5 * 1024 * 1024)[:2] == b"PK"
    assert holds_open(web, film)
    assert web.ask("/account/archive", cookie).status == 409
    answer.close()
    connection.close()
    wait(lambda: not holds_open(web, film))
    wait(lambda: web.ask("/account/archive", cookie, "HEAD").status == 200)
    assert lie(web.data) == before
    assert len(web.ask("/account/archive", cookie).body) > BYTES


def test_whoever_signs_out_everywhere_ends_it(there):
    web, _, film = there
    cookie = web.session(OWNER)
    connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
    connection.request("GET", "/account/archive", headers={"Cookie": f"secondlook_session={cookie}"})
    answer = connection.getresponse()
    answer.read(1024 * 1024)
    web.ask("/signout", cookie, form={"everywhere": "1"})
    with pytest.raises(http.client.IncompleteRead):
        answer.read()
    connection.close()
    wait(lambda: not holds_open(web, film))


def test_a_film_that_is_not_there_is_named_and_all_else_comes(there):
    web, _, film = there
    aside = film.rename(film.with_suffix(".aside"))
    try:
        with ZipFile(io.BytesIO(web.ask("/account/archive", web.session(OWNER)).body)) as archive:
            assert not [name for name in archive.namelist() if "/original/" in name]
            assert "Not there" in archive.read("index.html").decode()
    finally:
        aside.rename(film)


def test_a_teacher_takes_it_along_and_reads_it_without_a_network(browser, there, tmp_path):
    web, _, _ = there
    page, wrong = visit(browser, web, OWNER, "/account")
    expect(page.get_by_text("(one lesson, 1 kB)")).to_be_visible()
    look = Look(page)
    look.at("account")
    with page.expect_download() as coming:
        page.get_by_role("link", name="Take everything along").click()
    assert coming.value.suggested_filename.startswith("Second Look – owner@school.org – ")
    with ZipFile(coming.value.path()) as archive:
        archive.extractall(tmp_path)
    look.good()
    assert broken(wrong) == []

    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size, offline=True)
        asked: list[str] = []
        context.on("request", lambda request, asked=asked: asked.append(request.url))
        page = context.new_page()
        page.goto(f"file://{tmp_path}/index.html")
        expect(page.get_by_role("heading", name="ownlesson, 1 September 2020")).to_be_visible()
        look = Look(page)
        look.at("index")
        links = [link.get_attribute("href") for link in page.get_by_role("link").all()]
        assert not [link for link in links if not (tmp_path / unquote(link)).is_file()]
        page.get_by_role("link", name="Waits", exact=True).click()
        expect(page.get_by_text("ownreflection")).to_be_visible()
        expect(page.get_by_text("coachshared")).to_be_visible()
        look.at("cycle")
        page.get_by_role("link", name="Everything").click()
        page.get_by_role("link", name="Comments", exact=True).click()
        expect(page.get_by_text("coachnote")).to_be_visible()
        look.at("comments")
        look.good()
        assert not [url for url in asked if not url.startswith("file://")]
        context.close()


def wait(until) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not until():
        assert time.monotonic() < deadline
        time.sleep(0.05)
