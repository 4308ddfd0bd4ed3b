"""What the families of a class agreed to, and what follows for a lesson."""

from __future__ import annotations

from datetime import date

import pytest

from coaching.access import decide_shown
from coaching.consents import (
    Agreed,
    Consent,
    May,
    OptOut,
    Standing,
    check_consent,
    check_days,
    holding,
    short_name,
    year_end,
)
from coaching.errors import BadInput


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


FIRST = Consent("a", Agreed.COACH, day("09-01"), day("12-20"))
SECOND = Consent("b", Agreed.SCHOOL, day("10-05"), day("11-15"))


@pytest.mark.parametrize(
    ("on", "found"),
    [
        # FIRST   |--------------------------|
        # SECOND         |-------|
        ("08-31", None),
        ("09-01", FIRST),
        ("10-04", FIRST),
        ("10-05", SECOND),
        ("11-15", SECOND),
        ("11-16", None),  # what began last has ended, and nobody asked the families anew
        ("12-21", None),
    ],
)
def test_the_consent_that_began_last_holds_while_it_lasts(on, found):
    assert holding((FIRST, SECOND), day(on)) == holding((SECOND, FIRST), day(on)) == found


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (None, None, ("09-01", "10-05", "12-20")),
        ("10-05", None, ("10-05", "12-20")),
        (None, "10-05", ("09-01", "10-05")),
        ("10-05", "10-05", ("10-05",)),
    ],
)
def test_an_opt_out_counts_in_the_lessons_of_its_days(since, until, counts):
    out = OptOut("a", "M. K.", since and day(since), until and day(until))
    assert [on for on in ("09-01", "10-05", "12-20") if out.counts_on(day(on))] == list(counts)


@pytest.mark.parametrize(
    ("standing", "may", "covered", "published", "why", "pill"),
    [
        # standing, how, with faces covered, as an example (as it is, covered)
        (Standing(), May.OPEN, True, (False, False), "has no class", ""),
        (Standing(True), May.OPEN, True, (False, False), "Nobody wrote down", ""),
        (Standing(True, SECOND), May.OPEN, True, (True, True), "colleagues at your school", ""),
        (
            Standing(True, SECOND, 1),
            May.COVERED,
            True,
            (False, True),
            "One student in this lesson may not",
            "1 student opted out: coach only",
        ),
        (
            Standing(True, None, 2),
            May.COVERED,
            True,
            (False, False),
            "2 students in this lesson may not",
            "2 students opted out: coach only",
        ),
        (Standing(True, FIRST), May.COACH, False, (False, False), "and nobody else", "Families agreed: coach only"),
        (Standing(True, FIRST, 2), May.COACH, False, (False, False), "and nobody else", "Families agreed: coach only"),
    ],
)
def test_what_follows_for_a_lesson(standing, may, covered, published, why, pill):
    assert standing.may is may
    assert (standing.may_be_shown(False), standing.may_be_shown(True)) == (may is May.OPEN, covered)
    assert (standing.may_be_published(False), standing.may_be_published(True)) == published
    assert why in standing.why
    assert standing.pill == pill
    for is_covered in (False, True):
        said = decide_shown(False, may is May.COACH, standing.opted_out > 0, is_covered)
        assert said.allowed is standing.may_be_shown(is_covered)
        assert decide_shown(True, may is May.COACH, standing.opted_out > 0, is_covered).allowed


def test_a_school_year_ends_in_july():
    assert [year_end(date(2026, *on)) for on in ((7, 31), (8, 1), (1, 1))] == [
        date(2026, 7, 31),
        date(2027, 7, 31),
        date(2026, 7, 31),
    ]


def test_what_cannot_be_written_down_says_why():
    assert check_consent(day("09-01"), day("09-01"), " In the office. ") == "In the office."
    with pytest.raises(BadInput, match="before the first"):
        check_days(day("09-02"), day("09-01"))
    with pytest.raises(BadInput, match="a school year"):
        check_consent(day("01-01"), date(2028, 1, 1), "")
    with pytest.raises(BadInput, match="300 characters"):
        check_consent(day("09-01"), day("09-02"), "x" * 301)


@pytest.mark.parametrize("name", ["", "  ", "x" * 25, "M\x00K"])
def test_a_short_name_is_short_and_can_be_read(name):
    assert short_name("  M.  K. ") == "M. K."
    with pytest.raises(BadInput, match="initials"):
        short_name(name)
