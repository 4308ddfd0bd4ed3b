"""What every export needs: what a voice is called, and text that no format trips over."""

from __future__ import annotations

import re

from coaching.lesson import Lesson
from coaching.metrics.measure import Measure
from coaching.transcript import Role, Transcript

UNCLEAR = "(no clear words)"
"""Stands in a text where somebody spoke and no words were recognizable."""

_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and half characters: XML forbids them, and no reader of a transcript needs them."""


def plain(text: str) -> str:
    """`text` on one line: no line breaks, no control characters, single spaces.

    >>> plain("So \\t what\\x00 do\\r\\nyou notice? ")
    'So what do you notice?'
    """
    return " ".join(_UNUSABLE.sub("", text).split())


def names(transcript: Transcript) -> dict[str, str]:
    """What each voice is called, by speaker id: its name, else Teacher, Student 1, Voice 1 and so on; no name twice."""
    called: dict[str, str] = {}
    counts = dict.fromkeys(Role, 0)
    words = {Role.TEACHER: "Teacher", Role.STUDENT: "Student", Role.UNKNOWN: "Voice"}
    for speaker in transcript.speakers:
        name = plain(speaker.name)
        if not name:
            counts[speaker.role] += 1
            alone = speaker.role is Role.TEACHER and counts[speaker.role] == 1
            name = words[speaker.role] + ("" if alone else f" {counts[speaker.role]}")
        called[speaker.id] = f"{name} ({speaker.id})" if name in called.values() else name
    return called


def measure_or_none(lesson: Lesson, name: str) -> Measure | None:
    """The measure of that name, or None where this lesson has none."""
    return next((m for m in lesson.measures if m.name == name), None)
