"""How right the machine was in one room, from a few seconds that a person heard, and the totals corrected by it.

The machine puts every moment into one of four classes. Clips are drawn at random within each class, a person says who
really speaks at their middle, and so P(truth | machine's class) is known, with its uncertainty. The truth's shares of
the lesson are these, weighted by the machine's shares (a post-stratified estimate: Olofsson et al., Remote Sensing of
Environment 2014, have the same for maps).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from coaching.metrics.talk import heard
from coaching.spans import Span, gaps, intersect, overlap, subtract, total
from coaching.transcript import Role, Transcript


class Who(StrEnum):
    """Who has the air at one moment."""

    TEACHER = "teacher"
    STUDENT = "student"
    SEVERAL = "several"
    NOBODY = "nobody"


Table = Mapping[Who, Mapping[Who, float]]
"""By the machine's class, and in it by the truth's."""

FEWEST = 20
"""With fewer usable answers nothing is corrected: the ranges would say little, and hold the truth less often."""

PRIOR_ANSWERS = 2.0
PRIOR_RIGHT = 5 / 6
"""Each class begins with two answers that nobody gave, five sixths of them right: teacher and students are taken for
each other in 17% of the speech of classrooms (EDM 2025). So ten right answers of ten are not certainty, and a class
without an answer has a range. Two: of the weights that were tried, this one held the truth nearest to 95% of the time
(docs/calibration.md)."""

ELSEWHERE = 0.5
"""In another lesson of the same room an answer counts as half an answer: other children, other places, other work."""

LASTS_DAYS = 365
"""After so many days it counts for nothing. This, the half, and the straight line between are a convention."""

DRAWS = 2000
"""So many drawn tables move the ends of a range by a few tenths of a percent from those of endless many."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person heard: `counts` by the machine's class and by what they said. `cannot_tell` is left out of them.

    `day` (ISO 8601) is that of the lesson which was heard.
    """

    counts: Mapping[Who, Mapping[Who, int]]
    cannot_tell: int
    day: str

    @property
    def usable(self) -> int:
        return sum(sum(row.values()) for row in self.counts.values())

    @property
    def agreed(self) -> int:
        return sum(row.get(machine, 0) for machine, row in self.counts.items())


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95% interval."""

    value: float
    low: float
    high: float

    def scaled(self, by: float) -> Estimate:
        return Estimate(by * self.value, by * self.low, by * self.high)

    def mirrored(self) -> Estimate:
        """Of what is left to 100."""
        return Estimate(100 - self.value, 100 - self.high, 100 - self.low)


@dataclass(frozen=True, slots=True)
class Checked:
    """A lesson as a person's ear has it, all in percent: `right` of the time, each class's `share`, the `teacher_talk`.

    `machine` are the machine's own shares; `teacher_talk` is None where nobody speaks. `age_days` None: the answers are
    of this very lesson; else they are of another one in `room`, so many days away.
    """

    answers: Answers
    machine: Mapping[Who, float]
    share: Mapping[Who, Estimate]
    right: Estimate
    teacher_talk: Estimate | None
    room: str = ""
    age_days: int | None = None

    @property
    def unheard(self) -> tuple[Who, ...]:
        """The classes of this lesson in which no answer is usable: the machine is believed, the range is wide."""
        return tuple(w for w, share in self.machine.items() if share > 0 and not sum(self.answers.counts[w].values()))


def classes(transcript: Transcript) -> Mapping[Who, list[Span]]:
    """What the machine thinks: of every class its disjoint spans. One voice of unknown role alone is in none."""
    several = overlap(part for u in transcript.utterances if (part := u.span & transcript.whole))
    return {
        Who.TEACHER: subtract(heard(transcript, Role.TEACHER), several),
        Who.STUDENT: subtract(heard(transcript, Role.STUDENT), several),
        Who.SEVERAL: several,
        Who.NOBODY: gaps(heard(transcript), transcript.whole),
    }


def counts_for(age_days: int | None) -> float:
    """How much of an answer an answer is: 1 in its own lesson; in another .5 (1 - days / 365), and 0 after a year.

    >>> counts_for(None), counts_for(0), counts_for(-73), counts_for(400)
    (1.0, 0.5, 0.4, 0.0)
    """
    return 1.0 if age_days is None else ELSEWHERE * max(0.0, 1 - abs(age_days) / LASTS_DAYS)


def check(transcript: Transcript, answers: Answers, room: str = "", age_days: int | None = None) -> Checked:
    """The lesson as the answers correct it.

    Values are the plain shares of the answers; a class without any is taken as the machine has it. Intervals are those
    of the Bayesian bootstrap (Rubin, Annals of Statistics 1981): tables drawn from the Dirichlet distributions of the
    answers, each worth `counts_for(age_days)`, and `PRIOR_ANSWERS`. The draws are the same for the same answers.
    """
    spans = classes(transcript)
    everything = sum(map(total, spans.values())) or 1.0
    machine = {who: total(spans[who]) / everything for who in Who}
    of_teacher = _with_teacher(transcript, spans[Who.SEVERAL])
    worth = counts_for(age_days)
    generator = random.Random(f"{sorted(machine.items())} {answers}")  # noqa: S311 - statistics, no secret
    value = _totals({w: _plain(w, answers.counts[w]) for w in Who}, machine, of_teacher, lambda: 0.5)
    drawn = []
    for _ in range(DRAWS):
        table = {w: _dirichlet(w, answers.counts[w], worth, generator) for w in Who if machine[w] > 0}
        drawn.append(_totals(table, machine, of_teacher, generator.random))
    made = {name: _estimate(value[name], [d[name] for d in drawn if name in d]) for name in value}
    return Checked(
        answers,
        {w: 100 * share for w, share in machine.items()},
        {w: made[w] for w in Who},
        made["right"],
        made.get("teacher_talk"),
        room,
        age_days,
    )


def _with_teacher(transcript: Transcript, several: Sequence[Span]) -> float:
    """Of the time in which several voices were heard, the share with the teacher's among them."""
    return total(intersect(several, heard(transcript, Role.TEACHER))) / (total(several) or 1.0)


def _plain(machine: Who, row: Mapping[Who, int]) -> Mapping[Who, float]:
    answered = sum(row.values())
    return {who: row.get(who, 0) / answered if answered else float(who is machine) for who in Who}


def _dirichlet(machine: Who, row: Mapping[Who, int], worth: float, generator: random.Random) -> Mapping[Who, float]:
    drawn = {}
    for who in Who:
        prior = PRIOR_ANSWERS * (PRIOR_RIGHT if who is machine else (1 - PRIOR_RIGHT) / (len(Who) - 1))
        drawn[who] = generator.gammavariate(prior + worth * row.get(who, 0), 1.0)
    whole = sum(drawn.values())
    return {who: part / whole for who, part in drawn.items()}


def _totals(
    table: Table, machine: Mapping[Who, float], of_teacher: float, guess: Callable[[], float]
) -> Mapping[str, float]:
    """Percent by name: each class's share, `right`, and `teacher_talk` where anybody speaks.

    Overlap counts for both sides, and where several speak a student always does: there is one teacher. Whether the
    teacher does too, nobody was asked. Where the machine heard the teacher, yes; where it heard several, as often as in
    its own overlap; where it heard a student or nobody, `guess`.
    """
    table = {w: row for w, row in table.items() if machine[w] > 0}
    found: dict[str, float] = {w: 100 * sum(machine[m] * row[w] for m, row in table.items()) for w in Who}
    found["right"] = 100 * sum(machine[m] * row[m] for m, row in table.items())
    among = {Who.TEACHER: 1.0, Who.STUDENT: guess(), Who.SEVERAL: of_teacher, Who.NOBODY: guess()}
    teacher = found[Who.TEACHER] + 100 * sum(machine[m] * row[Who.SEVERAL] * among[m] for m, row in table.items())
    student = found[Who.STUDENT] + found[Who.SEVERAL]
    if teacher + student > 0:
        found["teacher_talk"] = 100 * teacher / (teacher + student)
    return found


def _estimate(value: float, drawn: Sequence[float]) -> Estimate:
    """The middle 95% of what was drawn, and never without the value itself."""
    ordered = sorted(drawn)
    low, high = ordered[round(0.025 * (len(ordered) - 1))], ordered[round(0.975 * (len(ordered) - 1))]
    return Estimate(value, min(low, value), max(high, value))
