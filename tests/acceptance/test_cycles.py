"""Coaching cycles as people go through them: a teacher with a coach, a teacher alone on a phone, two who take turns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import PHONE, Look, broken, press, visit
from making import Place
from playwright.sync_api import Page, expect
from web import Web, served

from coaching.access import Grant
from coaching.coached import Look as WhichLook
from coaching.coached import NewCycle
from coaching.comments import Audience, NewComment
from coaching.cycles import Kind, Stage, Step

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH, COLLEAGUE = "owner@school.org", "coach@school.org", "colleague@school.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, Web, dict[str, str]]]:
    place = Place("sqlite", tmp_path_factory.mktemp("cycles"))
    lessons = {name: place.bring(name) for name in ("Fractions", "Decimals")}
    for name, recording in lessons.items():
        place.cast.lessons.rename(place.cast.owner, recording, name)
    with served(place.data, place.url) as web:
        yield place, web, lessons
    place.close()


def begin(page: Page, how: str, about: str, whom: str = "") -> str:
    """Its id."""
    press(page, "Begin a cycle")
    dialog = page.get_by_role("dialog", name="Begin a cycle")
    dialog.get_by_text(how, exact=True).click()
    dialog.get_by_label("What is it about?").fill(about)
    dialog.get_by_label("What is it about?").press("Tab")
    if whom:
        dialog.get_by_role("combobox", name="With whom").click()
        page.get_by_role("option", name=whom).click()
    press(dialog, "Begin")
    expect(page.get_by_role("heading", name=about, level=1)).to_be_visible()
    return page.url.partition("cycle=")[2]


def written(page: Page, dialog: str, **fields: str) -> None:
    """Fill a dialog, by parts of its labels, and save."""
    found = page.get_by_role("dialog", name=dialog)
    for label, text in fields.items():
        found.get_by_role("textbox", name=label.replace("_", " ")).fill(text)
    press(found, "Save")
    expect(found).to_have_count(0)


def choose_lesson(page: Page, button: str, name: str) -> None:
    press(page, button)
    dialog = page.get_by_role("dialog", name="Choose a lesson")
    dialog.get_by_role("combobox").click()
    page.get_by_role("option", name=name, exact=True).click()
    press(dialog, "Choose")
    expect(dialog).to_have_count(0)


def here(page: Page, stage: str) -> None:
    expect(page.locator("[aria-current=step]")).to_contain_text(stage)


def on(page: Page, stage: str) -> None:
    press(page, f"On to: {stage}")
    here(page, stage)


def test_a_whole_cycle_over_two_lessons(browser, there):
    place, web, lessons = there
    store, notes = place.cast.cycles, place.cast.lessons
    owner, coach, fractions = place.cast.owner, place.cast.cast["coach"], lessons["Fractions"]
    teacher, wrong = visit(browser, web, OWNER, "/coaching", PHONE, has_touch=True)
    expect(teacher.get_by_text("No coaching cycle yet")).to_be_visible()
    cycle = begin(teacher, "Observe and debrief", "Longer waits", COACH)
    expect(teacher.get_by_text("Write the goal first")).to_be_visible()
    press(teacher, "Write the goal")
    written(
        teacher, "The goal", What_should_be_different="More students explain.", What_will_you_look_for="Pauses\nA press"
    )
    on(teacher, "Record")
    choose_lesson(teacher, "Choose a lesson", "Fractions")
    on(teacher, "Reflect")
    press(teacher.locator(".st-key-sl-next"), "Write your reflection")
    written(teacher, "Your reflection", What_surprised_you="How long three seconds are.")
    expect(teacher.get_by_text("Leave at least one comment of your own in the lesson first.")).to_be_visible()
    notes.comment(owner, fractions, NewComment(3.0, "I waited here.", audience=Audience.AUTHOR))
    teacher.reload()
    on(teacher, "Share")

    partner, wrong_there = visit(browser, web, COACH, f"/cycle?cycle={cycle}")
    here(partner, "Share")
    expect(partner.get_by_text("Only the teacher can do this.")).to_be_visible()
    expect(partner.get_by_text("Not shared with you yet.")).to_be_visible()
    expect(partner.get_by_text("How long three seconds are.")).to_have_count(0)

    notes.grant(owner, fractions, COACH, [Grant.COMMENT, Grant.MEASURES])
    teacher.reload()
    on(teacher, "Coach’s notes")
    expect(teacher.get_by_text(f"This is for {COACH} to do.")).to_be_visible()
    partner.reload()
    expect(partner.get_by_text("How long three seconds are.")).to_be_visible()
    comment = notes.comment(coach, fractions, NewComment(20.0, "What made this pause possible?"))
    press(partner.locator(".st-key-sl-next"), "Write notes")
    written(partner, "Your notes", For_both_of_you="Three more hands.", For_yourself_alone="Ask about the clock.")
    on(partner, "Conference")
    press(partner, "Add a moment")
    dialog = partner.get_by_role("dialog", name="Add a moment")
    dialog.get_by_role("combobox").click()
    partner.get_by_role("option", name="What made this pause possible?").click()
    press(dialog, "Add")
    expect(partner.locator(".sl-moment")).to_contain_text("0:20–0:40")
    press(partner, "When you meet")
    written(partner, "When you meet")
    expect(partner.locator(".sl-part-head .pill")).to_contain_text("15:00 · 30 min")

    teacher.reload()
    expect(teacher.get_by_text("Three more hands.")).to_be_visible()
    expect(teacher.get_by_text("Ask about the clock.")).to_have_count(0)
    teacher.get_by_role("link", name="Start conference view").click()
    film = teacher.locator("video")
    film.evaluate("film => { film.muted = true; return film.play(); }")
    teacher.wait_for_function("() => document.querySelector('video').currentTime > 20")
    decided = teacher.get_by_label("What you decide")
    decided.fill("Count to three.")
    decided.press("Tab")
    press(teacher, "Write the action step")
    written(teacher, "One action step", The_one_thing="After each open question, count to three.")
    press(teacher, "We met")
    expect(teacher.get_by_role("button", name="We did not meet")).to_be_visible()
    assert store.cycle(coach, cycle).conference.decisions == "Count to three."

    teacher.goto(f"{web.url}/cycle?cycle={cycle}")
    on(teacher, "Action step")
    expect(teacher.get_by_text("Agree on one action step first, both of you.")).to_be_visible()
    partner.reload()
    press(partner, "I agree")
    on(partner, "Follow-up")
    teacher.reload()
    choose_lesson(teacher, "Choose the next lesson", "Decimals")
    press(teacher, "Close the cycle")
    expect(teacher.get_by_text("This cycle is over.")).to_be_visible()
    teacher.goto(f"{web.url}/review?recording={lessons['Decimals']}")
    expect(teacher.get_by_text("One action step: After each open question, count to three.")).to_be_visible()
    partner.goto(f"{web.url}/coaching")
    expect(partner.get_by_role("heading", name="Over")).to_be_visible()
    assert [move.stage for move in store.cycle(owner, cycle).moves] == [*Stage, None]
    assert comment in {item.note for item in store.cycle(owner, cycle).conference.agenda}
    assert broken(wrong) == broken(wrong_there) == []


def test_alone_on_a_phone(browser, there):
    place, web, lessons = there
    page, wrong = visit(browser, web, OWNER, "/coaching", PHONE, has_touch=True)
    cycle = begin(page, "By yourself", "My own questions")
    place.cast.cycles.set_goal(place.cast.owner, cycle, "Fewer answers of mine.", [], None)
    page.reload()
    on(page, "Record")
    choose_lesson(page, "Choose a lesson", "Decimals")
    on(page, "Reflect")
    press(page.locator(".st-key-sl-next"), "Write your reflection")
    written(page, "Your reflection", What_surprised_you="That I answer myself.")
    place.cast.lessons.comment(
        place.cast.owner, lessons["Decimals"], NewComment(1.0, "Me again.", audience=Audience.AUTHOR)
    )
    page.reload()
    on(page, "Action step")
    press(page, "Write the action step")
    written(page, "One action step", The_one_thing="Wait for two hands.")
    on(page, "Follow-up")
    press(page, "Say what became of it")
    written(page, "What became of it", What_did_you_see="Two hands, most of the time.")
    press(page, "Close the cycle")
    expect(page.get_by_text("This cycle is over.")).to_be_visible()
    assert broken(wrong) == []


def test_it_rests_and_goes_on(browser, there):
    place, web, _ = there
    alone = place.cast.cycles.begin(place.cast.owner, NewCycle(Kind.ALONE, "A long winter"))
    page, wrong = visit(browser, web, OWNER, f"/cycle?cycle={alone}")
    press(page, "Pause")
    dialog = page.get_by_role("dialog", name="Pause this cycle")
    press(dialog, "Pause")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Paused since")).to_be_visible()
    expect(page.get_by_role("button", name="Write the goal")).to_have_count(0)
    page.goto(f"{web.url}/coaching")
    expect(page.get_by_role("link", name="A long winter")).to_contain_text("Paused")
    page.goto(f"{web.url}/cycle?cycle={alone}")
    press(page, "Go on")
    expect(page.get_by_role("button", name="Write the goal")).to_be_visible()
    assert broken(wrong) == []


def test_two_colleagues_take_turns(browser, there):
    place, web, _ = there
    peers = place.cast.cycles.begin(place.cast.owner, NewCycle(Kind.PEER, "Who answers", COLLEAGUE))
    page, wrong = visit(browser, web, COLLEAGUE, f"/cycle?cycle={peers}")
    place.cast.cycles.move(place.cast.owner, peers, Step.STOP)
    page.reload()
    press(page, "Change places")
    expect(page.get_by_text(f"With {OWNER}")).to_be_visible()
    assert broken(wrong) == []


@pytest.mark.parametrize("options", [{}, {"size": PHONE}])
def test_the_pages_fit_and_everybody_can_use_them(browser, there, options):
    place, web, lessons = there
    store, owner = place.cast.cycles, place.cast.owner
    cycle = store.begin(owner, NewCycle(Kind.IMPACT, "Discussion that students lead", COACH))
    store.take_in(owner, cycle, lessons["Fractions"], WhichLook.FIRST)
    store.set_goal(owner, cycle, "Students lead.", ["They ask each other"], "wait_time_1")
    page, wrong = visit(browser, web, OWNER, "/coaching", **options)
    look = Look(page)
    expect(page.get_by_role("link", name="Discussion that students lead").first).to_be_visible()
    look.at("list")
    page.goto(f"{web.url}/cycle?cycle={cycle}")
    expect(page.get_by_text("Evidence from the next lesson")).to_be_visible()
    look.at("cycle")
    page.goto(f"{web.url}/conference?cycle={cycle}")
    expect(page.get_by_text("Nothing is on the agenda.")).to_be_visible()
    look.at("conference")
    look.good()
    assert broken(wrong) == []


def test_whoever_takes_no_part_finds_no_cycle(browser, there):
    place, web, _ = there
    cycle = place.cast.cycles.begin(place.cast.owner, NewCycle(Kind.ALONE, "Whisperwood"))
    for email in (COACH, "leader@school.org"):
        for path in ("cycle", "conference"):
            page, _ = visit(browser, web, email, f"/{path}?cycle={cycle}")
            expect(page.get_by_text("There is no such cycle here")).to_be_visible()
            assert "Whisperwood" not in page.content()
    page, _ = visit(browser, web, "leader@school.org", "/coaching")
    expect(page.get_by_text("There is nothing here for you")).to_be_visible()
    expect(page.get_by_role("link", name="Coaching")).to_have_count(0)
