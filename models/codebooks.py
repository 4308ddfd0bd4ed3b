"""Codebooks in their versions: implements `coaching.codebooks.Codebooks`.

Whoever changes one locks first whose it is, the school or the person: so a name is there once, and versions follow one
another.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from coaching.access import Action, NotThere, decide_codebook, require_codebook
from coaching.codebooks import (
    MOST_BOOKS,
    ChangedMeanwhile,
    Codebook,
    Kept,
    NameTaken,
    Place,
    checked,
)
from coaching.errors import BadInput
from coaching.exports.codebooks import label_object
from coaching.people import Membership
from coaching.readers.codebooks import label_from
from coaching.recordings import is_id, new_id
from coaching.starting_set import STARTING_SET
from models import fetch
from models.database import Database, now
from models.tables import CodebookRow, CodebookVersionRow, MembershipRow, PersonRow, RecordingRow, SchoolRow

Works = Mapping[str, tuple[str, frozenset[Membership]]]
"""By the ids of schools: what they are called, and what somebody is there."""

_later = aliased(CodebookVersionRow)
_NEWEST = (
    CodebookVersionRow.number
    == select(func.max(_later.number)).where(_later.codebook_id == CodebookVersionRow.codebook_id).scalar_subquery()
)


class CodebookStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self, viewer: str) -> list[Place]:
        with self._database.read() as session:
            works = works_of(session, viewer)
            kept = [Place(id, name) for id, (name, what) in works.items() if decide_codebook(True, False, what).allowed]
            return [Place(None, "Only you"), *sorted(kept, key=lambda place: place.name.casefold())]

    def mine(self, viewer: str) -> list[Kept]:
        with self._database.read() as session:
            works = works_of(session, viewer)
            found = _kept(session, viewer, works, _on_shelves(viewer, works), _NEWEST)
            return [one for one in found if one.may_change or not one.taken_away]

    def one(self, viewer: str, codebook: str, number: int | None = None) -> Kept:
        with self._database.read() as session:
            return _one(session, viewer, codebook, number)

    def versions(self, viewer: str, codebook: str) -> list[Kept]:
        with self._database.read() as session:
            _one(session, viewer, codebook)
            found = _kept(session, viewer, works_of(session, viewer), CodebookRow.id == codebook)
            return sorted(found, key=lambda one: -one.number)

    def make(self, viewer: str, school: str | None, codebook: Codebook) -> str:
        with self._database.write() as session:
            works = works_of(session, viewer)
            require_codebook(True, is_id(viewer) and school is None, works.get(school or "", ("", ()))[1])
            new = checked(codebook)
            owner = viewer if school is None else None
            there = _shelf(session, viewer, works, school, owner)
            if len(there) >= MOST_BOOKS:
                raise BadInput(f"There are {MOST_BOOKS} codebooks already. Take one away first.")
            _check_name(new, there)
            row = CodebookRow(id=new_id(), school_id=school, owner_id=owner)
            session.add(row)
            session.flush()
            _write(session, viewer, row.id, 1, new)
            return row.id

    def change(self, viewer: str, codebook: str, before: int, to: Codebook) -> None:
        with self._database.write() as session:
            found, others = _changing(session, viewer, codebook)
            new = checked(to)
            if found.number != before:
                raise ChangedMeanwhile
            _check_name(new, others)
            if new != found.codebook:
                _write(session, viewer, codebook, before + 1, new)

    def take_away(self, viewer: str, codebook: str, gone: bool = True) -> None:
        with self._database.write() as session:
            found, others = _changing(session, viewer, codebook)
            if not gone:
                _check_name(found.codebook, others)
            row = session.get_one(CodebookRow, codebook)
            row.taken_away = now(session) if gone else None

    def offered(self, viewer: str, recording: str) -> list[Codebook]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            return offered(session, viewer, row)


def of_school(session: Session, school: str) -> list[Codebook]:
    """What is looked for at a school: its codebooks in the newest version, by name, or the set to begin with."""
    return of_schools(session, [school])[school]


def of_schools(session: Session, schools: Collection[str]) -> Mapping[str, list[Codebook]]:
    """The same of each of these."""
    there = CodebookRow.school_id.in_(schools), CodebookRow.taken_away.is_(None)
    found: dict[str, list[Codebook]] = {school: [] for school in schools}
    for one in _kept(session, "", {}, *there, _NEWEST):
        found[one.school_id or ""].append(one.codebook)
    return {school: books or [STARTING_SET] for school, books in found.items()}


def offered(session: Session, viewer: str, recording: RecordingRow) -> list[Codebook]:
    """What `Codebooks.offered` says, of a recording that was fetched for them."""
    shared = works_of(session, viewer).keys() & works_of(session, recording.owner_id).keys()
    there = CodebookRow.taken_away.is_(None)
    found = _kept(session, viewer, {}, there & _on_shelves(viewer, shared), _NEWEST)
    books = [one.codebook for one in found]
    return books if any(one.school_id for one in found) else [*books, STARTING_SET]


def works_of(session: Session, person: str) -> Works:
    """Where somebody works, and as what; nowhere once they have left."""
    query = select(SchoolRow.id, SchoolRow.name, MembershipRow.membership)
    query = query.join(MembershipRow, MembershipRow.school_id == SchoolRow.id)
    query = query.join(PersonRow, PersonRow.id == MembershipRow.person_id)
    query = query.where(PersonRow.id == (person if is_id(person) else ""), PersonRow.left.is_(None))
    found: dict[str, tuple[str, frozenset[Membership]]] = {}
    for id, name, what in session.execute(query):
        found[id] = name, found.get(id, ("", frozenset()))[1] | {what}
    return found


def _on_shelves(viewer: str, schools: Iterable[str]) -> ColumnElement[bool]:
    own = CodebookRow.owner_id == viewer if is_id(viewer) else false()
    return or_(own, CodebookRow.school_id.in_(list(schools)))


def _kept(session: Session, viewer: str, works: Works, *where: ColumnElement[bool]) -> list[Kept]:
    """The versions for which `where` holds, by name; `works` are the viewer's schools."""
    query = select(CodebookRow, CodebookVersionRow, PersonRow.name, PersonRow.email)
    query = query.join(CodebookVersionRow, CodebookVersionRow.codebook_id == CodebookRow.id)
    query = query.outerjoin(PersonRow, PersonRow.id == CodebookVersionRow.by_id).where(*where)
    found = []
    for row, version, name, email in session.execute(query):
        school, roles = works.get(row.school_id or "", ("", frozenset[Membership]()))
        found.append(
            Kept(
                id=row.id,
                codebook=Codebook(version.name, tuple(map(label_from, version.labels))),
                number=version.number,
                made=datetime.fromtimestamp(version.made, UTC),
                by=name or email or "",
                school_id=row.school_id,
                school=school,
                may_change=decide_codebook(True, row.owner_id == viewer, roles).allowed,
                taken_away=row.taken_away is not None,
            )
        )
    return sorted(found, key=lambda one: (one.codebook.name.casefold(), one.id))


def _one(session: Session, viewer: str, codebook: str, number: int | None = None) -> Kept:
    """Raises NotThere."""
    row = session.get(CodebookRow, codebook) if is_id(codebook) else None
    if row is None:
        raise NotThere
    works = works_of(session, viewer)
    roles: Collection[Membership] = works.get(row.school_id or "", ("", ()))[1]
    require_codebook(False, row.owner_id == viewer, roles)
    which = _NEWEST if number is None else CodebookVersionRow.number == number
    found = _kept(session, viewer, works, CodebookRow.id == codebook, which)
    if not found or (found[0].taken_away and not found[0].may_change):
        raise NotThere
    return found[0]


def _changing(session: Session, viewer: str, codebook: str) -> tuple[Kept, list[Kept]]:
    """The codebook, once its shelf is locked, and what else stands there. Raises NotThere."""
    found = _one(session, viewer, codebook)
    if not found.may_change:
        raise NotThere
    owner = viewer if found.school_id is None else None
    there = _shelf(session, viewer, works_of(session, viewer), found.school_id, owner)
    return _one(session, viewer, codebook), [one for one in there if one.id != codebook]


def _shelf(session: Session, viewer: str, works: Works, school: str | None, owner: str | None) -> list[Kept]:
    """What is offered of a school's codebooks or a person's, once nobody else can change it."""
    shelf = select(SchoolRow.id).where(SchoolRow.id == school) if school else select(PersonRow.id)
    shelf = shelf if school else shelf.where(PersonRow.id == owner)
    session.execute(shelf.with_for_update(key_share=True))
    here = (CodebookRow.school_id == school) if school else (CodebookRow.owner_id == owner)
    return _kept(session, viewer, works, here, CodebookRow.taken_away.is_(None), _NEWEST)


def _check_name(new: Codebook, others: Iterable[Kept]) -> None:
    if new.name.casefold() in {one.codebook.name.casefold() for one in others}:
        raise NameTaken


def _write(session: Session, viewer: str, codebook: str, number: int, new: Codebook) -> None:
    labels: list[Any] = [label_object(label) for label in new.labels]
    session.add(
        CodebookVersionRow(
            id=new_id(),
            codebook_id=codebook,
            number=number,
            name=new.name,
            labels=labels,
            by_id=viewer,
            made=now(session),
        )
    )
