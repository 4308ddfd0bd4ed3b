"""Who works at a school, for its admins: implements `coaching.staff.Staff`.

Whoever changes something locks their own schools in order of ids, then the people, and looks up after that who
administers what: so it still holds when it is written, and two never wait for each other.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, delete, func, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from coaching.access import NotThere, may_administer, require_admin
from coaching.audit import Deed
from coaching.errors import BadInput
from coaching.people import Membership, email_address, person_name, school_name
from coaching.recordings import is_id, new_id
from coaching.services.staff import plan
from coaching.staff import Entry, Member, NotOurs, School, Step, What, check_roles, check_whole
from models import audit
from models.accounts import new_link
from models.database import Database, insert_if_new, insert_new, now
from models.people import let_go, let_in
from models.tables import IdentityRow, MembershipRow, PasswordRow, PersonRow, SchoolRow, SessionRow, TicketRow

log = logging.getLogger(__name__)

TAKEN = "There is a school of this name already. Choose another."


class StaffStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def schools(self, viewer: str) -> list[School]:
        with self._database.read() as session:
            return administered(session, viewer)

    def members(self, viewer: str) -> list[Member]:
        with self._database.read() as session:
            return _members(session, administered(session, viewer))

    def add(self, viewer: str, school: str, email: str, name: str, roles: Collection[Membership]) -> str:
        email, name = email_address(email), person_name(name)
        if not roles:
            raise BadInput("Choose at least one role.")
        with self._database.write() as session:
            _lock_schools(session, viewer)
            fresh = insert_if_new(session, PersonRow, id=new_id(), email=email, name=name, added=now(session))
            person = session.scalars(select(PersonRow.id).where(PersonRow.email == email)).one()
            ours = _locked(session, viewer, person, school)
            if not (fresh or ours):  # or one admin could make another school's people theirs, and in the end be them
                raise NotOurs
            if any(member.left for member in ours):
                raise BadInput("They were let go. Let them in again first.")
            _be(session, person, school, roles)
            audit.note(session, Deed.ADDED, viewer, person=person, school=school)
        _said("add", viewer, person)
        return person

    def change(self, viewer: str, person: str, school: str, roles: Collection[Membership]) -> None:
        with self._database.write() as session:
            member = _member(session, viewer, person, school)
            before = member.roles.get(school, frozenset())
            others = session.scalar(
                select(func.count())
                .select_from(MembershipRow)
                .join(PersonRow, PersonRow.id == MembershipRow.person_id)
                .where(MembershipRow.school_id == school, MembershipRow.membership == Membership.ADMIN)
                .where(PersonRow.left.is_(None), PersonRow.id != person)
            )
            elsewhere = not member.whole or bool(member.roles.keys() - {school})
            check_roles(before, roles, elsewhere=elsewhere, only=not others)
            theirs = delete(MembershipRow).where(MembershipRow.person_id == person, MembershipRow.school_id == school)
            session.execute(theirs.where(MembershipRow.membership.not_in(roles)))
            _be(session, person, school, roles)
            audit.note(session, Deed.ROLES, viewer, person=person, school=school)
        _said("roles", viewer, person)

    def rename(self, viewer: str, person: str, name: str) -> None:
        name = person_name(name)
        with self._database.write() as session:
            check_whole(_member(session, viewer, person))
            session.execute(update(PersonRow).where(PersonRow.id == person).values(name=name))
        _said("name", viewer, person)

    def invite(self, viewer: str, person: str) -> str:
        with self._database.write() as session:
            check_whole(_member(session, viewer, person))
            secret = new_link(session, person, by=viewer)
        _said("link", viewer, person)
        return secret

    def unlink(self, viewer: str, person: str) -> None:
        with self._database.write() as session:
            check_whole(_member(session, viewer, person))
            for table in (IdentityRow, SessionRow, TicketRow):
                session.execute(delete(table).where(table.person_id == person))
            audit.note(session, Deed.UNLINKED, viewer, person=person)
        _said("unlink", viewer, person)

    def let_go(self, viewer: str, person: str) -> None:
        with self._database.write() as session:
            check_whole(_member(session, viewer, person))
            if person == viewer:  # so each school keeps an admin: the one who asks
                raise BadInput("You cannot let yourself go. Another admin can.")
            let_go(session, person, by=viewer)
        _said("let go", viewer, person)

    def let_in(self, viewer: str, person: str) -> None:
        with self._database.write() as session:
            check_whole(_member(session, viewer, person))
            let_in(session, person, by=viewer)
        _said("let in", viewer, person)

    def add_school(self, viewer: str, name: str) -> School:
        school = School(new_id(), school_name(name))
        with self._database.write() as session:
            _lock_schools(session, viewer)
            require_admin([Membership.ADMIN] if administered(session, viewer) else [])
            if not insert_if_new(session, SchoolRow, id=school.id, name=school.name):
                raise BadInput(TAKEN)
            _be(session, viewer, school.id, (Membership.ADMIN,))
        return school

    def rename_school(self, viewer: str, school: str, name: str) -> None:
        name = school_name(name)
        try:
            with self._database.write() as session:
                _locked(session, viewer, viewer, school)
                session.execute(update(SchoolRow).where(SchoolRow.id == school).values(name=name))
        except IntegrityError:
            raise BadInput(TAKEN) from None

    def preview(self, viewer: str | None, entries: Sequence[Entry]) -> list[Step]:
        with self._database.read() as session:
            return _plan(session, viewer, entries)

    def apply(self, viewer: str | None, entries: Sequence[Entry]) -> list[Step]:
        with self._database.write() as session:
            _lock_schools(session, viewer)
            _lock(session, PersonRow.email.in_({entry.email for entry in entries}))
            steps = _plan(session, viewer, entries)
            _do(session, viewer, [step for step in steps if step.what in (What.ADD, What.CHANGE)])
        _said("list", viewer, "")
        return steps


def administered(session: Session, viewer: str | None) -> list[School]:
    """Those that they administer, by name; all for whoever operates the server."""
    if viewer is None:
        return [School(*row) for row in session.execute(select(SchoolRow.id, SchoolRow.name).order_by(SchoolRow.name))]
    if not is_id(viewer):
        return []
    query = (
        select(SchoolRow.id, SchoolRow.name, MembershipRow.membership)
        .join(MembershipRow, MembershipRow.school_id == SchoolRow.id)
        .join(PersonRow, PersonRow.id == MembershipRow.person_id)
        .where(PersonRow.id == viewer, PersonRow.left.is_(None))
        .order_by(SchoolRow.name)
    )
    found: dict[School, set[Membership]] = {}
    for id, name, membership in session.execute(query):
        found.setdefault(School(id, name), set()).add(membership)
    return [school for school, roles in found.items() if may_administer(roles).allowed]


def _members(session: Session, schools: Iterable[School], *where: ColumnElement[bool]) -> list[Member]:
    """Who works at these schools, by name; of them, those for whom `where` holds."""
    ours = {school.id for school in schools}
    here = select(MembershipRow.person_id).where(MembershipRow.school_id.in_(ours))
    query = select(PersonRow, MembershipRow.school_id, MembershipRow.membership)
    query = query.join(MembershipRow, MembershipRow.person_id == PersonRow.id).where(PersonRow.id.in_(here), *where)
    found: dict[str, tuple[PersonRow, dict[str, set[Membership]]]] = {}
    for row, school, membership in session.execute(query):
        found.setdefault(row.id, (row, {}))[1].setdefault(school, set()).add(membership)
    linked = set(session.scalars(select(IdentityRow.person_id).where(IdentityRow.person_id.in_(here))))
    entered = linked | set(session.scalars(select(PasswordRow.person_id).where(PasswordRow.person_id.in_(here))))
    made = [
        Member(
            id=row.id,
            email=row.email,
            name=row.name,
            roles={school: frozenset(what) for school, what in roles.items() if school in ours},
            left=row.left is not None,
            entered=row.id in entered,
            linked=row.id in linked,
            whole=roles.keys() <= ours,
        )
        for row, roles in found.values()
    ]
    return sorted(made, key=lambda member: (member.name or member.email).casefold())


def _lock_schools(session: Session, viewer: str | None) -> None:
    """Those at which they are anything; all for whoever operates the server. Raises NotThere for what is no id."""
    if viewer is not None and not is_id(viewer):
        raise NotThere
    theirs = select(MembershipRow.school_id).where(MembershipRow.person_id == viewer)
    which = select(SchoolRow.id).where(SchoolRow.id.in_(theirs) if viewer is not None else true())
    session.execute(which.order_by(SchoolRow.id).with_for_update(key_share=True))


def _lock(session: Session, which: ColumnElement[bool]) -> None:
    session.execute(select(PersonRow.id).where(which).order_by(PersonRow.id).with_for_update(key_share=True))


def _locked(session: Session, viewer: str, person: str, school: str | None = None) -> list[Member]:
    """The member, where they are one, once they and the viewer's schools are locked. `school` must be one of these.

    Raises NotThere.
    """
    if not is_id(person) or not (school is None or is_id(school)):
        raise NotThere
    _lock_schools(session, viewer)
    _lock(session, PersonRow.id == person)
    schools = administered(session, viewer)
    if school is not None:
        require_admin([Membership.ADMIN] if school in {s.id for s in schools} else [])
    return _members(session, schools, PersonRow.id == person)


def _member(session: Session, viewer: str, person: str, school: str | None = None) -> Member:
    found = _locked(session, viewer, person, school)
    if not found:
        raise NotThere
    return found[0]


def _be(session: Session, person: str, school: str, roles: Iterable[Membership]) -> None:
    rows = [{"person_id": person, "school_id": school, "membership": role} for role in roles]
    insert_new(session, MembershipRow, rows)


def _plan(session: Session, viewer: str | None, entries: Sequence[Entry]) -> list[Step]:
    schools = administered(session, viewer)
    if viewer is not None:
        require_admin([Membership.ADMIN] if schools else [])
    named = PersonRow.email.in_({entry.email for entry in entries})
    members = _members(session, schools, named)
    elsewhere = set() if viewer is None else {*session.scalars(select(PersonRow.email).where(named))}
    elsewhere -= {member.email for member in members}
    return plan(entries, members, schools, operator=viewer is None, elsewhere=elsewhere)


def _do(session: Session, viewer: str | None, steps: Sequence[Step]) -> None:
    moment = now(session)
    insert_new(session, SchoolRow, [{"id": new_id(), "name": name} for name in sorted({step.school for step in steps})])
    fresh = {s.entry.email: s.name or "" for s in steps if s.what is What.ADD}
    rows = [{"id": new_id(), "email": email, "name": name, "added": moment} for email, name in sorted(fresh.items())]
    insert_new(session, PersonRow, rows)
    emails = {step.entry.email for step in steps}
    by_email = dict(session.execute(select(PersonRow.email, PersonRow.id).where(PersonRow.email.in_(emails))).all())
    by_name = dict(session.execute(select(SchoolRow.name, SchoolRow.id)).all())
    memberships = {(by_email[s.entry.email], by_name[s.school], role) for s in steps for role in s.entry.roles}
    names = ("person_id", "school_id", "membership")
    insert_new(session, MembershipRow, [dict(zip(names, one, strict=True)) for one in sorted(memberships)])
    for step in steps:
        if step.what is What.CHANGE and step.name is not None:
            session.execute(update(PersonRow).where(PersonRow.email == step.entry.email).values(name=step.name))
        deed = Deed.ADDED if step.what is What.ADD else Deed.ROLES
        audit.note(session, deed, viewer, person=by_email[step.entry.email], school=by_name[step.school])


def _said(action: str, viewer: str | None, person: str) -> None:
    """Who changed whom, by their ids: a link that sets a password is a way into an account."""
    log.info("staff changed", extra={"action": action, "by": viewer or "operator", "person": person})
