"""Coaching cycles: implements `coaching.coached.Cycles`. What is read of one is in cycle_rows.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from coaching.access import COLLEAGUES, Action
from coaching.coached import (
    ActionStep,
    Look,
    NewCycle,
    Past,
    School,
    Whole,
    check_answers,
)
from coaching.cycles import (
    LONGEST_NAME,
    Cycle,
    Kind,
    NotNow,
    Part,
    Planned,
    Step,
    check_look_fors,
    check_text,
    decide,
    moved,
    planned_for,
)
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.recordings import is_id, new_id
from models import cycle_rows, fetch, reminding
from models.conferences import ConferenceStore, opened
from models.database import Database, now
from models.school_coaching import SchoolCoachingStore, put
from models.sharing import colleague
from models.tables import (
    ActionStepRow,
    CycleLessonRow,
    CycleMoveRow,
    CycleNotesRow,
    CycleRow,
    MembershipRow,
    ReflectionRow,
)


class CycleStore(SchoolCoachingStore, ConferenceStore):
    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, viewer: str, new: NewCycle) -> str:
        with self._database.write() as session:
            other = new.teacher or new.partner
            if (new.kind is Kind.ALONE) != (not other):
                raise BadInput("Choose with whom, or look at your lessons alone.")
            them = colleague(session, viewer, other) if other else None
            teacher, partner = (them, viewer) if new.teacher and them else (viewer, them)
            school = _school_of(session, teacher, partner)
            if new.teacher and not _is(session, viewer, school, Membership.COACH):
                raise NotNow("Only a coach begins a cycle for somebody else. Begin one of your own.")
            ways = cycle_rows.school(session, school)
            name = check_text(new.name, LONGEST_NAME, what="A name")
            if not name:
                raise BadInput("Give the cycle a name: what it is about.")
            plan = planned_for(new.kind, ways.names, ways.skippable)
            return _begin(session, viewer, teacher, partner, ways, new.kind, name, plan)

    def cycles(self, viewer: str) -> list[Cycle]:
        with self._database.read() as session:
            mine = select(CycleRow).where(fetch.takes_part(viewer))
            mine = mine.order_by(CycleRow.closed.is_not(None), CycleRow.closed.desc(), CycleRow.entered, CycleRow.id)
            rows = session.scalars(mine).all() if is_id(viewer) else []
            return cycle_rows.cycles(session, rows)

    def cycle(self, viewer: str, cycle: str) -> Whole:
        with self._database.read() as session:
            return cycle_rows.whole(session, viewer, fetch.cycle(session, viewer, cycle))

    def past(self, viewer: str) -> list[Past]:
        with self._database.read() as session:
            mine = select(CycleRow).where(CycleRow.teacher_id == viewer).order_by(CycleRow.began.desc(), CycleRow.id)
            return cycle_rows.past(session, session.scalars(mine).all()) if is_id(viewer) else []

    def move(self, viewer: str, cycle: str, step: Step) -> None:
        with self._database.write() as session:
            row = fetch.cycle(session, viewer, cycle, lock=True)
            before = cycle_rows.cycle(session, row)
            decision = decide(before, step, viewer, cycle_rows.facts(session, row))
            if not decision.allowed:
                raise NotNow(decision.why)
            _step(session, row, before, step, viewer)

    def pause(self, viewer: str, cycle: str, goes_on: date | None) -> None:
        with self._database.write() as session:
            row = fetch.cycle(session, viewer, cycle, lock=True)
            before = cycle_rows.cycle(session, row)
            decision = decide(before, Step.PAUSE, viewer, cycle_rows.facts(session, row))
            if not decision.allowed:
                raise NotNow(decision.why)
            today = cycle_rows.school(session, row.school_id).cadence.day(cycle_rows.at(now(session)))
            if goes_on is not None and goes_on <= today:
                raise BadInput("Choose a day that is still to come, or none.")
            _step(session, row, before, Step.PAUSE, viewer)
            row.goes_on = None if goes_on is None else goes_on.isoformat()

    def set_goal(self, viewer: str, cycle: str, goal: str, look_fors: Sequence[str], measure: str | None) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            row.goal = check_text(goal, what="A goal")
            row.look_fors, row.measure = list(check_look_fors(look_fors)), measure or None

    def rename(self, viewer: str, cycle: str, name: str) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            row.name = check_text(name, LONGEST_NAME, what="A name") or row.name

    def take_in(self, viewer: str, cycle: str, recording: str, look: Look) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle, only=Part.TEACHER)
            lesson, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            if look is Look.FIRST:
                _require_unanswered(session, row)
            of = CycleLessonRow.cycle_id == row.id
            same = (CycleLessonRow.look == look) | (CycleLessonRow.recording_id == lesson.id)
            session.execute(delete(CycleLessonRow).where(of, same))
            session.add(CycleLessonRow(cycle_id=row.id, look=look, recording_id=lesson.id, added=now(session)))

    def leave_out(self, viewer: str, cycle: str, recording: str) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle, only=Part.TEACHER)
            of = CycleLessonRow.cycle_id == row.id, CycleLessonRow.recording_id == recording
            if session.scalar(select(CycleLessonRow.look).where(*of)) is Look.FIRST:
                _require_unanswered(session, row)
            session.execute(delete(CycleLessonRow).where(*of))

    def reflect(self, viewer: str, cycle: str, answers: Sequence[tuple[str, str]]) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle, only=Part.TEACHER)
            _require_unanswered(session, row)
            said = {"answers": [list(one) for one in check_answers(answers)], "changed": now(session)}
            put(session, ReflectionRow, (row.id,), said, {"addendum": ""})

    def add_later(self, viewer: str, cycle: str, text: str) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle, only=Part.TEACHER)
            found = session.get(ReflectionRow, row.id)
            if found is None or not cycle_rows.facts(session, row).feedback:
                raise NotNow("Your reflection is still open. Write it there.")
            found.addendum, found.added = check_text(text), now(session)

    def write(self, viewer: str, cycle: str, shared: str, private: str) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            said = {"shared": check_text(shared), "private": check_text(private), "changed": now(session)}
            put(session, CycleNotesRow, (row.id, viewer), said)

    def turn_over(self, viewer: str, cycle: str) -> str:
        with self._database.write() as session:
            row = fetch.cycle(session, viewer, cycle, lock=True)
            if row.kind is not Kind.PEER or row.partner_id is None or row.closed is None:
                raise NotNow("You change places when a cycle of two colleagues is over.")
            known = session.scalar(select(CycleRow.id).where(CycleRow.after_id == row.id))
            if known is not None:
                return known
            ways = cycle_rows.school(session, row.school_id)
            plan = tuple(Planned(*one) for one in row.plan)
            return _begin(session, viewer, row.partner_id, row.teacher_id, ways, row.kind, row.name, plan, row.id)

    def tried_in(self, viewer: str, recording: str) -> list[tuple[Cycle, ActionStep]]:
        with self._database.read() as session:
            again = CycleRow.id.in_(
                select(CycleLessonRow.cycle_id).where(
                    CycleLessonRow.recording_id == recording, CycleLessonRow.look == Look.AGAIN
                )
            )
            found = select(CycleRow, ActionStepRow).join(ActionStepRow, ActionStepRow.cycle_id == CycleRow.id)
            rows = session.execute(found.where(again, fetch.takes_part(viewer)).order_by(CycleRow.began)).all()
            of = cycle_rows.cycles(session, [row for row, _ in rows])
            return [(one, cycle_rows.action_step(step)) for one, (_, step) in zip(of, rows, strict=True)]

    def remind(self) -> None:
        reminding.remind(self._database)


def _begin(
    session: Session,
    viewer: str,
    teacher: str,
    partner: str | None,
    school: School,
    kind: Kind,
    name: str,
    plan: Sequence[Planned],
    after: str | None = None,
) -> str:
    moment = now(session)
    cadence = school.cadence
    row = CycleRow(
        id=new_id(),
        teacher_id=teacher,
        partner_id=partner,
        school_id=school.id,
        after_id=after,
        kind=kind,
        name=name,
        plan=[[one.stage, one.called, one.may_skip] for one in plan],
        stage=plan[0].stage,
        began=moment,
        entered=moment,
        due=cadence.due(cadence.day(cycle_rows.at(moment))).isoformat(),
        goal="",
        look_fors=[],
    )
    session.add(row)
    session.flush()
    _moved(session, row, None, viewer, moment)
    reminding.of_beginning(session, row, viewer)
    return row.id


def _step(session: Session, row: CycleRow, before: Cycle, step: Step, who: str) -> None:
    """Take a step that is allowed, and tell whose turn it is now."""
    moment = now(session)
    after = moved(before, step, cycle_rows.at(moment))
    row.stage, row.closed = after.stage, moment if after.closed else None
    row.entered, row.due = after.entered.timestamp(), None if after.due is None else after.due.isoformat()
    row.paused, row.goes_on = after.paused.timestamp() if after.paused else None, None
    _moved(session, row, step, who, moment)
    reminding.of_turn(session, after, who)


def _moved(session: Session, row: CycleRow, step: Step | None, who: str, moment: float) -> None:
    last = session.scalar(select(func.max(CycleMoveRow.number)).where(CycleMoveRow.cycle_id == row.id)) or 0
    stage = None if row.closed is not None or step is Step.PAUSE else row.stage
    session.add(CycleMoveRow(cycle_id=row.id, number=last + 1, stage=stage, step=step, person_id=who, made=moment))


def _require_unanswered(session: Session, row: CycleRow) -> None:
    if row.partner_id is not None and cycle_rows.facts(session, row).feedback:
        raise NotNow("You have been answered already, so this stays as it is. You can add to it.")


def _school_of(session: Session, teacher: str, partner: str | None) -> str:
    """A school where both coach or teach. Raises BadInput."""
    schools = select(MembershipRow.school_id).where(MembershipRow.membership.in_(COLLEAGUES))
    found = schools.where(MembershipRow.person_id == teacher)
    if partner is not None:
        found = found.where(MembershipRow.school_id.in_(schools.where(MembershipRow.person_id == partner)))
    school = session.scalars(found.order_by(MembershipRow.school_id)).first()
    if school is None:
        raise BadInput("Coaching cycles are for teachers and coaches of a school.")
    return school


def _is(session: Session, person: str, school: str, what: Membership) -> bool:
    of = MembershipRow.person_id == person, MembershipRow.school_id == school, MembershipRow.membership == what
    return session.scalar(select(MembershipRow.person_id).where(*of)) is not None
