"""The jobs as whoever operates a server uses them, from people and a folder to lessons, and again."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fleet import command
from folders import files

import models
from coaching.access import NotThere
from coaching.corrections import Correction, Kind
from coaching.recordings import Stage, StageState
from coaching.settings import Settings
from pipelines.commands.jobs import as_json
from pipelines.media import ffmpeg_path

pytestmark = pytest.mark.xdist_group("jobs")

ROOT = Path(__file__).parents[2]
ANNA = "anna@hill.org"
LISTED = {"id", "recording", "state", "stage", "percent", "reason"}


@dataclass(frozen=True)
class Server:
    """A data folder with its database, and the command that works on it."""

    data: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECONDLOOK_DATABASE_URL")}
        return kept | {"SECONDLOOK_DATA_DIR": str(self.data), "SECONDLOOK_THREADS": "2"}

    def run(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", *arguments],
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=self.environment,
            check=False,
        )
        assert done.returncode == code, (arguments, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr

    def json(self, *arguments: str) -> Any:
        return json.loads(self.run(*arguments, "--json"))

    def job(self) -> dict[str, Any]:
        (job,) = self.json("jobs", "list")
        return job

    def now(self) -> dict[str, Any]:
        """The same, without the price of a process: for asking often."""
        (job,) = self.stores().jobs.all()
        return as_json(job)

    def stages(self) -> dict[str, str]:
        return {s["stage"]: s["state"] for s in self.json("jobs", "show", self.job()["id"])["stages"]}

    def poster(self, run: str) -> str | None:
        """Where this run's poster lies, once it is done."""
        found = self.stores().jobs.one(run).run.stage(Stage.POSTER)
        return found.artefact if found.state is StageState.DONE else None

    def stores(self) -> models.Stores:
        return models.open(Settings(data_dir=self.data))


@pytest.fixture(scope="module")
def film(tmp_path_factory, sample) -> Path:
    """Twenty seconds of the sample lesson, in a folder with what else lies in such folders."""
    folder = tmp_path_factory.mktemp("camera")
    command = [ffmpeg_path(), "-v", "error", "-ss", "10", "-t", "20", "-i", str(sample / "sample-lesson.mp4")]
    subprocess.run([*command, "-c", "copy", str(folder / "Grade 5, fractions.mp4")], check=True)
    (folder / "notes.txt").write_text("bring chalk")
    (folder / ".hidden.mp4").write_text("a leftover")
    (folder / "broken.mp4").write_bytes(b"\0" * 1000)
    return folder


@pytest.fixture
def server(tmp_path) -> Server:
    server = Server(tmp_path / "data")
    for arguments in (("db", "upgrade"), ("people", "add", ANNA, "--role", "teacher", "--school", "Hill School")):
        assert command(arguments, server.environment)[0] == 0
    return server


@pytest.fixture
def worker(server) -> Iterator[subprocess.Popen[str]]:
    process = start(server)
    yield process
    stop(process)


def start(server: Server, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines", "worker", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=server.environment,
    )


def stop(process: subprocess.Popen[str]) -> list[dict[str, Any]]:
    """Stop a worker politely; its log."""
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert out == ""
    return [json.loads(line) for line in err.splitlines()]


def until(condition: Callable[[], bool], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.5)


def test_a_folder_is_brought_once_and_says_what_it_left(server, film):
    said = server.run("import", str(film), "--teacher", ANNA.upper(), code=2)
    assert "Grade 5, fractions.mp4: imported" in said
    assert "notes.txt: left out" in said
    assert "broken.mp4: failed" in said
    assert ".hidden" not in said
    job = server.job()
    assert set(job) == LISTED
    assert (job["state"], job["percent"], job["reason"]) == ("waiting", 0.0, None)

    (film / "copy of it.mp4").write_bytes((film / "Grade 5, fractions.mp4").read_bytes())
    again = server.run("import", str(film), "--teacher", ANNA, code=2)
    (film / "copy of it.mp4").unlink()
    assert again.count(": known") == 2
    assert server.job()["id"] == job["id"]
    originals = files(server.data / "recordings")
    assert [p.name for p in originals] == ["Grade 5, fractions.mp4"]
    assert originals[0].read_bytes() == (film / "Grade 5, fractions.mp4").read_bytes()
    for path in (server.data / "secondlook.sqlite", server.data / "recordings" / job["recording"]):
        assert path.stat().st_mode & 0o077 == 0, "lessons are for nobody else on this machine"


def test_whom_nobody_knows_nothing_is_brought_for(server, film):
    said = server.run("import", str(film), "--teacher", "otto@hill.org", code=2)
    assert "people add otto@hill.org" in said
    assert server.json("jobs", "list") == []
    assert not (server.data / "recordings").exists()


def test_what_a_killed_import_left_is_swept(server, film):
    left = server.data / "recordings" / "00ff00ff00ff00ff"
    (left / "original" / "1").mkdir(parents=True)
    (left / ".importing").touch()
    server.run("import", str(film), "--teacher", ANNA, code=2)
    assert not left.exists()
    assert len(list((server.data / "recordings").iterdir())) == 1
    assert not files(server.data, ".importing")

    # Killed between the database and the end, it is somebody's lesson: another's import leaves it alone.
    kept = server.data / "recordings" / server.job()["recording"]
    (kept / ".importing").touch()
    server.run("people", "add", "ben@hill.org", "--role", "teacher", "--school", "Hill School")
    server.run("import", str(film), "--teacher", "ben@hill.org", code=2)
    assert (kept / "original" / "1" / "Grade 5, fractions.mp4").is_file()
    assert len(server.json("jobs", "list")) == 2
    assert not files(server.data, ".importing")


def test_a_lesson_from_folder_to_ready_and_again(server, film, worker):
    server.run("import", str(film), "--teacher", ANNA, code=2)
    until(lambda: server.now()["state"] == "ready")
    until(lambda: server.stores().jobs.all()[0].run.over)
    job = server.job()
    assert set(server.stages().values()) == {"done"}
    assert (job["stage"], job["percent"], job["reason"]) == (None, 100.0, None)
    until(lambda: not files(server.data / "recordings", "lesson.json"))  # the database has it
    made = {p.name for p in files(server.data / "recordings")}
    assert {"web.mp4", "audio.m4a", "poster.jpg", "sprite.jpg", "thumbnails.vtt", "peaks.dat"} <= made
    assert not [name for name in made if name.startswith(".") or name.endswith(".part")]

    # The teacher corrects; nobody else finds the lesson.
    stores = server.stores()
    anna = stores.people.find(ANNA)
    assert anna is not None
    machine = stores.lessons.machine(anna.id, job["id"])
    assert "two bars on the board" in " ".join(u.text for u in machine.transcript.utterances).lower()
    voice = machine.transcript.utterances[0]
    spans = tuple(u.span for u in machine.transcript.utterances if u.speaker == voice.speaker)
    stores.lessons.correct(anna.id, job["recording"], Correction(Kind.NAME, spans, text="Ms. Lee"))
    with pytest.raises(NotThere):
        stores.lessons.machine("0" * 24, job["id"])

    from coaching.services.lessons import corrected

    # A second run beside the first; the correction applies on top of it.
    server.run("jobs", "again", job["recording"])
    until(lambda: server.now()["state"] == "ready" and server.now()["id"] != job["id"])
    second = server.job()["id"]
    until(lambda: server.stores().jobs.one(second).run.over)
    assert {s.name for s in corrected(stores.lessons, anna.id, job["recording"]).lesson.transcript.speakers} >= {
        "Ms. Lee"
    }
    assert len(files(server.data / "recordings", "web.mp4")) == 1  # taken over, not made again
    server.run("jobs", "retry", job["id"], "--stage", "poster")  # of the older run: the newer one keeps its own
    until(lambda: server.poster(job["id"]) not in (None, server.poster(second)))
    until(lambda: server.stores().jobs.one(job["id"]).run.over)
    until(lambda: len(files(server.data / "recordings", "poster.jpg")) == 2)
    assert (server.data / str(server.poster(second)) / "poster.jpg").is_file()
    runs = server.json("jobs", "runs", job["recording"])
    assert [(r["number"], r["shown"]) for r in runs] == [(1, False), (2, True)]
    assert "is shown" in server.run("jobs", "forget", second, code=2)  # it cannot be forgotten while it is
    server.run("jobs", "use", job["id"])
    server.run("jobs", "forget", second)
    assert [r["id"] for r in server.json("jobs", "runs", job["recording"])] == [job["id"]]
    assert not list((server.data / "recordings").glob(f"*/runs/{second}"))
    assert len(files(server.data / "recordings", "web.mp4")) == 1

    # One stage by itself.
    assert server.run("jobs", "retry", job["id"], "--stage", "poster").startswith("Waiting again, for: poster")
    assert server.job()["state"] == "ready"
    until(lambda: server.poster(job["id"]) is not None)
    assert server.stages()["poster"] == "done"
    assert len(files(server.data / "recordings", "poster.jpg")) == 1


def test_cancelled_it_stops_and_retried_it_goes_on(server, film):
    server.run("import", str(film), "--teacher", ANNA, code=2)
    job = server.job()["id"]
    assert server.json("jobs", "cancel", job)["state"] == "cancelled"
    worker = start(server)
    try:
        time.sleep(5)
        assert set(server.stages().values()) == {"waiting"}  # nobody works on it
        assert server.json("jobs", "retry", job[:6])["state"] == "waiting"
        until(lambda: server.now()["state"] == "ready")
    finally:
        log = stop(worker)
    assert not [line for line in log if line["level"] == "error"]


def test_health_and_metrics_tell_numbers_and_no_lesson(server, film, worker):
    server.run("import", str(film), "--teacher", ANNA, code=2)
    address = next(line["address"] for line in map(json.loads, worker.stderr) if "address" in line)
    until(lambda: server.now()["state"] == "ready")
    with urllib.request.urlopen(f"http://{address}/healthz") as answer:
        assert json.load(answer) == {"healthy": True}
    with urllib.request.urlopen(f"http://{address}/metrics") as answer:
        text = answer.read().decode()
    assert re.search(r'secondlook_runs\{state="ready"\} 1\.0', text)
    assert re.search(r'secondlook_stage_seconds_count\{stage="words"\} 1\.0', text)
    assert "secondlook_oldest_waiting_seconds 0.0" in text
    assert "secondlook_database_reachable 1.0" in text
    assert "fractions" not in text.lower()
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://{address}/")


def test_the_help_of_every_command_needs_no_database(tmp_path):
    server = Server(tmp_path / "none")
    for name in ("import", "worker", "jobs", "people", "db", "engines"):
        assert "usage: secondlook" in server.run(name, "--help")
    assert not server.data.exists()
