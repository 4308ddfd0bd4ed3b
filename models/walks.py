"""Learning walks: implements `coaching.walks.Walks`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from coaching.access import VISITORS, NotThere, OfVisit, Part, decide_visit, require_visited
from coaching.cycles import check_text
from coaching.errors import BadInput
from coaching.notifications import Kind
from coaching.people import Membership, Person
from coaching.recordings import is_id
from coaching.walks import (
    LONGEST_ANSWER,
    TAKE_BACK_S,
    NewWalk,
    Room,
    Seen,
    Walk,
    checked,
)
from models import codebooks, cycle_rows, fetch, telling
from models.cycle_rows import at
from models.database import Database, insert_if_new, insert_new, now
from models.sharing import colleague, name_of
from models.tables import (
    MembershipRow,
    NotificationRow,
    PersonRow,
    WalkReaderRow,
    WalkRow,
    WalkSeenRow,
)
from models.walk_months import WalkMonthStore, visits_at

LINK = "/walks"
NO_PHOTOS = "Your school takes no photos in learning walks. The visit is there without it."


class WalkStore(WalkMonthStore):
    def __init__(self, database: Database) -> None:
        self._database = database

    def rooms(self, viewer: str) -> list[Room]:
        with self._database.read() as session:
            ids = visits_at(session, viewer)
            teachers, books = _teachers_at(session, viewer, ids), codebooks.of_schools(session, ids)
            schools = cycle_rows.schools(session, ids)
        return [
            Room(one.id, one.name, one.walk_photos, tuple(teachers[one.id]), tuple(books[one.id])) for one in schools
        ]

    def add(self, viewer: str, new: NewWalk) -> None:
        new = checked(new)
        with self._database.write() as session:
            if not all(map(is_id, (new.id, new.school, new.teacher))):
                raise NotThere
            if not _is_new(session, viewer, new.id):
                return
            roles = _roles(session, new.school, (viewer, new.teacher))
            if not decide_visit(roles[viewer], roles[new.teacher], viewer == new.teacher).allowed:
                raise NotThere
            moment = now(session)
            who = {"school_id": new.school, "visitor_id": viewer, "teacher_id": new.teacher}
            when = {"visited": moment - new.ago_s, "made": moment}
            if insert_if_new(session, WalkRow, id=new.id, place=new.place, answer="", **who, **when):
                insert_new(session, WalkSeenRow, list(_seen_rows(session, new)))
                telling.tell(session, new.teacher, Kind.VISITED, LINK, by=viewer, walk=new.id)
            else:
                _is_new(session, viewer, new.id)

    def wants_photo(self, viewer: str, walk: str) -> bool:
        with self._database.read() as session:
            row = _fetch(session, viewer, walk, OfVisit.TAKE_BACK)
            if not cycle_rows.school(session, row.school_id).walk_photos:
                raise BadInput(NO_PHOTOS)
            return row.photo is None

    def add_photo(self, viewer: str, walk: str, path: str) -> None:
        with self._database.write() as session:
            _fetch(session, viewer, walk, OfVisit.TAKE_BACK, lock=True).photo = path

    def mine(self, viewer: str) -> list[Walk]:
        with self._database.read() as session:
            own = union_all(
                select(WalkRow.id).where(WalkRow.teacher_id == viewer),
                select(WalkRow.id).where(WalkRow.visitor_id == viewer),
                select(WalkReaderRow.walk_id).where(WalkReaderRow.person_id == viewer),
            )  # by their indexes: of a district's visits, few are anybody's
            return _walks(session, viewer, WalkRow.id.in_(own)) if is_id(viewer) else []

    def one(self, viewer: str, walk: str) -> Walk:
        with self._database.read() as session:
            _fetch(session, viewer, walk, OfVisit.SEE)
            return _walks(session, viewer, WalkRow.id == walk)[0]

    def answer(self, viewer: str, walk: str, text: str) -> None:
        said = check_text(text, LONGEST_ANSWER, what="An answer")
        with self._database.write() as session:
            row = _fetch(session, viewer, walk, OfVisit.ANSWER, lock=True)
            if said and said != row.answer:
                telling.tell(session, row.visitor_id, Kind.VISIT_SAID, LINK, by=viewer, walk=walk)
            row.answer = said

    def pass_on(self, viewer: str, walk: str, email: str) -> None:
        with self._database.write() as session:
            row = _fetch(session, viewer, walk, OfVisit.PASS_ON, lock=True)
            person = colleague(session, viewer, email)
            if person == row.visitor_id:
                return  # who reads it as it is
            if insert_if_new(session, WalkReaderRow, walk_id=walk, person_id=person, since=now(session)):
                telling.tell(session, person, Kind.VISIT_SAID, LINK, by=viewer, walk=walk)

    def pass_on_no_more(self, viewer: str, walk: str, person: str) -> None:
        with self._database.write() as session:
            _fetch(session, viewer, walk, OfVisit.PASS_ON, lock=True)
            of = WalkReaderRow.walk_id == walk, WalkReaderRow.person_id == (person if is_id(person) else "")
            session.execute(delete(WalkReaderRow).where(*of))

    def remove(self, viewer: str, walk: str) -> None:
        with self._database.write() as session:
            row = _fetch(session, viewer, walk, OfVisit.SEE, lock=True)
            own = row.teacher_id == viewer
            require_visited(_part(row, viewer), OfVisit.DELETE if own else OfVisit.TAKE_BACK)
            moment = now(session)
            if not own and moment - row.made > TAKE_BACK_S:
                raise BadInput("A visit can be taken back for a day. Ask the teacher to delete it.")
            for table in (WalkSeenRow, WalkReaderRow, NotificationRow):
                session.execute(delete(table).where(table.walk_id == walk))
            row.place, row.answer, row.photo, row.gone = "", "", None, moment
        self._database.forget()

    def standing(self, walks: Collection[str]) -> Sequence[str]:
        with self._database.read() as session:
            there = select(WalkRow.id).where(WalkRow.photo.is_not(None), WalkRow.id.in_(list(filter(is_id, walks))))
            return session.scalars(there).all()


def may_see(viewer: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a row of `learning_walks` is there for this person (`coaching.access.Part`)."""
    there, person = aliased(MembershipRow), aliased(PersonRow)
    works = select(there.person_id).join(person, person.id == there.person_id)
    works = works.where(there.person_id == WalkRow.visitor_id, there.school_id == WalkRow.school_id)
    works = works.where(there.membership.in_(VISITORS), person.left.is_(None))
    given = select(WalkReaderRow.walk_id).where(WalkReaderRow.walk_id == WalkRow.id, WalkReaderRow.person_id == viewer)
    given = given.where(fetch.are_colleagues(WalkRow.teacher_id, WalkReaderRow.person_id))
    own = or_(WalkRow.teacher_id == viewer, (WalkRow.visitor_id == viewer) & works.exists(), given.exists())
    return WalkRow.gone.is_(None) & own


def _fetch(session: Session, viewer: str, walk: str, what: OfVisit, *, lock: bool = False) -> WalkRow:
    """The visit, if the viewer may do this with it. Raises NotThere. With `lock`, nobody else changes it."""
    query = select(WalkRow).where(WalkRow.id == walk, may_see(viewer))
    named = is_id(viewer) and is_id(walk)
    row = session.scalar(query.with_for_update() if lock else query) if named else None
    require_visited(None if row is None else _part(row, viewer), what)
    assert row is not None  # noqa: S101 - require_visited lets nobody have what is not there
    return row


def _part(row: WalkRow, viewer: str) -> Part:
    """What somebody is to a visit that they may see."""
    return {row.teacher_id: Part.TEACHER, row.visitor_id: Part.VISITOR}.get(viewer, Part.READER)


def _is_new(session: Session, viewer: str, walk: str) -> bool:
    """Whether nothing has this id; what they sent already is no news. Raises NotThere where somebody else did."""
    visitor = session.scalar(select(WalkRow.visitor_id).where(WalkRow.id == walk))
    if visitor not in (None, viewer):
        raise NotThere
    return visitor is None


def _seen_rows(session: Session, new: NewWalk) -> Iterable[Mapping[str, Any]]:
    ours = {label.name for book in codebooks.of_school(session, new.school) for label in book.labels}
    for n, one in enumerate(new.seen):
        values = {"look_for": one.look_for, "evidence": one.evidence, "counts": one.look_for in ours}
        yield {"walk_id": new.id, "position": n, **values}


def _roles(session: Session, school: str, people: Collection[str]) -> dict[str, list[Membership]]:
    """What they are at a school now."""
    query = select(MembershipRow.person_id, MembershipRow.membership)
    query = query.join(PersonRow, PersonRow.id == MembershipRow.person_id).where(PersonRow.left.is_(None))
    found: dict[str, list[Membership]] = {person: [] for person in people}
    for person, what in session.execute(query.where(MembershipRow.school_id == school, PersonRow.id.in_(people))):
        found[person].append(what)
    return found


def _teachers_at(session: Session, viewer: str, schools: Collection[str]) -> Mapping[str, list[tuple[str, str]]]:
    """The ids and names of the others who teach at each, by name."""
    teachers = select(MembershipRow.school_id, PersonRow).join(PersonRow, PersonRow.id == MembershipRow.person_id)
    teachers = teachers.where(MembershipRow.school_id.in_(schools), MembershipRow.membership == Membership.TEACHER)
    teachers = teachers.where(PersonRow.left.is_(None))
    found: dict[str, list[tuple[str, str]]] = {school: [] for school in schools}
    people = [(school, _person(row)) for school, row in session.execute(teachers) if row.id != viewer]
    for school, one in sorted(people, key=lambda there: name_of(there[1])):
        found[school].append((one.id, one.name or one.email))
    return found


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.email, row.name)


def _walks(session: Session, viewer: str, where: ColumnElement[bool]) -> list[Walk]:
    teacher, visitor = aliased(PersonRow), aliased(PersonRow)
    query = select(WalkRow, teacher, visitor).join(teacher, teacher.id == WalkRow.teacher_id)
    query = query.join(visitor, visitor.id == WalkRow.visitor_id).where(may_see(viewer), where)
    rows = session.execute(query.order_by(WalkRow.visited.desc(), WalkRow.id)).all()
    ids, moment = [row.id for row, *_ in rows], now(session)
    seen: dict[str, list[Seen]] = {id: [] for id in ids}
    order = WalkSeenRow.walk_id, WalkSeenRow.position
    for one in session.scalars(select(WalkSeenRow).where(WalkSeenRow.walk_id.in_(ids)).order_by(*order)):
        seen[one.walk_id].append(Seen(one.look_for, one.evidence))
    readers: dict[str, list[Person]] = {id: [] for id in ids}
    given = select(WalkReaderRow.walk_id, PersonRow).join(PersonRow, PersonRow.id == WalkReaderRow.person_id)
    given = given.join(WalkRow, WalkRow.id == WalkReaderRow.walk_id).where(WalkRow.teacher_id == viewer)
    for id, person in session.execute(given.where(WalkReaderRow.walk_id.in_(ids))):
        readers[id].append(_person(person))
    return [
        Walk(
            id=row.id,
            part=(part := _part(row, viewer)),
            teacher=whose.name or whose.email,
            visitor=who.name or who.email,
            place=row.place,
            visited=at(row.visited),
            seen=tuple(seen[row.id]),
            photo=row.photo,
            answer=row.answer,
            may_take_back=part is Part.VISITOR and moment - row.made <= TAKE_BACK_S,
            readers=tuple(sorted(readers[row.id], key=name_of)),
        )
        for row, whose, who in rows
    ]
