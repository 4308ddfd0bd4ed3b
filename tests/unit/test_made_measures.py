"""The scorer of the measures from sound, tested before its scores are believed. One character is a second."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from drawn import lesson
from made_lessons import Heard, Recipe
from made_measures import score
from measure_prior import cut, errors, growth, off_by

from coaching.quality import AudioQuality
from coaching.spans import Span
from coaching.transcript import Transcript

RECIPE = Recipe("one", 1, 3, 18, 10, 0.1, "hum", None)
CLEAR = AudioQuality(-20, -60, student_db=-30)

TRUTH = lesson(
    """
    T |-----       ---     ---     |   5 + 3 + 3 = 11
    S1|        -     --            |   1 + 2     =  3, of it 1 s with T
    """
)
FOUND = lesson(
    """
    T |------      ---     ----    |   13
    S1|        -                   |    1
    """
)


def heard(truth: Transcript = TRUTH, found: Transcript = FOUND, quality: AudioQuality = CLEAR) -> Heard:
    return Heard(RECIPE, truth, found, quality, 0.0)


def test_errors_are_true_less_found_in_the_unit_of_the_prior() -> None:
    # talk 100 x 11/14 for 100 x 13/14. Union of speech 14 - 1 = 13 s for 14 of 28. Several 1 s for 0, of 14 s of talk.
    # Floors: T, S1, T, S1, T for T, S1, T, T. Longest: 0-5 for 12-24, where S1's two seconds from 14 were not heard.
    row = errors(heard())
    assert row == {
        "set": "one",
        "level": 30.0,
        "teacher_talk": pytest.approx(-100 * 2 / 14, abs=0.01),
        "silence": pytest.approx(100 / 28, abs=0.01),
        "several_voices": pytest.approx(100 / 14, abs=0.01),
        "turns": pytest.approx(100 * 1 / 4),
        "longest_teacher_talk": pytest.approx(100 * (5 - 12) / 12, abs=0.01),
    }


def test_what_is_withheld_has_no_error() -> None:
    assert errors(heard(quality=AudioQuality(-20, -30, student_db=-34))) == {}, "students too faint"
    assert errors(heard(quality=AudioQuality(None, None))) == {}, "nothing is known of the noise"
    nobody = replace(FOUND, utterances=())
    assert "turns" not in errors(heard(found=nobody)), "no number of turns that an error could be a part of"


def test_waits_are_scored_from_where_the_question_truly_ends() -> None:
    # Ten questions, each with a wait of 2 s in truth. Heard 1 s late each time: the wait is 1 s; in the last the
    # teacher is heard to go on over the student, so that the question lies inside an utterance: it went on.
    truth = lesson("T |" + "--     " * 10 + "|\nS1|" + "    -  " * 10 + "|")
    found = lesson("T |" + "--     " * 9 + "-------" + "|\nS1|" + "   --  " * 10 + "|")
    scored = score(heard(truth, found))["wait_time_1"]
    assert (scored.true.value, scored.true.components["waits"]) == (2, 10)
    assert (scored.heard.value, scored.heard.components["waits"]) == (1, 9)
    assert scored.heard.components["went_on"] == 1
    assert off_by(scored) is not None


def test_a_question_that_was_not_heard_as_the_teacher_s_is_lost() -> None:
    truth = lesson("T |" + "--     " * 10 + "|\nS1|" + "    -  " * 10 + "|")
    found = lesson("T |" + "--     " * 9 + "       " + "|\nS1|" + "    -  " * 9 + "--  -  " + "|")
    scored = score(heard(truth, found))["wait_time_1"]
    assert scored.heard.value is None
    assert scored.heard.components["waits"] == 9


def test_a_part_of_a_lesson_has_a_clock_of_its_own() -> None:
    part = cut(TRUTH, Span(4, 14))
    assert part.duration == 10
    assert [u.span for u in part.utterances] == [Span(0, 1), Span(4, 5), Span(8, 10)]


def test_growth_compares_quarters_with_the_whole() -> None:
    # In each quarter of 7 s a second of talk is missed, or found too much, in turn: silence is off by 100/7 points in
    # each. In the last, half a second more is found too much, and that is all by which the whole is off.
    truth = lesson("T |" + "----   " * 4 + "|\nS1|" + "      -" * 4 + "|")
    found = lesson("T |" + "---    -----  " * 2 + "|\nS1|" + "      -" * 4 + "|")
    found = replace(found, utterances=(*found.utterances[:-1], replace(found.utterances[-1], span=Span(26.5, 28))))
    assert errors(heard(truth, found))["silence"] == pytest.approx(100 * 0.5 / 28, abs=0.01)
    quarters = [100 / 7] * 3 + [150 / 7]
    times = math.sqrt(sum(q * q for q in quarters) / 4) / (50 / 28)
    assert 4 ** growth([heard(truth, found)], "silence") == pytest.approx(times, rel=0.01)
