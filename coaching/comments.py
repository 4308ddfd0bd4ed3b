"""Comments: what somebody noted at a moment of a lesson."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coaching.errors import BadInput

LONGEST_COMMENT = 5000
"""Characters."""


class Audience(StrEnum):
    """Who reads a comment: its author alone, or everybody who may see the lesson."""

    AUTHOR = "author"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class NewComment:
    """`start` and `stop` are seconds of the recording; without `stop` it is about a moment. `parent` is the id of the
    comment that it answers: an answer is at its parent's time, and for whom its parent is."""

    start: float
    body: str
    stop: float | None = None
    audience: Audience = Audience.LESSON
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """`author` is a person's id, `called` their name, or their address where they gave none."""

    id: str
    author: str
    called: str
    start: float
    stop: float | None
    body: str
    audience: Audience
    made: datetime
    parent: str | None = None


def check(comment: NewComment, duration: float | None) -> None:
    """Raises BadInput for a comment that says nothing, or is not about a recording of `duration` seconds, if known."""
    controls = any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in comment.body)
    if not comment.body.strip() or len(comment.body) > LONGEST_COMMENT or controls:
        raise BadInput(f"Write 1 to {LONGEST_COMMENT} characters, and no control characters.")
    stop = comment.start if comment.stop is None else comment.stop
    last = float("inf") if duration is None else duration
    if not 0 <= comment.start <= stop <= last or stop == float("inf"):  # false for NaN too
        raise BadInput("A comment is about a moment within the recording, and ends after it starts.")
