"""A lesson that is deleted while workers are at it, by a server that is killed: nothing of it is left anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import KINDS, found_in, in_turns, on
from fleet import ROOT, Fleet, cut_lesson, fleet
from folders import files
from web import served

import models
from coaching.access import NotThere
from coaching.recordings import Priority, Stage
from coaching.services.lessons import delete
from models.tables import Base

NAME = "fractions nobody shall find"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_lesson(tmp_path_factory.mktemp("film"))


@pytest.fixture
def there(kind: str) -> Iterator[Fleet]:
    with fleet(kind) as made:
        yield made


def nothing_is_left(there: Fleet, recording: str, run: str) -> None:
    folder = there.data / "recordings" / recording
    there.wait(lambda: not folder.exists(), "the end of its folder")
    urls = {there.url, models.queue_url(there.settings)}
    assert found_in(there.url, recording) == {"receipts"}
    there.wait(lambda: not set().union(*(found_in(url, run) for url in urls)), "the end of its history", every=1.0)
    there.wait(lambda: not there.orphans(), "the end of every orphan")
    there.wait(lambda: not [p for p in files(there.data) if recording in str(p) or run in str(p)], "no file of it")
    for worker in there.workers:
        assert worker.alive
        assert NAME not in worker.text
        assert "Traceback" not in worker.text


@in_turns("delete", "stage", Stage.SOUND, Stage.SPEAKERS, Stage.WEB)
def test_deleted_while_a_worker_is_at_it(kind, stage, there, film):
    there.start()
    with there.faults.slows(f".{stage}-"):
        recording = there.bring(film, NAME)
        run = there.stores.jobs.one(recording).run.id
        there.see("stage started", recording=recording, stage=stage)
        receipt = delete(there.stores.lessons, there.data, there.owner, recording)
    assert receipt.files >= 1
    assert receipt.bytes >= film.stat().st_size
    nothing_is_left(there, recording, run)
    another = there.bring(film)  # and the worker goes on
    there.ended(another)
    there.check_once(another)


@on("delete", *KINDS)
def test_deleted_while_it_waits_and_after_it_is_ready(kind, there, film):
    waiting = there.bring(film, NAME)
    run = there.stores.jobs.one(waiting).run.id
    delete(there.stores.lessons, there.data, there.owner, waiting)
    assert found_in(there.url, waiting, run) == {"receipts"}
    there.start()
    ready = there.bring(film, NAME)
    there.ended(ready)
    run = there.stores.jobs.one(ready).run.id
    there.wait(lambda: not files(there.data / "recordings" / ready, "lesson.json"), "the end of its work")
    found = files(there.data / "recordings" / ready)
    size = sum(p.stat().st_size for p in found)
    receipt = delete(there.stores.lessons, there.data, there.owner, ready)
    assert (receipt.files, receipt.bytes) == (len(found), size)
    nothing_is_left(there, ready, run)
    with pytest.raises(NotThere):
        delete(there.stores.lessons, there.data, there.owner, ready)


KILLED = """
import os, shutil, signal, sys
from pathlib import Path
import models
from coaching.settings import load_settings
from coaching.services.lessons import delete

shutil.rmtree = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)
settings = load_settings()
delete(models.open(settings).lessons, settings.data_dir, *sys.argv[1:])
"""


def killed_in_between(there: Fleet, recording: str) -> None:
    """Delete it in a process that is killed once the rows are gone."""
    path = {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, there.owner, recording]
    done = subprocess.run(command, env=there.environment | path, cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (there.data / "recordings" / recording / "original").is_dir()
    assert {table for table in found_in(there.url, recording) if table in Base.metadata.tables} == {"receipts"}


@on("delete", "sqlite")
def test_a_deletion_that_was_killed_is_ended_by_a_worker_or_the_server(kind, there, film):
    first, second = there.bring(film, NAME), there.bring(film, NAME)
    for recording in (first, second):
        killed_in_between(there, recording)
    with served(there.data, there.url) as web:
        for recording in (first, second):
            there.wait(lambda r=recording: not (there.data / "recordings" / r).exists(), "the server's sweep")
        assert NAME not in web.log
    third = there.add(film, Priority.SOON)
    killed_in_between(there, third)
    there.start()
    there.wait(lambda: not (there.data / "recordings" / third).exists(), "the worker's sweep")


@on("delete", "postgresql")  # SQLite's lock may be in the hands of whoever is put to sleep
def test_a_worker_that_slept_through_it_leaves_nothing(kind, there, film):
    worker = there.start()
    with there.faults.slows(f".{Stage.SOUND}-"):
        recording = there.bring(film, NAME)
        run = there.stores.jobs.one(recording).run.id
        there.see("stage started", recording=recording, stage=Stage.SOUND)
        asleep = [worker.process, *worker.hands()]
        for process in asleep:
            os.kill(process.pid, signal.SIGSTOP)
        delete(there.stores.lessons, there.data, there.owner, recording)
        for process in reversed(asleep):
            os.kill(process.pid, signal.SIGCONT)
    nothing_is_left(there, recording, run)
