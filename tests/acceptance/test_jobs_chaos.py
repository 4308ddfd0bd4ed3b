"""Workers that are killed, stopped and cut off from their database: every lesson is finished, each stage of it once."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from databases import KINDS, in_turns, on, postgresql
from fleet import ENDS, Fleet, cut_lesson, fleet
from sqlalchemy import make_url
from workers import WorkerProcess, lives

import models
from coaching.recordings import LISTENING, PICTURES, Priority, RunState, Stage, StageState, readers

STUCK_S = 8


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_lesson(tmp_path_factory.mktemp("film"))


@pytest.fixture(scope="module")
def slow_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_lesson(tmp_path_factory.mktemp("film"), slow_pictures=True)


@pytest.fixture
def there(kind: str) -> Iterator[Fleet]:
    with fleet(kind, SECONDLOOK_WORKER_STUCK_S=str(STUCK_S)) as made:
        yield made


def kill_in(there: Fleet, recording: str, stage: Stage, known: int = 0) -> bool:
    """kill -9 whoever does this stage next, and have another in its place; False where it was faster than we."""
    with there.faults.slows(f".{stage}-"):  # what it writes: else some are over before they can be hit
        event = there.see("stage started", known, recording=recording, stage=stage)
        time.sleep(0.3)
        victim = there.workers[event.worker]
        hands = [victim.process.pid, *(h.pid for h in victim.hands())]
        victim.kill()
    there.wait(lambda: not any(map(psutil.pid_exists, hands[1:])), "the end of its hands")
    there.launch()
    return not there.find("stage finished", recording=recording, stage=stage, worker=victim.number)


def pause(there: Fleet, worker: WorkerProcess) -> None:
    """Stop it, and not within a transaction on SQLite, in which nobody else could write until it wakes up."""

    def others_can_write() -> bool:
        for url in (there.url, models.queue_url(there.settings)) if there.kind == "sqlite" else ():
            with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as connection:
                try:
                    connection.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:  # after five seconds
                    return False
                connection.execute("ROLLBACK")
        return True

    worker.signal(signal.SIGSTOP)
    while not others_can_write():
        worker.signal(signal.SIGCONT)
        time.sleep(0.1)
        worker.signal(signal.SIGSTOP)


@in_turns(
    "chaos",
    "stages",
    (Stage.SOUND, Stage.SPEAKERS),
    (Stage.WEB, Stage.WORDS),
    (Stage.MEASURES, Stage.PEAKS),
    (Stage.AUDIO,),
    (Stage.POSTER, Stage.SPRITE),
)
def test_killed_in_every_stage(kind, stages, there, film):
    """Each stage is hit in its midst: where it was faster than the kill, it is done again and hit again.

    No lesson is hit more than twice on its way, for what was at work beside is hit with it, and three times are a
    poison file.
    """
    there.start()
    there.start()
    recording, again = there.bring(film), []
    missed = [stage for stage in stages if not kill_in(there, recording, stage)]
    there.ended(recording)
    for stage in missed:
        for _ in range(6):
            known = len(there.find("stage started", recording=recording, stage=stage))
            with there.faults.slows(f".{stage}-"):
                there.run("jobs", "retry", recording, "--stage", stage)
                again += readers([stage])
                hit = kill_in(there, recording, stage, known)
            there.ended(recording)
            if hit:
                break
        else:
            pytest.fail(f"{stage} could not be hit in its midst")
    there.check_once(recording, again=again)
    there.check_clean(recording)
    there.check_logs(recording)
    (run,) = there.stores.lessons.runs(there.owner, recording)
    assert all(s.state is StageState.DONE for s in run.stages)
    assert sum(s.tries for s in run.stages) > len(run.stages) or missed


@on("chaos", "sqlite")
def test_the_only_worker_is_killed_and_the_next_one_begins_later(kind, there, film):
    first = there.start()
    recording = there.bring(film)
    there.see("stage started", recording=recording, stage=Stage.SPEAKERS)
    first.kill()
    there.wait(lambda: not there.processes(), "the end of what the dead one had begun")
    assert there.job(recording)["state"] == "running"
    there.start()
    there.ended(recording)
    there.check_once(recording)
    there.check_clean(recording)
    assert there.listed()[recording]["state"] == "ready"


@on("chaos", *KINDS)
def test_two_of_three_are_killed_at_once(kind, there, film):
    """All three begin on a new database at the same moment, too."""
    workers = [there.launch() for _ in range(3)]
    for worker in workers:
        there.started(worker)
    recordings = [there.add(film, Priority.SOON) for _ in range(3)]

    def two_at_work() -> list[int]:
        begun, ended = (
            {(e.worker, e.recording, e.stage) for event in events for e in there.find(event)}
            for events in (("stage started",), ENDS)
        )
        at_work = sorted({worker for worker, *_ in begun - ended})
        return at_work if len(at_work) >= 2 else []

    one, two = there.wait(two_at_work, "two who are at work", every=0.01)[:2]
    workers[one].process.kill()
    workers[two].process.kill()
    workers[one].process.wait()
    workers[two].process.wait()
    there.ended(*recordings)
    for recording in recordings:
        there.check_once(recording)
    there.check_clean(*recordings)
    there.check_logs(*recordings)
    (left,) = [w for w in workers if w.alive]
    # Each is taken over from once. A lock file of the dead would be found, and asked about, for ever.
    assert len(there.find("took over", worker=left.number)) == 2
    assert len(list((there.data / "workers").glob("*.lock"))) <= 1


@on("chaos", "postgresql")
@pytest.mark.parametrize("stage", [Stage.SPEAKERS, Stage.MEASURES])
def test_the_database_is_gone_for_ten_seconds(kind, stage, there, film):
    workers = [there.start(), there.start()]
    recording = there.bring(film)
    there.see("stage started", recording=recording, stage=stage)
    server = postgresql()
    server.stop()
    try:
        time.sleep(10)
    finally:
        server.start()
    there.ended(recording)
    later = there.bring(film)
    there.ended(later)
    assert all(w.alive for w in workers), there.told()
    for each in (recording, later):
        there.check_once(each)
    there.check_clean(recording, later)
    there.check_logs(recording, later)
    assert {e.kind for e in there.find("database")} <= {"Unreachable"}
    assert not there.find("took over"), there.told()


@in_turns("chaos", "wakes", "in its midst", "afterwards")
def test_a_worker_that_was_paused_writes_nothing_when_it_wakes_up(kind, wakes, there, film):
    one, two = there.start(), there.start()
    recording = there.bring(film)
    event = there.see("stage started", recording=recording, stage=Stage.WORDS)
    paused, other = (one, two) if event.worker == one.number else (two, one)
    pause(there, paused)
    before = len(paused.events())
    there.see("stage started", recording=recording, stage=Stage.WORDS, worker=other.number)
    if wakes == "afterwards":
        there.ended(recording)
    known = there.stores.jobs.one(recording).run.stages
    paused.signal(signal.SIGCONT)
    assert paused.process.wait(120) == 1
    said = [e for e in paused.events()[before:] if e.event not in ("database", "look", "library")]
    events = {"given up by the others; start this worker again", "stage taken over", "stage stopped"}
    assert {e.event for e in said} <= events, said
    assert len([e for e in said if e.event.startswith("given up")]) == 1
    there.ended(recording)
    if wakes == "afterwards":
        assert there.stores.jobs.one(recording).run.stages == known
    there.check_once(recording)
    there.check_clean(recording)
    there.check_logs(recording)
    assert other.alive


@on("chaos", "postgresql")
def test_cancel_then_retry_at_once_is_never_two_at_a_time(kind, there, slow_film):
    """Two workers, so that the next attempt finds somebody free while the last one is still being stopped."""
    there.start(), there.start()
    recording = there.bring(slow_film)
    for attempt, stage in enumerate((Stage.WEB, Stage.SPEAKERS, Stage.WEB), 1):
        there.see("stage started", recording=recording, stage=stage, attempt=attempt)
        old = there.wait(lambda: films(there), "ffmpeg at work") if stage is Stage.WEB else films(there)
        assert there.stores.jobs.cancel(there.stores.jobs.one(recording).run.id) is RunState.CANCELLED
        cancelled = time.monotonic()
        there.stores.jobs.retry(there.stores.jobs.one(recording).run.id)
        there.wait(lambda old=old: not alive(old), "the end of ffmpeg", every=0.02)
        assert time.monotonic() - cancelled < 20  # a second, where a machine has time (test_work_hands)
        there.see("stage stopped", recording=recording, stage=stage, attempt=attempt)
    there.wait(lambda: there.job(recording)["state"] == "ready", "the lesson")
    there.see("stage started", recording=recording, stage=Stage.WEB, attempt=4)
    there.ended(recording)
    spans = there.intervals(recording=recording)
    assert {event.attempt for *_, event in spans} == {1, 2, 3, 4}
    for begin, end, event in spans:
        beside = [e for b, e_, e in spans if e.attempt != event.attempt and b < end and begin < e_]
        assert not beside, (event, beside)
    for stage in Stage:
        assert len(there.find("stage finished", recording=recording, stage=stage)) == 1, there.told()
    there.check_clean(recording)


@on("chaos", "sqlite")
def test_told_to_end_it_gives_its_stages_back_and_the_next_one_goes_on(kind, there, slow_film):
    worker = there.start()
    recording = there.bring(slow_film)
    there.see("stage started", recording=recording, stage=Stage.SPEAKERS)
    there.wait(lambda: films(there), "ffmpeg at work")
    worker.signal(signal.SIGTERM)
    told = time.monotonic()
    assert worker.process.wait(120) == 0
    assert time.monotonic() - told < 30
    assert not there.processes()
    assert there.find("worker stopped", worker=worker.number)
    tries = {s.stage: (s.state, s.tries) for s in there.stores.jobs.one(recording).run.stages}
    assert tries[Stage.SPEAKERS] == tries[Stage.WEB] == (StageState.WAITING, 0)
    assert not list((there.data / "workers").glob("*")) or kind == "postgresql"
    there.start()
    there.see("stage started", known=1, recording=recording, stage=Stage.SPEAKERS)
    assert not there.find("took over"), "nobody has to be found dead"
    there.ended(recording)
    there.check_once(recording)
    there.check_clean(recording)
    assert {s.tries for s in there.stores.jobs.one(recording).run.stages} == {1}
    assert set(there.stages(recording)) == {*LISTENING, *PICTURES}


@on("chaos", "postgresql")
def test_told_to_end_again_and_again_nothing_is_stranded_and_no_try_is_lost(kind, there, film):
    recording = there.bring(film)
    for n, stage in enumerate((Stage.SOUND, Stage.SPEAKERS, Stage.SPEAKERS, Stage.WORDS)):
        worker = there.start()
        there.see("stage started", recording=recording, stage=stage, worker=worker.number)
        time.sleep(0.15 * n)
        worker.signal(signal.SIGTERM)
        assert worker.process.wait(120) == 0, worker.text
        assert not there.processes()
    there.start()
    there.ended(recording)
    there.check_once(recording)
    there.check_clean(recording)
    there.check_logs(recording)
    assert {s.tries for s in there.stores.jobs.one(recording).run.stages} == {1}
    assert not there.find("took over")


def films(there: Fleet) -> list[psutil.Process]:
    """ffmpeg processes at work."""
    return there.processes("ffmpeg")


def alive(processes: list[psutil.Process]) -> list[psutil.Process]:
    return [p for p in processes if lives(p)]
