"""Moments in which the teacher may have taken up what a student said. Candidates to look at, never a score.

Words are compared as they were recognized, and of students many are missed, so all of this is a lower bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from coaching.metrics.measure import Measure, Moment, undefined, wilson
from coaching.metrics.question_rules import plain
from coaching.metrics.questions import Question
from coaching.quality import why_no_words
from coaching.transcript import Role, Transcript, Turn

FEWEST_STUDENT_WORDS = 5
"""A shorter student turn offers too little to take up (docs/measures.md)."""

TAKEN_UP = 0.25
"""At least this share of the student's content words comes back, and at least two of them (or the only one)."""

RESTATED = 0.75
"""At least this share of the teacher's words was in the student's: containment, not equality, since people shorten."""

FEWEST_RESTATED_WORDS = 2
"""One repeated content word is an echo of anything."""

STOP_WORDS = frozenset(
    (
        "a", "about", "after", "all", "alright", "also", "am", "an", "and", "any", "are", "as", "at", "be",
        "because", "been", "before", "being", "but", "by", "can", "can't", "could", "did", "didn't", "do", "does",
        "doesn't", "doing", "don't", "down", "for", "from", "get", "go", "going", "gonna", "good", "got", "great",
        "had", "has", "have", "he", "he's", "her", "here", "him", "his", "how", "i", "i'll", "i'm", "if", "in",
        "into", "is", "isn't", "it", "it's", "its", "just", "kind", "know", "let", "let's", "like", "me", "my",
        "nice", "no", "not", "now", "of", "off", "oh", "ok", "okay", "on", "one", "or", "our", "out", "over",
        "please", "really", "right", "say", "she", "she's", "should", "so", "some", "something", "thank", "thanks",
        "that", "that's", "the", "their", "them", "then", "there", "these", "they", "they're", "thing", "things",
        "think", "this", "those", "to", "too", "uh", "um", "up", "us", "very", "wanna", "was", "wasn't", "we",
        "we'll", "we're", "well", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would",
        "yeah", "yes", "you", "you're", "your",
    )
)  # fmt: skip
"""Words that two people share by speaking English at all: function words, and a classroom's small change."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A student's turn and the teacher's turn that follows it."""

    student: Turn
    teacher: Turn

    def moment(self) -> Moment:
        """Both turns, the student's words first, each on its own line."""
        return Moment(self.student.span | self.teacher.span, f"Student: {self.student.text}\nYou: {self.teacher.text}")


def exchanges(transcript: Transcript) -> list[Exchange]:
    """Each student turn that a teacher turn follows directly."""
    return [
        Exchange(a, b) for a, b in pairwise(_worded(transcript)) if (a.role, b.role) == (Role.STUDENT, Role.TEACHER)
    ]


def _worded(transcript: Transcript) -> tuple[Turn, ...]:
    """The turns of what has words: a cough, or a voice too faint to be understood, comes between nobody."""
    return replace(transcript, utterances=tuple(u for u in transcript.utterances if u.text)).turns


def takes_up(student: str, teacher: str) -> bool:
    """Whether the teacher's words take up the student's: shared content words over the student's content words."""
    theirs = content_words(student)
    shared = theirs & content_words(teacher)
    return len(shared) >= min(2, len(theirs)) > 0 and len(shared) / len(theirs) >= TAKEN_UP


def restates(student: str, teacher: str) -> bool:
    """Whether the teacher's sentence is contained in what the student said: shared words over the teacher's words."""
    mine = content_words(teacher)
    return len(mine) >= FEWEST_RESTATED_WORDS and len(mine & content_words(student)) / len(mine) >= RESTATED


def content_words(text: str) -> set[str]:
    """The words of `text` that carry its matter, a plural as its singular."""
    return {w[:-1] if len(w) > 3 and w.endswith("s") else w for w in plain(text).split() if w not in STOP_WORDS}


def uptake(transcript: Transcript) -> Measure:
    """Percent of student turns of 5 words or more followed by a teacher turn that takes up their words.

    Never shown as a score: what is shown are its moments. Talk without recognized words is left out first. Components:
    `student_turns` (of 5 words or more), `taken_up`. Evidence: each candidate with both people's words. Undefined: no
    teacher, no words, or no such student turn.
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
        tuple(e.moment() for e in candidates),
    )


def restating(transcript: Transcript) -> Measure:
    """Number of teacher utterances contained in the student utterance before them.

    The first utterance of the teacher's turn is compared with the last of the student's. Components: `restated`,
    `exchanges`. Evidence: each with both people's words. Undefined: no teacher, no words.
    """
    if reason := why_no_words(transcript):
        return undefined("restating", "moments", reason)
    pairs = exchanges(transcript)
    found = [e for e in pairs if restates(e.student.utterances[-1].text, e.teacher.utterances[0].text)]
    return Measure(
        "restating",
        float(len(found)),
        "moments",
        components={"restated": len(found), "exchanges": len(pairs)},
        evidence=tuple(e.moment() for e in found),
    )


def follow_up(transcript: Transcript, found: Sequence[Question]) -> Measure:
    """Percent of the teacher turns that take up a student's words which hold an open, reason or relating question.

    Components: `taken_up`, `followed_up`. Evidence: those exchanges. Undefined: no teacher, no words, nothing taken up.
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
        tuple(e.moment() for e in hits),
    )


def _taken_up(transcript: Transcript) -> list[Exchange]:
    return [
        e
        for e in exchanges(transcript)
        if len(e.student.text.split()) >= FEWEST_STUDENT_WORDS and takes_up(e.student.text, e.teacher.text)
    ]
