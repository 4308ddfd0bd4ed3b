"""Putting a lesson right on its page: from voices as they stand there to the moments that a correction is kept with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coaching.corrections import Correction, Kind
from coaching.errors import BadInput
from coaching.ports import Lessons
from coaching.services.lessons import spoken
from coaching.spans import Span, clock
from coaching.transcript import Role, Transcript

ROLES = {Role.TEACHER: "is the teacher", Role.STUDENT: "is a student", Role.UNKNOWN: "has no known role"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to be otherwise. `voice` and `other` are ids of voices as the page shows them."""

    kind: Kind
    voice: str | None = None
    other: str | None = None
    spans: tuple[Span, ...] = ()
    role: Role | None = None
    text: str = ""


def put_right(lessons: Lessons, viewer: str, recording: str, wish: Wish) -> tuple[str, str]:
    """Keep it; its id, and what it says. Raises NotThere; BadInput where there is no such voice."""
    transcript = spoken(lessons, viewer, recording)
    made = Correction(
        wish.kind,
        wish.spans if wish.voice is None else _of(transcript, wish.voice),
        wish.role,
        wish.text.strip(),
        () if wish.other is None else _of(transcript, wish.other),
    )
    return lessons.correct(viewer, recording, made), said(made)


def said(correction: Correction) -> str:
    """What it says, in a sentence for the list of what was put right."""
    at, other = _at(correction.spans), _at(correction.other)
    match correction.kind:
        case Kind.ROLE:
            return f"The voice at {at} {ROLES[correction.role or Role.UNKNOWN]}."
        case Kind.NAME:
            return f"The voice at {at} is called {correction.text}." if correction.text else f"No name at {at}."
        case Kind.MERGE:
            return f"The voices at {at} and at {other} are one."
        case Kind.VOICE:
            return f"The voice at {other} spoke at {at}." if correction.other else f"Somebody else spoke at {at}."
        case Kind.TEXT:
            return f"Other words at {at}." if correction.text else f"No words at {at}."
        case Kind.QUESTION:
            return f"Another kind of question at {at}." if correction.text else f"No question at {at}."


def _of(transcript: Transcript, voice: str) -> tuple[Span, ...]:
    found = tuple(u.span for u in transcript.utterances if u.speaker == voice)
    if not found:
        raise BadInput("There is no such voice in this lesson any more. Reload the page.")
    return found


def _at(spans: Sequence[Span]) -> str:
    return clock(min((span.start for span in spans), default=0.0))
