#!/usr/bin/env python3
"""What the queue costs: with stages that do nothing, and real worker processes, on SQLite and on PostgreSQL.

    .venv/bin/python scripts/bench_jobs.py [--quick] [--databases sqlite,postgresql] [--out docs]

From the row of a lesson to its first stage, and to `ready`; a thousand lessons that wait, against ten; memory and
processor of a worker with nothing to do; from `kill -9` of a worker to its stage in another's hands. All times but the
kill's are the database's own. Writes its section of docs/benchmarks.json, and docs/benchmarks.md from that; `--quick`
runs every part with few lessons, for a test, and writes nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import func, select
from sqlalchemy.orm import Session

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "scripts")]

from bench_keep import keep  # noqa: E402
from databases import KINDS, fresh_database  # noqa: E402

from coaching.people import Membership  # noqa: E402
from coaching.ports import NewRecording, SourceFile  # noqa: E402
from coaching.recordings import Priority, RunState, Stage, StageState, new_id  # noqa: E402
from models.database import Database  # noqa: E402
from models.lessons import LessonStore  # noqa: E402
from models.people import PeopleStore  # noqa: E402
from models.tables import RunRow, StageRow, WorkerRow, WorkState  # noqa: E402

EMPTY = [sys.executable, str(ROOT / "scripts" / "empty_stages.py"), "worker"]
REAL = [sys.executable, "-m", "pipelines", "worker", "--listen", "127.0.0.1:0"]

WARM_UP = 3
"""Lessons before anything is timed: a worker's hands load their libraries with the first."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured. `quiet_s`: seconds without work before each single lesson, so that the worker is idle."""

    single: int = 15
    quiet_s: float = 7.0
    few: int = 10
    few_times: int = 5
    many: int = 1000
    workers: int = 4
    idle_s: float = 60.0
    kills: int = 5


QUICK = Size(single=2, quiet_s=0.5, few=2, few_times=1, many=4, workers=2, idle_s=2.0, kills=1)


class Bench:
    """One database and data folder, and the workers on them."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.folder = folder
        url = fresh_database(kind)
        self.database = Database(url, folder / "audit")
        self.owner = PeopleStore(self.database).add("bench@example.org", Membership.TEACHER, "Bench").id
        self._env = {**os.environ, "SECONDLOOK_DATA_DIR": str(folder), "DATABASE_URL": url}

    @contextmanager
    def workers(self, command: list[str], count: int = 1) -> Iterator[list[subprocess.Popen[bytes]]]:
        """Worker processes that have signed on; stopped at the end."""
        self._started = started = [self.start(command) for _ in range(count)]
        try:
            self.until(lambda s: s.scalar(select(func.count()).select_from(WorkerRow)) == count)
            yield started
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(30)

    def start(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(command, env=self._env, cwd=ROOT, stderr=log)

    def add(self, count: int = 1, **options: Any) -> list[str]:
        """Lessons that begin to wait in one and the same moment; their runs."""
        with self.database.write() as session:
            store = LessonStore(_OneTransaction(session))  # type: ignore[arg-type]
            recordings = [new_id() for _ in range(count)]
            for recording in recordings:
                file = SourceFile("lesson.mp4", f"recordings/{recording}/lesson.mp4", 1, recording.ljust(64, "0"))
                place = self.folder / file.path
                place.parent.mkdir(parents=True)
                place.touch()
                store.add(NewRecording(recording, self.owner, "lesson", (file,), Priority.SOON, options))
            session.flush()
            return list(session.scalars(select(RunRow.id).where(RunRow.recording_id.in_(recordings))))

    def until(self, true: Callable[[Session], Any], seconds: float = 1200.0, turn: float = 0.2) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and any(p.poll() is None for p in self._started):
            with self.database.read() as session:
                if true(session):
                    return
            time.sleep(turn)
        raise SystemExit(f"the benchmark waited in vain; see {self.folder / 'workers.log'}")

    def finish(self) -> None:
        """Wait until no run is at work."""
        self.until(
            lambda s: not s.scalar(select(func.count()).select_from(RunRow).where(RunRow.work != WorkState.OVER))
        )

    def moments(self, runs: list[str]) -> list[tuple[float, float, float]]:
        """Of each run: when it was there, when its first stage was claimed, when it was ready."""
        with self.database.read() as session:
            if bad := session.scalars(
                select(RunRow.id).where(RunRow.id.in_(runs), RunRow.state != RunState.READY)
            ).all():
                raise SystemExit(f"{len(bad)} lessons did not become ready; see {self.folder / 'workers.log'}")
            since = dict(session.execute(select(RunRow.id, RunRow.since).where(RunRow.id.in_(runs))).all())
            rows = session.execute(
                select(StageRow.run_id, func.min(StageRow.started)).where(StageRow.run_id.in_(runs)).group_by("run_id")
            )
            started = dict(rows.all())
            rows = session.execute(
                select(StageRow.run_id, StageRow.heard).where(
                    StageRow.run_id.in_(runs), StageRow.stage == Stage.MEASURES
                )
            )
            return [(since[run], started[run], ready) for run, ready in rows]


class _OneTransaction:
    """Gives the store a session that is open already, so that many calls are one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def write(self) -> Iterator[Session]:
        yield self._session


def single(bench: Bench, size: Size) -> dict[str, Any]:
    """One lesson at a time, on a worker that has had nothing to do for a while."""
    with bench.workers(EMPTY):
        for _ in range(WARM_UP):
            bench.add()
            bench.finish()
        runs = []
        for n in range(size.single):
            time.sleep(size.quiet_s + 0.037 * (n % 7))  # not in step with the worker's own turns
            runs += bench.add()
            bench.finish()
    moments = bench.moments(runs)
    return {
        "to_start_s": spread([started - since for since, started, _ in moments]),
        "overhead_s": spread([ready - since for since, _, ready in moments]),
    }


def many(bench: Bench, size: Size) -> dict[str, Any]:
    """Lessons that all wait at once: seconds per lesson, from the moment they are there until the last is ready."""
    each = []
    with bench.workers(EMPTY, size.workers):
        bench.add(WARM_UP * size.workers)
        bench.finish()
        for count in [size.few] * size.few_times + [size.many]:
            time.sleep(size.quiet_s)
            runs = bench.add(count)
            bench.finish()
            moments = bench.moments(runs)
            # The rows are there for others once all of them are written: count from the first that was taken.
            each.append((max(ready for *_, ready in moments) - min(m[1] for m in moments)) / count)
    few = statistics.median(each[:-1])
    return {
        "workers": size.workers,
        "few": size.few,
        "few_each_s": spread(each[:-1]),
        "many": size.many,
        "many_each_s": round(each[-1], 4),
        "ratio": round(each[-1] / few, 2),
    }


def idle(bench: Bench, size: Size) -> dict[str, Any]:
    """A real `secondlook worker` with nothing to do."""
    with bench.workers(REAL) as (process,):
        time.sleep(size.quiet_s + min(10.0, size.idle_s))
        watched = psutil.Process(process.pid)
        before = watched.cpu_times()
        time.sleep(size.idle_s)
        after, memory = watched.cpu_times(), watched.memory_full_info()
    spent = after.user + after.system - before.user - before.system
    return {
        "rss_mb": round(memory.rss / 1e6, 1),
        "pss_mb": round(memory.pss / 1e6, 1),
        "cpu_s_per_min": round(60 * spent / size.idle_s, 2),
        "watched_s": size.idle_s,
    }


def reaping(bench: Bench, size: Size) -> dict[str, Any]:
    """`kill -9` of the worker that has a stage at work, until another one has claimed it."""
    took = []
    for _ in range(size.kills):
        with bench.workers(EMPTY, 2) as processes:
            (run,) = bench.add(hold_s=8.0)
            held = select(WorkerRow.pid).join(StageRow, StageRow.worker == WorkerRow.id)
            held = held.where(StageRow.run_id == run, StageRow.stage == Stage.SOUND)
            bench.until(lambda s, held=held: s.scalar(held), turn=0.05)
            time.sleep(size.quiet_s)  # as after an outage, workers take nothing over in their first seconds
            with bench.database.read() as session:
                pid = session.scalar(held)
            victim = next(p for p in processes if p.pid == pid)
            victim.send_signal(signal.SIGKILL)
            killed = time.time()
            sound = select(StageRow.started).where(StageRow.run_id == run, StageRow.stage == Stage.SOUND)
            again = sound.where(StageRow.tries == 2, StageRow.state != StageState.WAITING)
            bench.until(lambda s, again=again: s.scalar(again), turn=0.1)
            with bench.database.read() as session:
                took.append((session.scalar(sound) or 0.0) - killed)
            bench.finish()
    return {"taken_over_s": spread(took)}


def spread(values: list[float]) -> dict[str, float]:
    low, middle, high = min(values), statistics.median(values), max(values)
    return {"min": round(low, 3), "median": round(middle, 3), "max": round(high, 3), "count": len(values)}


PARTS: dict[str, Callable[[Bench, Size], dict[str, Any]]] = {
    "single": single,
    "many": many,
    "idle": idle,
    "reaping": reaping,
}


def measure(kind: str, parts: list[str], size: Size) -> dict[str, Any]:
    """A database's row: every part, each with the machine's load (processes that want a core) before and after it."""
    row: dict[str, Any] = {"database": kind}
    for part in parts:
        folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-"))
        bench = Bench(kind, folder)
        before = os.getloadavg()[0]
        row[part] = {**PARTS[part](bench, size), "load": [round(before, 1), round(os.getloadavg()[0], 1)]}
        bench.database.close()
        shutil.rmtree(folder, ignore_errors=True)
        print(json.dumps({"database": kind, "part": part, **row[part]}), flush=True)
    return row


def main() -> None:
    p = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    p.add_argument("--databases", default=",".join(KINDS), help="which (default: both)")
    p.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: all)")
    p.add_argument("--quick", action="store_true", help="few lessons, and nothing is written")
    p.add_argument("--out", type=Path, default=ROOT / "docs")
    a = p.parse_args()
    whole = not a.quick and a.parts == ",".join(PARTS)
    rows = [measure(kind, a.parts.split(","), QUICK if a.quick else Size()) for kind in a.databases.split(",")]
    if whole:
        keep("jobs", rows, a.out)


if __name__ == "__main__":
    main()
