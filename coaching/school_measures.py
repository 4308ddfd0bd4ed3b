"""A school's own measures: of teachers who let theirs count, five at least, a month at a time. Pure.

Two of these numbers never tell one teacher's (`coaching.months`): a lesson counts in the month in which it was added,
by UTC at every school, and in no other; all measures of a month are from the same lessons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import fmean, stdev

from coaching.months import FEWEST_TEACHERS

PUBLISHED: Mapping[str, tuple[str, int]] = {
    "student_talk": ("%", 0),
    "open_share": ("%", 0),
    "wait_time_1": ("s", 1),
}
"""Which measures, with their unit and the decimals that are told."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """The mean of what `teachers` have, each of whom weighs the same, with the 95% interval of it."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Month:
    """What was published of a month, its `first` day; of so many teachers."""

    first: date
    teachers: int
    measures: tuple[Pooled, ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """Lessons of a teacher that count in a school's month."""

    school: str
    teacher: str
    lessons: tuple[str, ...]


def pooled(lessons: Mapping[str, Sequence[Mapping[str, float | None]]]) -> tuple[int, tuple[Pooled, ...]] | None:
    """What is published of each teacher's lessons, by their measures; None where there are too few teachers.

    A lesson of which one of the measures is withheld counts in none, so that all are of the same teachers.
    """
    means = {}
    for teacher, measured in lessons.items():
        whole = [m for m in measured if all(m.get(name) is not None for name in PUBLISHED)]
        if whole:
            means[teacher] = {name: fmean(m[name] or 0.0 for m in whole) for name in PUBLISHED}
    if len(means) < FEWEST_TEACHERS:
        return None
    return len(means), tuple(_pooled(name, [of[name] for of in means.values()]) for name in PUBLISHED)


def _pooled(name: str, values: Sequence[float]) -> Pooled:
    """The numbers are rounded, and the interval outwards no further than the measure goes."""
    unit, decimals = PUBLISHED[name]
    mean, off = fmean(values), quantile(len(values) - 1) * stdev(values) / sqrt(len(values))
    most = 100.0 if unit == "%" else float("inf")
    low, high = max(0.0, mean - off), min(most, mean + off)
    return Pooled(name, round(mean, decimals), round(low, decimals), round(high, decimals))


def quantile(freedom: int) -> float:
    """Student's t at 97.5%, from the normal one (Abramowitz and Stegun 26.7.5): off by less than 0.3% from 4 on.

    >>> round(quantile(9), 2)
    2.26
    """
    z, n = 1.959964, freedom
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )
