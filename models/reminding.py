"""People are told of their coaching cycles: in the transaction in which it is their turn, and on the days that come."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from coaching.cadence import is_late
from coaching.cycles import Cycle, Part, Stage, waits_for
from coaching.notifications import Kind
from models import cycle_rows
from models.database import Database, now
from models.tables import ActionStepRow, CycleRow, NotificationRow
from models.telling import tell


def of_beginning(session: Session, row: CycleRow, by: str) -> None:
    _tell_both(session, row, Kind.BEGUN, by)


def of_turn(session: Session, cycle: Cycle, by: str) -> None:
    """Tell whoever can move it on from where it is now."""
    people = {Part.TEACHER: cycle.teacher, Part.PARTNER: cycle.partner}
    for part in waits_for(cycle):
        if (person := people[part]) is not None:
            tell(session, person, Kind.WAITS, _link(cycle.id), by=by, cycle=cycle.id)


def of_meeting(session: Session, row: CycleRow, by: str) -> None:
    _tell_both(session, row, Kind.MEETS, by)


def remind(database: Database) -> None:
    """What the days bring. Whether somebody was told already, their notifications say."""
    notes = (CycleRow.stage == Stage.NOTES) & CycleRow.partner_id.is_not(None)
    step = select(ActionStepRow.cycle_id).where(ActionStepRow.check_back.is_not(None), ActionStepRow.closed.is_(None))
    open_ = or_(notes, CycleRow.id.in_(step), CycleRow.paused.is_not(None))
    query = select(CycleRow.id).where(CycleRow.closed.is_(None), open_)
    with database.read() as session:
        found = session.scalars(query.order_by(CycleRow.id)).all()
    for id in found:
        with database.write() as session:  # each by itself, and locked: of two workers one tells
            row = session.scalar(select(CycleRow).where(CycleRow.id == id).with_for_update())
            if row is not None and row.closed is None:
                _remind(session, row)


def _remind(session: Session, row: CycleRow) -> None:
    cadence = cycle_rows.school(session, row.school_id).cadence
    today = cadence.day(cycle_rows.at(now(session)))
    if row.paused is not None:  # it waits for nobody
        has_come = row.goes_on is not None and row.goes_on <= today.isoformat()
        if has_come and not _was_told(session, Kind.GOES_ON, row.id, row.paused):
            _tell_both(session, row, Kind.GOES_ON)
        return
    found = session.get(ActionStepRow, row.id)
    step = None if found is None else cycle_rows.action_step(found)
    if step and step.closed is None and step.check_back and step.check_back <= today:
        begins = datetime.combine(step.check_back, time(), ZoneInfo(cadence.zone)).timestamp()
        if not _was_told(session, Kind.STEP, row.id, begins):
            _tell_both(session, row, Kind.STEP)
    late = row.stage is Stage.NOTES and is_late(cadence, cadence.day(cycle_rows.at(row.entered)), today)
    if late and row.partner_id is not None and not _was_told(session, Kind.LATE, row.id, row.entered):
        tell(session, row.partner_id, Kind.LATE, _link(row.id), by=row.teacher_id, cycle=row.id)


def _tell_both(session: Session, row: CycleRow, kind: Kind, by: str | None = None) -> None:
    for person in (row.teacher_id, row.partner_id):
        if person is not None:
            tell(session, person, kind, _link(row.id), by=by, cycle=row.id)


def _was_told(session: Session, kind: Kind, cycle: str, since: float) -> bool:
    of = NotificationRow.kind == kind.value, NotificationRow.cycle_id == cycle
    return session.scalar(select(NotificationRow.id).where(*of, NotificationRow.made >= since).limit(1)) is not None


def _link(cycle: str) -> str:
    return f"/cycle?cycle={cycle}"
