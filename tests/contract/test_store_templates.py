"""Texts of one's own for comments, as they are kept."""

from __future__ import annotations

import pytest

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.templates import LONGEST_TEMPLATE, MOST_TEMPLATES


def test_they_are_nobody_elses(there):
    store, owner, coach = there.templates, there.owner, there.cast["coach"]
    first = store.keep(owner, " What made this pause possible? ")
    second = store.keep(owner, "Two\nlines.")
    assert (first.body, store.keep(owner, first.body)) == ("What made this pause possible?", first)
    theirs = store.keep(coach, first.body)
    assert store.mine(owner) == [first, second]
    assert store.mine(coach) == [theirs]
    for who in (*(there.cast[one] for one in ("coach", "leader", "admin", "stranger")), "", "x" * 24):
        with pytest.raises(NotThere):
            store.remove(who, first.id)
    for wrong in ("", "\x00", "../../etc", "0" * 24):
        with pytest.raises(NotThere):
            store.remove(owner, wrong)
    store.remove(owner, first.id)
    assert (store.mine(owner), store.mine(coach)) == ([second], [theirs])


def test_they_are_texts_and_not_too_many(there):
    store, owner = there.templates, there.owner
    for wrong in ("", " \n", "\x00", "x" * (LONGEST_TEMPLATE + 1)):
        with pytest.raises(BadInput, match="characters"):
            store.keep(owner, wrong)
    kept = [store.keep(owner, f"{n}".rjust(LONGEST_TEMPLATE, "x")) for n in range(MOST_TEMPLATES)]
    with pytest.raises(BadInput, match="up to 30"):
        store.keep(owner, "One more.")
    assert store.keep(owner, kept[3].body) == kept[3]
    assert store.mine(owner) == kept
