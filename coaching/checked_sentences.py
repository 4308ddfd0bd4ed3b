"""What checking by ear found, in plain sentences, in the second person."""

from __future__ import annotations

from coaching.calibration import LASTS_DAYS, Checked, Estimate, Who
from coaching.metrics.measure import Measure

CLASSES = {
    Who.TEACHER: "you",
    Who.STUDENT: "a student",
    Who.SEVERAL: "several voices",
    Who.NOBODY: "nobody",
}
"""What people call a class, in the second person of the reports."""


def right_sentence(found: Checked) -> str:
    """How often the machine was right, weighted by what fills the lesson."""
    right = found.right
    if found.answers.agreed < found.answers.usable:  # 99.6 is not always
        right = Estimate(min(right.value, 99.0), right.low, right.high)
    ends = f"{right.low:.0f}–{right.high:.0f}%"
    return f"In this room the machine was right {right.value:.0f}% of the time ({ends})."


def answers_sentence(found: Checked) -> str:
    """How many clips that is known from, and how many did not count."""
    given = found.answers
    left = f" ({given.cannot_tell} more could not be told)" if given.cannot_tell else ""
    agreed = f"On {given.agreed} of {given.usable} clips, ear and machine agreed{left}."
    return f"{agreed} Each kind of moment weighs as much as it fills of the lesson."


def so_far(found: Checked, before: Measure | None, after: Measure | None) -> str:
    """How often ear and machine agree, and the teacher's share of talk `before` any clip was heard and `after`."""
    agreed = f"So far, ear and machine agree on {found.answers.agreed} of {found.answers.usable} clips."
    if before is None or after is None or after.corrected is None:
        return agreed
    return f"{agreed} Your share of talk: {_ranged(after)}, before {_ranged(before)}."


def _ranged(m: Measure) -> str:
    ends = f" ({m.interval.low:.0f}–{m.interval.high:.0f}%)" if m.interval else ""
    return f"{m.shown:.0f}%{ends}"


def notes(found: Checked) -> tuple[str, ...]:
    """What makes the ranges wider than the answers alone would."""
    said = []
    if found.age_days is not None:
        said.append(
            f"The clips were of another lesson in “{found.room}”, {away(found.age_days)}. So each counts as half a "
            f"clip at most, and after {LASTS_DAYS} days for nothing. That is a convention: nobody has "
            "measured how fast a room changes."
        )
    if found.unheard:
        kinds = " or ".join(CLASSES[who] for who in found.unheard)
        share = sum(found.machine[who] for who in found.unheard)
        said.append(
            f"No clip counts in which the machine heard {kinds} ({share:.1f}% of the lesson). There it is believed, "
            "and the range is as wide as two made-up answers leave it, five sixths of them right: in classrooms 17% of "
            "speech was given to the wrong side (EDM 2025)."
        )
    return tuple(said)


def away(days: int) -> str:
    """How far two lessons are apart: on the same day, 1 day away, 12 days away."""
    return {0: "on the same day", 1: "1 day away"}.get(abs(days), f"{abs(days)} days away")
