"""What owners gave of their lessons, and what people noted at its moments: implements `coaching.sharing.Sharing`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Row, or_, select, update

from coaching.access import Action, Grant, NotThere
from coaching.comments import Audience, Comment, NewComment, check
from coaching.errors import BadInput
from coaching.people import Person, email_address
from coaching.recordings import is_id, new_id
from coaching.sharing import Given, NoColleague
from models import fetch
from models.database import Database, insert_if_new, now
from models.tables import CommentRow, GrantRow, PersonRow, RunRow


class SharingStore:
    _database: Database

    def colleagues(self, viewer: str) -> list[Person]:
        with self._database.read() as session:
            found = session.scalars(select(PersonRow).where(_is_colleague(viewer))) if is_id(viewer) else ()
            return sorted((Person(p.id, p.email, p.name) for p in found), key=_name)

    def grant(self, viewer: str, recording: str, email: str, what: Collection[Grant]) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            try:
                address = email_address(email)
            except BadInput:
                raise NoColleague from None
            person = session.scalar(select(PersonRow.id).where(PersonRow.email == address, _is_colleague(viewer)))
            if person is None:
                raise NoColleague
            moment = now(session)
            for one in {Grant.SEE, *what}:
                values = {"recording_id": row.id, "person_id": person, "what": one, "given_by": viewer, "given": moment}
                insert_if_new(session, GrantRow, id=new_id(), **values)

    def take_back_grant(self, viewer: str, recording: str, person: str, what: Collection[Grant] = ()) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            over = update(GrantRow).where(GrantRow.recording_id == row.id, GrantRow.taken_back.is_(None))
            over = over.where(GrantRow.person_id == (person if is_id(person) else ""))
            if what and Grant.SEE not in what:
                over = over.where(GrantRow.what.in_(what))
            session.execute(over.values(taken_back=now(session)))

    def grants(self, viewer: str, recording: str) -> list[Given]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            query = select(PersonRow, GrantRow.what, GrantRow.given, fetch.is_good())
            query = query.join(GrantRow, GrantRow.person_id == PersonRow.id)
            query = query.where(GrantRow.recording_id == row.id, GrantRow.taken_back.is_(None))
            if viewer != row.owner_id:
                query = query.where(GrantRow.person_id == viewer)
            found: dict[str, list[Row[PersonRow, Grant, float, bool]]] = {}
            for one in session.execute(query):
                found.setdefault(one[0].id, []).append(one)
            return sorted(map(_given, found.values()), key=lambda given: _name(given.person))

    def comment(self, viewer: str, recording: str, new: NewComment) -> str:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.COMMENT, recording, lock=True)
            facts = session.scalar(select(RunRow.facts).where(RunRow.recording_id == row.id, RunRow.shown))
            check(new, facts and facts["duration"])
            start, stop, audience = new.start, new.stop, new.audience
            if new.parent is not None:
                parent = session.get(CommentRow, new.parent) if is_id(new.parent) else None
                hidden = parent is not None and parent.audience is Audience.AUTHOR and parent.author_id != viewer
                if parent is None or parent.recording_id != row.id or parent.deleted is not None or hidden:
                    raise NotThere
                start, stop, audience = parent.start, parent.stop, parent.audience
            made = CommentRow(
                id=new_id(),
                recording_id=row.id,
                author_id=viewer,
                parent_id=new.parent,
                start=start,
                stop=stop,
                body=new.body.strip(),
                audience=audience,
                made=now(session),
            )
            session.add(made)
            return made.id

    def comments(self, viewer: str, recording: str) -> list[Comment]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            query = select(CommentRow, PersonRow).join(PersonRow, PersonRow.id == CommentRow.author_id)
            query = query.where(CommentRow.recording_id == row.id, readable_by(viewer))
            found = session.execute(query.order_by(CommentRow.start, CommentRow.made, CommentRow.id))
            return [
                Comment(
                    id=c.id,
                    author=c.author_id,
                    called=author.name or author.email,
                    start=c.start,
                    stop=c.stop,
                    body=c.body,
                    audience=c.audience,
                    made=datetime.fromtimestamp(c.made, UTC),
                    parent=c.parent_id,
                )
                for c, author in found
            ]


def readable_by(viewer: str) -> ColumnElement[bool]:
    """Of the comments of a recording that somebody may see, those that they may read."""
    return CommentRow.deleted.is_(None) & or_(CommentRow.audience == Audience.LESSON, CommentRow.author_id == viewer)


def _is_colleague(viewer: str) -> ColumnElement[bool]:
    """Somebody else, whom this person may give a lesson."""
    return (PersonRow.id != viewer) & fetch.are_colleagues(viewer, PersonRow.id)


def _given(rows: list[Row[PersonRow, Grant, float, bool]]) -> Given:
    person, _, _, good = rows[0]
    since = datetime.fromtimestamp(min(given for _, _, given, _ in rows), UTC)
    return Given(Person(person.id, person.email, person.name), frozenset(what for _, what, *_ in rows), since, good)


def _name(person: Person) -> str:
    return (person.name or person.email).casefold()
