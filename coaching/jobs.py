"""What workers, and whoever operates the server, need of the outside, as a Protocol; `models/jobs.py` implements it.

The door beside those of ports.py. It knows states, never what was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from coaching.lesson import Lesson
from coaching.mailing import Post
from coaching.oversight import Kind, Overview
from coaching.ports import SourceFile
from coaching.recordings import Priority, Run, RunState, Stage, StageState


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker needs to know of a run to do its stages, and no word more."""

    run: str
    recording: str
    attempt: int
    files: tuple[SourceFile, ...]
    options: Mapping[str, Any]
    stages: tuple[Stage, ...]
    """Still to be done, in order."""
    stands: bool
    """Whether a transcript of this run stands already: nothing less may take its place."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do one stage of a run. `token` is in the name of whatever is written under it; nobody else has it.

    `artefacts` are the folders (relative to the data folder) of the stages that are done.
    """

    run: str
    recording: str
    attempt: int
    stage: Stage
    token: str
    tries: int
    files: tuple[SourceFile, ...]
    options: Mapping[str, Any]
    artefacts: Mapping[Stage, str]
    failed: Mapping[Stage, str]
    """Stages before it that failed and are spared, with their reasons."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of asking for a claim: the claim; or `busy` (somebody else holds this recording: ask again); or `over`."""

    claim: Claim | None = None
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A recording's current run for whoever operates the server. `owner` is a person’s id."""

    run: Run
    recording: str
    name: str
    owner: str
    seconds_waiting: float


@dataclass(frozen=True, slots=True)
class WorkerInfo:
    """A worker process. `idle_s` is how long ago it last gave a sign of life, by the database's clock."""

    id: str
    host: str
    pid: int
    queues: tuple[str, ...]
    idle_s: float


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to do: (queue, state) of stages, runs by state, lessons by that of the run which is shown, the
    age of the oldest on which nobody works."""

    stages: Mapping[tuple[str, str], int]
    runs: Mapping[str, int]
    lessons: Mapping[str, int]
    oldest_waiting_s: float
    failures: Mapping[tuple[str, str], int]
    """(stage, kind of failure) of runs that stand failed or with something missing now."""
    post: Post = field(default_factory=Post)


class Jobs(Protocol):
    """Runs and stages, for workers and for whoever operates the server. Every step is one transaction.

    Runs and recordings are named by their ids.
    """

    # For whoever operates the server.
    def all(self) -> list[Job]:
        """One a recording: its newest run. The oldest recording first."""
        ...

    def one(self, name: str) -> Job:
        """The job of a run's or a recording's id, or of its beginning (4 characters or more). Raises BadInput."""
        ...

    def cancel(self, run: str) -> RunState:
        """Stop a run that waits or works; the state afterwards. What is at work sees it within its next report."""
        ...

    def retry(self, run: str, stages: Sequence[Stage] = ()) -> tuple[Stage, ...]:
        """Start a run again that is not at work: what failed or was not done, or `stages` and what reads them.

        The stages that will be done; what is done already stays. Raises BadInput where there is nothing to do, or it
        is at work.
        """
        ...

    def load(self) -> Load: ...

    # For administrators, in the web.
    def overseen(self, viewer: str, kind: Kind | None = None, id: str = "", skip: int = 0, limit: int = 25) -> Overview:
        """The work on lessons of the people at schools that `viewer` administers: what needs a hand comes first.

        Of every kind or one; with `id`, those whose run's or recording's id begins so. For everybody else there is
        none (`coaching.access.may_administer`).
        """
        ...

    # For the engine.
    def waiting(self, limit: int = 100) -> list[tuple[str, int, Priority]]:
        """Runs that are in no queue yet, as (run, attempt, priority): the first that waited comes first."""
        ...

    def queued(self, run: str, attempt: int) -> None:
        """This attempt is in the queue."""
        ...

    def stalled(self, seconds: float) -> list[tuple[str, int]]:
        """Runs in the queue or at work of which nothing was heard for so long."""
        ...

    def again(self, run: str, attempt: int) -> None:
        """Put the run back to waiting as its next attempt, if it is still at this one and unfinished."""
        ...

    def begin(self, run: str, attempt: int) -> Work | None:
        """The run is at work now. None where it was cancelled or is at another attempt."""
        ...

    def settle(self, run: str, attempt: int, retry_in_s: float | None = None) -> RunState | None:
        """The transcript's stages ended: the run's last word. With `retry_in_s`, what failed waits and begins again.

        A lesson that is ready is at work until the last of its pictures has ended. None where it is at another attempt.
        """
        ...

    def stage(self, run: str, attempt: int, stage: Stage) -> StageState | None:
        """Where a stage stands; None where the run was cancelled or is at another attempt."""
        ...

    # For a stage.
    def claim(self, run: str, attempt: int, stage: Stage, worker: str) -> Outcome:
        """Take a stage. `busy` while another run or an earlier attempt still has a stage of this recording at work.

        Also busy for a worker that is not signed on (any more): nobody would ever take its work over. A worker gets a
        stage that it holds itself again where nothing was reported of it for 30 s: the first answer was lost.
        Neither a claim nor busy: the attempt has not begun or is over, or the stage is done or has failed. A stage that
        was claimed `MOST_TRIES` times fails here.
        """
        ...

    def report(self, claim: Claim, share: float) -> bool:
        """How far the stage is; False where it must stop: the run was cancelled, or somebody else took it over."""
        ...

    def finish(self, claim: Claim, artefact: str | None, lesson: Lesson | None = None) -> bool:
        """The stage is done; with `lesson`, transcript and measures stand and the run is ready. False: taken over.

        Saying it again is once. A claim that may not write any more is given back here, as by `release`.
        """
        ...

    def fail(self, claim: Claim, kind: str, reason: str, *, again: bool) -> bool:
        """The stage failed. With `again` it may be tried again while it has tries left. Whether it will be."""
        ...

    def in_use(self, recording: str) -> tuple[frozenset[str], frozenset[str]]:
        """The folders that runs of this recording point to, and the tokens of the claims that are at work on it."""
        ...

    def deleted(self, seconds: float | None = None) -> list[str]:
        """Recordings that were deleted, ever or in so many seconds: nothing of them may lie in the data folder."""
        ...

    def known(self, runs: Sequence[str]) -> set[str]:
        """Of these runs, those that there are."""
        ...

    def release(self, claim: Claim) -> None:
        """Give the stage back untried: the worker stops, or the run was cancelled. For nobody else's claim."""
        ...

    # For workers.
    def sign_on(self, worker: WorkerInfo) -> None: ...

    def beat(self, worker: str) -> bool:
        """A sign of life. False where the worker was given up: others have its work, and it must end."""
        ...

    def workers(self) -> list[WorkerInfo]: ...

    def give_up(self, worker: str, idle_s: float) -> bool:
        """Whether the caller may take over from a worker idle at least so long; of several callers, one may."""
        ...

    def bury(self, worker: str, *, untried: bool = False) -> int:
        """Give back every stage that this worker holds, and forget it. How many there were.

        `untried`: what it had begun of them counts as no try, because it was told to stop.
        """
        ...
