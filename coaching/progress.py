"""A teacher's page of progress: kind words that they kept, and whom they show it to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coaching.people import Person


@dataclass(frozen=True, slots=True)
class Words:
    """A comment that somebody else left in a lesson of the teacher's: its id, what it says, who said it and when."""

    comment: str
    body: str
    by: str
    made: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a teacher shows their page to, since when. Where it is not `good` it sleeps, as grants do
    (coaching.access.COLLEAGUES)."""

    person: Person
    since: datetime
    good: bool = True


class Progress(Protocol):
    """`viewer` is the id of the person who asks, `of` that of whose page it is: their own, or of somebody who shows it
    to them. For everybody else it is not there (`coaching.access.NotThere`)."""

    def whose(self, viewer: str, of: str) -> Person: ...

    def kept(self, viewer: str, of: str) -> list[Words]:
        """What was kept, the last first. A comment that is deleted, or its author's alone again, is not among it."""
        ...

    def to_keep(self, viewer: str) -> list[Words]:
        """What others said in their lessons of their cycles and they have not kept, the newest first."""
        ...

    def keep(self, viewer: str, comment: str) -> None:
        """Twice is once. Raises NotThere for what is not somebody else's comment in a lesson of theirs."""
        ...

    def let_go(self, viewer: str, comment: str) -> None: ...

    def readers(self, viewer: str) -> list[Reader]:
        """By name."""
        ...

    def show_to(self, viewer: str, email: str) -> None:
        """Twice is once. Raises NoColleague (coaching/sharing.py)."""
        ...

    def hide_from(self, viewer: str, person: str) -> None: ...

    def shown_by(self, viewer: str) -> list[Person]:
        """Who shows them theirs, by name."""
        ...
