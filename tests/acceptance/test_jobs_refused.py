"""What cannot be, said to whoever operates a server: one plain sentence, a non-zero exit, and nothing half-done."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from fleet import ROOT, TEACHER, Fleet, command, cut_lesson, fleet

from coaching.recordings import RunState

pytestmark = pytest.mark.xdist_group("refused")

COMMANDS = (("worker",), ("jobs", "list"), ("people", "list"), ("import", "films", "--teacher", TEACHER))


def refused(*arguments: str, code: int = 2, **environment: str) -> str:
    """The one sentence of a command that ends at once."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_") and k != "DATABASE_URL"}
    returned, out, err = (process if arguments[0] == "worker" else command)(arguments, kept | environment)
    assert (returned, out) == (code, ""), err
    said = err.strip()
    assert len(said.splitlines()) == 1, said
    assert "Traceback" not in said
    return said


def process(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[int, str, str]:
    """The same as `command`, in a process of its own."""
    line = [sys.executable, "-m", "pipelines", *arguments]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def there() -> Iterator[Fleet]:
    with fleet("sqlite") as made:
        yield made


@pytest.mark.parametrize("asked", COMMANDS, ids=lambda asked: asked[0])
@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("postgresql://u:hush@127.0.0.1:9/x", "The database cannot be reached."),
        ("postgresql://u:hush@h:port/x", "is not the address of a database"),
        ("postgresql://u:hush@127.0.0.1:9/x?mod=require", 'invalid connection option "mod"'),
        ("postgresql://u:hush@127.0.0.1:9/x?sslmode=maybe", 'invalid sslmode value: "maybe"'),
        ("postgresql://u:hush@127.0.0.1:999999/x", 'invalid port number: "999999"'),
        ("sqlite:///{folder}/none.sqlite?mode=ro", "has an option"),
        ("mysql://u:hush@h/x", "must begin with"),
        ("sqlite:////etc/passwd", "is not a database of Second Look"),
        ("sqlite:///{folder}/none.sqlite", "secondlook db upgrade"),
    ],
)
def test_a_wrong_database_url(asked, url, sentence, tmp_path):
    (tmp_path / "films").mkdir()
    here = {"SECONDLOOK_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": url.format(folder=tmp_path)}
    said = refused(*asked, **here)
    assert sentence in said
    assert "hush" not in said
    assert not (tmp_path / "none.sqlite").exists()


@pytest.mark.parametrize("asked", COMMANDS, ids=lambda asked: asked[0])
def test_a_database_that_is_newer_than_the_code(asked, tmp_path):
    with fleet("sqlite") as made:
        with sqlite3.connect(made.data / "secondlook.sqlite") as database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.close()
        said = refused(*asked, SECONDLOOK_DATA_DIR=str(made.data))
    assert "newer version of Second Look" in said


def test_an_address_that_somebody_else_has(there):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        said = refused("worker", "--listen", f"127.0.0.1:{port}", **there.environment)
    assert str(port) in said


def test_a_data_folder_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("not a folder")
    assert str(tmp_path / "data") in refused("db", "upgrade", SECONDLOOK_DATA_DIR=str(tmp_path / "data"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("jobs", "show", "ffffffff"), "There is no job"),
        (("jobs", "cancel", "../../../etc/passwd"), "Name a job by its id"),
        (("jobs", "use", "%"), "Name a job by its id"),
        (("jobs", "forget", "0" * 200), "There is no job"),
        (("worker", "--queues", "gpu,cloud"), "Write gpu, cpu"),
        (("people", "add", "anna", "--role", "teacher", "--school", "Hill"), "not an e-mail address"),
        (("people", "add", "a@b.org", "--role", "teacher", "--school", " "), "school"),
        (("import", "nowhere", "--teacher", TEACHER), "nowhere is not there"),
    ],
)
def test_what_nobody_can_do(there, arguments, sentence):
    assert sentence in refused(*arguments, **there.environment)


def test_an_engine_that_is_not_here_fails_the_lesson_with_what_to_do(there, tmp_path):
    """Who imports need not be where the GPU is: the worker says it."""
    there.start()
    recording = there.bring(cut_lesson(tmp_path), "fractions", "--engine", "gpu")
    there.ended(recording, state=RunState.FAILED)
    reason = there.listed()[recording]["reason"]
    assert "GPU" in reason
    assert len(reason.splitlines()) == 1
    assert "/" not in reason
    assert "no NVIDIA GPU was found" in there.find("stage failed", kind="MissingEngine")[0].fields["detail"]
    there.run("jobs", "again", recording, "--engine", "embedded", "--vocabulary", str(vocabulary(tmp_path)))
    there.ended(recording)
    assert there.stores.jobs.one(recording).run.options == {"engine": "embedded", "vocabulary": ["numerator"]}
    there.run("jobs", "again", recording, "--language", "de")
    options = there.stores.jobs.one(there.stores.jobs.all()[0].run.id).run.options
    assert options == {"engine": "embedded", "vocabulary": ["numerator"], "language": "de"}


def vocabulary(folder: Path) -> Path:
    file = folder / "terms.txt"
    file.write_text("numerator\n")
    return file


def test_a_worker_with_the_wrong_data_folder_takes_nothing(tmp_path):
    with fleet("sqlite") as made:
        recording = made.bring(cut_lesson(tmp_path))
        said = refused("worker", **made.environment | {"SECONDLOOK_DATA_DIR": str(tmp_path / "elsewhere")})
        assert "None of the recordings that the database knows" in said
        assert made.listed()[recording]["state"] == "waiting"


def test_a_worker_makes_its_own_data_folder(tmp_path):
    here = {"SECONDLOOK_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": f"sqlite:///{tmp_path / 'db' / 'x.sqlite'}"}
    with fleet("sqlite", tmp_path / "other", **here) as made:
        made.run("db", "upgrade")
        made.start()


def test_lessons_belong_to_teachers_alone(there, tmp_path):
    (tmp_path / "lesson.mp4").touch()
    there.run("people", "add", "boss@hill.org", "--role", "leader", "--school", "Hill")
    said = refused("import", str(tmp_path), "--teacher", "boss@hill.org", **there.environment)
    assert "boss@hill.org is no teacher here" in said


def test_a_recording_is_no_run_to_be_deleted(there, tmp_path):
    recording = there.bring(cut_lesson(tmp_path))
    assert "Name one of its runs" in refused("jobs", "forget", recording, **there.environment)
    assert recording in there.listed()
