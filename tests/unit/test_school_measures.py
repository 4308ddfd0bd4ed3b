"""A school's measures: from five teachers on, each of whom weighs the same."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from coaching.months import FEWEST_TEACHERS
from coaching.school_measures import PUBLISHED, pooled, quantile


def measured(talk: float, open_: float | None = 50.0, wait: float = 1.0) -> dict[str, float | None]:
    return {"student_talk": talk, "open_share": open_, "wait_time_1": wait}


def test_four_teachers_are_too_few_and_a_lesson_without_one_measure_counts_in_none():
    four = {f"t{n}": [measured(20.0 + n)] for n in range(4)}
    assert pooled(four) is None
    assert pooled(four | {"t5": []}) is None
    assert pooled(four | {"t5": [measured(30.0, open_=None)]}) is None
    teachers, measures = pooled(four | {"t5": [measured(30.0)]})
    assert (teachers, [m.name for m in measures]) == (FEWEST_TEACHERS, list(PUBLISHED))


def test_each_teacher_weighs_the_same_however_many_lessons_they_have():
    lessons = {f"t{n}": [measured(10.0)] for n in range(4)} | {"many": [measured(60.0)] * 9}
    _, (talk, open_, wait) = pooled(lessons)
    assert talk.value == 20
    assert talk.low == 0  # and not below
    assert talk.high == round(20 + t.ppf(0.975, 4) * (2500 / 5) ** 0.5 / 5**0.5)
    assert (open_.low, open_.value, open_.high) == (50, 50, 50)
    assert wait.value == 1.0


@pytest.mark.parametrize("freedom", [4, 5, 9, 29, 400])
def test_the_quantile_is_students(freedom):
    assert quantile(freedom) == pytest.approx(t.ppf(0.975, freedom), rel=0.003)


@given(st.lists(st.floats(0, 100), min_size=5, max_size=40))
def test_an_interval_holds_its_mean_and_stays_within_what_the_measure_can_be(values):
    _, (talk, *_) = pooled({f"t{n}": [measured(value)] for n, value in enumerate(values)})
    assert 0 <= talk.low <= talk.value <= talk.high <= 100
    assert talk.value == pytest.approx(fmean(values), abs=0.5)
