"""Predict, then reveal: what a teacher can guess of a lesson before they see it, and what that hides until then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from coaching.errors import BadInput


@dataclass(frozen=True, slots=True)
class Guessable:
    """A measure that can be guessed from 0 to `highest` (in its own unit) in steps of `step`, and how it is asked for.

    `hides` are the measures that would tell it, itself among them.
    """

    measure: str
    question: str
    highest: float
    step: float
    unit: str
    hides: frozenset[str]


GUESSABLE = (
    Guessable(
        "teacher_talk",
        "How much of the talk time did you speak?",
        100,
        1,
        "%",
        frozenset({"teacher_talk", "student_talk"}),
    ),
    Guessable(
        "wait_time_1",
        "How long did you usually wait after a question?",
        6,
        0.1,
        "s",
        frozenset({"wait_time_1", "wait_time_1_long"}),
    ),
    Guessable(
        "open_share",
        "Of your questions on the matter, how many asked for ideas or reasons?",
        100,
        1,
        "%",
        frozenset({"open_share", "reason_questions"}),
    ),
    Guessable(
        "questions",
        "How many questions did you ask in ten minutes?",
        40,
        1,
        "in ten minutes",
        frozenset({"questions", "open_share", "reason_questions"}),
    ),
)
"""In the order in which they are asked."""

INSTEAD = {"questions": "open_share"}
"""What is only asked for where the other is not given, and was not asked for: of questions one guess is enough."""


class Predictions(Protocol):
    """A guess is the person's own. `viewer` is the id of the person who asks, the lesson's owner: nobody else guesses.
    Raises NotThere like all of `Lessons`."""

    def guess(self, viewer: str, recording: str, measure: str, value: float | None) -> None:
        """Keep what they guessed, None where they would rather not. The first one stays: after it they have looked.
        Raises BadInput."""
        ...

    def guesses(self, viewer: str, recording: str) -> Mapping[str, float | None]:
        """What they guessed, by measure, whatever was found since."""
        ...


def check_guess(measure: str, value: float | None) -> None:
    """Raises BadInput for what is not asked for."""
    asked = next((g for g in GUESSABLE if g.measure == measure), None)
    if asked is None:
        raise BadInput("This cannot be guessed.")
    if value is not None and not 0 <= value <= asked.highest:  # false for NaN too
        raise BadInput(f"A guess lies between 0 and {asked.highest:.0f}.")


def to_ask(given: Collection[str], guessed: Collection[str]) -> tuple[Guessable, ...]:
    """What is still to be asked for, of a lesson of which the measures `given` can be shown."""
    return tuple(
        g
        for g in GUESSABLE
        if g.measure in given and g.measure not in guessed and INSTEAD.get(g.measure) not in {*given, *guessed}
    )
