"""Runs, for whoever operates the server and for the engine: with claims.py, implements `coaching.jobs.Jobs`.

A run has two states. `state` is what people are told. `work` says whether its attempt is still to be done: a lesson
that is ready may have pictures at work, and one that is done again keeps its transcript until a new one replaces it.
Where a transcript stands, doing it again cannot end worse than ready: failed or cancelled, the older one still stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from coaching.errors import BadInput
from coaching.jobs import Job, Load, Work
from coaching.oversight import Kind, Overview
from coaching.recordings import (
    LISTENING,
    NEEDS,
    QUEUES,
    SPARED,
    Priority,
    RunState,
    Stage,
    StageState,
    readers,
)
from coaching.retention import NOT_AGAIN, FilmGone
from models import mails, oversight, telling
from models.claims import Claims, count_open
from models.database import Database, now
from models.rows import (
    IS_NEWEST,
    IS_OPEN,
    NOT_DONE,
    ORDER,
    files_of,
    is_gone,
    is_open,
    lock,
    move,
    put_back,
    stages_of,
    statuses,
    to_run,
)
from models.tables import RecordingRow, RunRow, StageRow, WorkState
from models.types import clock

SHORTEST_NAME = 4
"""Characters of an id that are enough to name a job."""

_TO_BE_QUEUED = (
    select(RunRow.id, RunRow.attempt, RunRow.priority)
    .where(RunRow.work == WorkState.WAITING)
    .where(RunRow.queued_attempt.is_distinct_from(RunRow.attempt))
    .where(func.coalesce(RunRow.not_before, 0.0) <= clock())
    .order_by(case((RunRow.priority == Priority.SOON, 0), else_=1), RunRow.since, RunRow.id)
    .limit(bindparam("most"))
)
"""Made once: every worker asks it several times a second, day and night."""


class JobStore(Claims):
    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Job]:
        return self._jobs(IS_NEWEST)

    def one(self, name: str) -> Job:
        if len(name) < SHORTEST_NAME or not name.isalnum() or not name.isascii():
            raise BadInput(f"Name a job by its id, or by {SHORTEST_NAME} or more of its first characters.")
        name = name.lower()
        with self._database.read() as session:
            runs = select(RunRow.id).where(RunRow.id.startswith(name))
            newest = select(RunRow.id).where(RunRow.recording_id.startswith(name), IS_NEWEST)
            found = set(session.scalars(runs.limit(2))) | set(session.scalars(newest.limit(2)))
        if not found:
            raise BadInput(f"There is no job {name!r}. `secondlook jobs list` shows all.")
        if len(found) > 1:
            raise BadInput(f"More than one job begins with {name!r}. Give more of its id.")
        return self._jobs(RunRow.id == found.pop())[0]

    def _jobs(self, where: ColumnElement[bool]) -> list[Job]:
        query = (
            select(RunRow, RecordingRow.name, RecordingRow.owner_id, clock() - RunRow.since)
            .join(RecordingRow, RecordingRow.id == RunRow.recording_id)
            .where(where)
            .order_by(RecordingRow.added, RecordingRow.id)
        )
        with self._database.read() as session:
            stages = statuses(session, where)
            return [
                Job(
                    run=to_run(run, stages.get(run.id, [])),
                    recording=run.recording_id,
                    name=name,
                    owner=owner,
                    seconds_waiting=max(0.0, waited) if run.work is WorkState.WAITING else 0.0,
                )
                for run, name, owner, waited in session.execute(query)
            ]

    def cancel(self, run: str) -> RunState:
        with self._database.write() as session:
            row = _known(session, run)
            if row.work is not WorkState.OVER:
                row.work, row.heard = WorkState.OVER, now(session)
                move(row, RunState.CANCELLED if row.facts is None else RunState.READY)
            return row.state

    def retry(self, run: str, stages: Sequence[Stage] = ()) -> tuple[Stage, ...]:
        with self._database.write() as session:
            row = _known(session, run)
            if is_gone(session, row.recording_id):
                raise FilmGone(NOT_AGAIN)
            if row.work is not WorkState.OVER:
                raise BadInput("This run is at work. Cancel it first, or wait until it has ended.")
            if count_open(session, row.recording_id):
                raise BadInput("Another run of this recording is at work. Cancel it first, or wait until it has ended.")
            rows = stages_of(session, run)
            again = _to_do_again(rows, stages)
            if not again:
                raise BadInput("There is nothing to do again: every stage of this run is done.")
            for stage in rows:
                if stage.stage in again:
                    stage.tries, stage.reason, stage.kind = 0, None, None
                    if stage.state is not StageState.RUNNING:  # who holds it still must first let go
                        put_back(stage)
            if row.facts is None or set(again) & set(LISTENING):
                move(row, RunState.WAITING)
            _wait(session, row)
            row.reason = None
            return again

    def load(self) -> Load:
        at_work = (
            select(StageRow.stage, StageRow.state, func.count())
            .where(StageRow.run_id.in_(select(RunRow.id).where(IS_OPEN)))
            .group_by(StageRow.stage, StageRow.state)
        )
        failed = (
            select(StageRow.stage, StageRow.kind, func.count())
            .join(RunRow, RunRow.id == StageRow.run_id)
            .where(NOT_DONE, StageRow.state == StageState.FAILED, IS_NEWEST)
            .group_by(StageRow.stage, StageRow.kind)
        )
        at = select(StageRow.run_id).where(StageRow.run_id == RunRow.id, StageRow.state == StageState.RUNNING)
        oldest = select(func.max(clock() - RunRow.since)).where(
            RunRow.work != WorkState.OVER, RunRow.state.in_((RunState.WAITING, RunState.RUNNING)), ~at.exists()
        )
        with self._database.read() as session:
            stages: dict[tuple[str, str], int] = {}
            for stage, state, count in session.execute(at_work):
                key = (str(QUEUES[stage]), str(state))
                stages[key] = stages.get(key, 0) + count
            by_state = select(RunRow.state, func.count()).group_by(RunRow.state)
            return Load(
                stages=stages,
                runs={str(state): count for state, count in session.execute(by_state)},
                lessons={str(state): count for state, count in session.execute(by_state.where(RunRow.shown))},
                oldest_waiting_s=max(0.0, session.scalar(oldest) or 0.0),
                failures={(str(stage), kind or ""): count for stage, kind, count in session.execute(failed)},
                post=mails.post(session),
            )

    def overseen(self, viewer: str, kind: Kind | None = None, id: str = "", skip: int = 0, limit: int = 25) -> Overview:
        with self._database.read() as session:
            return oversight.overseen(session, viewer, kind, id, skip, limit)

    def waiting(self, limit: int = 100) -> list[tuple[str, int, Priority]]:
        with self._database.read() as session:
            found = session.execute(_TO_BE_QUEUED, {"most": limit})
            return [(run, attempt, priority) for run, attempt, priority in found]

    def queued(self, run: str, attempt: int) -> None:
        step = update(RunRow).where(RunRow.id == run, RunRow.attempt == attempt)
        with self._database.write() as session:
            session.execute(step.values(queued_attempt=attempt, heard=clock()))

    def stalled(self, seconds: float) -> list[tuple[str, int]]:
        heard = select(func.max(StageRow.heard)).where(StageRow.run_id == RunRow.id).scalar_subquery()
        last = case((func.coalesce(heard, 0.0) > RunRow.heard, heard), else_=RunRow.heard)
        query = (
            select(RunRow.id, RunRow.attempt)
            .where(RunRow.work != WorkState.OVER)
            .where((RunRow.work == WorkState.RUNNING) | (RunRow.queued_attempt == RunRow.attempt))
            .where(last < clock() - seconds)
            .order_by(RunRow.since, RunRow.id)
        )
        with self._database.read() as session:
            return [(run, attempt) for run, attempt in session.execute(query)]

    def again(self, run: str, attempt: int) -> None:
        with self._database.write() as session:
            row = lock(session, run)
            if row is not None and row.attempt == attempt and row.work is not WorkState.OVER:
                if row.state is not RunState.READY:
                    move(row, RunState.WAITING)
                _wait(session, row)

    def begin(self, run: str, attempt: int) -> Work | None:
        with self._database.write() as session:
            row = lock(session, run)
            if row is None or row.attempt != attempt or row.work is WorkState.OVER:
                return None
            row.work, row.heard, row.not_before, row.reason = WorkState.RUNNING, now(session), None, None
            if row.state is not RunState.READY:
                move(row, RunState.RUNNING)
            open_stages = (StageState.WAITING, StageState.RUNNING)
            return Work(
                run=run,
                recording=row.recording_id,
                attempt=attempt,
                files=files_of(session, [row.recording_id]).get(row.recording_id, ()),
                options=row.options,
                stages=tuple(s.stage for s in stages_of(session, run) if s.state in open_stages),
                stands=row.facts is not None,
            )

    def stage(self, run: str, attempt: int, stage: Stage) -> StageState | None:
        query = (
            select(StageRow.state)
            .join(RunRow, RunRow.id == StageRow.run_id)
            .where(RunRow.id == run, RunRow.attempt == attempt, RunRow.work != WorkState.OVER, StageRow.stage == stage)
        )
        with self._database.read() as session:
            return session.scalar(query)

    def settle(self, run: str, attempt: int, retry_in_s: float | None = None) -> RunState | None:
        with self._database.write() as session:
            row = lock(session, run)
            if row is None or row.attempt != attempt:
                return None
            if row.work is WorkState.OVER:
                return row.state
            rows = stages_of(session, run)
            if row.state is RunState.WAITING:  # it ended before it could begin
                row.work = WorkState.RUNNING
                move(row, RunState.RUNNING)
            reason = None if row.state is RunState.READY else _why_failed(rows)
            if reason is not None and retry_in_s is not None:
                for stage in rows:
                    if stage.state is StageState.FAILED:
                        stage.tries, stage.reason, stage.kind = 0, None, None
                        put_back(stage)
                move(row, RunState.WAITING)
                _wait(session, row, retry_in_s)
            else:
                move(row, RunState.FAILED if reason is not None and row.facts is None else RunState.READY)
                if reason is not None or not any(is_open(stage) for stage in rows):
                    row.work = WorkState.OVER
            row.reason = reason
            if reason is not None and row.work is WorkState.OVER:
                telling.of_run(session, row, whole=False)
            return row.state


def _known(session: Session, run: str) -> RunRow:
    row = lock(session, run)
    if row is None:
        raise BadInput("There is no such job.")
    return row


def _wait(session: Session, row: RunRow, seconds: float | None = None) -> None:
    """The run waits as its next attempt, for so long before it may begin."""
    with session.no_autoflush:  # state and work only agree again at the end
        moment = now(session)
    row.attempt += 1
    row.work = WorkState.WAITING
    row.since = row.heard = moment
    row.not_before = None if seconds is None else moment + seconds


def _to_do_again(rows: Sequence[StageRow], wanted: Sequence[Stage]) -> tuple[Stage, ...]:
    """What is done again: what was asked for, or else what failed; what reads it; what is not done yet; and of what
    these read, what failed."""
    states: Mapping[Stage, StageState] = {row.stage: row.state for row in rows}
    if unknown := [stage for stage in wanted if stage not in states]:
        raise BadInput(f"This run has no stage {unknown[0]}.")
    failed = {stage for stage, state in states.items() if state is StageState.FAILED}
    undone = {stage for stage, state in states.items() if state in (StageState.WAITING, StageState.RUNNING)}
    again = set(readers([*(wanted or failed), *undone]))
    while broken := {need for stage in again for need in NEEDS.get(stage, ())} & failed - set(SPARED) - again:
        again |= set(readers(list(broken)))
    return tuple(sorted(again & set(states), key=lambda stage: ORDER[stage]))


def _why_failed(rows: Sequence[StageRow]) -> str | None:
    """The reason why no lesson came of the run; None where one did."""
    for row in rows:
        if row.stage in LISTENING and row.stage not in SPARED and row.state is StageState.FAILED:
            return row.reason
    done = any(row.stage is Stage.MEASURES and row.state is StageState.DONE for row in rows)
    spared = [row.reason for row in rows if row.stage in SPARED and row.state is StageState.FAILED]
    return None if done else (spared[-1] if spared else "The analysis ended before the measures were made.")
