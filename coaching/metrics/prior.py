"""How far off the machine was on made lessons: the range of a measure in a lesson that is not calibrated.

prior.json holds what was measured: for each made lesson its audio quality and how far off each measure was. It is
written by scripts/measure_prior.py. The lessons are of two sets that share no voice, seed, noise or room; the coverage
is tested on each set with the ranges that the other alone gives (scripts/bench_measures.py).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from math import exp, log
from statistics import linear_regression
from typing import Any

from coaching.metrics.measure import Interval
from coaching.quality import UNSURE_FLOOR, AudioQuality

MEASURED = ("teacher_talk", "silence", "several_voices", "turns", "longest_teacher_talk")
"""The measures whose errors are in the table. Talk and silence are off by points of a percent; several voices by
percent of the time in which anybody speaks; turns and the longest stretch by percent of what was found."""

SHORTEST_S = 1.0
"""Nothing shorter is measured, so that no range is infinite."""

LEAST_ERROR = 0.1
"""Smaller errors (points or percent) count as this when their growth is measured: chance hits prove no accuracy."""

UNSURE_FACTOR = 2.5
"""Where the recognizer was unsure of most of the speech, the voices are hard to tell apart too. Not from the table,
whose lessons have no words: from real meetings of half a minute (tests/unit/test_metrics_prior.py)."""


@dataclass(frozen=True, slots=True)
class Prior:
    """By how much a measure may be off either way, and in words how that is known.

    `talk_points`, `silence_points`: points of a percent; `several_percent`: percent of the time in which anybody
    speaks; `turns_percent`, `longest_percent`: percent of what was found.
    """

    talk_points: float
    silence_points: float
    several_percent: float
    turns_percent: float
    longest_percent: float
    source: str

    def around(self, low: float, high: float, off: float, most: float = 100.0) -> Interval:
        """From `low` to `high`, `off` wider on both sides, within 0 to `most`."""
        return Interval(max(0.0, low - off), min(most, high + off), self.source)


def prior(quality: AudioQuality, duration: float, table: Table | None = None) -> Prior | None:
    """The prior for a recording of this quality and length (s); None where its noise could not be measured.

    It is an error that 95% of new lessons such as the made ones stay under: of their errors, each brought to this
    recording's noise, the ceil(.95 (n + 1))th smallest of n (split conformal prediction: Vovk, Gammerman and Shafer,
    Algorithmic Learning in a Random World, 2005). What was found is not moved by the mean error, because a classroom
    need not share it. Above the best and below the worst of the made lessons, the range is theirs. In a recording
    shorter than the made lessons, errors grow as they did in quarters of these, and at least with the square root of
    their length / its length; where most of the speech was unsure, they are multiplied by 2.5.
    """
    level = loudness(quality)
    if level is None:
        return None
    table = table or shipped()
    off = {name: table.off(name, level, duration) for name in MEASURED}
    source = (
        f"the machine’s own error, as measured on {len(table.lessons)} made lessons ({table.date}): adults reading, "
        "not a real classroom, which can be harder"
    )
    factor = 1.0
    if duration < table.length_s:
        source += "; wider here, because the recording is shorter"
    if quality.unsure is not None and quality.unsure > UNSURE_FLOOR:
        factor = UNSURE_FACTOR
        source += "; wider here, because most of the words were unsure"
    talk, silence, several, turns, longest = (factor * off[name] for name in MEASURED)
    return Prior(talk, silence, several, turns, longest, source)


def loudness(quality: AudioQuality) -> float | None:
    """What the errors depend on: how much louder than the noise the students are, or all where none was heard; dB."""
    return quality.snr_db if quality.student_snr_db is None else quality.student_snr_db


@dataclass(frozen=True, slots=True)
class Table:
    """The measured errors. `lessons`: a row each, with `level` (dB, see `loudness`) and how far off each measure was.

    `power`: in recordings shorter than `length_s`, errors grow with this power of `length_s` / their length.
    """

    date: str
    length_s: float
    power: Mapping[str, float]
    lessons: Sequence[Mapping[str, Any]]

    def off(self, name: str, level: float, duration: float) -> float:
        """How far off the measure may be in a recording of this length (s), its students `level` dB over the noise."""
        measured = [(row["level"], abs(row[name])) for row in self.lessons if name in row]
        levels = [at for at, _ in measured]
        here, slope = min(max(level, min(levels)), max(levels)), per_db(measured)
        errors = (error * exp(slope * (at - here)) for at, error in measured)
        shorter = max(1.0, self.length_s / max(duration, SHORTEST_S))
        return float(bound(sorted(errors)) * shorter ** self.power[name])

    def of(self, kind: str) -> Table:
        """The table of one of the two sets alone."""
        return replace(self, lessons=[row for row in self.lessons if row["set"] == kind])


def per_db(measured: Sequence[tuple[float, float]]) -> float:
    """By how much the logarithm of the error grows for each dB less: a line by least squares, and never below 0.

    `measured`: levels and errors.
    """
    levels, errors = zip(*measured, strict=True)
    logarithms = [log(max(error, LEAST_ERROR)) for error in errors]
    return max(0.0, -linear_regression(levels, logarithms).slope) if len(set(levels)) > 1 else 0.0


def bound(ordered: Sequence[float]) -> float:
    """What a new error stays under with a probability of at least 95%: the ceil(.95 (n + 1))th of n, smallest first.

    Raises ValueError for fewer than 19, which bound nothing so surely.

    >>> bound([*range(1, 40)])
    38
    """
    place = -(-19 * (len(ordered) + 1) // 20)
    if place > len(ordered):
        raise ValueError(f"{len(ordered)} errors are too few for a bound of 95%")
    return ordered[place - 1]


@cache
def shipped() -> Table:
    """The table in prior.json."""
    raw = json.loads(files(__package__).joinpath("prior.json").read_text(encoding="utf-8"))
    return Table(raw["date"], raw["length_s"], raw["power"], raw["lessons"])
