"""What a measure is: a value with its unit, its interval, what it was computed from, and the moments that show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coaching.spans import Span


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95% interval; `source` says in words where it comes from (chance, or the machine's own error)."""

    low: float
    high: float
    source: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A span worth looking at: evidence of a measure. `value` is its own number (a wait's seconds), if it has one."""

    span: Span
    text: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A computed number. `value` is None where it is undefined or withheld, and then `reason` says why in plain words.

    `components` are the sums it was made of: they add up over lessons, the value does not. `corrected` is the value
    that a person's ear has put right, and `interval` is then its own; all else stays the machine's.
    """

    name: str
    value: float | None
    unit: str
    interval: Interval | None = None
    components: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Moment, ...] = ()
    reason: str | None = None
    corrected: float | None = None

    @property
    def shown(self) -> float | None:
        """The number that people read: corrected by ear where it is, else the machine's."""
        return self.value if self.corrected is None else self.corrected

    def __post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise ValueError(f"{self.name}: a measure has either a value, or a reason why it has none")


def undefined(name: str, unit: str, reason: str, components: Mapping[str, float] | None = None) -> Measure:
    """A measure that cannot be given, with the reason that people read."""
    return Measure(name, None, unit, components=components or {}, reason=reason)


def wilson(hits: int, trials: int, source: str = "chance, with so few moments") -> Interval:
    """The 95% Wilson score interval of a share, in percent (Wilson 1927). Raises ValueError for no trials.

    >>> interval = wilson(6, 27)
    >>> round(interval.low), round(interval.high)
    (11, 41)
    """
    if trials <= 0:
        raise ValueError("a share of no trials has no interval")
    z = 1.959964
    p = hits / trials
    centre = p + z * z / (2 * trials)
    spread = z * (p * (1 - p) / trials + z * z / (4 * trials * trials)) ** 0.5
    scale = 1 + z * z / trials
    return Interval(max(0.0, 100 * (centre - spread) / scale), min(100.0, 100 * (centre + spread) / scale), source)
