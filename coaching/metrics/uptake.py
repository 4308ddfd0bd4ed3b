"""Moments in which the teacher may have taken up what a student said. Candidates to look at, never a score.

Words are compared as they were recognized, and of students many are missed, so all of this is a lower bound.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coaching.languages import knows, rules
from coaching.metrics.measure import Measure, Moment, undefined, wilson
from coaching.metrics.question_rules import plain
from coaching.metrics.questions import Question, sentences, unmarked_questions
from coaching.quality import why_no_words
from coaching.transcript import Role, Transcript, Turn

FEWEST_STUDENT_WORDS = 5
"""A shorter student turn offers too little to take up (docs/measures.md)."""

TAKEN_UP = 0.25
"""At least this share of the student's content words comes back, and at least two of them (or the only one)."""

RESTATED = 0.9
"""At least this share of the teacher's words was in the student's: containment, not equality, since people shorten."""

WEIGHTS = (0.258, 0.183, 0.153, -0.018, 0.056, 0.132, 0.14)
"""Of `uptake_features`, from people's ratings of 1,507 exchanges in English (scripts/fit_uptake.py)."""

_STUDENT, _YOU = "Student: ", "\nYou: "


@dataclass(frozen=True, slots=True)
class Exchange:
    """A student's turn and the teacher's turn that follows it."""

    student: Turn
    teacher: Turn

    def moment(self, language: str | None) -> Moment:
        """Both turns, the student's words first, each on its own line; `value` is `uptake_strength`, to rank by."""
        student, teacher = self.student.text, self.teacher.text
        strength = uptake_strength(student, teacher, language)
        return Moment(self.student.span | self.teacher.span, f"{_STUDENT}{student}{_YOU}{teacher}", strength)


def both_said(moment: Moment) -> tuple[str, str]:
    """What the student and the teacher said in the moment of an exchange."""
    student, _, teacher = moment.text.removeprefix(_STUDENT).partition(_YOU)
    return student, teacher


def exchanges(transcript: Transcript) -> list[Exchange]:
    """Each student turn that a teacher turn follows directly, in order of time."""
    return [
        Exchange(a, b) for a, b in pairwise(_worded(transcript)) if (a.role, b.role) == (Role.STUDENT, Role.TEACHER)
    ]


def strongest_first(found: Iterable[Exchange], language: str | None) -> tuple[Moment, ...]:
    """The moments of exchanges, those first in which the teacher most likely took up the student's words."""
    moments = (exchange.moment(language) for exchange in found)
    return tuple(sorted(moments, key=lambda m: (-(m.value or 0.0), m.span)))


def _worded(transcript: Transcript) -> tuple[Turn, ...]:
    """The turns of what has words: a cough, or a voice too faint to be understood, comes between nobody."""
    return replace(transcript, utterances=tuple(u for u in transcript.utterances if u.text)).turns


def uptake_strength(student_text: str, teacher_text: str, language: str | None = None) -> float | None:
    """How likely the teacher's words take up the student's: only to put moments in order, no amount of anything.

    `uptake_features` times `WEIGHTS`. None where either said nothing, or where there are no rules for the language.
    """
    if not knows(language) or not plain(student_text) or not plain(teacher_text):
        return None
    return sum(w * x for w, x in zip(WEIGHTS, uptake_features(student_text, teacher_text, language), strict=True))


def uptake_features(student: str, teacher: str, language: str | None = None) -> tuple[float, ...]:
    """What `uptake_strength` weighs; it holds no word, only what is shared and how long it is.

    The logarithms of 1 + shared words, shared content words and the teacher's words, the last also squared; the
    student's content words that come back (0 to 1) times the teacher's length; whether the teacher asks something (0 or
    1); and whether that holds a shared content word.
    """
    known = rules(language)
    theirs, mine = ({known.stemmed(w) for w in plain(text).split()} for text in (student, teacher))
    matter = content_words(student, language)
    shared = matter & content_words(teacher, language)
    length = math.log1p(len(plain(teacher).split()))
    asked = float("?" in teacher or any(hit.sure for *_, hit in unmarked_questions(teacher, language)))
    return (
        math.log1p(len(theirs & mine)),
        math.log1p(len(shared)),
        length,
        length**2,
        length * len(shared) / max(1, len(matter)),
        asked,
        asked * bool(shared),
    )


def takes_up(student: str, teacher: str, language: str | None = None) -> bool:
    """Whether the teacher's words take up the student's: shared content words over the student's content words."""
    theirs = content_words(student, language)
    shared = theirs & content_words(teacher, language)
    return len(shared) >= min(2, len(theirs)) > 0 and len(shared) / len(theirs) >= TAKEN_UP


def restates(student: str, teacher: str, language: str | None = None) -> bool:
    """Whether the teacher's first sentence is contained in what the student said: shared words over its words.

    A sentence of small change ("okay", "no") restates only a student who said just that; else the next one counts. A
    question hands the words back instead of restating them.
    """
    fillers, said = rules(language).fillers, plain(student).split()
    for start, end in sentences(teacher):
        words = plain(teacher[start:end]).split()
        if words and (words == said or not fillers.issuperset(words)):
            contained = sum(word in said for word in words) / len(words)
            return contained >= RESTATED and not teacher[start:end].endswith("?")
    return False


def content_words(text: str, language: str | None = None) -> set[str]:
    """The words of `text` that carry its matter, a plural as its singular."""
    known = rules(language)
    return {known.stemmed(w) for w in plain(text).split() if w not in known.stop_words}


def uptake(transcript: Transcript) -> Measure:
    """Percent of student turns of 5 words or more followed by a teacher turn that takes up their words.

    Never shown as a score: what is shown are its moments. Talk without recognized words is left out first. Components:
    `student_turns` (of 5 words or more), `taken_up`. Evidence: each candidate with both people's words, the strongest
    first; `value` is its strength, for ranking alone. Undefined: no teacher, no words, or no such student turn.
    """
    if reason := why_no_words(transcript):
        return undefined("uptake", "%", reason)
    students = [t for t in _worded(transcript) if t.role is Role.STUDENT]
    long_enough = [t for t in students if len(t.text.split()) >= FEWEST_STUDENT_WORDS]
    candidates = _taken_up(transcript)
    components = {"student_turns": len(long_enough), "taken_up": len(candidates)}
    if not long_enough:
        reason = "No student turn of five recognized words or more was heard."
        return undefined("uptake", "%", reason, components)
    return Measure(
        "uptake",
        100 * len(candidates) / len(long_enough),
        "%",
        wilson(len(candidates), len(long_enough), "chance, with so few student turns"),
        components,
        strongest_first(candidates, transcript.language),
    )


def restating(transcript: Transcript) -> Measure:
    """Number of teacher utterances contained in the student utterance before them.

    Of what the teacher says up to the first pause of half a second, the first sentence that says more than "okay" is
    compared with the student's last utterance: nine in ten of its words were there. A question restates nothing.
    Components: `restated`, `exchanges`. Evidence: as of `uptake`. Undefined: no teacher, no words.
    """
    if reason := why_no_words(transcript):
        return undefined("restating", "moments", reason)
    pairs = exchanges(transcript)
    found = [
        e for e in pairs if restates(e.student.utterances[-1].text, e.teacher.utterances[0].text, transcript.language)
    ]
    return Measure(
        "restating",
        float(len(found)),
        "moments",
        components={"restated": len(found), "exchanges": len(pairs)},
        evidence=strongest_first(found, transcript.language),
    )


def follow_up(transcript: Transcript, found: Sequence[Question]) -> Measure:
    """Percent of the teacher turns that take up a student's words which hold an open, reason or relating question.

    Components: `taken_up`, `followed_up`. Evidence: those exchanges, as of `uptake`. Undefined: no teacher, no
    words, nothing taken up.
    """
    if reason := why_no_words(transcript):
        return undefined("follow_up", "%", reason)
    wide = {q.utterance for q in found if q.kind.is_open}
    candidates = _taken_up(transcript)
    hits = [e for e in candidates if any(u in wide for u in e.teacher.utterances)]
    components = {"taken_up": len(candidates), "followed_up": len(hits)}
    if not candidates:
        return undefined("follow_up", "%", "No moment was found in which you took up a student’s words.", components)
    return Measure(
        "follow_up",
        100 * len(hits) / len(candidates),
        "%",
        wilson(len(hits), len(candidates), "chance, with so few moments"),
        components,
        strongest_first(hits, transcript.language),
    )


def _taken_up(transcript: Transcript) -> list[Exchange]:
    return [
        e
        for e in exchanges(transcript)
        if len(e.student.text.split()) >= FEWEST_STUDENT_WORDS
        and takes_up(e.student.text, e.teacher.text, transcript.language)
    ]
