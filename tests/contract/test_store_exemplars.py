"""A school's library of exemplars: for its teachers and coaches, as long as teacher, class and faces allow it."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import date

import pytest
from lessons import long_lesson
from stores import OTHERS, School

from coaching.access import Grant, NotThere
from coaching.clips import ClipChange, NewClip
from coaching.coached import NewCycle
from coaching.consents import Agreed
from coaching.cycles import Kind as CycleKind
from coaching.errors import BadInput
from coaching.exemplars import LONGEST_S, MOST_LOOK_FORS, Asleep, Choice, Exemplars, NewExemplar
from coaching.handouts import Making
from coaching.notifications import Kind
from coaching.people import Membership
from coaching.services.exemplars import heard
from models.cycle_rows import school as ways_of

SECRET = "Whisperwood"
SINCE, UNTIL = date(2020, 1, 1), date(2021, 6, 30)


def school_of(there: School) -> str:
    return there.cycles.schools(there.cast["coach"])[0].id


def covers(there: School, yes: bool) -> None:
    school = there.cycles.schools(there.cast["coach"])[0]
    there.cycles.coach_so(there.cast["coach"], replace(school, covers_faces=yes))


def agree(there: School, recording: str, agreed: Agreed = Agreed.SCHOOL) -> str:
    """The lesson is of a class whose families agreed; the class."""
    there.lessons.describe(there.owner, recording, "5b", date(2020, 9, 1), ())
    (of,) = there.consents.classes(there.owner)
    there.consents.write(there.owner, of.id, agreed, SINCE, UNTIL, "")
    return of.id


def clip_of(there: School, recording: str, name: str = SECRET, start: float = 0.0, stop: float = 6.0) -> str:
    return there.lessons.clip(there.owner, recording, NewClip(start, stop, name))


def publish(there: School, clip: str, **more) -> str:
    new = NewExemplar(clip, school_of(there), SECRET, f"Count how long {SECRET} waits.", ("Wait time",))
    return there.exemplars.publish(there.owner, replace(new, **more))


@pytest.fixture
def lesson(there: School) -> str:
    """One that may be published as it was taken."""
    covers(there, False)
    recording, _ = there.ready()
    agree(there, recording)
    return recording


@pytest.fixture
def shown(there: School, lesson: str) -> str:
    return publish(there, clip_of(there, lesson))


def test_teachers_and_coaches_of_the_school_see_it_and_nobody_else(there, shown):
    for who in ("owner", "colleague", "coach"):
        (one,) = there.exemplars.all(there.cast[who])
        assert (one.id, one.own, one.teacher) == (shown, who == "owner", "owner@school.org")
        assert (one.look_fors, one.length, one.covered, one.saved, one.said) == (("Wait time",), 6.0, False, False, 0)
        assert (one.recording is None, one.clip is None) == (who != "owner",) * 2
        assert there.exemplars.one(there.cast[who], shown) == one
    for who in (*(there.cast[name] for name in ("leader", "admin", "stranger")), "0" * 24, "", "\x00"):
        assert there.exemplars.all(who) == []
        with pytest.raises(NotThere):
            there.exemplars.one(who, shown)


ASKED = {
    "one": lambda s, who, it, cycle: s.one(who, it),
    "heard_in": lambda s, who, it, cycle: s.heard_in(who, it),
    "said": lambda s, who, it, cycle: s.said(who, it),
    "say": lambda s, who, it, cycle: s.say(who, it, "I saw it too."),
    "unsay": lambda s, who, it, cycle: s.unsay(who, it, "0" * 24),
    "keep": lambda s, who, it, cycle: s.keep(who, it, True),
    "tie": lambda s, who, it, cycle: s.tie(who, it, cycle, True),
    "withdraw": lambda s, who, it, cycle: s.withdraw(who, it),
}
"""Each way to one exemplar, for whoever may not have it."""

BY_SCHOOL = {"places", "all", "choices", "publish", "tied"}


def test_every_way_is_tried():
    public = {name for name, _ in inspect.getmembers(Exemplars, inspect.isfunction) if not name.startswith("_")}
    assert public == ASKED.keys() | BY_SCHOOL


@pytest.mark.parametrize("way", ASKED)
def test_what_is_not_theirs_is_not_there(there, shown, way):
    ask = ASKED[way]
    for name in ("leader", "admin", "stranger"):
        who = there.cast[name]
        cycle = "0" * 24
        if name == "stranger":
            cycle = there.cycles.begin(who, NewCycle(CycleKind.ALONE, "Mine"))
        with pytest.raises(NotThere):
            ask(there.exemplars, who, shown, cycle)
    if way == "withdraw":
        for name in ("colleague", "coach"):
            with pytest.raises(NotThere):
                ask(there.exemplars, there.cast[name], shown, "")
    there.exemplars.withdraw(there.owner, shown)
    for name in OTHERS:
        with pytest.raises(NotThere):
            ask(there.exemplars, there.cast[name], shown, "0" * 24)
    for gone in ("0" * 24, "", "\x00", "../etc"):
        with pytest.raises(NotThere):
            ask(there.exemplars, there.owner, gone, "0" * 24)


def test_only_ones_own_clip_is_published_where_one_teaches_or_coaches(there, lesson):
    clip, school = clip_of(there, lesson), school_of(there)
    there.lessons.grant(there.owner, lesson, "coach@school.org", [Grant.COMMENT])
    theirs = there.lessons.clip(there.cast["coach"], lesson, NewClip(0.0, 5.0, "The coach’s"))
    south = there.cycles.schools(there.cast["stranger"])[0].id
    for who, what, where in (
        ("colleague", clip, school),
        ("coach", theirs, school),
        ("owner", theirs, school),
        ("owner", clip, south),
        ("stranger", clip, south),
        ("leader", clip, school),
        ("owner", "0" * 24, school),
        ("owner", "\x00", school),
    ):
        with pytest.raises(NotThere):
            there.exemplars.publish(there.cast[who], NewExemplar(what, where, "A", "B"))
    for who in ("leader", "admin", "stranger"):
        with pytest.raises(NotThere):
            there.exemplars.choices(there.cast[who], school)
    assert [one.clip for one in there.exemplars.choices(there.owner, school)] == [clip]
    assert there.exemplars.choices(there.cast["colleague"], school) == []
    assert there.exemplars.all(there.owner) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "a" * 121},
        {"to_see": "\n "},
        {"to_see": "a" * 601},
        {"to_see": "a\x07b"},
        {"look_fors": tuple(map(str, range(MOST_LOOK_FORS + 1)))},
    ],
)
def test_it_needs_a_name_and_what_to_look_for(there, lesson, wrong):
    with pytest.raises(BadInput):
        publish(there, clip_of(there, lesson), **wrong)
    assert there.exemplars.all(there.owner) == []


def test_without_the_families_consent_nothing_is_published(there):
    covers(there, False)
    recording, _ = there.ready()
    clip, school = clip_of(there, recording), school_of(there)
    for prepare in (lambda: None, lambda: agree(there, recording, Agreed.COACH)):
        prepare()
        (choice,) = there.exemplars.choices(there.owner, school)
        assert choice.why_not
        with pytest.raises(BadInput) as refused:
            publish(there, clip)
        assert str(refused.value) == choice.why_not
    agree(there, recording)
    assert there.exemplars.choices(there.owner, school)[0].why_not is None
    publish(there, clip)
    assert there.exemplars.choices(there.owner, school) == []


def test_it_sleeps_for_others_while_something_stands_against_it(there, lesson):
    clip = clip_of(there, lesson)
    it, owner, colleague = publish(there, clip), there.owner, there.cast["colleague"]
    (of,) = there.consents.classes(owner)

    def state() -> Asleep | None:
        (mine,) = there.exemplars.all(owner)
        assert len(there.exemplars.all(colleague)) == (mine.asleep is None)
        return mine.asleep

    assert state() is None
    there.lessons.change_clip(owner, lesson, clip, ClipChange(stop=7.0))
    assert state() is Asleep.CHANGED
    there.lessons.change_clip(owner, lesson, clip, ClipChange(stop=6.0))
    assert state() is None
    there.lessons.change_clip(owner, lesson, clip, ClipChange(deleted=True))
    assert state() is Asleep.DELETED
    there.lessons.change_clip(owner, lesson, clip, ClipChange(deleted=False))
    student = there.consents.opt_out(owner, of.id, "J. K.")
    assert state() is Asleep.BARE
    there.consents.take_off(owner, student)
    there.consents.write(owner, of.id, Agreed.COACH, SINCE, UNTIL, "")
    assert state() is Asleep.CONSENT
    there.consents.write(owner, of.id, Agreed.SCHOOL, SINCE, UNTIL, "")
    covers(there, True)
    assert state() is Asleep.BARE
    covers(there, False)
    admin, school = there.cast["admin"], school_of(there)
    there.staff.change(admin, owner, school, [Membership.LEADER])
    assert state() is Asleep.AWAY
    there.staff.change(admin, owner, school, [Membership.TEACHER])
    assert state() is None
    there.exemplars.withdraw(owner, it)
    there.exemplars.withdraw(owner, it)
    assert state() is Asleep.WITHDRAWN
    assert publish(there, clip, name="Again") == it
    assert state() is None
    assert there.exemplars.one(colleague, it).name == "Again"


def test_what_is_said_waits_while_it_is_withdrawn_and_its_teacher_is_told(there, lesson, shown):
    colleague, coach = there.cast["colleague"], there.cast["coach"]
    there.exemplars.say(colleague, shown, f"  {SECRET} waited for five seconds. ")
    there.exemplars.say(there.owner, shown, "I counted under my breath.")
    assert [one.kind for one in there.notifications.mine(there.owner)].count(Kind.EXEMPLAR_SAID) == 1
    assert SECRET not in repr(there.notifications.mine(there.owner))
    first, second = there.exemplars.said(coach, shown)
    assert (first.called, first.own, first.may_remove) == ("colleague@school.org", False, False)
    assert there.exemplars.one(coach, shown).said == 2
    for empty in ("", " \n", "a" * 2001, "a\x07"):
        with pytest.raises(BadInput):
            there.exemplars.say(coach, shown, empty)
    with pytest.raises(NotThere):
        there.exemplars.unsay(coach, shown, first.id)
    there.exemplars.withdraw(there.owner, shown)
    assert there.exemplars.said(there.owner, shown)[1].body == second.body
    with pytest.raises(NotThere):
        there.exemplars.say(there.owner, shown, "Nobody hears it.")
    publish(there, there.exemplars.one(there.owner, shown).clip)
    there.exemplars.unsay(colleague, shown, first.id)
    there.exemplars.unsay(there.owner, shown, second.id)
    assert there.exemplars.said(coach, shown) == []


def test_its_teacher_takes_a_colleagues_comment_away(there, shown):
    there.exemplars.say(there.cast["colleague"], shown, "Too long.")
    (said,) = there.exemplars.said(there.owner, shown)
    assert said.may_remove
    there.exemplars.unsay(there.owner, shown, said.id)
    assert there.exemplars.said(there.owner, shown) == []


def test_what_somebody_keeps_is_theirs_alone_and_keeping_twice_is_once(there, shown):
    colleague = there.cast["colleague"]
    there.exemplars.keep(colleague, shown, True)
    there.exemplars.keep(colleague, shown, True)
    assert there.exemplars.one(colleague, shown).saved
    assert not there.exemplars.one(there.owner, shown).saved
    there.exemplars.keep(colleague, shown, False)
    assert not there.exemplars.one(colleague, shown).saved


def test_it_is_linked_to_a_goal_of_ones_own(there, shown):
    colleague, coach = there.cast["colleague"], there.cast["coach"]
    cycle = there.cycles.begin(colleague, NewCycle(CycleKind.OBSERVE, "Waiting", "coach@school.org"))
    there.exemplars.tie(colleague, shown, cycle, tied=True)
    there.exemplars.tie(coach, shown, cycle, tied=True)
    assert [one.id for one in there.exemplars.tied(coach, cycle)] == [shown]
    for who in (there.owner, there.cast["leader"]):
        with pytest.raises(NotThere):
            there.exemplars.tied(who, cycle)
        with pytest.raises(NotThere):
            there.exemplars.tie(who, shown, cycle, tied=True)
    there.exemplars.withdraw(there.owner, shown)
    assert there.exemplars.tied(colleague, cycle) == []
    publish(there, there.exemplars.one(there.owner, shown).clip)
    there.exemplars.tie(colleague, shown, cycle, tied=False)
    assert there.exemplars.tied(colleague, cycle) == []


def test_its_film_is_made_of_its_seconds_and_goes_when_nobody_sees_it(there, shown):
    assert there.exemplars.one(there.owner, shown).film.state is Making.WAITING
    assert there.handouts.order_given() is False
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    assert (errand.order.part.start, errand.order.part.end) == (0.0, 6.0)
    assert there.handouts.finish(errand, "recordings/a/handouts/b/clip.mp4", 10)
    film = there.exemplars.one(there.cast["colleague"], shown).film
    assert (film.state, film.path) == (Making.READY, "recordings/a/handouts/b/clip.mp4")
    there.exemplars.withdraw(there.owner, shown)
    assert there.handouts.order_given() is True
    assert there.handouts.kept() == []


def test_a_clip_that_is_too_long_is_no_example(there):
    covers(there, False)
    recording, _ = there.ready("long", long_lesson(200))
    agree(there, recording)
    clip = clip_of(there, recording, stop=LONGEST_S + 1)
    with pytest.raises(BadInput, match="15 minutes"):
        publish(there, clip)
    publish(there, clip_of(there, recording, stop=LONGEST_S))


def test_what_was_said_bears_nobodys_name(there, shown, lesson):
    span, said = heard(there.exemplars, there.cast["colleague"], shown)
    assert (span.start, span.end) == (0.0, 6.0)
    assert said.utterances
    assert {one.name for one in said.speakers} == {""}
    assert all(u.span.end <= 6.0 for u in said.utterances)


def test_an_erased_lesson_takes_it_along(there, shown, lesson):
    there.exemplars.say(there.cast["colleague"], shown, SECRET)
    there.lessons.delete(there.owner, lesson, 0, 0)
    assert there.exemplars.all(there.owner) == there.exemplars.all(there.cast["colleague"]) == []


def test_a_school_that_never_said_otherwise_covers_faces(there):
    with there.database.read() as session:
        assert ways_of(session, school_of(there)).covers_faces
    (place,) = there.exemplars.places(there.owner)
    assert place.covers_faces
    assert place.look_fors
    assert there.exemplars.places(there.cast["leader"]) == []


def test_where_faces_are_to_be_covered_others_see_the_covered_film_and_no_other(there, lesson):
    covers(there, True)
    owner, colleague, clip = there.owner, there.cast["colleague"], clip_of(there, lesson)

    def work(path: str = "") -> None:
        there.handouts.order_given()
        errand = there.handouts.claim("worker-1")
        assert errand is not None
        if path:
            assert there.handouts.finish(errand, path, 9)
        else:
            assert there.handouts.found(errand, ())

    def choice() -> Choice:
        (one,) = there.exemplars.choices(owner, school_of(there))
        return one

    assert (choice().bare, choice().covered) == (True, False)
    there.faces.cover(owner, clip)
    for path in ("", "recordings/a/handouts/b/clip.mp4"):
        with pytest.raises(BadInput, match="Cover the faces"):
            publish(there, clip)
        work(path)
    assert (choice().bare, choice().covered, choice().why_not) == (False, True, None)
    (of,) = there.consents.classes(owner)
    there.consents.opt_out(owner, of.id, "J. K.")
    shown = publish(there, clip)
    one = there.exemplars.one(colleague, shown)
    assert (one.covered, one.film.path) == (True, "recordings/a/handouts/b/clip.mp4")
    there.handouts.order_given()
    assert there.handouts.claim("worker-1") is None, "no film with faces is made"
    there.faces.uncover(owner, clip)
    with pytest.raises(NotThere):
        there.exemplars.one(colleague, shown)
    assert there.exemplars.one(owner, shown).asleep is Asleep.BARE
