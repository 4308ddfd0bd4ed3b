"""The library: the lessons that somebody may see, found by what they are called and of; and what is left of a deleted
one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from coaching.access import Grant
from coaching.consents import NOTHING_SAID, Standing
from coaching.errors import BadInput
from coaching.recordings import LONGEST_CLASS, LONGEST_TAG, Run, RunState, StageState
from coaching.retention import Gone

LONGEST_NAME = 120
"""Characters of a lesson's name, wherever it is given."""

MOST_TAGS = 12
"""Tags of one lesson."""


class Shown(StrEnum):
    """Where a lesson stands: one that is ready, but of which something failed, needs attention too."""

    READY = "ready"
    AT_WORK = "at work"
    ATTENTION = "attention"


class Whose(StrEnum):
    """Whose lessons, as the one who looks says it: those that they shared, and those that were shared with them."""

    SHARED = "shared"
    WITH_ME = "with me"


@dataclass(frozen=True, slots=True)
class Filter:
    """What somebody looks for; what is not said does not matter.

    `text` is within the name, whatever its case. `since` and `until` are days, both included: the day when it was
    taught, or else when it was brought, as a clock in `zone` said.
    """

    text: str = ""
    shown: Shown | None = None
    whose: Whose | None = None
    class_id: str | None = None
    tag: str | None = None
    since: date | None = None
    until: date | None = None
    zone: tzinfo = UTC


@dataclass(frozen=True, slots=True)
class Listed:
    """A lesson as its card shows it. `duration` is in seconds, None until a transcript stands.

    `given` is what the owner gave the one who looks; for the owner alone, `shared_with` names whom they gave it to, and
    `clips_with` whom they gave clips only, and how many.
    `notes` counts the comments that all may read, `own_notes` those to oneself. `ahead` counts the lessons that are
    done before this one, while it waits. `standing` is what its class's families agreed to.
    """

    id: str
    owner: str
    owner_called: str
    name: str
    added: datetime
    run: Run
    duration: float | None = None
    given: frozenset[Grant] = frozenset()
    class_id: str | None = None
    class_name: str | None = None
    taught: date | None = None
    tags: tuple[str, ...] = ()
    shared_with: tuple[str, ...] = ()
    clips_with: tuple[tuple[str, int], ...] = ()
    notes: int = 0
    own_notes: int = 0
    ahead: int | None = None
    standing: Standing = NOTHING_SAID
    gone: Gone | None = None
    """That its film was deleted, as a school decided."""


@dataclass(frozen=True, slots=True)
class Page:
    """The newest of the lessons that were looked for, how many there are, and how many of each kind there would be,
    were no kind looked for. `open`: some of them are still at work. `empty`: they may see no lesson at all."""

    lessons: tuple[Listed, ...]
    found: int
    all: int
    shown: Mapping[Shown, int] = field(default_factory=dict)
    whose: Mapping[Whose, int] = field(default_factory=dict)
    open: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Labels:
    """By what a person's lessons can be found: their classes as (id, name), and their tags, each by name."""

    classes: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is left of a lesson that its owner deleted. `files` and `bytes` were there when it was, and `rows` by table,
    where these were counted."""

    id: str
    name: str
    added: datetime
    deleted: datetime
    files: int
    bytes: int
    rows: Mapping[str, int] = field(default_factory=dict)


class Library(Protocol):
    """`viewer` is the id of the person who asks, `recording` a recording's. Raises NotThere like all of `Lessons`."""

    def library(self, viewer: str, filter: Filter, limit: int) -> Page:
        """Their own lessons and those that were granted to them, the newest first, `limit` at most."""
        ...

    def newest(self, viewer: str) -> str | None:
        """The id of the first of them, whatever is looked for: a new lesson is told by it."""
        ...

    def listed(self, viewer: str, recording: str) -> Listed:
        """One of them."""
        ...

    def last_taught(self, viewer: str, many: int) -> list[Listed]:
        """Of their own lessons that were listened to, the last so many by the day when each was taught, or else
        brought; the earliest of them first."""
        ...

    def labels(self, viewer: str) -> Labels:
        """Of all that they may see."""
        ...

    def rename(self, viewer: str, recording: str, name: str) -> None: ...

    def describe(
        self, viewer: str, recording: str, class_name: str | None, taught: date | None, tags: tuple[str, ...]
    ) -> None:
        """From here on this is its class, by name, its day, and these are its tags: all of it, or BadInput and nothing.
        A class that they have not got yet is made at the school where they teach."""
        ...

    def delete(self, viewer: str, recording: str, files: int, bytes: int) -> Receipt:
        """Delete every row of it, whoever is at work on it. Its files, so many of so many bytes, are for the caller to
        remove: after this, or whoever finds the receipt later."""
        ...

    def receipts(self, viewer: str) -> list[Receipt]:
        """The newest first."""
        ...

    def receipt(self, viewer: str, receipt: str) -> Receipt: ...


def shown(run: Run) -> Shown:
    if run.state in (RunState.WAITING, RunState.RUNNING):
        return Shown.AT_WORK
    whole = run.state is RunState.READY and not any(s.state is StageState.FAILED for s in run.stages)
    return Shown.READY if whole else Shown.ATTENTION


def lesson_name(text: str) -> str:
    """`text` as a lesson's name, without surplus space. Raises BadInput."""
    return _line(text, LONGEST_NAME, "A lesson’s name")


def class_name(text: str) -> str:
    return _line(text, LONGEST_CLASS, "The name of a class")


def tags_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words as tags: in order, each once whatever its case. Raises BadInput."""
    found: dict[str, str] = {}
    for word in words:
        tag = _line(word, LONGEST_TAG, "A tag")
        found.setdefault(tag.casefold(), tag)
    if len(found) > MOST_TAGS:
        raise BadInput(f"A lesson can have {MOST_TAGS} tags. Take one away first.")
    return tuple(found[key] for key in sorted(found))


def receipt_text(receipt: Receipt) -> str:
    """A receipt to keep."""
    rows = {
        "Lesson": receipt.name,
        "Brought": f"{receipt.added:%Y-%m-%d %H:%M} UTC",
        "Deleted": f"{receipt.deleted:%Y-%m-%d %H:%M} UTC",
        "Files removed": f"{receipt.files}, {size(receipt.bytes)} ({receipt.bytes} bytes)",
        "Rows removed": ", ".join(f"{count} {name}" for name, count in sorted(receipt.rows.items())) or "not counted",
        "Receipt": receipt.id,
    }
    head = "Second Look: receipt for a deleted lesson"
    table = "\n".join(f"{name:<14} {value}" for name, value in rows.items())
    return (
        f"{head}\n{'=' * len(head)}\n\n{table}\n\n"
        "Removed: the recording as it was brought, every copy and picture made of it, the transcript, the measures,\n"
        "corrections, comments, tags, with whom it was shared, and the record of its analysis.\n"
        "Not touched: what the school’s backups from before this moment hold, until they are replaced. A restore\n"
        "of one, with the server’s list of what was erased, erases the lesson again.\n"
    )


def size(bytes: float) -> str:
    """Bytes as people say them: 2.8 GB, 340 MB, 12 kB."""
    for unit, many in (("GB", 1e9), ("MB", 1e6)):
        if bytes >= many:
            return f"{bytes / many:.1f} {unit}" if bytes < 10 * many else f"{bytes / many:.0f} {unit}"
    return f"{bytes / 1e3:.0f} kB"


def _line(text: str, longest: int, what: str) -> str:
    line = " ".join(text.split())
    if not 1 <= len(line) <= longest or not line.isprintable():
        raise BadInput(f"{what} has 1 to {longest} characters, on one line.")
    return line
