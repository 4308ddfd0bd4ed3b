"""Turns, the teacher's longest stretch and the students' answers, from drawn lessons."""

from __future__ import annotations

import pytest
from drawn import lesson

from coaching.metrics.medians import median_interval
from coaching.metrics.prior import Prior
from coaching.metrics.questions import find_questions
from coaching.metrics.turns import longest_teacher_talk, student_response, turns
from coaching.quality import NO_TEACHER, NO_WORDS
from coaching.spans import Span
from coaching.transcript import Transcript

PRIOR = Prior(3.0, 6.0, several_percent=2.0, turns_percent=10.0, longest_percent=50.0, source="tests")
Q = {"q": "What do you notice?", "t": "Now take your books.", "r": "It is bigger than that one.", "k": "Okay?"}


def test_turns_count_floors_by_role() -> None:
    transcript = lesson(
        """
        T |---     --      |   two floors
        S1|    -       -   |   two; S2 joins the first (gap under 1.5 s)
        S2|      -         |
        U1|              - |   one
        """
    )
    measure = turns(transcript)
    assert (measure.value, measure.components) == (5, {"teacher": 2, "student": 2, "unknown": 1})
    assert turns(Transcript(9, (), ())).value == 0
    assert measure.interval is None, "nothing is known of the noise"
    interval = turns(transcript, PRIOR).interval
    assert (interval.low, interval.high) == pytest.approx((4.5, 5.5)), "10% of 5 either way"


def test_a_murmur_within_a_long_utterance_does_not_pull_talk_far_away_into_its_floor() -> None:
    # S1's "mhm" 2-3 inside T's 0-10, and S1 again at 13: two student floors
    assert turns(lesson("T |----------     |\nS1|  -          - |")).components == {
        "teacher": 1,
        "student": 2,
        "unknown": 0,
    }


def test_short_student_turns_do_not_end_the_teacher_s_stretch() -> None:
    # step 0.5 s. First run: 0-2, "mhm" of 0.5 s, 3-5 -> 0 to 5 s. S2's whole second at 5.5 s ends it.
    # Second run: 7 to 9 s.
    transcript = lesson(
        """
        T |tttt  ----    ---- |
        S1|    -              |
        S2|           --      |
        """,
        Q,
        step=0.5,
    )
    measure = longest_teacher_talk(transcript)
    assert measure.value == 5
    assert [(m.span, m.text) for m in measure.evidence] == [
        (Span(0, 5), "Now take your books."),
        (Span(7, 9), ""),
    ]
    assert measure.components == {"longest_s": 5, "runs": 2}
    interval = longest_teacher_talk(transcript, PRIOR).interval
    assert (interval.low, interval.high) == pytest.approx((2.5, 7.5)), "50% of 5 s either way"


def test_murmurs_inside_the_teacher_s_utterance_are_no_long_turn() -> None:
    # step 0.3 s: T 0-30 and 30.6-60; S1 says "mhm" for 0.3 s at 6 and at 24: a turn of 18.3 s, but no talk of 1 s
    teacher = "-" * 100 + "  " + "-" * 98
    student = (" " * 20 + "-" + " " * 59 + "-").ljust(200)
    measure = longest_teacher_talk(lesson(f"T |{teacher}|\nS1|{student}|", step=0.3))
    assert measure.value == pytest.approx(60)
    assert measure.components["runs"] == 1


def test_quiet_work_ends_a_stretch_and_a_shorter_pause_does_not() -> None:
    # 0-2, pause 7 s, 9-10 | quiet work 8 s | 18-20
    measure = longest_teacher_talk(lesson("T |--       -        --|"))
    assert [m.span for m in measure.evidence] == [Span(0, 10), Span(18, 20)]


def test_three_longest_stretches_with_their_first_words() -> None:
    words = {"a": "one two three four five six seven eight nine ten eleven twelve thirteen"}
    measure = longest_teacher_talk(lesson("T |aaaa  --  ---  -|\nS1|    --  --   -- |", words))
    assert [m.value for m in measure.evidence] == [4, 3, 2]
    assert measure.evidence[0].text == "one two three four five six seven eight nine ten eleven twelve…"


def test_no_teacher_no_stretch() -> None:
    assert longest_teacher_talk(lesson("S1|--|")).reason == NO_TEACHER


ASKED = lesson(
    """
      |0         1         2         3         4         |
    T |qq   qq  kk    qq  qq   qq               qq  qq   |
    S1|   r        r     r         rr                    |
    S2|        rr           rrr                  rr   r  |
    """,
    Q,
)
#  content questions end at 2, 7, 17, 21, 26, 43, 47; "Okay?" at 11 is a tag, so S1 at 12 answers nothing
#  first student turn after each: 3-4, 8-10, 18-19, 21-24, 28-30, 42-44 (came in early), 47-48
#  seconds                         1    2     1      3      2      2                      1: median 2, sum 12


def test_student_response_is_the_first_turn_after_a_content_question() -> None:
    measure = student_response(ASKED, find_questions(ASKED))
    starts = [m.span.start for m in measure.evidence]
    assert [m.value for m in measure.evidence] == [1, 2, 1, 3, 2, 2, 1]
    assert starts == [3, 8, 18, 21, 28, 42, 47]
    assert measure.components == {"answers": 7, "seconds": 12, "words": 42, "median_words": 6}
    assert measure.value == 2
    assert (measure.interval.low, measure.interval.high) == (1, 3), "7 values: from the least to the most"


def test_an_answer_later_than_15_seconds_is_none() -> None:
    #  question ends at 2; answers begin at 17 (15 s after: yes) and at 18 (16 s after: no)
    just = lesson("T |qq                |\nS1|                 r|", Q)
    late = lesson("T |qq                 |\nS1|                  r|", Q)
    assert student_response(just, find_questions(just)).components["answers"] == 1
    assert student_response(late, find_questions(late)).components["answers"] == 0


def test_two_questions_before_one_answer_have_one_answer() -> None:
    transcript = lesson("T |qq  qq    |\nS1|       rr |", Q)
    assert student_response(transcript, find_questions(transcript)).components["answers"] == 1


def answers(drawing: str, step: float = 1.0) -> list[tuple[float, float, float | None]]:
    transcript = lesson(drawing, Q, step)
    evidence = student_response(transcript, find_questions(transcript)).evidence
    return [(m.span.start, m.span.end, m.value) for m in evidence]


def test_a_murmur_within_the_question_does_not_hide_the_answer_after_it() -> None:
    # T asks 0-10; S1 says "mhm" at 2-3 and answers 11-14: 3 s
    assert answers("T |qqqqqqqqqq     |\nS1|  -        rrr |") == [(11, 14, 3)]


def test_an_answer_holds_no_talk_from_far_away() -> None:
    # step 0.2 s. T asks 0-10; S1 9.8-10.4, and again at 35-38 with nobody between: the answer is 0.6 s
    student = (" " * 49 + "rrr").ljust(175) + "r" * 15
    ((start, end, seconds),) = answers(f"T |{'q' * 50}{' ' * 140}|\nS1|{student}|", 0.2)
    assert (start, end, seconds) == (pytest.approx(9.8), pytest.approx(10.4), pytest.approx(0.6))


def test_an_answer_goes_on_over_gaps_under_a_second_and_a_half() -> None:
    # step 0.5 s. S1 2-3, 4-5 (gap 1.0: goes on), 6.5-7 (gap 1.5: over): 1 + 1 = 2 s. S2 between does not count
    assert answers("T |qq             |\nS1|    rr  rr   r |\nS2|       r       |", 0.5) == [(2, 5, 2)]


def test_an_answer_ends_where_the_teacher_takes_the_floor() -> None:
    # step 0.5 s. S1 2-3, T "Now take your books." 3-3.5, S1 4-5: 1 s of answer
    assert answers("T |qq    t    |\nS1|    rr  rr |", 0.5) == [(2, 3, 1)]


def test_an_answer_that_comes_in_early_counts_and_one_inside_the_question_does_not() -> None:
    early = lesson("T |qqqq   |\nS1|   rr  |", Q)
    inside = lesson("T |qqqq   |\nS1| r     |", Q)
    assert student_response(early, find_questions(early)).components["answers"] == 1
    assert student_response(inside, find_questions(inside)).components["answers"] == 0


def test_when_no_student_response_can_be_given() -> None:
    few = lesson("T |qq  qq    |\nS1|  r   rr  |", Q)
    one = lesson("T |qq     |\nS1|    rr |", Q)
    none = lesson("T |qq|", Q)
    assert student_response(few, find_questions(few)).reason.startswith("Only 2 answers to questions were heard")
    assert len(student_response(few, find_questions(few)).evidence) == 2, "the moments stay to be looked at"
    assert student_response(one, find_questions(one)).reason.startswith("Only 1 answer to a question was heard")
    assert student_response(none, find_questions(none)).reason.startswith("No student was heard within 15 seconds")
    assert student_response(lesson("T |--|"), ()).reason == NO_WORDS
    assert student_response(lesson("S1|rr|", Q), ()).reason == NO_TEACHER


@pytest.mark.parametrize(
    ("count", "low", "high"),
    # k is the largest with P(Binomial(n, 1/2) < k) <= .025:
    # n = 6: P(0) = 1/64 = .016 -> k = 1; n = 9: P(<=1) = 10/512 = .0195 -> k = 2;
    # n = 10: P(<=1) = 11/1024 = .011, P(<=2) = 56/1024 = .055 -> k = 2; n = 11: P(<=2) = 67/2048 = .033 -> k = 2;
    # n = 20: P(<=5) = .0207 -> k = 6
    [(6, 1, 6), (9, 2, 8), (10, 2, 9), (11, 2, 10), (20, 6, 15)],
)
def test_the_range_of_a_median(count: int, low: float, high: float) -> None:
    interval = median_interval(list(range(count, 0, -1)))
    assert (interval.low, interval.high) == (low, high)


def test_under_six_values_the_range_is_all_that_was_seen_and_says_so() -> None:
    interval = median_interval([3, 1, 2])
    assert (interval.low, interval.high) == (1, 3)
    assert "too few" in interval.source
    with pytest.raises(ValueError, match="no median"):
        median_interval([])
