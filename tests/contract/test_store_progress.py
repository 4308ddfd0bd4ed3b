"""A teacher's page of progress as it is kept: what they look back on, and who else reads it."""

from __future__ import annotations

import pytest
from lessons import waiting
from stores import School

from coaching.access import Grant, NotThere
from coaching.coached import ActionStep, Look, NewCycle
from coaching.comments import Audience, CommentChange, NewComment
from coaching.cycles import Kind
from coaching.services.progress import In, look_back
from coaching.sharing import NoColleague

COACH, COLLEAGUE = "coach@school.org", "colleague@school.org"


@pytest.fixture
def lesson(there: School) -> str:
    """A lesson of the owner's in a cycle, in which the coach may comment."""
    cycle, found = there.cycles.begin(there.owner, NewCycle(Kind.OBSERVE, "Longer waits", COACH)), there.ready()[0]
    there.cycles.take_in(there.owner, cycle, found, Look.FIRST)
    there.lessons.grant(there.owner, found, COACH, [Grant.COMMENT])
    return found


def said(there: School, lesson: str, body: str, who: str = "coach", audience: Audience = Audience.LESSON) -> str:
    return there.lessons.comment(there.cast[who], lesson, NewComment(1.0, body, audience=audience))


def test_words_are_kept_while_they_are_there_to_read(there, lesson):
    store, owner, coach = there.progress, there.owner, there.cast["coach"]
    other = there.ready("in no cycle")[0]
    there.lessons.grant(owner, other, COACH, [Grant.COMMENT])
    first, second = said(there, lesson, "Three more hands."), said(there, lesson, "What a pause.")
    own, private = said(there, lesson, "Mine.", "owner"), said(there, lesson, "Hm.", audience=Audience.AUTHOR)
    elsewhere = said(there, other, "Elsewhere.")
    assert [(one.body, one.by) for one in store.to_keep(owner)] == [
        ("What a pause.", COACH),
        ("Three more hands.", COACH),
    ]
    for one in (first, second, second):
        store.keep(owner, one)
    store.keep(owner, elsewhere)
    for who, what in ((owner, own), (owner, private), (coach, first), (coach, own), (owner, "0" * 24), (owner, "\x00")):
        with pytest.raises(NotThere):
            store.keep(who, what)
    store.let_go(coach, first)
    assert [one.body for one in store.kept(owner, owner)] == ["Elsewhere.", "What a pause.", "Three more hands."]
    assert store.to_keep(owner) == store.to_keep(coach) == store.kept(coach, coach) == []
    there.lessons.change_comment(coach, lesson, first, CommentChange(deleted=True))
    there.lessons.change_comment(coach, lesson, second, CommentChange(audience=Audience.AUTHOR))
    assert [one.comment for one in store.kept(owner, owner)] == [elsewhere]
    there.lessons.change_comment(coach, lesson, first, CommentChange(deleted=False))
    there.lessons.delete(owner, other, 1, 1)
    assert [one.comment for one in store.kept(owner, owner)] == [first]
    store.let_go(owner, first)
    assert [one.comment for one in store.to_keep(owner)] == [first]


def test_it_is_for_whom_it_is_shown_to_and_for_nobody_else(there):
    store, owner, coach = there.progress, there.owner, there.cast["coach"]

    def readers() -> set[str]:
        found = set()
        for who in (*there.cast.values(), "", "x" * 24):
            try:
                assert store.whose(who, owner).id == owner
                store.kept(who, owner)
                found.add(who)
            except NotThere:
                with pytest.raises(NotThere):
                    store.kept(who, owner)
        return found

    assert readers() == {owner}
    for _ in range(2):
        store.show_to(owner, COACH)
    assert readers() == {owner, coach}
    assert [(one.person.id, one.good) for one in store.readers(owner)] == [(coach, True)]
    assert [one.id for one in store.shown_by(coach)] == [owner]
    assert store.readers(coach) == store.shown_by(owner) == []
    with pytest.raises(NotThere):
        store.whose(owner, coach)  # it is no exchange
    for nobody in ("owner@school.org", "leader@school.org", "admin@school.org", "stranger@school.org", "x"):
        with pytest.raises(NoColleague):
            store.show_to(owner, nobody)
    for wrong in ("", "\x00", "../../etc", "0" * 24):
        with pytest.raises(NotThere):
            store.whose(owner, wrong)
    there.people.leave(COACH)
    assert readers() == {owner}
    assert [one.good for one in store.readers(owner)] == [False]
    assert store.shown_by(coach) == []
    there.people.come_back(COACH)
    assert readers() == {owner, coach}
    store.hide_from(coach, owner)
    store.hide_from(owner, there.cast["colleague"])
    assert readers() == {owner, coach}
    store.hide_from(owner, coach)
    assert readers() == {owner}


def test_the_page_tells_what_was_closed_and_only_changes_beyond_chance(there):
    store, owner, coach = there.cycles, there.owner, there.cast["coach"]
    looks = {"short": waiting(0.6), "long": waiting(3.2), "short too": waiting(0.6)}
    lessons = {name: there.ready(name, found)[0] for name, found in looks.items()}

    def cycle(name: str, again: str, measure: str | None = "wait_time_1") -> str:
        made = store.begin(owner, NewCycle(Kind.PEER, name, COLLEAGUE))
        store.set_goal(owner, made, "More students explain.", [], measure)
        for look, of in ((Look.FIRST, "short"), (Look.AGAIN, again)):
            store.take_in(owner, made, lessons[of], look)
        return made

    waits = cycle("Longer waits", "long")
    cycle("The same", "short too")
    cycle("Another number", "long", None)
    store.set_action_step(owner, waits, ActionStep("Count to three.", "", None, None, frozenset()))
    first = store.begin(there.cast["colleague"], NewCycle(Kind.PEER, "Theirs", "owner@school.org"))
    store.set_action_step(owner, first, ActionStep("Not mine.", "", None, None, frozenset()))
    store.close_step(there.cast["colleague"], first, "It went well.")

    def page(viewer: str):
        return look_back(there.progress, store, there.lessons, viewer, owner)

    assert page(owner).closed == page(owner).changed == ()  # neither closed, nor guessed
    store.close_step(owner, waits, "Two hands more.")
    for one in lessons.values():
        there.lessons.guess(owner, one, "wait_time_1", None)
    with pytest.raises(NotThere):
        page(coach)
    there.progress.show_to(owner, COACH)
    for viewer, named in ((owner, In("Longer waits", waits)), (coach, In("Longer waits", None))):
        (closed,), (changed,) = page(viewer).closed, page(viewer).changed
        assert (closed.cycle, closed.body, closed.outcome) == (named, "Count to three.", "Two hands more.")
        assert (changed.cycle, changed.evidence.said.partition(":")[0]) == (named, "A change")
        before, after = changed.evidence.before, changed.evidence.after
        assert before.interval.high < after.interval.low
    assert waits not in repr(page(coach))
    with pytest.raises(NotThere):
        there.lessons.listed(coach, lessons["long"])
    with pytest.raises(NotThere):
        store.cycle(coach, waits)
