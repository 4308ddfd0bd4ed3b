"""Who is the teacher: by what is heard, and by what a person says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coaching.errors import BadInput
from coaching.lesson import RoleGuess
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance
from pipelines.speakers.roles import guess_teacher, signs, with_teacher


def lesson(*spoken: tuple[str, float, float, str], duration: float = 600) -> Transcript:
    ids = sorted({who for who, *_ in spoken})
    return Transcript(
        duration,
        tuple(Speaker(i) for i in ids),
        tuple(Utterance(Span(start, end), who, text) for who, start, end, text in spoken),
    )


ORDINARY = lesson(
    *(("t", 60.0 * m, 60.0 * m + 30, "What do you notice?") for m in range(10)),  # 300 s, every minute
    *(("s", 60.0 * m + 35, 60.0 * m + 45, "It is bigger.") for m in range(0, 10, 2)),  # 50 s, every other minute
)


def test_signs_by_hand():
    t, s = signs(ORDINARY)
    assert (t.speaker, s.speaker) == ("t", "s")
    assert (t.talk, t.spread, t.questions, t.first) == pytest.approx((300 / 350, 1, 1, 1))
    assert (s.talk, s.spread, s.questions, s.first) == pytest.approx((50 / 350, 0.5, 0, 0))
    # 0.5 * 300/350 + 0.25 + 0.15 + 0.1 and 0.5 * 50/350 + 0.25 * 0.5
    assert (t.score, s.score) == pytest.approx((0.9286, 0.1964), abs=1e-4)


def test_the_teacher_of_an_ordinary_lesson():
    guess = guess_teacher(ORDINARY)
    assert guess.teacher == "t"
    assert guess.confidence > 0.9
    assert "speaks 86% of the talk" in guess.why


def test_a_student_with_one_long_report_is_not_the_teacher():
    report = lesson(
        ("s", 120, 270, "Our group looked at volcanoes."),  # 150 s in one go
        *(("t", 60.0 * m, 60.0 * m + 20, "Is that so?") for m in (0, 1, 7, 8, 9)),  # 100 s at both ends
    )
    # s: .5 * 150/250 + .25 * 3/10 = .38; t: .5 * 100/250 + .25 * 5/10 + .15 + .1 = .58
    assert guess_teacher(report).teacher == "t"


def test_two_voices_much_alike_are_nobodys_teacher():
    call = lesson(*(("ab"[m % 2], 10.0 * m, 10.0 * m + 8, "Yes.") for m in range(20)), duration=200)
    guess = guess_teacher(call)
    # Equal talk and spread; whoever speaks first leads by 0.1 and no more.
    assert guess.teacher is None
    assert guess.confidence == pytest.approx(0.6)


def test_a_few_questions_do_not_outvote_the_talk():
    call = lesson(("a", 0, 4, "What?"), *(("b", 10.0 * m, 10.0 * m + 8, "Yes.") for m in range(1, 20)), duration=200)
    # a: .5 * 4/156 + .25 * 1/3 + .1 = .20; b: .5 * 152/156 + .25 = .74
    assert guess_teacher(call).teacher == "b"


def test_whoever_hardly_speaks_is_not_the_teacher():
    #  a asks and speaks first in every minute, 2 s each; b speaks 14 s in each: .06 + .25 + .15 + .1 against .44 + .25
    asks = lesson(
        *(("a", 60.0 * m, 60.0 * m + 2, "So?") for m in range(10)),
        *(("b", 60.0 * m + 5, 60.0 * m + 19, "Well.") for m in range(10)),
    )
    assert guess_teacher(asks).teacher != "a"


def test_nobody_leads_without_any_sign():
    alike = lesson(("a", 10, 20, ""), ("b", 10, 20, ""), ("c", 5, 6, ""), duration=60)
    guess = guess_teacher(alike)
    assert guess.teacher is None
    assert "--teacher" in guess.why
    assert {s.role for s in with_teacher(alike, None).speakers} == {Role.UNKNOWN}


@pytest.mark.parametrize(("choice", "teacher"), [("first", "t"), ("most", "t"), ("s", "s")])
def test_a_person_may_say_who_it_is(choice, teacher):
    guess = guess_teacher(ORDINARY, choice)
    assert (guess.teacher, guess.confidence) == (teacher, 1.0)


def test_a_speaker_that_is_not_there():
    with pytest.raises(BadInput, match=r"no speaker 'x'.*s, t"):
        guess_teacher(ORDINARY, "x")


def test_roles_are_set_and_names_stay_as_a_person_gave_them():
    called = replace(ORDINARY, speakers=(Speaker("s", Role.TEACHER), Speaker("t", Role.UNKNOWN, "Ms Abe")))
    assert [(s.id, s.role, s.name) for s in with_teacher(called, "t").speakers] == [
        ("s", Role.STUDENT, ""),
        ("t", Role.TEACHER, "Ms Abe"),
    ]


@pytest.mark.parametrize("choice", [None, "first", "most", "a"])
def test_a_voice_that_says_nothing_is_nobody_s_teacher(choice):
    silent = Transcript(60, (Speaker("a"),), ())
    assert guess_teacher(silent, choice) == RoleGuess(None, 0.0, "nobody was heard")


def test_one_voice_alone():
    assert guess_teacher(lesson(("a", 0, 50, "Today we read."))).confidence == pytest.approx(0.6)
