"""What several lessons have in common, and whether later ones differ from earlier ones by more than was measured wrong.

Lessons are pooled by adding their components, as if they were one long lesson: a mean of percentages would let a short
lesson weigh as much as a long one, and can turn a change round (Simpson 1951). A lesson from which a measure is
withheld adds nothing to it, and is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from coaching.lesson import Lesson
from coaching.metrics.measure import Interval, Measure, undefined, wilson
from coaching.metrics.medians import median, median_interval


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure that is `scale` times the sum of the components `top` over that of `bottom`.

    `counted`: its range is chance, since `top` are some of few moments; else it is the machine's own error.
    """

    top: tuple[str, ...]
    bottom: tuple[str, ...]
    scale: float = 100.0
    counted: bool = False

    def sums(self, components: Mapping[str, float]) -> tuple[float, float]:
        """(top, bottom). Raises KeyError where a component is missing."""
        return sum(components[c] for c in self.top), sum(components[c] for c in self.bottom)


RATIOS = {
    "teacher_talk": Ratio(("teacher_s",), ("teacher_s", "student_s")),
    "student_talk": Ratio(("student_s",), ("teacher_s", "student_s")),
    "silence": Ratio(("silence_s",), ("duration_s",)),
    "questions": Ratio(("questions",), ("duration_s",), scale=600.0),
    "open_share": Ratio(("open",), ("open", "closed"), counted=True),
    "wait_time_1_long": Ratio(("long",), ("waits",), counted=True),
    "wait_time_2_long": Ratio(("long",), ("waits",), counted=True),
}
"""Measures that pool by adding components."""

MIDDLES = ("wait_time_1", "wait_time_2", "student_response")
"""Medians do not add up, but the moments that they are the middle of do."""

HEARD_OFF_S = {"wait_time_1": 0.2, "wait_time_2": 0.1, "student_response": 0.2}
"""By how much the machine is off in the middle of these, seconds: its median error on made lessons, rounded up
(docs/benchmarks.md). More moments make chance smaller, and not this."""

COMPARED = (
    "teacher_talk",
    "student_talk",
    "silence",
    "student_response",
    "questions",
    "open_share",
    *("wait_time_1", "wait_time_1_long", "wait_time_2", "wait_time_2_long"),
)
"""What has a trend, in reading order. The others grow with the length of a lesson and are no ratio of their components
(turns, several voices, the longest stretch), or are moments to look at and no numbers to compare."""

FEWEST_VALUES = 6
"""Of fewer values no 95% range of a median exists (medians.py)."""

FEWEST_LESSONS = 4
"""Fewer do not show how much lessons differ from day to day anyway: then only these lessons are compared."""

ANOTHER_VERSION = "It was measured by another version of Second Look."
NO_COMPARISON = "Its error has not been measured, so a change cannot be told from it."

POWER = (1.959964 + 0.841621) / 1.959964
"""Observed changes scatter round the true one. One that just reaches the range is found in half of the cases; one this
many times as large in four of five (normal quantiles of 97.5% and 80%)."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """A measure over `lessons`, as of one long lesson; `without`: (name, reason) of those that it is withheld from."""

    measure: Measure
    lessons: tuple[Lesson, ...]
    without: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """From `before` to `after`: `value` is after minus before, in the measure's unit (percentage points for %).

    `value` None: it cannot be said, and `reason` says why. `low` to `high`: the 95% interval. `day_to_day`: it holds
    how much lessons differ anyway; if not, only these lessons are compared.
    """

    name: str
    before: Pooled
    after: Pooled
    value: float | None = None
    low: float = 0.0
    high: float = 0.0
    day_to_day: bool = False
    reason: str | None = None

    @property
    def detectable(self) -> bool:
        """Whether the interval leaves no change out."""
        return self.value is not None and not self.low <= 0.0 <= self.high


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest change that is likely to be found, in the measure's unit; None with the `reason`."""

    value: float | None
    reason: str | None = None


def pooled(name: str, lessons: Sequence[Lesson]) -> Pooled:
    """The measure `name` over all `lessons`.

    Their range: of counted shares Wilson's of all their moments; of medians that of all their moments, put together
    with the machine's own error (`HEARD_OFF_S`) by their squares. Of the others the mean of the lessons' ranges,
    weighted as their values are: the machine errs in the same direction in many lessons (docs/benchmarks.md), so more
    lessons do not make it surer. Of a lesson that was checked by ear the
    corrected value counts, with its own range.
    """
    having: list[tuple[Lesson, Measure]] = []
    without: list[tuple[str, str]] = []
    unit = ""
    for lesson in lessons:
        m = lesson.measure(name)
        unit = unit or (m.unit if m else "")
        if m is None or (m.value is not None and not _adds_up(m)):
            without.append((lesson.recording.name, ANOTHER_VERSION))
        elif m.value is None:
            without.append((lesson.recording.name, m.reason or ""))
        else:
            having.append((lesson, m))
    if not having:
        reasons = list(dict.fromkeys(why for _, why in without))
        why = reasons[0] if len(reasons) == 1 else "None of these lessons gives this number, each for its own reason."
        return Pooled(undefined(name, unit, why), (), tuple(without))
    measures = [m for _, m in having]
    made = _middle(measures) if name in MIDDLES else _ratio(measures, RATIOS[name])
    return Pooled(made, tuple(lesson for lesson, _ in having), tuple(without))


def _adds_up(m: Measure) -> bool:
    """Whether the measure holds what it is pooled by."""
    if m.name in MIDDLES:
        return bool(_values(m))
    return m.name in RATIOS and {*RATIOS[m.name].top, *RATIOS[m.name].bottom} <= set(m.components)


def _values(m: Measure) -> list[float]:
    return [e.value for e in m.evidence if e.value is not None]


def _middle(measures: Sequence[Measure]) -> Measure:
    name, values = measures[0].name, [v for m in measures for v in _values(m)]
    middle, found = median(values), median_interval(values) if len(values) >= FEWEST_VALUES else None
    if found:
        off = HEARD_OFF_S[name]
        below, above = hypot(middle - found.low, off), hypot(found.high - middle, off)
        found = Interval(max(0.0, middle - below), middle + above, f"{found.source}, and the machine’s own error")
    return Measure(name, middle, measures[0].unit, found, {"moments": len(values)})


def _ratio(measures: Sequence[Measure], ratio: Ratio) -> Measure:
    names = dict.fromkeys((*ratio.top, *ratio.bottom))
    added = {name: sum(m.components[name] for m in measures) for name in names}
    top, bottom = ratio.sums(added)
    name, unit = measures[0].name, measures[0].unit
    if bottom <= 0:
        return undefined(name, unit, ANOTHER_VERSION)
    if ratio.counted:
        return Measure(name, ratio.scale * top / bottom, unit, wilson(round(top), round(bottom)), added)
    weights = [ratio.sums(m.components)[1] / bottom for m in measures]
    # The ratio of the sums, but for lessons that were corrected by ear: their components are still the machine's.
    value = sum(w * (m.shown or 0.0) for w, m in zip(weights, measures, strict=True))
    reaches = [_reach(m) for m in measures]
    if any(reach is None for reach in reaches):
        return Measure(name, value, unit, None, added)
    below, above = (sum(w * r[side] for w, r in zip(weights, reaches, strict=True) if r) for side in (0, 1))
    sources = dict.fromkeys(m.interval.source for m in measures if m.interval)
    return Measure(name, value, unit, Interval(max(0.0, value - below), value + above, "; ".join(sources)), added)


def _reach(m: Measure) -> tuple[float, float] | None:
    """How far the range goes below and above the value that people read; None without one."""
    if m.shown is None or m.interval is None:
        return None
    return max(0.0, m.shown - m.interval.low), max(0.0, m.interval.high - m.shown)


def change(name: str, before: Sequence[Lesson], after: Sequence[Lesson]) -> Change:
    """How the measure `name` differs between two groups of lessons, with a 95% interval.

    The ranges of both are put together by their squares, each side apart (MOVER: Zou and Donner, Statistics in Medicine
    2008; for two shares it is Newcombe's interval of 1998). From four lessons on, each range first gets the scatter of
    the lessons round their group's value (of both groups together, Student's t): beside the machine's error, and
    instead of chance where it is larger, since lessons scatter by chance too. Two lessons of one room may share a part
    of the machine's error, which a difference would cancel; how much was never measured, so nothing is taken off.
    """
    a, b = pooled(name, before), pooled(name, after)
    undecided = next((p.measure.reason for p in (a, b) if p.measure.value is None), None)
    if undecided:
        return Change(name, a, b, reason=undecided)
    if (of_a := _reach(a.measure)) is None or (of_b := _reach(b.measure)) is None:
        return Change(name, a, b, reason=NO_COMPARISON)
    scatter = _scatter(a, b)
    if scatter is not None:
        of_a, of_b = (_with_scatter(p, reach, scatter) for p, reach in ((a, of_a), (b, of_b)))
    value = (b.measure.value or 0.0) - (a.measure.value or 0.0)
    low, high = value - hypot(of_b[0], of_a[1]), value + hypot(of_b[1], of_a[0])
    return Change(name, a, b, value, low, high, scatter is not None)


def _with_scatter(p: Pooled, reach: tuple[float, float], scatter: float) -> tuple[float, float]:
    days = scatter / sqrt(len(p.lessons))
    chance = p.measure.name in MIDDLES or RATIOS[p.measure.name].counted
    below, above = (max(side, days) if chance else hypot(side, days) for side in reach)
    return below, above


def _scatter(*groups: Pooled) -> float | None:
    """95% reach of one lesson round its group's value, of all groups together; None for fewer than four lessons.

    For a ratio of sums the residual of a lesson is scale (top - R bottom) / mean bottom (Cochran, Sampling Techniques,
    1977, section 6.4); of a median, its own less the group's.
    """
    count = sum(len(g.lessons) for g in groups)
    if count < FEWEST_LESSONS:
        return None
    squares = sum(r * r for g in groups for r in _residuals(g))
    free = count - len(groups)
    return student_t(free) * sqrt(squares / free)


def _residuals(g: Pooled) -> list[float]:
    name, value = g.measure.name, g.measure.value or 0.0
    mine = [m for lesson in g.lessons if (m := lesson.measure(name))]
    if name in MIDDLES:
        return [(m.value or 0.0) - value for m in mine]
    ratio = RATIOS[name]
    bottoms = [ratio.sums(m.components)[1] for m in mine]
    mean = sum(bottoms) / len(bottoms)
    return [((m.shown or 0.0) - value) * bottom / mean for m, bottom in zip(mine, bottoms, strict=True)]


_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)


def student_t(free: int) -> float:
    """The 97.5% quantile of Student's t with `free` degrees of freedom: a table, then its expansion round the normal.

    >>> round(student_t(2), 2), round(student_t(20), 2)
    (4.3, 2.09)
    """
    if free <= len(_T):
        return _T[free - 1]
    z = 1.959964
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * free**3)
    return z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2) + third


def least_change(now: Measure, then: Measure | None = None) -> Least:
    """The smallest change between two measurements that is likely found; without the second, it is taken to be alike.

    1.43 times the root of the sum of both ranges' squares, the longer side of each: four of five true changes of this
    size then have an interval that leaves zero out. It holds no difference from day to day.
    """
    reaches = [_reach(m) for m in (now, then or now)]
    if now.value is None:
        return Least(None, now.reason)
    if any(reach is None for reach in reaches):
        return Least(None, NO_COMPARISON)
    least = POWER * hypot(*(max(reach) for reach in reaches if reach))
    if now.unit == "%" and (now.shown or 0.0) - least < 0 and (now.shown or 0.0) + least > 100:
        return Least(None, "Its range is so wide that no change could be told from it.")
    return Least(least)


@dataclass(frozen=True, slots=True)
class Trend:
    """A measure over lessons: of all of them, from the earlier to the later ones, and what could be found next."""

    name: str
    whole: Pooled
    change: Change
    least: Least


def trends(lessons: Sequence[Lesson], earlier: int) -> tuple[Trend, ...]:
    """Each measure of `COMPARED` over `lessons`, the first `earlier` of them against the rest.

    What could be found next is reckoned from the last lesson that has the measure. Raises ValueError where one of the
    two groups is empty.
    """
    if not 0 < earlier < len(lessons):
        raise ValueError(f"{len(lessons)} lessons cannot be parted after {earlier}")
    found = []
    for name in COMPARED:
        whole = pooled(name, lessons)
        last = whole.lessons[-1].measure(name) if whole.lessons else None
        compared = change(name, lessons[:earlier], lessons[earlier:])
        found.append(Trend(name, whole, compared, least_change(last or whole.measure)))
    return tuple(found)
