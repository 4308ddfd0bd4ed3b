"""What an administrator sees of the work on lessons: their schools' jobs, and no word of a lesson."""

from __future__ import annotations

from dataclasses import fields

import pytest
from stores import OTHERS

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.jobs import WorkerInfo
from coaching.oversight import Kind, Overview, why
from coaching.people import Membership
from coaching.recordings import LISTENING, RunState, Stage
from coaching.services.jobs import retry, stop
from models.tables import RunRow, StageRow, WorkerRow

SOUND, SPEAKERS, WORDS, MEASURES = LISTENING
NOTHING = Overview({}, 0, ())


@pytest.fixture
def admin(there):
    return there.cast["admin"]


def seen(there, admin, **asked):
    """The kind of each job that is shown, and why, in order."""
    return [(job.kind, why(job)) for job in there.jobs.overseen(admin, **asked).jobs]


def fail(there, recording, reason="No sound.", stage=SOUND):
    run, attempt = there.begin(recording)
    there.jobs.fail(there.take(run, attempt, stage), "BadRecording", reason, again=False)
    there.jobs.settle(run, attempt)
    return run


def test_an_admin_sees_the_work_for_their_own_school_and_nobody_else_sees_any(there, admin):
    run = there.run_of(there.bring())
    there.bring("elsewhere", owner="stranger")
    overview = there.jobs.overseen(admin)
    assert [(job.run.id, job.owner.email, job.schools) for job in overview.jobs] == [
        (run, "owner@school.org", ("North",))
    ]
    assert (dict(overview.counts), overview.found) == ({Kind.WAITING: 1}, 1)
    for who in ("owner", *OTHERS):
        if who != "admin":
            assert there.jobs.overseen(there.cast[who]) == NOTHING
    for nobody in ("0" * 24, "", "\x00", "admin", "%"):
        assert there.jobs.overseen(nobody) == NOTHING


def test_whom_the_school_let_go_sees_none_of_it_any_more(there, admin):
    there.bring()
    there.people.leave("admin@school.org")
    assert there.jobs.overseen(admin) == NOTHING


def test_who_administers_two_schools_sees_both_and_who_teaches_at_two_is_shown_once(there, admin):
    there.people.add("admin@school.org", Membership.ADMIN, "South")
    there.people.add("admin@school.org", Membership.COACH, "East")
    for school in ("South", "East"):
        there.people.add("owner@school.org", Membership.TEACHER, school)
    there.bring()
    there.bring("elsewhere", owner="stranger")
    schools = {job.owner.email: job.schools for job in there.jobs.overseen(admin).jobs}
    assert schools == {"owner@school.org": ("North", "South"), "stranger@school.org": ("South",)}


def test_no_word_of_the_lesson_is_in_what_an_admin_sees(there, admin):
    fail(there, there.bring("Macbeth"), "Macbeth.mp4 has no sound; the sound of 1.mp4 is gone.")
    (job,) = there.jobs.overseen(admin).jobs
    assert why(job) == "The recording has no sound; the sound of the recording is gone."
    assert job.run.stage(SOUND).reason == why(job)
    assert (dict(job.run.options), "Macbeth" in repr(job)) == ({}, False)
    assert "name" not in {field.name for field in fields(job)}


def test_what_needs_a_hand_comes_first_with_the_reason_why(there, admin):
    there.ready("done")
    there.bring("waits")
    fail(there, there.bring("fails"))
    there.jobs.cancel(there.run_of(there.bring("stopped")))
    run, attempt = there.begin(there.bring("at work"))
    there.jobs.report(there.take(run, attempt, SOUND), 0.5)
    run, attempt = there.begin(there.bring("silent"))
    there.take(run, attempt, SOUND, "worker-2")
    run, attempt = there.begin(there.bring("full"))
    there.jobs.fail(there.take(run, attempt, SOUND), "OutOfSpace", "The disk is full.", again=False)
    there.jobs.settle(run, attempt, retry_in_s=600)
    with there.database.write() as session:
        row = session.get(WorkerRow, "worker-2")
        row.seen -= 61
    found = seen(there, admin)
    assert {kind for kind, _ in found[:2]} == {Kind.STUCK}
    assert sorted(found[:2], key=lambda job: job[1]) == [
        (Kind.STUCK, "Its worker gives no sign of life. Another one that runs takes over by itself."),
        (Kind.STUCK, "The disk is full. It begins again by itself in 10 min."),
    ]
    assert found[2:] == [
        (Kind.FAILED, "No sound."),
        (Kind.AT_WORK, ""),
        (Kind.WAITING, "Starts by itself when a worker is free."),
        (Kind.STOPPED, "Somebody stopped it."),
        (Kind.READY, ""),
    ]
    assert there.jobs.overseen(admin).counts == {kind: 2 if kind is Kind.STUCK else 1 for kind in Kind}


def test_what_no_living_worker_can_do_is_stuck(there, admin):
    run, attempt = there.begin(there.bring())
    there.bring("another")
    there.jobs.bury("worker-1")
    there.jobs.bury("worker-2")
    assert [kind for kind, _ in seen(there, admin)] == [Kind.STUCK] * 2
    assert "No worker that runs can do this." in seen(there, admin)[0][1]
    there.jobs.sign_on(WorkerInfo("worker-1", "here", 1, ("cpu",), 0.0))
    assert [kind for kind, _ in seen(there, admin)] == [Kind.WAITING] * 2
    there.do(run, attempt, SOUND)
    assert [kind for kind, _ in seen(there, admin)] == [Kind.STUCK, Kind.WAITING], "speakers need a worker for models"


def test_a_lesson_of_which_a_picture_failed_has_failed_in_part(there, admin):
    run, attempt = there.begin(there.bring())
    there.do(run, attempt, *LISTENING)
    there.jobs.settle(run, attempt)
    assert seen(there, admin) == [(Kind.WAITING, "Starts by itself when a worker is free.")], "its pictures do"
    there.jobs.fail(there.take(run, attempt, Stage.WEB), "BadRecording", "No picture.", again=False)
    there.do(run, attempt, *there.still_to_do(run))
    assert seen(there, admin) == [(Kind.FAILED, "No picture.")]
    (job,) = there.jobs.overseen(admin).jobs
    assert job.run.state is RunState.READY


def test_since_when_and_on_which_worker(there, admin):
    there.bring("waits")
    run, attempt = there.begin(there.bring("at work"))
    there.take(run, attempt, SOUND)
    there.later(RunRow, 500, "since")
    there.later(StageRow, 100, "started")
    at_work, waits = there.jobs.overseen(admin).jobs
    assert (99 < at_work.since_s < 130, at_work.worker) == (True, "worker-1")
    assert (499 < waits.since_s < 530, waits.worker) == (True, None)
    there.later(RunRow, 1000, "heard")
    there.jobs.cancel(run)
    (stopped,) = there.jobs.overseen(admin, Kind.STOPPED).jobs
    assert stopped.since_s < 30


def test_they_are_found_by_kind_by_the_beginning_of_an_id_and_page_by_page(there, admin):
    recordings = [there.bring(f"lesson {n}") for n in range(7)]
    runs = [there.run_of(r) for r in recordings]
    fail(there, recordings[3])
    pages = [there.jobs.overseen(admin, skip=skip, limit=3) for skip in (0, 3, 6, 9)]
    assert [[job.run.id for job in page.jobs] for page in pages] == [
        [runs[3], runs[0], runs[1]],
        [runs[2], runs[4], runs[5]],
        [runs[6]],
        [],
    ]
    assert {page.found for page in pages} == {7}
    waiting = there.jobs.overseen(admin, Kind.WAITING, limit=2)
    assert (waiting.found, len(waiting.jobs), dict(waiting.counts)) == (6, 2, {Kind.WAITING: 6, Kind.FAILED: 1})
    for name in (runs[4], runs[4][:12].upper(), recordings[4][:12]):
        assert [job.run.id for job in there.jobs.overseen(admin, id=name).jobs] == [runs[4]]
    for name in ("%", "_" * 24, "'; --", "\x00", "ä" * 4, "g" * 24):
        assert there.jobs.overseen(admin, id=name).jobs == ()
    assert there.jobs.overseen(admin, skip=-5, limit=-1).jobs == ()


def test_only_the_newest_run_of_a_recording_is_shown(there, admin):
    recording, _ = there.ready()
    run = there.lessons.reprocess(there.owner, recording)
    assert [job.run.id for job in there.jobs.overseen(admin).jobs] == [run.id]


def test_an_admin_of_the_school_starts_again_and_stops_and_for_others_it_is_not_there(there, admin):
    run = fail(there, there.bring())
    for who in (*(there.cast[w] for w in ("owner", *OTHERS) if w != "admin"), "0" * 24, ""):
        for act in (retry, stop):
            with pytest.raises(NotThere):
                act(there.jobs, who, run)
    assert there.jobs.one(run).run.state is RunState.FAILED
    assert retry(there.jobs, admin, run) == tuple(Stage)
    with pytest.raises(BadInput, match="at work"):
        retry(there.jobs, admin, run)
    assert stop(there.jobs, admin, run) is RunState.CANCELLED
    for name in (run[:12], there.jobs.one(run).recording, "0" * 24, "", "%"):
        for act in (retry, stop):
            with pytest.raises(NotThere):
                act(there.jobs, admin, name)
    other = there.jobs.one(there.bring("elsewhere", owner="stranger")).run.id
    with pytest.raises(NotThere):
        stop(there.jobs, admin, other)
    assert there.jobs.one(other).run.state is RunState.WAITING
