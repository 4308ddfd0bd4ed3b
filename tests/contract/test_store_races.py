"""Many at once: of those who want the same, exactly one gets it."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

from coaching.corrections import Correction, Kind
from coaching.jobs import WorkerInfo
from coaching.people import Membership
from coaching.recordings import Stage
from coaching.spans import Span
from models.database import Database
from models.jobs import JobStore
from models.people import PeopleStore
from models.tables import WorkerRow

AT_ONCE = 6


def everybody(step):
    """What `step(n)` gives for each of those who ask at the same moment."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(step, range(AT_ONCE)))


def _claim(url, run, attempt, start, answers, worker):
    jobs = JobStore(Database(url))
    jobs.workers()  # connected
    start.wait()
    answers.put(jobs.claim(run, attempt, Stage.SOUND, worker).claim is not None)


def test_of_two_processes_one_gets_the_claim(there):
    run, attempt = there.begin(there.bring())
    spawn = multiprocessing.get_context("spawn")
    start, answers = spawn.Barrier(2), spawn.Queue()
    asking = [
        spawn.Process(target=_claim, args=(there.url, run, attempt, start, answers, f"worker-{n}")) for n in (1, 2)
    ]
    for process in asking:
        process.start()
    got = [answers.get(timeout=60) for _ in asking]
    for process in asking:
        process.join(10)
    assert sorted(got) == [False, True]


@pytest.mark.parametrize("round", range(3))
def test_of_many_threads_one_gets_the_claim(there, round):
    run, attempt = there.begin(there.bring())
    got = everybody(lambda n: there.jobs.claim(run, attempt, Stage.SOUND, "worker-1"))
    claim = next(outcome.claim for outcome in got if outcome.claim)
    assert sum(outcome.busy for outcome in got) == AT_ONCE - 1
    assert everybody(lambda n: there.jobs.finish(claim, "a/x")) == [True] * AT_ONCE, "said again is once"


def test_of_many_reapers_one_takes_over(there):
    there.later(WorkerRow, 60, "seen")
    assert sorted(everybody(lambda n: there.jobs.give_up("worker-1", 30))) == [False] * (AT_ONCE - 1) + [True]


def test_a_burial_and_what_the_dead_still_do_end_in_one_story(there):
    for n in range(5):
        run, attempt = there.begin(there.bring(f"lesson {n}"))
        claim = there.take(run, attempt, Stage.SOUND, "worker-2")
        steps = [
            lambda: there.jobs.bury("worker-2"),
            lambda claim=claim: there.jobs.finish(claim, "a/x"),
            lambda claim=claim: there.jobs.claim(claim.run, claim.attempt, Stage.WEB, "worker-2"),
            lambda claim=claim: there.jobs.cancel(claim.run),
            lambda claim=claim: there.jobs.report(claim, 0.5),
        ]
        with ThreadPoolExecutor(len(steps)) as pool:
            for done in [pool.submit(step) for step in steps]:
                done.result()
        there.jobs.sign_on(WorkerInfo("worker-2", "here", 1, ("cpu",), 0.0))
        there.jobs.bury("worker-2")
        assert not any(s.state == "running" for s in there.jobs.one(run).run.stages)
        there.jobs.sign_on(WorkerInfo("worker-2", "here", 1, ("cpu",), 0.0))


def test_the_same_recording_and_the_same_person_come_in_once(there):
    assert len(set(everybody(lambda n: there.bring("same")))) == 1
    people = PeopleStore(there.database)
    assert len({p.id for p in everybody(lambda n: people.add("new@school.org", Membership.COACH, "New"))}) == 1


def test_corrections_made_at_once_are_all_kept_in_an_order(there):
    recording, _ = there.ready()
    correction = Correction(Kind.NAME, (Span(0, 1),), text="Ana")
    made = everybody(lambda n: there.lessons.correct(there.owner, recording, correction))
    assert sorted(c.id for c in there.lessons.corrections(there.owner, recording)) == sorted(made)
