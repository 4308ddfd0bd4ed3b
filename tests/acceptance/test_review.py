"""The review stage as people use it: a teacher and a coach, each with a page of their own, real server and Chromium."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, Look, opened, watched
from fleet import TEACHER, Fleet, analysed
from playwright.sync_api import BrowserContext, Locator, Page, expect
from web import Web, served

from coaching.access import Grant
from coaching.comments import Audience, NewComment
from coaching.people import Membership
from coaching.spans import Span

COACH = "carl@hill.org"

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def lesson() -> Iterator[tuple[Fleet, str]]:
    """A lesson that a worker has analysed, its teacher and a coach."""
    with analysed() as (made, recording):
        made.stores.people.add(COACH, Membership.COACH, "Hill")
        yield made, recording


@pytest.fixture(scope="module")
def web(lesson) -> Iterator[Web]:
    with served(lesson[0].data, lesson[0].url) as found:
        yield found


@pytest.fixture
def contexts(browser, web) -> Iterator[list[BrowserContext]]:
    """Two browsers. At the end nothing may have gone wrong in them but what a lost line makes."""
    made = [browser.new_context(viewport=DESK) for _ in range(2)]
    wrong = [watched(context, web.url) for context in made]
    yield made
    for context in made:
        context.close()
    broken = (
        "Failed to load resource: net::ERR_",
        "Failed to load resource: the server responded with a status of 404",
    )
    assert [w for told in wrong for w in told if not w.startswith(broken)] == []


@pytest.fixture
def shared(lesson) -> Iterator[tuple[Fleet, str]]:
    made, recording = lesson
    owner = made.stores.people.find(TEACHER).id
    made.stores.lessons.grant(owner, recording, COACH, list(Grant))
    yield lesson
    made.stores.lessons.take_back_grant(owner, recording, made.stores.people.find(COACH).id)


def looked_at(context: BrowserContext, web: Web, email: str, recording: str, more: str = "") -> Page:
    page = opened(context, web, email, f"/review?recording={recording}{more}")
    expect(page.get_by_role("tab", name="Transcript")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    page.evaluate("() => { document.querySelector('video').muted = true }")
    return page


def write(page: Page, words: str, everybody: bool = True) -> None:
    form = page.get_by_role("form", name="New comment")
    form.get_by_role("textbox").fill(words)
    if everybody:
        form.get_by_label("Who can read this").select_option("lesson")
    form.get_by_role("textbox").press("Enter")


def thread(page: Page, words: str) -> Locator:
    page.get_by_role("tab", name="Comments").click()
    return page.get_by_role("list", name="Comments").get_by_role("listitem").filter(has_text=words).first


def test_a_teacher_comments_while_the_film_plays_and_it_does_not_jump(web, lesson, contexts):
    made, recording = lesson
    page = opened(contexts[0], web, TEACHER)
    page.get_by_role("link", name="Look again at").click()
    expect(page).to_have_url(f"{web.url}/review?recording={recording}")
    expect(page.get_by_role("heading", name="fractions 1")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    page.evaluate(
        """() => { const v = window.film = document.querySelector("video");
          v.muted = true; window.jumps = 0; let last = 0;
          v.addEventListener("timeupdate", () => {
            if (v.currentTime < last - 0.05 || v.currentTime > last + 3) window.jumps += 1;
            last = v.currentTime; }) }"""
    )
    page.locator("video").click()
    page.wait_for_function("() => window.film.currentTime > 1")
    form = page.get_by_role("form", name="New comment")
    form.get_by_role("textbox").press_sequentially("They compare the pieces.")
    assert page.evaluate("window.film.paused")  # whoever writes misses nothing
    form.get_by_role("textbox").press("Enter")
    page.wait_for_function("() => !window.film.paused")
    page.get_by_role("button", name="Sharing…").click()  # a rerun of the page round it
    expect(page.get_by_role("dialog")).to_contain_text("Nothing is shared until you press Share")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate(
        "[window.film === document.querySelector('video'), window.film.isConnected, window.jumps]"
    ) == [
        True,
        True,
        0,
    ]
    owner = made.stores.people.find(TEACHER).id
    (kept,) = made.wait(lambda: made.stores.lessons.comments(owner, recording), "the comment")
    assert (kept.body, kept.audience, 0.5 < kept.start < 16) == ("They compare the pieces.", Audience.AUTHOR, True)


def test_what_one_writes_the_other_sees_and_what_is_taken_back_is_gone(web, shared, contexts):
    made, recording = shared
    owner, coach = (made.stores.people.find(who).id for who in (TEACHER, COACH))
    teachers = looked_at(contexts[0], web, TEACHER, recording)
    coachs = looked_at(contexts[1], web, COACH, recording, "&t=5")
    assert round(coachs.evaluate("document.querySelector('video').currentTime")) == 5
    thread(teachers, "")
    write(coachs, "What did you notice here?")
    theirs = thread(teachers, "What did you notice here?")
    expect(theirs).to_be_visible()  # by itself
    assert [c.start for c in made.stores.lessons.comments(owner, recording) if c.author == coach] == [5.0]
    theirs.get_by_role("button", name="Reply").click()
    theirs.get_by_role("textbox").fill("They changed their mind.")
    theirs.get_by_role("textbox").press("Enter")
    expect(thread(coachs, "What did you notice here?")).to_contain_text("They changed their mind.")

    coachs.get_by_role("tab", name="Comments").click()
    with coachs.expect_download() as saved:
        coachs.get_by_role("link", name="Web Annotations").click()
    notes = json.loads(Path(saved.value.path()).read_text())["items"]
    assert notes[0]["target"]["selector"]["value"] == "t=5"

    contexts[1].set_offline(True)
    write(coachs, "And why?")
    expect(thread(coachs, "And why?")).to_contain_text("Not saved yet")
    contexts[1].set_offline(False)
    expect(thread(teachers, "And why?")).to_be_visible()
    expect(thread(coachs, "And why?")).not_to_contain_text("Not saved yet")
    assert [c.body for c in made.stores.lessons.comments(owner, recording)].count("And why?") == 1

    expect(coachs.get_by_role("tab", name="Insights")).to_be_visible()
    made.stores.lessons.take_back_grant(owner, recording, coach, [Grant.MEASURES])
    expect(coachs.get_by_role("tab", name="Insights")).to_have_count(0)
    expect(coachs.get_by_role("tab", name="Transcript")).to_be_visible()
    made.stores.lessons.take_back_grant(owner, recording, coach)
    expect(coachs.get_by_text("This lesson is not shared with you any more.")).to_be_visible()
    assert coachs.locator("video").count() == 0
    assert "They changed their mind." not in coachs.content()


def test_the_owner_sees_what_the_coach_played_also_after_taking_it_back_and_the_coach_is_told(web, shared, contexts):
    made, recording = shared
    owner, coach = (made.stores.people.find(who).id for who in (TEACHER, COACH))
    coachs = looked_at(contexts[1], web, COACH, recording, "&t=2")
    expect(coachs.get_by_text(f"{TEACHER} can see which parts you play, and when.")).to_be_visible()
    before = coachs.evaluate("document.querySelector('video').currentTime")
    coachs.locator("video").click()
    coachs.wait_for_function("(t) => document.querySelector('video').currentTime > t + 3", arg=before)
    coachs.locator("video").click()

    def seen() -> list[Span]:
        return [
            span for view in made.stores.lessons.views(owner, recording) if view.person == coach for span in view.spans
        ]

    made.wait(seen, "word of what was played")
    page = looked_at(contexts[0], web, TEACHER, recording)
    expect(page.get_by_text("can see which parts you play")).to_have_count(0)
    page.get_by_role("button", name="Sharing…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile("First (today|yesterday) at "))
    dialog.get_by_role("button", name="Stop sharing", exact=True).click()
    expect(dialog).to_contain_text(re.compile("Not shared any more. You took it back (today|yesterday) at "))
    expect(coachs.get_by_text("This lesson is not shared with you any more.")).to_be_visible()
    part = dialog.get_by_role("group", name="What was played").get_by_role("link").first
    start = min(span.start for span in seen())
    part.click()
    expect(page).to_have_url(f"{web.url}/review?recording={recording}&t={start:.1f}")
    page.wait_for_function("(t) => Math.abs(document.querySelector('video')?.currentTime - t) < 0.2", arg=start)


def test_a_teacher_puts_right_what_the_machine_got_wrong_and_undoes_it(web, lesson, contexts):
    made, recording = lesson
    owner = made.stores.people.find(TEACHER).id
    page = looked_at(contexts[0], web, TEACHER, recording)
    page.evaluate("() => { window.film = document.querySelector('video') }")
    turn = page.locator("li.turn").first
    heard = turn.locator("p").first.inner_text()
    turn.get_by_role("button", name="put right").first.click()
    page.get_by_role("button", name="Fix the words").click()
    page.get_by_role("form", name="Fix the words").get_by_role("textbox").first.fill("Nobody said that.")
    page.keyboard.press("Enter")
    expect(turn).to_contain_text("Nobody said that.")
    expect(page.get_by_text("What you put right (1)")).to_be_visible()
    assert [c.text for c in made.stores.lessons.corrections(owner, recording)] == ["Nobody said that."]
    turn.get_by_role("button", name="put right").first.click()
    page.get_by_role("button", name="Rename…").click()
    page.get_by_role("textbox", name="Name of this voice").fill("Ms Reyes")
    page.keyboard.press("Enter")
    expect(turn).to_contain_text("Ms Reyes")
    page.get_by_role("button", name="Undo").first.click()
    expect(turn).not_to_contain_text("Ms Reyes")
    assert page.evaluate("window.film === document.querySelector('video') && window.film.isConnected")
    (kept,) = made.stores.lessons.corrections(owner, recording)
    made.stores.lessons.take_back(owner, recording, kept.id)  # in another window
    expect(turn).to_contain_text(heard[:60])


def test_a_lesson_that_is_not_there_is_said_to_be_so(web, lesson, contexts):
    _, recording = lesson
    for path in (f"/review?recording={recording}", "/review?recording=..%2F..", "/review"):
        page = opened(contexts[1], web, COACH, path)
        expect(page.get_by_role("heading", name="There is no such lesson here")).to_be_visible()


def test_the_stage_fits_and_is_accessible_in_both_sizes_and_themes(web, shared, browser):
    made, recording = shared
    owner = made.stores.people.find(TEACHER).id
    made.stores.lessons.comment(owner, recording, NewComment(3.0, "See how they wait.", 6.0, Audience.LESSON))
    made.stores.lessons.watch(made.stores.people.find(COACH).id, recording, 3.0, [Span(1.0, 3.0), Span(9.0, 9.5)])
    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size)
        wrong = watched(context, web.url)
        page = looked_at(context, web, TEACHER, recording)
        look = Look(page)
        for tab in ("Transcript", "Comments", "Clips"):
            page.get_by_role("tab", name=tab).click()
            look.at(f"{tab} {size}")
        page.locator("body").press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        look.at(f"keys {size}")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Sharing…").click()
        expect(page.get_by_role("dialog")).to_contain_text("Who has seen what")
        expect(page.get_by_role("dialog").get_by_role("button", name="Save")).to_be_visible()
        look.at(f"sharing {size}")
        look.good()
        context.close()
        assert wrong == []
