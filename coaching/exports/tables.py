"""Turns and measures as CSV (RFC 4180) for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from coaching.exports.text import names, plain, spoken
from coaching.lesson import Lesson
from coaching.metrics.measure import Measure
from coaching.spans import clock

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that starts with one of these is run as a formula by a spreadsheet: somebody in class may well say "= 4"."""


def turns_csv(lesson: Lesson) -> str:
    """One row a turn: when, who, how many words were recognized (a lower bound for students), and what was said."""
    called = names(lesson.transcript)
    head = ("turn", "start_s", "end_s", "time", "speech_s", "speaker", "name", "role", "words", "text")
    rows = (
        (
            number,
            f"{turn.span.start:.3f}",
            f"{turn.span.end:.3f}",
            clock(turn.span.start),
            f"{sum(u.span.duration for u in turn.utterances):.3f}",
            guarded(turn.speaker),
            guarded(called[turn.speaker]),
            turn.role.value,
            len(turn.text.split()),
            guarded(spoken(turn)),
        )
        for number, turn in enumerate(lesson.transcript.turns, 1)
    )
    return csv_text(head, rows)


def measures_csv(lesson: Lesson) -> str:
    """The lesson's measures as `measures_table` writes them."""
    return measures_table(lesson.measures)


def measures_table(measures: Iterable[Measure]) -> str:
    """One row a measure; where it has no value, `reason` says why. Components as `name=number`, parted by `; `.

    `low` and `high` are its range, and `range_from` says in words where that comes from. Where a person's ear corrected
    the value, `corrected` is what the range is of.
    """
    head = ("name", "value", "unit", "low", "high", "range_from", "moments", "components", "reason", "corrected")
    rows = (
        (
            guarded(m.name),
            _number(m.value),
            guarded(m.unit),
            _number(m.interval.low if m.interval else None),
            _number(m.interval.high if m.interval else None),
            guarded(m.interval.source if m.interval else ""),
            len(m.evidence),
            guarded("; ".join(f"{name}={_number(number)}" for name, number in m.components.items())),
            guarded(m.reason or ""),
            _number(m.corrected),
        )
        for m in measures
    )
    return csv_text(head, rows)


def csv_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(rows)
    return out.getvalue()


def guarded(text: str) -> str:
    """`text` that no spreadsheet takes for a formula: one that might be gets an apostrophe in front."""
    safe = plain(text)
    return f"'{safe}" if is_formula(text) else safe


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might run a cell with this text."""
    return text.startswith(_FORMULA) or plain(text).startswith(_FORMULA)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
