"""A lesson beside its truth: its own exports are no error, and what is changed is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from lessons import DRAWN, lesson, long_lesson

from coaching.errors import BadInput
from coaching.exports import tables
from coaching.exports.elan import eaf
from coaching.exports.rttm import rttm
from coaching.lesson import Lesson
from coaching.spans import Span
from coaching.transcript import Role, Transcript, Utterance
from pipelines.evaluation.compare import (
    TRUTH_NO_TEACHER,
    TRUTH_NO_WORDS,
    WITHOUT_ROLES,
    Evaluation,
    clipped,
    evaluate,
)
from pipelines.evaluation.truth import MOST_VOICES, read_truth, truth_transcript

EXPORTS = {"a.rttm": rttm, "a.eaf": eaf, "a.turns.csv": tables.turns_csv}


def against(made: Lesson, text: str, name: str, teacher: str | None = None, part: Span | None = None) -> Evaluation:
    lines = read_truth(text.encode(), name)
    true = truth_transcript(lines, name, teacher, made.transcript.duration, made.transcript.language)
    return evaluate(made, true, part)


@pytest.mark.parametrize("made", [lesson(DRAWN), long_lesson(20)])
@pytest.mark.parametrize("name", ["a.rttm", "a.eaf"])
def test_a_lesson_is_right_by_its_own_exports(made, name):
    found = against(made, EXPORTS[name](made), name, made.roles.teacher)
    assert found.errors.der == pytest.approx(0, abs=0.001)  # times are written in milliseconds
    assert found.errors.confusion_s == 0
    assert found.forgiving.der == 0
    assert found.roles is not None
    assert found.roles.right == pytest.approx(1)
    assert found.voices == found.true_voices
    assert not found.notes
    for d in found.differences:
        if name == "a.eaf":
            assert d.truth == (d.ours if d.ours is None else pytest.approx(d.ours, abs=0.1)), d.name
        elif d.truth is not None:
            assert d.truth == pytest.approx(d.ours, abs=0.1), d.name


def test_turns_hold_the_pauses_between_their_utterances():
    """Where every turn is one utterance the table of turns is no error; else the pauses inside turns are missed."""
    alone = lesson(DRAWN[:7])
    assert all(len(t.utterances) == 1 for t in alone.transcript.turns)
    assert against(alone, tables.turns_csv(alone), "a.csv").errors.der == pytest.approx(0)
    made = lesson(DRAWN)
    found = against(made, tables.turns_csv(made), "a.csv")
    inside = sum(t.span.duration - sum(u.span.duration for u in t.utterances) for t in made.transcript.turns)
    assert (found.errors.miss_s, found.errors.false_alarm_s) == pytest.approx((inside, 0), abs=1e-6)
    assert found.errors.confusion_s == pytest.approx(0, abs=1e-6)
    assert found.roles is not None
    assert found.roles.right == 1


def table(utterances: Sequence[Utterance], transcript: Transcript) -> str:
    rows = [f"{u.span.start},{u.span.end},{u.speaker},{transcript.role(u.speaker)}" for u in utterances]
    return "\n".join(["start,end,speaker,role", *rows])


def test_a_voice_too_many_and_a_wrong_role_are_found():
    """The truth gives 16.5 to 17.5, which the lesson has under S3, to S2, and 21 to 25, under S2, to the teacher.

    The true voices say 27, 7.2 and 5.5 s (39.7 s of voices); the lesson has 23, 10.2 and 6.5.
    """
    made = lesson(DRAWN)
    moved = {16.5: "S2", 21.0: "S1"}
    true = [replace(u, speaker=moved.get(u.span.start, u.speaker)) for u in DRAWN]
    found = against(made, table(true, made.transcript), "a.csv")
    assert found.errors.confusion_s == pytest.approx(1 + 4)
    assert found.errors.miss_s == found.errors.false_alarm_s == 0
    assert found.roles is not None
    talk = next(d for d in found.differences if d.name == "teacher_talk")
    ours, right = made.measure("teacher_talk"), found.roles
    assert ours is not None
    assert talk.ours == ours.value
    true_s, students_s = ours.components["teacher_s"] + 4, ours.components["student_s"] - 4
    assert talk.truth == pytest.approx(100 * true_s / (true_s + students_s))
    assert talk.difference == pytest.approx((talk.ours or 0) - (talk.truth or 0))
    assert right.teacher_s - right.teacher_right_s == pytest.approx(4)
    assert right.student_right == 1


def test_pauses_of_one_voice_under_half_a_second_are_filled():
    made = lesson(DRAWN)
    cut = [
        part
        for u in DRAWN
        for part in (
            replace(u, span=Span(u.span.start, u.span.start + 0.3)),
            replace(u, span=Span(u.span.start + 0.6, u.span.end)),
        )
    ]
    assert against(made, table(cut, made.transcript), "a.csv").errors.der == pytest.approx(0, abs=1e-9)


def test_without_a_teacher_only_what_needs_none_is_compared():
    made = lesson(DRAWN)
    found = against(made, rttm(made), "a.rttm")
    assert found.roles is None
    for d in found.differences:
        assert (d.reason is None) == (d.name in WITHOUT_ROLES)
        assert d.name in WITHOUT_ROLES or d.reason == TRUTH_NO_TEACHER
    assert found.errors.der == pytest.approx(0)


def test_without_words_what_needs_them_is_not_compared():
    made = lesson(DRAWN)
    found = against(made, rttm(made), "a.rttm", "s1")
    reasons = {d.name: d.reason for d in found.differences}
    assert reasons["questions"] == reasons["uptake"] == TRUTH_NO_WORDS
    assert reasons["teacher_talk"] is None


def test_only_the_part_that_was_labelled_is_scored():
    made = lesson(DRAWN)
    some = [u for u in DRAWN if u.span.end <= 20]
    whole = against(made, table(some, made.transcript), "a.csv")
    assert whole.errors.false_alarm_s > 0
    assert "--part" in whole.notes[0]
    part = against(made, table(some, made.transcript), "a.csv", part=Span(0, 20))
    assert (part.errors.der, part.notes) == (0, ())
    assert all(d.difference in (None, 0) for d in part.differences)
    with pytest.raises(BadInput, match="Nobody speaks in the truth"):
        against(made, table(some, made.transcript), "a.csv", part=Span(55, 60))


def test_what_is_cut_out_begins_at_nought():
    part = clipped(lesson(DRAWN).transcript, Span(12, 35))
    assert part.duration == 23
    assert [(u.span.start, u.span.end) for u in part.utterances[:2]] == [(0, 1), (4.5, 5.5)]
    assert part.utterances[-1].span == Span(21, 23)
    assert not part.utterances[-1].words
    whole = clipped(lesson(DRAWN).transcript, Span(1, 60)).utterances
    timed = next(u for u in whole if u.words)
    assert timed.words[0].span is not None
    assert (timed.words[0].span.start, timed.words[0].span.end) == pytest.approx((32.0, 32.4))


def test_a_truth_of_another_lesson_is_doubted():
    made = lesson(DRAWN)
    found = against(made, "start,end,speaker\n1,2,Ana\n4000,4100,teacher\n", "a.csv")
    assert "Is it of this lesson?" in found.notes[0]
    assert found.within == Span(0, 4100)


@pytest.mark.parametrize(
    ("text", "name", "says"),
    [
        ("x", "a.docx", "must end in .rttm, .eaf or .csv"),
        ("start,end,speaker\n1,,Ana", "a.csv", "row 2: it needs a start, an end and a speaker"),
        ("start,end,speaker\n1,2,", "a.csv", "row 2: it needs a start, an end and a speaker"),
        ("start,end\n1,2", "a.csv", "no column called speaker"),
        (
            "\n".join(["start,end,speaker", *(f"{n},{n + 1},v{n}" for n in range(MOST_VOICES + 1))]),
            "a.csv",
            "names 201 voices",
        ),
    ],
)
def test_a_truth_that_is_none_is_one_sentence(text, name, says):
    made = lesson(DRAWN)
    with pytest.raises(BadInput) as error:
        against(made, text, name)
    assert says in str(error.value)


def test_roles_of_the_truth():
    lines = read_truth(b"start,end,speaker,role\n1,2,Ana,\n2,3,Bo,teacher\n3,4,Ana,\n", "a.csv")
    transcript = truth_transcript(lines, "a.csv", None, 10, "en")
    assert [(s.name, s.role) for s in transcript.speakers] == [("Ana", Role.STUDENT), ("Bo", Role.TEACHER)]
    transcript = truth_transcript(lines, "a.csv", "Ana", 10, "en")
    assert [(s.name, s.role) for s in transcript.speakers] == [("Ana", Role.TEACHER), ("Bo", Role.STUDENT)]
