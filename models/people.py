"""Who there is: implements `coaching.ports.People`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import ColumnExpressionArgument, Row, delete, or_, select, update
from sqlalchemy.orm import Session

from coaching import walks
from coaching.audit import Deed
from coaching.errors import BadInput
from coaching.people import Belongings, Erasure, Membership, Person, email_address, school_name
from coaching.recordings import new_id
from models import audit, erasing
from models.database import Database, insert_if_new, now
from models.tables import (
    ClipRow,
    HandoutRow,
    KeptFilmRow,
    LinkRow,
    MembershipRow,
    PersonRow,
    ReceiptRow,
    RecordingRow,
    RunRow,
    SchoolRow,
    SessionRow,
    TicketRow,
    UploadRow,
    WalkRow,
)


class PeopleStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, email: str, membership: Membership, school: str) -> Person:
        email, school = email_address(email), school_name(school)
        with self._database.write() as session:
            insert_if_new(session, PersonRow, id=new_id(), email=email, name="", added=now(session))
            insert_if_new(session, SchoolRow, id=new_id(), name=school)
            person = session.scalars(select(PersonRow.id).where(PersonRow.email == email)).one()
            place = session.scalars(select(SchoolRow.id).where(SchoolRow.name == school)).one()
            if insert_if_new(session, MembershipRow, person_id=person, school_id=place, membership=membership):
                audit.note(session, Deed.ADDED, None, person=person, school=place)
        found = self.find(email)
        assert found is not None  # noqa: S101 - it was just made, and nothing deletes people
        return found

    def call(self, email: str, name: str) -> None:
        with self._database.write() as session:
            session.execute(update(PersonRow).where(PersonRow.id == named(session, email)).values(name=name))

    def forget(self, email: str) -> None:
        with self._database.write() as session:
            person = named(session, email)
            if session.scalar(select(RecordingRow.id).where(RecordingRow.owner_id == person).limit(1)):
                raise BadInput("Recordings are theirs still. Delete these first.")
            theirs = list(session.scalars(select(MembershipRow.school_id).where(MembershipRow.person_id == person)))
            session.execute(delete(PersonRow).where(PersonRow.id == person))
            peopled = select(MembershipRow.school_id)
            session.execute(delete(SchoolRow).where(SchoolRow.id.in_(theirs), SchoolRow.id.not_in(peopled)))

    def find(self, email: str) -> Person | None:
        with self._database.read() as session:
            return next(iter(people(session, PersonRow.email == email_address(email))), None)

    def everybody(self) -> list[Person]:
        with self._database.read() as session:
            return people(session)

    def leave(self, email: str) -> None:
        with self._database.write() as session:
            let_go(session, named(session, email), by=None)

    def come_back(self, email: str) -> None:
        with self._database.write() as session:
            let_in(session, named(session, email), by=None)

    def belongings(self, email: str) -> Belongings:
        with self._database.read() as session:
            id = named(session, email)
            owned = select(RecordingRow.id).where(RecordingRow.owner_id == id)
            runs = session.scalars(select(RunRow.id).where(RunRow.recording_id.in_(owned))).all()
            uploads = session.scalars(select(UploadRow.id).where(UploadRow.owner_id == id))
            made = session.scalars(select(HandoutRow.path).where(HandoutRow.person_id == id))
            recordings = tuple(session.scalars(owned))
            places = [f"recordings/{one}" for one in recordings] + [f"uploads/{one}" for one in uploads]
            places += [str(PurePosixPath(path).parent) for path in made if path is not None]
            own = select(ClipRow.id).where(ClipRow.author_id == id)
            kept = session.scalars(select(KeptFilmRow.path).where(KeptFilmRow.clip_id.in_(own)))
            places += [str(PurePosixPath(path).parent) for path in kept]
            theirs = or_(WalkRow.visitor_id == id, WalkRow.teacher_id == id)
            places += map(walks.folder, session.scalars(select(WalkRow.id).where(theirs, WalkRow.photo.is_not(None))))
            return Belongings(people(session, PersonRow.id == id)[0], recordings, tuple(runs), tuple(places))

    def erase(self, email: str, files: int, bytes: int) -> Erasure:
        with self._database.write() as session:
            id, moment = named(session, email), now(session)
            gone = list(session.scalars(select(RecordingRow.id).where(RecordingRow.owner_id == id)))
            gone += session.scalars(select(ReceiptRow.recording).where(ReceiptRow.owner_id == id))
            audit.note(session, Deed.ERASED, None, person=id)
            rows = dict(erasing.person(session, id))
            audit.keep_receipt(session, id, made=moment, rows=rows, files=files, bytes=bytes, recordings=gone)
        self._database.forget()
        return Erasure(datetime.fromtimestamp(moment, UTC), rows, files, bytes)


def named(session: Session, email: str) -> str:
    """The id of whoever has this address. Raises BadInput."""
    person = session.scalar(select(PersonRow.id).where(PersonRow.email == email_address(email)))
    if person is None:
        raise BadInput("Nobody has this address. `secondlook people list` shows everybody.")
    return person


def let_go(session: Session, person: str, by: str | None) -> None:
    left = update(PersonRow).where(PersonRow.id == person, PersonRow.left.is_(None))
    session.execute(left.values(left=now(session)))
    _end(session, person)
    audit.note(session, Deed.LET_GO, by, person=person)


def let_in(session: Session, person: str, by: str | None) -> None:
    """Whatever began while they were being let go ends too: nothing of before comes to life again."""
    session.execute(update(PersonRow).where(PersonRow.id == person).values(left=None))
    _end(session, person)
    audit.note(session, Deed.LET_IN, by, person=person)


def _end(session: Session, person: str) -> None:
    for table in (SessionRow, LinkRow, TicketRow):
        session.execute(delete(table).where(table.person_id == person))


PEOPLE = (
    select(
        PersonRow.id,
        PersonRow.email,
        PersonRow.name,
        PersonRow.left,
        SchoolRow.name.label("school"),
        MembershipRow.membership,
    )
    .select_from(PersonRow)
    .outerjoin(MembershipRow, MembershipRow.person_id == PersonRow.id)
    .outerjoin(SchoolRow, SchoolRow.id == MembershipRow.school_id)
)
"""A row for each thing that somebody is at a school."""


def people(session: Session, *where: ColumnExpressionArgument[bool]) -> list[Person]:
    """Everybody, or those for whom `where` holds, in order of e-mail; their schools by name."""
    return persons(session.execute(PEOPLE.where(*where)))


def persons(rows: Iterable[Row[Any]]) -> list[Person]:
    """Of the rows of `PEOPLE`, in order of e-mail."""
    found: dict[str, tuple[Row[Any], list[tuple[str, Membership]]]] = {}
    for row in rows:
        _, memberships = found.setdefault(row.id, (row, []))
        if row.school is not None:
            memberships.append((row.school, row.membership))
    made = [
        Person(row.id, row.email, row.name, tuple(sorted(what)), row.left is not None) for row, what in found.values()
    ]
    return sorted(made, key=lambda person: person.email)
