"""Faces covered in a clip: the owner's alone, looked for and made as handouts are, and gone with what they are of."""

from __future__ import annotations

import pytest
from stores import OTHERS, School

from coaching.access import Grant, NotThere
from coaching.clips import ClipChange, NewClip
from coaching.comments import Audience
from coaching.errors import BadInput
from coaching.faces import Box, Face, Marked, Moment
from coaching.handouts import AGAIN_S, Errand, Made, Making, Order
from coaching.services.handouts import gathered
from coaching.spans import Span
from models import faces
from models.erasing import person as erase
from models.tables import ClipFacesRow, ClipRow, HandoutRow

COACH = "coach@school.org"
FOUND = Face("a1", 14.0, 16.0, (Moment(14.0, Box(0.1, 0.1, 0.1, 0.1)), Moment(16.0, Box(0.2, 0.1, 0.1, 0.1))))
OTHER = Face("b2", 15.0, 15.0, (Moment(15.0, Box(0.6, 0.1, 0.1, 0.1)),))
DRAWN = Face("c3", 14.0, 20.0, (Moment(14.0, Box(0.4, 0.4, 0.2, 0.2)),), by_hand=True)


@pytest.fixture
def lesson(there: School) -> str:
    return there.ready()[0]


@pytest.fixture
def clip(there: School, lesson: str) -> str:
    return there.lessons.clip(there.owner, lesson, NewClip(14.0, 20.0, "They compare", audience=Audience.LESSON))


def see(there: School, clip: str):
    return there.faces.faces(there.owner, clip)


def claim(there: School, kind: Made) -> Errand:
    there.handouts.order_given()
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    assert errand.order.kind is kind
    return errand


def looked(there: School, clip: str, *found: Face) -> None:
    there.faces.cover(there.owner, clip)
    assert there.handouts.found(claim(there, Made.FACES), found)


def made(there: School) -> str:
    errand = claim(there, Made.COVERED)
    path = f"recordings/{errand.recording}/handouts/{errand.token}/{errand.name}"
    assert there.handouts.finish(errand, path, 9)
    return path


def kept(there: School) -> list[str]:
    return [path for _, path, _ in there.handouts.kept() if path]


def of_clip(there: School, clip: str):
    with there.database.read() as session:
        return faces.covered_film(session, session.get_one(ClipRow, clip))


def test_nothing_is_covered_until_its_owner_asks(there, lesson, clip):
    before = see(there, clip)
    assert (before.asked, before.faces, before.film.path) == (False, (), None)
    assert (before.recording, before.name, before.span) == (lesson, "They compare", Span(14.0, 20.0))
    assert of_clip(there, clip) is None
    assert not there.handouts.order_given()
    assert there.handouts.claim("worker-1") is None
    with pytest.raises(NotThere):
        there.faces.mark(there.owner, clip, Marked())


def test_faces_are_looked_for_then_the_film_is_made_of_these_seconds(there, lesson, clip):
    there.faces.cover(there.owner, clip)
    there.faces.cover(there.owner, clip)
    assert (see(there, clip).asked, see(there, clip).looking.state) == (True, Making.WAITING)
    errand = claim(there, Made.FACES)
    assert (errand.person, errand.order.part, errand.faces) == (there.owner, Span(14.0, 20.0), ())
    assert there.handouts.report(errand, 0.5)
    assert (see(there, clip).looking.share, see(there, clip).film.state) == (0.5, Making.WAITING)
    assert of_clip(there, clip).path is None
    assert there.handouts.found(errand, [FOUND, OTHER])
    now = see(there, clip)
    assert (now.looking.state, now.found, now.faces) == (Making.READY, (FOUND, OTHER), (FOUND, OTHER))
    errand = claim(there, Made.COVERED)
    assert errand.faces == (FOUND, OTHER)
    assert gathered(there.lessons, errand)["faces"][0][0] == "a1"
    assert there.handouts.report(errand, 0.25)
    assert (see(there, clip).film.state, see(there, clip).film.share) == (Making.WORKING, 0.25)
    assert there.handouts.finish(errand, "recordings/x/handouts/y/clip.mp4", 9)
    assert see(there, clip).film == of_clip(there, clip)
    assert of_clip(there, clip).path == "recordings/x/handouts/y/clip.mp4"
    assert not there.handouts.order_given()
    assert there.handouts.claim("worker-1") is None
    assert there.handouts.mine(there.owner, lesson) == []


def test_what_is_put_right_makes_another_film_and_the_one_before_counts_no_more(there, lesson, clip):
    looked(there, clip, FOUND, OTHER)
    first = made(there)
    there.faces.mark(there.owner, clip, Marked(frozenset({"b2"}), (DRAWN,)))
    now = see(there, clip)
    assert (now.found, now.faces) == ((FOUND, OTHER), (FOUND, DRAWN))
    assert (now.film.state, now.film.path) == (Making.WAITING, None)
    assert of_clip(there, clip).path is None, "nobody sees the film of before"
    errand = claim(there, Made.COVERED)
    assert errand.faces == (FOUND, DRAWN)
    assert kept(there) == []
    there.faces.mark(there.owner, clip, Marked())
    assert not there.handouts.finish(errand, first, 9), "it was changed while it was made"
    second = made(there)
    assert (see(there, clip).film.path, kept(there)) == (second, [second])


def test_a_clip_whose_seconds_change_is_looked_at_anew_and_what_was_drawn_stays(there, lesson, clip):
    looked(there, clip, FOUND)
    there.faces.mark(there.owner, clip, Marked(added=(DRAWN,)))
    made(there)
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(name="Another name"))
    assert see(there, clip).film.path is not None
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(stop=18.0))
    now = see(there, clip)
    assert (now.looking.state, now.found, now.marked.added) == (Making.WAITING, (), (DRAWN,))
    assert of_clip(there, clip).path is None
    errand = claim(there, Made.FACES)
    assert errand.order.part == Span(14.0, 18.0)
    assert kept(there) == []
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(stop=19.0))
    assert not there.handouts.found(errand, [OTHER])
    assert there.handouts.found(claim(there, Made.FACES), [FOUND])
    assert see(there, clip).faces == (FOUND, DRAWN)


def test_it_goes_when_it_is_uncovered_or_the_clip_is_deleted(there, lesson, clip):
    looked(there, clip, FOUND)
    made(there)
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(deleted=True))
    there.handouts.order_given()
    assert kept(there) == []
    with pytest.raises(NotThere):
        see(there, clip)
    there.lessons.change_clip(there.owner, lesson, clip, ClipChange(deleted=False))
    path = made(there)
    assert kept(there) == [path]
    there.faces.uncover(there.owner, clip)
    assert there.handouts.order_given()
    assert kept(there) == []
    assert not see(there, clip).asked
    with there.database.read() as session:
        assert session.get(ClipFacesRow, clip) is None


@pytest.mark.parametrize("kind", [Made.FACES, Made.COVERED], ids=str)
def test_what_failed_says_why_and_is_tried_again_by_itself_or_when_asked(there, lesson, clip, kind):
    if kind is Made.COVERED:
        looked(there, clip, FOUND)
    there.faces.cover(there.owner, clip)
    for _ in range(2):
        there.handouts.fail(claim(there, kind), "It broke.", again=False)
        now = see(there, clip)
        assert (now.film.state, now.film.reason) == (Making.FAILED, "It broke.")
        assert (now.looking.reason == "It broke.") == (kind is Made.FACES)
        there.handouts.order_given()
        assert there.handouts.claim("worker-1") is None
        there.faces.cover(there.owner, clip)
        assert see(there, clip).film.state is Making.WAITING
    there.handouts.fail(claim(there, kind), "It broke.", again=False)
    there.later(HandoutRow, AGAIN_S + 1, "asked")
    there.handouts.order_given()
    claim(there, kind)


def test_a_worker_that_goes_silent_loses_it_and_nothing_of_it_counts(there, lesson, clip):
    there.faces.cover(there.owner, clip)
    first = claim(there, Made.FACES)
    there.later(HandoutRow, 60.0, "heard")
    second = claim(there, Made.FACES)
    assert not there.handouts.found(first, [OTHER])
    assert there.handouts.found(second, [FOUND])
    assert see(there, clip).found == (FOUND,)


def test_for_everybody_but_the_owner_it_is_not_there(there, lesson, clip):
    looked(there, clip, FOUND)
    there.lessons.grant(there.owner, lesson, COACH, list(Grant))
    there.lessons.give_clips(there.owner, lesson, "colleague@school.org", [clip])
    theirs = there.lessons.clip(there.cast["coach"], lesson, NewClip(1.0, 2.0, "Mine", audience=Audience.LESSON))
    for who, of in (
        *((there.cast[who], clip) for who in OTHERS),
        (there.owner, theirs),
        (there.cast["coach"], theirs),
        (there.owner, "0" * 24),
        (there.owner, "'; --"),
        ("", clip),
        ("\x00", "\x00"),
    ):
        for ask in (
            there.faces.cover,
            there.faces.faces,
            there.faces.uncover,
            lambda who, of: there.faces.mark(who, of, Marked()),
        ):
            with pytest.raises(NotThere):
                ask(who, of)
    assert see(there, clip).found == (FOUND,)


def test_nobody_orders_it_as_a_file_and_there_must_be_a_film(there, lesson, clip):
    for kind in (Made.FACES, Made.COVERED):
        with pytest.raises(BadInput):
            there.handouts.ask(there.owner, lesson, Order(kind, (clip,), part=Span(14.0, 20.0)))
    bare = there.bring("no film yet")
    early = there.lessons.clip(there.owner, bare, NewClip(1.0, 2.0, "Early"))
    with pytest.raises(BadInput):
        there.faces.cover(there.owner, early)


def test_a_recording_or_a_person_that_goes_takes_it_along(there, lesson, clip):
    looked(there, clip, FOUND)
    made(there)
    there.lessons.delete(there.owner, lesson, 0, 0)
    with there.database.read() as session:
        assert session.get(ClipFacesRow, clip) is None
    assert kept(there) == []
    another = there.ready("another")[0]
    second = there.lessons.clip(there.owner, another, NewClip(14.0, 20.0, "Again"))
    looked(there, second, FOUND)
    with there.database.write() as session:
        assert erase(session, there.owner)["clip_faces"] == 1
    assert there.handouts.claim("worker-1") is None


def test_who_was_given_the_clip_has_no_other_film_of_it_than_the_covered_one(there, lesson, clip):
    coach = there.cast["coach"]
    there.lessons.give_clips(there.owner, lesson, COACH, [clip])
    errand = claim(there, Made.GIVEN)
    bare = f"recordings/{lesson}/handouts/{errand.token}/{errand.name}"
    assert there.handouts.finish(errand, bare, 9)
    assert there.lessons.given_clip(coach, clip).film.path == bare
    there.faces.cover(there.owner, clip)
    assert there.lessons.given_clip(coach, clip).film.path is None, "from the moment on in which it was asked for"
    looking = claim(there, Made.FACES)
    assert kept(there) == [], "the film with the faces is removed"
    assert there.handouts.found(looking, [FOUND])
    path = made(there)
    assert there.lessons.given_clip(coach, clip).film.path == path
    there.faces.uncover(there.owner, clip)
    claim(there, Made.GIVEN)
