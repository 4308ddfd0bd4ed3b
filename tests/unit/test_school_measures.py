"""A school's measures: from five teachers on, each the same, and two of them never tell one teacher's."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from coaching.school_measures import FEWEST_TEACHERS, PUBLISHED, SETTLES, pooled, quantile, span_of, to_decide


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


@given(st.datetimes(datetime(2024, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)))
def test_a_month_is_decided_when_it_is_over_and_months_are_one_after_the_other(now):
    month = to_decide(now)
    _, ends = span_of(month)
    assert ends + SETTLES <= now + timedelta(days=1)
    after = span_of(ends.date())
    assert after[0] == ends
    assert now < after[1] + SETTLES


def test_the_first_days_of_a_month_still_belong_to_the_one_before_the_last():
    assert to_decide(datetime(2026, 11, 7, 23, tzinfo=UTC)) == date(2026, 9, 1)
    assert to_decide(datetime(2026, 11, 8, tzinfo=UTC)) == date(2026, 10, 1)
    assert to_decide(datetime(2027, 1, 8, tzinfo=UTC)) == date(2026, 12, 1)
