"""What a teacher looks back on: action steps that are closed, changes beyond chance, words that they kept. Nothing is
counted, scored or compared with others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coaching.coached import Cycles, Look
from coaching.people import Person
from coaching.ports import Lessons
from coaching.progress import Progress, Words
from coaching.services.cycles import Evidence, evidence_of


@dataclass(frozen=True, slots=True)
class In:
    """The cycle that something is of; its `id` for its teacher alone."""

    name: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """An action step, and what became of it."""

    cycle: In
    body: str
    outcome: str
    when: datetime


@dataclass(frozen=True, slots=True)
class Changed:
    cycle: In
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class LookedBack:
    """Each the last first."""

    whose: Person
    closed: tuple[Closed, ...]
    changed: tuple[Changed, ...]
    kept: tuple[Words, ...]


def look_back(progress: Progress, cycles: Cycles, lessons: Lessons, viewer: str, of: str) -> LookedBack:
    """The page of `of`, for them and for whom they show it to. Raises NotThere.

    What changed is told by what a cycle had set out to look at (`evidence`), so that chance is not picked out of many
    numbers. Whom it is shown to reads it as its teacher does, and is led to no cycle and no lesson.
    """
    whose = progress.whose(viewer, of)
    past = cycles.past(of)
    cycle = {one.cycle.id: In(one.cycle.name, one.cycle.id if viewer == of else None) for one in past}
    closed = [
        Closed(cycle[one.cycle.id], step.body, step.outcome, step.closed)
        for one in past
        if (step := one.action_step) and step.closed
    ]
    twice = [one for one in past if {lesson.look for lesson in one.lessons} == set(Look)]
    found = zip(twice, evidence_of(lessons, of, twice), strict=True)
    changed = [Changed(cycle[one.cycle.id], what) for one, all in found for what in all if what.detectable]
    closed.sort(key=lambda one: one.when, reverse=True)
    return LookedBack(whose, tuple(closed), tuple(changed), tuple(progress.kept(viewer, of)))
