"""Whole months: settled a week after their end, one after the other, as long as each school's clock has them."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from zoneinfo import ZoneInfo

from coaching.months import SETTLED_DAYS, SHOWN, after, bounds, of_word, settled, word


def test_months_are_whole_over_for_a_week_and_follow_one_another():
    day, last = date(2024, 1, 1), None
    for _ in range(800):
        found = settled(day)
        assert len(found) == SHOWN
        assert all(one.day == 1 for one in found)
        assert after(found[0]) + timedelta(days=SETTLED_DAYS) <= day < after(after(found[0])) + timedelta(SETTLED_DAYS)
        assert [after(one) for one in found[1:]] == found[:-1]
        assert last in (None, found[0], found[1])
        day, last = day + timedelta(days=1), found[0]


def test_the_first_days_of_a_month_still_belong_to_the_one_before_the_last():
    assert settled(date(2026, 11, 7))[0] == date(2026, 9, 1)
    assert settled(date(2026, 11, 8))[0] == date(2026, 10, 1)
    assert settled(date(2027, 1, 8))[0] == date(2026, 12, 1)


def test_months_touch_and_are_as_long_as_the_clock_there_says():
    for zone in (UTC, ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")):
        for month in settled(date(2030, 3, 9)):
            assert bounds(month, zone)[1] == bounds(after(month), zone)[0]
    hours = [
        (end - begin) / 3600 for begin, end in (bounds(date(2026, 3, 1), z) for z in (UTC, ZoneInfo("Europe/Berlin")))
    ]
    assert hours == [744, 743]


def test_a_month_is_stored_and_read_back():
    assert (word(date(2026, 3, 1)), of_word("2026-03")) == ("2026-03", date(2026, 3, 1))
