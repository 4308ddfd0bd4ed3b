"""Where the marks of the report's pictures are: the bands below the talk ribbon, its times, the wait-time histogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coaching.metrics.activity import Activity, Stretch
from coaching.metrics.measure import Moment
from coaching.metrics.wait import LONG_WAIT_S
from coaching.ribbon import Mark
from coaching.spans import clock

TICKS_S = (15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Distances between times on an axis, in seconds: round ones."""

MOST_TICKS = 8
"""More times than this do not fit below the ribbon."""

BIN_S = 0.5
LAST_BIN_S = 6.0
"""Waits are counted in steps of half a second; those of six seconds and more, which are few, in one bar."""


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the lesson below the ribbon: `name` is what people read, `look` its class, `why` what decided it."""

    mark: Mark
    start: float
    times: str
    name: str
    look: str
    why: str


LOOKS = {
    Activity.WHOLE_CLASS: ("One at a time", "one"),
    Activity.SEVERAL_AT_ONCE: ("Several at once", "several"),
    Activity.QUIET: ("Quiet", "quiet"),
    Activity.CANNOT_TELL: ("Cannot tell", "open"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram: waits of `low` to `high` seconds (no `high`: and more); `height` in percent."""

    id: str
    low: float
    high: float | None
    height: float
    moments: tuple[Moment, ...]

    @property
    def long(self) -> bool:
        return self.low >= LONG_WAIT_S

    @property
    def label(self) -> str:
        return f"{self.low:.1f} to {self.high:.1f} seconds" if self.high else f"{self.low:.0f} seconds and longer"


def bands(stretches: Sequence[Stretch], duration: float) -> list[Band]:
    """The stretches as blocks below the ribbon."""
    return [
        Band(
            Mark(round(100 * s.span.start / duration, 3), round(100 * s.span.duration / duration, 3)),
            s.span.start,
            f"{clock(s.span.start)}–{clock(s.span.end)}",
            *LOOKS[s.kind],
            s.why,
        )
        for s in stretches
    ]


def ticks(duration: float) -> list[tuple[float, float, str]]:
    """(seconds, percent from the left, time as people read it) along the ribbon, the end left out."""
    if duration <= 0:
        return []
    step = next((t for t in TICKS_S if duration / t <= MOST_TICKS), TICKS_S[-1])
    # A time closer to the end than a third of a step would run into the lesson's length.
    count = int((duration - step / 3) // step) + 1
    return [(t, 100 * t / duration, clock(t)) for t in (i * step for i in range(max(1, count)))]


def histogram(waits: Sequence[Moment]) -> list[Bar]:
    """Bars of `BIN_S` up to `LAST_BIN_S`, then one for the rest; the highest has a height of 100."""
    count = int(LAST_BIN_S / BIN_S)
    bins: list[list[Moment]] = [[] for _ in range(count + 1)]
    for wait in waits:
        bins[min(count, int((wait.value or 0.0) / BIN_S))].append(wait)
    highest = max(1, *(len(b) for b in bins))
    return [
        Bar(f"w{i}", i * BIN_S, (i + 1) * BIN_S if i < count else None, 100 * len(b) / highest, tuple(b))
        for i, b in enumerate(bins)
    ]
