"""A lesson's card in the library, and its talk ribbon as a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import lessons
import pytest

from coaching.ports import RecordingFacts, SourceFile
from coaching.recordings import Priority, Run, RunState, Stage, StageState, StageStatus
from ui import ribbon
from ui.screens.cards import Shown, card, day, is_open, shown

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
DONE = dict.fromkeys(Stage, StageState.DONE)


def facts(state: RunState, stages: dict[Stage, StageState] | None = None, **more) -> RecordingFacts:
    """A recording whose run is in this state; stages that are not named wait."""
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
    file = SourceFile("lesson.mp4", "x", 1, "0" * 64)
    return RecordingFacts("a" * 24, "c" * 24, "Fractions <script>", NOW - timedelta(days=1), (file,), run, 2292.0)


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
    assert shown(found) is kind
    assert said in card(found, NOW)
    assert is_open(found) == (found.run.state is RunState.WAITING)


def test_a_card_counts_the_way_to_the_transcript():
    # The sound weighs 1 of 98, the speakers 70: half of them done are 36 of 98; 20 s so far make 35 more.
    at_work = facts(RunState.RUNNING, {Stage.SOUND: StageState.DONE, Stage.SPEAKERS: StageState.RUNNING}, over=False)
    half = tuple(
        replace(s, share=0.5) if s.stage is Stage.SPEAKERS else replace(s, seconds=10.0 * (s.stage is Stage.SOUND))
        for s in at_work.run.stages
    )
    found = card(replace(at_work, run=replace(at_work.run, stages=half)), NOW)
    assert "Finding who speaks when 37%" in found
    assert 'aria-valuenow="37"' in found
    assert "about 34 s left" in found


def test_what_is_not_made_yet_is_not_asked_for():
    waiting = card(facts(RunState.WAITING, over=False), NOW)
    assert "/recordings/" not in waiting
    ready = card(facts(RunState.READY, DONE), NOW)
    for name in ("poster.jpg", "ribbon.svg", "web.mp4"):
        assert f'"/recordings/{"a" * 24}/{name}"' in ready


def test_a_name_is_text_and_no_page():
    found = card(facts(RunState.READY, DONE), NOW)
    assert "<script>" not in found
    assert "Fractions &lt;script&gt;" in found
    assert "38:12" in found


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (datetime(2026, 11, 26, 0, 1, tzinfo=UTC), "Today"),
        (datetime(2026, 11, 25, 23, 59, tzinfo=UTC), "Yesterday"),
        (datetime(2026, 11, 19, 8, 0, tzinfo=UTC), "Thu 19 Nov"),
        (datetime(2025, 11, 9, 8, 0, tzinfo=UTC), "Sun 9 Nov 2025"),
    ],
)
def test_a_day_is_said_as_people_do(moment, said):
    assert day(moment, NOW) == said


def test_the_day_is_the_readers():
    tokyo = NOW.astimezone(ZoneInfo("Asia/Tokyo"))  # 18:00 there
    late = replace(facts(RunState.READY, DONE), added=datetime(2026, 11, 25, 15, 30, tzinfo=UTC))  # 0:30 there, today
    assert "Today" in card(late, tokyo)
    assert "Yesterday" in card(late, NOW)


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
