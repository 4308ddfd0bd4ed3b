"""Wait times from drawn lessons: one character is half a second unless a test says otherwise."""

from __future__ import annotations

import pytest
from drawn import lesson

from coaching.metrics.measure import Measure
from coaching.metrics.questions import find_questions
from coaching.metrics.wait import (
    wait_time_1,
    wait_time_1_long,
    wait_time_2,
    wait_time_2_long,
    waits_after_questions,
    waits_after_students,
)
from coaching.quality import NO_TEACHER, NO_WORDS
from coaching.spans import Span
from coaching.transcript import Transcript

WORDS = {
    "q": "What do you notice?",
    "c": "Any questions?",
    "m": "Can you sit down please?",
    "i": "What do you notice? Look at the board.",
    "s": "Now take your books.",
    "r": "It is bigger.",
}


def draw(drawing: str, step: float = 0.5) -> Transcript:
    return lesson(drawing, WORDS, step)


def after_questions(transcript: Transcript) -> list[float | None]:
    return [m.value for m in waits_after_questions(transcript, find_questions(transcript)).answered]


def test_a_wait_runs_from_the_end_of_the_question_to_the_next_voice() -> None:
    # ends at 1.0, S1 begins at 2.5: 1.5 s;  "Any questions?" ends at 4.5, U1 begins at 6.5: 2 s
    transcript = draw(
        """
        T |qq     cc        |
        S1|     rr          |
        U1|             --  |
        """
    )
    waits = waits_after_questions(transcript, find_questions(transcript))
    assert [(m.span, m.value, m.text) for m in waits.answered] == [
        (Span(1.0, 2.5), 1.5, "What do you notice?"),
        (Span(4.5, 6.5), 2.0, "Any questions?"),
    ]


def test_a_request_or_a_statement_starts_no_wait() -> None:
    assert after_questions(draw("T |mm   ss   |\nS1|   r    r |")) == []


def test_the_teacher_first_went_on() -> None:
    waits = waits_after_questions(*_found(draw("T |qq  ss   |\nS1|       r |")))
    assert (waits.answered, waits.went_on, waits.too_long) == ([], 1, 0)


def test_a_question_inside_an_utterance_went_on() -> None:
    waits = waits_after_questions(*_found(draw("T |iiii    |\nS1|     r  |")))
    assert (waits.answered, waits.went_on) == ([], 1)


def test_with_overlap_the_wait_is_0() -> None:
    # S1 begins at 1.5 s, the question ends at 2.0 s, S1 speaks on
    assert after_questions(draw("T |qqqq    |\nS1|   rr   |")) == [0.0]


def test_a_voice_that_begins_in_the_very_moment_waits_0() -> None:
    assert after_questions(draw("T |qq    |\nS1|  rr  |")) == [0.0]


def test_a_murmur_that_ends_within_the_question_does_not_count() -> None:
    # S1 0.5-1.0 within; S2 begins 1 s after the end
    assert after_questions(draw("T |qqqq    |\nS1| r      |\nS2|      r |")) == [1.0]


def test_of_two_who_begin_at_once_the_student_counts() -> None:
    waits = waits_after_questions(*_found(draw("T |qq  ss  |\nS1|    r   |")))
    assert [m.value for m in waits.answered] == [1.0]
    assert waits.went_on == 0


def test_over_15_seconds_is_left_out() -> None:
    # step 1 s: exactly 15 s counts, 16 s does not, nor does nobody until the end
    assert after_questions(draw("T |q               |\nS1|                r|", 1)) == [15.0]
    for late in ("T |q                |\nS1|                 r|", "T |q                |"):
        waits = waits_after_questions(*_found(draw(late, 1)))
        assert (waits.answered, waits.went_on, waits.too_long) == ([], 0, 1)


def _found(transcript: Transcript) -> tuple:
    return transcript, find_questions(transcript)


def first(transcript: Transcript) -> tuple:
    return transcript, waits_after_questions(*_found(transcript))


def second(transcript: Transcript) -> tuple:
    return transcript, waits_after_students(transcript)


def many(*waits: float, went_on: int = 0) -> Transcript:
    """A lesson in quarter seconds with these waits after questions, then questions after which the teacher went on."""
    teacher, student = "", ""
    for wait in waits:
        quiet = " " * round(wait / 0.25)
        teacher += "qq" + quiet + "   " + "    "
        student += "  " + quiet + "rrr" + "    "
    teacher += "qq    " * went_on + "ss"
    return draw(f"T |{teacher}|\nS1|{student.ljust(len(teacher))}|", 0.25)


TEN = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 3.5, 5.0)
#  median (1.0 + 1.5) / 2 = 1.25; n = 10 -> k = 2: from the 2nd, 0.25, to the 9th, 3.5; 3 of 10 at 3 s or more;
#  2 under half a second; sum 17.5


def test_usual_wait_with_its_range_and_components() -> None:
    measure = wait_time_1(*first(many(*TEN, went_on=4)))
    assert measure.value == 1.25
    assert (measure.interval.low, measure.interval.high) == (0.25, 3.5)
    assert measure.components == {
        "waits": 10,
        "seconds": 17.5,
        "long": 3,
        "under_half_second": 2,
        "went_on": 4,
        "over_15_s": 0,
    }
    assert [m.value for m in measure.evidence] == list(TEN)


def test_share_of_long_waits() -> None:
    measure = wait_time_1_long(*first(many(*TEN)))
    assert (measure.value, measure.unit) == (30, "%")
    # Wilson for 3 of 10: centre (.3 + .19207) / 1.38415, half width 1.96 sqrt(.021 + .0096) / 1.38415 -> 10.8 to 60.3
    assert (round(measure.interval.low, 1), round(measure.interval.high, 1)) == (10.8, 60.3)
    assert [m.value for m in measure.evidence] == [3.0, 3.5, 5.0]


@pytest.mark.parametrize("measure_of", [wait_time_1, wait_time_1_long])
def test_no_wait_time_for_fewer_than_ten_questions(measure_of) -> None:
    nine = measure_of(*first(many(*TEN[:7], went_on=2)))
    assert nine.value is None
    assert nine.reason.startswith("Only 9 questions could be timed")
    assert nine.components["waits"] == 7, "what was seen stays, for the histogram"
    ten = measure_of(*first(many(*TEN[:7], went_on=3)))
    assert ten.value is not None


def test_no_wait_time_where_more_than_half_went_on() -> None:
    half = wait_time_1(*first(many(*TEN[:6], went_on=6)))
    more = wait_time_1(*first(many(*TEN[:6], went_on=7)))
    assert half.value == 0.625
    assert more.reason.startswith("After 7 of 13 questions you spoke again before anybody answered.")
    assert len(more.evidence) == 6


def test_wait_two_runs_from_a_student_s_end_to_the_teacher() -> None:
    # S1 ends 1.0, T at 2.0: 1 s;  S1 ends 4.0, S2 is next: none;  S2 ends 6.0, T at 9.0: 3 s
    transcript = draw(
        """
        T |    ss            ss  |
        S1|rr    rr              |
        S2|          rr          |
        """
    )
    assert [(m.span, m.value, m.text) for m in waits_after_students(transcript).answered] == [
        (Span(1.0, 2.0), 1.0, "It is bigger."),
        (Span(6.0, 9.0), 3.0, "It is bigger."),
    ]


def test_wait_two_is_0_where_the_teacher_comes_in_and_none_inside_the_teacher_s_talk() -> None:
    came_in = draw("T |  sss  |\nS1|rrr    |")
    inside = draw("T |sssss  |\nS1|  r    |")
    assert [m.value for m in waits_after_students(came_in).answered] == [0.0]
    assert waits_after_students(inside).answered == []


def test_wait_two_starts_when_the_last_of_several_students_ends() -> None:
    transcript = draw("T |       ss|\nS1|rrr      |\nS2| rrrr    |")
    assert [m.span for m in waits_after_students(transcript).answered] == [Span(2.5, 3.5)]


def test_wait_two_leaves_out_unknown_voices_and_over_15_seconds() -> None:
    assert waits_after_students(draw("T |    s|\nS1|r    |\nU1|  -  |", 1)).answered == []
    waits = waits_after_students(draw("T |                 s|\nS1|r                 |", 1))
    assert (waits.answered, waits.too_long) == ([], 1)


def test_wait_two_needs_ten_moments() -> None:
    ten = "S1|" + "r   " * 10 + "|\nT |" + "  s " * 10 + "|"
    nine = "S1|" + "r   " * 9 + "|\nT |" + "  s " * 9 + "|"
    assert (wait_time_2(*second(draw(ten))).value, wait_time_2_long(*second(draw(ten))).value) == (0.5, 0)
    few = wait_time_2(*second(draw(nine)))
    assert few.reason.startswith("After a student you spoke next only 9 times")
    assert len(few.evidence) == 9
    assert wait_time_2_long(*second(draw(nine))).value is None


def test_without_teacher_or_words() -> None:
    without_words, without_teacher = lesson("T |--  -|\nS1|  - |"), draw("S1|rr|")

    def reasons(transcript: Transcript) -> list[str | None]:
        measures: list[Measure] = [
            wait_time_1(*first(transcript)),
            wait_time_1_long(*first(transcript)),
            wait_time_2(*second(transcript)),
            wait_time_2_long(*second(transcript)),
        ]
        return [m.reason for m in measures]

    assert reasons(without_teacher) == [NO_TEACHER] * 4
    assert reasons(without_words)[:2] == [NO_WORDS] * 2
    assert reasons(without_words)[2].startswith("After a student you spoke next only once"), "needs no words"
