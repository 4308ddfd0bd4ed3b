"""What the families of classes agreed to: implements `coaching.consents.Consents`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import UTC, date, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from coaching.access import Action, require_class
from coaching.audit import Deed
from coaching.consents import (
    MOST_OPTED_OUT,
    Agreed,
    ClassOf,
    Consent,
    OptOut,
    Standing,
    check_consent,
    check_days,
    short_name,
)
from coaching.errors import BadInput
from coaching.recordings import is_id, new_id
from models import audit, consented, fetch, library
from models.consented import day
from models.consented import standing as standing
from models.database import Database, insert_if_new, now
from models.tables import (
    AbsenceRow,
    AnswersRow,
    ClassPeriodRow,
    ConsentRow,
    OptOutRow,
    PersonRow,
    RecordingRow,
    SchoolRow,
)


class ConsentStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def classes(self, viewer: str) -> list[ClassOf]:
        query = select(ClassPeriodRow, SchoolRow.name).join(SchoolRow, SchoolRow.id == ClassPeriodRow.school_id)
        query = query.where(ClassPeriodRow.teacher_id == viewer)
        with self._database.read() as session:
            rows = session.execute(query).all() if is_id(viewer) else []
            ids = [row.id for row, _ in rows]
            many = select(AnswersRow.class_period_id, func.count()).where(AnswersRow.class_period_id.in_(ids))
            many = many.group_by(AnswersRow.class_period_id)
            lessons = Counter({of: count for of, count in session.execute(many) if of in ids})
            consents, opted_out = _consents(session, ids), _opted_out(session, ids)
        found = [
            ClassOf(
                row.id,
                row.name,
                school,
                lessons[row.id],
                tuple(one for of, one in consents if of == row.id),
                tuple(one for of, one in opted_out if of == row.id),
            )
            for row, school in rows
        ]
        return sorted(found, key=lambda one: (one.name.casefold(), one.school.casefold(), one.id))

    def add_class(self, viewer: str, name: str) -> None:
        with self._database.write() as session:
            require_class(is_id(viewer))
            library.class_of(session, viewer, name)

    def write(self, viewer: str, of: str, agreed: Agreed, since: date, until: date, note: str) -> None:
        words = check_consent(since, until, note)
        with self._database.write() as session:
            row = fetch.class_period(session, viewer, of, lock=True)
            same = ConsentRow.class_period_id == row.id, ConsentRow.since == since.isoformat()
            session.execute(delete(ConsentRow).where(*same))
            session.add(
                ConsentRow(
                    id=new_id(),
                    class_period_id=row.id,
                    agreed=agreed,
                    since=since.isoformat(),
                    until=until.isoformat(),
                    note=words,
                    by_id=viewer,
                    made=now(session),
                )
            )
            audit.note(session, Deed.CONSENT, viewer, school=row.school_id)

    def strike(self, viewer: str, consent: str) -> None:
        with self._database.write() as session:
            row = session.get(ConsentRow, consent) if is_id(consent) else None
            of = fetch.class_period(session, viewer, row.class_period_id if row else "", lock=True)
            session.execute(delete(ConsentRow).where(ConsentRow.id == consent))
            audit.note(session, Deed.STRUCK, viewer, school=of.school_id)

    def opt_out(
        self,
        viewer: str,
        of: str,
        called: str,
        since: date | None = None,
        until: date | None = None,
        absent_from: Collection[str] = (),
    ) -> str:
        name = short_name(called)
        check_days(since, until)
        with self._database.write() as session:
            row = fetch.class_period(session, viewer, of, lock=True)
            theirs = select(OptOutRow).where(OptOutRow.class_period_id == row.id)
            found = next((one for one in session.scalars(theirs) if one.called.casefold() == name.casefold()), None)
            if found is None:
                found = _new(session, row.id, name)
            found.since, found.until = _text(since), _text(until)
            session.flush()
            _add_absences(session, viewer, found.id, absent_from)
            audit.note(session, Deed.OPTED_OUT, viewer, school=row.school_id)
            return found.id

    def take_off(self, viewer: str, opt_out: str) -> OptOut:
        with self._database.write() as session:
            row = session.get(OptOutRow, opt_out) if is_id(opt_out) else None
            of = fetch.class_period(session, viewer, row.class_period_id if row else "", lock=True)
            gone = next(one for _, one in _opted_out(session, [of.id]) if one.id == opt_out)
            session.execute(delete(AbsenceRow).where(AbsenceRow.opt_out_id == opt_out))
            session.execute(delete(OptOutRow).where(OptOutRow.id == opt_out))
            audit.note(session, Deed.TAKEN_OFF, viewer, school=of.school_id)
        self._database.forget()
        return gone

    def standing(self, viewer: str, recording: str) -> Standing:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            return consented.standing(session, row.id)

    def present(self, viewer: str, recording: str) -> list[OptOut]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            return _of_lesson(session, row)

    def set_absent(self, viewer: str, recording: str, absent: Collection[str]) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            known = {one.id for one in _of_lesson(session, row)}
            if not set(absent) <= known:
                raise BadInput("The list of this class was changed meanwhile. Look at it again.")
            gone = delete(AbsenceRow).where(AbsenceRow.recording_id == row.id, AbsenceRow.opt_out_id.in_(known))
            session.execute(gone)
            moment = now(session)
            session.add_all(AbsenceRow(recording_id=row.id, opt_out_id=one, said=moment) for one in set(absent))
            audit.note(session, Deed.PRESENT, viewer, lesson=row.id)


def _new(session: Session, of: str, name: str) -> OptOutRow:
    many = session.scalar(select(func.count()).where(OptOutRow.class_period_id == of)) or 0
    if many >= MOST_OPTED_OUT:
        raise BadInput(f"{MOST_OPTED_OUT} students of this class are opted out already. Take off who has left it.")
    row = OptOutRow(id=new_id(), class_period_id=of, called=name, made=now(session))
    session.add(row)
    return row


def _add_absences(session: Session, viewer: str, opt_out: str, lessons: Collection[str]) -> None:
    """What is said anew: lessons that are gone or another's are left out."""
    own = select(RecordingRow.id).where(RecordingRow.owner_id == viewer, RecordingRow.id.in_(lessons))
    for lesson in session.scalars(own).all() if lessons else ():
        insert_if_new(session, AbsenceRow, recording_id=lesson, opt_out_id=opt_out, said=now(session))


def _consents(session: Session, classes: Collection[str]) -> list[tuple[str, Consent]]:
    query = select(ConsentRow, PersonRow.name, PersonRow.email).outerjoin(PersonRow, PersonRow.id == ConsentRow.by_id)
    query = query.where(ConsentRow.class_period_id.in_(classes)).order_by(ConsentRow.since.desc())
    return [
        (row.class_period_id, _consent(row, name or email or ""))
        for row, name, email in (session.execute(query) if classes else ())
    ]


def _consent(row: ConsentRow, by: str) -> Consent:
    days = date.fromisoformat(row.since), date.fromisoformat(row.until)
    return Consent(row.id, row.agreed, *days, row.note, by, datetime.fromtimestamp(row.made, UTC))


def _opted_out(session: Session, classes: Collection[str]) -> list[tuple[str, OptOut]]:
    """By name, with the lessons in which they were not."""
    absent: dict[str, set[str]] = {}
    away = select(AbsenceRow.opt_out_id, AbsenceRow.recording_id)
    away = away.join(OptOutRow, OptOutRow.id == AbsenceRow.opt_out_id).where(OptOutRow.class_period_id.in_(classes))
    for opt_out, lesson in session.execute(away) if classes else ():
        absent.setdefault(opt_out, set()).add(lesson)
    rows = session.scalars(select(OptOutRow).where(OptOutRow.class_period_id.in_(classes))) if classes else ()
    found = [(row.class_period_id, _opt_out(row, absent.get(row.id, ()))) for row in rows]
    return sorted(found, key=lambda one: one[1].called.casefold())


def _of_lesson(session: Session, recording: RecordingRow) -> list[OptOut]:
    answers = session.get(AnswersRow, recording.id)
    if answers is None or answers.class_period_id is None:
        return []
    at = day(answers.taught, recording.added)
    theirs = (one for _, one in _opted_out(session, [answers.class_period_id]))
    return [one for one in theirs if one.counts_on(at)]


def _opt_out(row: OptOutRow, absent: Collection[str]) -> OptOut:
    return OptOut(row.id, row.called, _day(row.since), _day(row.until), frozenset(absent))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
