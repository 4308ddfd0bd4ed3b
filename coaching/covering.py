"""Faces covered in a clip: its owner asks for it, a machine looks for them, a person corrects, and a film is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from coaching.faces import Face, Marked, corrected
from coaching.given_clips import Film
from coaching.handouts import Making
from coaching.spans import Span


@dataclass(frozen=True, slots=True)
class Looking:
    """How far a machine is with looking for faces, 0 to 1; `reason` says why it failed, in a sentence."""

    state: Making
    share: float = 0.0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Covering:
    """A clip and what is covered in it. Nothing is while nobody `asked` for it. `found` is what the machine took for
    faces in these very seconds, nothing while it is still `looking`; `film` is of the clip as it is now, with what is
    `marked` now, and waits while the machine looks."""

    clip: str
    recording: str
    name: str
    start: float
    stop: float
    asked: bool
    looking: Looking
    found: tuple[Face, ...]
    marked: Marked
    film: Film

    @property
    def span(self) -> Span:
        return Span(self.start, self.stop)

    @property
    def faces(self) -> tuple[Face, ...]:
        """All that is covered."""
        return corrected(self.found, self.marked)


class Faces(Protocol):
    """`viewer` is the id of the person who asks. Each is the lesson's owner's alone, for clips that they made: for
    everybody else it is not there (`coaching.access.NotThere`)."""

    def cover(self, viewer: str, clip: str) -> None:
        """Have the faces in it covered. Asked again, what failed is tried again. Raises BadInput where there is no film
        of the lesson, or not yet."""
        ...

    def faces(self, viewer: str, clip: str) -> Covering: ...

    def mark(self, viewer: str, clip: str, marked: Marked) -> None:
        """Keep this as what was put right, in the place of what was; the film is made anew. NotThere where nobody asked
        for the clip to be covered."""
        ...

    def uncover(self, viewer: str, clip: str) -> None:
        """Forget what was found and put right, and remove the film."""
        ...
