"""Moments of a lesson that may be worth talking about, each with its reason: offers to look at, never findings.

They are mostly the evidence that the measures keep already, so what was put right is in them, and what a recording
cannot carry is not. Of each kind at most eight are offered, the strongest ones, in order of time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from textwrap import shorten

from coaching.lesson import Lesson
from coaching.metrics.measure import Measure, Moment
from coaching.metrics.sentences import counted, length
from coaching.metrics.talk import QUIET_WORK_S
from coaching.metrics.turns import SHORT_INTERRUPTION_S
from coaching.metrics.uptake import both_said, content_words
from coaching.metrics.wait import tenths
from coaching.spans import Span
from coaching.transcript import Role, Transcript, Utterance

MOST = 8
"""Of a kind: what two people look through in ten minutes, and still choose from."""

LONG_TALK_S = 120.0
"""Teacher talk from here on is long enough to ask what the others did meanwhile."""

FEWEST_VOICES = 3
"""With two it is often one voice that the machine took for two; discussion, too, begins with three (Nystrand 2003)."""

QUOTED = 80
"""Letters of what was said; the rest is heard there."""


class Kind(StrEnum):
    LONG_WAIT = "long_wait"
    OPEN_QUESTION = "open_question"
    UPTAKE = "uptake"
    LONG_TALK = "long_talk"
    MANY_VOICES = "many_voices"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A moment to look at. `why` is a plain sentence for whoever may read the lesson: it may quote it."""

    span: Span
    kind: Kind
    why: str


def candidates(lesson: Lesson, hidden: Collection[str] = ()) -> tuple[Candidate, ...]:
    """In order of time. Nothing that the measures named in `hidden` are made of is among them."""
    measures = {m.name: m for m in lesson.measures if m.name not in hidden}
    found = [
        Candidate(span, kind, why)
        for kind, (name, strongest_first) in _MADE_OF.items()
        if name in measures
        for span, why in strongest_first(measures, lesson.transcript)[:MOST]
    ]
    return tuple(sorted(found, key=lambda one: one.span))


_Found = list[tuple[Span, str]]
_Measures = Mapping[str, Measure]


def _long_waits(measures: _Measures, _: Transcript) -> _Found:
    """The longest first."""
    waits = sorted(measures["wait_time_1_long"].evidence, key=lambda m: -m.span.duration)
    return [(m.span, f"{tenths(m.span.duration)} s of waiting after {_quoted(m.text)}.") for m in waits]


def _open_questions(measures: _Measures, _: Transcript) -> _Found:
    """Those first after which a student spoke longest."""
    answers = _answers(measures)
    asked = sorted(measures["open_share"].evidence, key=lambda m: -answers.get(m.span, 0.0))

    def why(m: Moment) -> str:
        answer = f"; the answer went on for {answers[m.span]:.1f} s" if m.span in answers else ""
        return f"{_quoted(m.text)} asks for ideas or reasons{answer}."

    return [(m.span, why(m)) for m in asked]


def _answers(measures: _Measures) -> Mapping[Span, float]:
    """The seconds of the answer to each question that has one: to the last one that began before it."""
    if "questions" not in measures or "student_response" not in measures:
        return {}
    asked = [m.span for m in measures["questions"].evidence]
    starts = [span.start for span in asked]
    found = ((bisect_right(starts, a.span.start), a.value or 0.0) for a in measures["student_response"].evidence)
    return {asked[n - 1]: seconds for n, seconds in found if n}


def _uptake(measures: _Measures, transcript: Transcript) -> _Found:
    """Those first that the measure takes for the likeliest."""

    def why(m: Moment) -> str:
        student, teacher = both_said(m)
        shared = content_words(student, transcript.language) & content_words(teacher, transcript.language)
        return f"{counted(len(shared), 'word')} of a student’s {_quoted(student)} came back in {_quoted(teacher)}."

    return [(m.span, why(m)) for m in measures["uptake"].evidence[:MOST]]


def _long_talk(measures: _Measures, _: Transcript) -> _Found:
    """The longest first; the measure keeps three."""
    talk = (m for m in measures["longest_teacher_talk"].evidence if m.span.duration >= LONG_TALK_S)
    alone = "with no more than a word from anybody else"
    return [(m.span, f"{length(m.span.duration)} of teacher talk in a row, {alone}.") for m in talk]


def _many_voices(measures: _Measures, transcript: Transcript) -> _Found:
    """Those with the most turns first. None where the recording says nothing of turns."""
    if measures["turns"].value is None:
        return []
    found: list[tuple[int, Span, str]] = []
    for run in _among_students(transcript):
        voices = len({u.speaker for u in run})
        if voices >= FEWEST_VOICES:
            turns = 1 + sum(a.speaker != b.speaker for a, b in pairwise(run))
            span = Span(run[0].span.start, max(u.span.end for u in run))
            why = f"{voices} students’ voices in {turns} turns, {length(span.duration)} without the teacher between."
            found.append((turns, span, why))
    return [(span, why) for _, span, why in sorted(found, key=lambda one: (-one[0], one[1]))]


def _among_students(transcript: Transcript) -> list[list[Utterance]]:
    """Students' utterances, grouped where nobody else spoke between, and no silence of quiet work lies there.

    What lasts less than a second ("yes") is no turn, whoever says it.
    """
    runs: list[list[Utterance]] = []
    end = others = 0.0  # until when a student of the run, and anybody else, was heard
    broken = True
    for u in transcript.utterances:
        if u.span.duration < SHORT_INTERRUPTION_S:
            continue
        if transcript.role(u.speaker) is not Role.STUDENT:
            others, broken = max(others, u.span.end), True
            continue
        if broken or u.span.start < others or u.span.start - end >= QUIET_WORK_S:
            runs.append([])
            end = u.span.end
        runs[-1].append(u)
        end, broken = max(end, u.span.end), False
    return runs


def _quoted(text: str) -> str:
    """The first words, in quotation marks."""
    return "“" + shorten(text.strip(' "“”'), QUOTED, placeholder="…") + "”"


_MADE_OF: Mapping[Kind, tuple[str, Callable[[_Measures, Transcript], _Found]]] = {
    Kind.LONG_WAIT: ("wait_time_1_long", _long_waits),
    Kind.OPEN_QUESTION: ("open_share", _open_questions),
    Kind.UPTAKE: ("uptake", _uptake),
    Kind.LONG_TALK: ("longest_teacher_talk", _long_talk),
    Kind.MANY_VOICES: ("turns", _many_voices),
}
"""The measure without which there are none of the kind, and what finds them: the strongest first."""
