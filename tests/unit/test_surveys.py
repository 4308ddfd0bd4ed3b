"""What a school may ask, how it is answered, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coaching.access import NotThere, OfSurvey, decide_survey, may_ask, require_survey
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.surveys import (
    FEWEST,
    LONGEST_DAYS,
    LONGEST_END,
    LONGEST_QUESTION,
    LONGEST_TITLE,
    LONGEST_WORDS,
    MOST_QUESTIONS,
    STARTERS,
    NewSurvey,
    Place,
    Question,
    checked,
    checked_answers,
    ends,
    result,
)

TODAY = date(2026, 11, 27)
SCALE, WORDS = Question("Coaching helps me", "Not at all", "Fully"), Question("What else?")
GOOD = NewSurvey("a" * 24, "Autumn", (SCALE, WORDS), True, False, TODAY)


@pytest.mark.parametrize(
    "new",
    [
        replace(GOOD, title=" \n"),
        replace(GOOD, title="x" * (LONGEST_TITLE + 1)),
        replace(GOOD, questions=()),
        replace(GOOD, questions=tuple(Question(f"{n}?") for n in range(MOST_QUESTIONS + 1))),
        replace(GOOD, questions=(Question(" "),)),
        replace(GOOD, questions=(Question("x" * (LONGEST_QUESTION + 1)),)),
        replace(GOOD, questions=(Question("How?", "Badly"),)),
        replace(GOOD, questions=(Question("How?", "", "Well"),)),
        replace(GOOD, questions=(Question("How?", "x" * (LONGEST_END + 1), "Well"),)),
        replace(GOOD, questions=(Question("How?"), Question(" how? "))),
        replace(GOOD, questions=(Question("How\0?"),)),
        replace(GOOD, teachers=False),
        replace(GOOD, until=TODAY - timedelta(days=1)),
        replace(GOOD, until=TODAY + timedelta(days=LONGEST_DAYS + 1)),
    ],
)
def test_a_survey_asks_somebody_something_until_a_day(new):
    with pytest.raises(BadInput):
        checked(new, TODAY)


def test_what_is_asked_is_kept_without_surplus_space():
    new = replace(GOOD, title=" Autumn \n term ", questions=(Question(" How \n so? ", " a ", " b "), *STARTERS[1:]))
    found = checked(new, TODAY)
    assert (found.title, found.questions) == ("Autumn term", (Question("How so?", "a", "b"), *STARTERS[1:]))
    assert checked(replace(GOOD, questions=STARTERS), TODAY).questions == STARTERS


def test_its_last_day_ends_at_midnight_at_school():
    assert ends(TODAY, "Europe/Berlin") == datetime(2026, 11, 27, 23, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "answers",
    [(), (None, None), (None, "  "), (3,), (0, "x"), (6, "x"), (True, "x"), ("3", "x"), (2.0, "x"), (3, "\0")],
)
def test_an_answer_is_a_point_of_the_scale_or_words(answers):
    with pytest.raises(BadInput):
        checked_answers((SCALE, WORDS), answers)
    with pytest.raises(BadInput):
        checked_answers((SCALE, WORDS), (1, "x" * (LONGEST_WORDS + 1)))


def test_a_question_may_be_left_out():
    assert checked_answers((SCALE, WORDS), (None, " Time.\r\nMore. ")) == [(1, "Time.\nMore.")]
    assert checked_answers((SCALE, WORDS), (5, "")) == [(0, 5)]


def test_a_question_is_shown_from_five_answers_on_and_nothing_is_known_of_fewer():
    # points 1 2 3 4 5
    #        | .. .|     |
    found = result(SCALE, [1, 3, 3, 5, 5])
    assert (found.shown, found.answers, found.points) == (True, 5, (1, 0, 2, 0, 2))
    few = result(SCALE, [1, 3, 3, 5])
    assert (few.shown, few.answers, few.points, few.words) == (False, 0, (), ())
    assert result(WORDS, ["x"] * (FEWEST - 1)) == replace(few, question=WORDS)
    assert result(WORDS, list("abcde")).words == tuple("abcde")


def test_who_is_both_is_asked_once():
    place = Place("a", "North", "UTC", teachers=5, coaches=3, both=7)
    assert [place.asked(t, c) for t in (False, True) for c in (False, True)] == [0, 3, 5, 7]


T, C, L, A = Membership.TEACHER, Membership.COACH, Membership.LEADER, Membership.ADMIN


@pytest.mark.parametrize(
    ("roles", "own", "left", "may"),
    [
        ((T,), False, False, {OfSurvey.SEE, OfSurvey.ANSWER}),
        ((C,), False, False, set()),  # it asks teachers
        ((L,), False, False, {OfSurvey.SEE}),
        ((L, T), False, False, {OfSurvey.SEE, OfSurvey.ANSWER}),
        ((A,), False, False, set()),
        ((A,), False, True, {OfSurvey.SEE, OfSurvey.DELETE}),
        ((T,), False, True, {OfSurvey.SEE, OfSurvey.ANSWER}),
        ((A,), True, False, {OfSurvey.SEE, OfSurvey.DELETE}),
        ((C, T), True, False, {OfSurvey.SEE, OfSurvey.DELETE}),  # who asks does not answer
        ((T,), True, False, set()),  # who asked, and may not any more
        ((), True, True, set()),
        ((), False, False, set()),
    ],
)
def test_who_is_asked_answers_and_sees_leaders_see_and_who_asked_deletes(roles, own, left, may):
    assert {what for what in OfSurvey if decide_survey(what, own, left, roles, (T,)).allowed} == may
    for what in set(OfSurvey) - may:
        with pytest.raises(NotThere):
            require_survey(what, own, left, roles, (T,))


def test_teachers_alone_ask_nobody():
    assert [may_ask((what,)).allowed for what in (T, C, L, A)] == [False, True, True, True]
    assert not may_ask(()).allowed
