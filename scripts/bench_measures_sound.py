"""End to end from sound: how far off the measures are on made lessons, and how often their ranges hold the truth.

Part `sound` of bench_measures.py. The lessons are both sets of made_lessons.py, half of them each. A lesson has the
ranges that the other set alone gives (measure_prior.py, which is to be run first): no voice, seed, noise or room is one
that they were made of. Where questions end is told by the truth, so of a wait its acoustic gap alone is scored. What
was heard is kept in the work folder; it takes about a third of a CPU minute a lesson. Lessons in whose background
people talk are told of apart: the diarizer hears these people too, and no range holds.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench_keep import ROOT
from made_lessons import BABBLE, SETS, Heard, hear, recipes
from made_measures import SCORED, Scored, score, usual_waits
from measure_prior import unit

from coaching.metrics import measure_lesson
from coaching.metrics.prior import MEASURED, shipped
from coaching.quality import AudioQuality
from coaching.transcript import Transcript

sys.path.append(str(ROOT / "tests"))
from lessons import long_lesson

LONG_MIN, RUNS = 90, 7
"""A double lesson with its words, measured so many times, for the speed."""

BACKGROUND = 4
"""Lessons with people who talk outside them."""

UNITS = {m.name: m.unit for m in measure_lesson(Transcript(0.0, (), ()), AudioQuality(None, None))}


def measure(shared: Path, work: Path, count: int, out: Path | None) -> list[dict[str, Any]]:
    """A row for each measure on `count` made lessons, and for two of them on those with people in the background.

    Writes made-lessons.json into `out`: a lesson a line; a unit test reads it.
    """
    lessons = [row(hear(r, shared, work)) for kind in SETS for r in recipes(kind, count // 2)]
    background = [row(hear(r, shared, work)) for kind in SETS for r in recipes(kind, BACKGROUND // 2, BABBLE)]
    if out:
        (out / "made-lessons.json").write_text("[\n" + ",\n".join(map(json.dumps, lessons + background)) + "\n]\n")
    rows = [summary(name, lessons) for name in SCORED]
    apart = [summary(name, background) for name in ("teacher_talk", "silence")]
    return [*rows, *apart, speed()]


def row(lesson: Heard) -> dict[str, Any]:
    """A lesson: what it was made of, its audio quality, and of each measure that is not withheld what was heard."""
    usual, other = usual_waits(lesson.recipe), next(kind for kind in SETS if kind != lesson.recipe.kind)
    return {
        "recipe": asdict(lesson.recipe),
        "quality": {name: value and round(value, 2) for name, value in asdict(lesson.quality).items()},
        "duration_s": lesson.found.duration,
        "measures": {name: measured(s, usual.get(name)) for name, s in score(lesson, shipped().of(other)).items()},
    }


def measured(scored: Scored, usual: float | None) -> dict[str, float | None]:
    """What is true and what was heard, with its range; `per`: what 1 in the prior is worth; `usual`: of the maker."""
    heard, true = scored.heard, scored.true
    found: dict[str, float | None] = {"true": true.value}
    if heard.value is not None and heard.interval is not None:
        found |= {"found": heard.value, "low": heard.interval.low, "high": heard.interval.high}
        found |= {"per": unit(heard)} if heard.name in MEASURED else {"usual": usual} if usual is not None else {}
    return {name: value if value is None else round(value, 4) for name, value in found.items()}


def summary(name: str, lessons: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A measure over all lessons: how far off (in its unit), and of how many the truth lies in the range."""
    rows = [m for lesson in lessons if (m := lesson["measures"][name])["true"] is not None]
    shown = [m for m in rows if "found" in m]
    off = sorted(abs(m["found"] - m["true"]) for m in shown)
    widths = [(m["high"] - m["low"]) / 2 for m in shown]
    usual = [m["low"] <= m["usual"] <= m["high"] for m in shown if "usual" in m]
    return {
        "measure": name,
        "unit": UNITS[name],
        "lessons": len(rows),
        "shown": len(shown),
        "median_true": round(statistics.median(m["true"] for m in shown), 2),
        "median_off": round(statistics.median(off), 2),
        "off_90": round(off[math.ceil(0.9 * len(off)) - 1], 2),
        "worst": round(off[-1], 2),
        "bias": round(statistics.mean(m["found"] - m["true"] for m in shown), 2),
        "half_width": round(statistics.median(widths), 2),
        "covered": sum(covers(m) for m in shown),
        "usual_covered": sum(usual) if usual else None,
    }


def covers(measured: dict[str, float]) -> bool:
    """Whether the truth lies in the range; a hundredth is rounding."""
    return measured["low"] - 0.01 <= measured["true"] <= measured["high"] + 0.01


def speed() -> dict[str, Any]:
    """CPU seconds of all measures of a lesson of 90 minutes, words and all."""
    lesson = long_lesson(LONG_MIN)
    spent = []
    for _ in range(RUNS):
        before = time.process_time()
        measure_lesson(lesson.transcript, lesson.quality)
        spent.append(time.process_time() - before)
    return {
        "minutes": LONG_MIN,
        "utterances": len(lesson.transcript.utterances),
        "cpu_s": round(statistics.median(spent), 3),
        "worst_cpu_s": round(max(spent), 3),
    }
