"""What the numbers of several lessons are made of, read together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coaching.access import Action
from coaching.calibrations import Heard
from coaching.corrections import Correction
from coaching.ports import Numbers
from models import calibrations, fetch
from models.tables import (
    CalibrationRow,
    CorrectionRow,
    MeasureRow,
    PredictionRow,
    RecordingRow,
    RunRow,
    SpeakerRow,
    UtteranceRow,
)
from models.transcripts import correction_of, lesson_of


def of(session: Session, viewer: str, recordings: Collection[str]) -> Mapping[str, Numbers]:
    """`coaching.ports.Lessons.numbers`."""
    there = {row.id: row for row in fetch.recordings(session, viewer, Action.MEASURE, recordings)}
    shown = select(RunRow).where(RunRow.recording_id.in_(there), RunRow.shown, RunRow.facts.is_not(None))
    runs = {run.recording_id: run for run in session.scalars(shown)} if there else {}
    if not runs:
        return {}
    put_right, heard, guesses = _put_right(session, runs), _heard(session, runs), _guesses(session, viewer, runs)
    told = [run.id for id, run in runs.items() if id in put_right or id in heard]
    measures, speakers, said = (
        _by_run(session, table, ids)
        for table, ids in ((MeasureRow, _ids(runs)), (SpeakerRow, _ids(runs)), (UtteranceRow, told))
    )
    found = {}
    for id, run in runs.items():
        machine = lesson_of(run.facts or {}, speakers[run.id], said[run.id], measures[run.id])
        mine = guesses.get(id, {}) if there[id].owner_id == viewer else None
        found[id] = Numbers(there[id].name, machine, tuple(put_right[id]), tuple(heard[id]), mine)
    return found


def _ids(runs: Mapping[str, RunRow]) -> list[str]:
    return [run.id for run in runs.values()]


def _by_run(session: Session, table: type[Any], runs: Collection[str]) -> Mapping[str, list[Any]]:
    """Columns, and no objects of the session: they are many."""
    found: dict[str, list[Any]] = defaultdict(list)
    query = select(*table.__table__.columns).where(table.run_id.in_(runs)).order_by(table.run_id, table.position)
    for row in session.execute(query) if runs else ():
        found[row.run_id].append(row)
    return found


def _put_right(session: Session, recordings: Collection[str]) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    made = select(CorrectionRow).where(CorrectionRow.recording_id.in_(recordings), CorrectionRow.taken_back.is_(None))
    for row in session.scalars(made.order_by(CorrectionRow.recording_id, CorrectionRow.number)):
        found[row.recording_id].append(correction_of(row))
    return found


def _heard(session: Session, recordings: Collection[str]) -> dict[str, list[Heard]]:
    """What owners heard of their lessons."""
    found: dict[str, list[Heard]] = defaultdict(list)
    made = select(CalibrationRow).join(RecordingRow, RecordingRow.id == CalibrationRow.recording_id)
    made = made.where(CalibrationRow.recording_id.in_(recordings), CalibrationRow.person_id == RecordingRow.owner_id)
    for row in session.scalars(made.order_by(CalibrationRow.made, CalibrationRow.moment)):
        found[row.recording_id].append(calibrations.heard_of(row))
    return found


def _guesses(session: Session, viewer: str, recordings: Collection[str]) -> dict[str, dict[str, float | None]]:
    found: dict[str, dict[str, float | None]] = defaultdict(dict)
    mine = select(PredictionRow).where(PredictionRow.recording_id.in_(recordings), PredictionRow.person_id == viewer)
    for row in session.scalars(mine):
        found[row.recording_id][row.measure] = row.value
    return found
