"""Learning walks: short visits to a classroom without a camera. What was seen belongs to the visited teacher first.

A school sees only how often each look-for was seen, by whole months (`coaching.months`). Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from coaching.access import Part
from coaching.codebooks import LONGEST_LABEL, Codebook
from coaching.cycles import check_text
from coaching.errors import BadInput
from coaching.people import Person

LONGEST_PLACE, LONGEST_EVIDENCE, LONGEST_ANSWER = 80, 500, 2000
"""Characters."""

MOST_SEEN = 12
"""Look-fors of one visit: it lasts minutes."""

OLDEST_S = 30 * 86_400.0
"""How long a visit may lie on a phone. One that says it lay longer counts as so old."""

TAKE_BACK_S = 86_400.0
"""How long whoever wrote a visit may take it back."""

PHOTO_BYTES = 900_000
"""The largest that is taken; the page makes them smaller by itself."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A look-for, copied as words, and what was seen or heard of it."""

    look_for: str
    evidence: str


@dataclass(frozen=True, slots=True)
class NewWalk:
    """What a visitor says. `id` was made on their phone, so that sending it twice is once; `ago_s` is how long it lay
    there, by the phone's own clock."""

    id: str
    school: str
    teacher: str
    place: str
    seen: tuple[Seen, ...]
    ago_s: float = 0.0


def checked(new: NewWalk) -> NewWalk:
    """Without surplus space. Raises BadInput with what is missing."""
    seen = tuple(map(_seen, new.seen))
    if not 1 <= len(seen) <= MOST_SEEN:
        raise BadInput(f"Choose 1 to {MOST_SEEN} look-fors that you saw.")
    if len({one.look_for.casefold() for one in seen}) < len(seen):
        raise BadInput("A look-for is there twice. Write all that you saw of it in one place.")
    place = check_text(new.place, LONGEST_PLACE, what="The class or place")
    return replace(new, place=place, seen=seen, ago_s=min(max(0.0, new.ago_s), OLDEST_S))


def _seen(one: Seen) -> Seen:
    look_for = check_text(" ".join(one.look_for.split()), LONGEST_LABEL, what="A look-for")
    evidence = check_text(one.evidence, LONGEST_EVIDENCE, what="What you saw")
    if not look_for:
        raise BadInput("A look-for needs a name.")
    if not evidence:
        raise BadInput(f"Say in a few words what you saw or heard of “{look_for}”.")
    return Seen(look_for, evidence)


@dataclass(frozen=True, slots=True)
class Room:
    """A school as somebody may visit it: whom, and what is looked for there. `photos`: a visit may bring one."""

    school: str
    called: str
    photos: bool
    teachers: tuple[tuple[str, str], ...]
    """Ids and names, by name; without whoever asks."""
    books: tuple[Codebook, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """A visit as one of those who may read it sees it; `part` is what they are to it. `readers`, to whom the teacher
    passed it on, are the teacher's to know."""

    id: str
    part: Part
    teacher: str
    visitor: str
    """What both are called."""
    place: str
    visited: datetime
    seen: tuple[Seen, ...]
    photo: str | None
    """Where it lies in the data folder."""
    answer: str
    may_take_back: bool
    readers: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """How often each look-for of the school's was seen in a month, the most first. Where it is not `shown`, too few
    teachers were visited, and nothing else is known of it."""

    first: date
    shown: bool
    visits: int = 0
    seen: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Months:
    school: str
    months: tuple[Month, ...]
    """The newest first; without those in which nobody was visited."""


def folder(walk: str) -> str:
    """Where the photo of a visit lies, relative to the data folder."""
    return f"walks/{walk}"


class Walks(Protocol):
    """`viewer` is the id of the person who asks. A visit is its teacher's, its visitor's, and theirs to whom the
    teacher passed it on, while these are colleagues; for everybody else it is not there (`coaching.access.NotThere`).
    """

    def rooms(self, viewer: str) -> list[Room]:
        """The schools at which they may visit, by name."""
        ...

    def add(self, viewer: str, new: NewWalk) -> None:
        """Leave a visit with its teacher, who is told. Twice is once. Raises BadInput, and NotThere for a teacher whom
        they cannot visit."""
        ...

    def wants_photo(self, viewer: str, walk: str) -> bool:
        """Whether a photo is still to come of a visit of theirs; False where it has one. Raises BadInput where the
        school takes none."""
        ...

    def add_photo(self, viewer: str, walk: str, path: str) -> None:
        """That its photo lies there."""
        ...

    def mine(self, viewer: str) -> list[Walk]:
        """All that they may read, the newest visit first."""
        ...

    def one(self, viewer: str, walk: str) -> Walk: ...

    def answer(self, viewer: str, walk: str, text: str) -> None:
        """What its teacher says to it, for whoever reads it; the visitor is told."""
        ...

    def pass_on(self, viewer: str, walk: str, email: str) -> None:
        """Twice is once. Raises NoColleague (coaching/sharing.py)."""
        ...

    def pass_on_no_more(self, viewer: str, walk: str, person: str) -> None: ...

    def remove(self, viewer: str, walk: str) -> None:
        """Its words go, for everybody: its teacher deletes it, its visitor takes it back within `TAKE_BACK_S`."""
        ...

    def months(self, viewer: str) -> list[Months]:
        """Of each school at which they may visit. What they know by themselves does not count towards the five: neither
        visits to them nor visits by them."""
        ...

    def standing(self, walks: Collection[str]) -> Sequence[str]:
        """Of these ids, the visits that are there with a photo; for the sweep of files."""
        ...
