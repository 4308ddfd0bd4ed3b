"""One stage of one run from claim to finish: made under a name of its own, moved into place, and only then true.

What somebody else may have begun lies under another claim's name; the database says whose counts. So a worker that was
taken for dead, and wakes up, finds that its claim is gone, and takes away what it made.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from coaching import originals
from coaching.errors import OutOfSpace, Unreachable
from coaching.exports import document
from coaching.jobs import Claim, Jobs
from coaching.recordings import PICTURES, QUEUES, Run, RunState, Stage
from pipelines.work.hand import Ended, Hands, Stopped
from pipelines.work.stages import LESSON

log = logging.getLogger(__name__)

REPORT_S = 0.4
"""How often progress goes to the database and a cancel is looked for, seconds."""

BUSY_S = 0.2
"""How long to wait before asking again for a recording that somebody still holds, seconds."""

AGAIN_S = 1.0
"""How long to wait before a stage that broke down is tried again, seconds."""

PICTURE_NICE = 10
"""Pictures give way to transcripts where there are not enough processors for both."""

SILENT_S = 3600.0
"""A stage that tells of no progress for so long, seconds, is ended: it hangs. To load a model may take many minutes."""

AWAY_S = 10.0
"""How long to wait, seconds, before looking again for a data folder that is away."""

SILENT = "The program that works on this recording did nothing for an hour."

GONE = "A file of this recording is no longer in the data folder. Import it again."

ELSEWHERE = (
    "None of the recordings that the database knows lies in the data folder {}. Set SECONDLOOK_DATA_DIR to the one "
    "that imports and workers share, or mount it."
)

MISTAKE = "Second Look made a mistake of its own ({}). Try again, or report it."

T = TypeVar("T")


class Silent(Exception):
    """The hand hangs."""


class Performer:
    """Does the stages of one worker. `ended` hears (stage, seconds, kind of failure or "") of each that ended."""

    def __init__(
        self,
        jobs: Jobs,
        data: Path,
        worker: str,
        threads: int,
        ended: Callable[[Stage, float, str], None],
        hands: Hands | None = None,
    ) -> None:
        self._jobs, self._data, self._worker, self.threads = jobs, data, worker, threads
        self._ended = ended
        self.hands = hands or Hands()
        self.stopping = threading.Event()
        self._trying = 0
        self._tried = threading.Condition()

    def stop(self) -> None:
        """End every child at once; their stages are given back untried."""
        self.stopping.set()
        self.hands.close()

    def idle(self, seconds: float) -> None:
        """Wait until no try is under way, for so long at most."""
        with self._tried:
            self._tried.wait_for(lambda: self._trying == 0, seconds)

    def steadily(self, step: Callable[[], T]) -> T:
        """A step of the database, again and again while it cannot be reached. Raises Stopped where the worker stops."""
        wait = 0.2
        while True:
            try:
                return step()
            except (Unreachable, OutOfSpace) as error:
                log.warning("database", extra={"kind": type(error).__name__})
                if self.stopping.wait(wait):
                    raise Stopped from None
                wait = min(5.0, wait * 1.5)

    def is_elsewhere(self) -> str | None:
        """Why this cannot be the data folder that belongs to the database, in a sentence; None where it can."""
        known = [job for job in self.steadily(self._jobs.all) if not _has_no_files(job.run)]
        found = any((self._data / "recordings" / job.recording).is_dir() for job in known)
        return None if found or not known else ELSEWHERE.format(self._data)

    def perform(self, run: str, attempt: int, stage: Stage) -> str:
        """What became of it: `done`, `failed`, `space` where the disk is full, or `over` where the attempt is."""
        while True:
            outcome = self.steadily(lambda: self._jobs.claim(run, attempt, stage, self._worker))
            if outcome.claim:
                result = self._counted(outcome.claim)
            elif outcome.busy:
                result, wait = None, BUSY_S
            else:
                state = self.steadily(lambda: self._jobs.stage(run, attempt, stage))
                return "over" if state is None else str(state)
            if result:
                return result
            if outcome.claim:
                wait = AGAIN_S
            if self.stopping.wait(wait):
                raise Stopped

    def _counted(self, claim: Claim) -> str | None:
        with self._tried:
            self._trying += 1
        try:
            result = self._try(claim)
            if result == "over" and claim.recording in self.steadily(self._jobs.deleted):
                self.clear([claim.recording])
            return result
        finally:
            with self._tried:
                self._trying -= 1
                self._tried.notify_all()

    def _try(self, claim: Claim) -> str | None:
        """One try; None where there may be another."""
        facts = {"recording": claim.recording, "run": claim.run, "attempt": claim.attempt, "stage": str(claim.stage)}
        facts["try"] = claim.tries
        folder = self._data / "recordings" / claim.recording / "runs" / claim.run
        work, final = folder / f".{claim.stage}-{claim.token}", folder / f"{claim.stage}-{claim.token}"
        began = time.monotonic()
        gone = not all((self._data / f.path).exists() for f in claim.files)
        if gone and self.is_elsewhere():
            log.error("data folder is away", extra=facts)
            self.if_possible(lambda: self._jobs.release(claim))
            self.stopping.wait(AWAY_S)
            return None
        log.info("stage started", extra=facts)
        try:
            ended = Ended("BadRecording", GONE) if gone else self._made(claim, work, began)
            if ended.error is None:
                return self._finished(claim, work, final, began, facts)
        except Exception as error:
            if isinstance(error, Stopped) or self.stopping.is_set():
                log.info("stage stopped", extra=facts)
                self._lost()
                self.if_possible(lambda: self._jobs.release(claim))
                if self.stopping.is_set():
                    raise Stopped from None
                return "over"
            # Ours: the queue must not be blocked by it.
            ended = Ended(type(error).__name__, MISTAKE.format(type(error).__name__), again=True)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        kind = ended.error or ""
        self._ended(claim.stage, time.monotonic() - began, kind)
        log.warning("stage failed", extra={**facts, "kind": kind} | ({"detail": ended.detail} if ended.detail else {}))
        again = self.steadily(lambda: self._jobs.fail(claim, kind, ended.reason, again=ended.again))
        self._sweep(claim, folder)
        if again:
            return None
        if self.steadily(lambda: self._jobs.stage(claim.run, claim.attempt, claim.stage)) is None:
            return "over"
        return "space" if kind == OutOfSpace.__name__ else "failed"

    def _made(self, claim: Claim, work: Path, began: float) -> Ended:
        """Have a hand make the stage's files in `work`."""
        try:
            work.mkdir(parents=True, mode=0o700)
        except OSError as error:
            full = OutOfSpace() if error.errno in FULL else None
            return Ended(type(full or error).__name__, str(full or "The data folder cannot be written to."))
        last, told, moved = began, 0.0, began

        def go_on(share: float | None) -> bool:
            nonlocal last, told, moved
            now = time.monotonic()
            if share is not None and share != told:
                told, moved = share, now
            if self.stopping.is_set():
                return False
            if now - moved > SILENT_S:
                raise Silent
            if now - last < REPORT_S:
                return True
            last = now
            try:
                return self._jobs.report(claim, told)
            except (Unreachable, OutOfSpace):
                return True  # the work goes on; whether it counts is asked again at the end

        picture = claim.stage in PICTURES
        with self.hands.take("pictures" if picture else str(QUEUES[claim.stage])) as hand:
            try:
                ended = hand.do(self._task(claim, work), go_on)
            except Silent:
                ended = Ended("Silent", SILENT, again=True)
        if ended.error and self.stopping.is_set():
            raise Stopped  # its hand was ended from here
        return ended

    def _task(self, claim: Claim, work: Path) -> dict[str, Any]:
        return {
            "stage": str(claim.stage),
            "folder": str(work),
            "data": str(self._data),
            "files": [str(self._data / f.path) for f in claim.files],
            "names": [f.name for f in claim.files],
            "options": dict(claim.options),
            "artefacts": {str(s): str(self._data / path) for s, path in claim.artefacts.items()},
            "failed": {str(s): reason for s, reason in claim.failed.items()},
            "threads": self.threads,
            "nice": PICTURE_NICE if claim.stage in PICTURES else 0,
        }

    def _finished(self, claim: Claim, work: Path, final: Path, began: float, facts: dict[str, Any]) -> str:
        lesson, artefact, swept = None, None, False
        try:
            if claim.stage is Stage.MEASURES:
                lesson = document.from_json((work / LESSON).read_text(encoding="utf-8"))
            elif any(work.iterdir()):
                flush(work)
                work.rename(final)
                artefact = str(final.relative_to(self._data))
        except FileNotFoundError:
            swept = not work.exists()  # by whoever took over while this machine slept
            if not swept:
                raise
        if swept or not self.steadily(lambda: self._jobs.finish(claim, artefact, lesson)):
            log.warning("stage taken over", extra=facts)
            shutil.rmtree(final, ignore_errors=True)
            self._lost()
            self.if_possible(lambda: self._jobs.release(claim))
            return "over"
        self._ended(claim.stage, time.monotonic() - began, "")
        log.info("stage finished", extra={**facts, "seconds": round(time.monotonic() - began, 3)})
        self._sweep(claim, final.parent)
        return "done"

    def _sweep(self, claim: Claim, folder: Path) -> None:
        """Delete what other claims of this stage left."""
        self._delete(claim.recording, [*folder.glob(f".{claim.stage}-*"), *folder.glob(f"{claim.stage}-*")])

    def clear(self, recordings: Sequence[str]) -> None:
        """Remove what is left of recordings that were deleted while somebody was at work on them."""
        for recording in recordings:
            originals.remove(self._data, recording)

    def tidy(self) -> None:
        """Delete what killed workers left of stages that nobody did again, and what is left of deleted recordings."""
        self.clear(self.steadily(self._jobs.deleted))
        for runs in self._data.glob("recordings/*/runs"):
            if left := list(runs.glob("*/*-*")):
                self._delete(runs.parent.name, left)

    def _delete(self, recording: str, left: Sequence[Path]) -> None:
        """Delete of `left` where nobody is at work, and what no run of the recording shows.

        What lies there was looked at first: whoever claims a stage afterwards is not among it.
        """
        artefacts, tokens = self.steadily(lambda: self._jobs.in_use(recording))
        for found in left:
            if str(found.relative_to(self._data)) not in artefacts and found.name.partition("-")[2] not in tokens:
                shutil.rmtree(found, ignore_errors=True)

    def if_possible(self, step: Callable[[], Any]) -> None:
        """A step that others do for us if we cannot: the reaper gives back what a worker that is gone still held."""
        with suppress(Unreachable, OutOfSpace):
            step()

    def _lost(self) -> None:
        """Where others took over from this worker, nothing more may come of it: wait for its end."""
        with suppress(Unreachable, OutOfSpace):
            if not self.stopping.is_set() and not self._jobs.beat(self._worker):
                self.stopping.wait()
                raise Stopped


def _has_no_files(run: Run) -> bool:
    """Whether the lesson stands and nothing that was made of it does: its film was deleted as a school decided."""
    return run.over and run.state is RunState.READY and not any(stage.artefact for stage in run.stages)


FULL = (28, 122)
"""ENOSPC and EDQUOT."""


def flush(folder: Path) -> None:
    """Put what was written on the disk itself, before the database says that it is there."""
    for path in (*folder.iterdir(), folder):
        file = os.open(path, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)
