"""When a cycle is due: school days, holidays, and the two nights on which the clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.cadence import Cadence, Holiday, Timing, is_late, is_zone, merged, next_off, read_holidays, timing
from coaching.errors import BadInput

AUTUMN = Holiday(date(2026, 10, 26), date(2026, 10, 30), "Autumn break")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def test_two_weeks_are_the_same_day_two_weeks_later():
    assert Cadence().due(date(2026, 11, 5)) == date(2026, 11, 19)
    assert Cadence(weeks=1).due(date(2026, 11, 5)) == date(2026, 11, 12)


def test_holidays_do_not_count_and_nothing_is_due_in_them():
    cadence = Cadence(holidays=(AUTUMN,))
    assert cadence.due(date(2026, 10, 20)) == date(2026, 11, 9)  # a Sunday that counts, and the first day of school
    assert cadence.due(date(2026, 10, 12)) == date(2026, 11, 2)  # would be the first day of the holidays
    assert cadence.school_days(date(2026, 10, 22), date(2026, 11, 3)) == 3
    assert cadence.school_days(date(2026, 11, 3), date(2026, 10, 22)) == -3


@given(DAYS, st.integers(1, 8), st.lists(st.tuples(DAYS, st.integers(0, 20)), max_size=5))
def test_a_due_day_is_a_school_day_and_never_too_soon(began, weeks, off):
    cadence = Cadence(weeks=weeks, holidays=merged([Holiday(day, day + timedelta(days=n)) for day, n in off]))
    due = cadence.due(began)
    assert due >= began + timedelta(weeks=weeks)
    assert due.weekday() < 5
    assert not cadence.is_off(due)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 13), Timing.IN_TIME),
        (date(2026, 11, 16), Timing.SOON),  # three school days before, the weekend left out
        (date(2026, 11, 19), Timing.SOON),
        (date(2026, 11, 20), Timing.OVERDUE),
    ],
)
def test_due_soon_and_overdue(today, expected):
    assert timing(Cadence(), date(2026, 11, 19), today) is expected


def test_what_has_no_day_is_never_late():
    assert timing(Cadence(), None, date(2030, 1, 1)) is Timing.IN_TIME


def test_a_day_is_the_schools_own_also_when_the_clocks_change():
    stockholm = Cadence(zone="Europe/Stockholm")
    summer, winter = datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    assert stockholm.day(summer) == date(2026, 10, 25)  # half past midnight, and a day of 25 hours begins
    assert stockholm.day(winter) == date(2026, 10, 25)  # half past eleven
    assert stockholm.day(datetime(2026, 3, 28, 23, 30, tzinfo=UTC)) == date(2026, 3, 29)
    assert stockholm.day(datetime(2026, 3, 29, 21, 59, tzinfo=UTC)) == date(2026, 3, 29)  # a day of 23 hours
    assert Cadence(zone="Pacific/Auckland").day(summer) == date(2026, 10, 25)


def test_feedback_is_late_after_so_many_school_days():
    cadence = Cadence(late=3, holidays=(AUTUMN,))
    shared = date(2026, 10, 22)
    assert not is_late(cadence, shared, date(2026, 11, 3))
    assert is_late(cadence, shared, date(2026, 11, 4))


def test_what_overlaps_is_one_holiday_and_the_next_is_found():
    long = Holiday(date(2026, 10, 30), date(2026, 11, 2))
    assert merged([long, AUTUMN, AUTUMN]) == (Holiday(AUTUMN.first, long.last, "Autumn break"),)
    assert next_off([AUTUMN], date(2026, 10, 30)) == AUTUMN
    assert next_off([AUTUMN], date(2026, 10, 31)) is None


def test_zones_are_names_that_exist():
    assert is_zone("America/New_York")
    for wrong in ("", "Mars/Olympus", "../../etc/passwd", "\x00"):
        assert not is_zone(wrong)


def test_holidays_as_people_write_them():
    said = "2026-12-21, 2027-01-08, Christmas, and New Year\n\n 2026-10-31"
    assert read_holidays(said) == (
        Holiday(date(2026, 10, 31), date(2026, 10, 31)),
        Holiday(date(2026, 12, 21), date(2027, 1, 8), "Christmas, and New Year"),
    )
    for wrong in ("tomorrow", "2026-12-21, x", "2026-12-21, 2026-12-20", "2026-01-01, 2028-01-01"):
        with pytest.raises(BadInput, match=r"[lL]ine 1"):
            read_holidays(wrong)
