"""A recording is its owner's. For everybody else it is not there, whatever they are at the school, but by a grant."""

from __future__ import annotations

import inspect

import pytest
from stores import OTHERS

from coaching.access import Grant, NotThere
from coaching.audit import Deed
from coaching.by_ear import Clip as Ear
from coaching.calibration import Who
from coaching.clips import ClipChange, NewClip
from coaching.coding import Stretch
from coaching.comments import CommentChange, NewComment
from coaching.corrections import Correction, Kind
from coaching.library import Filter, Labels, Page
from coaching.ports import Lessons
from coaching.recordings import RunState, Stage
from coaching.services.lessons import retry
from coaching.spans import Span
from coaching.starting_set import STARTING_SET
from coaching.transcript import Role

CORRECTION = Correction(Kind.ROLE, (Span(0, 1),), Role.TEACHER)

COLLEAGUE, TALK, STRETCHES = "colleague@school.org", STARTING_SET, [Stretch(Span(0.0, 3.0)), Stretch(Span(3.0, 6.0))]

ASKED = {
    "recording": lambda s, who, recording, run, made: s.recording(who, recording),
    "runs": lambda s, who, recording, run, made: s.runs(who, recording),
    "reprocess": lambda s, who, recording, run, made: s.reprocess(who, recording),
    "show": lambda s, who, recording, run, made: s.show(who, run),
    "delete_run": lambda s, who, recording, run, made: s.delete_run(who, run),
    "machine": lambda s, who, recording, run, made: s.machine(who, run),
    "transcript": lambda s, who, recording, run, made: s.transcript(who, run),
    "correct": lambda s, who, recording, run, made: s.correct(who, recording, CORRECTION),
    "take_back": lambda s, who, recording, run, made: s.take_back(who, recording, made),
    "corrections": lambda s, who, recording, run, made: s.corrections(who, recording),
    "grant": lambda s, who, recording, run, made: s.grant(who, recording, "coach@school.org", [Grant.SEE]),
    "take_back_grant": lambda s, who, recording, run, made: s.take_back_grant(who, recording, who),
    "give_clips": lambda s, who, recording, run, made: s.give_clips(who, recording, "coach@school.org", []),
    "take_back_clips": lambda s, who, recording, run, made: s.take_back_clips(who, recording, who),
    "clip_takers": lambda s, who, recording, run, made: s.clip_takers(who, recording),
    "clips_given": lambda s, who, recording, run, made: s.clips_given(who, recording),
    "given_clip": lambda s, who, recording, run, made: s.given_clip(who, made),
    "heard_in": lambda s, who, recording, run, made: s.heard_in(who, made),
    "takers": lambda s, who, recording, run, made: s.takers(who, recording),
    "grants": lambda s, who, recording, run, made: s.grants(who, recording),
    "listed": lambda s, who, recording, run, made: s.listed(who, recording),
    "rename": lambda s, who, recording, run, made: s.rename(who, recording, "Mine now"),
    "describe": lambda s, who, recording, run, made: s.describe(who, recording, None, None, ("mine",)),
    "delete": lambda s, who, recording, run, made: s.delete(who, recording, 0, 0),
    "receipt": lambda s, who, recording, run, made: s.receipt(who, recording),
    "comment": lambda s, who, recording, run, made: s.comment(who, recording, NewComment(1.0, "Well.")),
    "change_comment": lambda s, who, recording, run, made: s.change_comment(who, recording, made, CommentChange("Hm.")),
    "comments": lambda s, who, recording, run, made: s.comments(who, recording),
    "clip": lambda s, who, recording, run, made: s.clip(who, recording, NewClip(1.0, 2.0, "This")),
    "change_clip": lambda s, who, recording, run, made: s.change_clip(who, recording, made, ClipChange(name="That")),
    "clips": lambda s, who, recording, run, made: s.clips(who, recording),
    "noted": lambda s, who, recording, run, made: s.noted(who, recording),
    "watch": lambda s, who, recording, run, made: s.watch(who, recording, 1.0, []),
    "hear": lambda s, who, recording, run, made: s.hear(who, recording, "", Ear(5.0, Who.NOBODY), None),
    "heard": lambda s, who, recording, run, made: s.heard(who, recording),
    "forget_heard": lambda s, who, recording, run, made: s.forget_heard(who, recording),
    "taken_back": lambda s, who, recording, run, made: s.taken_back(who, recording),
    "done": lambda s, who, recording, run, made: s.done(who, recording, Deed.OPENED),
    "views": lambda s, who, recording, run, made: s.views(who, recording),
    "guess": lambda s, who, recording, run, made: s.guess(who, recording, "teacher_talk", 50.0),
    "guesses": lambda s, who, recording, run, made: s.guesses(who, recording),
    "begin_round": lambda s, who, recording, run, made: s.begin_round(who, recording, COLLEAGUE, TALK, STRETCHES),
    "rounds": lambda s, who, recording, run, made: s.rounds(who, recording),
    "round": lambda s, who, recording, run, made: s.round(who, made),
    "mark": lambda s, who, recording, run, made: s.mark(who, made, 0, []),
    "finish": lambda s, who, recording, run, made: s.finish(who, made),
    "end_round": lambda s, who, recording, run, made: s.end_round(who, made),
}
"""Every method that is asked for one thing. A new one that is forgotten here fails the next test."""

SEEN = {
    "recording",
    "listed",
    "transcript",
    "corrections",
    "grants",
    "comments",
    "clips",
    "noted",
    "watch",
    "done",
    "views",
}
"""Of these, the methods that somebody who was granted SEE is answered by."""

OWN = {
    "add",
    "known",
    "mine",
    "colleagues",
    "library",
    "newest",
    "labels",
    "receipts",
    "clips_for_me",
    "last_taught",
    "numbers",
}
"""Methods that look only among what belongs to the person who asks, or was given to them by name."""


def test_no_method_of_lessons_is_forgotten():
    methods = {name for name, _ in inspect.getmembers(Lessons, inspect.isfunction) if not name.startswith("_")}
    assert methods == ASKED.keys() | OWN


@pytest.fixture
def owned(there):
    recording, run = there.ready()
    return recording, run, there.lessons.correct(there.owner, recording, CORRECTION)


def said(ask, *args):
    with pytest.raises(NotThere) as refusal:
        ask(*args)
    return str(refusal.value)


@pytest.mark.parametrize("method", sorted(ASKED))
def test_for_everybody_but_the_owner_it_is_not_there(there, owned, method):
    ask, nothing = ASKED[method], "0" * 24
    missing = {said(ask, there.lessons, there.owner, gone, gone, gone) for gone in (nothing, "", "\x00", "'; --")}
    refused = {said(ask, there.lessons, there.cast[who], *owned) for who in OTHERS}
    refused |= {said(ask, there.lessons, who, *owned) for who in (nothing, "", "\x00", "admin")}
    assert missing == refused, "neither answer tells whether there is such a thing"
    assert len(refused) == 1


@pytest.mark.parametrize("method", sorted(ASKED))
def test_who_may_see_may_nothing_else_and_nothing_once_it_is_taken_back(there, owned, method):
    recording, run, made = owned
    ask, coach = ASKED[method], there.cast["coach"]
    there.lessons.grant(there.owner, recording, "coach@school.org", [])
    if method in SEEN:
        ask(there.lessons, coach, recording, run, made)
    else:
        said(ask, there.lessons, coach, recording, run, made)
    there.lessons.take_back_grant(there.owner, recording, coach)
    said(ask, there.lessons, coach, recording, run, made)


@pytest.mark.parametrize("method", sorted(ASKED))
def test_whatever_was_granted_what_is_the_owners_alone_stays_so(there, owned, method):
    there.lessons.grant(there.owner, owned[0], "coach@school.org", list(Grant))
    if method in SEEN | {"machine", "heard", "comment", "clip", "begin_round", "rounds"}:
        ASKED[method](there.lessons, there.cast["coach"], *owned)
    else:
        said(ASKED[method], there.lessons, there.cast["coach"], *owned)


def test_nothing_changed_by_those_who_asked_in_vain(there, owned):
    recording, run, made = owned
    for ask in ASKED.values():
        for who in OTHERS:
            said(ask, there.lessons, there.cast[who], *owned)
    assert [r.id for r in there.lessons.runs(there.owner, recording)] == [run]
    assert [c.id for c in there.lessons.corrections(there.owner, recording)] == [made]


def test_only_the_owner_has_what_failed_done_again(there):
    recording = there.bring()
    run, attempt = there.begin(recording)
    claim = there.take(run, attempt, Stage.SOUND)
    there.jobs.fail(claim, "BadRecording", "No sound.", again=False)
    there.jobs.settle(run, attempt)
    for who in OTHERS:
        said(retry, there.lessons, there.jobs, there.cast[who], recording)
    assert there.jobs.one(run).run.state is RunState.FAILED
    retry(there.lessons, there.jobs, there.owner, recording)
    assert there.jobs.one(run).run.state is RunState.WAITING


def test_nobody_finds_what_is_anothers_in_a_list(there, owned):
    sha256 = [f.sha256 for f in there.lessons.recording(there.owner, owned[0]).files]
    for who in (*(there.cast[who] for who in OTHERS), "0" * 24, "", "\x00"):
        assert there.lessons.mine(who) == there.lessons.receipts(who) == []
        assert there.lessons.library(who, Filter(), 24) == Page((), 0, 0, empty=True)
        assert there.lessons.labels(who) == Labels()
        assert there.lessons.newest(who) is None
        assert there.lessons.known(who, sha256) is None
    assert there.lessons.known(there.owner, sha256) == owned[0]


def test_a_correction_is_taken_back_only_through_its_own_recording(there, owned):
    other = there.bring("another")
    with pytest.raises(NotThere):
        there.lessons.take_back(there.owner, other, owned[2])
