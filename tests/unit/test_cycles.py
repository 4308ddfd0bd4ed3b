"""Who may move a coaching cycle, and what is said where it may not."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coaching.cycles import (
    MOVES_ON,
    TEMPLATES,
    Cycle,
    Facts,
    Kind,
    Move,
    Part,
    Planned,
    Stage,
    Step,
    check_look_fors,
    days_in,
    decide,
    moved,
    planned_for,
    waits_for,
)
from coaching.errors import BadInput

BEGAN = datetime(2026, 10, 1, 8, tzinfo=UTC)
ALL = Facts(**dict.fromkeys((one.name for one in fields(Facts)), True))
WHO = {"maya": Part.TEACHER, "dan": Part.PARTNER}


def cycle(stage: Stage = Stage.GOAL, kind: Kind = Kind.OBSERVE, **more) -> Cycle:
    partner = None if kind is Kind.ALONE else "dan"
    called = "" if partner is None else "Daniel Reyes"
    return replace(
        Cycle(
            "c1", kind, "Waits", "maya", "Maya Okafor", partner, called, "north", TEMPLATES[kind], stage, BEGAN, BEGAN
        ),
        **more,
    )


def may(cycle: Cycle, who: str, facts: Facts = ALL, step: Step = Step.ON) -> str | None:
    """None where it may; else why not."""
    decision = decide(cycle, step, who, facts)
    assert decision.allowed == (decision.why == "")
    return decision.why or None


@pytest.mark.parametrize("kind", Kind)
def test_a_cycle_goes_through_its_plan_and_ends(kind):
    found = cycle(TEMPLATES[kind][0].stage, kind)
    for planned in found.plan:
        assert found.stage is planned.stage
        mover = "dan" if not found.alone and Part.TEACHER not in MOVES_ON[found.stage][0] else "maya"
        assert may(found, mover) is None
        found = moved(found, Step.ON, BEGAN)
    assert found.closed == BEGAN
    assert waits_for(found) == frozenset()


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("who", [*WHO, "leader"])
def test_each_stage_is_moved_on_by_whose_turn_it_is_and_by_nobody_else(stage, who):
    by, lacking = MOVES_ON[stage]
    reason = may(cycle(stage), who)
    if who == "leader":
        assert reason == "This cycle is somebody else’s."
    elif WHO[who] in by:
        assert reason is None
        assert may(cycle(stage), who, Facts()) == lacking
    else:
        assert reason in ("Only the teacher can do this.", "This is for Daniel Reyes to do.")
    assert waits_for(cycle(stage)) == by


def test_before_sharing_a_teacher_has_left_a_comment_of_their_own_unless_the_school_asks_for_none():
    found, facts = cycle(Stage.REFLECT), Facts(reflected=True)
    assert may(found, "maya", facts) == "Leave at least one comment of your own in the lesson first."
    assert may(found, "maya", replace(facts, needs_comment=False)) is None
    assert may(found, "maya", replace(facts, own_comment=True)) is None
    assert may(found, "maya", replace(facts, own_comment=True, reflected=False)) == "Write your reflection first."


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_one_goes_back_but_never_behind_what_was_answered(stage):
    found, before = cycle(stage), list(Stage)[list(Stage).index(stage) - 1]
    answered = before in (Stage.RECORD, Stage.REFLECT, Stage.SHARE)
    for who, part in WHO.items():
        reason = may(found, who, ALL, Step.BACK)
        if answered:
            assert reason == "Daniel Reyes has answered already, so the reflection stays as it is."
        elif part in MOVES_ON[before][0]:
            assert reason is None
            assert moved(found, Step.BACK, BEGAN).stage is before
        else:
            assert reason
    if answered:
        assert may(found, "maya", Facts(), Step.BACK) is None


def test_where_it_began_there_is_nothing_before():
    assert may(cycle(), "maya", ALL, Step.BACK) == "This is where the cycle began."


def test_only_what_the_school_lets_be_skipped_is():
    plan = planned_for(Kind.OBSERVE, {Stage.NOTES: "Second pair of eyes"}, {Stage.NOTES})
    assert Planned(Stage.NOTES, "Second pair of eyes", may_skip=True) in plan
    found = cycle(Stage.NOTES, plan=plan)
    assert may(found, "dan", Facts(), Step.SKIP) is None
    assert moved(found, Step.SKIP, BEGAN).stage is Stage.CONFERENCE
    assert may(found, "maya", Facts(), Step.SKIP) == "This is for Daniel Reyes to do."
    assert may(cycle(Stage.CONFERENCE, plan=plan), "maya", ALL, Step.SKIP) == "“Conference” is not skipped here."


def test_its_teacher_ends_it_and_opens_it_again():
    found = cycle(Stage.SHARE)
    assert may(found, "dan", ALL, Step.STOP) == "Only the teacher can do this."
    assert may(found, "maya", Facts(), Step.STOP) is None
    over = moved(found, Step.STOP, BEGAN)
    for step in (Step.ON, Step.SKIP, Step.BACK, Step.STOP):
        assert may(over, "maya", ALL, step) == "This cycle is over. Its teacher can open it again."
    assert may(over, "dan", ALL, Step.REOPEN) == "Only the teacher can do this."
    assert may(over, "maya", ALL, Step.REOPEN) is None
    assert moved(over, Step.REOPEN, BEGAN) == found
    assert may(found, "maya", ALL, Step.REOPEN) == "This cycle is open."


def test_alone_everything_is_the_teachers():
    for planned in TEMPLATES[Kind.ALONE]:
        assert may(cycle(planned.stage, Kind.ALONE), "maya") is None
    assert may(cycle(Stage.RECORD, Kind.ALONE), "dan") == "This cycle is somebody else’s."
    assert may(cycle(Stage.REFLECT, Kind.ALONE), "maya", ALL, Step.BACK) is None


def test_days_in_each_stage_are_all_visits_together():
    def move(stage, days):
        return Move(stage, Step.ON, "maya", BEGAN + timedelta(days=days))

    moves = [move(Stage.GOAL, 0), move(Stage.RECORD, 2), move(Stage.GOAL, 5), move(Stage.RECORD, 6)]
    now = BEGAN + timedelta(days=9.5)
    assert days_in(cycle(Stage.RECORD), moves, now) == {Stage.GOAL: 3.0, Stage.RECORD: 6.5}
    over = [*moves, move(None, 8)]
    closed = cycle(Stage.RECORD, closed=BEGAN + timedelta(days=8))
    assert days_in(closed, over, now) == {Stage.GOAL: 3.0, Stage.RECORD: 5.0}


def test_look_fors_are_few_and_each_is_said_once():
    assert check_look_fors([" Pauses ", "", "Pauses", "A press"]) == ("Pauses", "A press")
    with pytest.raises(BadInput, match="fewer"):
        check_look_fors([str(n) for n in range(11)])
    with pytest.raises(BadInput, match="200"):
        check_look_fors(["x" * 201])


def test_a_paused_cycle_waits_for_nobody_and_its_days_do_not_count():
    due = date(2026, 10, 15)
    found = cycle(Stage.NOTES, due=due)
    later = BEGAN + timedelta(days=3)
    for who in WHO:
        assert may(found, who, ALL, Step.PAUSE) is None
        assert may(found, who, ALL, Step.RESUME) == "This cycle is not paused."
    assert may(found, "zoe", ALL, Step.PAUSE) == "This cycle is somebody else’s."
    rests = replace(moved(found, Step.PAUSE, later), goes_on=date(2026, 10, 20))
    assert (rests.stage, rests.paused, rests.due, waits_for(rests)) == (Stage.NOTES, later, due, frozenset())
    for step in (Step.ON, Step.SKIP, Step.BACK):
        assert may(rests, "dan", ALL, step) == "This cycle is paused. Go on with it first."
    assert may(rests, "dan", ALL, Step.PAUSE) == "This cycle is paused already."
    for days in (0, 1, 40):
        again = moved(rests, Step.RESUME, later + timedelta(days=days))
        assert (again.paused, again.goes_on, again.due) == (None, None, due + timedelta(days=days))
        assert again.entered == BEGAN + timedelta(days=days)
        assert waits_for(again) == {Part.PARTNER}
    assert may(rests, "maya", ALL, Step.STOP) is None
    over = moved(rests, Step.STOP, later + timedelta(days=7))
    assert (over.closed, over.paused, over.due) == (later + timedelta(days=7), None, due + timedelta(days=7))
    assert may(over, "maya", ALL, Step.PAUSE) == "This cycle is over. Its teacher can open it again."
    assert moved(cycle(), Step.RESUME, later) == cycle()


def test_the_days_of_a_pause_are_no_days_of_its_stage():
    def move(days: float, stage: Stage | None, step: Step | None) -> Move:
        return Move(stage, step, "maya", BEGAN + timedelta(days=days))

    moves = [
        move(0, Stage.GOAL, None),
        move(2, None, Step.PAUSE),
        move(9, Stage.GOAL, Step.RESUME),
        move(10, Stage.RECORD, Step.ON),
    ]
    assert days_in(cycle(Stage.RECORD), moves, BEGAN + timedelta(days=14)) == {Stage.GOAL: 3.0, Stage.RECORD: 4.0}
