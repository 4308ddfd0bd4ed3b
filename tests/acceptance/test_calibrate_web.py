"""Checking a lesson by ear on its page, as a teacher does it: real server, worker, sound and Chromium."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Look, opened, watched
from fleet import TEACHER, Fleet, analysed
from playwright.sync_api import Page, expect
from web import Web, served

from coaching.calibration import FEWEST, Who
from coaching.corrections import Correction, Kind
from coaching.predictions import GUESSABLE
from coaching.services.calibrating import calibrating
from coaching.services.lessons import corrected
from coaching.transcript import Role

KEYS = {Who.TEACHER: "1", Who.STUDENT: "2", Who.SEVERAL: "3", Who.NOBODY: "4"}

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def lesson() -> Iterator[tuple[Fleet, str]]:
    """A lesson that a worker has analysed, long enough to be checked."""
    with analysed(seconds=75) as found:
        yield found


@pytest.fixture(scope="module")
def web(lesson) -> Iterator[Web]:
    with served(lesson[0].data, lesson[0].url) as found:
        yield found


FAST = "() => { const s = document.getElementById('sound'); s.muted = true; s.playbackRate = 8 }"


def begin(page: Page) -> None:
    """Go on with the clips, fast."""
    page.locator("#begin").click()
    page.evaluate(FAST)


def press(page: Page, number: int, key: str) -> None:
    """Answer this clip, once its middle was heard."""
    expect(page.get_by_role("heading", name=f"Clip {number + 1} of")).to_be_visible()
    expect(page.get_by_role("button", name="One student")).to_be_enabled()
    page.keyboard.press(key)


def test_a_teacher_answers_by_keys_goes_on_after_a_break_and_their_numbers_are_corrected(web, lesson, browser):
    made, recording = lesson
    owner, lessons = made.owner, made.stores.lessons
    clips = calibrating(lessons, owner, recording).clips
    assert len(clips) > FEWEST
    # What the machine took for the teacher was a student, all else is as it thinks.
    keys = [KEYS[Who.STUDENT if c.machine is Who.TEACHER else c.machine] for c in clips]
    desk, phone = browser.new_context(viewport=DESK), browser.new_context(viewport=PHONE, has_touch=True)
    wrong = [watched(context, web.url) for context in (desk, phone)]
    page = opened(desk, web, TEACHER, f"/review?recording={recording}")
    page.get_by_role("link", name="Insights").click()
    expect(page.get_by_role("button", name="Show what was heard")).to_be_visible()
    expect(page.get_by_text("Make these numbers yours")).to_have_count(0)  # before it is guessed it would tell
    for one in GUESSABLE:
        lessons.guess(owner, recording, one.measure, None)
    page.reload()
    page.get_by_role("link", name="Start labelling").click()
    expect(page.get_by_role("heading", name="About forty clips")).to_be_focused()
    # In the page itself, or a slow machine is past the middle by then: before it, it would be about something else.
    page.evaluate(
        "() => { document.getElementById('begin').click();"
        " document.body.dispatchEvent(new KeyboardEvent('keydown', {key: '1', bubbles: true})) }"
    )
    assert lessons.heard(owner, recording) == []
    page.evaluate(FAST)
    press(page, 0, "5")
    for n in range(1, 9):
        press(page, n, keys[n])
    expect(page.get_by_role("heading", name="Clip 10 of")).to_be_visible()
    for _ in range(9):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Cannot tell")).to_have_attribute("aria-pressed", "true")
    press(page, 0, keys[0])
    expect(page.get_by_role("heading", name="Clip 10 of")).to_be_visible()
    assert len(lessons.heard(owner, recording)) == 9
    expect(page.get_by_role("button", name="One student")).to_be_enabled()
    desk.set_offline(True)
    page.keyboard.press(keys[9])
    expect(page.get_by_role("alert")).to_contain_text("This answer is not saved yet")
    desk.set_offline(False)

    page = opened(phone, web, TEACHER, f"/calibrate?recording={recording}")  # another day, on a phone
    expect(page.get_by_role("heading", name=f"9 of {len(clips)} clips are answered")).to_be_visible()
    begin(page)
    for n in range(9, FEWEST - 1):
        press(page, n, keys[n])
    expect(page.get_by_role("heading", name=f"Clip {FEWEST} of")).to_be_visible()
    assert corrected(lessons, owner, recording).lesson.checked is None
    names = {"1": "Teacher", "2": "One student", "3": "Several at once", "4": "Nobody"}
    page.get_by_role("button", name=names[keys[FEWEST - 1]]).tap()
    page.get_by_role("button", name="Stop for now").click()
    expect(page.locator("#lines")).to_contain_text("In this room the machine was right")
    shown = corrected(lessons, owner, recording)
    talk = shown.lesson.measure("teacher_talk")
    assert talk.value == shown.machine.measure("teacher_talk").value > talk.corrected
    expect(page.locator("#lines")).to_contain_text(f"You spoke {talk.corrected:.0f}% of the talk time")

    voice = tuple(u.span for u in shown.lesson.transcript.of(Role.STUDENT))
    made_teacher = lessons.correct(owner, recording, Correction(Kind.ROLE, voice[:1], Role.TEACHER))
    page.reload()
    expect(page.locator("#lines")).to_contain_text(f"{FEWEST} earlier answers were given when the lesson’s voices were")
    lessons.take_back(owner, recording, made_teacher)
    page.reload()
    expect(page.get_by_role("heading", name=f"{FEWEST} of {len(clips)}")).to_be_visible()
    page.get_by_role("button", name="Forget all answers").click()
    page.get_by_role("button", name=f"Forget {FEWEST} answers for good?").click()
    expect(page.get_by_role("heading", name="About forty clips")).to_be_visible()
    assert lessons.heard(owner, recording) == []
    for context in (desk, phone):
        context.close()
    assert [w for told in wrong for w in told if not w.startswith("Failed to load resource: net::ERR_")] == []


def test_the_page_fits_and_is_accessible_in_both_sizes_and_themes(web, lesson, browser):
    _, recording = lesson
    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size)
        page = opened(context, web, TEACHER, f"/calibrate?recording={recording}")
        look = Look(page)
        expect(page.get_by_role("heading", name="About forty clips")).to_be_visible()
        look.at(f"before {size}")
        begin(page)
        expect(page.get_by_role("button", name="One student")).to_be_enabled()
        look.at(f"asked {size}")
        look.good()
        page.goto(f"{web.url}/calibrate?recording=..%2F..")
        expect(page.get_by_role("heading", name="There is no such lesson here")).to_be_visible()
        context.close()
