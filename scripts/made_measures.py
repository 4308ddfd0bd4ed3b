"""What the measures say of a made lesson, of its truth and of what was heard, in the same way.

Nobody's words were taken down: every utterance has a word that means nothing, so that no measure is withheld for want
of words, and where a question ends is told by the truth. What is scored of a wait is the acoustic gap alone.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from made_lessons import Heard, Recipe

from coaching.metrics.measure import Measure, undefined
from coaching.metrics.prior import Prior, Table, prior
from coaching.metrics.question_kinds import Kind
from coaching.metrics.questions import Question
from coaching.metrics.talk import several_voices, silence, teacher_talk
from coaching.metrics.turns import longest_teacher_talk, student_response, turns
from coaching.metrics.wait import (
    LONG_WAIT_S,
    LONGEST_WAIT_S,
    wait_time_1,
    wait_time_1_long,
    wait_time_2,
    wait_time_2_long,
    waits_after_questions,
    waits_after_students,
)
from coaching.quality import AudioQuality, limits
from coaching.spans import Span
from coaching.transcript import PAUSE_S, Role, Transcript, Utterance

SCORED = (
    "teacher_talk",
    "silence",
    "several_voices",
    "turns",
    "longest_teacher_talk",
    "student_response",
    "wait_time_1",
    "wait_time_1_long",
    "wait_time_2",
    "wait_time_2_long",
)
"""The measures that need no words once it is known where questions end. Students' talk is off as teacher talk is."""

LAST_S = 1.0
"""A question is looked for where its last second was said."""


DRAWS = 20_000
"""Waits drawn to know what they tend to: to about a hundredth of a second."""


@dataclass(frozen=True)
class Scored:
    """A measure as it was heard and as it is in truth; `heard` has no value where it is withheld."""

    heard: Measure
    true: Measure


def score(lesson: Heard, table: Table | None = None) -> dict[str, Scored]:
    """Each of `SCORED` of one made lesson; what comes from speech activity has the ranges of `table`."""
    asked = list(_asked(lesson.truth))
    true = _measures(lesson.truth, AudioQuality(None, None), [_question(u, u.span.end) for u in asked], None)
    found = [q for u in asked if (q := _found(lesson.found, u.span.end))]
    known = prior(lesson.quality, lesson.found.duration, table) if table else None
    heard = _measures(lesson.found, lesson.quality, found, known)
    return {name: Scored(heard[name], true[name]) for name in SCORED}


def _measures(
    transcript: Transcript, quality: AudioQuality, asked: list[Question], known: Prior | None
) -> Mapping[str, Measure]:
    worded = replace(transcript, utterances=tuple(replace(u, text="mhm") for u in transcript.utterances))
    waits, withheld = waits_after_questions(worded, asked), limits(quality, worded)
    speech = (of(worded, known) for of in (teacher_talk, silence, several_voices, turns, longest_teacher_talk))
    after = waits_after_students(worded)
    told = (student_response(worded, asked), wait_time_1(worded, waits), wait_time_1_long(worded, waits))
    measures = (*speech, *told, wait_time_2(worded, after), wait_time_2_long(worded, after))
    return {m.name: undefined(m.name, m.unit, withheld[m.name]) if m.name in withheld else m for m in measures}


def _asked(truth: Transcript) -> Iterator[Utterance]:
    """The teacher's utterances that are taken for questions: the last of each floor that a student takes over."""
    for floor, following in pairwise(truth.floors):
        if (floor.role, following.role) == (Role.TEACHER, Role.STUDENT):
            yield max(floor.utterances, key=lambda u: u.span.end)


def _found(found: Transcript, end: float) -> Question | None:
    """The question that truly ends at `end`, in the teacher's utterance in which its last second was heard, if any."""
    last = Span(max(0.0, end - LAST_S), end)
    shared = {u: part.duration for u in found.of(Role.TEACHER) if (part := u.span & last)}
    return _question(max(shared, key=lambda u: shared[u]), end) if shared else None


def _question(u: Utterance, end: float) -> Question:
    """It ends the utterance where nothing of half a second or more follows in it: else words would."""
    last = u.span.end - end < PAUSE_S
    return Question(u, "", Kind.WH_FACT, "the truth", Span(u.span.start, u.span.end if last else end), last, False)


def usual_waits(recipe: Recipe) -> dict[str, float]:
    """What the maker's waits tend to over ever more lessons of this recipe: the truth that chance scatters around.

    From `make_lesson.py`: a question's wait is 0 where a student cuts in, else one of six lengths and up to 0.9 s more;
    a teacher comes in 0.1 to 0.8 s after a student, or once in 20 after 8 to 25 s more, of which over 15 s is no wait.
    """
    draw = random.Random(0)
    first = [
        0.0 if draw.random() < recipe.overlap else draw.uniform(0.15, 0.9) + draw.choice((0, 0.5, 1, 2.2, 3.2, 4.7))
        for _ in range(DRAWS)
    ]
    second = [draw.uniform(0.1, 0.8) + (draw.uniform(8, 25) if draw.random() < 0.05 else 0) for _ in range(DRAWS)]
    waits = {"wait_time_1": first, "wait_time_2": [s for s in second if s <= LONGEST_WAIT_S]}
    long = {f"{name}_long": 100 * sum(s >= LONG_WAIT_S for s in w) / len(w) for name, w in waits.items()}
    return {name: median(w) for name, w in waits.items()} | long
