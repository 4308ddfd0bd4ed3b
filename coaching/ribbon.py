"""The talk ribbon: who talks when over a whole lesson, as blocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coaching.spans import Span, cover, overlap, subtract
from coaching.transcript import Role, Transcript

FINEST = 2000
"""Pauses under this fraction of the lesson are thinner than a hair on the ribbon, so they are not drawn."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A block of the ribbon: from `left`, `width` wide, in percent of the lesson."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Ribbon:
    teacher: tuple[Mark, ...]
    student: tuple[Mark, ...]
    several: tuple[Mark, ...]
    unknown: tuple[Mark, ...]


def ribbon(transcript: Transcript) -> Ribbon:
    """Teacher alone, one student alone, several voices at once, one voice of unknown role."""
    spoken = [part for u in transcript.utterances if (part := u.span & transcript.whole)]
    several = overlap(spoken)

    def alone(role: Role) -> tuple[Mark, ...]:
        return _marks(subtract(transcript.speech(role), several), transcript.duration)

    return Ribbon(alone(Role.TEACHER), alone(Role.STUDENT), _marks(several, transcript.duration), alone(Role.UNKNOWN))


def _marks(spans: Iterable[Span], duration: float) -> tuple[Mark, ...]:
    if duration <= 0:
        return ()
    joined = cover(spans, fill=duration / FINEST)
    return tuple(Mark(round(100 * s.start / duration, 3), round(100 * s.duration / duration, 3)) for s in joined)
