"""Codes for phones, and the passes that they are changed for: implements `coaching.uploads.Tickets`."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from coaching.accounts import fingerprint, new_secret
from coaching.people import Membership, Person
from coaching.uploads import (
    CODE_S,
    MOST_CODES,
    PASS_S,
    NotTeacher,
    OtherPerson,
    Pass,
    TicketKind,
    TicketOver,
    TooManyCodes,
)
from models.database import Database, now
from models.people import people
from models.tables import PersonRow, TicketRow


class TicketStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def issue(self, person: str) -> tuple[str, float]:
        code = new_secret()
        with self._database.write() as session:
            # Their row is locked, so that of several who ask at once each is counted.
            session.scalar(select(PersonRow.id).where(PersonRow.id == person).with_for_update(key_share=True))
            if Membership.TEACHER not in (what for p in _inside(session, person) for _, what in p.memberships):
                raise NotTeacher
            moment = now(session)
            session.execute(delete(TicketRow).where(TicketRow.ends <= moment))
            good = select(func.count()).where(TicketRow.person_id == person, TicketRow.kind == TicketKind.CODE)
            if (session.scalar(good) or 0) >= MOST_CODES:
                raise TooManyCodes
            ends = moment + CODE_S
            session.add(TicketRow(id=fingerprint(code), kind=TicketKind.CODE, person_id=person, ends=ends))
        return code, ends

    def exchange(self, code: str, signed_in: str | None = None) -> str:
        cookie = new_secret()
        with self._database.write() as session:
            moment = now(session)
            good = delete(TicketRow).where(TicketRow.id == fingerprint(code), TicketRow.kind == TicketKind.CODE)
            person = session.scalar(good.where(TicketRow.ends > moment).returning(TicketRow.person_id))
            if person is None or not _inside(session, person):
                raise TicketOver
            if signed_in is not None and signed_in != person:
                raise OtherPerson  # and the code is not used up: what was done here is undone
            ends = moment + PASS_S
            session.add(TicketRow(id=fingerprint(cookie), kind=TicketKind.PASS, person_id=person, ends=ends))
        return cookie

    def find(self, id: str) -> Pass | None:
        with self._database.read() as session:
            query = select(TicketRow).where(TicketRow.id == id, TicketRow.kind == TicketKind.PASS)
            row = session.scalar(query.where(TicketRow.ends > now(session)))
            inside = _inside(session, row.person_id) if row is not None else []
            return Pass(id, inside[0], row.upload_id) if row is not None and inside else None


def _inside(session: Session, person: str) -> list[Person]:
    """The person, or nobody where an administrator lets them in no more."""
    return people(session, PersonRow.id == person, PersonRow.left.is_(None))
