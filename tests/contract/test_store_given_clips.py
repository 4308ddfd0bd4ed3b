"""Clips given by themselves: these seconds are there for somebody, and nothing else of the lesson."""

from __future__ import annotations

from dataclasses import replace

import lessons
import pytest
from lessons import said
from sqlalchemy import delete
from stores import School

from coaching.access import NotThere
from coaching.clips import ClipChange, NewClip
from coaching.comments import Audience
from coaching.corrections import Correction, Kind
from coaching.errors import BadInput
from coaching.handouts import AGAIN_S, KEPT_S, Made, Making, Order
from coaching.library import Filter, Whose
from coaching.services.given_clips import see, within
from coaching.services.handouts import gathered
from coaching.services.lessons import spoken
from coaching.sharing import NoColleague
from coaching.spans import Span
from coaching.transcript import Word
from models.tables import HandoutRow, MembershipRow

COACH = "coach@school.org"


@pytest.fixture
def lesson(there: School) -> str:
    return there.ready()[0]


@pytest.fixture
def clip(there: School, lesson: str) -> str:
    return there.lessons.clip(there.owner, lesson, NewClip(14.0, 20.0, "They compare", "See how they wait."))


def give(there: School, lesson: str, *clips: str) -> None:
    there.lessons.give_clips(there.owner, lesson, COACH, clips)


def test_who_was_given_a_clip_sees_it_and_nothing_else_of_the_lesson(there, lesson, clip):
    coach = there.cast["coach"]
    other = there.lessons.clip(there.owner, lesson, NewClip(30.0, 40.0, "Not this"))
    give(there, lesson, clip)
    give(there, lesson, clip)
    (mine,) = there.lessons.clips_for_me(coach)
    assert mine == there.lessons.given_clip(coach, clip)
    assert (mine.id, mine.recording, mine.owner, mine.lesson) == (clip, lesson, there.owner, "fractions")
    assert (mine.start, mine.stop, mine.name, mine.note) == (14.0, 20.0, "They compare", "See how they wait.")
    heard = see(there.lessons, coach, clip).transcript
    assert heard.utterances
    assert all(u.span.start >= 14.0 and u.span.end <= 20.0 for u in heard.utterances)
    for refused in (
        lambda: there.lessons.given_clip(coach, other),
        lambda: there.lessons.recording(coach, lesson),
        lambda: there.lessons.clips(coach, lesson),
        lambda: there.lessons.clips_given(coach, lesson),
        lambda: there.lessons.views(coach, lesson),
        lambda: spoken(there.lessons, coach, lesson),
    ):
        with pytest.raises(NotThere):
            refused()


def test_for_everybody_else_it_is_not_there(there, lesson, clip):
    give(there, lesson, clip)
    for who in ("owner", "colleague", "leader", "admin", "stranger"):
        assert there.lessons.clips_for_me(there.cast[who]) == []
        with pytest.raises(NotThere):
            there.lessons.given_clip(there.cast[who], clip)


def test_what_is_put_right_stands_in_the_clip(there, lesson, clip):
    give(there, lesson, clip)
    first = see(there.lessons, there.cast["coach"], clip).transcript.utterances[0]
    there.lessons.correct(there.owner, lesson, Correction(Kind.TEXT, (first.span,), text="All is otherwise."))
    assert "All is otherwise." in [u.text for u in see(there.lessons, there.cast["coach"], clip).transcript.utterances]


def test_what_is_taken_back_deleted_or_sleeps_is_gone(there, lesson, clip):
    coach, second = there.cast["coach"], there.lessons.clip(there.owner, lesson, NewClip(30.0, 40.0, "And this"))
    give(there, lesson, clip, second)
    (given,) = there.lessons.clips_given(there.owner, lesson)
    assert (given.person.email, given.clips, given.good) == (COACH, {clip, second}, True)

    def seen() -> set[str]:
        return {one.id for one in there.lessons.clips_for_me(coach)}

    there.lessons.take_back_clips(there.owner, lesson, coach, [second])
    assert seen() == {clip}
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(deleted=True))
    assert seen() == set()
    assert there.lessons.clips_given(there.owner, lesson) == []
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(deleted=False))
    assert seen() == {clip}
    with there.database.write() as session:
        session.execute(delete(MembershipRow).where(MembershipRow.person_id == coach))
    assert seen() == set()
    (given,) = there.lessons.clips_given(there.owner, lesson)
    assert not given.good
    there.lessons.take_back_clips(there.owner, lesson, coach)
    assert there.lessons.clips_given(there.owner, lesson) == []


def test_only_the_owner_gives_and_only_what_is_theirs_to_show(there, lesson, clip):
    coach, recording = there.cast["coach"], there.ready("another")[0]
    there.lessons.grant(there.owner, lesson, COACH, ["comment"])
    own = there.lessons.clip(coach, lesson, NewClip(1.0, 2.0, "Mine alone"))
    there.lessons.change_clip(coach, lesson, own, ClipChange(audience=Audience.LESSON))
    for clips in ([own], [clip, "0" * 24], [""]):  # a colleague's clip could grow to the whole lesson
        with pytest.raises(NotThere):
            give(there, lesson, *clips)
    with pytest.raises(NotThere):
        give(there, recording, clip)
    with pytest.raises(NotThere):
        there.lessons.give_clips(coach, lesson, "colleague@school.org", [clip])
    for who in ("leader@school.org", "stranger@school.org", "nobody@school.org", "owner@school.org", "x"):
        with pytest.raises(NoColleague):
            there.lessons.give_clips(there.owner, lesson, who, [clip])


def test_the_library_says_whom_clips_were_given_who_has_not_the_whole(there, lesson, clip):
    give(there, lesson, clip)
    shared = Filter(whose=Whose.SHARED)

    def clips_with() -> tuple[tuple[str, int], ...]:
        assert there.lessons.library(there.owner, shared, 9).found == 1
        return there.lessons.listed(there.owner, lesson).clips_with

    assert clips_with() == ((COACH, 1),)
    before = there.lessons.noted(there.owner, lesson)
    give(there, lesson, there.lessons.clip(there.owner, lesson, NewClip(30.0, 40.0, "And this")))
    assert there.lessons.noted(there.owner, lesson).notes != before.notes
    assert clips_with() == ((COACH, 2),)
    there.lessons.grant(there.owner, lesson, COACH, [])
    assert clips_with() == ()
    assert there.lessons.listed(there.cast["coach"], lesson).clips_with == ()
    there.lessons.take_back_grant(there.owner, lesson, there.cast["coach"])
    there.lessons.take_back_clips(there.owner, lesson, there.cast["coach"])
    assert there.lessons.library(there.owner, shared, 9).found == 0
    assert there.lessons.listed(there.owner, lesson).clips_with == ()


def film(there: School, clip: str):
    return there.lessons.given_clip(there.cast["coach"], clip).film


def made(there: School, lesson: str) -> str:
    """The film that waits, as a worker makes it; where it lies."""
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    assert there.handouts.finish(errand, f"recordings/{lesson}/handouts/{errand.token}/{errand.name}", 10)
    return f"recordings/{lesson}/handouts/{errand.token}/{errand.name}"


def kept(there: School) -> list[str | None]:
    return [path for _, path, _ in there.handouts.kept()]


def test_a_given_clip_has_a_film_of_its_seconds_for_as_long_as_it_is_given(there, lesson, clip):
    assert not there.handouts.order_given()
    assert there.handouts.claim("worker-1") is None
    give(there, lesson, clip)
    assert film(there, clip).state is Making.WAITING
    for _ in range(2):
        assert not there.handouts.order_given()
    path = made(there, lesson)
    assert there.handouts.claim("worker-1") is None
    assert (film(there, clip).state, film(there, clip).path) == (Making.READY, path)
    there.later(HandoutRow, 100 * KEPT_S, "asked")
    assert not there.handouts.order_given()
    assert kept(there) == [path]
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(name="Another name"))
    assert film(there, clip).path == path
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(stop=18.0))
    assert (film(there, clip).state, film(there, clip).path) == (Making.WAITING, None)
    assert there.handouts.order_given()
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    assert (errand.order.part, errand.person) == (Span(14.0, 18.0), there.owner)
    assert gathered(there.lessons, errand)["clips"] == [{"start": 14.0, "stop": 18.0, "captions": []}]
    there.lessons.take_back_clips(there.owner, lesson, there.cast["coach"])
    assert not there.handouts.report(errand, 0.5)
    assert not there.handouts.finish(errand, "anywhere", 1)
    there.handouts.order_given()
    assert kept(there) == []


def test_a_film_goes_with_the_last_who_has_the_clip_and_with_the_clip(there, lesson, clip):
    give(there, lesson, clip)
    there.lessons.give_clips(there.owner, lesson, "colleague@school.org", [clip])
    there.handouts.order_given()
    path = made(there, lesson)
    there.lessons.take_back_clips(there.owner, lesson, there.cast["coach"])
    assert not there.handouts.order_given()
    assert kept(there) == [path]
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(deleted=True))
    assert there.handouts.order_given()
    assert kept(there) == []
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(deleted=False))
    there.handouts.order_given()
    there.lessons.delete(there.owner, lesson, 0, 0)
    assert not there.handouts.order_given()
    assert kept(there) == []


def test_a_film_is_none_of_the_owners_files_and_is_tried_again_when_it_failed(there, lesson, clip):
    give(there, lesson, clip)
    there.handouts.order_given()
    assert there.handouts.mine(there.owner, lesson) == []
    for seen in (there.handouts.one, there.handouts.take_away):
        with pytest.raises(NotThere):
            seen(there.owner, lesson, film(there, clip).id)
    part = Order(Made.GIVEN, (clip,), part=Span(14.0, 20.0))
    with pytest.raises(BadInput):
        there.handouts.ask(there.owner, lesson, part)
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    there.handouts.fail(errand, "It broke.", again=False)
    there.handouts.order_given()
    assert film(there, clip).state is Making.FAILED
    there.later(HandoutRow, AGAIN_S + 1, "asked")
    there.handouts.order_given()
    there.handouts.order_given()
    assert film(there, clip).state is Making.WAITING


def test_a_clip_is_cut_out_of_what_was_said():
    timed = tuple(Word(w, Span(10.0 + i, 11.0 + i), 0.9) for i, w in enumerate("one two three four".split()))
    heard = lessons.lesson(
        [
            said(1.0, 9.9, "S1", "Long before, and into it."),
            lessons.said(10.0, 14.0, "S2", "one two three four"),
            said(14.6, 16.2, "S1", "Nearly all of it."),
            said(15.5, 30.0, "S2", "Long after."),
        ],
    ).transcript
    (before, words, *rest) = heard.utterances
    heard = replace(heard, utterances=(before, replace(words, words=timed), *rest))
    cut = within(heard, Span(8.0, 16.0)).utterances
    assert [(u.span.start, u.span.end, u.text) for u in cut] == [
        (8.0, 9.9, ""),
        (10.0, 14.0, "one two three four"),
        (14.6, 16.0, "Nearly all of it."),
        (15.5, 16.0, ""),
    ]
    assert [u.text for u in within(heard, Span(11.2, 13.4)).utterances] == ["two three"]
    assert {s.id for s in within(heard, Span(10.0, 14.0)).speakers} == {"S2"}
