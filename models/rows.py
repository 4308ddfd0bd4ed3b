"""From rows to what the domain calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime

from sqlalchemy import ColumnExpressionArgument, Select, func, select, text
from sqlalchemy.orm import Session, aliased

from coaching.ports import SourceFile
from coaching.recordings import Run, RunState, Stage, StageState, StageStatus, is_id, may_move
from coaching.retention import Gone
from models.tables import FileRow, RecordingRow, RetainedFilmRow, RunRow, StageRow, WorkState

ORDER = {stage: n for n, stage in enumerate(Stage)}

_other = aliased(RunRow)
IS_NEWEST = (
    RunRow.number == select(func.max(_other.number)).where(_other.recording_id == RunRow.recording_id).scalar_subquery()
)
"""The run is the newest one of its recording."""

IS_OPEN, IS_OVER = text("runs.work <> 'over'"), text("runs.work = 'over'")
NOT_DONE = text("stages.state <> 'done'")
"""In the very words of their partial indexes: SQLite takes these for nothing else, not for a value that is given."""


def files_of(
    session: Session, recordings: Iterable[str] | Select[str] | None = None
) -> Mapping[str, tuple[SourceFile, ...]]:
    """The files of each recording in order; of all recordings, or of these."""
    query = select(FileRow).order_by(FileRow.recording_id, FileRow.position)
    if recordings is not None:
        query = query.where(FileRow.recording_id.in_(recordings))
    found: dict[str, list[SourceFile]] = {}
    for row in session.scalars(query):
        found.setdefault(row.recording_id, []).append(SourceFile(row.name, row.path, row.size, row.sha256))
    return {recording: tuple(files) for recording, files in found.items()}


def stages_of(session: Session, run: str) -> list[StageRow]:
    """The rows of a run's stages, in order."""
    rows = session.scalars(select(StageRow).where(StageRow.run_id == run))
    return sorted(rows, key=lambda row: ORDER[row.stage])


def statuses(session: Session, *where: ColumnExpressionArgument[bool]) -> Mapping[str, list[StageStatus]]:
    """Where the stages of each run stand, of the runs for which `where` holds: one query."""
    found: dict[str, list[StageStatus]] = {}
    columns = [getattr(StageRow, f.name) for f in fields(StageStatus)]  # rows alone: a list of lessons has thousands
    query = select(StageRow.run_id, *columns).join(RunRow, RunRow.id == StageRow.run_id).where(*where)
    for run, *values in session.execute(query):
        found.setdefault(run, []).append(StageStatus(*values))
    return found


def to_run(row: RunRow, stages: Sequence[StageStatus]) -> Run:
    return Run(
        id=row.id,
        recording=row.recording_id,
        number=row.number,
        state=row.state,
        attempt=row.attempt,
        priority=row.priority,
        stages=tuple(sorted(stages, key=lambda stage: ORDER[stage.stage])),
        current=row.shown,
        over=row.work is WorkState.OVER,
        reason=row.reason,
        options=row.options,
    )


def lock(session: Session, run: str) -> RunRow | None:
    """The run, once its recording is locked: whoever decides on a run's state decides alone."""
    query = select(RecordingRow.id).join(RunRow, RunRow.recording_id == RecordingRow.id).where(RunRow.id == run)
    if not is_id(run) or session.scalar(query.with_for_update(of=RecordingRow, key_share=True)) is None:
        return None
    return session.get(RunRow, run)


def move(run: RunRow, state: RunState) -> None:
    """Put the run into another state. Raises ValueError for a step that is not legal: a mistake of ours."""
    if run.state is not state:
        if not may_move(run.state, state):
            raise ValueError(f"a run cannot go from {run.state} to {state}")
        run.state = state


def is_open(stage: StageRow) -> bool:
    """Whether the stage is still to be done, or at work."""
    return stage.state in (StageState.WAITING, StageState.RUNNING)


def is_gone(session: Session, recording: str) -> bool:
    """Whether the film of the recording was deleted under a school's policy."""
    gone = RetainedFilmRow.recording_id == recording, RetainedFilmRow.gone.is_not(None)
    return session.scalar(select(RetainedFilmRow.recording_id).where(*gone)) is not None


def gone_of(session: Session, recordings: Sequence[str]) -> dict[str, Gone]:
    """Which of these lost their film."""
    f = RetainedFilmRow
    query = select(f.recording_id, f.gone, f.days).where(f.recording_id.in_(recordings), f.gone.is_not(None))
    rows = session.execute(query)
    return {id: Gone(datetime.fromtimestamp(gone or 0.0, UTC), days) for id, gone, days in rows}


def put_back(stage: StageRow) -> None:
    """Nobody holds the stage, and it is still to be done. Its token stays: who held it may ask what became of it."""
    stage.state, stage.worker, stage.share, stage.seconds = StageState.WAITING, None, 0.0, 0.0


def new_stage(run: str, stage: Stage, adopted: StageRow | None = None) -> StageRow:
    """A stage of a new run: still to be done, or taken over with its artefact from a run before."""
    row = StageRow(run_id=run, stage=stage, state=StageState.WAITING, tries=0, share=0.0, seconds=0.0)
    if adopted is not None:
        row.state, row.share, row.seconds, row.artefact = StageState.DONE, 1.0, adopted.seconds, adopted.artefact
    return row
