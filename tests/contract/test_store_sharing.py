"""What an owner gives of a lesson, and takes back; and what people note at its moments."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update
from stores import School

from coaching.access import Grant, NotThere
from coaching.comments import NewComment
from coaching.library import Filter, Labels, Whose
from coaching.people import Membership
from coaching.services.lessons import spoken
from coaching.sharing import NoColleague
from coaching.spans import Span
from models.tables import MembershipRow, PersonRow, SchoolRow

COACH = "coach@school.org"


@pytest.fixture
def lesson(there: School) -> tuple[str, str]:
    return there.ready()


def share(there: School, recording: str, *what: Grant, email: str = COACH) -> None:
    there.lessons.grant(there.owner, recording, email, what)


def shared_with(there: School, person: str) -> list[str]:
    return [listed.id for listed in there.lessons.library(person, Filter(whose=Whose.WITH_ME), 24).lessons]


def test_who_was_granted_sees_what_was_granted_and_no_more(there, lesson):
    recording, run = lesson
    coach = there.cast["coach"]
    share(there, recording)
    facts = there.lessons.recording(coach, recording)
    assert facts.given == {Grant.SEE}
    assert shared_with(there, coach) == [recording]
    assert there.lessons.mine(coach) == []
    assert there.lessons.transcript(coach, run) == there.lessons.machine(there.owner, run).transcript
    assert spoken(there.lessons, coach, recording) == spoken(there.lessons, there.owner, recording)
    for refused in (
        lambda: there.lessons.machine(coach, run),
        lambda: there.lessons.comment(coach, recording, NewComment(1.0, "Yes.")),
    ):
        with pytest.raises(NotThere):
            refused()
    share(there, recording, Grant.MEASURES, Grant.COMMENT)
    assert there.lessons.machine(coach, run) == there.lessons.machine(there.owner, run)
    assert there.lessons.comment(coach, recording, NewComment(1.0, "Yes."))


def test_for_everybody_else_it_is_still_not_there(there, lesson):
    recording, run = lesson
    share(there, recording, *Grant)
    for who in ("colleague", "leader", "admin", "stranger"):
        assert shared_with(there, there.cast[who]) == []
        for ask in (there.lessons.recording, there.lessons.grants, there.lessons.comments):
            with pytest.raises(NotThere):
                ask(there.cast[who], recording)
        with pytest.raises(NotThere):
            there.lessons.transcript(there.cast[who], run)


def test_one_grant_opens_one_recording(there, lesson):
    other = there.bring("another")
    share(there, lesson[0], *Grant)
    with pytest.raises(NotThere):
        there.lessons.recording(there.cast["coach"], other)


def test_what_is_taken_back_is_gone(there, lesson):
    recording, run = lesson
    coach = there.cast["coach"]
    share(there, recording, *Grant)
    there.lessons.take_back_grant(there.owner, recording, coach, [Grant.MEASURES])
    assert there.lessons.recording(coach, recording).given == set(Grant) - {Grant.MEASURES}
    with pytest.raises(NotThere):
        there.lessons.machine(coach, run)
    there.lessons.take_back_grant(there.owner, recording, coach)
    assert shared_with(there, coach) == []
    with pytest.raises(NotThere):
        there.lessons.recording(coach, recording)
    assert there.lessons.grants(there.owner, recording) == []
    share(there, recording)
    assert there.lessons.recording(coach, recording).given == {Grant.SEE}  # and nothing of what was before


def test_taking_back_seeing_takes_back_all(there, lesson):
    share(there, lesson[0], *Grant)
    there.lessons.take_back_grant(there.owner, lesson[0], there.cast["coach"], [Grant.SEE])
    assert there.lessons.grants(there.owner, lesson[0]) == []


def test_the_owner_sees_all_that_was_given_and_others_their_own(there, lesson):
    recording, _ = lesson
    share(there, recording, Grant.COMMENT)
    share(there, recording, Grant.COMMENT)  # twice is once
    share(there, recording, email="colleague@school.org")
    given = there.lessons.grants(there.owner, recording)
    assert [(g.person.email, g.what) for g in given] == [
        (COACH, {Grant.SEE, Grant.COMMENT}),
        ("colleague@school.org", {Grant.SEE}),
    ]
    assert [g.person.email for g in there.lessons.grants(there.cast["coach"], recording)] == [COACH]


def test_only_the_owner_gives_and_takes_back(there, lesson):
    recording, _ = lesson
    coach = there.cast["coach"]
    share(there, recording, *Grant)
    with pytest.raises(NotThere):
        there.lessons.grant(coach, recording, "colleague@school.org", [Grant.SEE])
    with pytest.raises(NotThere):
        there.lessons.take_back_grant(coach, recording, coach)


@pytest.mark.parametrize("who", ["owner", "leader", "admin", "stranger", "left", "nobody", "no address"])
def test_who_cannot_be_given_a_lesson_is_refused_in_the_same_words(there, lesson, who):
    left = there.people.add("left@school.org", Membership.COACH, "North").id
    with there.database.write() as session:
        session.execute(update(PersonRow).where(PersonRow.id == left).values(left=1.0))
    with pytest.raises(NoColleague, match="coaches and teachers of your school"):
        share(there, lesson[0], email=f"{who}@school.org" if who != "no address" else "\x00@")
    assert there.lessons.grants(there.owner, lesson[0]) == []
    for found in (there.lessons.colleagues(there.owner), there.lessons.takers(there.owner, lesson[0])):
        assert {p.email for p in found} == {"colleague@school.org", COACH}


def test_a_coach_who_also_leads_can_be_given_a_lesson(there, lesson):
    there.people.add("leader@school.org", Membership.COACH, "South")  # a coach, but not at a school of the owner's
    with pytest.raises(NoColleague):
        share(there, lesson[0], email="leader@school.org")
    there.people.add("leader@school.org", Membership.COACH, "North")
    share(there, lesson[0], email="leader@school.org")
    assert there.lessons.recording(there.cast["leader"], lesson[0]).given == {Grant.SEE}


def test_colleagues_are_of_ones_own_schools(there):
    assert [p.email for p in there.lessons.colleagues(there.cast["stranger"])] == []
    assert [p.email for p in there.lessons.colleagues(there.cast["coach"])] == [
        "colleague@school.org",
        "owner@school.org",
    ]
    for nobody in ("0" * 24, "", "\x00"):
        assert there.lessons.colleagues(nobody) == []


def test_a_grant_sleeps_while_it_could_not_be_given_and_is_as_before_afterwards(there, lesson):
    recording, run = lesson
    coach, lessons = there.cast["coach"], there.lessons
    share(there, recording, *Grant)
    lessons.describe(there.owner, recording, "Period 2", None, ())
    lessons.comment(coach, recording, NewComment(1.0, "Look here."))

    def be(membership: Membership, school: str, email: str = COACH) -> None:
        there.people.add(email, membership, school)
        with there.database.write() as session:
            place = select(SchoolRow.id).where(SchoolRow.name == school).scalar_subquery()
            others = (MembershipRow.school_id != place) | (MembershipRow.membership != membership)
            person = select(PersonRow.id).where(PersonRow.email == email).scalar_subquery()
            session.execute(delete(MembershipRow).where(MembershipRow.person_id == person, others))

    def seen() -> None:
        assert lessons.recording(coach, recording).given == set(Grant)
        assert lessons.machine(coach, run) == lessons.machine(there.owner, run)
        assert shared_with(there, coach) == [recording]
        assert lessons.labels(coach).classes
        assert lessons.listed(there.owner, recording).shared_with == (COACH,)
        assert lessons.library(there.owner, Filter(), 24).whose == {Whose.SHARED: 1}
        assert [(g.what, g.good) for g in lessons.grants(there.owner, recording)] == [(set(Grant), True)]

    def not_there() -> None:
        for ask in (lessons.recording, lessons.listed, lessons.grants, lessons.comments, lessons.corrections):
            with pytest.raises(NotThere):
                ask(coach, recording)
        for ask in (lessons.transcript, lessons.machine):
            with pytest.raises(NotThere):
                ask(coach, run)
        with pytest.raises(NotThere):
            lessons.comment(coach, recording, NewComment(1.0, "And here."))
        assert lessons.library(coach, Filter(), 24).empty
        assert lessons.labels(coach) == Labels()
        assert lessons.listed(there.owner, recording).shared_with == ()
        assert lessons.library(there.owner, Filter(), 24).whose == {}
        assert lessons.library(there.owner, Filter(whose=Whose.SHARED), 24).lessons == ()
        assert [(g.what, g.good) for g in lessons.grants(there.owner, recording)] == [(set(Grant), False)]
        assert [c.body for c in lessons.comments(there.owner, recording)] == ["Look here."]  # it was said to the owner

    seen()
    for membership, school in (
        (Membership.LEADER, "North"),
        (Membership.ADMIN, "North"),
        (Membership.COACH, "South"),
        (Membership.LEADER, "South"),
    ):
        be(membership, school)
        not_there()
        be(Membership.COACH, "North")
        seen()
    there.people.leave(COACH)
    not_there()
    there.people.come_back(COACH)
    seen()
    be(Membership.TEACHER, "South", "owner@school.org")  # the owner goes to another school, and the coach follows
    not_there()
    there.people.add(COACH, Membership.TEACHER, "South")
    seen()
    be(Membership.LEADER, "South")
    lessons.take_back_grant(there.owner, recording, coach)
    be(Membership.COACH, "South")
    with pytest.raises(NotThere):  # taken back in its sleep, it does not wake up
        lessons.recording(coach, recording)
    assert lessons.grants(there.owner, recording) == []


def test_from_whom_it_was_taken_back_stays_known_to_the_owner_until_it_is_given_anew(there, lesson):
    recording, _ = lesson
    coach = there.cast["coach"]
    share(there, recording, Grant.MEASURES)
    assert there.lessons.taken_back(there.owner, recording) == []
    there.lessons.watch(coach, recording, 4.0, [Span(1, 4)])
    there.lessons.take_back_grant(there.owner, recording, coach, [Grant.MEASURES])
    assert there.lessons.taken_back(there.owner, recording) == []  # they still see it
    there.lessons.take_back_grant(there.owner, recording, coach)
    (ended,) = there.lessons.taken_back(there.owner, recording)
    assert (ended.person.email, ended.what, ended.good, ended.until > ended.since) == (COACH, frozenset(), False, True)
    assert [view.spans for view in there.lessons.views(there.owner, recording)] == [(Span(1, 4),)]
    share(there, recording)
    assert there.lessons.taken_back(there.owner, recording) == []
