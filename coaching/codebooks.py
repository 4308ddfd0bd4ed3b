"""Codebooks: the labels that people write into comments, by category, each with its meaning, colour and scale.

Labels are copied into a comment as words, so a codebook may change: each change is another version of it, and those
before stay as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from coaching.errors import BadInput

LONGEST_BOOK, LONGEST_CATEGORY, LONGEST_LABEL, LONGEST_POINT, LONGEST_MEANING = 80, 60, 60, 30, 300
"""Characters: of the names of a codebook, a category, a label and a point of a scale, and of what a label means."""

MOST_LABELS, MOST_POINTS, MOST_BOOKS = 150, 7, 50
"""Labels of a codebook, points of a scale, codebooks of a school or of a person."""


class Colour(StrEnum):
    """What a label is marked with. The page has a shade of each for light and for dark."""

    GREY = "grey"
    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    AMBER = "amber"
    ROSE = "rose"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class Label:
    """`meaning` is a sentence. `scale` are named points in order, from little to much; without any, the label is there
    or not."""

    category: str
    name: str
    meaning: str = ""
    colour: Colour = Colour.GREY
    scale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Codebook:
    """Labels in order, those of a category together."""

    name: str
    labels: tuple[Label, ...]

    @property
    def categories(self) -> Mapping[str, tuple[Label, ...]]:
        found: dict[str, tuple[Label, ...]] = {}
        for label in self.labels:
            found[label.category] = (*found.get(label.category, ()), label)
        return found


@dataclass(frozen=True, slots=True)
class Kept:
    """A codebook as it is stored: a school's (`school` is its name), or somebody's own, in its version `number`.

    `may_change`: whoever asked may. `taken_away`: it is offered no more, and can be brought back.
    """

    id: str
    codebook: Codebook
    number: int
    made: datetime
    by: str
    school_id: str | None = None
    school: str = ""
    may_change: bool = True
    taken_away: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody can keep codebooks: a school, or with None themselves."""

    school_id: str | None
    name: str


class Codebooks(Protocol):
    """`viewer` is the id of the person who asks. What is neither theirs nor their school's is not there
    (`coaching.access.NotThere`), nor is what they may not do."""

    def places(self, viewer: str) -> list[Place]:
        """Where they may keep codebooks: themselves first, then the schools whose codebooks they keep, by name."""
        ...

    def mine(self, viewer: str) -> list[Kept]:
        """Their own and their schools', in the newest version, by name; with those that they could bring back."""
        ...

    def one(self, viewer: str, codebook: str, number: int | None = None) -> Kept:
        """This one, in the newest version or in an older one."""
        ...

    def versions(self, viewer: str, codebook: str) -> list[Kept]:
        """All of its versions, the newest first."""
        ...

    def make(self, viewer: str, school: str | None, codebook: Codebook) -> str:
        """Keep another one, of a school's id or their own; its id. Raises BadInput, also for a name that is taken."""
        ...

    def change(self, viewer: str, codebook: str, before: int, to: Codebook) -> None:
        """Make the version after `before`. What changes nothing makes none. Raises BadInput, and ChangedMeanwhile."""
        ...

    def take_away(self, viewer: str, codebook: str, gone: bool = True) -> None:
        """Offer it no more, or again. Raises BadInput where another one has its name now."""
        ...

    def offered(self, viewer: str, recording: str) -> list[Codebook]:
        """Whose labels they can write on this lesson: their own, and those of the schools that they share with its
        owner; where these have none, the one that everybody begins with."""
        ...


class ChangedMeanwhile(BadInput):
    """Somebody changed this codebook while you did. Your changes are still here: copy them, then open it anew."""


class NameTaken(BadInput):
    """There is a codebook of this name already. Choose another name, or change that one."""


def checked(codebook: Codebook) -> Codebook:
    """The codebook without surplus space, categories together. Raises BadInput for what is none."""
    name = _words(codebook.name, LONGEST_BOOK, "A codebook’s name")
    labels = tuple(map(_label, codebook.labels))
    if not 1 <= len(labels) <= MOST_LABELS:
        raise BadInput(f"A codebook has 1 to {MOST_LABELS} labels.")
    seen: set[str] = set()
    for label in labels:
        if label.name.casefold() in seen:
            raise BadInput(f"There are two labels called “{label.name}”. Name one of them otherwise.")
        seen.add(label.name.casefold())
    return together(Codebook(name, labels))


def together(codebook: Codebook) -> Codebook:
    """The labels of each category in one place: that of its first."""
    return replace(codebook, labels=tuple(one for own in codebook.categories.values() for one in own))


def _label(label: Label) -> Label:
    name = _words(label.name, LONGEST_LABEL, "A label")
    points = tuple(_words(point, LONGEST_POINT, f"Each point of the scale of “{name}”") for point in label.scale)
    if len(points) == 1 or len(points) > MOST_POINTS:
        raise BadInput(f"The scale of “{name}” has 2 to {MOST_POINTS} points, or none.")
    if len({point.casefold() for point in points}) < len(points):
        raise BadInput(f"The scale of “{name}” has a point twice.")
    if any(";" in point for point in points):
        raise BadInput(f"A point of the scale of “{name}” holds a semicolon. Write it without.")
    return Label(
        _words(label.category, LONGEST_CATEGORY, f"The category of “{name}”"),
        name,
        _words(label.meaning, LONGEST_MEANING, f"What “{name}” means", fewest=0),
        label.colour,
        points,
    )


def _words(text: str, longest: int, what: str, fewest: int = 1) -> str:
    found = " ".join(text.split())
    if not fewest <= len(found) <= longest or not found.isprintable():
        raise BadInput(f"{what} has {fewest} to {longest} characters that can be printed.")
    return found


def written(codebooks: Iterable[Codebook]) -> Mapping[str, Colour]:
    """Every way in which these labels stand in a comment (“Choice”, “Wait time: some”), with its colour; of two alike,
    the first."""
    found: dict[str, Colour] = {}
    for label in (label for codebook in codebooks for label in codebook.labels):
        for words in (label.name, *(f"{label.name}: {point}" for point in label.scale)):
            found.setdefault(words, label.colour)
    return found


def differences(before: Codebook, after: Codebook) -> list[str]:
    """What becomes otherwise, in sentences, in the order of `after`; empty where nothing does."""
    said = [] if before.name == after.name else [f"It is called “{after.name}”, no longer “{before.name}”."]
    old, new = ({label.name: label for label in book.labels} for book in (before, after))
    for name, label in new.items():
        if name not in old:
            said.append(f"New in {label.category}: “{name}”.")
        elif changes := _changes(old[name], label):
            said.append(f"“{name}”: {', '.join(changes)}.")
    said += [f"Taken out: “{name}”." for name in old if name not in new]
    if not said and before != after:
        said.append("The labels stand in another order.")
    return said


def _changes(before: Label, after: Label) -> list[str]:
    found = [] if before.category == after.category else [f"goes to {after.category}"]
    return found + [f"another {what}" for what in ("meaning", "colour", "scale") if _is_other(before, after, what)]


def _is_other(before: Label, after: Label, what: str) -> bool:
    return bool(getattr(before, what) != getattr(after, what))


def with_label(codebook: Codebook, label: Label, instead_of: str | None = None) -> Codebook:
    """With this label: last of its category, or in the place of the one of this name."""
    labels = [label if one.name == instead_of else one for one in codebook.labels]
    if instead_of is None:
        labels.append(label)
    return together(replace(codebook, labels=tuple(labels)))


def without_label(codebook: Codebook, name: str) -> Codebook:
    return replace(codebook, labels=tuple(one for one in codebook.labels if one.name != name))


def label_moved(codebook: Codebook, name: str, by: int) -> Codebook:
    """The label so many places further on in its category, as far as there are any."""
    own = next(labels for labels in codebook.categories.values() if any(one.name == name for one in labels))
    names = _moved([one.name for one in own], name, by)
    order = {other: place for place, other in enumerate(names)}
    sorted_own = sorted(own, key=lambda one: order[one.name])
    categories = dict(codebook.categories) | {own[0].category: tuple(sorted_own)}
    return replace(codebook, labels=tuple(one for labels in categories.values() for one in labels))


def category_moved(codebook: Codebook, category: str, by: int) -> Codebook:
    """The category so many places further on, as far as there are any."""
    categories = codebook.categories
    order = _moved(list(categories), category, by)
    return replace(codebook, labels=tuple(one for name in order for one in categories[name]))


def _moved(names: Sequence[str], name: str, by: int) -> list[str]:
    others = [one for one in names if one != name]
    others.insert(max(0, names.index(name) + by), name)
    return others
