"""A lesson as it is looked at again: what was said, block by block, and where something was asked and waited for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coaching.access import Action, decide
from coaching.corrections import Correction
from coaching.lesson import Lesson
from coaching.library import Listed
from coaching.metrics.questions import Question, find_questions
from coaching.metrics.wait import waits_after_questions
from coaching.ports import Lessons
from coaching.services.lessons import spoken, unheard
from coaching.spans import Span, overlap, subtract
from coaching.transcript import FLOOR_GAP_S, Role, Transcript, Utterance

LONGEST_BLOCK_S = 45.0
"""A voice that goes on is cut between two utterances after this, so that people can follow where it is."""


@dataclass(frozen=True, slots=True)
class Block:
    """What one voice said in a row, as the transcript shows it."""

    speaker: str
    utterances: tuple[Utterance, ...]

    @property
    def span(self) -> Span:
        return Span(self.utterances[0].span.start, max(u.span.end for u in self.utterances))


@dataclass(frozen=True, slots=True)
class Heard:
    """What the measures are made of: `talk` by role where one voice talks alone, `several` where more do; `waits` from
    a question to whoever answered. `limits` are sentences on the recording's sound."""

    talk: dict[Role, list[Span]]
    several: list[Span]
    questions: tuple[Question, ...]
    waits: tuple[Span, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """`heard` and `lesson` are None for somebody to whom the measures were not given. Of what was `put_right`,
    `not_carried` found no place in what was heard last."""

    listed: Listed
    may: frozenset[Action]
    transcript: Transcript
    heard: Heard | None
    lesson: Lesson | None = None
    put_right: tuple[Correction, ...] = ()
    not_carried: tuple[Correction, ...] = ()


def look(lessons: Lessons, viewer: str, recording: str) -> Looked:
    """The run that is shown, corrected, as far as it was given to them. Raises NotThere, also where nothing stands."""
    listed = lessons.listed(viewer, recording)
    may = frozenset(a for a in Action if decide(viewer, a, listed.owner, listed.given).allowed)
    made = tuple(lessons.corrections(viewer, recording))
    if Action.MEASURE not in may:
        return Looked(listed, may, spoken(lessons, viewer, recording), None, put_right=made)
    found = unheard(lessons, viewer, recording)  # an ear corrects measures, and none is shown here
    transcript = found.lesson.transcript
    heard = heard_in(transcript, found.lesson.limits)
    return Looked(listed, may, transcript, heard, found.lesson, made, found.not_carried)


def blocks(transcript: Transcript) -> Iterator[Block]:
    """Every utterance once, in order: a block ends with another voice, a pause, or when it is long."""
    row: list[Utterance] = []
    for u in transcript.utterances:
        if row and not _goes_on(row, u):
            yield Block(row[0].speaker, tuple(row))
            row = []
        row.append(u)
    if row:
        yield Block(row[0].speaker, tuple(row))


def _goes_on(row: list[Utterance], u: Utterance) -> bool:
    same, pause = u.speaker == row[0].speaker, u.span.start - row[-1].span.end
    return same and pause < FLOOR_GAP_S and u.span.end - row[0].span.start <= LONGEST_BLOCK_S


def heard_in(transcript: Transcript, limits: tuple[str, ...]) -> Heard:
    """What the measures of this transcript are made of."""
    several = overlap(part for u in transcript.utterances if (part := u.span & transcript.whole))
    found = find_questions(transcript)
    waits = waits_after_questions(transcript, found).answered
    return Heard(
        talk={role: subtract(transcript.speech(role), several) for role in Role},
        several=several,
        questions=found,
        waits=tuple(moment.span for moment in waits),
        limits=limits,
    )
