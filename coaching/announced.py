"""What a browser says of a lesson before it brings it, and when all of it is here: hostile until it was looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from coaching.errors import BadInput, one_line
from coaching.library import lesson_name
from coaching.people import LONGEST_SCHOOL
from coaching.recordings import LONGEST_CLASS
from coaching.uploads import MOST_PARTS, NewUpload, UploadFile

LONGEST_FILE, LONGEST_FINGERPRINT, LONGEST_LOOK_FOR = 255, 64, 200
MOST_LOOK_FORS = 10
"""Characters, and how many."""


def new_upload(owner: str, said: object, today: date) -> NewUpload:
    """What somebody's browser says of a lesson, checked. Raises BadInput with a sentence for that person."""
    if not isinstance(said, Mapping):
        raise BadInput("This is no description of a lesson.")
    if said.get("consent") is not True:
        raise BadInput("Say that every family of this class agreed to recording before you bring the lesson.")
    class_id, class_name = _optional(said, "class_id", 64), _optional(said, "class", LONGEST_CLASS)
    if not class_id and not class_name:
        raise BadInput("Choose the class, or write its name.")
    look_fors = said.get("look_fors") or []
    if not isinstance(look_fors, list) or len(look_fors) > MOST_LOOK_FORS:
        raise BadInput(f"Name at most {MOST_LOOK_FORS} things to look for.")
    name = said.get("name")
    return NewUpload(
        owner=owner,
        name=lesson_name(name if isinstance(name, str) else ""),
        class_id=class_id,
        class_name=class_name,
        school=_optional(said, "school", LONGEST_SCHOOL),
        taught=_day(said.get("taught"), today),
        look_fors=tuple(dict.fromkeys(_text(one, LONGEST_LOOK_FOR, "What you look for") for one in look_fors)),
        sizes=_sizes(said.get("sizes")),
    )


def new_part(said: Mapping[str, str], length: str, id: str) -> tuple[str, UploadFile]:
    """The upload's id, and the part that a browser announces by Upload-Metadata and Upload-Length. Raises BadInput."""
    position = said.get("position", "")
    if not re.fullmatch(r"[0-9]{1,3}", position) or not re.fullmatch(r"[0-9]{1,18}", length):
        raise BadInput("Which part of the lesson this is, and how large, was not said.")
    fingerprint = said.get("fingerprint", "")
    if not 1 <= len(fingerprint) <= LONGEST_FINGERPRINT or not fingerprint.isprintable():
        raise BadInput(f"A part needs a fingerprint of 1 to {LONGEST_FINGERPRINT} characters.")
    name = one_line(said.get("filename", ""))[:LONGEST_FILE].strip() or "lesson"
    return said.get("upload", ""), UploadFile(id, int(position), name, int(length), fingerprint)


def hashes(said: object, parts: int) -> tuple[str, ...]:
    """The SHA-256 of each part, as a browser says them. Raises BadInput."""
    found = said.get("sha256") if isinstance(said, Mapping) else None
    if not isinstance(found, list) or len(found) != parts:
        raise BadInput("The hash of each part must be said, in order.")
    if not all(isinstance(one, str) and re.fullmatch(r"[0-9a-f]{64}", one) for one in found):
        raise BadInput("A hash is 64 hexadecimal digits.")
    return tuple(found)


def _text(said: object, longest: int, what: str) -> str:
    text = " ".join(said.split()) if isinstance(said, str) else ""
    if not 1 <= len(text) <= longest or not text.isprintable():
        raise BadInput(f"{what} must have 1 to {longest} characters.")
    return text


def _optional(said: Mapping[str, object], field: str, longest: int) -> str | None:
    return _text(said[field], longest, f"The {field}’s name") if said.get(field) else None


def _day(said: object, today: date) -> str:
    try:
        day = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        day = None
    if day is None or day.isoformat() != said or day.year < 1990:
        raise BadInput("Say on which day the lesson was taught.")
    if day > today + timedelta(days=1):  # somewhere it is tomorrow already
        raise BadInput("The day on which the lesson was taught is still to come.")
    return said


def _sizes(said: object) -> tuple[int, ...]:
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_PARTS:
        raise BadInput(f"A lesson has 1 to {MOST_PARTS} files.")
    if not all(type(size) is int and 0 <= size < 1 << 62 for size in said):
        raise BadInput("How large the files are was not said.")
    if 0 in said:
        raise BadInput("One of these files is empty. Choose the video again.")
    return tuple(said)
