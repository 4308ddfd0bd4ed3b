"""Runs and stages: who may take what, what is given back, and how a run ends."""

from __future__ import annotations

import pytest

from coaching.errors import BadInput
from coaching.jobs import Outcome, WorkerInfo
from coaching.recordings import LISTENING, MOST_TRIES, PICTURES, Priority, RunState, Stage, StageState
from models.tables import RunRow, StageRow, WorkerRow

SOUND, SPEAKERS, WORDS, MEASURES = LISTENING


def state(there, run):
    return there.jobs.one(run).run.state


def stage(there, run, name):
    return there.jobs.one(run).run.stage(name)


def test_who_waits_on_the_screen_comes_first_and_then_who_waited_longest(there):
    names = {there.run_of(there.bring(n, p)): n for n, p in (("bulk 1", Priority.BULK), ("1", Priority.SOON))}
    names |= {there.run_of(there.bring(n, p)): n for n, p in (("bulk 2", Priority.BULK), ("2", Priority.SOON))}
    waiting = there.jobs.waiting()
    assert [names[run] for run, _, _ in waiting] == ["1", "2", "bulk 1", "bulk 2"]
    there.jobs.queued(*waiting[0][:2])
    there.jobs.queued(waiting[1][0], 7)  # an attempt that is not
    assert [names[run] for run, _, _ in there.jobs.waiting(2)] == ["2", "bulk 1"]


def test_a_run_begins_once_it_may_and_again_where_its_engine_asks_again(there):
    run = there.run_of(there.bring())
    assert there.jobs.begin(run, 2) is None
    work = there.jobs.begin(run, 1)
    assert work is not None
    assert (work.stages, dict(work.options), [f.name for f in work.files]) == (
        tuple(Stage),
        {"language": "en"},
        ["fractions.mp4"],
    )
    assert there.jobs.begin(run, 1) == work
    assert state(there, run) is RunState.RUNNING
    there.jobs.cancel(run)
    assert there.jobs.begin(run, 1) is None
    assert there.jobs.begin("0" * 24, 1) is None


def test_one_stage_has_one_claim_and_stages_of_one_attempt_run_side_by_side(there):
    run, attempt = there.begin(there.bring())
    claim = there.take(run, attempt, SOUND)
    assert there.jobs.claim(run, attempt, SOUND, "worker-2") == Outcome(busy=True)
    assert there.jobs.claim(run, attempt, SOUND, "worker-1") == Outcome(busy=True)
    assert there.jobs.claim(run, attempt, Stage.WEB, "worker-2").claim is not None
    assert (claim.tries, claim.artefacts, claim.failed) == (1, {}, {})
    assert there.jobs.report(claim, 0.25)
    assert stage(there, run, SOUND).share == 0.25
    assert there.jobs.finish(claim, "a/sound")
    assert there.jobs.finish(claim, "a/sound"), "said again, because the answer was lost"
    assert there.jobs.claim(run, attempt, SOUND, "worker-1") == Outcome()
    assert there.take(run, attempt, SPEAKERS).artefacts == {SOUND: "a/sound"}


def test_a_claim_needs_a_run_that_has_begun_and_a_worker_that_is_signed_on(there):
    run = there.run_of(there.bring())
    assert there.jobs.claim(run, 1, SOUND, "worker-1") == Outcome()
    there.jobs.begin(run, 1)
    assert there.jobs.claim(run, 2, SOUND, "worker-1") == Outcome()
    assert there.jobs.claim(run, 1, SOUND, "nobody") == Outcome(busy=True)
    there.later(WorkerRow, 60, "seen")
    assert there.jobs.give_up("worker-1", 30)
    assert there.jobs.claim(run, 1, SOUND, "worker-1") == Outcome(busy=True)


def test_a_claim_whose_answer_was_lost_can_be_had_again_by_the_same_worker(there):
    run, attempt = there.begin(there.bring())
    lost = there.take(run, attempt, SOUND)
    there.later(StageRow, 31, "heard")
    assert there.jobs.claim(run, attempt, SOUND, "worker-2").busy
    there.take(run, attempt, SOUND)
    assert not there.jobs.report(lost, 0.5)
    assert not there.jobs.finish(lost, "a/lost")


def test_another_run_waits_until_the_first_has_let_go(there):
    recording = there.bring()
    first, attempt = there.begin(recording)
    claim = there.take(first, attempt, SOUND)
    assert there.jobs.cancel(first) is RunState.CANCELLED
    assert not there.jobs.report(claim, 0.5)
    there.lessons.reprocess(there.owner, recording)
    second, _ = there.begin(recording)
    assert there.jobs.claim(second, 1, Stage.WEB, "worker-2").busy
    with pytest.raises(BadInput, match="Another run"):
        there.jobs.retry(first)
    there.jobs.release(claim)
    assert stage(there, first, SOUND).tries == 0
    assert there.jobs.claim(second, 1, Stage.WEB, "worker-2").claim is not None


def test_cancelled_and_started_again_at_once_never_two_at_a_time(there):
    run, attempt = there.begin(there.bring())
    old = there.take(run, attempt, SOUND)
    there.jobs.cancel(run)
    assert there.jobs.retry(run) == tuple(Stage)
    assert there.jobs.waiting() == [(run, 2, Priority.SOON)]
    assert there.jobs.begin(run, attempt) is None
    there.jobs.begin(run, 2)
    assert there.jobs.claim(run, 2, SOUND, "worker-2").busy
    assert not there.jobs.finish(old, "a/old"), "which lets go all the same"
    new = there.take(run, 2, SOUND, "worker-2")
    there.jobs.release(old)
    assert there.jobs.report(new, 0.5)


def test_a_stage_that_stopped_its_worker_three_times_is_given_up_with_its_reason(there):
    run, attempt = there.begin(there.bring())
    for n in range(1, MOST_TRIES + 1):
        assert there.take(run, attempt, SOUND).tries == n
        assert there.jobs.bury("worker-1") == 1
        there.jobs.sign_on(WorkerInfo("worker-1", "here", 1, ("gpu",), 0.0))
    assert there.jobs.claim(run, attempt, SOUND, "worker-1") == Outcome()
    failed = stage(there, run, SOUND)
    assert (failed.state, failed.kind) == (StageState.FAILED, "Crashed")
    assert there.jobs.settle(run, attempt) is RunState.FAILED
    assert there.jobs.one(run).run.reason == failed.reason
    assert there.jobs.load().failures == {("sound", "Crashed"): 1}


def test_a_stage_given_back_untried_keeps_its_tries(there):
    run, attempt = there.begin(there.bring())
    for _ in range(2 * MOST_TRIES):
        claim = there.take(run, attempt, SOUND)
        there.jobs.release(claim)
        there.jobs.release(claim)
    assert there.take(run, attempt, SOUND).tries == 1


def test_a_worker_that_was_told_to_stop_in_the_moment_of_a_claim_gives_it_back_untried(there):
    run, attempt = there.begin(there.bring())
    for _ in range(2 * MOST_TRIES):
        claim = there.take(run, attempt, SOUND)
        assert claim.tries == 1
        assert there.jobs.bury("worker-1", untried=True) == 1
        there.jobs.release(claim)
        assert not there.jobs.finish(claim, "a/late")
        there.jobs.sign_on(WorkerInfo("worker-1", "here", 1, ("gpu",), 0.0))


def test_a_stage_that_failed_is_tried_again_only_where_it_may(there):
    run, attempt = there.begin(there.bring())
    for n in range(1, MOST_TRIES + 1):
        claim = there.take(run, attempt, SOUND)
        assert there.jobs.fail(claim, "OutOfSpace", "The disk is full.", again=True) is (n < MOST_TRIES)
    assert stage(there, run, SOUND).reason == "The disk is full."
    claim = there.take(run, attempt, Stage.WEB)
    assert not there.jobs.fail(claim, "BadRecording", "No picture.", again=False)
    assert not there.jobs.fail(claim, "BadRecording", "No picture.", again=True)


def test_a_failed_diarization_leaves_the_transcript_and_can_be_run_again_by_itself(there):
    recording = there.bring()
    run, attempt = there.begin(recording)
    there.do(run, attempt, SOUND, *PICTURES)
    there.jobs.fail(there.take(run, attempt, SPEAKERS), "OutOfMemory", "Too little memory.", again=False)
    assert there.take(run, attempt, WORDS).failed == {SPEAKERS: "Too little memory."}
    there.jobs.bury("worker-1")
    there.jobs.sign_on(WorkerInfo("worker-1", "here", 1, ("gpu",), 0.0))
    there.do(run, attempt, WORDS, MEASURES)
    assert there.jobs.settle(run, attempt) is RunState.READY
    assert [s.stage for s in there.jobs.one(run).run.missing] == [SPEAKERS]
    before = there.lessons.machine(there.owner, run)
    assert there.jobs.retry(run) == (SPEAKERS, WORDS, MEASURES)
    assert state(there, run) is RunState.WAITING
    assert there.lessons.machine(there.owner, run) == before, "people keep what stands until it is replaced"
    run, attempt = there.begin(recording)
    there.jobs.fail(there.take(run, attempt, SPEAKERS), "OutOfMemory", "Too little memory.", again=False)
    assert there.jobs.settle(run, attempt) is RunState.READY, "the older transcript still stands"


def test_pictures_are_run_again_while_the_lesson_stays_ready(there):
    recording, run = there.ready()
    assert there.jobs.retry(run, [Stage.WEB]) == (Stage.WEB,)
    assert there.jobs.waiting() == [(run, 2, Priority.SOON)]
    assert state(there, run) is RunState.READY
    with pytest.raises(BadInput, match="at work"):
        there.jobs.retry(run, [SPEAKERS])
    work = there.jobs.begin(run, 2)
    assert work is not None
    assert work.stages == (Stage.WEB,)
    claim = there.take(run, 2, Stage.WEB)
    assert there.jobs.cancel(run) is RunState.READY
    assert not there.jobs.report(claim, 0.5)
    assert there.jobs.settle(run, 2) is RunState.READY
    assert there.lessons.recording(there.owner, recording).run.state is RunState.READY


def test_the_lesson_is_ready_before_its_pictures(there):
    recording = there.bring()
    run, attempt = there.begin(recording)
    web = there.take(run, attempt, Stage.WEB, "worker-2")
    there.do(run, attempt, *LISTENING)
    assert state(there, run) is RunState.READY
    assert there.jobs.report(web, 0.5)
    with pytest.raises(BadInput, match="worked on"):
        there.lessons.reprocess(there.owner, recording)
    assert there.jobs.settle(run, attempt) is RunState.READY
    there.do(run, attempt, *there.still_to_do(run))
    there.jobs.fail(web, "BadRecording", "No picture.", again=False)
    assert there.jobs.retry(run) == (Stage.WEB,), "it is over with the last picture"


def test_a_run_that_failed_for_want_of_space_waits_and_begins_again(there):
    run, attempt = there.begin(there.bring())
    there.jobs.fail(there.take(run, attempt, SOUND), "OutOfSpace", "The disk is full.", again=False)
    assert there.jobs.settle(run, attempt, retry_in_s=60) is RunState.WAITING
    assert there.jobs.one(run).run.reason == "The disk is full."
    assert there.jobs.settle(run, attempt) is None
    assert there.jobs.waiting() == []
    there.later(RunRow, 61, "not_before")
    assert there.jobs.waiting() == [(run, 2, Priority.SOON)]
    work = there.jobs.begin(run, 2)
    assert work is not None
    assert work.stages == tuple(Stage)


def test_a_run_that_nobody_hears_of_is_named_and_put_back(there):
    run, attempt = there.begin(there.bring())
    there.jobs.queued(run, attempt)
    claim = there.take(run, attempt, SOUND)
    assert there.jobs.stalled(60) == []
    there.later(RunRow, 100, "heard")
    assert there.jobs.stalled(60) == [], "its stage was heard"
    there.later(StageRow, 100, "heard")
    assert there.jobs.stalled(60) == [(run, attempt)]
    there.jobs.again(run, attempt)
    there.jobs.again(run, attempt)
    assert there.jobs.waiting() == [(run, attempt + 1, Priority.SOON)]
    assert not there.jobs.report(claim, 0.5)
    assert state(there, run) is RunState.WAITING


def test_a_worker_is_taken_over_by_one_and_its_work_is_given_back(there):
    run, attempt = there.begin(there.bring())
    claim = there.take(run, attempt, SOUND)
    assert not there.jobs.give_up("worker-1", 10)
    there.later(WorkerRow, 11, "seen")
    assert there.jobs.beat("worker-2")
    assert [w.id for w in there.jobs.workers() if w.idle_s > 10] == ["worker-1"]
    assert there.jobs.give_up("worker-1", 10)
    assert not there.jobs.give_up("worker-1", 10)
    assert not there.jobs.beat("worker-1"), "it wakes up, and others have its work"
    assert there.jobs.bury("worker-1") == 1
    assert not there.jobs.report(claim, 0.9)
    assert not there.jobs.finish(claim, "a/zombie")
    assert there.take(run, attempt, SOUND, "worker-2").tries == 2
    assert [w.id for w in there.jobs.workers()] == ["worker-2"]


def test_who_took_over_and_died_too_does_not_keep_the_work(there):
    run, attempt = there.begin(there.bring())
    there.take(run, attempt, SOUND)
    there.later(WorkerRow, 11, "seen")
    assert there.jobs.give_up("worker-1", 10)
    there.later(WorkerRow, 31, "given_up")
    assert there.jobs.give_up("worker-1", 10)


def test_jobs_are_named_by_the_beginning_of_an_id(there):
    recording = there.bring()
    run = there.run_of(recording)
    for name in (run, run[:6], recording, recording[:6]):
        job = there.jobs.one(name)
        assert (job.run.id, job.recording, job.owner, job.name) == (run, recording, there.owner, "fractions")
    for name in ("abc", "", "%%%%", "____", "zzzz", "\x00" * 8, "0" * 24):
        with pytest.raises(BadInput):
            there.jobs.one(name)


def test_what_there_is_to_do_is_counted(there):
    there.bring("a")
    run, attempt = there.begin(there.bring("b"))
    there.take(run, attempt, SOUND)
    there.later(RunRow, 50, "since")
    load = there.jobs.load()
    assert load.runs == {"waiting": 1, "running": 1}
    assert load.stages == {("cpu", "waiting"): 13, ("gpu", "waiting"): 4, ("cpu", "running"): 1}
    assert 49 < load.oldest_waiting_s < 60
    waited = {job.name: job.seconds_waiting for job in there.jobs.all()}
    assert waited["a"] > 49
    assert waited["b"] == 0


@pytest.mark.parametrize("step", ["cancel", "retry"])
def test_what_is_not_there_is_said(there, step):
    with pytest.raises(BadInput, match="no such job"):
        getattr(there.jobs, step)("0" * 24)


def test_there_is_nothing_to_do_again_where_everything_is_done(there):
    run, attempt = there.begin(there.bring())
    there.do(run, attempt, *Stage)
    there.jobs.settle(run, attempt)
    with pytest.raises(BadInput, match="nothing to do"):
        there.jobs.retry(run)
    assert there.jobs.retry(run, [SPEAKERS]) == (SPEAKERS, WORDS, MEASURES)
