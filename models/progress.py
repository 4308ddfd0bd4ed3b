"""What teachers look back on, and whom they show it to: implements `coaching.progress.Progress`."""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, Select, delete, select
from sqlalchemy.orm import Session

from coaching.access import NotThere, require_shown
from coaching.audit import Deed
from coaching.comments import Audience
from coaching.people import Person
from coaching.progress import Reader, Words
from coaching.recordings import is_id
from models import audit, fetch
from models.cycle_rows import at
from models.database import Database, insert_if_new, now
from models.sharing import colleague, name_of
from models.tables import (
    CommentRow,
    CycleLessonRow,
    CycleRow,
    KeptWordsRow,
    PersonRow,
    ProgressReaderRow,
    RecordingRow,
)

MOST_OFFERED = 200
"""Comments to choose from."""


class ProgressStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def whose(self, viewer: str, of: str) -> Person:
        with self._database.read() as session:
            return _whose(session, viewer, of)

    def kept(self, viewer: str, of: str) -> list[Words]:
        with self._database.read() as session:
            _whose(session, viewer, of)
            mine = _said_to(of).join(KeptWordsRow, KeptWordsRow.comment_id == CommentRow.id)
            mine = mine.where(KeptWordsRow.person_id == of).order_by(KeptWordsRow.kept.desc(), CommentRow.id)
            return _words(session, mine)

    def to_keep(self, viewer: str) -> list[Words]:
        with self._database.read() as session:
            theirs = select(CycleLessonRow.recording_id).join(CycleRow, CycleRow.id == CycleLessonRow.cycle_id)
            kept = select(KeptWordsRow.comment_id).where(KeptWordsRow.person_id == viewer)
            found = _said_to(viewer).where(
                CommentRow.recording_id.in_(theirs.where(CycleRow.teacher_id == viewer)), CommentRow.id.not_in(kept)
            )
            return _words(session, found.order_by(CommentRow.made.desc(), CommentRow.id).limit(MOST_OFFERED))

    def keep(self, viewer: str, comment: str) -> None:
        with self._database.write() as session:
            if not is_id(comment) or not _words(session, _said_to(viewer).where(CommentRow.id == comment)):
                raise NotThere
            insert_if_new(session, KeptWordsRow, person_id=viewer, comment_id=comment, kept=now(session))

    def let_go(self, viewer: str, comment: str) -> None:
        with self._database.write() as session:
            of = KeptWordsRow.person_id == viewer, KeptWordsRow.comment_id == (comment if is_id(comment) else "")
            session.execute(delete(KeptWordsRow).where(*of))

    def readers(self, viewer: str) -> list[Reader]:
        with self._database.read() as session:
            found = select(PersonRow, ProgressReaderRow.since, _good())
            found = found.join(ProgressReaderRow, ProgressReaderRow.person_id == PersonRow.id)
            rows = session.execute(found.where(ProgressReaderRow.owner_id == viewer)).all()
            read = [Reader(_person(row), at(since), good) for row, since, good in rows]
            return sorted(read, key=lambda one: name_of(one.person))

    def show_to(self, viewer: str, email: str) -> None:
        with self._database.write() as session:
            person = colleague(session, viewer, email)
            insert_if_new(session, ProgressReaderRow, owner_id=viewer, person_id=person, since=now(session))
            audit.note(session, Deed.SHOWED, viewer, person=person)

    def hide_from(self, viewer: str, person: str) -> None:
        with self._database.write() as session:
            of = ProgressReaderRow.owner_id == viewer, ProgressReaderRow.person_id == (person if is_id(person) else "")
            if session.scalars(delete(ProgressReaderRow).where(*of).returning(ProgressReaderRow.person_id)).all():
                audit.note(session, Deed.HID, viewer, person=person)

    def shown_by(self, viewer: str) -> list[Person]:
        with self._database.read() as session:
            found = select(PersonRow).join(ProgressReaderRow, ProgressReaderRow.owner_id == PersonRow.id)
            found = found.where(ProgressReaderRow.person_id == viewer, _good())
            return sorted(map(_person, session.scalars(found)), key=name_of)


def _whose(session: Session, viewer: str, of: str) -> Person:
    """Whose page it is, for them and for whom they show it to. Raises NotThere."""
    row = session.get(PersonRow, of) if is_id(viewer) and is_id(of) else None
    shown = select(ProgressReaderRow.since).where(
        ProgressReaderRow.owner_id == of, ProgressReaderRow.person_id == viewer, _good()
    )
    require_shown(row is not None and (viewer == of or session.scalar(shown) is not None))
    assert row is not None  # noqa: S101 - require_shown lets nobody have what is not there
    return _person(row)


@cache
def _good() -> ColumnElement[bool]:
    """Whether a row of `progress_readers` counts: it could be said anew."""
    return fetch.are_colleagues(ProgressReaderRow.owner_id, ProgressReaderRow.person_id)


def _said_to(of: str) -> Select[CommentRow, str, str]:
    """What others said in this person's lessons, for them to read, and who."""
    found = select(CommentRow, PersonRow.name, PersonRow.email).join(PersonRow, PersonRow.id == CommentRow.author_id)
    found = found.join(RecordingRow, RecordingRow.id == CommentRow.recording_id)
    there = CommentRow.audience == Audience.LESSON, CommentRow.deleted.is_(None)
    return found.where(RecordingRow.owner_id == of, CommentRow.author_id != of, *there)


def _words(session: Session, found: Select[CommentRow, str, str]) -> list[Words]:
    return [Words(row.id, row.body, name or email, at(row.made)) for row, name, email in session.execute(found)]


def _person(row: PersonRow) -> Person:
    return Person(row.id, row.email, row.name)
