"""What is said of a visit, and which months a school sees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coaching.errors import BadInput
from coaching.walks import (
    LONGEST_EVIDENCE,
    LONGEST_PLACE,
    MONTHS,
    MOST_SEEN,
    OLDEST_S,
    SETTLED_DAYS,
    NewWalk,
    Seen,
    after,
    checked,
    settled,
)

GOOD = NewWalk("a" * 24, "b" * 24, "c" * 24, "Room 4", (Seen("Choice", "Two ways."),))


@pytest.mark.parametrize(
    "new",
    [
        replace(GOOD, seen=()),
        replace(GOOD, seen=tuple(Seen(f"{n}", "x") for n in range(MOST_SEEN + 1))),
        replace(GOOD, seen=(Seen("Choice", " \n"),)),
        replace(GOOD, seen=(Seen(" ", "x"),)),
        replace(GOOD, seen=(Seen("Choice", "x"), Seen(" choice", "y"))),
        replace(GOOD, seen=(Seen("Choice", "x" * (LONGEST_EVIDENCE + 1)),)),
        replace(GOOD, place="x" * (LONGEST_PLACE + 1)),
    ],
)
def test_a_visit_says_what_was_seen_and_in_words(new):
    with pytest.raises(BadInput):
        checked(new)


def test_what_is_said_is_kept_without_surplus_space():
    found = checked(replace(GOOD, place=" Room 4 ", seen=(Seen(" Wait \n time ", " Long.\n"),), ago_s=1e9))
    assert (found.place, found.seen, found.ago_s) == ("Room 4", (Seen("Wait time", "Long."),), OLDEST_S)
    assert checked(replace(GOOD, ago_s=-5.0)).ago_s == 0


def test_months_are_whole_over_for_a_week_and_follow_one_another():
    day, last = date(2024, 1, 1), None
    for _ in range(800):
        found = settled(day)
        assert len(found) == MONTHS
        assert all(one.day == 1 for one in found)
        assert after(found[0]) + timedelta(days=SETTLED_DAYS) <= day < after(after(found[0])) + timedelta(SETTLED_DAYS)
        assert [after(one) for one in found[1:]] == found[:-1]
        assert last in (None, found[0], found[1])
        day, last = day + timedelta(days=1), found[0]
