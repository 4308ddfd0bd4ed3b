"""The files of a lesson: all written beside their place first, then moved into it, so that none is ever half there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from coaching.exports import captions, document, elan, rttm, tables
from coaching.lesson import Lesson
from pipelines.report import render_report

FILES: dict[str, Callable[[Lesson], str]] = {
    "lesson.json": document.to_json,
    "transcript.vtt": captions.vtt,
    "transcript.srt": captions.srt,
    "transcript.txt": captions.txt,
    "speakers.rttm": rttm.rttm,
    "lesson.eaf": elan.eaf,
    "turns.csv": tables.turns_csv,
    "measures.csv": tables.measures_csv,
    "report.html": render_report,
}
"""Every file of a lesson, and what makes it. A new export is a function Lesson -> str and a line here."""


def write(lesson: Lesson, out: Path, work: Path) -> None:
    """Write all of FILES into the folder `out`; `work` is a folder on the same disk for what is not finished yet."""
    for name, make in FILES.items():
        # newline="": each format brings its own line ends, the same on every system.
        (work / name).write_text(make(lesson), encoding="utf-8", newline="")
    for name in FILES:
        (work / name).replace(out / name)
