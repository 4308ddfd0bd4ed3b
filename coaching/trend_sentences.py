"""A trend in plain sentences: what fits the measurement, never whether it is good."""

from __future__ import annotations

from collections.abc import Sequence

from coaching.lesson import Lesson
from coaching.metrics.measure import Interval
from coaching.metrics.sentences import TITLES
from coaching.metrics.wait import tenths
from coaching.trends import COMPARED, FEWEST_LESSONS, Change, Least, Pooled

FEW = "Too few lessons have this number to tell whether it is more than lessons differ from day to day anyway."

PARTS = {"speakers": "Voices were told apart", "words": "Words were recognized"}


def trend_title(name: str) -> str:
    """What people call the measure where it stands beside others of its kind."""
    return "Questions in ten minutes" if name == "questions" else TITLES[name]


def amount(value: float, unit: str) -> str:
    """A value with its unit: 62%, 1.8 s; of questions the number alone, since the title says the rest."""
    if unit == "%":
        return f"{value:.0f}%"
    return f"{tenths(value)} s" if unit == "s" else f"{value:.1f}"


def ranged(value: float, interval: Interval | None, unit: str) -> str:
    """A value with its range: 62% (58–66%), 1.8 s (1.2–2.4)."""
    if interval is None:
        return amount(value, unit)
    if unit == "%":
        return f"{value:.0f}% ({interval.low:.0f}–{interval.high:.0f}%)"
    return f"{amount(value, unit)} ({interval.low:.1f}–{interval.high:.1f})"


def step(value: float, unit: str) -> str:
    """How much more or less, without its sign: 8 points, 0.6 s."""
    size = abs(value)
    if unit == "%":
        return "1 point" if size == 1 else f"{size:.0f} points" if size >= 1.95 else f"{size:.1f} points"
    return f"{size:.1f} s" if unit == "s" else f"{size:.1f}"


def change_sentence(c: Change) -> str:
    """Whether the later lessons differ from the earlier ones, in words."""
    before, after, unit = c.before.measure, c.after.measure, c.after.measure.unit
    if c.value is None or before.value is None or after.value is None:
        return f"Whether it changed cannot be said. {c.reason}"
    values = f"{amount(before.value, unit)} before, {amount(after.value, unit)} after"
    if c.detectable:
        near, far = sorted((abs(c.low), abs(c.high)))
        said = f"A change: {values}. That is {_way(c.value, unit)}, plausibly {step(near, unit)} to {step(far, unit)}."
        return said if c.day_to_day else f"{said} {FEW}"
    fits = f"anything from {_way(c.low, unit)} to {_way(c.high, unit)} fits what was measured"
    return f"No detectable change: {values}, and {fits}."


def _way(value: float, unit: str) -> str:
    return f"{step(value, unit)} {'less' if value < 0 else 'more'}"


def pooled_sentence(p: Pooled) -> str:
    """All lessons as one; the ones that the measure is withheld from by name, with the reason."""
    if p.measure.value is None:
        return f"Not given for any of these lessons. {p.measure.reason}"
    count, together = len(p.lessons), ranged(p.measure.value, p.measure.interval, p.measure.unit)
    return f"{_count(count)}{' together' if count > 1 else ''}: {together}."


def without_sentences(p: Pooled) -> tuple[str, ...]:
    """Lessons that are not in a pooled value, one sentence a reason."""
    if p.measure.value is None:
        return ()
    by_reason: dict[str, list[str]] = {}
    for name, reason in p.without:
        by_reason.setdefault(reason, []).append(f"“{name}”")
    return tuple(f"Without {', '.join(names)}. {reason}" for reason, names in by_reason.items())


def least_sentence(least: Least, unit: str) -> str:
    """What an action step may count on to be found."""
    if least.value is None:
        return ""
    return f"Between two single lessons, a change of about {step(least.value, unit)} or more is likely to be found."


def trend_notes(lessons: Sequence[Lesson], ordered_by_day: bool) -> tuple[str, ...]:
    """What to know before the comparison, in plain sentences."""
    told = "in which they were recorded" if ordered_by_day else "in which they were named"
    notes = [f"The lessons stand in the order {told}."]
    if len(lessons) < FEWEST_LESSONS:
        notes.append(
            "So few lessons tell how they themselves differed, not whether a habit changed: lessons differ from day to "
            "day anyway."
        )
    notes.append(
        f"{len(COMPARED)} numbers are compared. Of twenty that did not change, about one will still look as if it had."
    )
    return (*notes, *_made_differently(lessons))


def _made_differently(lessons: Sequence[Lesson]) -> list[str]:
    notes = []
    for part, what in PARTS.items():
        engines: dict[str, int] = {}
        for lesson in lessons:
            used = " and ".join(f"{e.name} {e.version}".strip() for e in lesson.engines if e.part == part) or "nothing"
            engines[used] = engines.get(used, 0) + 1
        if len(engines) > 1:
            used = ", ".join(f"{name} in {_count(n)}" for name, n in engines.items())
            notes.append(f"{what} by different engines ({used}), so a part of a change may be theirs.")
    languages = sorted({lesson.transcript.language for lesson in lessons if lesson.transcript.language})
    if len(languages) > 1:
        notes.append(f"The lessons are in different languages ({', '.join(languages)}).")
    differing = [trend_title(name).lower() for name in COMPARED if len(_sources(name, lessons)) > 1]
    if differing:
        notes.append(
            f"Not all ranges come from the same measurement (other noise, length, or a calibration): "
            f"{', '.join(differing)}. A part of a change there may be the measurement’s."
        )
    return notes


def _sources(name: str, lessons: Sequence[Lesson]) -> set[str]:
    return {m.interval.source for lesson in lessons if (m := lesson.measure(name)) and m.interval}


def _count(number: int) -> str:
    return "1 lesson" if number == 1 else f"{number} lessons"
