"""A school's measures: counted once a month, of five teachers who agreed, by a worker."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from lessons import lesson, long_lesson
from sqlalchemy import delete, update
from stores import School

from coaching.access import NotThere
from coaching.months import bounds
from coaching.people import Membership
from coaching.school_measures import PUBLISHED
from coaching.services.school_measures import decide
from models.tables import MembershipRow, RecordingRow

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
LATER, MUCH_LATER = datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 12, 9, tzinfo=UTC)


def board(there: School, who: str):
    return next(one for one in there.leadership.boards(there.cast[who]) if one.school == "North")


def north(there: School) -> str:
    return board(there, "leader").id


def teaches(there: School, name: str, month: date, n: int, class_name: str | None = "Grade 5") -> str:
    """A lesson of somebody, who is added where they are not there; its id."""
    if name not in there.cast:
        there.cast[name] = there.people.add(f"{name}@school.org", Membership.TEACHER, "North").id
    owner, there.cast["owner"] = there.owner, there.cast[name]
    recording, _ = there.ready(f"{name}-{month}-{n}", long_lesson(12, seed=n))
    there.lessons.describe(there.owner, recording, class_name, None, ())
    there.cast["owner"] = owner
    added = bounds(month, UTC)[0] + 86_400 * n
    with there.database.write() as session:
        session.execute(update(RecordingRow).where(RecordingRow.id == recording).values(added=added))
    return recording


@pytest.fixture
def five(there: School) -> list[str]:
    names = [f"teacher{n}" for n in range(5)]
    for n, name in enumerate(names):
        teaches(there, name, OCTOBER, n)
        there.leadership.count_mine(there.cast[name], north(there), True)
    return names


def run(there: School, now: datetime = LATER) -> None:
    decide(there.leadership, there.lessons, now)


def test_a_month_of_five_is_published_once_and_nothing_leads_back_from_it(there, five):
    teaches(there, "owner", OCTOBER, 6)  # who did not agree
    run(there)
    (month,) = board(there, "leader").months
    assert (month.first, month.teachers, [m.name for m in month.measures]) == (OCTOBER, 5, list(PUBLISHED))
    assert all(m.low <= m.value <= m.high for m in month.measures)
    assert board(there, "owner").months == board(there, "coach").months == (month,)
    assert [one.months for one in there.leadership.boards(there.cast["stranger"])] == [()]

    there.leadership.count_mine(there.owner, north(there), True)  # a sixth, and one fewer: it stays as it is
    there.leadership.count_mine(there.cast[five[0]], north(there), False)
    teaches(there, five[1], OCTOBER, 7)
    run(there)
    assert board(there, "leader").months == (month,)
    assert there.leadership.undecided(OCTOBER) == []


def test_four_are_too_few_and_nobody_learns_who_or_how_many(there, five):
    there.leadership.count_mine(there.cast[five[0]], north(there), False)
    run(there)
    assert board(there, "leader").months == ()
    there.leadership.count_mine(there.cast[five[0]], north(there), True)  # too late for this month
    run(there)
    assert board(there, "leader").months == ()
    for n, name in enumerate(five):
        teaches(there, name, NOVEMBER, n)
    run(there, MUCH_LATER)
    assert [month.first for month in board(there, "leader").months] == [NOVEMBER]
    assert board(there, "leader").counts is None


@pytest.mark.parametrize(
    "how", ["left", "no longer a teacher", "of no class", "in another month", "withheld", "deleted"]
)
def test_what_does_not_count(there, five, how):
    who = there.cast[five[0]]
    if how == "left":
        there.people.leave(f"{five[0]}@school.org")
    elif how == "no longer a teacher":
        with there.database.write() as session:
            session.execute(delete(MembershipRow).where(MembershipRow.person_id == who))
    else:
        (recording,) = [facts.id for facts in there.lessons.mine(who)]
        if how == "of no class":
            there.lessons.describe(who, recording, None, None, ())
        elif how == "in another month":
            there.later(RecordingRow, 40 * 86_400, "added")
            for n, name in enumerate(five[1:]):
                teaches(there, name, OCTOBER, 10 + n)
        elif how == "withheld":
            there.lessons.reprocess(who, recording)
            owner, there.cast["owner"] = there.owner, who
            run_ = there.listen(recording, lesson())  # a minute, of which hardly anything can be said
            there.lessons.show(who, run_)
            there.cast["owner"] = owner
        else:
            there.lessons.delete(who, recording, 0, 0)
    run(there)
    assert board(there, "leader").months == ()


def test_each_says_for_themselves_and_at_their_own_school(there):
    school = north(there)
    assert board(there, "owner").counts is False
    there.leadership.count_mine(there.owner, school, True)
    there.leadership.count_mine(there.owner, school, True)
    assert board(there, "owner").counts is True
    assert board(there, "colleague").counts is False
    for who in ("coach", "leader", "admin", "stranger"):
        with pytest.raises(NotThere):
            there.leadership.count_mine(there.cast[who], school, True)
    with pytest.raises(NotThere):
        there.leadership.count_mine(there.owner, "0" * 24, True)
