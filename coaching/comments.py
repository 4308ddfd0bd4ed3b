"""Comments: what somebody noted at a moment of a lesson."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from coaching.codebooks import Colour
from coaching.errors import BadInput

LONGEST_COMMENT, LONGEST_LABEL = 5000, 100
"""Characters; a label's with the point of its scale."""

MOST_LABELS = 12
"""Labels of one comment."""


class Audience(StrEnum):
    """Who reads a comment: its author alone, or everybody who may see the lesson."""

    AUTHOR = "author"
    LESSON = "lesson"


@dataclass(frozen=True, slots=True)
class NewComment:
    """`start` and `stop` are seconds of the recording; without `stop` it is about a moment. `parent` is the id of the
    comment that it answers: an answer is at its parent's time, and for whom its parent is. `labels` are words of
    codebooks (`coaching.codebooks.written`), copied. With an `id`, which is then its own, sending it twice is once: who
    lost the answer asks again."""

    start: float
    body: str
    stop: float | None = None
    audience: Audience = Audience.LESSON
    parent: str | None = None
    labels: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """`author` is a person's id, `called` their name, or their address where they gave none. `colours` are what the
    `labels` had when they were written.

    Of one that was `deleted` nothing is left but its place, and that only while there are answers to it.
    """

    id: str
    author: str
    called: str
    start: float
    stop: float | None
    body: str
    audience: Audience
    made: datetime
    parent: str | None = None
    labels: tuple[str, ...] = ()
    colours: tuple[Colour, ...] = ()
    edited: datetime | None = None
    resolved: datetime | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class CommentChange:
    """What of a comment becomes otherwise; None leaves it as it is. `deleted` False undoes that it was."""

    body: str | None = None
    audience: Audience | None = None
    labels: tuple[str, ...] | None = None
    resolved: bool | None = None
    deleted: bool | None = None


class NotAuthor(BadInput):
    """Only whoever wrote this can change it."""


def check(comment: NewComment, duration: float | None) -> None:
    """Raises BadInput for a comment that says nothing, or is not about a recording of `duration` seconds, if known."""
    check_body(comment.body)
    check_labels(comment.labels)
    check_span(comment.start, comment.stop, duration)


def check_body(body: str) -> None:
    if not body.strip() or not is_plain(body, LONGEST_COMMENT):
        raise BadInput(f"Write 1 to {LONGEST_COMMENT} characters, and no control characters.")


def check_labels(labels: Sequence[str]) -> None:
    if len(labels) > MOST_LABELS or not all(label.strip() and is_plain(label, LONGEST_LABEL) for label in labels):
        raise BadInput(f"A comment has at most {MOST_LABELS} labels of at most {LONGEST_LABEL} characters.")


def check_span(start: float, stop: float | None, duration: float | None) -> None:
    end = start if stop is None else stop
    last = float("inf") if duration is None else duration
    if not 0 <= start <= end <= last or end == float("inf"):  # false for NaN too
        raise BadInput("A comment is about a moment within the recording, and ends after it starts.")


def is_plain(text: str, longest: int) -> bool:
    """Whether it is no longer, and holds no control characters but ends of lines."""
    return len(text) <= longest and not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text)
