"""The process that does the work: takes stages from its queues, shows that it lives, takes over from the dead."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import models
from coaching.errors import BadInput, OutOfSpace, SecondLookError, Unreachable
from coaching.jobs import WorkerInfo
from coaching.recordings import Queue, new_id
from coaching.services import school_measures
from coaching.services.retaining import retain
from coaching.settings import Settings
from pipelines.engine import Engine
from pipelines.health import Health
from pipelines.work.hand import Hands
from pipelines.work.mailing import Mailer
from pipelines.work.making import Maker
from pipelines.work.perform import Performer

log = logging.getLogger(__name__)

BEAT_S = 1.0
"""How often a worker gives a sign of life, seconds."""

DEAD_S = 5.0
"""A worker that let go of its lock and gave no sign for so long is dead, seconds."""

STALLED_S = 60.0
"""A run of which nothing was heard for so long is looked up in the queue, seconds."""

STOP_S = 0.2
"""How often it is asked whether to stop, seconds."""

GIVING_BACK_S = 5.0
"""How long, seconds, a worker that stops waits for its stages to be given back untried."""

DISPATCH_S = 0.25
"""How often waiting runs are put into the queue, seconds."""

CLEARED_S = 600.0
"""For so long after a recording was deleted, seconds, it is made sure soon and often that nothing of it is left."""

TIDY_S = 3600.0
"""How often the queue's old history is deleted, what killed workers left, and people are told what the day brought,
seconds."""


BEGUN_S = 20.0
"""How often it is asked whether films whose time has come can go, seconds."""


def now() -> float:
    """Seconds on a clock that nobody sets and that goes on while a laptop sleeps; where there is none, the wall's."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.time()


@dataclass(frozen=True, slots=True)
class Clock:
    """How long the parts of a worker wait, seconds; tests make it faster.

    One that gave no sign for `stuck_s` is given up though it holds its lock: its machine hangs or was paused.
    """

    stuck_s: float
    dead_s: float = DEAD_S
    stalled_s: float = STALLED_S


class Worker:
    """One worker process, from `run` until `stop`."""

    def __init__(
        self,
        settings: Settings,
        queues: Sequence[Queue],
        concurrency: int,
        address: tuple[str, int] | None,
        clock: Clock,
        hands: Hands | None = None,
    ) -> None:
        self.id = new_id()
        self._clock, self._data = clock, settings.data_dir
        stores = models.open(settings)
        self._stores, self._jobs = stores, stores.jobs
        self._lifeline = models.lifeline(settings, self.id)
        self._health = Health(self._jobs, address, self._fit)
        threads = max(1, settings.threads // concurrency)
        self._performer = Performer(self._jobs, settings.data_dir, self.id, threads, self._health.ended, hands)
        self._maker = Maker(stores.handouts, stores.lessons, self._jobs, self._performer, settings.data_dir, self.id)
        smtp = settings.smtp
        self._mailer = smtp and Mailer(stores.mails, smtp, settings.public_url, self._performer)
        self._engine = Engine(self._jobs, self._performer, models.queue_url(settings), self.id, queues, concurrency)
        self._queues = tuple(map(str, queues))
        self._stopped = threading.Event()
        self._steady_since = self._last_beat = now()
        self._given_up = False

    def run(self) -> int:
        """Work until `stop`; the exit code. Raises SecondLookError where it cannot begin."""
        if why_not := self._performer.is_elsewhere():
            raise BadInput(why_not)
        if not self._lifeline.hold():
            raise Unreachable
        self._jobs.sign_on(WorkerInfo(self.id, socket.gethostname(), os.getpid(), self._queues, 0.0))
        address = self._health.serve()
        self._engine.launch()
        log.info("worker started", extra={"worker": self.id, "queues": self._queues, "address": address})
        parts = [self._live, self._dispatch, self._reap, self._tidy, self._retain]
        if Queue.CPU in self._queues:
            parts.append(self._maker.run)
            parts += [self._mailer.run] if self._mailer else []
        for part in parts:
            threading.Thread(target=part, name=part.__name__, daemon=True).start()
        while not self._stopped.is_set():  # a wait without end would not be woken by a signal that another thread got
            time.sleep(STOP_S)
        self._engine.stop()
        self._performer.stop()
        self._sign_off()
        log.info("worker stopped", extra={"worker": self.id})
        return 1 if self._given_up else 0

    def stop(self) -> None:
        self._stopped.set()

    def _sign_off(self) -> None:
        """Give everything back at once, rather than have it found missing."""
        self._maker.idle(GIVING_BACK_S)
        self._performer.idle(GIVING_BACK_S)  # the stages' own threads give theirs back untried
        try:
            self._engine.take_over(self.id)
            self._jobs.bury(self.id, untried=True)  # also what was claimed in the very moment of the stop
            self._lifeline.drop()
        except Exception as error:  # an outage
            log.warning("left to the others", extra={"worker": self.id, "kind": type(error).__name__})

    def _fit(self) -> bool:
        return now() - self._last_beat < 10 * BEAT_S and not self._stopped.is_set()

    def _live(self) -> None:
        """Signs of life. Between two may lie a laptop's night: then the others sleep too, and nobody is dead."""
        while not self._stopped.wait(BEAT_S):
            try:
                self._lifeline.hold()
                if not self._jobs.beat(self.id):
                    self._end_given_up()
            except (Unreachable, OutOfSpace):
                continue
            except Exception as error:  # whatever it is, a worker that gives no sign is taken for dead
                log.warning("sign of life", extra={"kind": type(error).__name__})
                continue
            if self._was_away():
                self._steady_since = now()
            self._last_beat = now()

    def _was_away(self) -> bool:
        """Whether signs of life were missed: an outage, a pause, or a night."""
        return now() - self._last_beat > 3 * BEAT_S

    def _end_given_up(self) -> None:
        if self._stopped.is_set():
            return  # it is burying itself
        log.error("given up by the others; start this worker again", extra={"worker": self.id})
        self._given_up = True
        self._performer.stop()
        os._exit(1)  # nothing that it still holds in memory may reach the queue any more

    def _dispatch(self) -> None:
        checked = time.monotonic()
        while not self._stopped.wait(DISPATCH_S):
            try:
                for run, attempt, priority in self._jobs.waiting():
                    self._engine.put(run, attempt, priority)
                    self._jobs.queued(run, attempt)
                if time.monotonic() - checked > self._clock.stalled_s / 2:
                    checked = time.monotonic()
                    self._restart_stalled()
                    self._clear_deleted()
            except SecondLookError:
                continue
            except Exception as error:
                log.warning("dispatch", extra={"kind": type(error).__name__})

    def _restart_stalled(self) -> None:
        for run, attempt in self._jobs.stalled(self._clock.stalled_s):
            if not self._engine.known(run, attempt):
                log.warning("run restarted", extra={"run": run})
                self._jobs.again(run, attempt)

    def _clear_deleted(self) -> None:
        if deleted := self._jobs.deleted(CLEARED_S):
            self._performer.clear(deleted)
            self._engine.forget_deleted()

    def _reap(self) -> None:
        """Take over from workers that died; but after an outage or a sleep, give the others a moment to come back."""
        while not self._stopped.wait(BEAT_S):
            if self._was_away() or now() - self._steady_since < self._clock.dead_s + 2 * BEAT_S:
                continue
            try:
                held = self._engine.held()  # first: whoever holds something signed on before
                self._engine.put_back(held.get(self.id, set()))
                workers = self._jobs.workers()
                for worker in workers:
                    if worker.id != self.id and self._is_dead(worker):
                        self._take_over(worker.id)
                for unknown in held.keys() - {self.id, *(worker.id for worker in workers)}:
                    self._take_over(unknown)
            except SecondLookError:
                continue
            except Exception as error:
                log.warning("reaper", extra={"kind": type(error).__name__})

    def _take_over(self, worker: str) -> None:
        self._engine.take_over(worker)
        count = self._jobs.bury(worker)
        self._engine.stir()
        log.warning("took over", extra={"worker": worker, "count": count})

    def _is_dead(self, worker: WorkerInfo) -> bool:
        """Whether it is, and this worker is the one that may take over."""
        if worker.idle_s < self._clock.dead_s:
            return False
        if worker.idle_s < self._clock.stuck_s and self._lifeline.held(worker.id):
            return False
        return self._jobs.give_up(worker.id, self._clock.dead_s)

    def _tidy(self) -> None:
        while not self._stopped.is_set():
            try:
                log.info("history deleted", extra={"count": self._engine.forget()})
                self._performer.tidy()
                self._stores.cycles.remind()
                school_measures.decide(self._stores.leadership, self._stores.lessons, datetime.now(UTC))
            except Exception as error:
                log.warning("tidy", extra={"kind": type(error).__name__})
            self._stopped.wait(TIDY_S)

    def _retain(self) -> None:
        """Films whose time has come wait for those of their clips, so they are looked at more often than the others."""
        looked = float("-inf")
        while not self._stopped.is_set():
            whole = now() - looked > TIDY_S
            try:
                retain(self._stores.retention, self._data, begun=not whole)
                looked = now() if whole else looked
            except Exception as error:
                log.warning("films", extra={"kind": type(error).__name__})
            self._stopped.wait(BEGUN_S)


def queues_of(text: str) -> tuple[Queue, ...]:
    """`gpu,cpu` as queues. Raises BadInput for others."""
    try:
        return tuple(dict.fromkeys(Queue(name.strip()) for name in text.split(",")))
    except ValueError:
        raise BadInput(f"{text[:40]!r} are no queues. Write gpu, cpu, or gpu,cpu.") from None
