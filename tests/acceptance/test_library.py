"""The library as people use it: real server and Chromium; a lesson is named, labelled, found, shared and deleted."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browsing import DESK, PHONE, Look, opened, until, watched
from databases import fresh_database
from lessons import long_lesson
from playwright.sync_api import BrowserContext, Locator, Page, expect
from stores import School, school
from web import Web, served

from coaching.access import Grant
from coaching.announced import new_upload
from coaching.comments import NewComment
from coaching.people import Membership
from coaching.recordings import Stage, new_id
from coaching.uploads import Upload, UploadFile
from models.tables import UploadRow

PICTURE = (Path(__file__).parents[2] / "ui" / "assets" / "mark.svg").read_bytes()

pytestmark = pytest.mark.xdist_group("library")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return Path(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def there() -> Iterator[School]:
    found = school(fresh_database("sqlite"))
    yield found
    found.database.close()


@pytest.fixture(scope="module")
def web(there, data) -> Iterator[Web]:
    with served(data, there.url) as found:
        yield found


@pytest.fixture
def open_as(browser, web) -> Iterator[object]:
    """Opens the library as somebody of the cast. At the end nothing may have gone wrong in any browser."""
    contexts: list[BrowserContext] = []
    wrong: list[list[str]] = []

    def open_as(who: str, path: str = "/", **options: object) -> Page:
        contexts.append(browser.new_context(**{"viewport": DESK} | options))
        wrong.append(watched(contexts[-1], web.url))
        return opened(contexts[-1], web, f"{who}@school.org", path)

    yield open_as
    for context in contexts:
        context.close()
    assert [what for found in wrong for what in found] == []


@pytest.fixture
def lesson(there, data) -> Iterator[str]:
    """A lesson of the owner's that is ready, with files in place of its film; nothing else is theirs."""
    recording, run = there.ready("fractions", long_lesson(5))
    for stage, name in ((Stage.WEB, "web.mp4"), (Stage.POSTER, "poster.jpg")):
        file = data / str(there.jobs.one(run).run.stage(stage).artefact) / name
        file.parent.mkdir(parents=True)
        file.write_bytes(PICTURE)
    yield recording
    for one in there.lessons.mine(there.owner):
        there.lessons.delete(there.owner, one.id, 0, 0)


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("article").filter(has=page.get_by_role("heading", name=name, exact=True))


def choose(page: Page, name: str, what: str) -> Locator:
    """The dialog that a lesson's menu opens."""
    page.get_by_role("button", name=f"More for {name}", exact=True).click()
    page.get_by_role("menuitem", name=what).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_a_lesson_is_renamed(there, lesson, open_as):
    page = open_as("owner")
    dialog = choose(page, "fractions", "Rename")
    name = "Fractions *on* a [line](http://x) :red[<b>] $1$"
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(card(page, name)).to_have_count(1)
    assert there.lessons.recording(there.owner, lesson).name == name
    dialog = choose(page, name, "Rename")  # the menu's label is that name, as it is
    dialog.get_by_label("Name").fill(" ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("1 to 120 characters")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert there.lessons.recording(there.owner, lesson).name == name


def test_a_lesson_gets_a_class_a_day_and_tags_and_is_found_by_them(there, lesson, open_as):
    there.bring("another")
    page = open_as("owner")
    dialog = choose(page, "fractions", "Class, day and tags")
    for label, words in (("Class", "Period 2"), ("Tags", "exit tickets")):
        field = dialog.get_by_role("combobox", name=label)
        field.fill(words)
        field.press("Enter")
        field.press("Tab")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(card(page, "fractions")).to_contain_text(re.compile("(Today|Yesterday) · Period 2"))
    expect(card(page, "fractions").get_by_role("list", name="Tags")).to_have_text("exit tickets")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("combobox", name="Tag").click()
    page.get_by_role("option", name="exit tickets").click()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"[?&]tag=exit"))
    page.reload()  # what is looked for stands in the address
    expect(page.get_by_role("button", name="Filters, 1 set")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("button", name="Filters, 1 set").click()
    page.get_by_role("button", name="Clear filters").click()
    expect(page.get_by_role("article")).to_have_count(2)
    expect(page).not_to_have_url(re.compile("tag="))


def test_what_is_looked_for_is_linked_to_and_gone_back_to(there, lesson, open_as):
    there.lessons.describe(there.owner, lesson, None, date(2026, 11, 19), ())
    there.bring("waiting")
    page = open_as("owner", "/?show=ready&from=2026-11-01&to=2026-11-30&class=%27--&tag=&text=fract&more=1")
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page.get_by_label("Search your lessons")).to_have_value("fract")
    expect(page.get_by_role("radio", name="Ready 1")).to_be_checked()
    page.get_by_role("radio", name="All 1").click()
    expect(page).not_to_have_url(re.compile("show="))
    page.goto(page.url.partition("?")[0])
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("radio", name="In progress 1").click()
    expect(page.get_by_role("article")).to_have_count(1)
    expect(page).to_have_url(re.compile("show=at-work"))
    page.get_by_label("Search your lessons").fill("nothing of the kind")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No lesson is like that.")).to_be_visible()
    for strange in ("show=%00", "from=yesterday&to=9999-99-99", "text=" + "%25" * 400, "class=" + "f" * 24):
        page.goto(f"{page.url.partition('?')[0]}?{strange}")
        expect(page.get_by_role("heading", name="Your lessons")).to_be_visible()
        expect(page.get_by_label("Search your lessons")).to_be_visible()


def test_a_coach_sees_what_is_shared_and_no_longer_what_is_taken_back(there, web, lesson, open_as):
    coach, page = open_as("coach"), open_as("owner")
    expect(coach.get_by_text("Nothing is shared with you yet")).to_be_visible()
    expect(card(page, "fractions")).to_contain_text("Only you")
    dialog = choose(page, "fractions", "Share…")
    expect(dialog).to_contain_text("Principals and administrators cannot be chosen.")
    expect(dialog.get_by_role("button", name="Share", exact=True)).to_be_disabled()
    dialog.get_by_text("People you choose, the whole lesson").click()
    dialog.get_by_role("combobox", name="Share with").click()
    expect(page.get_by_role("option")).to_have_count(2)  # a colleague and a coach: no leader, no admin, no stranger
    page.get_by_role("option", name="coach@school.org").click()
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog.get_by_role("button", name="Stop sharing", exact=True)).to_be_visible()
    given = there.lessons.grants(there.owner, lesson)[0].what
    assert given == {Grant.SEE, Grant.COMMENT}
    there.lessons.comment(there.cast["coach"], lesson, NewComment(1.0, "Look here."))
    coach.reload()
    expect(coach.get_by_role("heading", name="Shared with you", exact=True)).to_be_visible()
    expect(card(coach, "fractions")).to_contain_text(re.compile(r"1 note\..*From owner@school\.org", re.DOTALL))
    expect(coach.locator(".sl-ribbon")).to_have_count(0)  # the measures were not given
    expect(coach.get_by_role("button", name="More for fractions")).to_have_count(0)
    session = coach.context.cookies()[0]["value"]
    assert web.ask(f"/recordings/{lesson}/web.mp4", session).status == 200
    expect(dialog.get_by_role("button", name="Save")).to_be_disabled()  # until something changes
    dialog.get_by_text("The talk ribbon and the measures too").last.click()
    dialog.get_by_role("button", name="Save").click()
    until(page, lambda: there.lessons.grants(there.owner, lesson)[0].what == {Grant.SEE, Grant.MEASURES, Grant.COMMENT})
    coach.reload()
    expect(coach.locator(".sl-ribbon")).to_have_count(1)
    coach.wait_for_function("() => [...document.images].every((i) => i.complete)")  # while they are still theirs
    (north,) = there.staff.schools(there.cast["admin"])
    there.staff.change(there.cast["admin"], there.cast["coach"], north.id, [Membership.LEADER])
    assert web.ask(f"/recordings/{lesson}/web.mp4", session).status == 404
    dialog.get_by_text("May save files made of it").last.click()
    expect(dialog).to_contain_text("They cannot see it now")
    there.staff.change(there.cast["admin"], there.cast["coach"], north.id, [Membership.COACH])
    assert web.ask(f"/recordings/{lesson}/web.mp4", session).status == 200
    dialog.get_by_role("button", name="Stop sharing", exact=True).click()
    expect(dialog.get_by_role("button", name="Stop sharing")).to_have_count(0)
    expect(dialog.get_by_role("radio", name="Only me")).to_be_checked()
    expect(dialog).to_contain_text(re.compile("Not shared any more. You took it back (today|yesterday)"))
    expect(coach.get_by_role("article")).to_have_count(0)  # by itself: the page looks again and again
    assert web.ask(f"/recordings/{lesson}/web.mp4", session).status == 404
    page.keyboard.press("Escape")
    expect(card(page, "fractions")).to_contain_text("Only you")


def test_a_lesson_is_deleted_with_a_receipt(there, web, data, lesson, open_as):
    folder = data / "recordings" / lesson
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert len(files) == 2
    page = open_as("owner")
    dialog = choose(page, "fractions", "Delete…")
    expect(dialog).to_contain_text("“fractions” is removed from this server for good")
    expect(dialog).to_contain_text("This cannot be undone.")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_have_count(0)
    assert folder.is_dir()
    dialog = choose(page, "fractions", "Delete…")
    dialog.get_by_role("button", name="Delete this lesson").click()
    expect(dialog).to_contain_text("Deleted. 2 files")
    with page.expect_download() as saved:
        dialog.get_by_role("link", name="Save the receipt for fractions").click()
    assert saved.value.suggested_filename == f"receipt-{there.lessons.receipts(there.owner)[0].id}.txt"
    assert f"2, {len(PICTURE) * 2 / 1e3:.0f} kB ({len(PICTURE) * 2} bytes)" in Path(saved.value.path()).read_text()
    assert not folder.exists()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_text("Your first lesson goes here")).to_be_visible()
    page.get_by_role("button", name="Deleted lessons").click()
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_contain_text("fractions")
    assert "fractions" not in web.log


def test_what_stands_under_the_library_stays_where_dialogs_are_closed_and_filters_opened_at_once(
    there, lesson, open_as
):
    there.lessons.delete(there.owner, there.bring("gone"), 3, 4_000_000)
    page = open_as("owner", reduced_motion="reduce")  # dialogs are gone at once
    for what in ("Rename", "Class, day and tags", "Share…", "Delete…") * 3:
        choose(page, "fractions", what)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name="Filters").click()
        expect(page.get_by_role("button", name="This month")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Deleted lessons")).to_be_visible()


def test_a_lesson_that_is_gone_meanwhile_is_said_to_be(there, lesson, open_as):
    page = open_as("owner")
    dialog = choose(page, "fractions", "Rename")
    there.lessons.delete(there.owner, lesson, 0, 0)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_contain_text("This lesson is not there any more.")


def announced(there: School, name: str) -> Upload:
    """A lesson of 1000 bytes, of which nothing has come yet."""
    said = {"name": name, "class": "Period 2", "taught": date.today().isoformat(), "consent": True, "sizes": [1000]}
    return there.uploads.begin(new_upload(there.owner, said, date.today()))


def test_a_lesson_on_its_way_is_a_card_too(there, data, lesson, open_as):
    upload = announced(there, "On a phone")
    part, _ = there.uploads.begin_part(there.owner, upload.id, UploadFile(new_id(), 0, "film.mp4", 1000, "print"))
    file = data / "uploads" / upload.id / part.id
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 430)
    page = open_as("owner")
    expect(card(page, "On a phone")).to_contain_text(re.compile(r"(Today|Yesterday) · Period 2\s*Uploading 43%"))
    expect(card(page, "On a phone")).not_to_contain_text("paused")  # nobody knows that yet
    expect(page.get_by_role("radio", name="All 2")).to_be_visible()
    file.write_bytes(b"x" * 860)
    expect(card(page, "On a phone")).to_contain_text("Uploading 86%")  # by itself
    expect(card(page, "On a phone").get_by_role("link", name="Carry on")).to_have_attribute("href", "/upload")
    there.later(UploadRow, 3600, "ends")
    os.utime(file, (1, 1))
    expect(card(page, "On a phone")).to_contain_text("paused")
    there.uploads.remove(there.owner, upload.id)
    expect(page.get_by_role("article")).to_have_count(1)


def test_a_lesson_that_begins_elsewhere_comes_into_a_page_that_is_open(there, lesson, open_as):
    page = open_as("owner")
    expect(page.get_by_role("article")).to_have_count(1)
    upload = announced(there, "From the corridor")
    expect(card(page, "From the corridor")).to_be_visible()
    there.uploads.remove(there.owner, upload.id)
    expect(page.get_by_role("article")).to_have_count(1)
    there.bring("imported")
    expect(card(page, "imported")).to_be_visible()


def test_what_is_on_its_way_is_counted_where_it_is_found(there, lesson, open_as):
    refused, comes = announced(there, "No sound"), announced(there, "Comes")
    there.uploads.check(there.owner, refused.id, ["0" * 64])
    there.uploads.refuse(refused.id, "It has no sound.")
    there.lessons.grant(there.owner, lesson, "coach@school.org", [])
    page = open_as("owner")
    found = {
        "All 3": ["Comes", "No sound", "fractions"],
        "Shared by you 1": ["fractions"],
        "Ready 1": ["fractions"],
        "In progress 1": ["Comes"],
        "Needs attention 1": ["No sound"],
    }
    for kind, names in found.items():
        page.get_by_role("radio", name=kind).click()
        expect(page.get_by_role("radio", name=kind)).to_be_checked()
        expect(page.get_by_role("article")).to_have_count(len(names))
        for name in names:
            expect(card(page, name)).to_be_visible()
        assert page.get_by_role("radio").all_inner_texts() == list(found)
    for upload in (refused, comes):
        there.uploads.remove(there.owner, upload.id)


def test_nothing_that_somebody_types_is_lost_while_the_library_follows_the_work(there, lesson, open_as):
    working = there.bring("at work")
    run, attempt = there.begin(working)
    page = open_as("owner")
    search = page.get_by_label("Search your lessons")
    search.fill("not sent yet")
    claim = there.take(run, attempt, Stage.SOUND)
    expect(card(page, "at work")).to_contain_text("Taking the sound out 0%")
    assert there.jobs.report(claim, 0.99)
    expect(card(page, "at work")).to_contain_text("Taking the sound out 1%")  # by itself
    expect(search).to_have_value("not sent yet")
    search.fill("")
    dialog = choose(page, "fractions", "Rename")
    dialog.get_by_role("textbox", name="Name").fill("not saved yet")
    assert there.jobs.finish(claim, None)
    behind = page.locator("article", has_text="at work")
    expect(behind).to_contain_text("Finding who speaks when")
    there.jobs.cancel(run)  # the last thing that is at work: the whole page is shown anew
    expect(behind).to_contain_text("Stopped")
    page.wait_for_load_state("networkidle")
    expect(dialog.get_by_role("textbox", name="Name")).to_have_value("not saved yet")
    dialog.get_by_role("button", name="Save").click()
    expect(card(page, "not saved yet")).to_have_count(1)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_every_menu_and_dialog_fits_and_can_be_used_by_everybody(there, lesson, open_as, size):
    tags = ("fractions", "a rather long tag of forty characters xx")
    there.lessons.describe(there.owner, lesson, "Period 2", date(2026, 11, 19), tags)
    there.lessons.grant(there.owner, lesson, "coach@school.org", [Grant.COMMENT])
    there.lessons.delete(there.owner, there.bring("gone"), 3, 4_000_000)
    page = open_as("owner", viewport=size)
    expect(page.get_by_role("article")).to_have_count(1)
    axe = Look(page)
    axe.at("library")

    def look(what: str) -> None:
        axe.at(what)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("button", name="More for fractions").click()
    expect(page.get_by_role("menuitem")).to_have_count(6)
    look("menu")
    for what, ready in (
        ("Rename", page.get_by_role("textbox", name="Name")),
        ("Class, day and tags", page.get_by_label("Remove fractions").last),
        ("Share…", page.get_by_role("button", name="Stop sharing")),
        ("Who was not there…", page.get_by_role("dialog", name="Who was not there")),
        ("Its film…", page.get_by_role("dialog", name="How long its film is kept")),
        ("Delete…", page.get_by_role("button", name="Keep it")),
    ):
        choose(page, "fractions", what)
        expect(ready).to_be_visible()
        look(what)
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("button", name="This month")).to_be_visible()
    look("filters")
    page.get_by_role("button", name="Deleted lessons").click()
    expect(page.get_by_role("link", name="Save the receipt for gone").first).to_be_visible()
    look("receipts")
    axe.good()
