"""A school whose lesson has a film, without anybody having listened to it, and workers that make files of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from databases import fresh_database
from folders import files
from lessons import lesson
from media_files import X264, run_ffmpeg
from stores import school
from workers import Faults, WorkerProcess

from coaching.clips import NewClip
from coaching.comments import Audience
from coaching.handouts import Handout, Making, Order
from coaching.jobs import WorkerInfo
from coaching.recordings import Stage
from coaching.retention import DAY_S, Policy
from models.tables import RecordingRow, RetainedFilmRow, RetentionPolicyRow

PATIENCE_S = 120.0
SECRET = "Whisperwood"
"""Stands in names, in words and in comments, and in no log."""


class Place:
    """A school whose lesson has a film, its data folder, and workers."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.data, self.url = folder / "data", fresh_database(kind)
        self.data.mkdir()
        self.cast, self._folder = school(self.url), folder
        self.faults = Faults(folder)
        self.workers: list[WorkerProcess] = []
        self.film = folder / "film.mp4"
        picture = ("-f", "lavfi", "-i", "testsrc2=size=320x180:rate=15:duration=60")
        tone = ("-f", "lavfi", "-i", "sine=frequency=440:duration=60")
        run_ffmpeg(*picture, *tone, *X264, "-g", "30", "-c:a", "aac", str(self.film))

    def bring(self, name: str) -> str:
        self.cast.jobs.sign_on(WorkerInfo("worker-1", "here", 1, ("cpu",), 0.0))  # real ones took over from it
        recording, run = self.cast.ready(f"{SECRET} {name}", lesson(name=f"{SECRET} {name}"))
        (web,) = (s.artefact for s in self.cast.jobs.one(run).run.stages if s.stage is Stage.WEB)
        (self.data / web).mkdir(parents=True)
        (self.data / web / "web.mp4").hardlink_to(self.film)
        return recording

    def clip(self, recording: str, start: float = 8.0, stop: float = 14.0, name: str = f"{SECRET} notices") -> str:
        new = NewClip(start, stop, name, audience=Audience.LESSON)
        return self.cast.lessons.clip(self.cast.owner, recording, new)

    def work(self) -> WorkerProcess:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_") and k != "DATABASE_URL"}
        ours = {"SECONDLOOK_DATA_DIR": str(self.data), "DATABASE_URL": self.url, "SECONDLOOK_THREADS": "1"}
        environment = kept | ours | self.faults.environment
        worker = WorkerProcess(len(self.workers), ("--queues", "cpu"), environment, self._folder)
        self.workers.append(worker)
        return worker

    def ask(self, recording: str, order: Order, who: str = "owner") -> Handout:
        return self.cast.handouts.ask(self.cast.cast[who], recording, order)

    def see(self, recording: str, asked: Handout, state: Making, who: str = "owner") -> Handout:
        def now() -> Handout | None:
            found = self.cast.handouts.one(self.cast.cast[who], recording, asked.id)
            assert found.state is not Making.FAILED or state is Making.FAILED, found.reason
            return found if found.state is state else None

        return self.wait(now)

    def wait(self, until):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if found := until():
                return found
            time.sleep(0.05)
        raise AssertionError("\n".join(w.text for w in self.workers))

    def let_films_go(self) -> None:
        """Every film that is not protected was warned of, and its time has come; only nobody has deleted it yet."""
        cast, retention = self.cast, self.cast.retention
        (north,) = retention.schools(cast.cast["admin"])
        retention.set(cast.cast["admin"], north.id, Policy(30))
        cast.later(RecordingRow, 40 * DAY_S, "added")
        cast.later(RetentionPolicyRow, 40 * DAY_S, "changed")
        retention.look()
        cast.later(RetainedFilmRow, 13 * DAY_S, "first")
        retention.look()
        cast.later(RetainedFilmRow, 3 * DAY_S, "first", "last")

    def files(self, recording: str) -> list[Path]:
        return [p for p in files(self.data / "recordings" / recording) if "handouts" in p.parts]

    def close(self) -> None:
        for worker in self.workers:
            if worker.alive:
                worker.kill()
        self.cast.database.close()
