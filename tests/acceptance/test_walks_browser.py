"""A learning walk on a phone, with no network in the corridor: kept, sent once, and the visited teacher's first."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from browsing import PHONE, Look, broken, opened, press, settled, visit, watched
from databases import fresh_database
from PIL import Image
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import update
from stores import School, school
from web import Web, served

from coaching.months import FEWEST_TEACHERS
from coaching.months import settled as settled_months
from coaching.people import Membership
from coaching.recordings import new_id
from coaching.walks import NewWalk, Seen
from models.tables import WalkRow

pytestmark = pytest.mark.xdist_group("web")

LEADER, OWNER = "leader@school.org", "owner@school.org"
LEFT = """async () => [(await indexedDB.databases()).length, (await caches.keys()).length,
  (await navigator.serviceWorker.getRegistrations()).length]"""
"""What a browser keeps of the server's pages."""
SAID = {
    "Choice": "Two <ways> to show it.",
    "Open question": "“How do you know?”, to three of them.",
    "Sharing the board": "Ada wrote, Ben read.",
}


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[School, Web]]:
    """A school that takes photos in learning walks."""
    url = fresh_database("sqlite")
    cast = school(url)
    cast.people.call(OWNER, "Maya <Okafor>")
    (north,) = cast.cycles.schools(cast.cast["coach"])
    cast.cycles.coach_so(cast.cast["coach"], replace(north, walk_photos=True))
    with served(tmp_path_factory.mktemp("data"), url) as web:
        yield cast, web
    cast.database.close()


def fill(page: Page) -> None:
    page.get_by_label("Whom do you visit?").fill("okaf")
    page.get_by_role("button", name="Maya <Okafor>").click()
    page.get_by_label("Class or place").fill("Room 12")
    for name in ("Choice", "Open question"):
        page.get_by_role("button", name=name, exact=True).click()
    page.get_by_label("In your own words").fill("Sharing the board")
    page.get_by_role("button", name="Add", exact=True).click()
    for name, evidence in SAID.items():
        page.get_by_label(name, exact=True).fill(evidence)


def photo() -> dict[str, str | bytes]:
    """As a camera makes it: larger than is kept, with words beside the pixels."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x013B] = "Whisperwood"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(out, "JPEG", exif=exif)
    return {"name": "board.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_leader_visits_without_network_and_the_teacher_reads_it_first(browser, there):
    cast, web = there
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    wrong = watched(context, web.url)
    page = opened(context, web, LEADER, "/leadership")
    page.get_by_role("link", name="Learning walks").click()
    expect(page.get_by_role("heading", name="Learning walks")).to_be_visible()
    settled(page)
    page.get_by_role("link", name="Visit a classroom").click()
    expect(page.get_by_text("This page opens without network too.")).to_be_visible()
    look = Look(page)
    look.at("whom")

    context.set_offline(True)
    page.get_by_role("searchbox").fill("nobody at all")
    expect(page.get_by_text("Nobody here has that name.")).to_be_visible()
    fill(page)
    page.get_by_label("Choice", exact=True).fill("")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_have_text("Say in a few words what you saw or heard of “Choice”.")
    look.at("refused")
    page.get_by_label("Choice", exact=True).fill(SAID["Choice"])
    page.locator("#file").set_input_files([photo()])
    expect(page.get_by_alt_text("The photo of this visit")).to_be_visible()
    look.at("written")
    page.close()  # as phones do when their camera needs the room

    page = context.new_page()
    page.goto(f"{web.url}/walk/")
    expect(page.get_by_label("Choice", exact=True)).to_have_value(SAID["Choice"])
    expect(page.get_by_alt_text("The photo of this visit")).to_be_visible()
    page.get_by_role("button", name="Send").click()
    row = page.get_by_role("region", name="Visits on this phone").get_by_role("listitem")
    expect(row).to_contain_text("Kept on this phone, will be sent when the network is back.")
    page.close()
    assert cast.walks.mine(cast.owner) == []

    page = context.new_page()
    page.goto(f"{web.url}/walk/")
    expect(row_of(page)).to_contain_text("Kept on this phone")
    kept = Look(page)
    kept.at("kept")
    context.set_offline(False)
    expect(row_of(page)).to_contain_text("Sent. Maya <Okafor> can read it now.")
    page.reload()
    expect(page.get_by_label("Whom do you visit?")).to_be_visible()
    expect(row_of(page)).to_have_count(0)
    (walk,) = cast.walks.mine(cast.owner)
    assert {one.look_for: one.evidence for one in walk.seen} == SAID
    picture = (web.data / str(walk.photo)).read_bytes()
    assert max(Image.open(io.BytesIO(picture)).size) == 1600
    assert b"Whisperwood" not in picture
    look.good()
    kept.good()
    page.goto(f"{web.url}/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url(f"{web.url}/signin")
    assert page.evaluate(LEFT) == [0, 0, 0]  # for whoever has this phone next
    assert [one for one in broken(wrong) if "ERR_INTERNET_DISCONNECTED" not in one] == []


def test_what_somebody_left_on_a_phone_nobody_else_sees_or_sends(browser, there):
    cast, web = there
    before = len(cast.walks.mine(cast.owner))
    context = browser.new_context(viewport=PHONE)
    page = opened(context, web, LEADER, "/walk/")
    expect(page.get_by_text("This page opens without network too.")).to_be_visible()
    (leaders,) = context.cookies()
    context.set_offline(True)
    fill(page)
    page.get_by_role("button", name="Send").click()
    expect(row_of(page)).to_contain_text("Kept on this phone")
    context.add_cookies([leaders | {"value": web.session("coach@school.org")}])
    context.set_offline(False)
    expect(row_of(page)).to_contain_text("Sign in, and it is sent.")
    page.reload()
    expect(page.get_by_label("Whom do you visit?")).to_be_visible()
    expect(row_of(page)).to_have_count(0)
    assert len(cast.walks.mine(cast.owner)) == before
    context.add_cookies([leaders])
    page.reload()
    expect(row_of(page)).to_contain_text("Sent.")
    assert len(cast.walks.mine(cast.owner)) == before + 1


def row_of(page: Page) -> Locator:
    return page.get_by_role("region", name="Visits on this phone").get_by_role("listitem")


def test_the_teacher_reads_answers_and_passes_it_on_and_others_see_nothing(browser, there):
    cast, web = there
    (north,) = cast.cycles.schools(cast.owner)
    said = tuple(Seen(name, evidence) for name, evidence in SAID.items())
    cast.walks.add(cast.cast["leader"], NewWalk(new_id(), north.id, cast.cast["colleague"], "Room 7", said))
    cast.people.add("second@school.org", Membership.LEADER, "North")
    for who in ("coach@school.org", "second@school.org"):
        page, _ = visit(browser, web, who, "/walks")
        expect(page.get_by_text("No visits yet.")).to_be_visible()
        expect(page.get_by_text("No month with visits is counted yet.")).to_be_visible()
        expect(page.locator("body")).not_to_contain_text("Room 7")
    page, wrong = visit(browser, web, "colleague@school.org", "/notifications", size=PHONE)
    told = page.get_by_role("link", name=f"{LEADER} visited your classroom and left what they saw")
    expect(told).to_be_visible()
    expect(page.locator("body")).not_to_contain_text("Two <ways>")
    told.click()
    expect(page.get_by_role("heading", name="Visits to you")).to_be_visible()
    expect(page.locator(".stMain")).to_contain_text("Two <ways> to show it.")
    look = Look(page)
    look.at("visits", ".stMain")
    press(page, "Answer")
    page.get_by_label("What do you say to it?").fill("Thank you.")
    press(page, "Save")
    expect(page.get_by_role("article")).to_contain_text("Your answer")
    press(page, "Pass on")
    page.get_by_role("combobox", name="To whom").click()
    page.get_by_role("option", name="coach@school.org").click()
    press(page.get_by_role("dialog"), "Pass it on")
    expect(page.locator(".pill", has_text="coach@school.org")).to_be_visible()
    look.good()
    assert broken(wrong) == []
    page, _ = visit(browser, web, "coach@school.org", "/walks")
    expect(page.get_by_role("heading", name="Passed on to you")).to_be_visible()
    expect(page.locator(".stMain")).to_contain_text("Thank you.")
    page, _ = visit(browser, web, LEADER, "/walks")
    expect(page.locator(".stMain")).to_contain_text("colleague@school.org answered")
    press(page.locator("[class*=st-key-sl-walk-]", has_text="Room 7"), "Take it back")
    press(page.get_by_role("dialog"), "Take it back")
    expect(page.locator(".stMain")).not_to_contain_text("Room 7")


def test_a_school_sees_a_month_from_five_teachers_on(browser, there):
    cast, web = there
    (north,) = cast.cycles.schools(cast.owner)
    first = settled_months(datetime.now(UTC).date())
    for month, many in ((first[0], FEWEST_TEACHERS), (first[1], FEWEST_TEACHERS - 1)):
        moment = datetime(month.year, month.month, 10, tzinfo=UTC).timestamp()
        for n in range(many):
            teacher = cast.people.add(f"t{n}@school.org", Membership.TEACHER, "North").id
            walk = NewWalk(new_id(), north.id, teacher, "Whisperwood", (Seen("Choice", "Whisperwood."),))
            cast.walks.add(cast.cast["coach"], walk)
            with cast.database.write() as session:
                session.execute(update(WalkRow).where(WalkRow.id == walk.id).values(visited=moment, made=moment))
    page, wrong = visit(browser, web, LEADER, "/walks")
    part = page.locator(".sl-look")
    expect(part).to_contain_text("What is seen at North")
    shown, hidden = (part.locator(".sl-looked > li", has_text=f"{month:%B %Y}") for month in first[:2])
    expect(shown).to_contain_text("5 visits.")
    expect(shown.get_by_role("listitem")).to_have_text("Choice5 of 5")
    expect(hidden).to_contain_text("Hidden: fewer than 5 teachers were visited")
    for words in ("Whisperwood", "t0@school.org", "coach@school.org"):
        expect(page.locator(".stMain")).not_to_contain_text(words)
    look = Look(page)
    look.at("months", ".stMain")
    page.set_viewport_size(PHONE)
    look.at("months on a phone", ".stMain")
    look.good()
    assert broken(wrong) == []
