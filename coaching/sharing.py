"""Sharing a lesson: what its owner gave whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coaching.access import Grant
from coaching.errors import BadInput
from coaching.people import Person


class NoColleague(BadInput):
    """A lesson can be shared with coaches and teachers of your school. Choose one of them."""


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody may do with a lesson that is not theirs, and since when anything of it was given.

    Where it is not `good`, it sleeps (coaching.access.COLLEAGUES): the lesson is not there for them.
    """

    person: Person
    what: frozenset[Grant]
    since: datetime
    good: bool = True
    until: datetime | None = None
    """When the last of it was taken back, where nothing of it is given any more."""
    kept_close: bool = False
    """Whether it may not be shown to them for the sake of the children in it (coaching.consents)."""


class Sharing(Protocol):
    """`viewer` is the id of the person who asks, `recording` a recording's. Raises NotThere like all of `Lessons`."""

    def colleagues(self, viewer: str) -> list[Person]:
        """With whom one could share: coaches and teachers of one's schools, by name. Not one's leaders and admins."""
        ...

    def takers(self, viewer: str, recording: str) -> list[Person]:
        """For the owner: those of them to whom this very lesson can be given (`coaching.access.decide_shown`)."""
        ...

    def grant(self, viewer: str, recording: str, email: str, what: Collection[Grant]) -> None:
        """Give somebody more of a lesson; SEE is part of whatever is given. Saying it twice is once.

        Raises NoColleague, the same for whoever left, is of another school, is only a leader or an admin, or is not
        there at all; and consents.KeptClose for who does not coach, where the class's families agreed to no more, or a
        student who is opted out is in it.
        """
        ...

    def take_back_grant(self, viewer: str, recording: str, person: str, what: Collection[Grant] = ()) -> None:
        """Take `what` back, or everything where it is empty or holds SEE, with the clips that they were given by
        themselves. From here on it is not there for them."""
        ...

    def taken_back(self, viewer: str, recording: str) -> list[Given]:
        """For the owner: to whom it was given once and is not now, whoever lost it last first. `what` is empty."""
        ...

    def grants(self, viewer: str, recording: str) -> list[Given]:
        """What was not taken back, by name: the owner sees all of it, anybody else what they were given themselves."""
        ...
