"""A teacher's page of progress, and texts of one's own for comments, as people use them. The server is real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import PHONE, Look, broken, press, settled, visit
from lessons import waiting
from making import Place
from playwright.sync_api import Page, expect
from web import Web, served

from coaching.access import Grant
from coaching.coached import ActionStep, NewCycle
from coaching.coached import Look as WhichLook
from coaching.comments import NewComment
from coaching.cycles import Kind

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH, COLLEAGUE = "owner@school.org", "coach@school.org", "colleague@school.org"
STEP, KIND = "After each open question, count to <b>three</b>.", "Three more hands went up. That pause was *yours*."


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, Web, str]]:
    """A school, and a lesson with a film on which the coach may comment."""
    place = Place("sqlite", tmp_path_factory.mktemp("progress"))
    recording = place.bring("Fractions")
    place.cast.people.call(COACH, "Daniel <Reyes>")
    place.cast.lessons.grant(place.cast.owner, recording, COACH, [Grant.COMMENT])
    with served(place.data, place.url) as web:
        yield place, web, recording
    place.close()


def choose(page: Page, dialog: str, words: str, button: str) -> None:
    found = page.get_by_role("dialog", name=dialog)
    found.get_by_role("combobox").click()
    page.get_by_role("option").filter(has_text=words).click()
    press(found, button)
    expect(found).to_have_count(0)


def went_well(place: Place, recording: str) -> str:
    """A cycle with longer waits at its end, and words of the coach's; its id."""
    cast, store, owner = place.cast, place.cast.cycles, place.cast.owner
    cycle = store.begin(owner, NewCycle(Kind.OBSERVE, "Longer waits", COACH))
    store.set_goal(owner, cycle, "More students explain.", [], "wait_time_1")
    for look, seconds in ((WhichLook.FIRST, 0.6), (WhichLook.AGAIN, 3.2)):
        lesson, _ = cast.ready(f"Waits of {seconds}", waiting(seconds))
        cast.lessons.guess(owner, lesson, "wait_time_1", None)
        store.take_in(owner, cycle, lesson, look)
        cast.lessons.grant(owner, lesson, COACH, [Grant.COMMENT])
        cast.lessons.comment(cast.cast["coach"], lesson, NewComment(3.0, KIND if look is WhichLook.AGAIN else "Hm."))
    store.set_action_step(owner, cycle, ActionStep(STEP, "", None, None, frozenset()))
    store.close_step(owner, cycle, "Two of three waits\nwere longer.")
    return cycle


def test_a_teacher_looks_back_and_shows_it_to_whom_they_choose(browser, there):
    place, web, recording = there
    owner = place.cast.owner
    page, wrong = visit(browser, web, OWNER, "/coaching")
    page.get_by_role("link", name="Your progress").click()
    expect(page.get_by_role("heading", name="Nothing here yet")).to_be_visible()
    look = Look(page)
    look.at("empty")
    look.good()
    cycle = went_well(place, recording)
    page.reload()
    expect(page.get_by_text(STEP)).to_be_visible()
    expect(page.get_by_text("A change: 0.6 s before, 3.2 s after.")).to_be_visible()
    expect(page.get_by_text("Only you")).to_be_visible()
    expect(page.get_by_role("link", name="Longer waits").first).to_have_attribute("href", f"/cycle?cycle={cycle}")
    expect(page.get_by_text(KIND)).to_have_count(0)
    press(page, "Keep kind words")
    choose(page, "Keep kind words", "Three more hands", "Keep")
    expect(page.locator("blockquote")).to_have_text(KIND)
    press(page, "Show it to somebody")
    choose(page, "Show it to somebody", COLLEAGUE, "Show it")
    expect(page.get_by_text("You and 1 other")).to_be_visible()

    other, wrong_there = visit(browser, web, COLLEAGUE, "/progress")
    other.get_by_role("link", name=OWNER).click()
    expect(other.get_by_role("heading", name=f"{OWNER}’s progress")).to_be_visible()
    expect(other.locator("blockquote")).to_have_text(KIND)
    expect(other.get_by_text(STEP)).to_be_visible()
    expect(other.get_by_text("A change: 0.6 s before, 3.2 s after.")).to_be_visible()
    assert cycle not in other.content()
    assert "/review" not in other.content()
    expect(other.get_by_role("button", name="Remove")).to_have_count(0)
    for email in (COACH, "leader@school.org", "stranger@school.org"):
        for of in (owner, "0" * 24):
            refused, _ = visit(browser, web, email, f"/progress?of={of}")
            expect(refused.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
            assert "hands" not in refused.content()
            refused.context.close()

    press(page, "Stop")
    expect(page.get_by_text("Only you")).to_be_visible()
    other.reload()
    expect(other.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
    press(page, "Remove")
    expect(page.locator("blockquote")).to_have_count(0)
    assert broken(wrong) == broken(wrong_there) == []


@pytest.mark.parametrize("options", [{}, {"size": PHONE}])
def test_the_page_fits_and_everybody_can_use_it(browser, there, options):
    place, web, recording = there
    progress, owner = place.cast.progress, place.cast.owner
    if not progress.to_keep(owner):
        went_well(place, recording)
    progress.keep(owner, progress.to_keep(owner)[0].comment)
    progress.show_to(owner, COLLEAGUE)
    page, wrong = visit(browser, web, OWNER, "/progress", **options)
    look = Look(page)
    expect(page.get_by_role("heading", name="Who sees this page")).to_be_visible()
    settled(page)
    look.at("progress")
    press(page, "Show it to somebody")
    expect(page.get_by_role("dialog")).to_be_visible()
    look.at("showing it")
    look.good()
    assert broken(wrong) == []


@pytest.mark.parametrize("options", [{}, {"size": PHONE, "has_touch": True}])
def test_a_coach_keeps_a_text_and_puts_it_into_a_comment(browser, there, options):
    place, web, recording = there
    page, wrong = visit(browser, web, COACH, f"/review?recording={recording}", **options)
    form = page.get_by_role("form", name="New comment")
    words = form.get_by_role("textbox", name="Comment at")
    words.fill("What made this pause possible?")
    form.get_by_role("button", name="Templates").click()
    menu = form.get_by_role("group", name="Your templates")
    keep = menu.get_by_role("button", name="Keep this text as a template")
    expect(keep).to_be_focused()
    page.keyboard.press("Enter")
    expect(menu.get_by_role("status")).to_have_text("Kept.")
    look = Look(page)
    look.at("templates")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    expect(form.get_by_role("button", name="Templates")).to_be_focused()
    assert [one.body for one in place.cast.templates.mine(place.cast.cast["coach"])] == [
        "What made this pause possible?"
    ]

    page.reload()
    words.fill("Look. And then?")
    words.evaluate("area => area.setSelectionRange(5, 5)")
    form.get_by_role("button", name="Templates").click()
    menu.get_by_role("button", name="What made this pause possible?", exact=True).click()
    expect(words).to_have_value("Look. What made this pause possible? And then?")
    expect(words).to_be_focused()
    words.press("Enter")
    expect(words).to_have_value("")
    form.get_by_role("textbox", name="Comment at").click()
    form.get_by_role("button", name="Templates").click()
    menu.get_by_role("button", name="Remove the template").click()
    expect(menu.get_by_role("status")).to_have_text("Removed.")
    assert place.cast.templates.mine(place.cast.cast["coach"]) == []
    look.good()
    assert broken(wrong) == []
