"""What the families of a class agreed to, and which of its students may not be seen by others than teacher and coach.

A consent holds for the lessons of a class on its days; of several, the one that began last. Without one nothing was
said, and a lesson is shared by name as its teacher decides. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from coaching.errors import BadInput

LONGEST_CALLED, LONGEST_NOTE = 24, 300
"""Characters of a student's short name, and of the words about a consent."""

MOST_OPTED_OUT = 60
"""Students of one class who are opted out: no class is larger."""

NEVER_AFTER = 550
"""Days that a consent holds at most: a school year, and the summer before it."""


class Agreed(StrEnum):
    """To what: lessons are filmed, and seen by the teacher and the coach; or by colleagues at the school too."""

    COACH = "coach"
    SCHOOL = "school"


WORDS = {
    Agreed.COACH: "Lessons are filmed. The teacher and the coach see them.",
    Agreed.SCHOOL: "Lessons are filmed. Colleagues at the school may see them too, also as examples for others.",
}


class May(StrEnum):
    """How a lesson may be shown to colleagues who are not its coach: as it is; only with faces covered; not at all."""

    OPEN = "open"
    COVERED = "covered"
    COACH = "coach"


class KeptClose(BadInput):
    """What the families of this class agreed to does not let you share this lesson with them."""


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed for the lessons of the days `since` to `until`; `note` says where the forms lie, say. `by` is the
    name of whoever wrote it down."""

    id: str
    agreed: Agreed
    since: date
    until: date
    note: str = ""
    by: str = ""
    made: datetime | None = None


@dataclass(frozen=True, slots=True)
class OptOut:
    """A student who is not to be seen outside, by the short name that their teacher gave them; in the lessons of these
    days, None for all before or after. `absent_from` are the lessons in which they were not."""

    id: str
    called: str
    since: date | None = None
    until: date | None = None
    absent_from: frozenset[str] = frozenset()

    def counts_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class ClassOf:
    """A class as its teacher sees it, with every consent, the newest first, and its list, by name."""

    id: str
    name: str
    school: str
    lessons: int
    consents: tuple[Consent, ...] = ()
    opted_out: tuple[OptOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds for a lesson: whether its class is given, the consent on its day, and how many opted-out students were
    in it. The note of the consent is not told here."""

    has_class: bool = False
    consent: Consent | None = None
    opted_out: int = 0

    @property
    def may(self) -> May:
        if self.consent is not None and self.consent.agreed is Agreed.COACH:
            return May.COACH
        return May.COVERED if self.opted_out else May.OPEN

    def may_be_shown(self, covered: bool) -> bool:
        """To colleagues who are not its coach, one by one, by name."""
        return self.may is May.OPEN or (self.may is May.COVERED and covered)

    def may_be_published(self, covered: bool) -> bool:
        """To the whole school: only what its families agreed to."""
        return self.consent is not None and self.consent.agreed is Agreed.SCHOOL and (covered or not self.opted_out)

    @property
    def why(self) -> str:
        """A sentence for whose lesson it is."""
        if self.may is May.COACH:
            return "The families of this class agreed that you and your coach see its lessons, and nobody else."
        if self.opted_out:
            return f"{students(self.opted_out)} in this lesson may not be seen by others than you and your coach."
        if not self.has_class:
            return "This lesson has no class, so nobody wrote down what its families agreed to."
        if self.consent is None:
            return "Nobody wrote down what the families of this class agreed to for this day."
        return "The families of this class agreed that colleagues at your school see its lessons."

    @property
    def pill(self) -> str:
        """In a few words, for a card; nothing where nothing keeps it."""
        if self.may is May.COACH:
            return "Families agreed: coach only"
        return f"{self.opted_out} student{'' if self.opted_out == 1 else 's'} opted out: coach only" * bool(
            self.opted_out
        )


NOTHING_SAID = Standing()


def students(count: int) -> str:
    return "One student" if count == 1 else f"{count} students"


def holding(consents: Iterable[Consent], day: date) -> Consent | None:
    """Which of a class's consents holds on this day: the one that began last, unless it has ended."""
    begun = [one for one in consents if one.since <= day]
    last = max(begun, key=lambda one: one.since, default=None)
    return last if last is not None and day <= last.until else None


def year_end(day: date) -> date:
    """Until when a consent holds where nobody says otherwise: the end of the school year, 31 July."""
    end = date(day.year, 7, 31)
    return end if day <= end else date(day.year + 1, 7, 31)


def check_days(since: date | None, until: date | None) -> None:
    """Raises BadInput."""
    if since is not None and until is not None and until < since:
        raise BadInput("The last day comes before the first.")


def check_consent(since: date, until: date, note: str) -> str:
    """The note without surplus space. Raises BadInput."""
    check_days(since, until)
    if (until - since).days > NEVER_AFTER:
        raise BadInput("A consent holds for a school year. Choose an earlier last day, and ask the families anew then.")
    if len(words := note.strip()) > LONGEST_NOTE:
        raise BadInput(f"A note has up to {LONGEST_NOTE} characters.")
    return words


def short_name(text: str) -> str:
    """Raises BadInput."""
    called = " ".join(text.split())
    if not 1 <= len(called) <= LONGEST_CALLED or not called.isprintable():
        raise BadInput(f"Write initials or a short name of up to {LONGEST_CALLED} characters.")
    return called


class Consents(Protocol):
    """`viewer` is the id of the person who asks. Classes and their lists are their teacher's alone. Raises NotThere,
    the same for what is not there and for what is others'."""

    def classes(self, viewer: str) -> list[ClassOf]:
        """Those that this person teaches, by name."""
        ...

    def add_class(self, viewer: str, name: str) -> None:
        """Where they teach; saying it twice is once. Raises BadInput."""
        ...

    def write(self, viewer: str, of: str, agreed: Agreed, since: date, until: date, note: str) -> None:
        """Write down what a class's families agreed to, in the place of what was written for the same first day."""
        ...

    def strike(self, viewer: str, consent: str) -> None:
        """What was written there was wrong: it is not there any more."""
        ...

    def opt_out(
        self,
        viewer: str,
        of: str,
        called: str,
        since: date | None = None,
        until: date | None = None,
        absent_from: Collection[str] = (),
    ) -> str:
        """Put a student on the list of a class; their id there. The same name twice is once: the days are the new ones.
        Raises BadInput."""
        ...

    def take_off(self, viewer: str, opt_out: str) -> OptOut:
        """From here on nothing of them is kept; what it was, for whoever wants it back."""
        ...

    def standing(self, viewer: str, recording: str) -> Standing:
        """For whoever may see the lesson."""
        ...

    def present(self, viewer: str, recording: str) -> list[OptOut]:
        """The opted-out students of the lesson's class on its day, by name; `absent_from` has the lesson where they
        were not in it. For the owner alone."""
        ...

    def set_absent(self, viewer: str, recording: str, absent: Collection[str]) -> None:
        """Just these of them were not in the lesson, or not in the picture. For the owner alone."""
        ...
