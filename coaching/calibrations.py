"""What an owner heard of a lesson, clip by clip, and the lesson as that corrects it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coaching.by_ear import Clip, answers, checked, fingerprint
from coaching.calibration import FEWEST, Who
from coaching.lesson import Lesson


@dataclass(frozen=True, slots=True)
class Heard:
    """Who they said speaks at the middle of `clip`; None is "cannot tell". `of` is the fingerprint of all that the
    machine thought then (by_ear.fingerprint)."""

    of: str
    clip: Clip
    said: Who | None
    made: datetime


class Calibrations(Protocol):
    """`viewer` is the id of the person who asks, `recording` a recording's. Raises NotThere like all of `Lessons`."""

    def hear(self, viewer: str, recording: str, of: str, clip: Clip, said: Who | None) -> None:
        """Keep what its owner heard; of the same moment and voices, the last word counts."""
        ...

    def heard(self, viewer: str, recording: str) -> list[Heard]:
        """What its owner heard, in order, for whoever may see the measures: they are corrected by it."""
        ...

    def forget_heard(self, viewer: str, recording: str) -> None:
        """Forget all that its owner heard of it."""
        ...


def corrected_by(lesson: Lesson, heard: Sequence[Heard]) -> Lesson:
    """The lesson as its owner's ear has it; as it is where too little of that counts.

    What was heard of just these voices does. All else sleeps, until they are back.
    """
    if len(heard) < FEWEST:
        return lesson
    of = fingerprint(lesson.transcript)
    mine = [one for one in heard if one.of == of]
    if sum(one.said is not None for one in mine) < FEWEST:
        return lesson
    day = lesson.recording.recorded or max(one.made for one in mine).date().isoformat()
    return checked(lesson, answers([one.clip for one in mine], [one.said for one in mine], day))
