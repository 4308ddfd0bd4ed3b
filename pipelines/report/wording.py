"""The report's own words, and the small pieces of English that it is put together with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from coaching.metrics.measure import Measure
from coaching.metrics.question_kinds import Kind
from coaching.metrics.sentences import TITLES, sentence

KINDS = {
    Kind.REASON: "Asks for a reason",
    Kind.OPEN: "Open",
    Kind.RELATING: "Relates ideas",
    Kind.WH_FACT: "Asks for a fact",
    Kind.YES_NO: "Yes or no",
    Kind.CHECKING: "Checks understanding",
    Kind.MANAGEMENT: "Organizes",
    Kind.TAG: "Tag",
    Kind.ECHO: "Repeats an answer",
}
"""The kinds of question in the reader's words, in the order in which they are listed."""

GROUPS = {
    "shares": ("teacher_talk", "student_talk"),
    "air": ("several_voices", "silence", "turns"),
    "waits": ("wait_time_1", "wait_time_1_long"),
    "waits_after_students": ("wait_time_2", "wait_time_2_long"),
    "questions": ("questions", "open_share", "reason_questions"),
    "stretches": ("longest_teacher_talk",),
    "answers": ("student_response", "uptake", "follow_up", "restating"),
}
"""Which measures stand together in the report. One that stands in none of them comes last, under "Also measured"."""

LOOKS = {
    "uptake": (
        "Moments worth a look: you took up what a student said",
        "Found by shared words, so some are chance; the likeliest come first. What did it lead to?",
    ),
    "restating": (
        "Moments worth a look: you said a student’s words again",
        "Restating can honour an answer, or stand in for one. You know which it was.",
    ),
}
"""Titles of the lists of candidate moments, by measure."""


def titled(name: str) -> str:
    """What people call a measure; for one of a newer version, its name."""
    return TITLES.get(name) or as_sentence(name.replace("_", " ")).rstrip(".")


def said_of(measure: Measure) -> str:
    """The measure as a sentence; for one of a newer version, its title and its number."""
    if measure.name in TITLES:
        return sentence(measure)
    return f"{titled(measure.name)}: {measure.value:.3g} {measure.unit}."


def by_sentence(pairs: Iterable[tuple[str | None, str]]) -> list[tuple[str, str]]:
    """[(sentence, "Name, name and name")] of (sentence, measure) pairs, each sentence once."""
    found: dict[str, list[str]] = {}
    for why, name in pairs:
        if why:
            found.setdefault(why, []).append(titled(name))
    return [(as_sentence(why), listed(things)) for why, things in found.items()]


def listed(things: Sequence[str]) -> str:
    """Titles in a row: "Silence, turns and your longest stretch"."""
    words = [things[0], *(thing[0].lower() + thing[1:] for thing in things[1:])]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def as_sentence(text: str) -> str:
    """`text` with a capital in front and a full stop behind."""
    text = text.strip()
    return text and text[0].upper() + text[1:] + ("" if text[-1] in ".!?" else ".")


def counted(number: int, noun: str) -> str:
    """1 question, 2 questions."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def about(seconds: float) -> str:
    """A length of time, roughly: 40 seconds, 12 minutes."""
    minutes = round(seconds / 60)
    return counted(round(seconds), "second") if minutes < 2 else f"{minutes} minutes"


def spelled_day(recorded: str | None) -> str:
    """A day (ISO 8601) as people read it, Thu 19 Nov 2026; empty for none."""
    if not recorded:
        return ""
    day = date.fromisoformat(recorded)
    return f"{day:%a} {day.day} {day:%b %Y}"
