"""The durable queue: which worker does what, and that it is done once, whoever dies. Only this and `durable` know DBOS.

The recordings' rows are the truth for people; DBOS carries (run, attempt, stage) to some worker, and to another one
where that one is gone. A run's `lesson` workflow has its stages done one after the other, each as a workflow of its own
on the queue of those that can do it; pictures have a queue beside, so that no transcript waits for one.

DBOS takes over a dead worker's workflows only with its paid Conductor; here the reaper does (`take_over`).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence, Set
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import ParamSpec, TypeVar

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, WorkflowHandle

from coaching.errors import BadInput
from coaching.jobs import Jobs
from coaching.recordings import LISTENING, PICTURES, QUEUES, SPARED, Priority, Queue, Stage
from pipelines import durable
from pipelines.watch import Endings, Watch
from pipelines.work.hand import Stopped
from pipelines.work.perform import Performer

log = logging.getLogger(__name__)

NAME = "secondlook"
VERSION = "pipeline-1"
"""DBOS strands what waits under another version: change it only together with a migration of what is pending."""

LESSONS, BULK, PICTURE_QUEUE = "lessons", "bulk", "pictures"
"""Parents wait for their stages, so they have queues of their own; a bulk import's leave room for a person's lesson.
Whoever serves `cpu` makes the pictures too."""

PARENTS = {LESSONS: 16, BULK: 4}
"""How many lessons a worker may have in its care at once; each is a thread that waits."""

PRIORITIES = {Priority.SOON: 10, Priority.BULK: 20}
"""The least comes first."""

SPACE_AGAIN_S = 30.0
"""How long a lesson waits, seconds, after the disk was full."""

WAIT_S, LONG_WAIT_S = 0.5, 3.0
"""How often a parent looks for a stage that another worker does, seconds: more and more seldom, for twenty of them may
wait for hours."""

UNHEARD_S = 10.0
"""What is at work in this worker's name for so long, seconds, though it is not at it, is put back."""

KEEP_DAYS = 7
"""How long the queue's own history is kept. It holds ids and states, and nothing of a lesson."""


P = ParamSpec("P")
R = TypeVar("R")


def _unless_stopped(work: Callable[P, R]) -> Callable[P, R]:
    """Where the worker stops in the middle of `work`, DBOS must not hear of it: then somebody else does it again."""

    @wraps(work)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return work(*args, **kwargs)
        except Stopped:
            while True:  # this process is about to end
                time.sleep(60)

    return wrapper


class Engine:
    """This process's part in the queue. One a process: DBOS is."""

    def __init__(
        self, jobs: Jobs, performer: Performer, database: str, worker: str, queues: Sequence[Queue], concurrency: int
    ) -> None:
        global _engine
        self.jobs, self.performer, self.worker = jobs, performer, worker
        self._database = database
        self._concurrency = {
            **PARENTS,
            PICTURE_QUEUE: concurrency,
            **{str(queue): concurrency for queue in Queue},
        }
        self.listening = [*PARENTS, *map(str, queues), *([PICTURE_QUEUE] if Queue.CPU in queues else [])]
        self._watch = Watch(self.listening)
        self._places = {queue: threading.Semaphore(count) for queue, count in self._concurrency.items()}
        self._done = Endings()
        self._idle: dict[str, float] = {}
        _engine = self

    def launch(self) -> None:
        """Take part: from here on this worker is given work. Raises BadInput where the queue has no place to be."""
        config: DBOSConfig = {
            "name": NAME,
            "system_database_url": self._database,
            "application_version": VERSION,
            "executor_id": self.worker,
            "log_level": "WARNING",
            "enable_otlp": False,
            "use_listen_notify": False,
        }
        DBOS(config=config)
        DBOS.listen_queues(self.listening)
        try:
            DBOS.launch()
        except Exception as error:
            place = "jobs.sqlite in the data folder" if self._database.startswith("sqlite") else "the schema `dbos`"
            raise BadInput(
                f"The queue cannot make or read its own tables, in {place} ({type(error).__name__}). Give the user "
                "of the database the right to make them, or move what is there away: what waits is put in again."
            ) from None
        durable.adapt_queues(self._concurrency, self._watch)
        self._watch.start(durable.looker(self.listening))

    def stir(self) -> None:
        """Something happened, so more may follow."""
        self._watch.stir()

    def put(self, run: str, attempt: int, priority: Priority) -> None:
        """Put a run's attempt into the queue; a second time is as once."""
        queue = BULK if priority is Priority.BULK else LESSONS
        with SetWorkflowID(f"{run}-{attempt}"), SetEnqueueOptions(priority=PRIORITIES[priority]):
            DBOS.enqueue_workflow(queue, lesson, run, attempt, str(priority))
        self._watch.ring(queue)

    def stop(self) -> None:
        """Take nothing more out of the queues."""
        self._watch.stop()

    def held(self) -> dict[str, set[str]]:
        """What is at work in the queue, by the worker in whose name."""
        return durable.held()

    def put_back(self, mine: Set[str]) -> None:
        """Of what is in this worker's name, have that done again which it is not at.

        Where the database went away in the very moment in which something was taken out of the queue, or had ended,
        one side never heard what the other did.
        """
        now = time.monotonic()
        self._idle = {workflow: self._idle.get(workflow, now) for workflow in mine - durable.at_work_here()}
        for workflow in [workflow for workflow, since in self._idle.items() if now - since > UNHEARD_S]:
            log.warning("put back", extra={"run": workflow.partition("-")[0]})
            durable.put_back(workflow, self.worker)
            del self._idle[workflow]

    def take_over(self, worker: str) -> None:
        """Have the workflows of a worker that is gone done by others."""
        for workflow in durable.held().get(worker, ()):
            durable.put_back(workflow, worker)

    def known(self, run: str, attempt: int) -> bool:
        """Whether the queue still has this attempt, or a stage of it, before it."""
        found = DBOS.list_workflows(
            workflow_id_prefix=f"{run}-{attempt}",
            status=["ENQUEUED", "PENDING", "DELAYED"],
            limit=1,
            load_input=False,
            load_output=False,
        )
        return bool(found)

    def forget(self, days: float = KEEP_DAYS) -> int:
        """Delete the history of workflows that ended so many days ago; how many."""
        before = (datetime.now(UTC) - timedelta(days=days)).isoformat()
        ended = DBOS.list_workflows(
            status=[*durable.ENDED], completed_before=before, load_input=False, load_output=False
        )
        DBOS.delete_workflows([w.workflow_id for w in ended])
        return len(ended) + self.forget_deleted()

    def forget_deleted(self) -> int:
        """Delete the history of workflows of runs that there are no more; how many."""
        ended = DBOS.list_workflows(status=[*durable.ENDED], load_input=False, load_output=False)
        runs = {w.workflow_id: w.workflow_id.partition("-")[0] for w in ended}
        known = self.performer.steadily(lambda: self.jobs.known(sorted(set(runs.values()))))
        gone = [workflow for workflow, run in runs.items() if run not in known]
        DBOS.delete_workflows(gone)
        return len(gone)

    def have_done(self, run: str, attempt: int, stage: Stage, priority: Priority) -> WorkflowHandle[str]:
        """Put a stage into the queue of those that can do it."""
        key, queue = f"{run}-{attempt}-{stage}", _queue(stage)
        if stage in LISTENING:
            self._done.expect(key)
        with SetWorkflowID(key), SetEnqueueOptions(priority=rank(stage, priority)):
            handle = DBOS.enqueue_workflow(queue, stage_of_a_lesson, run, attempt, str(stage))
        self._watch.ring(queue)
        return handle

    @_unless_stopped
    def wait(self, handle: WorkflowHandle[str], run: str, attempt: int, stage: Stage) -> str:
        """The stage's result; `over` where the attempt is.

        Whoever takes this lesson over goes the same way: what is done stays done for the attempt. So DBOS, which is
        slower to hear of it, is only asked why a stage failed: our rows do not tell.
        """
        key, wait = f"{run}-{attempt}-{stage}", WAIT_S
        try:
            while True:
                heard = self._done.heard(key, wait)
                wait = min(LONG_WAIT_S, 1.1 * wait)
                if heard == "done":
                    return heard
                if self.performer.stopping.is_set():
                    raise Stopped
                state = self.performer.steadily(lambda: self.jobs.stage(run, attempt, stage))
                if state is None or state == "done":
                    return state or "over"
                if heard or state == "failed" or durable.has_ended(key):
                    return handle.get_result(polling_interval_sec=0.02)
        finally:
            self._done.forget(key)

    @_unless_stopped
    def do(self, run: str, attempt: int, stage: Stage) -> str:
        """Do a stage here and now."""
        place = self._places[_queue(stage)]
        while not place.acquire(timeout=WAIT_S):  # DBOS counts what it took only once it has begun, so it may take more
            if self.performer.stopping.is_set():
                raise Stopped
        self.stir()
        try:
            result = self.performer.perform(run, attempt, stage)
        except Stopped:
            raise
        except Exception as error:  # a mistake of ours: whoever waits for this stage must hear of its end all the same
            log.error("stage broke", extra={"run": run, "stage": str(stage), "kind": type(error).__name__})
            result = "failed"
        finally:
            place.release()
            self._watch.ring(_queue(stage))  # there is room again
        self._done.ring(f"{run}-{attempt}-{stage}", result)
        return result

    @_unless_stopped
    def begin(self, run: str, attempt: int) -> tuple[list[str], bool] | None:
        work = self.performer.steadily(lambda: self.jobs.begin(run, attempt))
        return None if work is None else ([str(stage) for stage in work.stages], work.stands)

    @_unless_stopped
    def settle(self, run: str, attempt: int, retry_in_s: float | None) -> None:
        self.performer.steadily(lambda: self.jobs.settle(run, attempt, retry_in_s))


def rank(stage: Stage, priority: Priority) -> int:
    """A stage's place in its queue: of lessons that are as urgent, what was begun is brought to its end first.

    Else thirty lessons would all wait for the last of them to be listened to before the first was ready.
    """
    return PRIORITIES[priority] - (LISTENING.index(stage) if stage in LISTENING else 0)


def _queue(stage: Stage) -> str:
    return PICTURE_QUEUE if stage in PICTURES else str(QUEUES[stage])


_engine: Engine


@DBOS.workflow(name="lesson", max_recovery_attempts=None)
def lesson(run: str, attempt: int, priority: str) -> None:
    """One attempt at a run: its stages in a row, and its pictures, for which nobody waits.

    What it does to our rows comes to the same when it is done twice, so DBOS keeps only the steps it steers by.
    """
    engine, waits = _engine, Priority(priority)
    todo = DBOS.run_step({"name": "begin"}, engine.begin, run, attempt)
    if todo is None:
        return
    stages, spared = [Stage(s) for s in todo[0]], () if todo[1] else SPARED
    late = [Stage.PEAKS] if Stage.SOUND in stages else []
    pictures = [s for s in stages if s in PICTURES and s not in late]
    retry = None
    for stage in (s for s in stages if s in LISTENING):
        handle = engine.have_done(run, attempt, stage, waits)
        _have_drawn(run, attempt, pictures, waits)  # when somebody is at the sound already
        result = engine.wait(handle, run, attempt, stage)
        if result == "over":
            return
        pictures = [p for p in late if p in stages] if result == "done" and stage is Stage.SOUND else []
        if result == "space" or (result == "failed" and stage not in spared):
            retry = SPACE_AGAIN_S if result == "space" else None
            break
    _have_drawn(run, attempt, pictures, waits)
    engine.settle(run, attempt, retry)


def _have_drawn(run: str, attempt: int, pictures: Sequence[Stage], priority: Priority) -> None:
    for picture in pictures:
        _engine.have_done(run, attempt, picture, priority)


@DBOS.workflow(name="stage", max_recovery_attempts=None)
def stage_of_a_lesson(run: str, attempt: int, stage: str) -> str:
    """One stage, done by this worker."""
    return _engine.do(run, attempt, Stage(stage))
