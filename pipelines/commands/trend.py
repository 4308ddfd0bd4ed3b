"""`secondlook trend`: several lessons side by side, and whether the later ones differ beyond what is measured wrong."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from coaching.errors import BadInput, one_line
from coaching.lesson import Lesson
from coaching.metrics.measure import Measure
from coaching.trend_sentences import (
    change_sentence,
    least_sentence,
    pooled_sentence,
    ranged,
    trend_notes,
    trend_title,
    without_sentences,
)
from coaching.trends import Change, Trend, trends
from pipelines.commands.reading import read_lesson
from pipelines.console import forgiving
from pipelines.media.disk import whole_file


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "trend",
        help="several lessons side by side, and whether anything changed",
        description="Compare the measures of several lessons that `analyse` has done. They are put in the order of the "
        "days on which they were recorded, where each says its day, and else stay as they are named here. The earlier "
        "ones are compared with the later ones: with ranges, so that “no detectable change” is an answer.",
    )
    p.add_argument("results", nargs="+", type=Path, metavar="RESULTS", help="folders that `analyse` has written")
    p.add_argument(
        "--before", type=int, metavar="N", help="how many lessons are the earlier ones (default: the first half)"
    )
    p.add_argument("--out", type=Path, metavar="FILE.html", help="write a page with pictures too")
    p.add_argument("--json", action="store_true", help="one JSON object")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace, _console: object) -> int:
    lessons, by_day = in_order(list(_read_all(arguments.results)))
    earlier = len(lessons) // 2 if arguments.before is None else arguments.before
    if not 0 < earlier < len(lessons):
        raise BadInput(f"--before {earlier} leaves nothing to compare: there are {len(lessons)} lessons.")
    found = trends(lessons, earlier)
    if arguments.out:
        from pipelines.report.trend import render_trend  # loads jinja2: not for --help

        _write(arguments.out, render_trend(lessons, found, earlier, by_day))
    if arguments.json:
        print(json.dumps(as_object(lessons, found, earlier, by_day), allow_nan=False))
        return 0
    lines = [*_lines(lessons, found, earlier, by_day)]
    if arguments.out:
        lines += ["", f"Page: {arguments.out.resolve()}"]
    print("\n".join(map(one_line, lines)), file=forgiving(sys.stdout))
    return 0


def in_order(lessons: Sequence[Lesson]) -> tuple[list[Lesson], bool]:
    """The lessons by the day of their recording, and True; as they are, and False, where one does not say its day."""
    if all(lesson.recording.recorded for lesson in lessons):
        return sorted(lessons, key=lambda lesson: lesson.recording.recorded or ""), True
    return list(lessons), False


def _read_all(folders: Sequence[Path]) -> Iterator[Lesson]:
    if len(folders) < 2:
        raise BadInput("Name at least two folders of results: one lesson alone has no trend.")
    seen: set[Path] = set()
    for folder in folders:
        if folder.resolve() in seen:
            raise BadInput(f"{one_line(str(folder))} is named twice. A lesson counts once.")
        seen.add(folder.resolve())
        yield read_lesson(folder)


def _write(out: Path, page: str) -> None:
    if out.suffix.lower() not in (".html", ".htm"):
        raise BadInput(f"{one_line(str(out))} would be a web page. Give it a name that ends in .html.")
    if out.is_dir() or not out.parent.is_dir():
        raise BadInput(f"{one_line(str(out))} cannot be written: name a file in a folder that is there.")
    with whole_file(out) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="")


def _lines(lessons: Sequence[Lesson], found: Sequence[Trend], earlier: int, by_day: bool) -> Iterator[str]:
    yield from (f"Note: {note}" for note in trend_notes(lessons, by_day))
    yield ""
    for n, lesson in enumerate(lessons, 1):
        group = "before" if n <= earlier else "after"
        yield f"{n:>3}  {group:<6}  {lesson.recording.recorded or '':<10}  {lesson.recording.name}"
    for trend in found:
        unit = trend.whole.measure.unit
        yield from ("", trend_title(trend.name))
        if trend.whole.measure.value is None:
            yield f"  {pooled_sentence(trend.whole)}"
            continue
        for n, lesson in enumerate(lessons, 1):
            m = lesson.measure(trend.name)
            yield f"{n:>3}  {'not given' if m is None or m.shown is None else ranged(m.shown, m.interval, unit)}"
        yield f"  {pooled_sentence(trend.whole)}"
        yield f"  {change_sentence(trend.change)}"
        yield from (f"  {line}" for line in without_sentences(trend.whole))
        if least := least_sentence(trend.least, unit):
            yield f"  {least}"


def as_object(lessons: Sequence[Lesson], found: Sequence[Trend], earlier: int, by_day: bool) -> dict[str, Any]:
    """What `--json` prints."""
    return {
        "event": "trend",
        "notes": list(trend_notes(lessons, by_day)),
        "lessons": [
            {
                "name": one.recording.name,
                "recorded": one.recording.recorded,
                "group": "before" if n < earlier else "after",
            }
            for n, one in enumerate(lessons)
        ],
        "measures": [
            {
                "name": t.name,
                "unit": t.whole.measure.unit,
                "lessons": [_value(lesson.measure(t.name)) for lesson in lessons],
                "together": _value(t.whole.measure),
                "change": _change(t.change),
                "least_change": t.least.value,
            }
            for t in found
        ],
    }


def _value(m: Measure | None) -> dict[str, Any] | None:
    if m is None:
        return None
    low, high = (m.interval.low, m.interval.high) if m.interval else (None, None)
    return {"value": m.shown, "low": low, "high": high, "components": dict(m.components), "reason": m.reason}


def _change(c: Change) -> dict[str, Any]:
    known = c.value is not None
    return {
        "before": _value(c.before.measure),
        "after": _value(c.after.measure),
        "value": c.value,
        "low": c.low if known else None,
        "high": c.high if known else None,
        "detectable": c.detectable if known else None,
        "day_to_day": c.day_to_day,
        "words": change_sentence(c),
        "reason": c.reason,
    }
