"""Faces covered in a clip, for its owner: implements `coaching.covering.Faces`."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coaching.access import Action, NotThere
from coaching.covering import Covering
from coaching.errors import BadInput
from coaching.faces import Marked, marked_to_json
from coaching.given_clips import Film
from coaching.handouts import Making
from coaching.recordings import is_id
from models import faces, fetch
from models.database import Database, insert_if_new, now
from models.given_films import why_none
from models.tables import ClipFacesRow, ClipRow, HandoutRow, RunRow


class FaceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def cover(self, viewer: str, clip: str) -> None:
        with self._database.write() as session:
            of = _own(session, viewer, clip, lock=True)
            _check_filmed(session, of)
            moment = now(session)
            values = {"clip_id": of.id, "marked": marked_to_json(Marked()), "made": moment, "changed": moment}
            if not insert_if_new(session, ClipFacesRow, **values):
                row = session.get_one(ClipFacesRow, of.id)
                id, _ = faces.needed(of, row.film, row.start, row.stop)
                session.execute(delete(HandoutRow).where(HandoutRow.id == id, HandoutRow.state == Making.FAILED))

    def faces(self, viewer: str, clip: str) -> Covering:
        with self._database.read() as session:
            of = _own(session, viewer, clip)
            row = session.get(ClipFacesRow, of.id)
            looking = faces.looking(session, of, row)
            return Covering(
                of.id,
                of.recording_id,
                of.name,
                of.start,
                of.stop,
                row is not None,
                looking,
                faces.found_in(row) if row is not None and looking.state is Making.READY else (),
                Marked() if row is None else faces.marked_in(row),
                faces.covered_film(session, of) or Film("", Making.WAITING),
            )

    def mark(self, viewer: str, clip: str, marked: Marked) -> None:
        with self._database.write() as session:
            of = _own(session, viewer, clip, lock=True)
            row = session.get(ClipFacesRow, of.id, with_for_update=True)
            if row is None:
                raise NotThere
            _check_filmed(session, of)
            row.marked = marked_to_json(marked)
            faces.name(session, row)

    def uncover(self, viewer: str, clip: str) -> None:
        with self._database.write() as session:
            of = _own(session, viewer, clip, lock=True)
            session.execute(delete(ClipFacesRow).where(ClipFacesRow.clip_id == of.id))


def _check_filmed(session: Session, clip: ClipRow) -> None:
    """Raises BadInput where there is nothing, or nothing any more, of which a film could be made."""
    run = session.scalars(select(RunRow).where(RunRow.recording_id == clip.recording_id, RunRow.shown)).one()
    if why_not := why_none(session, run):
        raise BadInput(why_not)


def _own(session: Session, viewer: str, clip: str, *, lock: bool = False) -> ClipRow:
    """A clip that the lesson's owner made of it. Raises NotThere."""
    found = session.get(ClipRow, clip) if is_id(clip) else None
    recording = "" if found is None else found.recording_id
    row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=lock)
    if found is None or found.author_id != row.owner_id or found.deleted is not None:
        raise NotThere
    return found
