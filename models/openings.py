"""What administrators opened: implements `coaching.openings.Openings`. Whether one counts now, fetch.py says."""

from __future__ import annotations

from sqlalchemy import select, update

from coaching.access import Action, NotThere
from coaching.audit import Deed
from coaching.notifications import Kind
from coaching.openings import LASTS_S, Opening, reason_of
from coaching.people import Person
from coaching.recordings import is_id, new_id
from models import audit, fetch, telling
from models.cycle_rows import at
from models.database import Database, now
from models.tables import OpeningRow, PersonRow, RecordingRow


class OpeningStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, viewer: str, recording: str, reason: str) -> Opening:
        with self._database.write() as session:
            query = select(RecordingRow).where(RecordingRow.id == recording, RecordingRow.owner_id != viewer)
            query = query.where(fetch.administers(viewer, RecordingRow.owner_id))
            row = session.scalar(query) if is_id(viewer) and is_id(recording) else None
            if row is None:
                raise NotThere
            moment = now(session)
            values = {"reason": reason_of(reason), "opened": moment, "ends": moment + LASTS_S}
            made = OpeningRow(id=new_id(), recording_id=row.id, person_id=viewer, **values)
            session.add(made)
            telling.tell(session, row.owner_id, Kind.OPENED, f"/review?recording={row.id}", by=viewer, recording=row.id)
            audit.note(session, Deed.LOOKED_INSIDE, viewer, lesson=row.id, person=row.owner_id)
            return _opening(made, session.get_one(PersonRow, viewer))

    def close(self, viewer: str, recording: str) -> None:
        with self._database.write() as session:
            moment = now(session)
            over = update(OpeningRow).where(OpeningRow.person_id == viewer, OpeningRow.recording_id == recording)
            over = over.where(OpeningRow.ends > moment).values(ends=moment).returning(OpeningRow.id)
            if not (is_id(viewer) and is_id(recording) and session.scalars(over).all()):
                raise NotThere

    def mine(self, viewer: str) -> list[Opening]:
        query = _openings.join(RecordingRow, RecordingRow.id == OpeningRow.recording_id)
        query = query.where(OpeningRow.person_id == viewer, fetch.is_open(viewer))
        with self._database.read() as session:
            return [_opening(*row) for row in session.execute(query)] if is_id(viewer) else []

    def of(self, viewer: str, recording: str) -> list[Opening]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            return [_opening(*one) for one in session.execute(_openings.where(OpeningRow.recording_id == row.id))]


_openings = (
    select(OpeningRow, PersonRow)
    .join(PersonRow, PersonRow.id == OpeningRow.person_id)
    .order_by(OpeningRow.opened.desc(), OpeningRow.id)
)


def _opening(row: OpeningRow, who: PersonRow) -> Opening:
    person = Person(who.id, who.email, who.name)
    return Opening(row.id, row.recording_id, person, row.reason, at(row.opened), at(row.ends))
