"""What owners heard of their lessons: implements `coaching.calibrations.Calibrations`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import delete, select

from coaching.access import Action
from coaching.by_ear import Clip
from coaching.calibration import Who
from coaching.calibrations import Heard
from models import fetch
from models.database import Database, now
from models.tables import CalibrationRow


class CalibrationStore:
    _database: Database

    def hear(self, viewer: str, recording: str, of: str, clip: Clip, said: Who | None) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CORRECT, recording, lock=True)
            key = {"recording_id": row.id, "person_id": viewer, "of_voices": of, "moment": clip.moment}
            session.merge(CalibrationRow(**key, machine=clip.machine, said=said, made=now(session)))

    def heard(self, viewer: str, recording: str) -> list[Heard]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.MEASURE, recording)
            made = select(CalibrationRow).where(
                CalibrationRow.recording_id == row.id, CalibrationRow.person_id == row.owner_id
            )
            return list(map(heard_of, session.scalars(made.order_by(CalibrationRow.made, CalibrationRow.moment))))

    def forget_heard(self, viewer: str, recording: str) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CORRECT, recording, lock=True)
            session.execute(delete(CalibrationRow).where(CalibrationRow.recording_id == row.id))


def heard_of(c: CalibrationRow) -> Heard:
    return Heard(c.of_voices, Clip(c.moment, c.machine), c.said, datetime.fromtimestamp(c.made, UTC))
