"""How a stage tells how far it is, how the whole is reckoned from that, and how it is stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Progress = Callable[[float], None]
"""Called with the share done, 0 to 1, never less than before. May raise `coaching.errors.Cancelled`: let it through."""

SETTLED = 0.03
"""Before this share of the whole is done, a guess of the time left would only mislead."""


def silent(_share: float) -> None:
    """For callers who do not want to know."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where an analysis stands: its stage, the percent of the whole that is done, and the seconds left, if known."""

    stage: str
    percent: float
    seconds_left: float | None


class Tracker:
    """Turns the progress of stages, of which each has its share of the work, into steps of the whole.

    `weights` is each stage's share of the work (they need not add up to 1); `tell` hears every step of half a percent
    or a new stage. `seconds` are the wall seconds that each finished stage took.
    """

    def __init__(
        self, weights: Mapping[str, float], tell: Callable[[Step], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        whole = sum(weights.values())
        self._weights = {name: weight / whole for name, weight in weights.items()}
        self._tell, self._clock = tell, clock
        self._began = self._stage_began = clock()
        self._done, self._last, self._stage = 0.0, -1.0, ""
        self.seconds: dict[str, float] = {}

    def stage(self, name: str) -> Progress:
        """The progress to hand to the stage `name`, which begins now; the stage before it is done."""
        self._finish_stage()
        self._stage, self._stage_began, self._last = name, self._clock(), -1.0
        self._progress(0.0)
        return self._progress

    def finish(self) -> None:
        self._finish_stage()
        self._tell(Step("done", 100.0, 0.0))

    def _finish_stage(self) -> None:
        if self._stage:
            self.seconds[self._stage] = round(self._clock() - self._stage_began, 3)
            self._done += self._weights[self._stage]

    def _progress(self, share: float) -> None:
        whole = min(1.0, self._done + self._weights[self._stage] * min(1.0, max(0.0, share)))
        if whole - self._last < 0.005:
            return
        self._last = whole
        spent = self._clock() - self._began
        left = spent * (1 - whole) / whole if whole >= SETTLED else None
        self._tell(Step(self._stage, round(100 * whole, 1), None if left is None else round(left, 1)))
