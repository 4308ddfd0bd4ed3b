"""The gate, decision by decision."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from coaching.access import (
    NEEDS,
    Action,
    Grant,
    NotThere,
    OfVisit,
    Part,
    decide,
    decide_codebook,
    decide_visit,
    decide_visited,
    require,
)
from coaching.comments import LONGEST_COMMENT, NewComment, check
from coaching.errors import BadInput
from coaching.people import Membership

ME, HERS = "a" * 24, "b" * 24
EVERYTHING = list(chain.from_iterable(combinations(Grant, n) for n in range(len(Grant) + 1)))


@pytest.mark.parametrize("action", Action)
def test_the_owner_may_everything_and_a_stranger_nothing(action):
    assert decide(ME, action, ME).allowed
    assert not decide(ME, action, HERS).allowed


@pytest.mark.parametrize("grants", EVERYTHING, ids=lambda g: "+".join(g) or "nothing")
def test_what_was_granted_and_no_more_is_allowed(grants):
    allowed = {action for action in Action if decide(ME, action, HERS, frozenset(grants)).allowed}
    expected = set()
    if Grant.SEE in grants:
        expected.add(Action.SEE)
        expected |= {Action.MEASURE} if Grant.MEASURES in grants else set()
        expected |= {Action.COMMENT} if Grant.COMMENT in grants else set()
        expected |= {Action.DOWNLOAD} if Grant.DOWNLOAD in grants else set()
    assert allowed == expected


def test_whatever_is_granted_only_the_owner_corrects_shares_and_deletes():
    assert set(Action) - NEEDS.keys() == {
        Action.CORRECT,
        Action.REPROCESS,
        Action.CHANGE,
        Action.SHARE,
        Action.DELETE,
    }


def test_a_refusal_does_not_tell_whether_there_is_such_a_thing():
    said = []
    for owner in (None, HERS):
        with pytest.raises(NotThere) as refusal:
            require(ME, Action.SEE, owner)
        said.append(str(refusal.value))
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "comment",
    [
        NewComment(0.0, ""),
        NewComment(0.0, "  \n "),
        NewComment(0.0, "a" * (LONGEST_COMMENT + 1)),
        NewComment(0.0, "a\x00b"),
        NewComment(0.0, "a\ud800b"),
        NewComment(-0.1, "a"),
        NewComment(3.0, "a", 2.0),
        NewComment(60.5, "a"),
        NewComment(1.0, "a", 60.5),
        NewComment(float("nan"), "a"),
        NewComment(1.0, "a", float("nan")),
        NewComment(1.0, "a", float("inf")),
    ],
)
def test_a_comment_says_something_about_a_moment_of_the_recording(comment):
    with pytest.raises(BadInput):
        check(comment, 60.0)


@pytest.mark.parametrize(
    ("comment", "duration"),
    [
        (NewComment(0.0, "a"), 60.0),
        (NewComment(60.0, "é\n" * 2500), 60.0),
        (NewComment(12.0, "a", 12.0), 60.0),
        (NewComment(3600.0, "a", 3700.0), None),
    ],
)
def test_a_comment_that_does_is_kept(comment, duration):
    check(comment, duration)
    with pytest.raises(BadInput):
        check(NewComment(float("inf"), "a"), duration)


@pytest.mark.parametrize(
    ("own", "roles", "read", "change"),
    [
        (True, (), True, True),
        (False, (), False, False),
        (False, (Membership.TEACHER,), True, False),
        (False, (Membership.LEADER,), True, False),
        (False, (Membership.COACH,), True, True),
        (False, (Membership.ADMIN, Membership.LEADER), True, True),
    ],
)
def test_a_schools_codebook_is_changed_by_its_coaches_and_admins_alone(own, roles, read, change):
    assert [decide_codebook(what, own, roles).allowed for what in (False, True)] == [read, change]
    assert all(decide_codebook(what, own, roles).why for what in (False, True))


def test_what_an_admin_opened_they_see_and_may_nothing_else_with():
    allowed = {action for action in Action if decide("admin", action, "owner", opened=True).allowed}
    assert allowed == {Action.SEE}
    require("admin", Action.SEE, "owner", opened=True)
    with pytest.raises(NotThere):
        require("admin", Action.SEE, None, opened=True)


@pytest.mark.parametrize("visitor", chain.from_iterable(combinations(Membership, n) for n in range(3)), ids=str)
def test_teachers_coaches_and_leaders_visit_teachers_of_their_school(visitor):
    visits = bool({Membership.TEACHER, Membership.COACH, Membership.LEADER} & set(visitor))
    assert decide_visit(visitor, (Membership.LEADER, Membership.TEACHER), own=False).allowed == visits
    assert not decide_visit(visitor, (Membership.TEACHER,), own=True).allowed
    assert not decide_visit(visitor, set(Membership) - {Membership.TEACHER}, own=False).allowed
    assert decide_visit(visitor, (), own=False).why


@pytest.mark.parametrize(
    ("part", "may"),
    [
        (None, set()),
        (Part.READER, {OfVisit.SEE}),
        (Part.VISITOR, {OfVisit.SEE, OfVisit.TAKE_BACK}),
        (Part.TEACHER, {OfVisit.SEE, OfVisit.ANSWER, OfVisit.PASS_ON, OfVisit.DELETE}),
    ],
)
def test_a_visit_is_its_teachers(part, may):
    assert {what for what in OfVisit if decide_visited(part, what).allowed} == may
    assert all(decide_visited(part, what).why for what in OfVisit)
