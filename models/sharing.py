"""What owners gave of their lessons: implements `coaching.sharing.Sharing`."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Row, func, select, true, update
from sqlalchemy.orm import Session

from coaching.access import Action, Grant, decide_shown
from coaching.audit import Deed
from coaching.consents import KeptClose, May
from coaching.errors import BadInput
from coaching.notifications import Kind
from coaching.people import Person, email_address
from coaching.recordings import is_id, new_id
from coaching.sharing import Given, NoColleague
from models import audit, consented, fetch, telling
from models.database import Database, insert_if_new, now
from models.tables import ClipGrantRow, ClipRow, GrantRow, PersonRow, RecordingRow


class SharingStore:
    _database: Database

    def colleagues(self, viewer: str) -> list[Person]:
        with self._database.read() as session:
            return _people(session.scalars(select(PersonRow).where(_is_colleague(viewer)))) if is_id(viewer) else []

    def takers(self, viewer: str, recording: str) -> list[Person]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            return takers_of(session, row)

    def grant(self, viewer: str, recording: str, email: str, what: Collection[Grant]) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            person = colleague(session, viewer, email)
            check_shown(session, row, person)
            moment = now(session)
            for one in {Grant.SEE, *what}:
                values = {"recording_id": row.id, "person_id": person, "what": one, "given_by": viewer, "given": moment}
                if insert_if_new(session, GrantRow, id=new_id(), **values) and one is Grant.SEE:
                    link = f"/review?recording={row.id}"
                    telling.tell(session, person, Kind.SHARED, link, by=viewer, recording=row.id)
            audit.note(session, Deed.SHARED, viewer, lesson=row.id, person=person)

    def take_back_grant(self, viewer: str, recording: str, person: str, what: Collection[Grant] = ()) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            over = update(GrantRow).where(GrantRow.recording_id == row.id, GrantRow.taken_back.is_(None))
            over = over.where(GrantRow.person_id == (person if is_id(person) else ""))
            if what and Grant.SEE not in what:
                over = over.where(GrantRow.what.in_(what))
            else:  # all of it, with the clips that were given by themselves
                of = select(ClipRow.id).where(ClipRow.recording_id == row.id)
                clips = update(ClipGrantRow).where(ClipGrantRow.clip_id.in_(of), ClipGrantRow.taken_back.is_(None))
                clips = clips.where(ClipGrantRow.person_id == (person if is_id(person) else ""))
                if session.scalars(clips.values(taken_back=now(session)).returning(ClipGrantRow.id)).all():
                    audit.note(session, Deed.TOOK_BACK_CLIPS, viewer, lesson=row.id, person=person)
            if session.scalars(over.values(taken_back=now(session)).returning(GrantRow.id)).all():
                audit.note(session, Deed.TOOK_BACK, viewer, lesson=row.id, person=person)

    def grants(self, viewer: str, recording: str) -> list[Given]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            query = select(PersonRow, GrantRow.what, GrantRow.given, fetch.is_good(), fetch.is_shown())
            query = query.join(GrantRow, GrantRow.person_id == PersonRow.id)
            query = query.where(GrantRow.recording_id == row.id, GrantRow.taken_back.is_(None))
            if viewer != row.owner_id:
                query = query.where(GrantRow.person_id == viewer)
            found: dict[str, list[Row[PersonRow, Grant, float, bool, bool]]] = {}
            for one in session.execute(query):
                found.setdefault(one[0].id, []).append(one)
            return sorted(map(_given, found.values()), key=lambda given: name_of(given.person))

    def taken_back(self, viewer: str, recording: str) -> list[Given]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            given = select(GrantRow.person_id).where(GrantRow.recording_id == row.id)
            last = func.max(GrantRow.taken_back)
            query = select(PersonRow, func.min(GrantRow.given), last).join(GrantRow, GrantRow.person_id == PersonRow.id)
            query = query.where(GrantRow.recording_id == row.id)
            query = query.where(PersonRow.id.not_in(given.where(GrantRow.taken_back.is_(None))))
            return [
                Given(Person(p.id, p.email, p.name), frozenset(), _at(since), False, _at(until or since))
                for p, since, until in session.execute(query.group_by(PersonRow.id).order_by(last.desc(), PersonRow.id))
            ]


def colleague(session: Session, viewer: str, email: str) -> str:
    """The id of whom this person may give something by this address. Raises NoColleague."""
    try:
        address = email_address(email)
    except BadInput:
        raise NoColleague from None
    person = session.scalar(select(PersonRow.id).where(PersonRow.email == address, _is_colleague(viewer)))
    if person is None:
        raise NoColleague
    return person


def takers_of(session: Session, recording: RecordingRow, covered: bool = False) -> list[Person]:
    """To whom its owner can give it, or a clip of it in which the faces are `covered`."""
    query = select(PersonRow).join(RecordingRow, RecordingRow.id == recording.id)
    seen = true() if covered else None
    shown = consented.may_be_shown(recording.owner_id, PersonRow.id, RecordingRow.id, covered=seen)
    return _people(session.scalars(query.where(_is_colleague(recording.owner_id), shown)))


def check_shown(session: Session, recording: RecordingRow, person: str, covered: bool = False) -> None:
    """Raises KeptClose where the lesson, or a part of it, may not be shown to them for its children's sake."""
    standing = consented.standing(session, recording.id)
    if standing.may_be_shown(covered):
        return
    coach = session.scalar(select(consented.coaches(recording.owner_id, person, recording.id))) or False
    coach_only, opted_out = standing.may is May.COACH, standing.opted_out > 0
    if not decide_shown(coach, coach_only, opted_out, covered).allowed:
        raise KeptClose(f"{standing.why} So you can share it with a coach, or with your partner in a cycle of it.")


def _people(rows: Iterable[PersonRow]) -> list[Person]:
    """By name."""
    return sorted((Person(p.id, p.email, p.name) for p in rows), key=name_of)


def _is_colleague(viewer: str) -> ColumnElement[bool]:
    """Somebody else, whom this person may give a lesson."""
    return (PersonRow.id != viewer) & fetch.are_colleagues(viewer, PersonRow.id)


def _given(rows: list[Row[PersonRow, Grant, float, bool, bool]]) -> Given:
    person, *_, good, shown = rows[0]
    since = _at(min(given for _, _, given, *_ in rows))
    what = frozenset(what for _, what, *_ in rows)
    return Given(Person(person.id, person.email, person.name), what, since, good, kept_close=not shown)


def _at(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)


def name_of(person: Person) -> str:
    return (person.name or person.email).casefold()
