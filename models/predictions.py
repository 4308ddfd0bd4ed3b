"""What teachers guessed before they looked: implements `coaching.predictions.Predictions`."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from coaching.access import Action
from coaching.predictions import check_guess
from models import fetch
from models.database import Database, insert_if_new, now
from models.tables import PredictionRow


class PredictionStore:
    _database: Database

    def guess(self, viewer: str, recording: str, measure: str, value: float | None) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CORRECT, recording, lock=True)
            check_guess(measure, value)
            whose = {"recording_id": row.id, "person_id": viewer, "measure": measure}
            insert_if_new(session, PredictionRow, **whose, value=value, made=now(session))

    def guesses(self, viewer: str, recording: str) -> Mapping[str, float | None]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.CORRECT, recording)
            mine = select(PredictionRow.measure, PredictionRow.value)
            mine = mine.where(PredictionRow.recording_id == row.id, PredictionRow.person_id == viewer)
            return dict(session.execute(mine).all())
