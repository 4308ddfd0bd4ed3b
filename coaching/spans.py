"""Stretches of time in a recording, in seconds, and the few operations every measure is made of.

>>> lesson = Span(0, 10)
>>> teacher, student = [Span(1, 4), Span(6, 8)], [Span(3.5, 5)]
>>> total(cover(teacher + student)), total(intersect(teacher, student))
(6.0, 0.5)
>>> gaps(teacher + student, lesson)
[Span(start=0, end=1), Span(start=5, end=6), Span(start=8, end=10)]
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """A stretch from `start` to `end`, in seconds of the recording; `end` belongs to what comes next.

    Raises ValueError where `end` lies before `start`.
    """

    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"a span cannot end ({self.end}) before it starts ({self.start})")

    @property
    def duration(self) -> float:
        return self.end - self.start

    def __and__(self, other: Span) -> Span | None:
        """What both share, or None where they share no time."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Span(start, end) if start < end else None

    def __or__(self, other: Span) -> Span:
        """The shortest span that holds both, and whatever lies between."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def __contains__(self, moment: float) -> bool:
        return self.start <= moment < self.end


def total(spans: Iterable[Span]) -> float:
    """Seconds in `spans`, each counted whole: overlapping spans count twice."""
    return sum((span.duration for span in spans), 0.0)


def cover(spans: Iterable[Span], fill: float = 0.0) -> list[Span]:
    """The union: disjoint spans in order. Gaps shorter than `fill` seconds are filled."""
    merged: list[Span] = []
    for span in sorted(spans):
        if span.duration <= 0:
            continue
        if merged and (span.start <= merged[-1].end or span.start - merged[-1].end < fill):
            merged[-1] = merged[-1] | span
        else:
            merged.append(span)
    return merged


def gaps(spans: Iterable[Span], within: Span) -> list[Span]:
    """What of `within` no span covers, in order."""
    inside = [part for span in cover(spans) if (part := span & within)]
    edges = [Span(within.start, within.start), *inside, Span(within.end, within.end)]
    return [Span(a.end, b.start) for a, b in pairwise(edges) if a.end < b.start]


def intersect(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The time covered by both, as disjoint spans in order."""
    left, right = cover(one), cover(other)
    shared: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        if part := left[i] & right[j]:
            shared.append(part)
        if left[i].end <= right[j].end:
            i += 1
        else:
            j += 1
    return shared


def subtract(one: Iterable[Span], other: Iterable[Span]) -> list[Span]:
    """The time covered by `one` and not by `other`, as disjoint spans in order."""
    whole = cover(one)
    if not whole:
        return []
    return intersect(whole, gaps(other, Span(whole[0].start, whole[-1].end)))


def overlap(spans: Iterable[Span]) -> list[Span]:
    """Where two or more of `spans` run at once, as disjoint spans in order."""
    edges = sorted((t, step) for span in spans if span.duration > 0 for t, step in ((span.start, 1), (span.end, -1)))
    found: list[Span] = []
    depth = 0
    for (t, step), (following, _) in pairwise(edges):
        depth += step
        if depth >= 2 and t < following:
            found.append(Span(t, following))
    return cover(found)


def clock(seconds: float) -> str:
    """A moment as people read it on a player: 0:07, 12:41, 1:02:03."""
    whole = int(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
