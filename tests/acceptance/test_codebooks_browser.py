"""Codebooks as coaches use them: made, changed, used in a comment, taken along and brought again; and two who label the
same clips. Real server, database and Chromium."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, PHONE, Look, broken, opened, press, settled, started, watched
from databases import fresh_database
from lessons import long_lesson
from playwright.sync_api import Page, expect
from stores import School, school
from web import Web, served

from coaching.access import Grant
from coaching.codebooks import Colour
from coaching.people import Membership
from coaching.recordings import Stage
from pipelines.media import ffmpeg_path

COACH, SECOND = "coach@school.org", "second@school.org"

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def browser():
    with started() as found:
        yield found


@pytest.fixture(scope="module")
def lesson(tmp_path_factory) -> tuple[School, str, Path]:
    """A lesson with a film, and two coaches who may comment on it."""
    data = tmp_path_factory.mktemp("data")
    cast = school(fresh_database("sqlite"))
    recording, run = cast.ready("Fractions", long_lesson(4))
    artefact = next(s.artefact for s in cast.jobs.one(run).run.stages if s.stage is Stage.WEB)
    film = data / artefact / "web.mp4"
    film.parent.mkdir(parents=True)
    made = ["-f", "lavfi", "-i", "testsrc=s=160x90:r=2:d=240", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono:d=240"]
    made += ["-pix_fmt", "yuv420p", "-movflags", "+faststart"]
    subprocess.run([ffmpeg_path(), "-v", "error", *made, str(film)], check=True)
    cast.people.add(SECOND, Membership.COACH, "North")
    for who in (COACH, SECOND):
        cast.lessons.grant(cast.owner, recording, who, list(Grant))
    return cast, recording, data


@pytest.fixture(scope="module")
def web(lesson) -> Iterator[Web]:
    cast, _, data = lesson
    with served(data, cast.url) as found:
        yield found


def test_a_coach_makes_a_codebook_uses_it_and_takes_it_along(web, lesson, browser, tmp_path):
    cast, recording, _ = lesson
    coach = cast.cast["coach"]
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, COACH)
    page.get_by_role("link", name="Codebooks").click()
    press(page, "Begin with this")
    page.get_by_label("What it is called").fill("Our words")
    page.get_by_label("What it is called").press("Enter")
    page.get_by_label("Whose it is").click()
    page.get_by_role("option", name="North").click()
    press(page, "Add a label")
    dialog = page.get_by_role("dialog", name="A label")
    dialog.get_by_label("Label", exact=True).fill("*Think* <b>time")
    dialog.get_by_label("What it means").fill("Everybody is quiet.")
    dialog.get_by_role("radio", name="Rose").click()
    dialog.get_by_role("textbox", name="Scale, if it has one").fill("a little")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_contain_text("2 to 7 points")
    dialog.get_by_role("textbox", name="Scale, if it has one").fill("a little; much")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("button", name="More for *Think* <b>time").click()
    page.get_by_role("menuitem", name="Move up").click()
    last_but_one = page.get_by_role("button", name="More for ").nth(-2)
    expect(last_but_one).to_have_accessible_name("More for *Think* <b>time")
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="“Our words” is saved.")).to_be_visible()
    (kept,) = cast.codebooks.mine(coach)
    assert (kept.school, kept.codebook.labels[-2].name, kept.codebook.labels[-2].colour) == (
        "North",
        "*Think* <b>time",
        Colour.ROSE,
    )

    with page.expect_download() as table:
        page.get_by_role("link", name="CSV").click()
    press(page, "Change it")
    page.get_by_role("button", name="More for *Think* <b>time").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect(page.get_by_text("Everybody is quiet.")).to_have_count(0)
    press(page, "Save as version 2")
    expect(page.get_by_role("link", name="Version 1")).to_be_visible()
    file = tmp_path / "codebook.csv"
    table.value.save_as(file)
    page.goto(f"{web.url}/codebooks/import")
    page.get_by_label("A file").set_input_files(file)
    page.get_by_label("Whose it is").select_option("North")
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("status")).to_contain_text("“Our words” of North would become version 3, with 1 change.")
    expect(page.get_by_role("listitem")).to_have_text("New in Classroom talk: “*Think* <b>time”.")
    assert cast.codebooks.one(coach, kept.id).number == 2
    page.get_by_role("button", name="Make version 3").click()
    expect(page.get_by_role("heading", name="The codebook is in")).to_be_visible()
    assert cast.codebooks.one(coach, kept.id).codebook == kept.codebook

    page.goto(f"{web.url}/review?recording={recording}")
    form = page.get_by_role("form", name="New comment")
    form.get_by_role("textbox").fill("They wait here.")
    field = form.get_by_role("searchbox", name="Find a label")
    field.fill("quiet")
    field.press("Enter")
    form.get_by_role("button", name="much").click()
    field.fill("reason")
    field.press("Enter")
    form.get_by_role("textbox").press("Enter")
    page.get_by_role("tab", name="Comments").click()
    labels = page.get_by_role("list", name="Comments").get_by_role("list", name="Labels").get_by_role("listitem")
    expect(labels).to_have_text(["*Think* <b>time: much", "Press for reasoning"])
    expect(labels.first.locator(".dot.rose")).to_be_visible()
    cast.codebooks.take_away(coach, kept.id)
    page.reload()
    page.get_by_role("tab", name="Comments").click()
    expect(labels.first.locator(".dot.rose")).to_be_visible()
    page.get_by_role("button", name="Edit").click()
    edit = page.get_by_role("list", name="Comments").get_by_role("group", name="Labels of this comment")
    edit.get_by_role("button", name="Press for reasoning").click()
    page.get_by_role("list", name="Comments").get_by_role("button", name="Save").click()
    expect(labels).to_have_text(["*Think* <b>time: much"])
    page.goto(f"{web.url}/codebooks")
    press(page, "Bring back Our words")
    expect(page.get_by_role("status").filter(has_text="“Our words” is offered again.")).to_be_visible()
    context.close()
    assert broken(wrong) == []


def label(page: Page, marks: list[str]) -> None:
    """Go through the clips of a round, with one label or none for each."""
    for n, name in enumerate(marks):
        expect(page.get_by_role("heading", name=re.compile(f"^Clip {n + 1} of {len(marks)}"))).to_be_visible()
        settled(page)
        if name:
            page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("button", name="Keep").click()
    press(page, "I am done")


def test_two_coaches_label_the_same_clips_and_see_where_they_agree(web, lesson, browser):
    cast, recording, _ = lesson
    contexts = [browser.new_context(viewport=size) for size in (DESK, PHONE)]
    wrong = [watched(context, web.url) for context in contexts]
    page = opened(contexts[0], web, COACH, f"/review?recording={recording}")
    page.get_by_role("tab", name="Clips").click()
    page.get_by_role("link", name="Label clips together with somebody").click()
    page.get_by_label("With whom").click()
    page.get_by_role("option", name=SECOND).click()
    page.get_by_label("How many").fill("4")
    page.get_by_label("How many").press("Enter")
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("heading", name="Clip 1 of 4 0:15–0:45")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")
    film = page.locator("video").evaluate_handle("film => { film.muted = true; film.play(); return film; }")
    page.wait_for_function("film => film.currentTime > 15.2", arg=film)
    page.get_by_role("button", name="Voice", exact=True).click()
    settled(page)
    assert page.evaluate("film => film.isConnected && !film.paused", film)  # choosing does not touch the film
    page.get_by_role("button", name="Voice", exact=True).click()
    label(page, ["Voice", "Voice", "", "Open question"])
    expect(page.get_by_role("status").filter(has_text="Once the other is done too")).to_be_visible()

    theirs = opened(contexts[1], web, SECOND, "/coding")
    theirs.get_by_role("link", name="Open the round").click()
    label(theirs, ["Voice", "", "", "Open question"])
    table = theirs.get_by_role("region", name="Agreement by label").get_by_role("row")
    # Voice: 3 of 4 alike; by chance .5 * .25 + .5 * .75 = .5; (.75 - .5) / (1 - .5)
    expect(table.filter(has_text="Voice")).to_contain_text(re.compile(r"0\.50 \(−?0\.\d\d to 0\.\d\d\).*3 of 4 clips"))
    expect(table.filter(has_text="Open question")).to_contain_text(re.compile(r"1\.00 .*4 of 4 clips.*None"))
    expect(theirs.get_by_text(re.compile("No kappa for Choice, .*Neither of you marked it"))).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Voice: clip 2").click()
    expect(page.get_by_role("heading", name="Clip 2 of 4")).to_be_visible()
    expect(page.locator(".sl-both")).to_have_text(f"YouVoice{SECOND}None of them")
    watches = {view.called: view.spans for view in cast.lessons.views(cast.owner, recording)}
    assert len(watches[SECOND]) == 4  # the teacher sees what was played
    for context in contexts:
        context.close()
    assert [broken(told) for told in wrong] == [[], []]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_the_pages_fit_and_everybody_can_use_them(web, lesson, browser, size):
    cast, recording, _ = lesson
    coach = cast.cast["coach"]
    kept = next(iter(cast.codebooks.mine(coach)), None)
    begun = cast.lessons.rounds(coach)[0].id
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    page = opened(context, web, COACH, "/codebooks")
    look = Look(page)

    def at(path: str, there: str, name: str) -> None:
        page.goto(web.url + path)
        expect(page.get_by_role("heading", name=there).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            look.at(f"{name} {theme}", "html" if "import" in path else ".stMain")

    at("/codebooks", "Starting set", "all")
    at(f"/codebooks?codebook={kept.id}", "Our words", "one")
    press(page, "Change it")
    expect(page.get_by_role("button", name="Save as version")).to_be_visible()
    settled(page)
    look.at("draft", ".stMain")
    press(page, "Add a label")
    expect(page.get_by_role("dialog").get_by_label("What it means")).to_be_visible()
    look.at("label")
    at("/codebooks/import", "Bring a codebook", "import")
    at(f"/coding?recording={recording}", "Another round", "begin")
    at(f"/coding?round={begun}&clip=2", "Clip 2 of 4", "compared")
    fresh = cast.lessons.round(coach, begun)
    other = cast.lessons.begin_round(coach, recording, SECOND, fresh.codebook, fresh.stretches)
    at(f"/coding?round={other}", "Clip 1 of 4", "labelling")
    cast.lessons.end_round(coach, other)
    context.close()
    look.good()
