"""The moments of a lesson that are offered to whoever looks at it, without what its teacher has still to guess."""

from __future__ import annotations

from dataclasses import dataclass

from coaching.candidates import Candidate, candidates
from coaching.ports import Lessons
from coaching.services.insights import untold
from coaching.services.review import Looked


@dataclass(frozen=True, slots=True)
class Offered:
    """`to_guess`: there may be more once the viewer, who taught it, has guessed or skipped what is asked."""

    moments: tuple[Candidate, ...]
    to_guess: bool = False


def offered(lessons: Lessons, viewer: str, seen: Looked) -> Offered | None:
    """None for somebody to whom the measures were not given."""
    if seen.lesson is None:
        return None
    own = viewer == seen.listed.owner
    hidden = untold(seen.lesson, lessons.guesses(viewer, seen.listed.id)) if own else frozenset[str]()
    return Offered(candidates(seen.lesson, hidden), bool(hidden))
