"""What is said of a visit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coaching.errors import BadInput
from coaching.walks import (
    LONGEST_EVIDENCE,
    LONGEST_PLACE,
    MOST_SEEN,
    OLDEST_S,
    NewWalk,
    Seen,
    checked,
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
