"""Who works at a school and as what, for those who administer it: the rules, and the door to what is stored.

An admin sees and changes what people are at the schools where they are admin, and no other school. What belongs to a
person as a whole (their name, a link that sets their password, whether they are let in) is for whoever administers all
the schools that they work at: a link is a way into the account, and must not lead into another school.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from coaching.errors import BadInput
from coaching.people import Membership


class LastAdmin(BadInput):
    """You are this school’s only admin. Make somebody else admin too, then take the role away from yourself."""


class Elsewhere(BadInput):
    """They also work at a school that you do not administer, so this is for somebody who administers both."""


class NotOurs(BadInput):
    """They have an account here already, at a school that is not yours. Whoever runs this server can add them."""


@dataclass(frozen=True, slots=True)
class School:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works at a school of whoever asks; `roles` by the schools' ids, of those schools alone.

    `entered`: they have a password or a school account that is linked (`linked`). `whole`: they work nowhere else.
    """

    id: str
    email: str
    name: str
    roles: Mapping[str, frozenset[Membership]]
    left: bool
    entered: bool
    linked: bool
    whole: bool


class What(StrEnum):
    """What a line of a list of staff does."""

    ADD = "add"
    CHANGE = "change"
    SAME = "unchanged"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list of staff, in row `row` of its file. Where it cannot be used, `wrong` says why."""

    row: int
    email: str
    name: str = ""
    roles: frozenset[Membership] = frozenset()
    school: str = ""
    """As it is written; empty for the only one."""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a line, and why in words. `school` is its name as it is known, `name` a new name for them."""

    entry: Entry
    what: What
    why: str
    school: str = ""
    name: str | None = None


def check_roles(before: Collection[Membership], after: Collection[Membership], *, elsewhere: bool, only: bool) -> None:
    """May somebody's roles at a school become `after`? `elsewhere`: they have another school; `only`: they are its only
    admin. Raises BadInput.

    Nobody is left without a school: whoever found them by their address later could take the account over.
    """
    if not after and not elsewhere:
        raise BadInput("Leave at least one role. Whoever works here no more is let go instead.")
    if only and Membership.ADMIN in before and Membership.ADMIN not in after:
        raise LastAdmin


def check_whole(member: Member) -> None:
    """Raises Elsewhere."""
    if not member.whole:
        raise Elsewhere


class Staff(Protocol):
    """People and schools, for their admins. `viewer` is the id of the person who asks; in a list of staff, None is
    whoever operates the server, and may all.

    People and schools that are not theirs are not there (`coaching.access.NotThere`). Nothing here leads to a lesson.
    """

    def schools(self, viewer: str) -> list[School]:
        """Those that they administer, by name."""
        ...

    def members(self, viewer: str) -> list[Member]:
        """Who works at these, by name."""
        ...

    def add(self, viewer: str, school: str, email: str, name: str, roles: Collection[Membership]) -> str:
        """The id of the person with this address, who is `roles` at the school from now on, beside what they were.

        Whoever has an account already keeps their name. Raises BadInput.
        """
        ...

    def change(self, viewer: str, person: str, school: str, roles: Collection[Membership]) -> None:
        """Make these their roles at this school. Raises BadInput, LastAdmin."""
        ...

    def rename(self, viewer: str, person: str, name: str) -> None:
        """Raises BadInput, Elsewhere."""
        ...

    def invite(self, viewer: str, person: str) -> str:
        """As `Accounts.invite`. Raises Elsewhere; BadInput for whoever was let go."""
        ...

    def unlink(self, viewer: str, person: str) -> None:
        """Forget their school account and sign them out: the next with their address is theirs. Raises Elsewhere."""
        ...

    def let_go(self, viewer: str, person: str) -> None:
        """As `People.leave`. Raises Elsewhere; BadInput for themselves."""
        ...

    def let_in(self, viewer: str, person: str) -> None:
        """As `People.come_back`. Raises Elsewhere."""
        ...

    def add_school(self, viewer: str, name: str) -> School:
        """A new school, whose admin they are. Raises BadInput where there is one of this name."""
        ...

    def rename_school(self, viewer: str, school: str, name: str) -> None:
        """Raises BadInput where there is another of this name."""
        ...

    def preview(self, viewer: str | None, entries: Sequence[Entry]) -> list[Step]:
        """What a list of staff would do, line by line; nothing is changed."""
        ...

    def apply(self, viewer: str | None, entries: Sequence[Entry]) -> list[Step]:
        """Do it: all that is not wrong, in one transaction. Doing it twice is once."""
        ...
