"""Talk shares, several voices, silence and the ribbon, from drawn lessons: one character is one second."""

from __future__ import annotations

import pytest
from drawn import lesson

from coaching.metrics.prior import Prior
from coaching.metrics.talk import several_voices, silence, student_talk, talk_ribbon, teacher_talk
from coaching.quality import NO_TEACHER
from coaching.spans import Span
from coaching.transcript import Role, Transcript

PRIOR = Prior(3.0, 6.0, several_percent=2.0, turns_percent=10.0, longest_percent=50.0, source="tests")

TALK = lesson(
    """
      |0         1         2         3|
    T |------      ---                |    6 + 3           = 9 s
    S1|     ---       --              |    3 + 2, one with T
    S2|      --                       |    2, both with S1: students' union is 5-8 and 15-17 = 5 s
    """
)
#  several: 5-8 less what only S1 has: T+S1 5-6, S1+S2 6-8, so 5-8 = 3 s
#  union:   0-8, 12-17 = 13 s of 31 -> silence 18 s: 8-12 (4 s) and 17-31 (14 s, quiet work)


def test_talk_shares_count_overlap_for_both_and_add_up() -> None:
    teacher, student = teacher_talk(TALK, PRIOR), student_talk(TALK, PRIOR)
    assert teacher.components == {"teacher_s": 9, "student_s": 5, "unknown_s": 0}
    assert teacher.value == pytest.approx(100 * 9 / 14)
    assert teacher.value + student.value == pytest.approx(100)
    assert teacher.interval.low == pytest.approx(100 * 9 / 14 - 3)
    assert student.interval.high == pytest.approx(100 * 5 / 14 + 3)
    assert teacher.interval.source == "tests"


def test_without_a_prior_there_is_a_value_and_no_range() -> None:
    assert teacher_talk(TALK).interval is None
    assert teacher_talk(TALK).value == pytest.approx(100 * 9 / 14)


def test_voices_of_unknown_role_widen_the_range_and_move_no_share() -> None:
    # teacher 6 s, student 2 s, unknown 2 s: 75%; all unknown students': 6/10, all the teacher's: 8/10
    transcript = lesson("T |------    |\nS1|      --  |\nU1|        --|")
    teacher, student = teacher_talk(transcript, PRIOR), student_talk(transcript, PRIOR)
    assert teacher.value == 75
    assert (teacher.interval.low, teacher.interval.high) == (pytest.approx(60 - 3), pytest.approx(80 + 3))
    assert (student.interval.low, student.interval.high) == (pytest.approx(20 - 3), pytest.approx(40 + 3))


def test_a_range_stays_within_0_and_100() -> None:
    alone = teacher_talk(lesson("T |----|"), PRIOR)
    assert (alone.value, alone.interval.low, alone.interval.high) == (100, 97, 100)


def test_no_known_teacher_no_share() -> None:
    transcript = lesson("S1|----  |\nU1|    --|")
    for measure in (teacher_talk(transcript), student_talk(transcript)):
        assert (measure.value, measure.reason) == (None, NO_TEACHER)
    assert teacher_talk(Transcript(10, (), ())).reason == NO_TEACHER


def test_speech_after_the_end_of_the_recording_does_not_count() -> None:
    transcript = Transcript(4, *_parts(lesson("T |------|\nS1|   -  |")))
    assert teacher_talk(transcript).components["teacher_s"] == 4


def _parts(transcript: Transcript) -> tuple[tuple, tuple]:
    return transcript.speakers, transcript.utterances


def test_several_voices_are_seconds_with_two_or_more() -> None:
    measure = several_voices(TALK, PRIOR)
    assert (measure.value, measure.unit) == (3, "s")
    assert (measure.interval.low, measure.interval.high) == pytest.approx((2.74, 3.26)), "2% of 13 s either way"
    assert measure.components == {"several_s": 3, "speech_s": 13}
    assert [m.span for m in measure.evidence] == [Span(5, 8)]
    assert several_voices(Transcript(10, (), ())).value == 0, "nobody at once is none, not unknown"


def test_silence_sets_quiet_work_apart_from_pauses() -> None:
    measure = silence(TALK, PRIOR)
    assert measure.value == pytest.approx(100 * 18 / 31)
    assert measure.components == {
        "duration_s": 31,
        "silence_s": 18,
        "quiet_work_s": 14,
        "pauses_s": 4,
        "quiet_work": 1,
    }
    assert [m.span for m in measure.evidence] == [Span(17, 31)]
    assert measure.interval.high == pytest.approx(100 * 18 / 31 + 6)


def test_eight_seconds_are_quiet_work_and_less_is_a_pause() -> None:
    # pauses of 7 and 8 s
    measure = silence(lesson("T |-       -        -|"))
    assert (measure.components["pauses_s"], measure.components["quiet_work_s"]) == (7, 8)


def test_silence_of_a_lesson_without_length_is_undefined() -> None:
    measure = silence(Transcript(0, (), ()))
    assert (measure.value, measure.reason) == (None, "The recording has no length.")


def test_the_ribbon_s_bars() -> None:
    # bar 0-10:  T alone 0-5, several 5-8, silence 8-10
    # bar 10-20: T alone 12-15, S1 alone 15-17, the rest silence
    # bar 20-30: silence;  bar 30-31: the last, one second
    bars = talk_ribbon(TALK)
    assert [(b.span, b.teacher, b.student, b.several, b.silence, b.unknown) for b in bars] == [
        (Span(0, 10), 5, 0, 3, 2, 0),
        (Span(10, 20), 3, 2, 0, 5, 0),
        (Span(20, 30), 0, 0, 0, 10, 0),
        (Span(30, 31), 0, 0, 0, 1, 0),
    ]


def test_a_voice_of_unknown_role_has_its_own_place_in_the_ribbon() -> None:
    (bar,) = talk_ribbon(lesson("T |--      |\nU1| --     |"))
    assert (bar.teacher, bar.several, bar.unknown, bar.silence) == (1, 1, 1, 5)
    (corrected,) = talk_ribbon(lesson("T |--      |\nU1| --     |").with_roles({"U1": Role.STUDENT}))
    assert (corrected.student, corrected.unknown) == (1, 0)


def test_a_ribbon_needs_bars_with_a_length() -> None:
    assert talk_ribbon(Transcript(0, (), ())) == ()
    with pytest.raises(ValueError, match="a bar must have a length"):
        talk_ribbon(TALK, 0)
