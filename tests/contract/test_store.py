"""People, and lessons of which what was saved is what is read: the same on both databases."""

from __future__ import annotations

import inspect

import pytest
from lessons import hostile, lesson, long_lesson
from sqlalchemy import event

import models
from coaching import ports
from coaching.accounts import Accounts
from coaching.codebooks import Codebooks
from coaching.errors import BadInput
from coaching.jobs import Jobs
from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import PICTURES, RunState, Stage, StageState, new_id
from coaching.settings import Settings
from coaching.uploads import Tickets, Uploads
from models.database import Database
from models.jobs import JobStore
from models.tables import Base

PERSON_MADE = {"people", "schools", "memberships", "recordings", "recording_files", "corrections", "comments", "grants"}
PERSON_MADE |= {"class_periods", "recording_answers", "recording_tags", "receipts", "comment_labels", "clips", "views"}
PERSON_MADE |= {"codebooks", "codebook_versions", "coding_rounds", "coders"}
"""What people make must outlive every run."""


def test_what_people_make_never_references_a_run():
    assert set(Base.metadata.tables) >= PERSON_MADE
    for table in PERSON_MADE:
        assert {key.column.table.name for key in Base.metadata.tables[table].foreign_keys} <= PERSON_MADE


@pytest.mark.parametrize("door", [Accounts, ports.People, ports.Lessons, Jobs, Uploads, Tickets, Codebooks])
def test_the_store_has_every_method_of_its_door_as_it_is_written(door, there):
    store = getattr(there, door.__name__.lower())
    for name, promised in inspect.getmembers(door, inspect.isfunction):
        if not name.startswith("_"):
            expected = list(inspect.signature(promised).parameters)[1:]
            assert list(inspect.signature(getattr(store, name)).parameters) == expected, name


def test_a_person_who_is_added_twice_is_there_once(there):
    there.people.add(" New@School.org ", Membership.TEACHER, "North")
    person = there.people.add("new@school.org", Membership.COACH, "South  ")
    assert person.memberships == (("North", Membership.TEACHER), ("South", Membership.COACH))
    assert (
        there.people.add("new@school.org", Membership.COACH, "South") == person == there.people.find("NEW@school.org")
    )
    assert there.people.find("nobody@school.org") is None
    emails = [p.email for p in there.people.everybody()]
    assert emails == sorted(emails)
    assert len(emails) == 7


def test_the_same_content_of_one_owner_is_kept_once(there):
    first = there.bring("fractions")
    again = NewRecording(new_id(), there.owner, "other name", there.lessons.recording(there.owner, first).files)
    assert there.lessons.add(again) == (first, False)
    assert there.lessons.known(there.owner, [again.files[0].sha256]) == first
    assert there.lessons.known(there.owner, [again.files[0].sha256] * 2) is None
    assert there.lessons.known(there.cast["colleague"], [again.files[0].sha256]) is None
    assert there.bring("fractions", owner="colleague") != first
    assert [facts.name for facts in there.lessons.mine(there.owner)] == ["fractions"]


@pytest.mark.parametrize("owner", ["0" * 24, "nobody", "\x00", ""])
def test_a_recording_of_nobody_is_refused(there, owner):
    with pytest.raises(BadInput, match="no such person"):
        there.lessons.add(NewRecording(new_id(), owner, "x", (SourceFile("a", "b", 1, "a" * 64),)))


def test_an_id_that_is_none_or_taken_is_refused(there):
    file = SourceFile("a", "b", 1, "a" * 64)
    with pytest.raises(BadInput):
        there.lessons.add(NewRecording("../etc", there.owner, "x", (file,)))
    with pytest.raises(BadInput, match="another recording"):
        there.lessons.add(NewRecording(there.bring(), there.owner, "x", (file,)))


@pytest.mark.parametrize("made", [lesson, hostile, lambda: long_lesson(50)], ids=["drawn", "hostile", "double period"])
def test_a_lesson_is_read_as_it_was_saved(there, made):
    saved, recording = made(), there.bring()
    assert there.lessons.recording(there.owner, recording).duration is None
    run = there.listen(recording, saved)
    assert there.lessons.machine(there.owner, run) == saved
    assert there.lessons.recording(there.owner, recording).duration == saved.transcript.duration
    assert [facts.duration for facts in there.lessons.mine(there.owner)] == [saved.transcript.duration]


def test_odd_file_names_and_options_are_kept(there):
    file = SourceFile("\udcff\x00\ue000.mp4", "recordings/x/1.mp4", 3 * 2**40, "b" * 64)
    new = NewRecording(
        new_id(), there.owner, "\udcff\ue0000041", (file, file), options={"vocabulary": ["\x00é"], "n": 3}
    )
    recording, _ = there.lessons.add(new)
    facts = there.lessons.recording(there.owner, recording)
    assert (facts.name, facts.files, dict(facts.run.options)) == (new.name, new.files, new.options)


def test_a_new_run_takes_pictures_over_and_is_shown_once_it_is_ready(there):
    recording = there.bring()
    first, attempt = there.begin(recording)
    there.do(first, attempt, *(s for s in Stage if s is not Stage.SPRITE))
    there.jobs.fail(there.take(first, attempt, Stage.SPRITE), "BadRecording", "No picture.", again=False)
    there.jobs.settle(first, attempt)
    second = there.lessons.reprocess(there.owner, recording, {"language": "de"})
    assert (second.number, second.current, second.state) == (2, False, RunState.WAITING)
    states = {s.stage: s.state for s in second.stages}
    assert [s for s in PICTURES if states[s] is StageState.DONE] == [s for s in PICTURES if s is not Stage.SPRITE]
    assert second.stage(Stage.WEB).artefact == there.lessons.runs(there.owner, recording)[0].stage(Stage.WEB).artefact
    with pytest.raises(BadInput, match="worked on"):
        there.lessons.reprocess(there.owner, recording)
    there.listen(recording)
    assert [run.current for run in there.lessons.runs(there.owner, recording)] == [False, True]
    assert there.lessons.recording(there.owner, recording).run.options == {"language": "de"}
    there.lessons.show(there.owner, first)
    assert there.lessons.recording(there.owner, recording).run.id == first


def test_a_run_that_ended_without_a_lesson_gives_way_at_once(there):
    recording = there.bring()
    there.jobs.cancel(there.run_of(recording))
    assert there.lessons.reprocess(there.owner, recording).current


def test_a_deleted_run_leaves_what_others_took_over(there):
    recording = there.bring()
    first, attempt = there.begin(recording)
    there.do(first, attempt, *Stage)
    there.jobs.settle(first, attempt)
    made = {s.stage: s.artefact for s in there.lessons.recording(there.owner, recording).run.stages}
    second = there.lessons.reprocess(there.owner, recording).id
    with pytest.raises(BadInput, match="shown"):
        there.lessons.delete_run(there.owner, first)
    with pytest.raises(BadInput, match="at work"):
        there.lessons.delete_run(there.owner, second)
    there.listen(recording)
    assert set(there.lessons.delete_run(there.owner, first)) == {made[s] for s in Stage if s not in PICTURES}
    third = there.lessons.reprocess(there.owner, recording).id
    there.jobs.cancel(third)
    assert there.lessons.delete_run(there.owner, third) == (f"recordings/{recording}/runs/{third}",)
    assert [run.id for run in there.lessons.runs(there.owner, recording)] == [second]


def test_a_list_costs_the_same_few_queries_however_long_it_is(there):
    counts = []
    asked: list[str] = []
    event.listen(there.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    for more in (1, 6):
        for n in range(more):
            there.bring(f"lesson {more} {n}")
        asked.clear()
        there.jobs.all(), there.lessons.mine(there.owner), there.jobs.load(), there.jobs.waiting()
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 20
    assert len(there.jobs.all()) == len(there.lessons.mine(there.owner)) == 7


def test_the_stores_are_opened_from_the_settings(there):
    stores = models.open(Settings(database_url=there.url))
    assert stores.people.find("owner@school.org").id == there.owner
    assert stores.jobs.all() == []
    assert stores.lessons.mine(there.owner) == []


def test_a_lesson_that_is_replaced_while_it_is_read_is_read_as_it_was(there):
    _, run = there.ready(found=lesson())
    before = there.lessons.machine(there.owner, run)
    there.jobs.retry(run, [Stage.MEASURES])
    _, attempt = there.begin(there.jobs.one(run).recording)
    claim = there.take(run, attempt, Stage.MEASURES)
    database, replaced = Database(there.url), []

    def replace_it(_connection, _cursor, statement, *_):
        if "FROM speakers" in statement and not replaced:
            replaced.append(JobStore(database).finish(claim, None, long_lesson(3)))

    event.listen(there.database.engine, "after_cursor_execute", replace_it)
    try:
        assert there.lessons.machine(there.owner, run) == before
    finally:
        event.remove(there.database.engine, "after_cursor_execute", replace_it)
        database.close()
    assert replaced == [True]
    assert there.lessons.machine(there.owner, run).transcript == long_lesson(3).transcript


def test_a_waveform_is_only_taken_over_from_the_same_sound(there):
    recording, first = there.ready()
    there.lessons.reprocess(there.owner, recording, {"track": 1})
    second = there.run_of(recording)
    there.jobs.cancel(second)
    third = there.lessons.reprocess(there.owner, recording, {"track": 1})
    taken = {s.stage for s in third.stages if s.state is StageState.DONE}
    assert taken == {*PICTURES} - {Stage.PEAKS}
    there.jobs.cancel(third.id)
    again = there.lessons.reprocess(there.owner, recording, {})
    assert again.stage(Stage.PEAKS).artefact == there.jobs.one(first).run.stage(Stage.PEAKS).artefact
