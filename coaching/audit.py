"""The audit log: who did what to which lesson or person, in lines that nobody changes unseen.

A line names nobody: people and lessons are pseudonyms, made with a key that each of them has for itself and that an
erasure destroys. What was said, written or heard is in no line. Each line is signed together with the one before it, so
that a line that was changed, taken out or moved does not fit; the last number and signature are also kept elsewhere
(the head), so that lines cut off at the end are missed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import NamedTuple

KEY, HEAD, ERASURES = "key", "head", "erasures"
"""The files that lie outside the database: the server's key, the last line, and what was erased, a line for each."""


class Deed(StrEnum):
    """What is told of. OPENED is a lesson by somebody else than its owner, once in 24 hours; TOOK is a copy of it to
    keep, by anybody; SHOWED and HID are about a teacher's page of progress. Of consents and lists
    no line says whose child it is about."""

    SIGNED_IN = "signed in"
    ADDED = "added"
    ROLES = "changed roles"
    LINK = "made a link"
    UNLINKED = "unlinked"
    LET_GO = "let go"
    LET_IN = "let in"
    SHARED = "shared"
    TOOK_BACK = "took back"
    GAVE_CLIPS = "gave clips"
    TOOK_BACK_CLIPS = "took back clips"
    CONSENT = "wrote down a consent"
    STRUCK = "struck a consent"
    OPTED_OUT = "opted a student out"
    TAKEN_OFF = "took a student off the list"
    PRESENT = "said who was in it"
    PUBLISHED = "published a clip"
    WITHDREW = "withdrew a clip"
    SHOWED = "showed progress"
    HID = "hid progress"
    OPENED = "opened"
    LOOKED_INSIDE = "opened with a reason"
    TOOK = "took a copy"
    DELETED = "deleted"
    KEEPS_FILMS = "set how long films are kept"
    PROTECTED = "protected a film"
    UNPROTECTED = "ended a film's protection"
    FILM_DELETED = "film deleted by policy"
    ERASED = "erased"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Line:
    """`actor`, `lesson` and `person` (whom it was done to or for) are pseudonyms; `actor` is None for whoever operates
    the server. `school` is an id. `made` is in seconds since 1970."""

    number: int
    made: float
    deed: str
    actor: str | None = None
    lesson: str | None = None
    person: str | None = None
    school: str | None = None


class Head(NamedTuple):
    """The last line's number, and its signature; of an empty log, 0 and nothing."""

    number: int = 0
    signature: str = ""


def pseudonym(key: str, id: str) -> str:
    return _signed(key, id)[:32]


def erasure(key: str, id: str) -> str:
    """What is kept of a person or a recording that was erased: by it, whoever has the server's key knows it again in a
    backup of before."""
    return _signed(key, f"erased {id}")


def sign(key: str, before: str, line: Line) -> str:
    """The signature of a line, in hex digits; `before` is that of the line before it."""
    return _signed(key, json.dumps([before, *astuple(line)]))


def verify(lines: Iterable[tuple[Line, str]], key: str, head: Head) -> str | None:
    """What is wrong with the lines, each with its signature and in order of their numbers: one sentence, of the first
    that does not fit. None where all is as it was written.

    The head may be some lines behind, where a process was killed before it wrote it, and never before them.
    """
    last = Head()
    for line, signature in lines:
        if line.number > last.number + 1:
            return f"{_lines(last.number + 1, line.number - 1)} missing."
        if line.number <= last.number:
            return f"Line {line.number} stands behind line {last.number}."
        if not hmac.compare_digest(signature.encode(), sign(key, last.signature, line).encode()):
            return f"Line {line.number} is not as it was written, or not where it was."
        last = Head(line.number, signature)
        if last.number == head.number and last != head:
            return f"Line {line.number} is another one than the head outside the database says."
    if last.number < head.number:
        return f"{_lines(last.number + 1, head.number)} missing: the end of the log was cut off."
    return None


def _lines(first: int, last: int) -> str:
    return f"Line {first} is" if first == last else f"Lines {first} to {last} are"


def _signed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
