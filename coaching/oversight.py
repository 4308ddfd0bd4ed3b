"""The work on lessons as an administrator sees it: where each stands, what is wrong, and no word of the lesson.

Whoever keeps the server running must see what is stuck and why. What a lesson is called, or what its files are, may
tell what it is about, and stays its owner's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from coaching.people import Person
from coaching.recordings import QUEUES, Queue, Run, RunState, Stage

SILENT_S = 60.0
"""A worker without a sign of life for so long does nothing: others take over long before."""


class Kind(StrEnum):
    """Where a job stands. What needs a hand comes first."""

    STUCK = "Stuck"
    FAILED = "Failed"
    AT_WORK = "At work"
    WAITING = "Waiting"
    STOPPED = "Stopped"
    READY = "Ready"


OPEN = (Kind.STUCK, Kind.AT_WORK, Kind.WAITING)
"""What can be stopped; the others can be done again, if anything of them is missing."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells where a job stands. `failed` is whether one of its stages did; `next` the first still to be done.

    `worker` is who holds the stage at work, if one is; `again_in_s` how long the run shall wait before it begins again.
    """

    state: RunState
    over: bool
    failed: bool = False
    next: Stage | None = None
    worker: str | None = None
    again_in_s: float = 0.0


def kind_of(signs: Signs, workers: Mapping[str, float], served: Collection[Queue]) -> Kind:
    """`workers` is how many seconds ago each gave a sign of life, `served` the queues that a living one works on."""
    if signs.over:
        if signs.state is RunState.CANCELLED:
            return Kind.STOPPED
        return Kind.FAILED if signs.failed or signs.state is RunState.FAILED else Kind.READY
    if signs.worker is not None:
        return Kind.AT_WORK if workers.get(signs.worker, SILENT_S) < SILENT_S else Kind.STUCK
    held_up = signs.again_in_s > 0 or (signs.next is not None and QUEUES[signs.next] not in served)
    return Kind.STUCK if held_up else Kind.WAITING


@dataclass(frozen=True, slots=True)
class Overseen:
    """A recording's newest run. `run` has no options, and its reasons name no file.

    `schools` are those of the owner that the viewer administers. `since_s` is how long ago it began to wait or to work,
    or ended; `worker` the id of whoever holds a stage of it.
    """

    run: Run
    kind: Kind
    owner: Person
    schools: tuple[str, ...]
    since_s: float
    again_in_s: float = 0.0
    worker: str | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of jobs, and how many there are of each kind; `found` is how many the page was taken from."""

    counts: Mapping[Kind, int]
    found: int
    jobs: tuple[Overseen, ...]


def why(job: Overseen) -> str:
    """In words, what is wrong or what will happen; empty where all is as it should be."""
    match job.kind:
        case Kind.FAILED:
            missing = next((s.reason for s in job.run.stages if s.reason), None)
            return job.run.reason or missing or "Something could not be done."
        case Kind.STUCK if job.worker is not None:
            return "Its worker gives no sign of life. Another one that runs takes over by itself."
        case Kind.STUCK if job.again_in_s > 0:
            return f"{job.run.reason or 'It could not go on.'} It begins again by itself in {how_long(job.again_in_s)}."
        case Kind.STUCK:
            return "No worker that runs can do this. Start one on the server: secondlook worker"
        case Kind.WAITING:
            return "Starts by itself when a worker is free."
        case Kind.STOPPED:
            return "Somebody stopped it."
        case _:
            return ""


def without_names(reason: str | None, names: Sequence[str]) -> str | None:
    """A reason in which no file is named."""
    if reason is None:
        return None
    for name in sorted(filter(None, names), key=len, reverse=True):
        reason = reason.replace(name, "the recording")
    return reason[:1].upper() + reason[1:]


def how_long(seconds: float) -> str:
    """As people say it: 12 s, 3 min, 2 h, 4 days."""
    for size, unit in ((1, "s"), (60, "min"), (3600, "h")):
        count = max(1, round(seconds / size))
        if count < {"s": 90, "min": 90, "h": 48}[unit]:
            return f"{count} {unit}"
    return f"{round(seconds / 86_400)} days"
