"""Coding rounds: two people label the same stretches of a lesson, each for themselves, and then see where they agree.

It is about a codebook and the two who use it, never about the teacher: no number here is of a lesson.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Protocol

from coaching.codebooks import Codebook, Label
from coaching.errors import BadInput
from coaching.spans import Span, clock

FEWEST, MOST = 2, 60
"""Stretches of a round."""

MOST_ROUNDS = 20
"""That one person begins on one lesson."""

SHORTEST_S, LONGEST_S = 2.0, 300.0

LONGEST_NAME = 120
"""Characters of a stretch's name, like a clip's."""

Kappa = Callable[[Sequence[bool], Sequence[bool]], float]
"""Cohen's kappa of two who said yes or no to the same cases in the same order."""

Marks = tuple[frozenset[str] | None, ...]
"""The names of labels for each stretch; None where they have not looked yet."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Seconds of the recording that are labelled as one case."""

    span: Span
    name: str = ""


@dataclass(frozen=True, slots=True)
class Coder:
    """One of the two. Until both are `done`, the other's `marks` are told to nobody: they are empty."""

    person: str
    called: str
    marks: Marks
    done: bool


@dataclass(frozen=True, slots=True)
class Round:
    """`coders` are those who still have an account, the one who asks first. `codebook` is a copy of the version that it
    began with, `owner` the lesson's."""

    id: str
    recording: str
    lesson: str
    owner: str
    codebook: Codebook
    stretches: tuple[Stretch, ...]
    begun_by: str
    made: datetime
    coders: tuple[Coder, ...]

    @property
    def done(self) -> bool:
        """Whether it can be compared."""
        return len(self.coders) == 2 and all(coder.done for coder in self.coders)


class Coding(Protocol):
    """`viewer` is the id of the person who asks. A round is there for the two who are in it, for as long as they may
    comment on the lesson; its owner is told that there is one, and can end it. Raises NotThere like all of `Lessons`.
    """

    def begin_round(
        self, viewer: str, recording: str, email: str, codebook: Codebook, stretches: Sequence[Stretch]
    ) -> str:
        """Its id. Raises BadInput, and NoColleague for whom one could not share a lesson with. Whether the other may
        see this lesson is not told: until they may, the round is not there for them."""
        ...

    def rounds(self, viewer: str, recording: str | None = None) -> list[Round]:
        """Those that they are in, of this lesson or of all, the newest first; for a lesson's owner all of it, without
        the marks of others."""
        ...

    def round(self, viewer: str, round: str) -> Round:
        """One that they are in."""
        ...

    def mark(self, viewer: str, round: str, stretch: int, labels: Collection[str]) -> None:
        """What they see in this stretch; none is an answer too. Raises BadInput, also once they are done."""
        ...

    def finish(self, viewer: str, round: str) -> None:
        """They are done: their marks stay as they are. Raises BadInput while there is a stretch without an answer."""
        ...

    def end_round(self, viewer: str, round: str) -> None:
        """Take it away with all marks: for whoever began it, and for the lesson's owner."""
        ...


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one label: how many stretches both marked, one of the two, and neither; the numbers of those `apart` on.

    `kappa` is None where it cannot be computed, and `why` says why; `low` to `high` is where it plausibly lies.
    """

    label: Label
    both: int
    first_only: int
    second_only: int
    neither: int
    apart: tuple[int, ...]
    kappa: float | None = None
    low: float | None = None
    high: float | None = None
    why: str = ""

    @property
    def cases(self) -> int:
        return self.both + self.first_only + self.second_only + self.neither

    @property
    def agreed(self) -> int:
        return self.both + self.neither


NEVER = "Neither of you marked it."
ALWAYS = "You both marked it everywhere, so nothing tells agreeing from chance."


def agreements(codebook: Codebook, first: Marks, second: Marks, kappa: Kappa) -> list[Agreement]:
    """For each label, in order. Both have answered every stretch."""
    return [_agreement(label, first, second, kappa) for label in codebook.labels]


def _agreement(label: Label, first: Marks, second: Marks, kappa: Kappa) -> Agreement:
    said = [[label.name in (marks or ()) for marks in own] for own in (first, second)]
    pairs = list(zip(*said, strict=True))
    both, one, other, neither = (pairs.count(pair) for pair in product((True, False), repeat=2))
    apart = tuple(n for n, pair in enumerate(pairs) if len(set(pair)) > 1)
    found = Agreement(label, both, one, other, neither, apart)
    if len(pairs) in (both, neither):
        return replace(found, why=ALWAYS if both else NEVER)
    value, (low, high) = kappa(*said), plausible((both, one, other, neither))
    return replace(found, kappa=value, low=min(low, value), high=max(high, value))


DRAWS = 2_000


def plausible(counts: Sequence[int]) -> tuple[float, float]:
    """Where kappa lies in 95 of 100 cases, given how many cases both marked, one, the other, and neither.

    A Dirichlet distribution over the four with half a case added to each (Jeffreys), drawn from always in the same way:
    the bootstrap alone would give two who always agreed no range at all, however few the cases.
    """
    draw = random.Random(0)  # noqa: S311 - no secret
    found = []
    for _ in range(DRAWS):
        parts = [draw.gammavariate(count + 0.5, 1.0) for count in counts]
        both, one, other, neither = (part / math.fsum(parts) for part in parts)
        chance = (both + one) * (both + other) + (neither + one) * (neither + other)
        found.append((both + neither - chance) / (1 - chance))
    found.sort()
    return found[round(0.025 * DRAWS)], found[round(0.975 * DRAWS) - 1]


def spread(duration: float, many: int, seconds: float) -> tuple[Stretch, ...]:
    """So many stretches of as many seconds, as far from each other as a recording of `duration` seconds allows.

    Raises BadInput where they would overlap.
    """
    if many < 1 or many * seconds > duration:
        raise BadInput(f"So many stretches do not fit into {clock(duration)}. Choose fewer, or shorter ones.")
    middles = ((n + 0.5) * duration / many for n in range(many))
    return tuple(Stretch(Span(round(at - seconds / 2, 1), round(at + seconds / 2, 1))) for at in middles)


def check_stretches(stretches: Sequence[Stretch], duration: float | None) -> None:
    """Raises BadInput for what is no round about a recording of `duration` seconds, if that is known."""
    if not FEWEST <= len(stretches) <= MOST:
        raise BadInput(f"Choose {FEWEST} to {MOST} clips.")
    last = math.inf if duration is None else duration
    for span in (one.span for one in stretches):
        if not (span.start >= 0 and span.end <= last and SHORTEST_S <= span.duration <= LONGEST_S):
            raise BadInput(
                f"Each clip lies within the recording and is {SHORTEST_S:.0f} to {LONGEST_S:.0f} seconds long."
            )


def check_mark(found: Round, stretch: int, labels: Collection[str]) -> None:
    """Raises BadInput for what is no answer of the first of its coders."""
    if found.coders[0].done:
        raise BadInput("You said that you are done, so your marks stay as they are.")
    if not 0 <= stretch < len(found.stretches):
        raise BadInput("This round has no such clip.")
    if not set(labels) <= {label.name for label in found.codebook.labels}:
        raise BadInput("This codebook has no such label.")
