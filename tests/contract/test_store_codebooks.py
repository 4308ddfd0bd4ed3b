"""Codebooks in the store: whose they are, their versions, which are offered on a lesson, and what comments copy."""

from __future__ import annotations

import pytest
from stores import School

from coaching.access import Grant, NotThere
from coaching.codebooks import ChangedMeanwhile, Codebook, Colour, Label, NameTaken, with_label, without_label
from coaching.comments import CommentChange, NewComment
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.starting_set import STARTING_SET

TALK = Codebook(
    "Talk", (Label("Turns", "Voice", "A student speaks.", Colour.ROSE, ("some", "most")), Label("Turns", "Choice"))
)
OTHER = Codebook("Other words", (Label("a", "Word", colour=Colour.TEAL),))


@pytest.fixture
def north(there: School) -> str:
    """The school's id."""
    return there.staff.schools(there.cast["admin"])[0].id


def test_coaches_and_admins_keep_a_schools_and_whoever_works_there_reads_it(there, north):
    coach = there.cast["coach"]
    assert [place.name for place in there.codebooks.places(coach)] == ["Only you", "North"]
    made = there.codebooks.make(coach, north, TALK)
    there.codebooks.change(there.cast["admin"], made, 1, with_label(TALK, Label("Turns", "Path")))
    for who in ("owner", "colleague", "leader"):
        person = there.cast[who]
        assert [place.school_id for place in there.codebooks.places(person)] == [None]
        (found,) = there.codebooks.mine(person)
        assert (found.id, found.number, found.school, found.by) == (made, 2, "North", "admin@school.org")
        assert not found.may_change
        assert there.codebooks.one(person, made, 1).codebook == TALK
        for refused in (
            lambda person=person: there.codebooks.make(person, north, OTHER),
            lambda person=person: there.codebooks.change(person, made, 2, TALK),
            lambda person=person: there.codebooks.take_away(person, made),
        ):
            with pytest.raises(NotThere):
                refused()
    assert [kept.number for kept in there.codebooks.versions(coach, made)] == [2, 1]


def test_for_others_a_codebook_is_not_there_and_ones_own_is_nobody_elses(there, north):
    coach, stranger = there.cast["coach"], there.cast["stranger"]
    schools, own = there.codebooks.make(coach, north, TALK), there.codebooks.make(coach, None, TALK)
    outside = {"stranger": (schools, own), "admin": (own,), "leader": (own,), "owner": (own,)}
    for who, closed in outside.items():
        for codebook in (*closed, "0" * 24, "", "\x00", "../x"):
            for ask in (
                lambda who, book: there.codebooks.one(who, book),
                lambda who, book: there.codebooks.one(who, book, 1),
                lambda who, book: there.codebooks.versions(who, book),
                lambda who, book: there.codebooks.change(who, book, 1, OTHER),
                lambda who, book: there.codebooks.take_away(who, book),
            ):
                with pytest.raises(NotThere):
                    ask(there.cast[who], codebook)
    assert there.codebooks.mine(stranger) == []
    for school in (north, "0" * 24, ""):
        with pytest.raises(NotThere):
            there.codebooks.make(stranger, school, OTHER)
    there.people.leave("coach@school.org")
    assert [kept.school for kept in there.codebooks.mine(coach)] == [""]
    with pytest.raises(NotThere):
        there.codebooks.one(coach, schools)


def test_a_version_is_made_by_a_change_alone_and_nobody_writes_over_anothers(there, north):
    coach, admin = there.cast["coach"], there.cast["admin"]
    made = there.codebooks.make(coach, north, TALK)
    there.codebooks.change(coach, made, 1, TALK)
    there.codebooks.change(coach, made, 1, without_label(TALK, "Choice"))
    with pytest.raises(ChangedMeanwhile):
        there.codebooks.change(admin, made, 1, OTHER)
    with pytest.raises(BadInput, match="1 to 150"):
        there.codebooks.change(admin, made, 2, Codebook("Talk", ()))
    assert [len(kept.codebook.labels) for kept in there.codebooks.versions(admin, made)] == [1, 2]
    there.codebooks.make(coach, north, OTHER)
    for taken in (
        lambda: there.codebooks.make(admin, north, Codebook(" tAlk ", OTHER.labels)),
        lambda: there.codebooks.change(admin, made, 2, OTHER),
    ):
        with pytest.raises(NameTaken):
            taken()
    there.codebooks.make(admin, None, TALK)  # one's own may be called like the school's


def test_what_is_taken_away_is_offered_no_more_and_can_be_brought_back(there, north):
    coach, owner = there.cast["coach"], there.owner
    made = there.codebooks.make(coach, north, TALK)
    there.codebooks.take_away(coach, made)
    assert there.codebooks.mine(owner) == []
    with pytest.raises(NotThere):
        there.codebooks.one(owner, made)
    assert [kept.taken_away for kept in there.codebooks.mine(coach)] == [True]
    another = there.codebooks.make(coach, north, TALK)
    with pytest.raises(NameTaken):
        there.codebooks.take_away(coach, made, gone=False)
    there.codebooks.take_away(coach, another)
    there.codebooks.take_away(coach, made, gone=False)
    assert [kept.id for kept in there.codebooks.mine(owner)] == [made]


def test_a_lesson_offers_ones_own_and_those_of_schools_in_common(there, north):
    coach, owner = there.cast["coach"], there.owner
    lesson, _ = there.ready()
    there.lessons.grant(owner, lesson, "coach@school.org", [Grant.COMMENT])

    def offered(who: str) -> list[str]:
        return [book.name for book in there.codebooks.offered(there.cast[who], lesson)]

    assert offered("owner") == offered("coach") == [STARTING_SET.name]
    there.codebooks.make(coach, None, OTHER)
    assert (offered("owner"), offered("coach")) == ([STARTING_SET.name], ["Other words", STARTING_SET.name])
    there.people.add("coach@school.org", Membership.COACH, "South")
    south = next(place.school_id for place in there.codebooks.places(coach) if place.name == "South")
    there.codebooks.make(coach, south, Codebook("Of the south", OTHER.labels))
    assert offered("coach") == ["Other words", STARTING_SET.name]  # the owner does not work there
    there.codebooks.make(coach, north, TALK)
    assert (offered("owner"), offered("coach")) == (["Talk"], ["Other words", "Talk"])
    for who in ("colleague", "leader", "admin", "stranger"):
        with pytest.raises(NotThere):
            offered(who)


def test_a_comment_keeps_words_and_colour_whatever_becomes_of_the_codebook(there, north):
    coach, owner = there.cast["coach"], there.owner
    lesson, _ = there.ready()
    there.lessons.grant(owner, lesson, "coach@school.org", [Grant.COMMENT])
    made = there.codebooks.make(coach, north, TALK)
    labels = ("Voice: some", "Choice", "No such word")
    written = there.lessons.comment(coach, lesson, NewComment(1.0, "Look.", labels=labels))

    def found() -> tuple[tuple[str, ...], tuple[Colour, ...]]:
        (comment,) = there.lessons.comments(owner, lesson)
        return comment.labels, comment.colours

    assert found() == (labels, (Colour.ROSE, Colour.GREY, Colour.GREY))
    there.codebooks.change(coach, made, 1, Codebook("Talk", (Label("Turns", "Voice", colour=Colour.BLUE),)))
    assert found() == (labels, (Colour.ROSE, Colour.GREY, Colour.GREY))
    there.lessons.change_comment(coach, lesson, written, CommentChange(labels=("Voice", "Voice: some")))
    assert found() == (("Voice", "Voice: some"), (Colour.BLUE, Colour.ROSE))
    there.lessons.change_comment(coach, lesson, written, CommentChange(deleted=True))
    there.lessons.change_comment(coach, lesson, written, CommentChange(deleted=False))
    assert found() == (("Voice", "Voice: some"), (Colour.BLUE, Colour.ROSE))


def test_an_account_that_goes_takes_its_own_along_and_leaves_the_schools(there, north):
    coach, admin = there.cast["coach"], there.cast["admin"]
    there.codebooks.make(coach, None, OTHER)
    schools = there.codebooks.make(coach, north, TALK)
    there.people.forget("coach@school.org")
    assert there.codebooks.mine(coach) == []
    kept = there.codebooks.one(admin, schools)
    assert (kept.codebook, kept.by) == (TALK, "")
