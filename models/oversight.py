"""The work on lessons, for administrators: their school's jobs, and no lesson. A part of `coaching.jobs.Jobs`.

Every query begins with the people at the schools that the viewer administers; what a run found is not even read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select
from sqlalchemy.orm import Session, defer

from coaching.errors import one_line
from coaching.oversight import OPEN, SILENT_S, Kind, Overseen, Overview, Signs, kind_of, without_names
from coaching.people import Person
from coaching.recordings import Queue, Run, RunState, Stage, StageState
from models.rows import IS_NEWEST, NOT_DONE, ORDER, files_of, statuses, to_run
from models.staff import administered
from models.tables import MembershipRow, PersonRow, RecordingRow, RunRow, SchoolRow, StageRow, WorkerRow, WorkState
from models.types import clock

_at_work = StageRow.state == StageState.RUNNING
_stages = (
    select(
        func.max(StageRow.run_id).label("run_id"),
        func.max(case((StageRow.state == StageState.FAILED, 1), else_=0)).label("failed"),
        func.min(case(*((StageRow.stage == stage, n) for stage, n in ORDER.items())))
        .filter(StageRow.state != StageState.FAILED)
        .label("next"),
        func.max(StageRow.worker).filter(_at_work).label("worker"),
        func.min(StageRow.started).filter(_at_work).label("started"),
    )
    .where(NOT_DONE)
    .group_by(StageRow.run_id.op("||")(""))  # or SQLite goes through all stages in the order of the runs
    .subquery()
)
"""What the stages that are not done tell of a run."""

_began = case((RunRow.work == WorkState.OVER, RunRow.heard), else_=func.coalesce(_stages.c.started, RunRow.since))
_jobs = (
    select(
        RunRow.id,
        RunRow.recording_id,
        RecordingRow.owner_id,
        RunRow.state,
        RunRow.work,
        (clock() - _began).label("since_s"),
        (func.coalesce(RunRow.not_before, 0.0) - clock()).label("again_in_s"),
        _stages.c.failed,
        _stages.c.next,
        _stages.c.worker,
    )
    .join(RecordingRow, RecordingRow.id == RunRow.recording_id)
    .outerjoin(_stages, _stages.c.run_id == RunRow.id)
    .where(IS_NEWEST)
)

_failed = select(StageRow.run_id).where(StageRow.run_id == RunRow.id, StageRow.state == StageState.FAILED).exists()
_is_ready = and_(RunRow.work == WorkState.OVER, RunRow.state.op("||")("") == RunState.READY, ~_failed)
"""`coaching.oversight.kind_of` as SQL, for its last kind. With no index on the state, which nearly all have in common:
what is looked at are the lessons of a school."""


def overseen(session: Session, viewer: str, kind: Kind | None, id: str, skip: int, limit: int) -> Overview:
    owners = _owners(session, viewer)
    if not owners or (id and not (id.isalnum() and id.isascii())):
        return Overview({}, 0, ())
    wanted: list[ColumnElement[bool]] = [RecordingRow.owner_id.in_(owners)]
    if id:
        wanted.append(or_(RunRow.id.startswith(id.lower()), RunRow.recording_id.startswith(id.lower())))
    idle, served = _workers(session)
    # What is ready is nearly all of it, and comes last: it is counted, and only what the page shows of it is read.
    newest = select(RunRow.id).join(RecordingRow, RecordingRow.id == RunRow.recording_id)
    newest = newest.where(*wanted, IS_NEWEST, _is_ready)
    ready = session.scalar(select(func.count()).select_from(newest.subquery())) or 0
    others = [(kind_of(_signs(row), idle, served), row) for row in session.execute(_jobs.where(*wanted, ~_is_ready))]
    others.sort(key=lambda job: _place(*job))
    counts = Counter(of for of, _ in others) + Counter({Kind.READY: ready})
    first = [job for job in others if kind in (None, job[0])]
    skip, limit = max(0, skip), max(0, limit)
    shown, left = first[skip:][:limit], limit - len(first[skip:][:limit])
    if left and kind in (None, Kind.READY):
        page = newest.order_by(RunRow.heard.desc(), RunRow.id).offset(max(0, skip - len(first))).limit(left)
        ids = session.scalars(page).all()
        rows = {row.id: row for row in session.execute(_jobs.where(RunRow.id.in_(ids)))}
        shown += [(Kind.READY, rows[id]) for id in ids]
    runs = _runs(session, [row.id for _, row in shown])
    jobs = tuple(_overseen(of, row, runs[row.id], *owners[row.owner_id]) for of, row in shown)
    return Overview(counts, counts.total() if kind is None else counts[kind], jobs)


def _owners(session: Session, viewer: str) -> Mapping[str, tuple[Person, tuple[str, ...]]]:
    """The people at the schools that the viewer administers, and at which of these they are."""
    here = [school.id for school in administered(session, viewer)]
    people = (
        select(PersonRow.id, PersonRow.name, PersonRow.email, SchoolRow.name.label("school"))
        .join(MembershipRow, MembershipRow.person_id == PersonRow.id)
        .join(SchoolRow, SchoolRow.id == MembershipRow.school_id)
        .where(SchoolRow.id.in_(here))
        .order_by(SchoolRow.name)
        .distinct()
    )
    found: dict[str, tuple[Person, tuple[str, ...]]] = {}
    for id, name, email, school in session.execute(people):
        person, schools = found.get(id, (Person(id, email, name), ()))
        found[id] = (person, (*schools, school))
    return found


def _workers(session: Session) -> tuple[Mapping[str, float], frozenset[Queue]]:
    """How many seconds ago each worker gave a sign of life, and the queues that one which lives works on."""
    found = session.execute(select(WorkerRow.id, WorkerRow.queues, clock() - WorkerRow.seen)).all()
    served = {Queue(queue) for _, queues, idle in found if idle < SILENT_S for queue in queues}
    return {id: idle for id, _, idle in found}, frozenset(served)


def _signs(row: Row[Any]) -> Signs:
    return Signs(
        state=row.state,
        over=row.work is WorkState.OVER,
        failed=bool(row.failed),
        next=None if row.next is None else list(Stage)[row.next],
        worker=row.worker,
        again_in_s=row.again_in_s,
    )


def _place(kind: Kind, row: Row[Any]) -> tuple[int, float]:
    """What needs a hand first; of what is open, who waits longest; of what has ended, what ended last."""
    return list(Kind).index(kind), -row.since_s if kind in OPEN else row.since_s


def _runs(session: Session, ids: Sequence[str]) -> Mapping[str, Run]:
    """The runs without their options, in which there may be names, and without any file's name in what went wrong."""
    found = {}
    stages = statuses(session, RunRow.id.in_(ids))
    rows = session.scalars(select(RunRow).where(RunRow.id.in_(ids)).options(defer(RunRow.facts, raiseload=True))).all()
    files = files_of(session, [row.recording_id for row in rows])
    for row in rows:
        names = [one_line(n) for f in files.get(row.recording_id, ()) for n in (f.name, PurePath(f.path).name)]
        told = [replace(s, reason=without_names(s.reason, names)) for s in stages.get(row.id, [])]
        found[row.id] = replace(to_run(row, told), options={}, reason=without_names(row.reason, names))
    return found


def _overseen(kind: Kind, row: Row[Any], run: Run, owner: Person, schools: tuple[str, ...]) -> Overseen:
    return Overseen(run, kind, owner, schools, max(0.0, row.since_s), max(0.0, row.again_in_s), row.worker)
