"""Handouts, one at a time beside the lessons: claimed, made by a hand, moved into place, and only then true.

The row says who holds one, by the claim's token, which is in the name of whatever is written under it. One of which
nobody tells anything any more is claimed by the next worker that looks.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from coaching import originals
from coaching.access import NotThere
from coaching.errors import OutOfSpace, Unreachable
from coaching.faces import faces_from_json
from coaching.handouts import UNHEARD, Errand, Handouts, Made, to_json
from coaching.jobs import Jobs
from coaching.ports import Lessons
from coaching.recordings import Stage
from coaching.services.handouts import gathered
from pipelines.work.hand import Ended, Stopped
from pipelines.work.perform import FULL, MISTAKE, REPORT_S, Performer, Silent, flush

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""How often it is asked whether somebody wants something, seconds."""

SWEEP_S = 30.0
"""How often files are removed whose time has come, or that killed workers left, seconds."""

NICE = 5
"""Somebody waits for it, but a lesson's own words come first."""

GIVEN_S = 2.0
"""How often it is asked whether clips were given, changed or taken back, seconds."""

SILENT_S = 300.0
"""One that gets no further for so long, seconds, is ended: it hangs, and others wait behind it."""

SILENT = "Making this file stood still for five minutes, so it was stopped. What you saved is safe. Try a shorter one."

FOLDER = originals.HANDOUTS


class Maker:
    """Makes handouts for one worker, from `run` until `performer` stops."""

    def __init__(self, handouts: Handouts, lessons: Lessons, jobs: Jobs, performer: Performer, data: Path, worker: str):
        self._handouts, self._lessons, self._jobs = handouts, lessons, jobs
        self._performer, self._data, self._worker = performer, data, worker
        self._idle = threading.Event()
        self._idle.set()

    def run(self) -> None:
        swept = looked = float("-inf")
        while not self._performer.stopping.wait(LOOK_S):
            try:
                over = False
                if time.monotonic() - looked > GIVEN_S:
                    looked = time.monotonic()
                    over = self._handouts.order_given()
                if over or time.monotonic() - swept > SWEEP_S:
                    swept = time.monotonic()
                    self.sweep()
                while (errand := self._handouts.claim(self._worker)) is not None:
                    self._idle.clear()
                    try:
                        self._do(errand)
                    finally:
                        self._idle.set()
                    self.sweep()
            except Stopped:
                return
            except (Unreachable, OutOfSpace):
                continue
            except Exception as error:
                log.warning("handouts", extra={"kind": type(error).__name__})

    def idle(self, seconds: float) -> None:
        """Wait until none is at work, for so long at most."""
        self._idle.wait(seconds)

    def _do(self, errand: Errand) -> None:
        facts = {"recording": errand.recording, "handout": errand.id, "what": str(errand.order.kind)}
        folder = self._data / "recordings" / errand.recording / FOLDER
        work, final = folder / f".{errand.token}", folder / errand.token
        began = time.monotonic()
        log.info("handout started", extra={**facts, "try": errand.tries})
        try:
            ended = self._made(errand, work)
            if ended.error is None:
                self._finish(errand, work, final)
                log.info("handout finished", extra={**facts, "seconds": round(time.monotonic() - began, 3)})
                return
        except (Stopped, NotThere) as error:
            stopped = isinstance(error, Stopped)
            if stopped or not self._performer.steadily(lambda: self._handouts.report(errand, 0.0)):
                log.info("handout stopped", extra=facts)
                self._let_go(errand)
                return
            # They still may, but nothing stands. Given back, it would be claimed again at once.
            ended = Ended(NotThere.__name__, UNHEARD)
        except (Unreachable, OutOfSpace):
            raise
        except Exception as error:
            full = isinstance(error, OSError) and error.errno in FULL
            reason = str(OutOfSpace()) if full else MISTAKE.format(type(error).__name__)
            ended = Ended(type(error).__name__, reason, again=not full)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        log.warning("handout failed", extra={**facts, "kind": ended.error})
        self._performer.steadily(lambda: self._handouts.fail(errand, ended.reason, again=ended.again))

    def _made(self, errand: Errand, work: Path) -> Ended:
        """Have a hand make it in `work`. Raises Stopped where it shall not be made any more."""
        task = self._task(errand, work)
        work.mkdir(parents=True, mode=0o700)
        last, told, moved = float("-inf"), 0.0, time.monotonic()

        def go_on(share: float | None) -> bool:
            nonlocal last, told, moved
            now = time.monotonic()
            if share is not None and share != told:
                told, moved = share, now
            if self._performer.stopping.is_set():
                return False
            if now - moved > SILENT_S:
                raise Silent
            if now - last < REPORT_S:
                return True
            last = now
            with suppress(Unreachable, OutOfSpace):  # the work goes on; whether it counts is asked again at the end
                return self._handouts.report(errand, told)
            return True

        with self._performer.hands.take(FOLDER) as hand:
            try:
                ended = hand.do(task, go_on)
            except Silent:
                ended = Ended(Silent.__name__, SILENT)
        if ended.error and self._performer.stopping.is_set():
            raise Stopped  # its hand was ended from here
        return ended

    def _task(self, errand: Errand, work: Path) -> dict[str, Any]:
        found = gathered(self._lessons, errand)
        facts = self._lessons.recording(errand.person, errand.recording)
        made = {s.stage: self._data / s.artefact for s in facts.run.stages if s.artefact}
        web, audio = (
            str(made[stage] / name) if stage in made and (made[stage] / name).is_file() else None
            for stage, name in ((Stage.WEB, "web.mp4"), (Stage.AUDIO, "audio.m4a"))
        )
        return {
            "make": str(errand.order.kind),
            "folder": str(work),
            "data": str(self._data),
            "out": errand.name,
            "web": web,
            "audio": audio,
            "order": to_json(errand.order),
            "found": found,
            "threads": self._performer.threads,
            "nice": NICE,
        }

    def _finish(self, errand: Errand, work: Path, final: Path) -> None:
        """Raises Stopped where it does not count any more."""
        if errand.order.kind is Made.FACES:
            found = faces_from_json(json.loads((work / errand.name).read_bytes()))
            if not self._performer.steadily(lambda: self._handouts.found(errand, found)):
                raise Stopped
            return
        for beside in work.iterdir():
            if beside.name != errand.name:
                beside.unlink()
        size = (work / errand.name).stat().st_size
        flush(work)
        work.rename(final)
        path = str((final / errand.name).relative_to(self._data))
        if not self._performer.steadily(lambda: self._handouts.finish(errand, path, size)):
            shutil.rmtree(final, ignore_errors=True)
            raise Stopped

    def _let_go(self, errand: Errand) -> None:
        """Give it back, where it is still ours; of a recording that was deleted meanwhile nothing stays."""
        with suppress(Unreachable, OutOfSpace):
            self._handouts.release(errand)
            if errand.recording in self._jobs.deleted():
                originals.remove(self._data, errand.recording)
        if self._performer.stopping.is_set():
            raise Stopped

    def sweep(self) -> None:
        """Remove what lies there and nobody has, or makes, any more. What is begun afterwards was not looked at."""
        found: Sequence[Path] = [
            *self._data.glob(f"recordings/*/{FOLDER}/*"),
            *self._data.glob(f"recordings/*/{FOLDER}/.*"),
        ]
        kept = self._performer.steadily(self._handouts.kept)
        paths, tokens = {path for _, path, _ in kept}, {token for *_, token in kept}
        for folder in found:
            here = {str(file.relative_to(self._data)) for file in folder.iterdir()} if folder.is_dir() else set()
            if not here & paths and folder.name.lstrip(".") not in tokens:
                shutil.rmtree(folder, ignore_errors=True)
