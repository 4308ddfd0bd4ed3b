"""People, their schools, and what they are there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coaching.errors import BadInput


class Membership(StrEnum):
    """What somebody is at a school. One person may be several things, at several schools."""

    TEACHER = "teacher"
    COACH = "coach"
    LEADER = "leader"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account; `email` is in lower case. `memberships` are (school's name, what they are there).

    Whoever was let go (`left`) is let in no more; what is theirs stays theirs.
    """

    id: str
    email: str
    name: str = ""
    memberships: tuple[tuple[str, Membership], ...] = ()
    left: bool = False


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is theirs, by ids: their recordings, and the runs of these; and where files lie, relative to the data
    folder: of recordings, of uploads, of visits, and of what was made for them of others' recordings."""

    person: Person
    recordings: tuple[str, ...]
    runs: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What is left of a person who was erased: when, and how many rows by table, files and bytes went."""

    made: datetime
    rows: Mapping[str, int]
    files: int
    bytes: int


_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)*")
LONGEST_EMAIL = 254
LONGEST_SCHOOL = 200
LONGEST_NAME = 200
"""Characters."""


def email_address(text: str) -> str:
    """`text` as an address in lower case. Raises BadInput where it is none."""
    email = text.strip().casefold()
    if len(email) > LONGEST_EMAIL or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise BadInput(f"{text[:80]!r} is not an e-mail address. Write it as name@school.org.")
    return email


def school_name(text: str) -> str:
    """`text` without surplus space. Raises BadInput where it is empty, too long or cannot be printed."""
    name = " ".join(text.split())
    if not name or len(name) > LONGEST_SCHOOL or not name.isprintable():
        raise BadInput(f"The school's name must have 1 to {LONGEST_SCHOOL} characters.")
    return name


def person_name(text: str) -> str:
    """`text` without surplus space; empty where nobody said it. Raises BadInput where it is too long or unprintable."""
    name = " ".join(text.split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(f"A name has up to {LONGEST_NAME} characters that can be printed.")
    return name
