"""The files of a lesson: all written beside their place first, then moved into it, so that none is ever half there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from coaching.exports.files import TEXTS
from coaching.lesson import Lesson
from pipelines.report import render_report

FILES: dict[str, Callable[[Lesson], str]] = {name: one.make for name, one in TEXTS.items()}
FILES["report.html"] = render_report
"""Every file of a lesson, and what makes it."""


def write(lesson: Lesson, out: Path, work: Path, names: Iterable[str] = tuple(FILES)) -> None:
    """Write `names` of FILES into the folder `out`; `work`, on the same disk, is for what is not finished yet."""
    names = tuple(names)
    for name in names:
        # newline="": each format brings its own line ends, the same on every system.
        (work / name).write_text(FILES[name](lesson), encoding="utf-8", newline="")
    for name in names:
        (work / name).replace(out / name)
