"""Real worker processes on a data folder of their own, what they log, and what they leave."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import psutil
import sqlalchemy
from databases import folder, fresh_database
from folders import files
from media_files import X264
from workers import Event, Faults, WorkerProcess, lives

import models
from coaching.errors import SecondLookError
from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import Priority, RunState, Stage, StageState, new_id
from coaching.settings import Settings
from pipelines import cli
from pipelines.commands.jobs import as_json
from pipelines.media import ffmpeg_path

ROOT = Path(__file__).resolve().parents[1]
TEACHER = "anna@hill.org"
ENDS = ("stage finished", "stage stopped", "stage failed", "stage taken over")
PATIENCE_S = 300.0
"""How long a test waits for what must come, seconds: machines are shared, and this is no measurement."""

T = TypeVar("T")


class Fleet:
    """Workers, their data folder and their database."""

    def __init__(self, kind: str, data: Path | None = None, url: str = "", **environment: str) -> None:
        self.kind = kind
        self._scratch = tempfile.TemporaryDirectory(prefix="secondlook-fleet-")
        self.folder = Path(self._scratch.name)
        self.data = data or self.folder / "data"
        self.data.mkdir(exist_ok=True)
        shared = Path(os.environ["SECONDLOOK_DATA_DIR"]) / "models"
        shared.mkdir(parents=True, exist_ok=True)
        if not (self.data / "models").exists():
            (self.data / "models").symlink_to(shared)  # so that no fleet unpacks them again
        self.url = url or fresh_database(kind, file=self.data / "secondlook.sqlite")
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_") and k != "DATABASE_URL"}
        ours = {"SECONDLOOK_DATA_DIR": str(self.data), "DATABASE_URL": self.url, "SECONDLOOK_THREADS": "2"}
        self.faults = Faults(self.folder)
        self.environment = kept | ours | environment
        self.settings = Settings(data_dir=self.data, database_url=self.url)
        self.stores = models.open(self.settings)
        self.owner = self.stores.people.add(TEACHER, Membership.TEACHER, "Hill").id
        self.workers: list[WorkerProcess] = []
        self._brought = 0

    # Workers.
    def launch(self, *arguments: str) -> WorkerProcess:
        """A worker that is not yet at work."""
        worker = WorkerProcess(len(self.workers), arguments, self.environment | self.faults.environment, self.folder)
        self.workers.append(worker)
        return worker

    def start(self, *arguments: str) -> WorkerProcess:
        """A worker that is at work."""
        worker = self.launch(*arguments)
        self.started(worker)
        return worker

    def started(self, worker: WorkerProcess) -> None:
        self.wait(lambda: self.find("worker started", worker=worker.number) or not worker.alive, "the worker's start")
        assert worker.alive, worker.text

    def close(self) -> None:
        for process in [w.process for w in self.workers if w.alive]:
            process.kill()
            process.wait()
        left = self.processes()
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, timeout=10)
        self._scratch.cleanup()

    def processes(self, name: str = "") -> list[psutil.Process]:
        """Every process that was started for this data folder, however deep, with `name` in its name."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                ours = process.environ().get("SECONDLOOK_DATA_DIR") == str(self.data)
                if ours and name in process.name() and lives(process):
                    found.append(process)
        return found

    def orphans(self) -> list[psutil.Process]:
        """Those that belong to no living worker."""
        kept = {w.process.pid for w in self.workers if w.alive}
        for pid in tuple(kept):
            with suppress(psutil.NoSuchProcess):
                kept |= {p.pid for p in psutil.Process(pid).children(recursive=True)}
        return [p for p in self.processes() if p.pid not in kept]

    # Lessons.
    def bring(self, film: Path, name: str = "fractions", *options: str) -> str:
        """Import the film as a recording of its own; its id."""
        self._brought += 1
        file = self.folder / f"bring-{self._brought}" / f"{name} {self._brought}{film.suffix}"
        file.parent.mkdir()
        # Another content each time, for the same content is kept once: a box, or bytes, that players skip.
        file.write_bytes(film.read_bytes() + struct.pack(">I4sQ", 16, b"free", self._brought))
        brought = json.loads(self.run("import", str(file.parent), "--teacher", TEACHER, "--json", *options))
        assert brought["outcome"] == "imported", brought
        return str(brought["recording"])

    def add(self, film: Path, priority: Priority) -> str:
        """A recording as the web will bring it: there at once, with a priority."""
        recording, self._brought = new_id(), self._brought + 1
        file = self.data / "recordings" / recording / "original" / "1" / "lesson.mp4"
        file.parent.mkdir(parents=True)
        file.write_bytes(film.read_bytes())
        source = SourceFile(
            "lesson.mp4", str(file.relative_to(self.data)), file.stat().st_size, f"{self._brought:064x}"
        )
        self.stores.lessons.add(NewRecording(recording, self.owner, "lesson", (source,), priority))
        return recording

    def run(self, *arguments: str, code: int = 0) -> str:
        """A command of ours; what it printed, errors after results."""
        returned, out, err = command(arguments, self.environment)
        assert returned == code, (arguments, returned, out, err)
        assert "Traceback" not in err
        return out + err

    def not_served(self, *arguments: str) -> str:
        """What `serve` says where it cannot."""
        command = [sys.executable, "-m", "pipelines", "serve", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=self.environment, check=False)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr

    def listed(self) -> dict[str, dict[str, Any]]:
        """`jobs list --json` by recording."""
        return {job["recording"]: job for job in json.loads(self.run("jobs", "list", "--json"))}

    def job(self, recording: str) -> dict[str, Any]:
        """The same, without the price of a process: for asking often."""
        return as_json(self.stores.jobs.one(recording))

    def stages(self, recording: str) -> dict[str, StageState]:
        return {str(s.stage): s.state for s in self.stores.jobs.one(recording).run.stages}

    # Waiting.
    def wait(self, until: Callable[[], T], what: str, seconds: float = PATIENCE_S, every: float = 0.05) -> T:
        """Until it is true; then its value."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = until()
            if found:
                return found
            time.sleep(every)
        raise AssertionError(f"{what} did not come in {seconds:.0f} s\n{self.told()}")

    def ended(self, *recordings: str, state: RunState = RunState.READY) -> None:
        """Wait until every stage has ended and the run is in this state."""

        def all_ended() -> bool:
            with suppress(SecondLookError):
                over = (StageState.DONE, StageState.FAILED)
                return all(
                    run.state is state
                    and (state is not RunState.READY or (run.over and all(s.state in over for s in run.stages)))
                    for run in (self.stores.jobs.one(r).run for r in recordings)
                )
            return False

        self.wait(all_ended, f"the end of {len(recordings)} lessons", every=0.2)

    def told(self) -> str:
        """Everything that may explain a failure."""
        states = []
        with suppress(SecondLookError):
            states = [
                f"{job.recording} {job.run.state} {job.run.reason} attempt {job.run.attempt}: "
                + ", ".join(f"{s.stage} {s.state} {s.tries}" for s in job.run.stages)
                for job in self.stores.jobs.all()
            ]
        logs = [
            f"-- worker {w.number} ({'alive' if w.alive else w.process.poll()})\n{w.text[-6000:]}" for w in self.workers
        ]
        return "\n".join([*states, *logs])

    # Logs.
    def events(self) -> list[Event]:
        return sorted((e for w in self.workers for e in w.events()), key=lambda e: e.at)

    def find(self, event: str, **fields: Any) -> list[Event]:
        """Every line with this event and these fields; `worker` is the fleet's number."""
        number = fields.pop("worker", None)
        return [
            e
            for w in self.workers
            if number in (None, w.number)
            for e in w.events()
            if e.event == event and all(e.fields.get(k) == v for k, v in fields.items())
        ]

    def see(self, event: str, known: int = 0, **fields: Any) -> Event:
        """Wait for the next such line after the `known` first; it, at once."""
        found = self.wait(lambda: self.find(event, **fields)[known:], f"{event!r} {fields}", every=0.01)
        return min(found, key=lambda e: e.at)

    def intervals(self, **fields: Any) -> list[tuple[float, float, Event]]:
        """When stages were at work; one that has no end in its worker's log ended with that worker."""
        found = []
        for worker in self.workers:
            events = worker.events()
            for n, event in enumerate(events):
                if event.event != "stage started" or any(event.fields.get(k) != v for k, v in fields.items()):
                    continue
                same = (
                    e.at
                    for e in events[n:]
                    if e.event in ENDS and (e.run, e.stage, e.attempt) == (event.run, event.stage, event.attempt)
                )
                found.append((event.at, next(same, events[-1].at), event))
        return found

    def most_at_once(self, **fields: Any) -> int:
        spans = self.intervals(**fields)
        return max((sum(a <= start < b for a, b, _ in spans) for start, _, _ in spans), default=0)

    # What must hold at the end.
    def check_once(self, recording: str, stages: Sequence[Stage] = tuple(Stage), again: Sequence[str] = ()) -> None:
        """Each stage was finished once (and once more for each time it is in `again`), whoever died.

        A worker that is killed between its last word to the database and its log does not tell that it finished.
        """
        started = Counter(e.stage for e in self.find("stage started", recording=recording))
        finished = Counter(e.stage for e in self.find("stage finished", recording=recording))
        for stage in map(str, stages):
            times = 1 + Counter(again)[stage]
            untold = finished[stage] == times - 1 and started[stage] == times
            assert finished[stage] == times or untold, f"{stage}: finished {finished[stage]} times\n{self.told()}"

    def check_clean(self, *recordings: str) -> None:
        """No file lies there that no stage's row points to, no process without a worker, nothing left in the queue."""
        for recording in recordings:
            run = self.stores.jobs.one(recording).run
            folder = self.data / "recordings" / recording / "runs" / run.id
            made = {s.artefact for s in run.stages if s.artefact}

            def lie(folder: Path = folder) -> set[str]:
                return {str(p.relative_to(self.data)) for p in folder.iterdir()}

            # A worker sweeps after it has said that the stage is done.
            self.wait(lambda lie=lie, made=made: lie() == made, f"the order in which only {made} lie there")
            beside = {p.name for p in folder.parent.parent.iterdir()}
            assert beside == {"original", "runs"}
            strange = [p for p in files(folder) if p.name.startswith(".") or p.suffix in (".part", ".tmp")]
            assert not strange
        self.wait(lambda: not self.orphans(), "the end of every orphan")
        self.wait(lambda: not self.left_in_queue(recordings), "the end of every workflow")

    def left_in_queue(self, recordings: Sequence[str]) -> list[str]:
        """Workflows of these recordings that have not ended."""
        runs = [self.stores.jobs.one(r).run.id for r in recordings]
        url = models.queue_url(self.settings)
        table = "workflow_status" if self.kind == "sqlite" else "dbos.workflow_status"
        query = f"SELECT workflow_uuid FROM {table} WHERE status IN ('PENDING', 'ENQUEUED', 'DELAYED')"  # noqa: S608
        engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            found = [row[0] for row in connection.execute(sqlalchemy.text(query))]
        engine.dispose()
        return [name for name in found if name.split("-")[0] in runs]

    def check_logs(self, *recordings: str) -> None:
        """Only JSON, no stack trace, and never a name of a file or what was said."""
        text = "".join(w.text for w in self.workers)
        assert "Traceback" not in text
        assert not any(w._out.read_bytes() for w in self.workers)
        self.events()
        for recording in recordings:
            facts = self.stores.lessons.recording(self.owner, recording)
            assert facts.name not in text
            lesson = self.stores.lessons.machine(self.owner, facts.run.id)
            said = [u.text for u in lesson.transcript.utterances if len(u.text) > 8]
            assert said
            assert not [s for s in said if s in text or json.dumps(s)[1:-1] in text]


def command(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """The exit code of a command of ours, what it printed, and what went to its errors.

    In this process: most of what one of its own costs is its start (test_jobs starts real ones).
    """
    out, err, mask = io.StringIO(), io.StringIO(), os.umask(0o077)
    wide = {"COLUMNS": "80"}  # not as wide as the terminal of whoever tests
    try:
        with patch.dict(os.environ, {**environment, **wide}, clear=True), redirect_stdout(out), redirect_stderr(err):
            code = cli.main(arguments)
    finally:
        os.umask(mask)
    return code, out.getvalue(), err.getvalue()


@contextmanager
def fleet(kind: str, data: Path | None = None, url: str = "", **environment: str) -> Iterator[Fleet]:
    made = Fleet(kind, data, url, **environment)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def analysed(seconds: int = 16) -> Iterator[tuple[Fleet, str]]:
    """A fleet of its own with a lesson that a worker has analysed: once for all who ask for it."""
    with tempfile.TemporaryDirectory(prefix="secondlook-analysed-") as place:
        kept, recording = _analysed(seconds)
        data = shutil.copytree(kept, Path(place) / "data", symlinks=True)
        with fleet("sqlite", data, f"sqlite:///{data / 'secondlook.sqlite'}") as made:
            yield made, recording


@cache
def _analysed(seconds: int) -> tuple[Path, str]:
    with fleet("sqlite") as made:
        worker = made.start()
        recording = made.bring(cut_lesson(made.folder, seconds=seconds))
        made.ended(recording)
        worker.signal(signal.SIGINT)
        worker.process.wait()
        return shutil.copytree(made.data, folder() / f"analysed-{seconds}", symlinks=True), recording


def cut_lesson(folder: Path, *, seconds: int = 16, slow_pictures: bool = False) -> Path:
    """A short part of the sample lesson, its picture small: in a large one the poster's faces are looked for for long.
    With `slow_pictures`, its film is one that browsers do not play."""
    film = folder / ("slow.mkv" if slow_pictures else "short.mp4")
    lesson = ["-ss", "10", "-t", str(seconds), "-i", str(ROOT / "pipelines" / "sample" / "sample-lesson.mp4")]
    how = ["-vf", "scale=320:180", *X264, "-g", "30", "-c:a", "copy"]
    if slow_pictures:
        lesson += ["-f", "lavfi", "-t", "40", "-i", "testsrc2=size=1280x720:rate=30"]
        how = ["-map", "1:v", "-map", "0:a", "-c:v", "mpeg4", "-q:v", "12", "-c:a", "copy"]
    subprocess.run([ffmpeg_path(), "-v", "error", *lesson, *how, str(film)], check=True)
    return film
