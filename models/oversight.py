"""The work on lessons, for administrators: their school's jobs, and no lesson. A part of `coaching.jobs.Jobs`.

Every query begins with the people at the schools that the viewer administers; what a run found is not even read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, union
from sqlalchemy.orm import Session, defer

from coaching.errors import one_line
from coaching.oversight import OPEN, SILENT_S, Kind, Overseen, Overview, Signs, kind_of, without_names
from coaching.people import Person
from coaching.recordings import Queue, Run, RunState, Stage, StageState
from models.database import now
from models.rows import IS_NEWEST, IS_OPEN, IS_OVER, NOT_DONE, ORDER, files_of, statuses, to_run
from models.staff import administered
from models.tables import MembershipRow, PersonRow, RecordingRow, RunRow, SchoolRow, StageRow, WorkerRow, WorkState
from models.types import clock

FEW = 2000
"""So many lessons of theirs at most are gone through one by one."""

_unready = union(
    select(RunRow.id).where(IS_OPEN),
    select(RunRow.id).where(RunRow.state.in_((RunState.FAILED, RunState.CANCELLED))),
    select(StageRow.run_id).where(NOT_DONE, StageRow.state == StageState.FAILED),
)
"""All runs but those which are ready in each of their stages: few of all, by their indexes."""


_Stage = Row[str, Stage, StageState, str | None, float | None]


@dataclass(frozen=True, slots=True)
class _Job:
    run: str
    recording: str
    owner: str
    signs: Signs
    since_s: float


def overseen(session: Session, viewer: str, kind: Kind | None, id: str, skip: int, limit: int) -> Overview:
    owners = _owners(session, viewer)
    if not owners or (id and not (id.isalnum() and id.isascii())):
        return Overview({}, 0, ())
    named: list[ColumnElement[bool]] = [IS_NEWEST]
    if id:
        named.append(or_(RunRow.id.startswith(id.lower()), RunRow.recording_id.startswith(id.lower())))
    moment, (idle, served) = now(session), _workers(session)
    theirs, theirs_by_run = RecordingRow.owner_id.in_(owners), RecordingRow.owner_id.op("||")("").in_(owners)
    of = select(RunRow.id).join(RecordingRow, RecordingRow.id == RunRow.recording_id).where(*named)
    # What is ready is nearly all of it, and comes last: it is counted, and only what the page shows of it is read.
    jobs = _jobs(session, of.where(theirs_by_run, RunRow.id.in_(_unready)), moment)
    others = [(kind_of(job.signs, idle, served), job) for job in jobs]
    others.sort(key=lambda job: _place(*job))
    every = of if id else select(RecordingRow.id)  # which has a run, at any time
    all = session.scalar(every.with_only_columns(func.count()).where(theirs)) or 0
    counts = Counter(of for of, _ in others) + Counter({Kind.READY: all - len(others)})
    first = [job for job in others if kind in (None, job[0])]
    skip, limit = max(0, skip), max(0, limit)
    shown, left = first[skip:][:limit], limit - len(first[skip:][:limit])
    if left and kind in (None, Kind.READY):
        # Of many, those that ended last are found by their index; of few, it would be gone through to its end for them.
        ready = of.where(theirs if all <= FEW else theirs_by_run, IS_OVER, RunRow.id.not_in(_unready))
        last = ready.order_by(RunRow.heard.desc(), RunRow.id.desc()).offset(max(0, skip - len(first))).limit(left)
        shown += [(Kind.READY, job) for job in _jobs(session, last, moment)]
    runs = _runs(session, [job.run for _, job in shown])
    return Overview(
        counts,
        counts.total() if kind is None else counts[kind],
        tuple(_overseen(of, job, runs[job.run], *owners[job.owner]) for of, job in shown),
    )


def _jobs(session: Session, which: Select[str], moment: float) -> list[_Job]:
    """These jobs, in their order."""
    r = RunRow
    columns = r.id, r.recording_id, RecordingRow.owner_id, r.state, r.work, r.since, r.not_before, r.heard
    rows = session.execute(which.with_only_columns(*columns)).all()
    found, stages = [], _open_stages(session, which)
    for row in rows:
        left = sorted(stages.get(row.id, ()), key=lambda stage: ORDER[stage.stage])
        at_work = [stage for stage in left if stage.state is StageState.RUNNING]
        over = row.work is WorkState.OVER
        signs = Signs(
            state=row.state,
            over=over,
            failed=any(stage.state is StageState.FAILED for stage in left),
            next=next((stage.stage for stage in left if stage.state is not StageState.FAILED), None),
            worker=max((stage.worker for stage in at_work), default=None),
            again_in_s=(row.not_before or 0.0) - moment,
        )
        began = row.heard if over else min((stage.started for stage in at_work), default=row.since)
        found.append(_Job(row.id, row.recording_id, row.owner_id, signs, moment - began))
    return found


def _open_stages(session: Session, runs: Select[str]) -> Mapping[str, Sequence[_Stage]]:
    """The stages of these runs that are not done: of a query, since more can wait than one may name by their ids."""
    s = StageRow
    query = select(s.run_id, s.stage, s.state, s.worker, s.started).where(NOT_DONE, s.run_id.in_(runs))
    found: dict[str, list[_Stage]] = {}
    for row in session.execute(query):
        found.setdefault(row.run_id, []).append(row)
    return found


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


def _place(kind: Kind, job: _Job) -> tuple[int, float]:
    """What needs a hand first; of what is open, who waits longest; of what has ended, what ended last."""
    return list(Kind).index(kind), -job.since_s if kind in OPEN else job.since_s


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


def _overseen(kind: Kind, job: _Job, run: Run, owner: Person, schools: tuple[str, ...]) -> Overseen:
    again_in_s = max(0.0, job.signs.again_in_s)
    return Overseen(run, kind, owner, schools, max(0.0, job.since_s), again_in_s, job.signs.worker)
