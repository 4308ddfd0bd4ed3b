"""The insights as people use them: guessed, revealed, played, put right; real server, database, film and Chromium."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from browsing import DESK, PHONE, Look, opened, watched
from databases import fresh_database
from lessons import long_lesson
from playwright.sync_api import Page, expect
from stores import School, school
from web import Web, served

from coaching.access import Grant
from coaching.recordings import Stage
from pipelines.media import ffmpeg_path

MINUTES = 20
OWNER, COACH = "owner@school.org", "coach@school.org"

SPOKE = re.compile(r"You spoke \d+% of the talk time")

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def taught(tmp_path_factory) -> tuple[School, str, Path]:
    """A teacher's three lessons, the last with a film that plays, and a coach who was given its measures."""
    data = tmp_path_factory.mktemp("data")
    cast = school(fresh_database("sqlite"))
    for n in range(3):
        recording, run = cast.ready(f"Fractions {n + 1}", long_lesson(MINUTES, seed=n + 1))
        cast.lessons.describe(cast.owner, recording, "Grade 5", date(2026, 9, 1 + 7 * n), ())
        for name in ("teacher_talk", "wait_time_1", "open_share") if n < 2 else ():
            cast.lessons.guess(cast.owner, recording, name, None)
    artefact = next(s.artefact for s in cast.jobs.one(run).run.stages if s.stage is Stage.WEB)
    film = data / artefact / "web.mp4"
    film.parent.mkdir(parents=True)
    picture, sound = f"testsrc=s=160x90:r=2:d={MINUTES * 60}", f"anullsrc=r=16000:cl=mono:d={MINUTES * 60}"
    made = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, "-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    subprocess.run([ffmpeg_path(), "-v", "error", *made, str(film)], check=True)
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.MEASURES])
    return cast, recording, data


@pytest.fixture(scope="module")
def web(taught) -> Iterator[Web]:
    cast, _, data = taught
    with served(data, cast.url) as found:
        yield found


def unexpected(wrong: list[str]) -> list[str]:
    """Of the lesson only its film is there, and neither poster nor waveform."""
    return [one for one in wrong if "status of 404" not in one]


def guess(page: Page, question: str, value: int | None) -> None:
    card = page.locator("form.in-predict")
    expect(card).to_contain_text(question)
    if value is None:
        card.get_by_role("button", name="Skip").click()
        return
    slider = card.get_by_role("slider")
    slider.focus()
    slider.press("Home")
    for _ in range(value // 10):
        slider.press("PageUp")
    slider.press("Enter")


def test_a_teacher_guesses_looks_listens_and_puts_right(web, taught, browser):
    cast, recording, _ = taught
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, OWNER, f"/review?recording={recording}")
    page.get_by_role("link", name="Insights").click()
    expect(page.get_by_role("heading", name="What the recording shows")).to_be_visible()
    expect(page.get_by_text("You and coach@school.org can see these numbers")).to_be_visible()
    expect(page.get_by_text(SPOKE)).to_have_count(0)
    guess(page, "How much of the talk time did you speak?", 20)
    expect(page.get_by_text("You guessed 20%.")).to_be_visible()
    expect(page.get_by_text(SPOKE)).to_be_visible()
    guess(page, "How long did you usually wait after a question?", None)
    guess(page, "how many asked for ideas or reasons?", 50)
    expect(page.locator("form.in-predict")).to_have_count(0)
    assert cast.lessons.guesses(cast.owner, recording) == {"teacher_talk": 20, "wait_time_1": None, "open_share": 50}

    waits = page.get_by_role("group", name="Wait time after your questions, half-second steps")
    bar = waits.get_by_role("button", disabled=False).first
    bar.press("Enter")
    moments = page.get_by_role("region", name="Moments of the bar")
    expect(moments.get_by_role("listitem").first).to_be_visible()
    moments.get_by_role("button", name="Play ").first.click()
    dock = page.get_by_role("complementary", name="The moment in the film")
    page.wait_for_function("() => document.querySelector('.in-film video').currentTime > 1")
    begins = page.evaluate("document.querySelector('.in-film video').currentTime")
    href = dock.get_by_role("link").get_attribute("href")
    assert href.startswith(f"/review?recording={recording}&t=")
    assert 0 <= begins - float(href.rpartition("=")[2]) < 10
    page.keyboard.press("Escape")

    numbers = page.locator("p.said", has_text="asked for ideas or reasons")
    before = numbers.inner_text()
    page.get_by_role("button", name="Yes or no").click()
    first = page.get_by_role("list", name="Questions: Yes or no").get_by_role("combobox").first
    asked = first.get_attribute("aria-label")
    first.select_option("reason")
    expect(page.get_by_text("before you put it right.").first).to_be_visible()
    expect(numbers).not_to_have_text(before)
    (kept,) = cast.lessons.corrections(cast.owner, recording)
    assert kept.text == "reason"
    page.get_by_role("button", name="Press for reasoning").click()
    expect(page.get_by_role("combobox", name=asked).first).to_have_value("reason")

    expect(page.get_by_role("heading", name="Your last three lessons")).to_be_visible()
    dots = page.locator(".trend").first.get_by_role("link")
    expect(dots).to_have_count(3)
    dots.first.focus()
    was = dots.first.element_handle()
    cast.lessons.take_back(cast.owner, recording, kept.id)  # in another window: the page hears of it
    expect(page.get_by_text("before you put it right.")).to_have_count(0)
    page.wait_for_function("(dot) => !dot.isConnected", arg=was)
    expect(dots.first).to_be_focused()  # the trend was drawn anew, and the keyboard is where it was
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: recording not in url)
    expect(page.get_by_role("heading", name="What the recording shows")).to_be_visible()
    context.close()
    assert unexpected(wrong) == []


def test_a_coach_sees_the_numbers_that_were_given_and_no_guess(web, taught, browser):
    cast, recording, _ = taught
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, COACH, f"/review?recording={recording}")
    page.get_by_role("tab", name="Transcript").wait_for()
    page.locator("body").press("4")
    panel = page.get_by_role("tabpanel", name="Insights")
    expect(panel.get_by_text(SPOKE)).to_be_visible()
    assert panel.locator("form.in-predict, .in-guess, select, .trend").count() == 0
    panel.get_by_role("button", name="Play ").first.click()
    page.wait_for_function("() => document.querySelector('.stage video').currentTime > 0")
    own = context.new_page()
    own.goto(f"{web.url}/insights?recording={recording}")
    expect(own.get_by_text(SPOKE)).to_be_visible()
    cast.lessons.take_back_grant(cast.owner, recording, cast.cast["coach"], [Grant.MEASURES])
    expect(own.get_by_role("heading", name="There is nothing to see here")).to_be_visible()
    expect(own.get_by_text(SPOKE)).to_have_count(0)
    page.goto(f"{web.url}/insights?recording={recording}")
    expect(page.get_by_role("heading", name="There is no such lesson here")).to_be_visible()
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.MEASURES])
    page.reload()
    page.get_by_role("button", name="Play ").first.click()
    expect(page.locator(".in-film video")).to_have_count(1)
    cast.lessons.take_back_grant(cast.owner, recording, cast.cast["coach"])
    expect(page.get_by_role("heading", name="There is nothing to see here")).to_be_visible()
    expect(page.locator("video")).to_have_count(0)
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.MEASURES])
    context.close()
    assert unexpected(wrong) == []


def test_moments_are_gone_through_with_their_reasons_and_commented_on(web, taught, browser):
    cast, recording, _ = taught
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.MEASURES, Grant.COMMENT])
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, COACH, f"/review?recording={recording}&t=0")
    page.get_by_role("tab", name="Transcript").wait_for()
    page.wait_for_function("() => document.querySelector('.stage video').readyState >= 2")
    page.locator("body").press("e")  # before the tab was ever opened
    panel = page.get_by_role("tabpanel", name="Moments")
    rows = panel.get_by_role("list", name="Moments").get_by_role("listitem")
    told = page.evaluate("id => fetch(`/recordings/${id}/lesson.json`).then((r) => r.json())", recording)["moments"]
    first = next(n for n, one in enumerate(told) if one["start"] > 3)
    at = "() => document.querySelector('.stage video').currentTime"
    expect(panel.get_by_text(f"Moment {first + 1} of {len(told)}")).to_be_visible()
    expect(rows.nth(first)).to_contain_text(told[first]["why"])
    expect(rows.nth(first)).to_have_attribute("aria-current", "true")
    assert -0.1 <= page.evaluate(at) - (told[first]["start"] - 3) < 60
    page.wait_for_function("() => !document.querySelector('.stage video').paused")

    panel.get_by_role("group", name="Only these kinds").get_by_role("button", name="Long wait").click()
    waits = [one for one in told if one["kind"] == "long_wait"]
    expect(rows).to_have_count(len(waits))
    page.evaluate("() => document.querySelector('.stage video').pause()")
    rows.last.get_by_role("button").click()
    page.wait_for_function(f"() => document.querySelector('.stage video').currentTime >= {waits[-1]['start'] - 3.1}")
    page.evaluate("() => document.querySelector('.stage video').pause()")
    panel.get_by_role("button", name="Previous moment").click()
    expect(panel.get_by_text(f"Moment {len(waits) - 1} of {len(waits)}")).to_be_visible()
    panel.get_by_role("button", name="Comment here").click()
    page.keyboard.type("What were they thinking here?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Comment saved.")).to_have_count(1)
    (kept,) = [c for c in cast.lessons.comments(cast.cast["coach"], recording) if c.body.startswith("What were")]
    assert abs(kept.start - waits[-2]["start"]) < 0.06
    context.close()
    assert unexpected(wrong) == []


def test_the_insights_fit_and_are_accessible_in_both_sizes_and_themes(web, taught, browser):
    _, recording, _ = taught
    for size in (DESK, PHONE):
        context = browser.new_context(viewport=size)
        wrong = watched(context, web.url)
        page = opened(context, web, OWNER, f"/insights?recording={recording}")
        expect(page.get_by_role("heading", name="Your last three lessons")).to_be_visible()
        expect(page.locator(".trend").first).to_be_visible()
        page.evaluate("() => document.querySelectorAll('.in details').forEach((d) => { d.open = true })")
        page.locator(".hist button:not(:disabled)").first.click()
        look = Look(page)
        look.at(f"insights {size}")
        page.goto(f"{web.url}/review?recording={recording}")
        page.get_by_role("tab", name="Insights").click()
        expect(page.get_by_role("tabpanel", name="Insights").get_by_text(SPOKE)).to_be_visible()
        look.at(f"tab {size}")
        page.get_by_role("tab", name="Moments").click()
        expect(page.get_by_role("list", name="Moments").get_by_role("listitem").first).to_be_visible()
        look.at(f"moments {size}")
        look.good()
        context.close()
        assert unexpected(wrong) == []
