"""What a school's leaders are told of coaching: stages and days, and no word or number of anybody's."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from stores import School

from coaching.access import Grant
from coaching.cadence import Cadence
from coaching.coached import ActionStep, Item, Look, NewCycle
from coaching.comments import NewComment
from coaching.cycles import Kind, Stage, Step
from coaching.leadership import State
from coaching.people import Membership

COACH, SECRET = "coach@school.org", "Whisperwood"
DATES_AND_NAMES = {"cycles", "conferences", "action_steps", "cycle_moves", "people", "memberships", "schools"}
DATES_AND_NAMES |= {"school_coaching", "school_months"}


@pytest.fixture
def cycle(there: School) -> str:
    """One in whose every part something is written."""
    owner, coach, store = there.owner, there.cast["coach"], there.cycles
    made = store.begin(owner, NewCycle(Kind.OBSERVE, f"{SECRET} waits", COACH))
    lesson = there.ready(SECRET)[0]
    there.lessons.grant(owner, lesson, COACH, [Grant.COMMENT])
    store.set_goal(owner, made, f"{SECRET} goal", [SECRET], "wait_time_1")
    store.move(owner, made, Step.ON)
    store.take_in(owner, made, lesson, Look.FIRST)
    store.reflect(owner, made, [("What?", SECRET)])
    note = there.lessons.comment(coach, lesson, NewComment(1.0, SECRET))
    store.write(coach, made, SECRET, SECRET)
    store.plan(owner, made, datetime(2031, 11, 30, 14, tzinfo=UTC), 30)
    store.set_agenda(owner, made, [Item(lesson, note, 8, SECRET)])
    store.decide(owner, made, SECRET)
    store.set_action_step(owner, made, ActionStep(SECRET, SECRET, "wait_time_1", date(2031, 12, 8), frozenset()))
    store.begin(owner, NewCycle(Kind.ALONE, f"{SECRET} alone"))
    return made


def test_a_leader_sees_stages_and_days_and_nothing_else(there, cycle):
    (board,) = there.leadership.boards(there.cast["leader"])
    assert board.whole
    row = next(one for one in board.rows if one.who.id == there.owner)
    assert (row.cycle.stage, row.cycle.partner, row.state) == (Stage.RECORD, there.cast["coach"], State.MEETS)
    assert (row.cycle.meets.year, row.cycle.check_back.year) == (2031, 2031)
    assert {one.who.id for one in board.rows} == {there.owner, there.cast["colleague"]}
    assert [(one.who.id, one.open) for one in board.loads] == [(there.cast["coach"], 1)]
    assert SECRET not in repr(board)


def test_it_reads_no_table_of_lessons_or_of_what_was_written(there, cycle):
    read: list[str] = []
    event.listen(there.database.engine, "before_cursor_execute", lambda *a: read.append(a[2]))
    assert there.leadership.boards(there.cast["leader"])
    for statement in read:
        words = statement.replace('"', " ").replace("(", " ").replace(",", " ").lower().split()
        tables = {words[n + 1] for n, word in enumerate(words[:-1]) if word in ("from", "join")}
        tables -= {"select", "clock_timestamp"}
        assert tables <= DATES_AND_NAMES, statement
        for column in ("body", "look_for", "goal", "decisions", "agenda", "outcome", "cycles.name", ".measure"):
            assert column not in re.sub("school_coaching|school_months.measures", "", statement.lower()), column


def test_everybody_else_sees_what_is_about_themselves(there, cycle):
    (whole,) = there.leadership.boards(there.cast["leader"])
    (mine,) = there.leadership.boards(there.owner)
    assert not mine.whole
    assert [one.who.id for one in mine.rows] == [there.owner]
    assert mine.rows[0] == next(one for one in whole.rows if one.who.id == there.owner)
    (coachs,) = there.leadership.boards(there.cast["coach"])
    assert (coachs.rows, coachs.loads) == ((), whole.loads)
    (colleagues,) = there.leadership.boards(there.cast["colleague"])
    assert there.owner not in repr(colleagues)
    (elsewhere,) = there.leadership.boards(there.cast["stranger"])
    assert elsewhere.school != whole.school
    assert there.leadership.boards(there.cast["admin"]) == there.leadership.boards("0" * 24) == []


def test_a_school_is_told_by_its_own_pace_and_who_left_is_not_on_it(there, cycle):
    coach, leader = there.cast["coach"], there.cast["leader"]
    (school,) = there.cycles.schools(coach)
    there.cycles.coach_so(coach, replace(school, cadence=Cadence(weeks=5)))
    assert there.leadership.boards(leader)[0].cadence.weeks == 5
    (north,) = there.staff.schools(there.cast["admin"])
    there.staff.change(there.cast["admin"], there.cast["colleague"], north.id, [Membership.ADMIN])
    assert [one.who.id for one in there.leadership.boards(leader)[0].rows] == [there.owner]
