"""Who there is: implements `coaching.ports.People`."""

from __future__ import annotations

from sqlalchemy import ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from coaching.people import Membership, Person, email_address, school_name
from coaching.recordings import new_id
from models.database import Database, insert_if_new, now
from models.tables import MembershipRow, PersonRow, SchoolRow


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
            insert_if_new(session, MembershipRow, person_id=person, school_id=place, membership=membership)
        found = self.find(email)
        assert found is not None  # noqa: S101 - it was just made, and nothing deletes people
        return found

    def find(self, email: str) -> Person | None:
        with self._database.read() as session:
            return next(iter(people(session, PersonRow.email == email_address(email))), None)

    def everybody(self) -> list[Person]:
        with self._database.read() as session:
            return people(session)


def people(session: Session, *where: ColumnExpressionArgument[bool]) -> list[Person]:
    """Everybody, or those for whom `where` holds, in order of e-mail; their schools by name."""
    query = (
        select(PersonRow, SchoolRow.name, MembershipRow.membership)
        .outerjoin(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .outerjoin(SchoolRow, SchoolRow.id == MembershipRow.school_id)
        .where(*where)
    )
    found: dict[str, tuple[PersonRow, list[tuple[str, Membership]]]] = {}
    for row, school, membership in session.execute(query):
        _, memberships = found.setdefault(row.id, (row, []))
        if school is not None:
            memberships.append((school, membership))
    made = [Person(row.id, row.email, row.name, tuple(sorted(what))) for row, what in found.values()]
    return sorted(made, key=lambda person: person.email)
