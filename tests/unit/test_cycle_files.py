"""A cycle's days in a calendar, and its summary on one sheet, read back by other people's parsers."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar

from coaching.access import NotThere
from coaching.cadence import Cadence
from coaching.coached import ActionStep, Conference, Item, Notes, School, Whole
from coaching.cycles import TEMPLATES, Cycle, Facts, Kind, Stage
from coaching.services.cycles import OnAgenda
from ui.cycles import days
from ui.sheet import sheet

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
STARTS = datetime(2026, 11, 30, 14, 10, tzinfo=UTC)
MOMENT = OnAgenda(Item("r1", "n1", 8, "What made it possible?"), "Same whole, fewer cuts", 734.0, 784.0, "Maya Okafor")


def whole(**more) -> Whole:
    plan, looks = TEMPLATES[Kind.OBSERVE], ("Pauses", "A press")
    people = ("maya", "Maya Okafor", "dan", "Daniel Reyes")
    cycle = Cycle("c1", Kind.OBSERVE, "Whisperwood waits", *people, "north", plan, Stage.CONFERENCE, NOW, NOW)
    cycle = replace(cycle, goal="More students explain.", look_fors=looks)
    conference = Conference(STARTS, 30, (MOMENT.item,), "Count to three.", NOW)
    step = ActionStep("After each open question, count to three.", "Pauses", None, date(2026, 12, 8), frozenset())
    notes = (Notes("dan", "For both.", "Whisperwood, for me alone.", NOW),)
    found = Whole(cycle, School("north", "North", Cadence()), Facts(), (), (), None, notes, conference, step)
    return replace(found, **more)


def text_of(pdf: bytes) -> tuple[int, str]:
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), "\n".join(page.extract_text() for page in pages)


def test_a_calendar_has_the_days_and_no_word_of_what_they_are_about():
    made = days(whole(), "maya", NOW, "https://coaching.school.org/cycle?cycle=c1")
    conference, back = Calendar.from_ical(made).walk("VEVENT")
    assert conference["summary"] == "Conference with Daniel Reyes"
    assert conference.decoded("dtstart") == STARTS
    assert conference.decoded("dtend") - STARTS == timedelta(minutes=30)
    assert back.decoded("dtstart") == date(2026, 12, 8)
    for word in (b"Whisperwood", b"count", b"Pauses", b"whole"):
        assert word not in made
    (alone,) = Calendar.from_ical(days(whole(action_step=None), "dan", NOW, None)).walk("VEVENT")
    assert alone["summary"] == "Conference with Maya Okafor"
    with pytest.raises(NotThere):
        days(whole(conference=None, action_step=None), "maya", NOW, None)


def test_the_sheet_says_what_was_agreed_and_nothing_that_is_for_one_alone():
    pages, text = text_of(sheet(whole(), [MOMENT]))
    assert pages == 1
    for words in (
        "Whisperwood waits",
        "More students explain.",
        "A press",
        "12:14–13:04",
        "Count to three.",
        "Tue 8 Dec",
    ):
        assert words in text
    assert "for me alone" not in text


def test_however_much_was_written_it_is_one_sheet():
    long, found = "Many words that go on. " * 250, whole()
    cycle = replace(found.cycle, goal=long, look_fors=("x" * 200,) * 10)
    step = replace(found.action_step, body=long, outcome=long)
    moments = [replace(MOMENT, title=long, item=replace(MOMENT.item, question="y" * 200))] * 12
    conference = replace(found.conference, decisions=long)
    pages, text = text_of(sheet(replace(found, cycle=cycle, action_step=step, conference=conference), moments))
    assert pages == 1
    assert "One action step" in text
    assert text_of(sheet(whole(conference=None, action_step=None), [replace(MOMENT, title="漢字 🙂 \x00")]))[0] == 1
