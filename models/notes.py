"""What people make of a lesson while they look at it: implements `coaching.notes.Notes`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from coaching.access import Action, NotThere, require
from coaching.audit import Deed
from coaching.clips import Clip, ClipChange, NewClip
from coaching.clips import check as check_clip
from coaching.codebooks import Colour, written
from coaching.comments import (
    Audience,
    Comment,
    CommentChange,
    NewComment,
    NotAuthor,
    check,
    check_body,
    check_labels,
)
from coaching.errors import BadInput
from coaching.notes import Noted, View
from coaching.recordings import is_id, new_id
from coaching.retention import NO_CLIP, FilmGone
from coaching.spans import Span, cover
from models import audit, codebooks, fetch, news, telling
from models.database import Database, now
from models.rows import is_gone
from models.tables import (
    ClipRow,
    CommentLabelRow,
    CommentRow,
    PersonRow,
    RecordingRow,
    RunRow,
    ViewRow,
)

DONE_BY = {Deed.OPENED: Action.SEE, Deed.TOOK: Action.DOWNLOAD}

Made = TypeVar("Made", CommentRow, ClipRow)


class NoteStore:
    _database: Database

    def comment(self, viewer: str, recording: str, new: NewComment) -> str:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.COMMENT, recording, lock=True)
            check(new, duration_of(session, row))
            if (known := _known(session, CommentRow, new.id, viewer, row)) is not None:
                return known
            start, stop, audience = new.start, new.stop, new.audience
            if new.parent is not None:
                parent = readable(session, CommentRow, new.parent, viewer, row)
                if parent.deleted is not None or parent.parent_id is not None:
                    raise NotThere
                start, stop, audience = parent.start, parent.stop, parent.audience
            made = CommentRow(
                id=new.id or new_id(),
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
            session.flush()
            _label(session, viewer, row, made.id, new.labels)
            telling.of_comment(session, row, made)
            return made.id

    def change_comment(self, viewer: str, recording: str, comment: str, change: CommentChange) -> None:
        with self._database.write() as session:
            row, given = fetch.recording(session, viewer, Action.SEE, recording, lock=True)
            found = readable(session, CommentRow, comment, viewer, row)
            own, only_goes = found.author_id == viewer, change == CommentChange(deleted=True)
            if not only_goes:
                require(viewer, Action.COMMENT, row.owner_id, given)
            if not own and (change != CommentChange(resolved=change.resolved) or viewer != row.owner_id):
                raise NotAuthor
            if not own and found.deleted is not None:
                raise NotThere
            if found.parent_id is not None and (change.audience, change.resolved) != (None, None):
                raise BadInput("An answer is for whom, and as long as, what it answers is.")
            moment = now(session)
            if change.body is not None:
                check_body(change.body)
                found.body, found.edited = change.body.strip(), moment
            if change.labels is not None:
                check_labels(change.labels)
                _label(session, viewer, row, found.id, change.labels)
            if change.audience is not None and change.audience is not found.audience:
                _for_whom(session, found, change.audience, moment)
                telling.of_comment(session, row, found)
            if change.resolved is not None:
                found.resolved = moment if change.resolved else None
            if change.deleted is not None:
                found.deleted = moment if change.deleted else None
            found.changed = moment

    def comments(
        self,
        viewer: str,
        recording: str,
        *,
        only: str | None = None,
        between: tuple[float, float] | None = None,
    ) -> list[Comment]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            of = [CommentRow.recording_id == row.id]
            if only is not None:
                of.append(CommentRow.id == only)
            if between is not None:
                of.append(func.coalesce(CommentRow.changed, CommentRow.made).between(*between))
            # Columns, and no objects of the session: a page that is open asks often, and of hundreds.
            query = select(*CommentRow.__table__.columns, PersonRow.name, PersonRow.email)
            query = query.join(PersonRow, PersonRow.id == CommentRow.author_id)
            query = query.where(*of, news.may_read(CommentRow, viewer), news.is_listed(viewer))
            rows = session.execute(query.order_by(CommentRow.start, CommentRow.made, CommentRow.id)).all()
            said = select(CommentLabelRow.comment_id, CommentLabelRow.label, CommentLabelRow.colour)
            said = said.join(CommentRow, CommentRow.id == CommentLabelRow.comment_id).where(*of)
            labels: dict[str, list[tuple[str, Colour]]] = {}
            for comment, label, colour in session.execute(said.order_by(CommentLabelRow.position)):
                labels.setdefault(comment, []).append((label, colour or Colour.GREY))
            return [_to_comment(c, labels.get(c.id, [])) for c in rows]

    def clip(self, viewer: str, recording: str, new: NewClip) -> str:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.COMMENT, recording, lock=True)
            check_clip(new, duration_of(session, row))
            if (known := _known(session, ClipRow, new.id, viewer, row)) is not None:
                return known
            if is_gone(session, row.id):
                raise FilmGone(NO_CLIP)
            made = ClipRow(
                id=new.id or new_id(),
                recording_id=row.id,
                author_id=viewer,
                start=new.start,
                stop=new.stop,
                name=new.name.strip(),
                note=new.note.strip(),
                audience=new.audience,
                made=now(session),
            )
            session.add(made)
            return made.id

    def change_clip(self, viewer: str, recording: str, clip: str, change: ClipChange) -> None:
        with self._database.write() as session:
            row, given = fetch.recording(session, viewer, Action.SEE, recording, lock=True)
            found = readable(session, ClipRow, clip, viewer, row)
            if change != ClipChange(deleted=True):
                require(viewer, Action.COMMENT, row.owner_id, given)
            if found.author_id != viewer:
                raise NotAuthor
            said = {name: getattr(change, name) for name in ("start", "stop", "name", "note", "audience")}
            new = NewClip(**{name: getattr(found, name) if v is None else v for name, v in said.items()})
            check_clip(new, duration_of(session, row))
            if (new.start, new.stop) != (found.start, found.stop) and is_gone(session, row.id):
                raise FilmGone(NO_CLIP)
            found.start, found.stop, found.audience = new.start, new.stop, new.audience
            found.name, found.note = new.name.strip(), new.note.strip()
            found.changed = now(session)
            if change.deleted is not None:
                found.deleted = found.changed if change.deleted else None

    def clips(self, viewer: str, recording: str) -> list[Clip]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            query = select(ClipRow, PersonRow.name, PersonRow.email).join(PersonRow, PersonRow.id == ClipRow.author_id)
            query = query.where(
                ClipRow.recording_id == row.id, news.may_read(ClipRow, viewer), ClipRow.deleted.is_(None)
            )
            return [
                Clip(c.id, c.author_id, name or email, c.start, c.stop, c.name, c.note, c.audience, _at(c.made))
                for c, name, email in session.execute(query.order_by(ClipRow.start, ClipRow.made, ClipRow.id))
            ]

    def noted(self, viewer: str, recording: str) -> Noted:
        with self._database.read() as session:
            row, given = fetch.recording(session, viewer, Action.SEE, recording)
            return news.noted(session, viewer, row, given)

    def watch(self, viewer: str, recording: str, place: float, spans: Sequence[Span]) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording, lock=True)
            last = duration_of(session, row)
            end = float("inf") if last is None else last
            if not 0 <= place <= end or place == float("inf") or any(s.start < 0 or s.end > end + 1 for s in spans):
                raise BadInput("What was watched lies within the recording.")
            moment, view = now(session), session.get(ViewRow, (row.id, viewer))
            if view is None:
                view = ViewRow(recording_id=row.id, person_id=viewer, spans=[], first=moment)
                session.add(view)
            view.place, view.last = place, moment
            together = cover([*(Span(*pair) for pair in view.spans), *spans], fill=1.0)
            view.spans = [[round(s.start, 2), round(s.end, 2)] for s in together]

    def done(self, viewer: str, recording: str, deed: Deed) -> None:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, DONE_BY[deed], recording)
            if deed is Deed.OPENED and (viewer == row.owner_id or audit.told_lately(session, viewer, row.id)):
                return
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, DONE_BY[deed], recording)
            audit.note(session, deed, viewer, lesson=row.id)

    def views(self, viewer: str, recording: str) -> list[View]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            query = select(ViewRow, PersonRow.name, PersonRow.email).join(PersonRow, PersonRow.id == ViewRow.person_id)
            query = query.where(ViewRow.recording_id == row.id)
            if viewer != row.owner_id:
                query = query.where(ViewRow.person_id == viewer)
            return [
                View(
                    v.person_id,
                    name or email,
                    tuple(Span(*pair) for pair in v.spans),
                    v.place,
                    _at(v.first),
                    _at(v.last),
                )
                for v, name, email in session.execute(query.order_by(ViewRow.last.desc(), ViewRow.person_id))
            ]


def readable(session: Session, table: type[Made], id: str, viewer: str, row: RecordingRow) -> Made:
    """The comment or clip, also a deleted one. Raises NotThere."""
    found = session.get(table, id) if is_id(id) else None
    if found is None or found.recording_id != row.id:
        raise NotThere
    if found.audience is Audience.AUTHOR and found.author_id != viewer:
        raise NotThere
    return found


def _known(
    session: Session, table: type[CommentRow] | type[ClipRow], id: str | None, viewer: str, row: RecordingRow
) -> str | None:
    """The id, where this very person sent it before. Raises BadInput where it is no id, or another thing's."""
    if id is None:
        return None
    if not is_id(id):
        raise BadInput("This cannot be kept under this id.")
    found = session.execute(select(table.author_id, table.recording_id).where(table.id == id)).one_or_none()
    if found is not None and tuple(found) != (viewer, row.id):
        raise BadInput("This cannot be kept under this id.")
    return None if found is None else id


def _label(session: Session, viewer: str, recording: RecordingRow, comment: str, labels: Sequence[str]) -> None:
    """Put these in the place of the comment's own. A label that stays keeps its colour, whatever became of its
    codebook."""
    own = CommentLabelRow.comment_id == comment
    before = dict(session.execute(select(CommentLabelRow.label, CommentLabelRow.colour).where(own)).all())
    words = list(dict.fromkeys(label.strip() for label in labels))
    new = set(words) - before.keys()
    colours = {**written(codebooks.offered(session, viewer, recording)), **before} if new else before
    session.execute(delete(CommentLabelRow).where(own))
    for n, label in enumerate(words):
        session.add(CommentLabelRow(comment_id=comment, position=n, label=label, colour=colours.get(label)))


def _for_whom(session: Session, comment: CommentRow, audience: Audience, moment: float) -> None:
    """The answers go with it. Raises BadInput where others answered: their words are not taken from them."""
    answers = CommentRow.parent_id == comment.id
    others = select(CommentRow.id).where(answers, CommentRow.author_id != comment.author_id)
    if audience is Audience.AUTHOR and session.scalar(others.limit(1)):
        raise BadInput("Others have answered this, so it stays for all who see the lesson. You can delete it.")
    session.execute(update(CommentRow).where(answers).values(audience=audience, changed=moment))
    comment.audience = audience


def duration_of(session: Session, row: RecordingRow) -> float | None:
    facts = session.scalar(select(RunRow.facts).where(RunRow.recording_id == row.id, RunRow.shown))
    return facts["duration"] if facts else None


def _to_comment(c: Any, labels: Sequence[tuple[str, Colour]]) -> Comment:
    gone = c.deleted is not None
    return Comment(
        id=c.id,
        author=c.author_id,
        called=c.name or c.email,
        start=c.start,
        stop=c.stop,
        body="" if gone else c.body,
        audience=c.audience,
        made=_at(c.made),
        parent=c.parent_id,
        labels=() if gone else tuple(label for label, _ in labels),
        colours=() if gone else tuple(colour for _, colour in labels),
        edited=_at(c.edited) if c.edited else None,
        resolved=_at(c.resolved) if c.resolved else None,
        deleted=gone,
    )


def _at(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
