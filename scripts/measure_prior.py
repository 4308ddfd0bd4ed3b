#!/usr/bin/env python3
"""How far off the machine is on made lessons, by their audio quality: writes coaching/metrics/prior.json.

    .venv/bin/python scripts/measure_prior.py --work /tmp/prior [--shared ../shared] [--lessons 60]

The lessons are both sets of made_lessons.py, half of them each. How often the ranges hold the truth is tested on each
set with the other's errors alone (bench_measures.py). What was heard is kept in the work folder, so a second run
only computes. It takes about a third of a CPU minute a lesson. People who talk in the background are in none of them:
the diarizer hears them as well, silence is then off by twenty points and more, and a range that held that would say
nothing.
"""

from __future__ import annotations

import argparse
import datetime
import json
import math
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from made_lessons import MINUTES, ROOMS, SETS, Heard, hear, recipes
from made_measures import Scored, score

from coaching.metrics.measure import Measure
from coaching.metrics.prior import MEASURED, loudness
from coaching.quality import AudioQuality, limits
from coaching.spans import Span
from coaching.transcript import Transcript

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "coaching" / "metrics" / "prior.json"

QUARTERS = 4
"""Into so many parts lessons are cut, to see how errors grow in shorter recordings."""

SQUARE_ROOT = 0.5
"""Errors that have nothing to do with each other grow with this power, and none is taken to grow with a smaller one."""


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "secondlook-prior")
    p.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    p.add_argument("--lessons", type=int, default=120)
    p.add_argument("--out", type=Path, default=TARGET)
    a = p.parse_args()
    lessons = [hear(recipe, a.shared, a.work) for kind in SETS for recipe in recipes(kind, a.lessons // 2)]
    a.out.write_text(written(table(lessons)), encoding="utf-8")


def table(lessons: Sequence[Heard]) -> dict[str, object]:
    """What prior.json holds. A lesson whose noise could not be measured, or in which all is withheld, has no row."""
    rows = [row for lesson in lessons if (row := errors(lesson))]
    return {
        "date": datetime.date.today().isoformat(),
        "made_of": {
            "lessons": len(lessons),
            "withheld": len(lessons) - len(rows),
            "noises": sorted({lesson.recipe.noise for lesson in lessons}),
            "rooms": [
                f"{r[0]} s, direct sound {r[1]:.0f} dB louder" if r else "the maker's own"
                for r in dict.fromkeys(chain(*ROOMS.values()))
            ],
        },
        "length_s": 60 * MINUTES,
        "power": {name: round(max(SQUARE_ROOT, growth(lessons, name)), 3) for name in MEASURED},
        "lessons": rows,
    }


def errors(lesson: Heard) -> dict[str, Any]:
    """The level of a lesson and how far off each measure was: what is true less what was heard."""
    level, withheld = loudness(lesson.quality), limits(lesson.quality, lesson.found)
    scored = score(replace(lesson, quality=AudioQuality(None, None)))  # none withheld, so that it is done here
    measured = ((name, off_by(scored[name])) for name in MEASURED if name not in withheld)
    off = {name: round(error, 2) for name, error in measured if error is not None}
    known = level is not None and off
    return {"set": lesson.recipe.kind, "level": round(level, 1)} | off if known else {}


def off_by(scored: Scored) -> float | None:
    """How far off, in the unit in which the prior gives it; None where the measure is withheld or nothing was heard."""
    heard, true = scored.heard, scored.true
    if heard.value is None or true.value is None or not unit(heard):
        return None
    return (true.value - heard.value) / unit(heard)


def unit(heard: Measure) -> float:
    """What an error of 1 in prior.json is worth, in the measure's own unit."""
    if heard.unit == "%":
        return 1.0
    of = heard.components["speech_s"] if heard.name == "several_voices" else heard.value or 0.0
    return of / 100


def growth(lessons: Sequence[Heard], name: str) -> float:
    """With which power of the length errors (root mean square) grow from whole lessons to quarters of them.

    The quarters are cut from what was heard of the whole, so voices are told apart as well as in the whole.
    """
    whole, quarters = [], []
    for lesson in lessons:
        if row := errors(lesson):
            parts = [q for i in range(QUARTERS) if (q := errors(quarter(lesson, i))) and name in q]
            if name in row and parts:
                whole.append(row[name] ** 2)
                quarters.append(statistics.mean(q[name] ** 2 for q in parts))
    return math.log(statistics.mean(quarters) / statistics.mean(whole), QUARTERS) / 2


def quarter(lesson: Heard, i: int) -> Heard:
    """A lesson from its `i`th quarter alone."""
    length = lesson.found.duration / QUARTERS
    part = Span(i * length, (i + 1) * length)
    return replace(lesson, truth=cut(lesson.truth, part), found=cut(lesson.found, part))


def cut(transcript: Transcript, part: Span) -> Transcript:
    """What is said in `part`, on a clock of its own."""
    said = ((u, inside) for u in transcript.utterances if (inside := u.span & part))
    moved = (replace(u, span=Span(s.start - part.start, s.end - part.start)) for u, s in said)
    return replace(transcript, duration=part.duration, utterances=tuple(moved))


def written(made: Mapping[str, object]) -> str:
    """As JSON, a lesson on a line."""
    head = {name: value for name, value in made.items() if name != "lessons"}
    rows = ",\n".join("  " + json.dumps(row) for row in made["lessons"])  # type: ignore[attr-defined]
    return json.dumps(head, indent=1).removesuffix("\n}") + f',\n "lessons": [\n{rows}\n ]\n}}\n'


if __name__ == "__main__":
    main()
