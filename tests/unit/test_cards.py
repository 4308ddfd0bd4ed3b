"""A lesson's card in the library, and its talk ribbon as a picture."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from string import punctuation
from zoneinfo import ZoneInfo

import lessons
import pytest

from coaching.access import Grant
from coaching.library import Listed, Shown, shown
from coaching.recordings import Priority, Run, RunState, Stage, StageState, StageStatus
from coaching.uploads import Upload, UploadFile, UploadState
from ui import ribbon
from ui.screens.cards import Coming, card, coming, day
from ui.screens.frame import plain

ME, MAYA = "c" * 24, "d" * 24
NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DONE = dict.fromkeys(Stage, StageState.DONE)


def facts(state: RunState, stages: dict[Stage, StageState] | None = None, **more) -> Listed:
    """A lesson of ME's whose run is in this state; stages that are not named wait."""
    found = dict.fromkeys(Stage, StageState.WAITING) | (stages or {})
    run = Run(
        id="b" * 24,
        recording="a" * 24,
        number=1,
        state=state,
        attempt=1,
        priority=Priority.SOON,
        stages=tuple(
            StageStatus(s, is_, artefact="x" if is_ is StageState.DONE else None, reason=_reason(s, is_), seconds=10.0)
            for s, is_ in found.items()
        ),
        **({"over": True} | more),
    )
    return Listed("a" * 24, ME, "Me", "Fractions <script>", NOW - timedelta(days=1), run, 2292.0)


def _reason(stage: Stage, state: StageState) -> str | None:
    return f"The stage {stage} failed." if state is StageState.FAILED else None


@pytest.mark.parametrize(
    ("found", "kind", "said"),
    [
        (facts(RunState.WAITING, over=False), Shown.AT_WORK, "Waiting"),
        (facts(RunState.READY, DONE), Shown.READY, "ribbon.svg"),
        (facts(RunState.READY, DONE | {Stage.WORDS: StageState.FAILED}), Shown.ATTENTION, "The stage words failed."),
        (facts(RunState.READY, DONE | {Stage.WEB: StageState.FAILED}), Shown.ATTENTION, "The stage web failed."),
        (facts(RunState.FAILED, reason="No <b>sound</b>."), Shown.ATTENTION, "No &lt;b&gt;sound&lt;/b&gt;."),
        (facts(RunState.CANCELLED), Shown.ATTENTION, "Somebody stopped the analysis."),
    ],
)
def test_a_card_says_where_the_lesson_stands(found, kind, said):
    assert shown(found.run) is kind
    assert said in card(found, ME, NOW)


def test_a_card_counts_the_way_to_the_transcript():
    # The sound weighs 1 of 98, the speakers 70: half of them done are 36 of 98; 20 s so far make 35 more.
    at_work = facts(RunState.RUNNING, {Stage.SOUND: StageState.DONE, Stage.SPEAKERS: StageState.RUNNING}, over=False)
    half = tuple(
        replace(s, share=0.5) if s.stage is Stage.SPEAKERS else replace(s, seconds=10.0 * (s.stage is Stage.SOUND))
        for s in at_work.run.stages
    )
    found = card(replace(at_work, run=replace(at_work.run, stages=half)), ME, NOW)
    assert "Finding who speaks when 37%" in found
    assert 'aria-valuenow="37"' in found
    assert "about 34 s left" in found


def test_what_is_not_made_yet_is_not_asked_for():
    waiting = card(facts(RunState.WAITING, over=False), ME, NOW)
    assert "/recordings/" not in waiting
    ready = card(facts(RunState.READY, DONE), ME, NOW)
    for name in ("poster.jpg", "ribbon.svg"):
        assert f'"/recordings/{"a" * 24}/{name}"' in ready
    assert f'"/review?recording={"a" * 24}"' in ready
    film = card(replace(facts(RunState.READY, DONE), duration=None), ME, NOW)
    assert f'"/recordings/{"a" * 24}/web.mp4"' in film


def test_a_name_is_text_and_no_page():
    found = card(facts(RunState.READY, DONE), ME, NOW)
    assert "<script>" not in found
    assert "Fractions &lt;script&gt;" in found
    assert "38:12" in found


@pytest.mark.parametrize(
    ("taught", "said"),
    [
        (date(2026, 11, 26), "Today"),
        (date(2026, 11, 25), "Yesterday"),
        (date(2026, 11, 19), "Thu 19 Nov"),
        (date(2026, 11, 27), "Fri 27 Nov"),
        (date(2025, 11, 9), "Sun 9 Nov 2025"),
    ],
)
def test_a_day_is_said_as_people_do(taught, said):
    assert day(taught, NOW.date()) == said


def test_the_day_is_the_one_it_was_taught_with_its_class():
    known = replace(facts(RunState.READY, DONE), taught=date(2026, 11, 19), class_name="Grade 5, <b>")
    assert '<p class="sl-meta">Thu 19 Nov · Grade 5, &lt;b&gt;</p>' in card(known, ME, NOW)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "Only you"),
        (("Carl",), "You and Carl"),
        (("Carl", "Dana"), "You, Carl and Dana"),
        (("A", "B", "C"), "You and 3 others"),
        (("<i>",), "You and &lt;i&gt;"),
    ],
)
def test_a_card_says_who_can_see_the_lesson(names, said):
    assert f"{said}</span>" in card(replace(facts(RunState.READY, DONE), shared_with=names), ME, NOW)


@pytest.mark.parametrize(
    ("names", "clips", "said"),
    [
        ((), (("Daniel", 3),), "You; Daniel 3 clips"),
        ((), (("Daniel", 3), ("Eve", 1)), "You; 2 people some clips"),
        (("Carl",), (("<i>", 1),), "You and Carl; &lt;i&gt; 1 clip"),
    ],
)
def test_a_card_says_who_has_clips_only(names, clips, said):
    found = card(replace(facts(RunState.READY, DONE), shared_with=names, clips_with=clips), ME, NOW)
    assert f"{said}</span>" in found
    assert "Only you" not in found


def test_somebody_elses_lesson_names_its_owner_and_shows_no_shares_of_talk_that_were_not_given():
    theirs = replace(facts(RunState.READY, DONE), owner=MAYA, owner_called="Maya <3", given=frozenset({Grant.SEE}))
    found = card(theirs, ME, NOW)
    assert "From Maya &lt;3" in found
    assert f"/review?recording={theirs.id}" in found
    assert "ribbon" not in found
    assert "ribbon.svg" in card(replace(theirs, given=frozenset({Grant.SEE, Grant.MEASURES})), ME, NOW)


@pytest.mark.parametrize(
    ("notes", "own", "said"),
    [
        (0, 0, None),
        (1, 0, "1 note."),
        (3, 0, "3 notes."),
        (0, 1, "1 note to yourself."),
        (2, 3, "2 notes, 3 notes to yourself."),
    ],
)
def test_notes_are_counted_apart(notes, own, said):
    found = card(replace(facts(RunState.READY, DONE), notes=notes, own_notes=own), ME, NOW)
    assert f'<p class="sl-soft">{said}</p>' in found if said else "sl-soft" not in found


def test_tags_stand_on_the_card_as_they_are():
    found = card(replace(facts(RunState.READY, DONE), tags=("exit tickets", "<u>")), ME, NOW)
    assert "<li>exit tickets</li><li>&lt;u&gt;</li>" in found


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (None, "starts by itself"),
        (0, "it is the next one"),
        (1, "one lesson is ahead of it"),
        (7, "7 lessons are ahead of it"),
    ],
)
def test_what_waits_says_what_is_ahead_of_it(ahead, said):
    assert said in card(replace(facts(RunState.WAITING, over=False), ahead=ahead), ME, NOW)


def upload(state: UploadState = UploadState.OPEN, reason: str | None = None) -> Upload:
    """Two parts of 500 bytes each."""
    files = tuple(UploadFile(str(n), n, "film.mp4", 500, "print") for n in range(2))
    return Upload("e" * 24, ME, "On <i>", None, "Period 2", "2026-11-26", 1.0, (), state, reason, None, 9.0, files)


def test_a_lesson_on_its_way_says_how_much_has_come():
    found = coming(Coming(upload(), 434, 360.0), NOW)
    for said in ("On &lt;i&gt;", "Today · Period 2", "Uploading 43%", "about 6 min left", 'href="/upload"', "Only you"):
        assert said in found
    unknown = coming(Coming(upload(), 434), NOW)
    assert "paused" not in found + unknown
    assert "left" not in unknown
    assert "paused" in coming(Coming(upload(), 434, still=True), NOW)


def test_what_has_all_come_is_checked_and_safe():
    found = coming(Coming(upload(UploadState.CHECKING), 1000), NOW)
    assert "Checking what came" in found
    assert "Safe to close now" in found
    assert "Carry on" not in found


def test_what_cannot_be_used_says_why():
    found = coming(Coming(upload(UploadState.REFUSED, "It has no <sound>."), 0), NOW)
    assert "Needs attention" in found
    assert "It has no &lt;sound&gt;." in found


@pytest.mark.parametrize("text", ["*a* [b](http://c) `d` :red[e] $1$ <f> ![g](h)", "Maya O’Kafor", "1. a_b\\c"])
def test_a_label_is_a_name_and_no_markdown(text):
    escaped = plain(text)
    assert re.sub(r"\\(.)", r"\1", escaped) == text
    assert not set(punctuation) & set(re.sub(r"\\.", "", escaped))


def test_the_day_is_the_readers():
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))  # 18:00 there
    late = replace(facts(RunState.READY, DONE), added=datetime(2026, 11, 25, 15, 30, tzinfo=UTC))  # 0:30 there, today
    assert "Today" in card(late, ME, tokyo)
    assert "Yesterday" in card(late, ME, NOW)


#        0         10        20 s of 40: a thousand is the whole
# S1     ==========                     teacher alone 0-5, both 5-10, student alone 10-15
# S2          ==========
def test_the_ribbon_is_a_picture_of_who_talks_when():
    said = (lessons.said(0, 10, "S1", "One."), lessons.said(5, 15, "S2", "Two."))
    root = ET.fromstring(ribbon.svg(lessons.lesson(said, duration=40.0).transcript))  # noqa: S314 - ours
    paths = {p.get("class") or p.get("fill"): p.get("d") for p in root.findall("{http://www.w3.org/2000/svg}path")}
    assert paths == {
        "t": "M0.0 0h125.0v9h-125.0z",
        "s": "M250.0 9h125.0v9h-125.0z",
        "url(#p)": "M125.0 0h125.0v18h-125.0z",
    }


def test_a_ribbon_of_nothing_is_the_bare_line():
    drawn = ribbon.svg(lessons.lesson([], [], duration=0.0).transcript)
    assert ET.fromstring(drawn) is not None  # noqa: S314 - ours
    assert ' d="M0' not in drawn
