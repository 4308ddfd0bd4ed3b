"""Coaching cycles as they are kept: whose they are, what is written in them, and when it stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from stores import School

from coaching.access import Grant, NotThere
from coaching.cadence import Cadence, Holiday
from coaching.clips import NewClip
from coaching.coached import ActionStep, Item, Look, NewCycle
from coaching.comments import Audience, CommentChange, NewComment
from coaching.cycles import Kind, NotNow, Stage, Step
from coaching.errors import BadInput
from coaching.leadership import State
from coaching.notifications import Kind as Told
from coaching.sharing import NoColleague
from models.tables import CycleRow, NotificationRow

COACH = "coach@school.org"
MONDAY = datetime(2026, 11, 30, 14, 10, tzinfo=UTC)


@pytest.fixture
def cycle(there: School) -> str:
    return there.cycles.begin(there.owner, NewCycle(Kind.OBSERVE, "Longer waits", COACH))


def stage(there: School, cycle: str) -> Stage | None:
    found = there.cycles.cycle(there.owner, cycle).cycle
    return None if found.closed else found.stage


def to_notes(there: School, cycle: str) -> str:
    """Bring it to where the coach writes; the lesson."""
    lesson, owner, store = there.ready()[0], there.owner, there.cycles
    store.set_goal(owner, cycle, "More students explain.", ["Pauses", "Pauses"], "wait_time_1")
    store.move(owner, cycle, Step.ON)
    store.take_in(owner, cycle, lesson, Look.FIRST)
    store.move(owner, cycle, Step.ON)
    store.reflect(owner, cycle, [("What surprised you?", "How long three seconds are.")])
    there.lessons.comment(owner, lesson, NewComment(1.0, "Here.", audience=Audience.AUTHOR))
    store.move(owner, cycle, Step.ON)
    there.lessons.grant(owner, lesson, COACH, [Grant.COMMENT])
    store.move(owner, cycle, Step.ON)
    return lesson


def test_a_whole_cycle(there, cycle):
    owner, coach, store = there.owner, there.cast["coach"], there.cycles
    lesson = to_notes(there, cycle)
    note = there.lessons.comment(coach, lesson, NewComment(2.0, "You waited."))
    clip = there.lessons.clip(owner, lesson, NewClip(0.0, 2.0, "Same whole", audience=Audience.LESSON))
    store.write(coach, cycle, "Three more hands.", "Ask about the clock.")
    store.move(coach, cycle, Step.ON)
    store.plan(owner, cycle, MONDAY, 30)
    store.set_agenda(owner, cycle, [Item(lesson, clip, 10, "What made it possible?"), Item(lesson, note)])
    store.decide(coach, cycle, "Count to three.")
    store.met(coach, cycle)
    store.move(owner, cycle, Step.ON)
    step = ActionStep("Count to three.", "Pauses", "wait_time_1", date(2026, 12, 8), frozenset())
    store.set_action_step(coach, cycle, step)
    with pytest.raises(NotNow, match="both of you"):
        store.move(owner, cycle, Step.ON)
    store.agree(owner, cycle)
    store.move(owner, cycle, Step.ON)
    store.take_in(owner, cycle, there.ready("again")[0], Look.AGAIN)
    found = store.cycle(coach, cycle)
    assert [(move.stage, move.by) for move in found.moves] == [
        (each, coach if each is Stage.CONFERENCE else owner) for each in Stage
    ]
    assert found.cycle.look_fors == ("Pauses",)
    assert [one.question for one in found.conference.agenda] == ["What made it possible?", ""]
    assert found.conference.starts == MONDAY
    assert found.action_step == replace(step, agreed=frozenset({owner, coach}))
    assert {one.author: (one.shared, one.private) for one in found.notes} == {
        coach: ("Three more hands.", "Ask about the clock.")
    }
    assert [one.private for one in store.cycle(owner, cycle).notes] == [""]
    (tried,) = store.tried_in(coach, found.lessons[-1].recording)
    assert (tried[0].id, tried[1].body) == (cycle, "Count to three.")
    for who, recording in ((owner, lesson), (there.cast["leader"], found.lessons[-1].recording), ("", "")):
        assert store.tried_in(who, recording) == []
    assert [one.meets for one in store.cycles(coach)] == [MONDAY]
    store.close_step(owner, cycle, "Two of three waits were longer.")
    store.move(owner, cycle, Step.ON)
    assert stage(there, cycle) is None
    with pytest.raises(NotNow, match="over"):
        store.write(coach, cycle, "One more thing.", "")


def test_it_is_there_for_the_two_and_for_nobody_else(there, cycle):
    lesson = to_notes(there, cycle)
    everything = {
        "cycle": lambda who: there.cycles.cycle(who, cycle),
        "move": lambda who: there.cycles.move(who, cycle, Step.STOP),
        "goal": lambda who: there.cycles.set_goal(who, cycle, "Mine", [], None),
        "rename": lambda who: there.cycles.rename(who, cycle, "Mine"),
        "take in": lambda who: there.cycles.take_in(who, cycle, lesson, Look.AGAIN),
        "leave out": lambda who: there.cycles.leave_out(who, cycle, lesson),
        "reflect": lambda who: there.cycles.reflect(who, cycle, []),
        "add": lambda who: there.cycles.add_later(who, cycle, "Mine"),
        "write": lambda who: there.cycles.write(who, cycle, "Mine", ""),
        "plan": lambda who: there.cycles.plan(who, cycle, None, 30),
        "agenda": lambda who: there.cycles.set_agenda(who, cycle, []),
        "decide": lambda who: there.cycles.decide(who, cycle, "Mine"),
        "met": lambda who: there.cycles.met(who, cycle),
        "step": lambda who: there.cycles.set_action_step(who, cycle, ActionStep("a", "", None, None, frozenset())),
        "agree": lambda who: there.cycles.agree(who, cycle),
        "close": lambda who: there.cycles.close_step(who, cycle, "Mine"),
        "turn": lambda who: there.cycles.turn_over(who, cycle),
    }
    before = there.cycles.cycle(there.owner, cycle)
    for who in (*(there.cast[other] for other in ("colleague", "leader", "admin", "stranger")), "", "x" * 24):
        for name, ask in everything.items():
            with pytest.raises(NotThere):
                assert ask(who), name
        assert there.cycles.cycles(who) == []
    assert there.cycles.cycle(there.owner, cycle) == before
    for wrong in ("", "\x00", "../../etc", "0" * 24):
        with pytest.raises(NotThere):
            there.cycles.cycle(there.owner, wrong)
    for who in (there.owner, there.cast["coach"]):
        assert [one.id for one in there.cycles.cycles(who)] == [cycle]


def test_a_partner_who_leaves_sees_it_no_more_and_its_teacher_goes_on(there, cycle):
    there.people.leave(COACH)
    with pytest.raises(NotThere):
        there.cycles.cycle(there.cast["coach"], cycle)
    assert there.cycles.cycle(there.owner, cycle).cycle.partner_called == COACH
    there.people.come_back(COACH)
    assert there.cycles.cycle(there.cast["coach"], cycle).cycle.id == cycle


def test_what_the_teacher_writes_is_theirs_until_they_share_and_stays_once_it_is_answered(there, cycle):
    coach, owner, store = there.cast["coach"], there.owner, there.cycles
    lesson = there.ready()[0]
    there.lessons.grant(owner, lesson, COACH, [Grant.COMMENT])
    there.lessons.comment(coach, lesson, NewComment(1.0, "Of an earlier cycle."))
    there.lessons.take_back_grant(owner, lesson, coach)
    store.take_in(owner, cycle, lesson, Look.FIRST)
    store.reflect(owner, cycle, [("Why?", "Because.")])
    assert store.cycle(coach, cycle).reflection is None
    with pytest.raises(NotNow, match="still open"):
        store.add_later(owner, cycle, "And also.")
    there.lessons.grant(owner, lesson, COACH, [Grant.COMMENT])
    assert store.cycle(coach, cycle).reflection.answers == (("Why?", "Because."),)
    store.reflect(owner, cycle, [("Why?", "Because of this.")])
    said = there.lessons.comment(coach, lesson, NewComment(1.0, "I see."))
    for late in (
        lambda: store.reflect(owner, cycle, [("Why?", "No.")]),
        lambda: store.take_in(owner, cycle, there.bring("other"), Look.FIRST),
        lambda: store.leave_out(owner, cycle, lesson),
    ):
        with pytest.raises(NotNow, match="answered already"):
            late()
    store.add_later(owner, cycle, "And also.")
    found = store.cycle(coach, cycle).reflection
    assert (found.answers, found.addendum, found.locked) == ((("Why?", "Because of this."),), "And also.", True)
    there.lessons.change_comment(coach, lesson, said, CommentChange(deleted=True))
    store.reflect(owner, cycle, [("Why?", "Again open.")])
    with pytest.raises(NotNow):
        store.reflect(coach, cycle, [("Why?", "Theirs.")])


def test_a_coachs_own_note_to_themselves_is_no_answer(there, cycle):
    lesson = to_notes(there, cycle)
    coach = there.cast["coach"]
    there.lessons.comment(coach, lesson, NewComment(1.0, "Hm.", audience=Audience.AUTHOR))
    there.cycles.write(coach, cycle, "", "For me.")
    with pytest.raises(NotNow, match="Leave a comment"):
        there.cycles.move(coach, cycle, Step.ON)
    assert not there.cycles.cycle(there.owner, cycle).facts.feedback


def test_on_the_agenda_are_moments_that_whoever_puts_them_there_may_read(there, cycle):
    lesson, coach, owner = to_notes(there, cycle), there.cast["coach"], there.owner
    own = there.lessons.clip(owner, lesson, NewClip(0.0, 1.0, "Mine"))
    elsewhere = there.ready("elsewhere")[0]
    other = there.lessons.clip(owner, elsewhere, NewClip(0.0, 1.0, "Elsewhere"))
    for who, item in ((coach, Item(lesson, own)), (owner, Item(elsewhere, other)), (owner, Item(lesson, "0" * 24))):
        with pytest.raises(NotThere):
            there.cycles.set_agenda(who, cycle, [item])
    there.cycles.set_agenda(owner, cycle, [Item(lesson, own)])
    there.cycles.set_agenda(coach, cycle, [Item(lesson, own, 5)])  # its order and minutes are for both
    with pytest.raises(BadInput, match="already"):
        there.cycles.set_agenda(owner, cycle, [Item(lesson, own), Item(lesson, own)])
    for minutes in (0, 61):
        with pytest.raises(BadInput):
            there.cycles.set_agenda(owner, cycle, [Item(lesson, own, minutes)])


def test_a_lesson_that_is_deleted_leaves_its_cycle(there, cycle):
    lesson = to_notes(there, cycle)
    there.lessons.delete(there.owner, lesson, 1, 1)
    assert there.cycles.cycle(there.owner, cycle).lessons == ()
    there.people.forget(COACH)
    assert there.cycles.cycle(there.owner, cycle).cycle.alone


def test_who_begins_one_with_whom(there):
    begin, owner, coach = there.cycles.begin, there.owner, there.cast["coach"]
    theirs = begin(coach, NewCycle(Kind.IMPACT, "Discussion", teacher="owner@school.org"))
    assert there.cycles.cycle(coach, theirs).cycle.teacher == owner
    alone = begin(owner, NewCycle(Kind.ALONE, "By myself"))
    assert there.cycles.cycle(owner, alone).cycle.alone
    for who, new in (
        (owner, NewCycle(Kind.OBSERVE, "a", "leader@school.org")),
        (owner, NewCycle(Kind.OBSERVE, "a", "stranger@school.org")),
        (owner, NewCycle(Kind.PEER, "a", "owner@school.org")),
        (owner, NewCycle(Kind.PEER, "a", "nobody")),
    ):
        with pytest.raises(NoColleague):
            begin(who, new)
    for who, new in (
        (owner, NewCycle(Kind.OBSERVE, "a")),
        (owner, NewCycle(Kind.ALONE, "a", COACH)),
        (owner, NewCycle(Kind.ALONE, " ")),
        (owner, NewCycle(Kind.OBSERVE, "a", teacher="colleague@school.org")),
        (there.cast["leader"], NewCycle(Kind.ALONE, "a")),
    ):
        with pytest.raises(BadInput):
            begin(who, new)


def test_peers_take_turns(there):
    peer = there.cycles.begin(there.owner, NewCycle(Kind.PEER, "Questions", "colleague@school.org"))
    with pytest.raises(NotNow, match="over"):
        there.cycles.turn_over(there.owner, peer)
    there.cycles.move(there.owner, peer, Step.STOP)
    turned = there.cycles.turn_over(there.cast["colleague"], peer)
    assert there.cycles.turn_over(there.owner, peer) == turned
    found = there.cycles.cycle(there.owner, turned).cycle
    assert (found.teacher, found.partner) == (there.cast["colleague"], there.owner)


def test_a_school_says_how_it_coaches(there, cycle):
    coach, owner = there.cast["coach"], there.owner
    (school,) = there.cycles.schools(coach)
    cadence = Cadence(3, 5, 2, "Europe/Stockholm", (Holiday(date(2026, 12, 21), date(2027, 1, 8), "Christmas"),))
    said = replace(
        school,
        cadence=cadence,
        prompts=("What did they do?",),
        needs_comment=False,
        names={Stage.NOTES: "Second pair of eyes"},
        skippable=frozenset({Stage.NOTES}),
    )
    there.cycles.coach_so(coach, said)
    assert there.cycles.schools(coach) == [said]
    assert there.cycles.schools(owner) == [replace(said, may_change=False)]
    for who in (owner, there.cast["leader"], there.cast["stranger"], ""):
        with pytest.raises(NotThere):
            there.cycles.coach_so(who, said)
    before = there.cycles.cycle(owner, cycle).cycle
    after = there.cycles.cycle(owner, there.cycles.begin(owner, NewCycle(Kind.OBSERVE, "Later", COACH))).cycle
    assert [one.called for one in before.plan][4] == "Coach’s notes"
    assert (after.plan[4].called, after.plan[4].may_skip) == ("Second pair of eyes", True)
    assert after.due > before.due
    for wrong in (
        replace(said, cadence=replace(cadence, weeks=0)),
        replace(said, cadence=replace(cadence, zone="Mars/Olympus")),
        replace(said, prompts=()),
        replace(said, prompts=(" ",)),
        replace(said, names={Stage.GOAL: "x" * 41}),
    ):
        with pytest.raises(BadInput):
            there.cycles.coach_so(coach, wrong)


def told(there: School, who: str) -> dict[Told, int]:
    """How often they were told of each kind that cycles are told with."""
    own = {Told.BEGUN, Told.WAITS, Told.MEETS, Told.STEP, Told.LATE, Told.GOES_ON}
    found = [(n.kind, n.count) for n in there.notifications.mine(there.cast[who]) if n.kind in own]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_each_is_told_when_it_is_their_turn_and_when_they_meet(there, cycle):
    owner, coach, store = there.owner, there.cast["coach"], there.cycles
    assert (told(there, "owner"), told(there, "coach")) == ({}, {Told.BEGUN: 1})
    to_notes(there, cycle)
    assert (told(there, "owner"), told(there, "coach")) == ({}, {Told.BEGUN: 1, Told.WAITS: 1})
    store.write(coach, cycle, "Three more hands.", "")
    store.move(coach, cycle, Step.ON)
    assert told(there, "owner") == {Told.WAITS: 1}
    for _ in range(2):  # the second time nothing is another
        store.plan(coach, cycle, MONDAY, 30)
    assert told(there, "owner") == {Told.WAITS: 1, Told.MEETS: 1}
    store.plan(coach, cycle, MONDAY + timedelta(days=1), 30)
    (found,) = (n for n in there.notifications.mine(owner) if n.kind is Told.MEETS)
    assert found.sentence == f"{COACH} changed when you meet"
    assert there.notifications.read(owner, found.id) == f"/cycle?cycle={cycle}"
    store.move(owner, cycle, Step.STOP)
    assert told(there, "coach") == {Told.BEGUN: 1, Told.WAITS: 1}
    assert not any(told(there, who) for who in ("colleague", "leader", "admin", "stranger"))


def test_the_days_remind_of_late_feedback_and_of_the_step_once(there, cycle):
    owner, coach, store = there.owner, there.cast["coach"], there.cycles
    to_notes(there, cycle)

    def reminded(who: str) -> dict[Told, int]:
        for _ in range(2):
            store.remind()
        return {kind: n for kind, n in told(there, who).items() if kind in (Told.LATE, Told.STEP)}

    assert reminded("coach") == {}
    with there.database.write() as session:
        row = session.get(CycleRow, cycle)
        row.entered -= 8 * 86_400
    assert reminded("coach") == {Told.LATE: 1}
    assert reminded("owner") == {}
    today = datetime.now(UTC).date()
    step = ActionStep("Count to three.", "", None, today + timedelta(days=2), frozenset())
    store.set_action_step(coach, cycle, step)
    assert reminded("owner") == {}
    store.set_action_step(coach, cycle, replace(step, check_back=today))
    assert (reminded("owner"), reminded("coach")) == ({Told.STEP: 1}, {Told.STEP: 1, Told.LATE: 1})
    store.close_step(owner, cycle, "They waited.")
    with there.database.write() as session:
        session.execute(delete(NotificationRow))
        session.get(CycleRow, cycle).stage = Stage.CONFERENCE
    assert (reminded("owner"), reminded("coach")) == ({}, {})


def test_a_cycle_rests_and_goes_on_where_it_was(there, cycle):
    owner, coach, store = there.owner, there.cast["coach"], there.cycles
    to_notes(there, cycle)
    before = store.cycle(owner, cycle).cycle
    today = before.began.date()
    with pytest.raises(BadInput, match="still to come"):
        store.pause(coach, cycle, today - timedelta(days=1))
    for who in ("colleague", "leader", "admin", "stranger"):
        with pytest.raises(NotThere):
            store.pause(there.cast[who], cycle, None)
    store.pause(coach, cycle, today + timedelta(days=20))
    with pytest.raises(NotNow):
        store.pause(owner, cycle, None)
    with pytest.raises(NotNow):
        store.move(coach, cycle, Step.SKIP)
    rests = store.cycle(owner, cycle).cycle
    assert (rests.stage, rests.goes_on) == (Stage.NOTES, today + timedelta(days=20))
    there.later(CycleRow, 40 * 86_400, "began", "entered", "paused")
    (board,) = there.leadership.boards(there.cast["leader"])
    (row,) = [one for one in board.rows if one.who.id == owner]
    assert (row.state, row.day, board.loads[0].waiting) == (State.PAUSED, rests.goes_on, 0)
    store.remind()
    assert Told.LATE not in told(there, "coach")
    with there.database.write() as session:
        session.execute(update(CycleRow).values(goes_on=(today - timedelta(days=1)).isoformat()))
    for _ in range(2):
        store.remind()
    assert (told(there, "owner")[Told.GOES_ON], told(there, "coach")[Told.GOES_ON]) == (1, 1)
    waited = store.cycle(owner, cycle).cycle
    assert waited.paused is not None
    store.move(owner, cycle, Step.RESUME)
    after = store.cycle(owner, cycle).cycle
    assert (after.paused, after.goes_on, after.stage) == (None, None, Stage.NOTES)
    assert abs((after.entered - before.entered).total_seconds()) < 60, "the days of the pause are not of the stage"
    assert before.due is not None
    assert after.due == before.due + timedelta(days=40)
    assert [move.step for move in store.cycle(owner, cycle).moves][-2:] == [Step.PAUSE, Step.RESUME]
