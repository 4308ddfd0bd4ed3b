"""What every reader gives and needs: a line, text from bytes that a stranger saved, and times as people write them."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from coaching.errors import BadInput

LONGEST_S = 24 * 3600.0
"""No lesson has a moment beyond a day: what claims one is no time."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table, a voice of a caption, or a segment, as its file has it.

    `place` says where it stands ("row 7"), for people. `role` and `speaker` are as written, empty where there is none;
    `start` and `end` are seconds, None where there is none.
    """

    place: str
    role: str = ""
    speaker: str = ""
    text: str = ""
    start: float | None = None
    end: float | None = None

    @property
    def who(self) -> str:
        """The name of the voice, or the role where voices have no names."""
        return self.speaker or self.role


def decode(data: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark, every character as it stands there.

    Only the mark of the encoding at the very start is taken off. Raises BadInput, with the line, for other encodings
    and for what is no text.
    """
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"{name} is not text in UTF-8: line {line} cannot be read. Save it again in UTF-8 (“CSV UTF-8” in a "
            "spreadsheet)."
        ) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise BadInput(f"{name} holds a NUL character in line {line}, which no text has. Save it again in UTF-8.")
    if not text.strip():
        raise BadInput(f"{name} is empty.")
    return text


_TIME = re.compile(r"(?:(?:([0-9]{1,3}):)?([0-9]{1,4}):)?([0-9]{1,7})(?:[.,]([0-9]{1,9}))?")


def seconds(text: str) -> float | None:
    """A moment as people write it, in seconds: 75.5, 1:15.5, 0:01:15,500; None where it is none.

    >>> seconds("1:02:03.250"), seconds("75,5"), seconds("2:75")
    (3723.25, 75.5, None)
    """
    match = _TIME.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, whole, part = match.groups()
    if (minutes and int(whole) >= 60) or (hours and int(minutes) >= 60):
        return None
    moment = int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(f"{whole}.{part or 0}")
    return moment if moment <= LONGEST_S else None


def check_order(line: Line, name: str) -> Line:
    """The same line. Raises BadInput where it ends before it starts."""
    if line.start is not None and line.end is not None and line.end < line.start:
        raise BadInput(f"{name}, {line.place}: it ends ({line.end:g} s) before it starts ({line.start:g} s).")
    return line
