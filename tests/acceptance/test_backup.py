"""`secondlook backup` and `restore`, with a server and a worker at work, and killed in the middle."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import fresh_database
from fleet import TEACHER, Fleet, cut_lesson, fleet
from folders import files
from sqlalchemy import inspect
from web import PASSWORD, ROOT, served

from coaching.access import NotThere
from coaching.backups import FILES, MANIFEST, TABLES, from_json
from coaching.errors import BadInput, OutOfSpace
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import RunState, StageState, new_id
from models.database import Database
from pipelines import backups
from pipelines.commands import backup as command
from pipelines.commands import restore
from pipelines.console import TextConsole

AUDIT = ("audit/key", "audit/head")
"""What the audit log has outside the database, as soon as there is anybody."""

LARGE = 400_000_000
"""Bytes of a file that takes long enough to be copied that one can be killed at it."""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return cut_lesson(tmp_path)


@pytest.mark.parametrize(
    ("kind", "into"), [("sqlite", "sqlite"), ("postgresql", "postgresql"), ("sqlite", "postgresql")]
)
def test_a_backup_made_while_a_worker_runs_is_a_whole_server_again(kind, into, film, tmp_path):
    with fleet(kind) as made, served(made.data, made.url) as web:
        made.stores.accounts.set_password(TEACHER, PASSWORD)
        cookie = web.session(TEACHER)
        made.start()
        ready = made.bring(film)
        made.ended(ready)
        with made.faults.slows("sound.wav"):  # which every stage that listens opens
            work = made.bring(film)
            made.wait(lambda: StageState.RUNNING in made.stages(work).values(), "a stage at work", every=0.01)
            assert "It is not encrypted." in made.run("backup", str(tmp_path / "kept"))
            assert made.stores.jobs.one(work).run.state is not RunState.READY
        asked = {name: web.ask(f"/recordings/{ready}/{name}", cookie).body for name in MEDIA}
        manifest = from_json((tmp_path / "kept" / MANIFEST).read_text())
        assert manifest.missing == ()
        private = [p for p in (tmp_path / "kept").rglob("*") if p.stat().st_mode & 0o077]
        assert private == []
        url = fresh_database(into, upgraded=False) if into != "sqlite" else f"sqlite:///{tmp_path}/data/db.sqlite"
        made.environment |= {"SECONDLOOK_DATA_DIR": str(tmp_path / "data"), "DATABASE_URL": url}
        assert "was restored" in made.run("restore", str(tmp_path / "kept"))
    shutil.rmtree(tmp_path / "kept")  # nothing of it is needed any more
    with served(tmp_path / "data", url) as web:
        assert web.ask("/account", cookie).status == 401  # nobody is signed in
        again = web.sign_in(TEACHER).cookie
        for name, body in asked.items():
            answer = web.ask(f"/recordings/{ready}/{name}", again)
            assert (answer.status, answer.body == body) == (200, True), name
    with fleet(into, tmp_path / "data", url) as other:
        other.start()
        other.ended(ready, work)  # what was interrupted is analysed
        other.check_clean(ready, work)


MEDIA = ("web.mp4", "audio.m4a", "poster.jpg", "sprite.jpg", "peaks.dat", "captions.vtt", "ribbon.svg")


@pytest.fixture
def small(film) -> Iterator[Fleet]:
    """Two lessons that nobody has analysed yet, and a calibrated room."""
    with fleet("sqlite") as made:
        made.bring(film, "first")
        made.bring(film, "second")
        (made.data / "rooms").mkdir()
        (made.data / "rooms" / "room.json").write_text("{}")
        yield made


def test_a_later_backup_takes_room_for_what_is_new_alone(small, film, tmp_path):
    small.run("backup", str(tmp_path / "monday"))
    third = small.bring(film, "third")
    small.run("backup", str(tmp_path / "tuesday"), "--after", str(tmp_path / "monday"))
    files = from_json((tmp_path / "tuesday" / MANIFEST).read_text()).files
    assert len(files) == 6
    for path in files:
        links = (tmp_path / "tuesday" / FILES / path).stat().st_nlink
        assert links == (1 if third in path or path.startswith(("rooms/", "audit/")) else 2), path
    shutil.rmtree(tmp_path / "monday")
    assert "is whole: 6 files" in small.run("restore", "--check", str(tmp_path / "tuesday"))


def test_a_lesson_that_is_deleted_meanwhile_is_in_it_wholly_or_not_at_all(small, tmp_path, monkeypatch):
    first, second = (small.stores.lessons.mine(small.owner)[n].id for n in (0, 1))
    real, gone = backups.copy, []

    def copy(source, place, tell):
        if not gone:
            gone.append(second)
            shutil.rmtree(small.data / "recordings" / second)
            database = Database(small.url)
            with database.write() as session:
                session.connection().exec_driver_sql("DELETE FROM recordings WHERE id = ?", (second,))
            database.close()
        return real(source, place, tell)

    monkeypatch.setattr(backups, "copy", copy)
    work = tmp_path / "work"
    work.mkdir()
    manifest = command._Backup(small.url, small.data, work, None, {}).make()
    assert manifest.missing == ()
    assert {path.split("/")[1] for path in manifest.files if path.startswith("recordings")} == {first}
    assert second not in (work / TABLES / "recordings.jsonl").read_text()
    kept = {p.relative_to(work / FILES).as_posix() for p in (work / FILES).rglob("*") if p.is_file()}
    assert kept == set(manifest.files)
    with pytest.raises(NotThere):
        small.stores.lessons.recording(small.owner, second)


def test_a_file_that_is_gone_or_another_is_named_and_the_rest_is_kept(small, tmp_path):
    first, second = (
        next(small.data.glob(f"recordings/{job.recording}/original/1/*")) for job in small.stores.jobs.all()
    )
    first.unlink()
    second.write_bytes(b"x" * second.stat().st_size)
    said = small.run("backup", str(tmp_path / "kept"), code=1)
    for file in (first, second):
        assert (
            f"Not in the backup, for it is not in the data folder as it was brought: {file.relative_to(small.data)}"
            in (said.replace("\n", ""))
        )
    assert set(from_json((tmp_path / "kept" / MANIFEST).read_text()).files) == {"rooms/room.json", *AUDIT}
    assert "is whole" in small.run("restore", "--check", str(tmp_path / "kept"))


@pytest.fixture
def large(small) -> Fleet:
    """The same with a file that takes a while."""
    place = small.data / "recordings" / new_id() / "original" / "1" / "long.mp4"
    place.parent.mkdir(parents=True)
    with place.open("wb") as file:
        file.truncate(LARGE)
    kept = backups.hashed(place, lambda _: None)
    source = SourceFile("long.mp4", str(place.relative_to(small.data)), kept.size, kept.sha256)
    small.stores.lessons.add(NewRecording(place.parents[2].name, small.owner, "long", (source,)))
    return small


def killed(made: Fleet, folder: Path, *arguments: str) -> None:
    """kill -9 of a command once something of the large file lies in `folder`."""
    process = subprocess.Popen([sys.executable, "-m", "pipelines", *arguments], env=made.environment, cwd=ROOT)
    made.wait(lambda: any(p.stat().st_size for p in files(folder, "long.mp4")), "the copy", every=0.001)
    process.kill()
    assert process.wait() == -signal.SIGKILL


def test_a_backup_that_is_killed_is_none(large, tmp_path):
    target, part = tmp_path / "kept", tmp_path / ".kept.part"
    killed(large, part, "backup", str(target))
    assert not target.exists()
    assert "no manifest" in large.run("restore", "--check", str(part), code=2)
    large.run("backup", str(target))
    assert not part.exists()
    assert "is whole: 6 files" in large.run("restore", "--check", str(target))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_restore_that_is_killed_is_none(large, kind, tmp_path):
    large.run("backup", str(tmp_path / "kept"))
    data = tmp_path / "data"
    url = f"sqlite:///{data}/secondlook.sqlite" if kind == "sqlite" else fresh_database(kind, upgraded=False)
    large.environment |= {"SECONDLOOK_DATA_DIR": str(data), "DATABASE_URL": url}
    killed(large, data, "restore", str(tmp_path / "kept"))
    assert [p.name for p in data.iterdir()] == [".restoring"]
    assert "secondlook db upgrade" in large.run("jobs", "list", code=2)
    if kind == "postgresql":
        database = Database(url)
        with database.read() as session:
            assert inspect(session.connection()).get_table_names() == []
        database.close()
    large.run("restore", str(tmp_path / "kept"))
    assert not (data / ".restoring").exists()
    assert len(json.loads(large.run("jobs", "list", "--json"))) == 3
    assert "something in this database already" in large.run("restore", str(tmp_path / "kept"), code=2)


def test_only_an_empty_folder_is_filled(small, tmp_path):
    small.run("backup", str(tmp_path / "kept"))
    data = tmp_path / "data"
    data.mkdir()
    (data / "note.txt").touch()
    small.environment |= {"SECONDLOOK_DATA_DIR": str(data), "DATABASE_URL": f"sqlite:///{data}/db.sqlite"}
    assert "is not empty: there is note.txt" in small.run("restore", str(tmp_path / "kept"), code=2)
    assert [p.name for p in data.iterdir()] == ["note.txt"]


@pytest.mark.parametrize(
    ("moment", "brought", "said"),
    [
        ("flush", "recordings/theirs/1.mp4", "Somebody brought recordings to the data folder meanwhile"),
        ("flush", "secondlook.sqlite", "Somebody brought secondlook.sqlite to the data folder meanwhile"),
        ("flush_folder", "recordings/theirs/1.mp4", "rows of this backup do not fit"),
    ],
)
def test_a_restore_that_fails_leaves_what_somebody_brought_meanwhile(
    small, tmp_path, monkeypatch, moment, brought, said
):
    folder, data = tmp_path / "kept", tmp_path / "data"
    small.run("backup", str(folder))
    table, manifest = folder / TABLES / "people.jsonl", json.loads((folder / MANIFEST).read_text())
    table.write_bytes(table.read_bytes() + table.read_bytes().splitlines(keepends=True)[-1])  # the last person twice
    kept = {"size": table.stat().st_size, "sha256": hashlib.sha256(table.read_bytes()).hexdigest()}
    (folder / MANIFEST).write_text(json.dumps(manifest | {"tables": manifest["tables"] | {"people": kept}}))
    monkeypatch.setenv("SECONDLOOK_DATA_DIR", str(data))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{data}/db.sqlite")
    step = getattr(backups, moment)

    def meanwhile(at: Path) -> None:
        step(at)
        if moment == "flush" or at == data:
            (data / brought).parent.mkdir(parents=True, exist_ok=True)
            (data / brought).write_bytes(b"theirs")

    monkeypatch.setattr(backups, moment, meanwhile)
    with pytest.raises(BadInput, match=said):
        restore.run(argparse.Namespace(folder=folder, check=False), TextConsole())
    assert [p for p in data.rglob("*") if p.is_file()] == [data / brought]
    assert (data / brought).read_bytes() == b"theirs"
    assert {p.name for p in data.iterdir()} == {brought.partition("/")[0]}
    assert {p.name for p in data.glob("recordings/*")} <= {"theirs"}


def test_a_backup_goes_to_a_place_of_its_own(small, tmp_path):
    (tmp_path / "there").mkdir()
    assert "is there already" in small.run("backup", str(tmp_path / "there"), code=2)
    for inside in (small.data / "kept", small.data / "rooms" / "kept"):
        assert "must not lie in the data folder" in small.run("backup", str(inside), code=2)
    assert "There is no folder" in small.run("backup", str(tmp_path / "x"), "--after", str(tmp_path / "none"), code=2)


def test_two_do_not_make_one_backup(small, tmp_path):
    with backups.alone(tmp_path / ".kept.part"):
        assert "Somebody is at work on this already" in small.run("backup", str(tmp_path / "kept"), code=2)
        assert (tmp_path / ".kept.part").is_dir()
    small.run("backup", str(tmp_path / "kept"))


def link(folder: Path, path: str) -> None:
    (folder / FILES / path).unlink()
    (folder / FILES / path).symlink_to("/etc/passwd")


def link_a_folder(folder: Path, path: str) -> None:
    above = (folder / FILES / path).parent
    above.rename(folder / "elsewhere")
    above.symlink_to(folder / "elsewhere")


def pipe(folder: Path, path: str) -> None:
    (folder / FILES / path).unlink()
    os.mkfifo(folder / FILES / path)


def another_byte(folder: Path, path: str) -> None:
    with (folder / FILES / path).open("r+b") as file:
        file.write(b"!")


def shorter(folder: Path, path: str) -> None:
    os.truncate(folder / FILES / path, 10)


def gone(folder: Path, path: str) -> None:
    (folder / FILES / path).unlink()


def another_row(folder: Path, path: str) -> None:
    table = folder / TABLES / "people.jsonl"
    table.write_bytes(table.read_bytes().replace(b"anna", b"emma"))


def named(new: str):
    def change(folder: Path, path: str) -> None:
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["files"][new] = manifest["files"].pop(path)
        (folder / MANIFEST).write_text(json.dumps(manifest))

    return change


def told(text: str):
    def change(folder: Path, path: str) -> None:
        (folder / MANIFEST).write_text(text)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (link, "no file"),
        (link_a_folder, "no file"),
        (pipe, "no file"),
        (another_byte, "damaged"),
        (shorter, "another size"),
        (gone, "is not there"),
        (another_row, "damaged"),
        (named("../../outside.mp4"), "outside of its folders"),
        (named("recordings/../../outside.mp4"), "outside of its folders"),
        (named("/outside.mp4"), "outside of its folders"),
        (named("models/network.onnx"), "outside of its folders"),
        (named("recordings//x"), "outside of its folders"),
        (named("recordings/x"), "is not there"),
        (told("no json"), "cannot be read"),
        (told("[" * 100_000), "cannot be read"),
        (told('{"form": 2}'), "newer version"),
        (told('{"form": 1}'), "cannot be read"),
    ],
)
def test_a_backup_that_is_not_as_it_was_restores_nothing(small, tmp_path, change, said):
    folder = tmp_path / "kept"
    small.run("backup", str(folder))
    path = next(p for p in from_json((folder / MANIFEST).read_text()).files if p.startswith("recordings/"))
    change(folder, path)
    data = tmp_path / "data"
    small.environment |= {"SECONDLOOK_DATA_DIR": str(data), "DATABASE_URL": f"sqlite:///{data}/db.sqlite"}
    for more in ([], ["--check"]):
        answer = small.run("restore", str(folder), *more, code=2).replace("\n", " ")
        assert said in answer
    assert not data.exists() or list(data.iterdir()) == []
    assert not list(tmp_path.glob("**/outside.mp4"))


def test_a_backup_is_not_begun_without_room_for_it(small, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "SPARE", 10**18)
    with pytest.raises(OutOfSpace, match="Make space"):
        backups.check_space(tmp_path / "not" / "there", 1)
