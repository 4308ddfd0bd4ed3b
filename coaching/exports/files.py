"""The text files of a lesson, by name: what makes each, what it is, and whether measures are in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coaching.exports import captions, document, elan, rttm, tables
from coaching.lesson import Lesson


@dataclass(frozen=True, slots=True)
class TextFile:
    make: Callable[[Lesson], str]
    media_type: str
    measured: bool = False


TEXTS: Mapping[str, TextFile] = {
    "lesson.json": TextFile(document.to_json, "application/json", measured=True),
    "transcript.vtt": TextFile(captions.vtt, "text/vtt"),
    "transcript.srt": TextFile(captions.srt, "application/x-subrip"),
    "transcript.txt": TextFile(captions.txt, "text/plain"),
    "speakers.rttm": TextFile(rttm.rttm, "text/plain"),
    "lesson.eaf": TextFile(elan.eaf, "application/xml", measured=True),
    "turns.csv": TextFile(tables.turns_csv, "text/csv"),
    "measures.csv": TextFile(tables.measures_csv, "text/csv", measured=True),
}
"""In the order in which they are written and offered. A new export is a function Lesson -> str and a line here."""
