"""Files that break the program, a disk that is full, machines that do one kind of work: nothing is lost by them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import on
from fleet import Fleet, cut_lesson, fleet

from coaching.recordings import PICTURES, QUEUES, Priority, Queue, RunState, Stage, StageState

MISSING = "The voices could not be told apart in this run"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_lesson(tmp_path_factory.mktemp("film"))


@pytest.fixture
def there(kind: str) -> Iterator[Fleet]:
    with fleet(kind) as made:
        yield made


@on("limits", "postgresql")
def test_a_poison_file_fails_after_three_tries_with_its_reason_and_blocks_nobody(kind, there, film):
    worker = there.start("--concurrency", "1")
    with there.faults.breaks("poison"):
        poison = there.bring(film, "poison")
        good = there.bring(film)
        there.ended(good)
        there.wait(lambda: there.job(poison)["state"] == "failed", "the end of the poison")
    job = there.listed()[poison]
    assert (job["state"], job["stage"]) == ("failed", "sound")
    assert "broke down (signal 11)" in job["reason"]
    tries = [e.fields["try"] for e in there.find("stage started", recording=poison, stage=Stage.SOUND)]
    assert tries == [1, 2, 3]
    assert worker.alive
    there.check_once(good)
    there.check_clean(good, poison)
    there.check_logs(good)
    # When whatever it was is mended, it goes on from there.
    assert "sound" in there.run("jobs", "retry", poison)
    there.ended(poison)
    there.check_clean(poison)


@on("limits", "sqlite")
def test_what_is_no_recording_fails_at_once(kind, there, film, tmp_path):
    (tmp_path / "lesson.mp4").write_bytes(b"this was a holiday, not a lesson" * 1000)
    there.start()
    broken, good = there.add(tmp_path / "lesson.mp4", Priority.SOON), there.add(film, Priority.SOON)
    there.ended(broken, state=RunState.FAILED)
    there.ended(good)
    assert len(there.find("stage started", recording=broken, stage=Stage.SOUND)) == 1
    reason = there.listed()[broken]["reason"]
    assert "lesson.mp4" in reason
    assert len(reason.splitlines()) == 1
    there.check_clean(good, broken)


@on("limits", "postgresql")
def test_without_speakers_the_words_stay_and_the_speakers_can_be_had_later(kind, there, film):
    there.start()
    with there.faults.fails("speakers.json"):
        recording = there.bring(film)
        there.ended(recording)
    states = there.stages(recording)
    assert {stage for stage, state in states.items() if state is StageState.FAILED} == {Stage.SPEAKERS}
    assert there.job(recording)["state"] == "ready"
    shown = there.run("jobs", "show", recording)
    assert "speakers  failed" in shown
    assert "RuntimeError" in shown
    run = there.stores.jobs.one(recording).run.id
    without = there.stores.lessons.machine(there.owner, run)
    assert "board" in " ".join(u.text for u in without.transcript.utterances)
    assert all(m.value is None and m.reason and m.reason.startswith(MISSING) for m in without.measures)

    assert there.run("jobs", "retry", recording).startswith("Waiting again, for: speakers, words, measures")
    there.ended(recording)
    mended = there.stores.lessons.machine(there.owner, run)
    assert any(m.value is not None for m in mended.measures)
    assert (without.roles.teacher, mended.roles.teacher) == (None, "speaker_1")
    there.check_once(recording, again=[Stage.WORDS, Stage.MEASURES])
    there.check_clean(recording)


@on("limits", "sqlite")
def test_what_stands_is_replaced_only_by_what_is_whole(kind, there, film):
    there.start()
    recording = there.bring(film)
    there.ended(recording)
    run = there.stores.jobs.one(recording).run.id
    before = there.stores.lessons.machine(there.owner, run)
    with there.faults.fails("words.json"):
        there.run("jobs", "retry", recording, "--stage", "words")
        there.see("stage failed", known=2, recording=recording, stage=Stage.WORDS)
        job = there.wait(lambda: (job := there.listed()[recording])["reason"] and job, "the reason")
    assert job["state"] == "ready"
    assert "RuntimeError" in job["reason"]
    assert there.stores.lessons.machine(there.owner, run) == before
    assert "words" in {str(s.stage) for s in there.stores.jobs.one(recording).run.missing}
    assert there.run("jobs", "retry", recording).startswith("Waiting again, for: words, measures.")
    there.wait(lambda: there.stages(recording)["measures"] is StageState.DONE, "the lesson")
    there.ended(recording)
    assert there.listed()[recording]["reason"] is None
    assert there.stores.lessons.machine(there.owner, run).transcript == before.transcript
    there.check_clean(recording)


@on("limits", "postgresql")
def test_without_a_picture_everything_else_is_there_and_it_can_be_had_later(kind, there, film):
    there.start()
    with there.faults.fails("poster.jpg"):
        recording = there.bring(film)
        there.ended(recording)
    states = there.stages(recording)
    assert {stage for stage, state in states.items() if state is StageState.FAILED} == {Stage.POSTER}
    assert there.listed()[recording] | {"id": 0} == {
        "id": 0,
        "recording": recording,
        "state": "ready",
        "stage": None,
        "percent": 100.0,
        "reason": None,
    }
    assert there.run("jobs", "retry", recording).startswith("Waiting again, for: poster.")
    assert there.job(recording)["state"] == "ready"
    there.ended(recording)
    there.check_once(recording)
    there.check_clean(recording)


@on("limits", "sqlite")
def test_a_machine_for_cpu_stages_never_takes_a_gpu_stage(kind, there, film):
    cpu = there.start("--queues", "cpu")
    recording = there.bring(film)
    pictures = set(PICTURES) | {Stage.SOUND}
    there.wait(
        lambda: {s for s, state in there.stages(recording).items() if state is StageState.DONE} == pictures, "the rest"
    )
    job = there.listed()[recording]
    assert (job["state"], job["stage"]) == ("running", "speakers")
    gpu = there.start("--queues", "gpu")
    there.ended(recording)
    did = {number: {e.stage for e in there.find("stage started", worker=number)} for number in (cpu.number, gpu.number)}
    assert did == {
        cpu.number: {s for s in Stage if QUEUES[s] is Queue.CPU},
        gpu.number: {s for s in Stage if QUEUES[s] is Queue.GPU},
    }
    there.check_once(recording)
    there.check_clean(recording)


@on("limits", "postgresql")
def test_each_worker_does_as_much_at_once_as_it_was_told(kind, there, film):
    lessons = [there.bring(film) for _ in range(5)]  # before anybody begins: there is enough to do at once
    one, three = there.launch("--concurrency", "1"), there.launch("--concurrency", "3")
    there.ended(*lessons)
    for stages in (("speakers", "words"), ("sound", "measures"), PICTURES):
        assert most_at_once(there, one.number, stages) <= 1
        assert most_at_once(there, three.number, stages) <= 3
    assert most_at_once(there, three.number, ("speakers", "words")) > 1
    for lesson in lessons:
        there.check_once(lesson)
    there.check_clean(*lessons)


def most_at_once(there: Fleet, worker: int, stages: tuple[str, ...]) -> int:
    spans = [(a, b) for a, b, e in there.intervals() if e.worker == worker and e.stage in stages]
    return max((sum(a <= start < b for a, b in spans) for start, _ in spans), default=0)


@on("limits", "sqlite")
def test_a_lesson_for_which_somebody_waits_overtakes_an_import(kind, there, film):
    imported = [there.bring(film) for _ in range(8)]  # so that some still wait, however slow the machine
    there.start("--concurrency", "1")
    there.see("stage started", recording=imported[0], stage=Stage.SPEAKERS)
    waited_for = there.add(film, Priority.SOON)
    heard = there.see("stage finished", recording=waited_for, stage=Stage.SOUND).at

    def order() -> list[str]:
        later = [e for e in there.find("stage started", stage=Stage.SPEAKERS) if e.at > heard]
        return [e.recording for e in sorted(later, key=lambda e: e.at)]

    there.wait(lambda: len(order()) > 3, "those for whom it had to wait")
    assert order().index(waited_for) <= 2, order()  # what was taken out of the queue already is not put back for it


@on("limits", "sqlite")
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("mount"), reason="a small disk can only be mounted by root")
def test_a_full_disk_makes_a_lesson_wait_until_there_is_room(kind, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        (disk / "data").mkdir()
        with fleet(kind, data=disk / "data") as there:
            recording = there.bring(cut_lesson(tmp_path, seconds=120))
            # Two minutes of sound are 3.8 MB: they do not fit, and what the databases write does.
            ballast = disk / "films of somebody else"
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - 3_000_000)
            worker = there.start()
            there.see("stage failed", recording=recording, stage=Stage.SOUND, kind="OutOfSpace")
            job = there.wait(lambda: (job := there.listed()[recording])["reason"] and job, "the reason")
            assert job["state"] == "waiting"
            assert job["reason"].startswith("The disk of the data folder has ")
            assert str(disk) not in job["reason"]
            ballast.unlink()
            there.ended(recording)
            assert worker.alive
            assert there.listed()[recording]["reason"] is None
            there.check_clean(recording)
            there.check_logs(recording)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
