"""Coding rounds in the store: for the two who are in one, blind until both are done, and gone with the lesson."""

from __future__ import annotations

import pytest
from stores import School

from coaching.access import Grant, NotThere
from coaching.codebooks import Codebook, Label
from coaching.coding import MOST_ROUNDS, Stretch
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.services.coding import answer, compared
from coaching.sharing import NoColleague
from coaching.spans import Span
from ui.agreement import kappa

BOOK = Codebook("Talk", (Label("Turns", "Voice"), Label("Waits", "Wait")))
STRETCHES = (Stretch(Span(8.0, 14.0), "They compare"), Stretch(Span(20.0, 30.0)))
COLLEAGUE = "colleague@school.org"


@pytest.fixture
def lesson(there: School) -> str:
    """One that the coach and a colleague may comment on."""
    recording, _ = there.ready()
    for who in ("coach@school.org", COLLEAGUE):
        there.lessons.grant(there.owner, recording, who, [Grant.COMMENT])
    return recording


@pytest.fixture
def begun(there: School, lesson: str) -> str:
    return there.lessons.begin_round(there.cast["coach"], lesson, COLLEAGUE, BOOK, STRETCHES)


def test_two_label_blind_and_then_see_where_they_agree(there, lesson, begun):
    coach, colleague = there.cast["coach"], there.cast["colleague"]
    found = there.lessons.round(colleague, begun)
    assert (found.lesson, found.codebook, found.stretches) == ("fractions", BOOK, STRETCHES)
    assert [coder.called for coder in found.coders] == [COLLEAGUE, "coach@school.org"]
    answer(there.lessons, coach, there.lessons.round(coach, begun), 0, ["Voice", "Wait"])
    there.lessons.mark(coach, begun, 0, ["Wait"])
    with pytest.raises(BadInput, match="not looked at one clip yet"):
        there.lessons.finish(coach, begun)
    there.lessons.mark(coach, begun, 1, [])
    there.lessons.finish(coach, begun)
    there.lessons.finish(coach, begun)
    with pytest.raises(BadInput, match="stay as they are"):
        there.lessons.mark(coach, begun, 1, ["Voice"])
    mine, theirs = there.lessons.round(colleague, begun).coders
    assert (mine.marks, mine.done, theirs.marks, theirs.done) == ((None, None), False, (), True)
    for stretch, labels in enumerate((["Wait"], ["Wait"])):
        there.lessons.mark(colleague, begun, stretch, labels)
    assert not there.lessons.round(coach, begun).done
    there.lessons.finish(colleague, begun)
    found = there.lessons.round(coach, begun)
    assert [coder.marks for coder in found.coders] == [(frozenset({"Wait"}), frozenset()), (frozenset({"Wait"}),) * 2]
    voice, wait = compared(found, kappa)
    assert (voice.kappa, wait.kappa, wait.apart, wait.agreed) == (None, 0.0, (1,), 1)
    (view,) = (view for view in there.lessons.views(there.owner, lesson) if view.person == coach)
    assert view.spans == (Span(8.0, 14.0),)  # the teacher sees what was played


def test_a_round_is_for_the_two_and_its_teacher_is_told_that_there_is_one(there, lesson, begun):
    (told,) = there.lessons.rounds(there.owner, lesson)
    assert {coder.called for coder in told.coders} == {"coach@school.org", COLLEAGUE}
    assert [coder.marks for coder in told.coders] == [(), ()]
    assert there.lessons.rounds(there.owner) == []
    there.people.add("second@school.org", Membership.COACH, "North")
    there.lessons.grant(there.owner, lesson, "second@school.org", list(Grant))
    there.cast["second"] = there.people.find("second@school.org").id
    assert there.lessons.rounds(there.cast["second"], lesson) == []
    for who in ("owner", "second", "leader", "admin", "stranger"):
        for round in (begun, "0" * 24, "", "\x00"):
            for ask in (
                lambda who, round: there.lessons.round(who, round),
                lambda who, round: there.lessons.mark(who, round, 0, []),
                lambda who, round: there.lessons.finish(who, round),
            ):
                with pytest.raises(NotThere):
                    ask(there.cast[who], round)
    for who in ("colleague", "second", "leader", "stranger"):
        with pytest.raises(NotThere):
            there.lessons.end_round(there.cast[who], begun)
    there.lessons.end_round(there.owner, begun)
    assert there.lessons.rounds(there.cast["coach"]) == there.lessons.rounds(there.owner, lesson) == []


def test_whoever_may_not_comment_any_more_has_no_round_and_learns_of_none(there, lesson, begun):
    coach, colleague = there.cast["coach"], there.cast["colleague"]
    there.lessons.take_back_grant(there.owner, lesson, colleague, [Grant.COMMENT])
    assert there.lessons.rounds(colleague) == []
    with pytest.raises(NotThere):
        there.lessons.round(colleague, begun)
    assert [one.id for one in there.lessons.rounds(coach)] == [begun]
    there.lessons.begin_round(coach, lesson, COLLEAGUE, BOOK, STRETCHES)  # nothing tells who else sees the lesson
    there.lessons.grant(there.owner, lesson, COLLEAGUE, [Grant.COMMENT])
    assert len(there.lessons.rounds(colleague)) == 2


def test_what_is_no_round_is_refused(there, lesson):
    coach = there.cast["coach"]
    for email in ("leader@school.org", "stranger@school.org", "coach@school.org", "x"):
        with pytest.raises(NoColleague):
            there.lessons.begin_round(coach, lesson, email, BOOK, STRETCHES)
    for book, stretches in ((Codebook("Talk", ()), STRETCHES), (BOOK, STRETCHES[:1])):
        with pytest.raises(BadInput):
            there.lessons.begin_round(coach, lesson, COLLEAGUE, book, stretches)
    with pytest.raises(NotThere):
        there.lessons.begin_round(there.cast["stranger"], lesson, COLLEAGUE, BOOK, STRETCHES)
    begun = there.lessons.begin_round(coach, lesson, COLLEAGUE, BOOK, STRETCHES)
    for _ in range(MOST_ROUNDS - 1):
        there.lessons.begin_round(coach, lesson, COLLEAGUE, BOOK, STRETCHES)
    with pytest.raises(BadInput, match="End one of them first"):
        there.lessons.begin_round(coach, lesson, COLLEAGUE, BOOK, STRETCHES)
    for stretch, labels in ((2, []), (-1, []), (0, ["Choice"])):
        with pytest.raises(BadInput):
            there.lessons.mark(coach, begun, stretch, labels)


def test_it_goes_with_the_lesson_and_cannot_be_compared_without_one_of_the_two(there, lesson, begun):
    there.people.forget(COLLEAGUE)
    found = there.lessons.round(there.cast["coach"], begun)
    assert (len(found.coders), found.done) == (1, False)
    there.lessons.delete(there.owner, lesson, 0, 0)
    assert there.lessons.rounds(there.cast["coach"]) == []
