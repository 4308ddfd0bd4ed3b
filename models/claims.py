"""Claims of stages, and the workers that hold them: the half of `coaching.jobs.Jobs` that workers use.

Whoever decides on a run's state locks its recording first, then the worker, then the stages, always in this order; a
report touches the one row of its claim. A claim stands while its token is in the row, and may write while its attempt
is at work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from coaching.jobs import Claim, Outcome, WorkerInfo
from coaching.lesson import Lesson
from coaching.recordings import MOST_TRIES, NEEDS, PICTURES, SPARED, RunState, Stage, StageState, is_id, new_id
from models import telling
from models.database import Database, now
from models.rows import ORDER, files_of, is_open, lock, move, put_back, stages_of
from models.tables import ErasureRow, ReceiptRow, RunRow, StageRow, WorkerRow, WorkState
from models.transcripts import save_lesson
from models.types import clock

UNHEARD_S = 30.0
"""A stage of which nothing was reported for so long may be claimed anew by the worker that holds it: the answer to its
claim was lost on the way, and it does not know its token."""

AT_ONCE = 1000
"""Values of one query: databases take no more than some tens of thousands."""

CRASHED = "This stage stopped its worker three times; the file may be damaged."


class Claims:
    _database: Database

    def claim(self, run: str, attempt: int, stage: Stage, worker: str) -> Outcome:
        with self._database.write() as session:
            row = lock(session, run)
            if row is None or row.attempt != attempt or row.work is not WorkState.RUNNING:
                return Outcome()
            moment = row.heard = now(session)
            stages = {s.stage: s for s in stages_of(session, run)}
            mine = stages.get(stage)
            if mine is None or mine.state in (StageState.DONE, StageState.FAILED):
                return Outcome()
            if not _is_signed_on(session, worker) or _is_held(session, row, stage, worker, moment):
                return Outcome(busy=True)
            if mine.tries >= MOST_TRIES:
                _end(mine, StageState.FAILED, "Crashed", CRASHED)
                _over_if_last(session, row, mine)
                return Outcome()
            if lacking := _lacking(stage, stages):
                _end(mine, StageState.FAILED, "Lacking", f"It needs the stage {lacking}, which is not done.")
                _over_if_last(session, row, mine)
                return Outcome()
            token = new_id()
            taken = update(StageRow).where(
                StageRow.run_id == run,
                StageRow.stage == stage,
                StageRow.state == mine.state,
                StageRow.token.is_not_distinct_from(mine.token),
                StageRow.tries == mine.tries,
            )
            values = {
                "state": StageState.RUNNING,
                "token": token,
                "worker": worker,
                "attempt": attempt,
                "tries": mine.tries + 1,
                "share": 0.0,
                "seconds": 0.0,
                "started": moment,
                "heard": moment,
            }
            if session.connection().execute(taken.values(**values)).rowcount != 1:
                return Outcome(busy=True)  # buried in this very moment
            before = [s for s in stages.values() if ORDER[s.stage] < ORDER[stage]]
            return Outcome(
                Claim(
                    run=run,
                    recording=row.recording_id,
                    attempt=attempt,
                    stage=stage,
                    token=token,
                    tries=mine.tries + 1,
                    files=files_of(session, [row.recording_id]).get(row.recording_id, ()),
                    options=row.options,
                    artefacts={
                        s.stage: s.artefact for s in stages.values() if s.state is StageState.DONE and s.artefact
                    },
                    failed={
                        s.stage: s.reason or "" for s in before if s.state is StageState.FAILED and s.stage in SPARED
                    },
                )
            )

    def report(self, claim: Claim, share: float) -> bool:
        at_work = select(RunRow.id).where(
            RunRow.id == claim.run, RunRow.attempt == claim.attempt, RunRow.work == WorkState.RUNNING
        )
        step = (
            update(StageRow)
            .where(
                StageRow.run_id == claim.run,
                StageRow.stage == claim.stage,
                StageRow.token == claim.token,
                StageRow.state == StageState.RUNNING,
                at_work.exists(),
            )
            .values(share=min(1.0, max(0.0, float(share))), seconds=clock() - StageRow.started, heard=clock())
        )
        with self._database.write() as session:
            return session.connection().execute(step).rowcount == 1

    def finish(self, claim: Claim, artefact: str | None, lesson: Lesson | None = None) -> bool:
        with self._database.write() as session:
            run, stage = _hold(session, claim)
            if run is None or stage is None:
                return False
            if stage.state is StageState.DONE:
                return True  # said before, and the answer was lost
            if stage.state is not StageState.RUNNING:
                return False
            _end(stage, StageState.DONE)
            stage.share, stage.artefact = 1.0, artefact
            run.heard = stage.heard = now(session)
            stage.seconds = max(0.0, stage.heard - (stage.started or stage.heard))
            if lesson is not None:
                save_lesson(session, run, lesson)
                move(run, RunState.READY)
                _show_if_newer(session, run)
                telling.of_run(session, run)
            _over_if_last(session, run, stage)
            return True

    def fail(self, claim: Claim, kind: str, reason: str, *, again: bool) -> bool:
        with self._database.write() as session:
            run, stage = _hold(session, claim)
            if run is None or stage is None or stage.state is not StageState.RUNNING:
                return stage is not None and stage.state is StageState.WAITING  # said before, or buried
            run.heard = now(session)
            if again and stage.tries < MOST_TRIES:
                put_back(stage)
                return True
            _end(stage, StageState.FAILED, kind, reason)
            _over_if_last(session, run, stage)
            return False

    def in_use(self, recording: str) -> tuple[frozenset[str], frozenset[str]]:
        query = select(StageRow.artefact, StageRow.state, StageRow.token).join(RunRow, RunRow.id == StageRow.run_id)
        with self._database.read() as session:
            rows = session.execute(query.where(RunRow.recording_id == recording)).all()
        return (
            frozenset(row.artefact for row in rows if row.artefact),
            frozenset(row.token for row in rows if row.token and row.state is StageState.RUNNING),
        )

    def deleted(self, seconds: float | None = None) -> list[str]:
        query, with_people = select(ReceiptRow.recording), select(ErasureRow.recordings)
        if seconds is not None:
            query = query.where(ReceiptRow.deleted >= clock() - seconds)
            with_people = with_people.where(ErasureRow.made >= clock() - seconds)
        with self._database.read() as session:
            found = chain(session.scalars(query), *session.scalars(with_people))
            return [recording for recording in found if is_id(recording)]  # folders are named so

    def known(self, runs: Sequence[str]) -> set[str]:
        found: set[str] = set()
        with self._database.read() as session:
            for n in range(0, len(runs), AT_ONCE):
                found |= set(session.scalars(select(RunRow.id).where(RunRow.id.in_(runs[n : n + AT_ONCE]))))
        return found

    def release(self, claim: Claim) -> None:
        with self._database.write() as session:
            stage = _stage(session, claim)
            if stage is not None and stage.state is StageState.RUNNING:
                _give_back(stage)

    def sign_on(self, worker: WorkerInfo) -> None:
        with self._database.write() as session:
            row = session.get(WorkerRow, worker.id, with_for_update=True) or WorkerRow(id=worker.id)
            row.host, row.pid, row.queues = worker.host, worker.pid, list(worker.queues)
            row.seen, row.given_up = now(session), None
            session.add(row)

    def beat(self, worker: str) -> bool:
        sign = update(WorkerRow).where(WorkerRow.id == worker, WorkerRow.given_up.is_(None)).values(seen=clock())
        with self._database.write() as session:
            return session.connection().execute(sign).rowcount == 1

    def workers(self) -> list[WorkerInfo]:
        with self._database.read() as session:
            found = session.execute(select(WorkerRow, clock() - WorkerRow.seen).order_by(WorkerRow.id))
            return [WorkerInfo(w.id, w.host, w.pid, tuple(w.queues), max(0.0, idle)) for w, idle in found]

    def give_up(self, worker: str, idle_s: float) -> bool:
        # Whoever took over and died before it buried the worker does not keep the others from it for ever.
        earlier = clock() - max(idle_s, UNHEARD_S)
        taken = (
            update(WorkerRow)
            .where(WorkerRow.id == worker, WorkerRow.seen <= clock() - idle_s)
            .where(or_(WorkerRow.given_up.is_(None), WorkerRow.given_up <= earlier))
            .values(given_up=clock())
        )
        with self._database.write() as session:
            return session.connection().execute(taken).rowcount == 1

    def bury(self, worker: str, *, untried: bool = False) -> int:
        with self._database.write() as session:
            session.execute(select(WorkerRow.id).where(WorkerRow.id == worker).with_for_update())
            held = select(StageRow).where(StageRow.worker == worker, StageRow.state == StageState.RUNNING)
            stages = session.scalars(held.order_by(StageRow.run_id, StageRow.stage).with_for_update()).all()
            for stage in stages:
                _give_back(stage) if untried else put_back(stage)
            session.execute(delete(WorkerRow).where(WorkerRow.id == worker))
            return len(stages)


def _is_signed_on(session: Session, worker: str) -> bool:
    """Whether the worker has not been given up; until the end of the transaction nobody can give it up."""
    alive = select(WorkerRow.id).where(WorkerRow.id == worker, WorkerRow.given_up.is_(None))
    return session.scalar(alive.with_for_update(read=True)) is not None


def _is_held(session: Session, run: RunRow, stage: Stage, worker: str, moment: float) -> bool:
    """Whether a worker holds this stage, or any of the recording under another run or an earlier attempt.

    What a worker holds that nobody knows any more is free.
    """
    held = session.scalars(
        select(StageRow)
        .join(RunRow, RunRow.id == StageRow.run_id)
        .join(WorkerRow, WorkerRow.id == StageRow.worker)
        .where(RunRow.recording_id == run.recording_id, StageRow.state == StageState.RUNNING)
    )
    for row in held:
        lost = row.worker == worker and moment - (row.heard or 0.0) > UNHEARD_S
        beside = row.run_id == run.id and row.attempt == run.attempt and row.stage is not stage
        if not lost and not beside:
            return True
    return False


def _stage(session: Session, claim: Claim) -> StageRow | None:
    """The row of the claim while the claim's token is in it, locked."""
    query = select(StageRow).where(
        StageRow.run_id == claim.run, StageRow.stage == claim.stage, StageRow.token == claim.token
    )
    return session.scalar(query.with_for_update())


def _hold(session: Session, claim: Claim) -> tuple[RunRow | None, StageRow | None]:
    """The run and the stage where the claim may still write. A claim that may not gives its stage back here."""
    run = lock(session, claim.run)
    stage = _stage(session, claim)
    if run is not None and run.attempt == claim.attempt and run.work is WorkState.RUNNING:
        return run, stage
    if stage is not None and stage.state is StageState.RUNNING:
        _give_back(stage)
    return None, None


def _give_back(stage: StageRow) -> None:
    stage.tries = max(0, stage.tries - 1)
    put_back(stage)


def _end(stage: StageRow, state: StageState, kind: str | None = None, reason: str | None = None) -> None:
    """The token stays, so that whoever held it may ask again what became of it."""
    stage.state, stage.worker, stage.kind, stage.reason = state, None, kind, reason


def _lacking(stage: Stage, stages: Mapping[Stage, StageRow]) -> Stage | None:
    """A stage that this one reads, is not done, and cannot be done without."""
    for need in NEEDS.get(stage, ()):
        state = stages[need].state if need in stages else StageState.WAITING
        if state is not StageState.DONE and not (need in SPARED and state is StageState.FAILED):
            return need
    return None


def _over_if_last(session: Session, run: RunRow, stage: StageRow) -> None:
    """Nobody waits for the pictures of a lesson that is ready: its attempt is over with the last of them."""
    if run.state is RunState.READY and stage.stage in PICTURES:
        session.flush()
        if stage.state is StageState.FAILED:
            telling.of_run(session, run)
        if not any(is_open(other) for other in stages_of(session, run.id)):
            run.work = WorkState.OVER


def _show_if_newer(session: Session, run: RunRow) -> None:
    """Show this run, unless a newer one with a transcript is shown."""
    shown = session.scalar(select(RunRow).where(RunRow.recording_id == run.recording_id, RunRow.shown))
    if shown is None or shown is run or shown.facts is None or shown.number < run.number:
        show(session, run)


def show(session: Session, run: RunRow) -> None:
    """Make this the one run of its recording that people see."""
    session.execute(update(RunRow).where(RunRow.recording_id == run.recording_id, RunRow.shown).values(shown=False))
    session.flush()
    run.shown = True


def newest(session: Session, recording: str) -> RunRow:
    query = select(RunRow).where(RunRow.recording_id == recording)
    return session.scalars(query.order_by(RunRow.number.desc()).limit(1)).one()


def count_open(session: Session, recording: str) -> int:
    """How many runs of the recording are still to be done."""
    query = select(func.count()).select_from(RunRow)
    return session.scalar(query.where(RunRow.recording_id == recording, RunRow.work != WorkState.OVER)) or 0
