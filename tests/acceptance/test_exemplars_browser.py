"""A teacher publishes a clip with its faces covered; a colleague finds it, says something, and links it to a goal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from browsing import PHONE, Look, broken, press, settled, visit
from making import Place
from playwright.sync_api import Page, expect
from web import Web, served

from coaching.clips import NewClip
from coaching.coached import NewCycle
from coaching.consents import Agreed
from coaching.cycles import Kind
from coaching.exemplars import NewExemplar
from coaching.handouts import Making

pytestmark = pytest.mark.xdist_group("web")

OWNER, COLLEAGUE, LEADER = "owner@school.org", "colleague@school.org", "leader@school.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, Web, str, str]]:
    """A lesson of a class whose families agreed, and a clip of it."""
    place = Place("sqlite", tmp_path_factory.mktemp("exemplars"))
    recording = place.bring("fractions")
    owner = place.cast.owner
    place.cast.people.call(OWNER, "Maya <Okafor>")
    place.cast.lessons.rename(owner, recording, "Fractions")
    place.cast.lessons.describe(owner, recording, "5b", date(2020, 9, 1), ())
    (of,) = place.cast.consents.classes(owner)
    place.cast.consents.write(owner, of.id, Agreed.SCHOOL, date(2020, 8, 1), date(2021, 7, 31), "")
    clip = place.cast.lessons.clip(owner, recording, NewClip(8.0, 12.0, "Three seconds <b>"))
    with served(place.data, place.url) as web:
        yield place, web, recording, clip
    place.close()


def choose(page: Page, dialog: str, label: str, option: str) -> None:
    found = page.get_by_role("dialog", name=dialog)
    found.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).click()
    settled(page)


def test_a_clip_is_published_found_answered_linked_and_withdrawn(browser, there):
    place, web, _, clip = there
    page, wrong = visit(browser, web, OWNER, "/coaching")
    page.get_by_role("link", name="Exemplars").click()
    expect(page.get_by_role("heading", name="Library of exemplars")).to_be_visible()
    expect(page.get_by_text("Nothing is published yet")).to_be_visible()
    press(page, "Publish a clip")
    choose(page, "Publish a clip", "Which clip", "Three seconds <b> · Fractions")
    dialog = page.get_by_role("dialog", name="Publish a clip")
    expect(dialog.get_by_role("status")).to_contain_text("Cover the faces in this clip first")
    way = dialog.get_by_role("link", name="Cover faces").get_attribute("href")
    place.cast.faces.cover(place.cast.owner, clip)
    worker = place.work()
    place.wait(lambda: place.cast.faces.faces(place.cast.owner, clip).film.state is Making.READY)
    page.goto(f"{web.url}{way}")
    expect(page.get_by_text("Three seconds <b>")).to_be_visible()

    page.goto(f"{web.url}/exemplars")
    press(page, "Publish a clip")
    choose(page, "Publish a clip", "Which clip", "Three seconds <b> · Fractions")
    expect(dialog.get_by_text("faces covered")).to_be_visible()
    dialog.get_by_label("What to look for in it").fill("Count how long I wait,\nand who answers <i>then</i>.")
    press(dialog, "Publish")
    expect(dialog).to_have_count(0)
    card = page.get_by_role("article")
    expect(card).to_contain_text("and who answers <i>then</i>.")
    expect(card).to_contain_text("faces covered")

    theirs, wrong_there = visit(browser, web, COLLEAGUE, "/exemplars", PHONE)
    film = theirs.locator("video")
    film.wait_for()
    film.evaluate("v => v.readyState || new Promise((known) => v.addEventListener('loadedmetadata', known))")
    assert abs(film.evaluate("v => v.duration") - 4.0) < 0.2
    expect(theirs.get_by_role("article")).to_contain_text("Maya <Okafor>")
    press(theirs, "Save")
    expect(theirs.get_by_role("button", name="Saved")).to_be_visible()
    settled(theirs)
    theirs.get_by_role("link", name="Comment").click()
    theirs.get_by_label("Your comment").fill("Five seconds <u>with</u> the clock.")
    press(theirs, "Comment")
    expect(theirs.get_by_text("Five seconds <u>with</u> the clock.")).to_be_visible()
    cycle = place.cast.cycles.begin(place.cast.cast["colleague"], NewCycle(Kind.ALONE, "Longer waits"))
    press(theirs, "Link to a goal")
    press(theirs.get_by_role("dialog", name="Link to a goal"), "Link it")
    expect(theirs.get_by_role("dialog")).to_have_count(0)
    theirs.goto(f"{web.url}/cycle?cycle={cycle}")
    expect(theirs.get_by_role("link", name="Exemplar: Three seconds <b>")).to_be_visible()

    page.goto(f"{web.url}/notifications")
    expect(page.get_by_text("commented on a clip that you published")).to_be_visible()
    page.goto(f"{web.url}/exemplars")
    press(page, "Withdraw")
    expect(page.get_by_text("Only you see this. You withdrew it.")).to_be_visible()
    theirs.goto(f"{web.url}/exemplars")
    expect(theirs.get_by_text("Nothing is published yet")).to_be_visible()
    theirs.goto(f"{web.url}/cycle?cycle={cycle}")
    expect(theirs.get_by_text("Not written yet.").first).to_be_visible()
    expect(theirs.get_by_role("link", name="Exemplar")).to_have_count(0)
    worker.kill()
    assert broken(wrong) == broken(wrong_there) == []


def test_a_leader_sees_none_of_it(browser, there):
    _, web, _, _ = there
    page, wrong = visit(browser, web, LEADER, "/exemplars")
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
    assert broken(wrong) == []


@pytest.mark.parametrize("options", [{}, {"size": PHONE}])
def test_the_pages_fit_and_everybody_can_use_them(browser, there, options):
    place, web, _, clip = there
    school = place.cast.cycles.schools(place.cast.cast["coach"])[0]
    one = place.cast.exemplars.publish(
        place.cast.owner,
        NewExemplar(clip, school.id, "Three seconds " + "w" * 90, "Who answers? " * 40, ("Wait time",)),
    )
    place.cast.exemplars.say(place.cast.cast["colleague"], one, "w" * 600)
    page, wrong = visit(browser, web, OWNER, "/exemplars", **options)
    look = Look(page)
    expect(page.get_by_role("article")).to_be_visible()
    settled(page)
    look.at("the library")
    page.goto(f"{web.url}/exemplars?one={one}")
    expect(page.get_by_role("heading", name="What colleagues say")).to_be_visible()
    settled(page)
    look.at("one of it")
    look.good()
    assert broken(wrong) == []
