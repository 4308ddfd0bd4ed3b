"""How long films are kept: what a school decides, and when the film of one lesson goes. Pure; moments are in seconds
since 1970, UTC.

What goes is all that shows or sounds: the files as they were brought, the video, sound and pictures made of them. What
people read and wrote stays: transcript, measures, corrections, comments, clips, coaching cycles. A school that keeps
clips keeps a film of each of these as well.

No film goes unsaid: its teacher is warned 14 days before and 2 days before. A server that was off for a month warns
late, and deletes as much later. While a film must wait (it is protected, in a coaching cycle, or no school wants it
deleted any more), what was said before is forgotten, and it is said anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from coaching.errors import BadInput

DAY_S = 86_400.0
SHORTEST, LONGEST = 30, 3650
"""Days for which a school may have films kept."""

FIRST_S, LAST_S = 14 * DAY_S, 2 * DAY_S
"""How long before a film goes its teacher is warned, seconds."""

LONGEST_REASON = 200
"""Characters of why a film is protected."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a school decides of its teachers' films: they go `days` after the lesson was added, None is never. `changed`
    is the moment at which days or clips were last decided otherwise."""

    days: int | None = None
    keep_clips: bool = True
    may_protect: bool = True
    changed: float = 0.0

    def check(self) -> None:
        """Raises BadInput."""
        if self.days is not None and not SHORTEST <= self.days <= LONGEST:
            raise BadInput(f"Films are kept for {SHORTEST} to {LONGEST} days, or for good.")


class Due(StrEnum):
    """What is to be done of a film now."""

    NOTHING = "nothing"
    FIRST = "first"
    LAST = "last"
    DELETE = "delete"


class Waits(StrEnum):
    """Why a film stays though its time has come, or would."""

    FOR_GOOD = "for good"
    PROTECTED = "protected"
    IN_CYCLE = "in cycle"


@dataclass(frozen=True, slots=True)
class Warned:
    """When its teacher was warned that a film goes: 14 days before, and 2 days before."""

    first: float | None = None
    last: float | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`goes` is when the film goes as it looks now, None while it `waits`. `warned` is what stands of the warnings once
    what is `due` was done."""

    due: Due
    goes: float | None
    warned: Warned
    waits: Waits | None = None


def governing(policies: Collection[Policy]) -> Policy:
    """Of a teacher who works at several schools: a film is kept as long as any of them keeps it, with its clips where
    any of them keeps these. Of none, for good."""
    for_good = not policies or any(one.days is None for one in policies)
    return Policy(
        None if for_good else max(one.days or 0 for one in policies),
        any(one.keep_clips for one in policies),
        any(one.may_protect for one in policies),
        max((one.changed for one in policies), default=0.0),
    )


def decide(
    policy: Policy,
    added: float,
    now: float,
    warned: Warned = Warned(),
    *,
    protected: bool = False,
    in_use: bool = False,
) -> Decision:
    """What is due of the film of a lesson that was `added` then. `in_use`: it is part of a coaching cycle that goes on.

    It goes `days` after it was added, 14 days after these were decided, 14 days after the first warning and 2 days
    after the last one, whichever is latest.
    """
    if policy.days is None:
        return Decision(Due.NOTHING, None, Warned(), Waits.FOR_GOOD)
    if protected and policy.may_protect:
        return Decision(Due.NOTHING, None, Warned(), Waits.PROTECTED)
    if in_use:
        return Decision(Due.NOTHING, None, Warned(), Waits.IN_CYCLE)
    goes = max(added + policy.days * DAY_S, policy.changed + FIRST_S)
    if now < goes - FIRST_S:  # perhaps it was sooner when its teacher was warned
        return Decision(Due.NOTHING, goes, Warned())
    if warned.first is None:
        return Decision(Due.FIRST, max(goes, now + FIRST_S), Warned(now))
    goes = max(goes, warned.first + FIRST_S)
    if now < goes - LAST_S:
        return Decision(Due.NOTHING, goes, Warned(warned.first))
    if warned.last is None:
        return Decision(Due.LAST, max(goes, now + LAST_S), Warned(warned.first, now))
    goes = max(goes, warned.last + LAST_S)
    return Decision(Due.NOTHING if now < goes else Due.DELETE, goes, warned)


class FilmGone(BadInput):
    """The film of this lesson was deleted, as the school decided. What was said and written stays as it is."""


NOT_AGAIN = "This lesson cannot be analysed again: its film was deleted, as the school decided. What it has stays."
NO_CLIP = "The film of this lesson was deleted, as the school decided. Its clips keep their seconds, and none is new."


def reason_of(text: str) -> str:
    """Why a film is protected, as one line; nobody must say. Raises BadInput."""
    words = " ".join(text.split())
    if len(words) > LONGEST_REASON or not words.isprintable():
        raise BadInput(f"Say why in up to {LONGEST_REASON} characters.")
    return words


@dataclass(frozen=True, slots=True)
class Gone:
    """That a film was deleted, when, and under a policy of so many days, where that is known."""

    when: datetime
    days: int | None = None

    @property
    def sentence(self) -> str:
        kept = f": it keeps films for {self.days} days" if self.days else ""
        return f"The film of this lesson was deleted on {self.when:%-d %B %Y}, as the school decided{kept}."


@dataclass(frozen=True, slots=True)
class Protection:
    """Why its teacher has a film kept, since when and until the end of which day; None is until they end it."""

    reason: str
    since: datetime
    until: date | None


@dataclass(frozen=True, slots=True)
class FilmOf:
    """What is said of a lesson's film. `gone`: when it was deleted, under a policy of so many `days`.

    For the owner alone: `goes` is when it will be, once they were warned; `protection`; whether they `may_protect` it;
    and `held`, a sentence on why it is not deleted though its time has come.
    """

    gone: datetime | None = None
    days: int | None = None
    goes: datetime | None = None
    protection: Protection | None = None
    may_protect: bool = False
    held: str | None = None


STAYS = FilmOf()
"""Nothing is to be said of this film."""


@dataclass(frozen=True, slots=True)
class SchoolPolicy:
    """A school as its admins see it: what is decided, and of how many films it is so that they are protected, wait for
    a coaching cycle or for the film of a clip, will be deleted (their teachers were warned), or were. Never whose."""

    id: str
    name: str
    policy: Policy
    by: str = ""
    protected: int = 0
    in_use: int = 0
    held: int = 0
    warned: int = 0
    gone: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a policy would do: how many films would go first, and on which day; none where none would."""

    films: int = 0
    first: datetime | None = None


class Retention(Protocol):
    """`viewer` is the id of the person who asks. Raises NotThere, the same for what is not there and what is not for
    them."""

    def schools(self, viewer: str) -> list[SchoolPolicy]:
        """Those that they administer, by name."""
        ...

    def forecast(self, viewer: str, school: str, policy: Policy) -> Forecast:
        """What would come of this policy at a school that they administer, and nothing is changed. Raises BadInput."""
        ...

    def set(self, viewer: str, school: str, policy: Policy) -> None:
        """From now on; nothing goes for 14 days. For the school's admins. Raises BadInput."""
        ...

    def films(self, viewer: str, recordings: Sequence[str]) -> Mapping[str, FilmOf]:
        """What is to be said of the films of these lessons; of those that they may see."""
        ...

    def film(self, viewer: str, recording: str) -> FilmOf: ...

    def protect(self, viewer: str, recording: str, reason: str, until: date | None = None) -> None:
        """Have a film of their own stay, until the end of a day (UTC) or until `unprotect`. Raises BadInput where no
        school of theirs allows it."""
        ...

    def unprotect(self, viewer: str, recording: str) -> None: ...

    def kept_clips(self, viewer: str, recording: str) -> Mapping[str, str]:
        """Where the films of clips lie that were kept, relative to the data folder, by the clip's id."""
        ...

    # For workers.
    def look(self, *, begun: bool = False) -> int:
        """Warn of, or delete, what is due: in the rows, from where nothing of it is given to anybody any more. Of how
        many films. Several who look at once do it once. `begun`: only those whose time has come already."""
        ...

    def to_remove(self) -> Sequence[str]:
        """Lessons whose film is gone, and whose files are still to be removed."""
        ...

    def removed(self, recording: str) -> None:
        """Nothing lies there any more but what stays."""
        ...


def without_film(recording: str) -> str:
    """What is kept outside the database of a recording whose film was deleted (coaching.audit.erasure)."""
    return f"film of {recording}"


def without_clips(recording: str) -> str:
    """The same where no film of its clips was kept."""
    return f"clips of {recording}"
