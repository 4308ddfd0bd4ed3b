"""Faces over time: boxes joined to tracks, what is covered because of them, and what a page may say of it."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.errors import BadInput
from coaching.faces import (
    AROUND,
    BEFORE_S,
    GAP_S,
    MOST_ADDED,
    Box,
    Face,
    Marked,
    Moment,
    corrected,
    covered_at,
    faces_from_json,
    faces_to_json,
    film_id,
    join,
    marked_from_json,
    marked_to_json,
)
from coaching.spans import Span

HERE, THERE = Box(0.1, 0.2, 0.1, 0.2), Box(0.6, 0.5, 0.1, 0.2)


def holds(outer: Box, inner: Box) -> bool:
    """Whether the ellipse within `outer` holds all of `inner`."""
    x, y = outer.x + outer.width / 2, outer.y + outer.height / 2
    corners = [(inner.x + a * inner.width, inner.y + b * inner.height) for a in (0, 1) for b in (0, 1)]
    return all(((a - x) * 2 / outer.width) ** 2 + ((b - y) * 2 / outer.height) ** 2 <= 1 for a, b in corners)


def moved(box: Box, by: float) -> Box:
    return Box(box.x + by, *box[1:])


def test_a_face_is_one_while_it_moves_and_while_it_is_missed_for_a_moment():
    #        0.0  0.1  0.2  0.3  0.4  0.5  ...
    # here   [#    #    .    .    #    #]       moves to the right, missed twice
    # there  [     #    #    #          ]
    found = [
        (0.0, [HERE]),
        (0.1, [moved(HERE, 0.01), THERE]),
        (0.2, [THERE]),
        (0.3, [THERE]),
        (0.4, [moved(HERE, 0.04)]),
        (0.5, [moved(HERE, 0.05)]),
    ]
    one, other = join(found)
    assert (one.start, one.stop, other.start, other.stop) == (0.0, 0.5, 0.1, 0.3)
    assert len(one.moments) == len(other.moments) == 2, "what lies on a straight line is not kept"
    between = one.at(0.2)
    assert between is not None
    assert between.x == pytest.approx(0.12)
    assert other.at(0.05) is None


def test_one_that_is_gone_for_longer_or_jumps_is_another():
    assert len(join([(0.0, [HERE]), (GAP_S, [HERE])])) == 1
    assert len(join([(0.0, [HERE]), (GAP_S + 0.1, [HERE])])) == 2
    assert len(join([(0.0, [HERE]), (0.1, [THERE])])) == 2
    assert len(join([(0.0, [HERE]), (0.1, [Box(0.0, 0.0, 0.4, 0.8)])])) == 2, "nobody grows four times in a moment"
    assert join([(0.0, []), (0.1, [])]) == join([]) == []


def test_covered_is_more_than_was_found_around_it_and_before_and_after():
    (face,) = join([(5.0, [HERE]), (6.0, [HERE])])
    for second in (5.0 - BEFORE_S, 5.0, 5.5, 6.0, 6.0 + BEFORE_S):
        (covered,) = covered_at([face], second)
        assert holds(covered, HERE)
        assert covered.width == pytest.approx(HERE.width * (1 + 2 * AROUND))
    assert covered_at([face], 5.0 - BEFORE_S - 0.01) == covered_at([face], 6.0 + BEFORE_S + 0.01) == []


boxes = st.builds(Box, *(st.floats(0.0, 0.7) for _ in range(2)), *(st.floats(0.02, 0.3) for _ in range(2)))


@given(st.lists(st.lists(boxes, max_size=4), max_size=40))
def test_whatever_is_found_is_covered_where_and_when_it_was_found(found):
    timed = [(n / 15, many) for n, many in enumerate(found)]
    faces = join(timed)
    for second, many in timed:
        covered = covered_at(faces, second)
        assert all(any(holds(one, box) for one in covered) for box in many)
    for face in faces:
        assert all(one.at < other.at for one, other in pairwise(face.moments))
    assert faces_from_json(faces_to_json(faces)) == tuple(faces)
    assert [face.id for face in join(timed)] == [face.id for face in faces], "found again, it has the same name"


def test_a_still_face_of_an_hour_is_few_numbers_and_no_slow_work():
    (face,) = join((n / 30, [HERE]) for n in range(30 * 3600))
    assert len(face.moments) < 30 * 3600 / 50


def test_what_is_no_face_is_shown_and_what_was_missed_is_covered():
    one, other = join([(0.0, [HERE, THERE]), (9.0, []), (9.1, [])])
    drawn = Face("hand1", 2.0, 4.0, (Moment(3.0, THERE),), by_hand=True)
    marked = Marked(frozenset({one.id}), (drawn,))
    assert corrected([one, other], marked) == (other, drawn)
    assert drawn.at(2.0) == drawn.at(4.0) == THERE, "it stands still beyond its boxes"
    assert drawn.at(1.9) is None
    assert marked_from_json(marked_to_json(marked)) == marked
    part = Span(0.0, 9.0)
    names = {film_id("clip", part, faces) for faces in ([one, other], [other], [other, drawn], [other, one])}
    assert len(names) == 3, "the order makes no other film"
    assert film_id("clip", Span(0.0, 8.0), [other]) not in names
    assert film_id("another", part, [other]) not in names


def face(id="a", start=1.0, stop=2.0, moments=((1.0, 0.1, 0.1, 0.2, 0.2),)):
    return [id, start, stop, [list(moment) for moment in moments]]


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "all",
        {},
        {"removed": []},
        {"removed": "ab", "added": []},
        {"removed": [1], "added": []},
        {"removed": ["<script>"], "added": []},
        {"removed": ["a" * 33], "added": []},
        {"removed": ["a"] * 2_001, "added": []},
        {"removed": [], "added": {}},
        {"removed": [], "added": [1]},
        {"removed": [], "added": [face(), face()]},
        {"removed": [], "added": [face(str(n)) for n in range(MOST_ADDED + 1)]},
        *(
            {"removed": [], "added": [one]}
            for one in (
                face(id=""),
                face(id=7),
                face(id="A B"),
                face(start=math.nan),
                face(start=-1.0),
                face(stop=math.inf),
                face(stop=1.0),
                face(stop="2"),
                face(stop=True),
                face(stop=10**400),
                face(moments=()),
                face(moments=[(1.0, 0.1, 0.1, 0.2)]),
                face(moments=[(1.0, 0.1, 0.1, 0.2, math.nan)]),
                face(moments=[(1.0, 0.1, 0.1, 0.2, None)]),
                face(moments=[(0.5, 0.1, 0.1, 0.2, 0.2)]),
                face(moments=[(1.0, 0.9, 0.1, 0.2, 0.2)]),
                face(moments=[(1.0, -0.1, 0.1, 0.2, 0.2)]),
                face(moments=[(1.0, 0.1, 0.1, 0.0, 0.2)]),
                face(moments=[(1.5, 0.1, 0.1, 0.2, 0.2), (1.5, 0.1, 0.1, 0.2, 0.2)]),
                face(moments=[(1.0 + n / 1000, 0.1, 0.1, 0.2, 0.2) for n in range(401)]),
            )
        ),
    ],
)
def test_what_no_page_of_ours_would_send_is_refused(said):
    with pytest.raises(BadInput):
        marked_from_json(said)


def test_what_a_page_sends_is_kept():
    marked = marked_from_json(
        {"removed": ["0f3a"], "added": [face(moments=[(1, 0, 0, 1, 1), (2, 0.5, 0.5, 0.5, 0.5)])]}
    )
    (drawn,) = marked.added
    assert marked.removed == {"0f3a"}
    assert drawn.by_hand
    assert drawn.at(1.5) == Box(0.25, 0.25, 0.75, 0.75)
