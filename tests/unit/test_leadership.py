"""Where coaching stands, in stages and days: what is overdue, what comes, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coaching.cadence import Cadence, Holiday
from coaching.cycles import NAMES, Stage
from coaching.leadership import Load, Somebody, Standing, State, Year, board

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
PACE = Cadence()
MAYA, DAN, AINO = Somebody("maya", "Maya Okafor"), Somebody("dan", "Daniel Reyes"), Somebody("aino", "Aino Bergström")


def standing(stage: Stage = Stage.RECORD, days: float = 1, **more) -> Standing:
    plan = tuple(NAMES.values())
    then = NOW - timedelta(days=days)
    made = Standing("maya", "dan", DAN.called, stage, plan, list(NAMES).index(stage), then, then, then)
    return replace(made, due=date(2026, 12, 11), **more)


def state(one: Standing, cadence: Cadence = PACE) -> tuple[State, date | None]:
    (row,) = board("N", "North", cadence, [MAYA], [], [one], NOW, True).rows
    return row.state, row.day


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (standing(), (State.MOVING, None)),
        (replace(standing(), due=date(2026, 11, 24)), (State.OVERDUE, date(2026, 11, 24))),
        (replace(standing(), due=date(2026, 11, 27)), (State.SOON, date(2026, 11, 27))),
        (standing(Stage.NOTES, 2), (State.MOVING, None)),
        (standing(Stage.NOTES, 7), (State.LATE, date(2026, 11, 18))),
        (standing(Stage.CONFERENCE, meets=NOW + timedelta(days=2)), (State.MEETS, date(2026, 11, 27))),
        (standing(Stage.CONFERENCE, meets=NOW - timedelta(days=2)), (State.MOVING, None)),
        (standing(Stage.FOLLOW_UP, check_back=date(2026, 12, 2)), (State.CHECK_BACK, date(2026, 12, 2))),
        (standing(Stage.FOLLOW_UP, check_back=date(2026, 12, 2), step_closed=NOW), (State.MOVING, None)),
        (standing(closed=NOW), (State.NONE, None)),
        (replace(standing(Stage.NOTES, 7, paused=NOW), due=date(2026, 11, 2)), (State.PAUSED, None)),
        (standing(paused=NOW, goes_on=date(2026, 12, 7)), (State.PAUSED, date(2026, 12, 7))),
    ],
)
def test_a_cycle_stands_where_its_days_say(one, expected):
    assert state(one) == expected


def test_holidays_and_the_schools_own_day_count():
    notes = standing(Stage.NOTES, 7)
    assert state(notes, Cadence(holidays=(Holiday(date(2026, 11, 16), date(2026, 11, 24)),)))[0] is State.MOVING
    late = replace(standing(), due=date(2026, 11, 25))
    assert state(late, Cadence(zone="Pacific/Kiritimati"))[0] is State.OVERDUE  # it is the 26th there


def test_what_needs_a_hand_stands_first_and_then_the_names():
    overdue = replace(standing(), teacher="aino", due=date(2026, 11, 20))
    found = board("N", "North", Cadence(), [MAYA, DAN, AINO], [DAN, MAYA], [standing(Stage.NOTES), overdue], NOW, True)
    assert [row.who for row in found.rows] == [AINO, MAYA, DAN]
    assert found.rows[-1].cycle is None
    assert found.loads == (Load(DAN, 2, 1), Load(MAYA, 0, 0))


def test_a_year_counts_what_ended_in_it_and_what_was_in_time():
    in_time = standing(Stage.FOLLOW_UP, closed=NOW, held=NOW, step_closed=NOW)
    late = replace(in_time, due=date(2026, 11, 20), step_closed=None)
    long_ago = NOW - timedelta(days=366)
    before = replace(in_time, closed=long_ago, held=long_ago, step_closed=long_ago)
    found = board("N", "North", Cadence(), [MAYA], [], [in_time, late, before, standing()], NOW, True)
    assert found.year == found.rows[0].year == Year(over=2, in_time=1, held=2, steps=1)
