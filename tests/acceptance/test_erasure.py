"""A lesson and a person are erased: no byte and no row is left of them but the receipt; and a backup of before,
when it is restored, has them no more."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

import pytest
from databases import KINDS, found_in, fresh_database, on
from fleet import TEACHER, Fleet, cut_lesson, fleet
from folders import files

import models
from coaching.access import Grant
from coaching.clips import NewClip
from coaching.coached import Item, Look, NewCycle
from coaching.comments import Audience, NewComment
from coaching.cycles import Kind, Step
from coaching.handouts import Captions, Made, Making, Order
from coaching.people import Membership
from coaching.services.lessons import delete

COACH = "clara.velasquez@hill.org"
NAMES = {TEACHER: "Anna Zwetschkenbaum", COACH: "Clara Velasquez"}
OF_LESSON = ("comment", "answer", "clip", "note", "agenda")
OF_CYCLE = ("goal", "reflected")
TAUGHT, COACHED = "xylcoachedophon", "xylcoacherophon"
"""What Anna wrote of Clara's lesson, and what Clara wrote beside it."""


def words(lesson: str, *kinds: str) -> list[str]:
    """That stand nowhere else."""
    return [f"xyl{kind}{lesson}ophon" for kind in kinds]


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_lesson(tmp_path_factory.mktemp("film"))


def full(there: Fleet, film: Path, called: str) -> tuple[str, set[str]]:
    """A lesson of Anna's with all that can hang on it; its id, and the ids of what hangs on it."""
    lessons, anna = there.stores.lessons, there.owner
    word = dict(zip(OF_LESSON + OF_CYCLE, words(called, *OF_LESSON, *OF_CYCLE), strict=True))
    clara = there.stores.people.find(COACH).id
    recording = there.bring(film, f"{called} lesson")
    there.ended(recording)
    lessons.describe(anna, recording, None, None, (word["note"],))
    lessons.grant(anna, recording, COACH, [*Grant])
    said = lessons.comment(clara, recording, NewComment(1.0, word["comment"], labels=(word["note"],)))
    answer = lessons.comment(anna, recording, NewComment(1.0, word["answer"], parent=said))
    clip = lessons.clip(anna, recording, NewClip(1.0, 4.0, word["clip"], word["note"], Audience.LESSON))
    lessons.give_clips(anna, recording, COACH, [clip])
    lessons.watch(clara, recording, 2.0, [])
    order = Order(Made.PORTFOLIO, (clip,), Captions.NONE, comments=True, measures=True)
    handout = there.stores.handouts.ask(clara, recording, order).id
    there.wait(lambda: there.stores.handouts.one(clara, recording, handout).state is Making.READY, "the portfolio")
    cycles = there.stores.cycles
    cycle = cycles.begin(anna, NewCycle(Kind.OBSERVE, word["goal"], COACH))
    cycles.set_goal(anna, cycle, word["goal"], [], None)
    cycles.move(anna, cycle, Step.ON)
    cycles.take_in(anna, cycle, recording, Look.FIRST)
    cycles.move(anna, cycle, Step.ON)
    cycles.reflect(anna, cycle, [("Why?", word["reflected"])])
    cycles.set_agenda(clara, cycle, [Item(recording, clip, 5, word["agenda"])])
    return recording, {said, answer, clip, handout, there.stores.jobs.one(recording).run.id}


def holding(data: Path, words: Iterable[str]) -> dict[str, set[str]]:
    """Every file with any of these in its path or its bytes, the models apart; and which."""
    found: dict[str, set[str]] = {}
    for file in (p for p in files(data) if not p.is_relative_to(data / "models")):
        try:
            content, path = file.read_bytes(), str(file.relative_to(data))
        except FileNotFoundError:  # gone since it was seen: a worker sweeps
            continue
        for word in words:
            if word in path or word.encode() in content:
                found.setdefault(path, set()).add(word)
    return found


def nothing(there: Fleet, words: Collection[str]) -> None:
    """Nothing of these is in a table, or in a file."""
    urls = {there.url, models.queue_url(there.settings)}
    assert {table: word for url in urls for word in words for table in found_in(url, word)} == {}
    there.wait(lambda: not holding(there.data, words), f"the end of {holding(there.data, words)}", 60.0, every=1.0)


def restored(there: Fleet, kind: str, backup: Path, data: Path, audit: bool) -> tuple[Path, str, str]:
    """The backup in another data folder and database: these, and what was said."""
    url = fresh_database(kind, upgraded=False) if kind != "sqlite" else f"sqlite:///{data}/secondlook.sqlite"
    data.mkdir()
    if audit:
        shutil.copytree(there.data / "audit", data / "audit")
    here = there.environment | {"SECONDLOOK_DATA_DIR": str(data), "DATABASE_URL": url}
    before, there.environment = there.environment, here
    said = there.run("restore", str(backup))
    assert "The audit log is whole" in there.run("audit", "verify")
    there.environment = before
    return data, url, said


@on("erasure", *KINDS)
def test_of_what_was_erased_nothing_remains_but_the_receipt(kind, film, tmp_path):
    with fleet(kind) as there:
        clara = there.stores.people.add(COACH, Membership.COACH, "Hill").id
        there.stores.people.add(COACH, Membership.TEACHER, "Hill")  # who has a lesson of her own too
        for email, name in NAMES.items():
            there.stores.people.call(email, name)
        there.stores.accounts.set_password(TEACHER, "long enough")
        there.stores.accounts.sign_in(TEACHER, "long enough", "here")
        there.start()
        first, of_first = full(there, film, "first")
        second, of_second = full(there, film, "second")
        anna, hers = there.owner, there.bring(film, "hers", "--teacher", COACH)
        there.stores.lessons.grant(clara, hers, TEACHER, [Grant.SEE, Grant.COMMENT])
        said = there.stores.lessons.comment(anna, hers, NewComment(1.0, TAUGHT))
        there.stores.lessons.comment(clara, hers, NewComment(1.0, COACHED, parent=said))
        there.ended(hers)
        assert there.run("backup", str(tmp_path / "kept"))

        # A lesson.
        receipt = delete(there.stores.lessons, there.data, anna, first)
        assert {"recordings", "comments", "clips", "handouts", "cycle_lessons", "utterances"} <= receipt.rows.keys()
        there.wait(
            lambda: not found_in(models.queue_url(there.settings), *of_first), "the end of its history", every=1.0
        )
        models.wipe(there.settings)
        nothing(there, [*of_first, *words("first", *OF_LESSON)])
        assert found_in(there.url, first) == {"receipts"}
        assert holding(there.data, [first]).keys() <= {"secondlook.sqlite"}
        assert "The audit log is whole" in there.run("audit", "verify")

        # A person.
        every = [word for one in ("first", "second") for word in words(one, *OF_LESSON, *OF_CYCLE)]
        told = there.run("people", "erase", TEACHER, "--yes")
        assert "Nothing remains but the receipt." in told
        nothing(there, [*of_second, anna, TEACHER, NAMES[TEACHER], *every, TAUGHT])
        assert found_in(there.url, second, first) == {"erasures"}
        stays = [one.body for one in there.stores.lessons.comments(clara, hers)]
        assert stays == [COACHED]
        assert "The audit log is whole" in there.run("audit", "verify")
        listed = there.run("audit", "list")
        assert "erased\tsigned in\t-\t-" in listed  # that it was stays, and nobody can tell who
        assert not [id for id in (anna, first, second) if id in listed]

        # The backup of before.
        data, url, told = restored(there, kind, tmp_path / "kept", tmp_path / "again", audit=True)
        assert "Erased again" in told
        gone = [first, second, *of_first, *of_second, anna, TEACHER, NAMES[TEACHER], *every, TAUGHT]
        assert found_in(url, *gone) == set()
        assert holding(data, gone) == {}
        assert found_in(url, COACHED, hers) >= {"comments", "recordings"}
        data, url, told = restored(there, kind, tmp_path / "kept", tmp_path / "unknown", audit=False)
        assert "is there again" in told
        assert found_in(url, first) >= {"recordings", "runs"}
        for worker in there.workers:
            assert worker.alive
            assert "Traceback" not in worker.text


def test_an_address_that_is_typed_wrongly_erases_nobody(film, monkeypatch):
    with fleet("sqlite") as there:
        monkeypatch.setattr("builtins.input", lambda _: "anna@hil.org")
        assert "Nothing was erased." in there.run("people", "erase", TEACHER, code=2)
        assert "Nobody has this address" in there.run("people", "erase", "nobody@hill.org", "--yes", code=2)
        assert there.stores.people.find(TEACHER) is not None


def test_what_is_left_is_said(monkeypatch):
    monkeypatch.setattr("pipelines.commands.erasing.PATIENCE_S", 0.0)
    with fleet("sqlite") as there:
        (there.data / "notes.txt").write_text(f"call {TEACHER}")
        assert "still in: notes.txt." in there.run("people", "erase", TEACHER, "--yes", code=1)
        (there.data / "notes.txt").unlink()
