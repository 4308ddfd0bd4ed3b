"""Clips given by themselves, as a teacher gives them and a coach has them. The server and the worker are real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import DESK, FIRST_MS, PHONE, Look, broken, press, settled, visit
from making import Place
from playwright.sync_api import expect
from web import Web, served

from coaching.clips import NewClip

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH, COLLEAGUE = "owner@school.org", "coach@school.org", "colleague@school.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, str, Web, dict[str, str]]]:
    place = Place("sqlite", tmp_path_factory.mktemp("given"))
    recording = place.bring("fractions")
    place.cast.lessons.rename(place.cast.owner, recording, "Fractions")
    parts = ((8.0, 11.0, "Wider?"), (20.0, 22.0, "Because"), (38.0, 41.0, "I don’t agree"))
    clip = place.cast.lessons.clip
    clips = {name: clip(place.cast.owner, recording, NewClip(start, stop, name)) for start, stop, name in parts}
    place.work()
    with served(place.data, place.url) as web:
        yield place, recording, web, clips
    place.close()


def test_a_coach_has_the_clips_that_were_given_and_loses_what_is_taken_back(browser, there):
    _, recording, web, _ = there
    page, wrong = visit(browser, web, OWNER, f"/review?recording={recording}")
    press(page, "Sharing…")
    dialog = page.get_by_role("dialog", name="Who can see this lesson")
    dialog.get_by_text("People you choose, these clips only").click()
    expect(dialog.get_by_role("button", name="Share", exact=True)).to_be_disabled()
    dialog.get_by_role("combobox", name="Share clips with").click()
    page.get_by_role("option", name=COACH).click()
    for name in ("Wider?, 0:08–0:11", "Because, 0:20–0:22"):
        dialog.get_by_text(name).click()
    expect(dialog).to_contain_text("5 s of video, with what was said in it")
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog).to_contain_text("2 clips, 5 s of video.")

    coach, wrong_there = visit(browser, web, COACH, "/")
    coach.get_by_role("link", name="Clips shared with you (2)").click()
    expect(coach.get_by_role("heading", name="Clips shared with you")).to_be_visible()
    expect(coach.get_by_role("heading", name="Fractions")).to_be_visible()
    clip = coach.get_by_role("article", name="Wider?")
    expect(clip).to_contain_text("3.0 s, shared with you")
    film = clip.locator("video")
    expect(film).to_be_visible(timeout=FIRST_MS)
    film.evaluate("film => { film.muted = true; return film.play(); }")
    coach.wait_for_function("() => document.querySelector('video').currentTime > 0.5")
    assert film.evaluate("film => film.duration") == pytest.approx(3.0, abs=0.1)
    coach.wait_for_function("() => document.querySelector('video').textTracks[0].cues?.length > 0")
    cue = film.evaluate("film => film.textTracks[0].cues[0].text")
    expect(clip.get_by_role("list", name="What was said")).to_contain_text(cue.partition(">")[2].partition("<")[0])
    cookie = coach.context.cookies()[0]["value"]
    for name in ("web.mp4", "lesson.json", "captions.vtt"):
        assert web.ask(f"/recordings/{recording}/{name}", cookie).status == 404
    lesson = coach.context.new_page()
    lesson.goto(f"{web.url}/review?recording={recording}")
    expect(lesson.get_by_text("There is no such lesson here")).to_be_visible()
    lesson.close()

    dialog.locator("[class*=st-key-sl-given-]").get_by_text("Because, 0:20–0:22").click()
    dialog.get_by_role("button", name="Save").click()
    expect(coach.locator(".toast")).to_contain_text("“Because” is not shared with you any more.")  # for some seconds
    expect(coach.get_by_role("article")).to_have_count(1)
    expect(dialog).to_contain_text("1 clip, 3 s of video.")
    expect(film).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator(".st-key-sl-review-head")).to_contain_text("You; coach@school.org 1 clip")
    page.get_by_role("tab", name="Clips").click()
    expect(page.locator(".cliprow").filter(has_text="Wider?")).to_contain_text("You and coach@school.org")
    press(page, "Sharing…")
    dialog.get_by_role("button", name="Take the clips back").click()
    expect(coach.get_by_text("No clips are shared with you now")).to_be_visible()
    expect(coach.locator("video")).to_have_count(0)
    assert broken(wrong) == broken(wrong_there) == []


@pytest.fixture
def opted_out(there) -> Iterator[None]:
    """While a student is in the lesson who is opted out."""
    place, recording, _, clips = there
    cast, owner = place.cast, place.cast.owner
    cast.lessons.describe(owner, recording, "Period 2", None, ())
    student = cast.consents.opt_out(owner, cast.consents.classes(owner)[0].id, "M. K.", None, None)
    yield
    cast.consents.take_off(owner, student)
    cast.faces.uncover(owner, clips["Wider?"])


@pytest.mark.usefixtures("opted_out")
def test_a_clip_with_its_faces_covered_is_offered_to_those_who_cannot_be_given_the_lesson(browser, there):
    place, recording, web, clips = there
    page, wrong = visit(browser, web, OWNER, f"/review?recording={recording}")
    look = Look(page)
    press(page, "Sharing…")
    dialog = page.get_by_role("dialog", name="Who can see this lesson")
    dialog.get_by_text("People you choose, these clips only").click()
    whom, toggle = dialog.get_by_role("combobox", name="Share clips with"), dialog.get_by_role("switch")
    whom.click()
    expect(page.get_by_role("option").filter(has_text="@")).to_have_text([COACH])
    page.keyboard.press("Escape")

    place.cast.faces.cover(place.cast.owner, clips["Wider?"])
    dialog.get_by_text("People you choose, the whole lesson").click()
    expect(dialog).to_contain_text("May write comments")  # drawn anew, and then once more
    dialog.get_by_text("People you choose, these clips only").click()
    expect(whom).to_be_visible()
    settled(page)
    dialog.get_by_text("Because, 0:20–0:22").click()
    whom.click()
    page.get_by_role("option", name=COLLEAGUE).click()
    because = toggle.and_(dialog.get_by_label("Because, 0:20–0:22"))
    expect(because).to_be_disabled()
    expect(because).not_to_be_checked()
    look.at("covered-only")
    dialog.get_by_text("Wider?, 0:08–0:11").click()
    dialog.get_by_role("button", name="Share", exact=True).click()
    expect(dialog).to_contain_text("1 clip, 3 s of video.")
    look.good()
    assert broken(wrong) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_page_and_the_dialog_fit_and_everybody_can_use_them(browser, there, size):
    place, recording, web, clips = there
    place.cast.lessons.give_clips(place.cast.owner, recording, COLLEAGUE, list(clips.values()))
    page, wrong = visit(browser, web, COLLEAGUE, "/", size)
    look = Look(page)
    expect(page.get_by_role("link", name="Clips shared with you (3)")).to_be_visible()
    look.at("library")
    page.goto(f"{web.url}/clips")
    expect(page.locator("video")).to_have_count(3)
    look.at("clips")
    look.good()
    owner, wrong_there = visit(browser, web, OWNER, f"/review?recording={recording}", size)
    look = Look(owner)
    press(owner, "Sharing…")
    expect(owner.get_by_role("dialog")).to_contain_text("3 clips, 8 s of video.")
    look.at("sharing")
    look.good()
    assert broken(wrong) == broken(wrong_there) == []
