"""Coaching cycles: implements `coaching.coached.Cycles`. What is read of one is in cycle_rows.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from coaching.access import COLLEAGUES, Action, NotThere
from coaching.coached import (
    LONGEST_CONFERENCE,
    ActionStep,
    Item,
    Look,
    NewCycle,
    School,
    Whole,
    check_agenda,
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
from models import cycle_rows, fetch
from models.database import Database, now
from models.notes import readable
from models.school_coaching import SchoolCoachingStore, put
from models.sharing import colleague
from models.tables import (
    ActionStepRow,
    ClipRow,
    CommentRow,
    ConferenceRow,
    CycleLessonRow,
    CycleMoveRow,
    CycleNotesRow,
    CycleRow,
    MembershipRow,
    RecordingRow,
    ReflectionRow,
)


class CycleStore(SchoolCoachingStore):
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

    def move(self, viewer: str, cycle: str, step: Step) -> None:
        with self._database.write() as session:
            row = fetch.cycle(session, viewer, cycle, lock=True)
            before = cycle_rows.cycle(session, row)
            decision = decide(before, step, viewer, cycle_rows.facts(session, row))
            if not decision.allowed:
                raise NotNow(decision.why)
            moment = now(session)
            after = moved(before, step, cycle_rows.at(moment))
            row.stage, row.closed = after.stage, moment if after.closed else None
            if after.closed is None:
                row.entered = moment
            _moved(session, row, step, viewer, moment)

    def set_goal(self, viewer: str, cycle: str, goal: str, look_fors: Sequence[str], measure: str | None) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            row.goal = check_text(goal, what="A goal")
            row.look_fors, row.measure = list(check_look_fors(look_fors)), measure or None

    def rename(self, viewer: str, cycle: str, name: str) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            row.name = check_text(name, LONGEST_NAME, what="A name") or row.name

    def take_in(self, viewer: str, cycle: str, recording: str, look: Look) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle, only=Part.TEACHER)
            lesson, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            if look is Look.FIRST:
                _require_unanswered(session, row)
            of = CycleLessonRow.cycle_id == row.id
            same = (CycleLessonRow.look == look) | (CycleLessonRow.recording_id == lesson.id)
            session.execute(delete(CycleLessonRow).where(of, same))
            session.add(CycleLessonRow(cycle_id=row.id, look=look, recording_id=lesson.id, added=now(session)))

    def leave_out(self, viewer: str, cycle: str, recording: str) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle, only=Part.TEACHER)
            of = CycleLessonRow.cycle_id == row.id, CycleLessonRow.recording_id == recording
            if session.scalar(select(CycleLessonRow.look).where(*of)) is Look.FIRST:
                _require_unanswered(session, row)
            session.execute(delete(CycleLessonRow).where(*of))

    def reflect(self, viewer: str, cycle: str, answers: Sequence[tuple[str, str]]) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle, only=Part.TEACHER)
            _require_unanswered(session, row)
            said = {"answers": [list(one) for one in check_answers(answers)], "changed": now(session)}
            put(session, ReflectionRow, (row.id,), said, {"addendum": ""})

    def add_later(self, viewer: str, cycle: str, text: str) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle, only=Part.TEACHER)
            found = session.get(ReflectionRow, row.id)
            if found is None or not cycle_rows.facts(session, row).feedback:
                raise NotNow("Your reflection is still open. Write it there.")
            found.addendum, found.added = check_text(text), now(session)

    def write(self, viewer: str, cycle: str, shared: str, private: str) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            said = {"shared": check_text(shared), "private": check_text(private), "changed": now(session)}
            put(session, CycleNotesRow, (row.id, viewer), said)

    def plan(self, viewer: str, cycle: str, starts: datetime | None, minutes: int) -> None:
        if not 0 < minutes <= LONGEST_CONFERENCE:
            raise BadInput(f"A conference takes 1 to {LONGEST_CONFERENCE} minutes.")
        self._confer(viewer, cycle, starts=starts.timestamp() if starts else None, minutes=minutes)

    def set_agenda(self, viewer: str, cycle: str, items: Sequence[Item]) -> None:
        kept = check_agenda(items)
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            before = session.get(ConferenceRow, row.id)
            known = {(one[0], one[1]) for one in before.agenda} if before else set()
            for item in kept:  # what the other put there is not asked about: it may be theirs alone by now
                if (item.recording, item.note) not in known:
                    _require_note(session, viewer, row, item)
            agenda = [[one.recording, one.note, one.minutes, one.question] for one in kept]
            put(session, ConferenceRow, (row.id,), {"agenda": agenda}, _EMPTY)

    def decide(self, viewer: str, cycle: str, decisions: str) -> None:
        self._confer(viewer, cycle, decisions=check_text(decisions))

    def met(self, viewer: str, cycle: str, happened: bool = True) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            put(session, ConferenceRow, (row.id,), {"held": now(session) if happened else None}, _EMPTY)

    def set_action_step(self, viewer: str, cycle: str, step: ActionStep) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            said: dict[str, Any] = {
                "body": check_text(step.body, what="An action step"),
                "look_for": check_text(step.look_for, what="A look-for"),
                "measure": step.measure or None,
                "check_back": step.check_back.isoformat() if step.check_back else None,
            }
            if not said["body"]:
                raise BadInput("Write the one thing that you will try.")
            put(session, ActionStepRow, (row.id,), {**said, "agreed": [viewer]}, {"outcome": ""})

    def agree(self, viewer: str, cycle: str) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle)
            found = session.get(ActionStepRow, row.id)
            if found is None:
                raise NotNow("There is no action step yet.")
            found.agreed = sorted({*found.agreed, viewer})

    def close_step(self, viewer: str, cycle: str, outcome: str) -> None:
        with self._database.write() as session:
            row = _open(session, viewer, cycle, only=Part.TEACHER)
            found = session.get(ActionStepRow, row.id)
            if found is None:
                raise NotNow("There is no action step yet.")
            found.outcome = check_text(outcome)
            found.closed = now(session) if found.outcome else None

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

    def _confer(self, viewer: str, cycle: str, **said: Any) -> None:
        with self._database.write() as session:
            put(session, ConferenceRow, (_open(session, viewer, cycle).id,), said, _EMPTY)


_EMPTY: Mapping[str, Any] = {"minutes": 30, "agenda": [], "decisions": ""}


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
    return row.id


def _moved(session: Session, row: CycleRow, step: Step | None, who: str, moment: float) -> None:
    last = session.scalar(select(func.max(CycleMoveRow.number)).where(CycleMoveRow.cycle_id == row.id)) or 0
    stage = None if row.closed is not None else row.stage
    session.add(CycleMoveRow(cycle_id=row.id, number=last + 1, stage=stage, step=step, person_id=who, made=moment))


def _open(session: Session, viewer: str, cycle: str, *, only: Part | None = None) -> CycleRow:
    """The cycle, for whoever writes in it. Raises NotThere, and NotNow where it is over or not theirs to write."""
    row = fetch.cycle(session, viewer, cycle, lock=True)
    if row.closed is not None:
        raise NotNow("This cycle is over. Its teacher can open it again.")
    if only is Part.TEACHER and viewer != row.teacher_id:
        raise NotNow("Only the teacher can do this.")
    return row


def _require_unanswered(session: Session, row: CycleRow) -> None:
    if row.partner_id is not None and cycle_rows.facts(session, row).feedback:
        raise NotNow("You have been answered already, so this stays as it is. You can add to it.")


def _require_note(session: Session, viewer: str, row: CycleRow, item: Item) -> None:
    """That this is a clip or a comment of a lesson in the cycle which they may read. Raises NotThere."""
    chosen = select(CycleLessonRow.look).where(
        CycleLessonRow.cycle_id == row.id, CycleLessonRow.recording_id == item.recording
    )
    if session.scalar(chosen) is None:
        raise NotThere
    lesson: RecordingRow = fetch.recording(session, viewer, Action.SEE, item.recording)[0]
    try:
        readable(session, ClipRow, item.note, viewer, lesson)
    except NotThere:
        readable(session, CommentRow, item.note, viewer, lesson)


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
