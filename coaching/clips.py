"""Clips: stretches of a lesson that somebody wants to see again, or to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from coaching.comments import Audience, is_plain
from coaching.errors import BadInput

LONGEST_TITLE, LONGEST_NOTE = 120, 2000
"""Characters of a clip's name, and of what is noted of it."""

SHORTEST_S = 0.2
"""Less is a picture."""


@dataclass(frozen=True, slots=True)
class NewClip:
    """From `start` to `stop`, seconds of the recording. With an `id`, then its own, sending it twice is once."""

    start: float
    stop: float
    name: str
    note: str = ""
    audience: Audience = Audience.AUTHOR
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Clip:
    """`author` is a person's id, `called` their name, or their address where they gave none."""

    id: str
    author: str
    called: str
    start: float
    stop: float
    name: str
    note: str
    audience: Audience
    made: datetime


@dataclass(frozen=True, slots=True)
class ClipChange:
    """What of a clip becomes otherwise; None leaves it as it is. `deleted` False undoes that it was."""

    start: float | None = None
    stop: float | None = None
    name: str | None = None
    note: str | None = None
    audience: Audience | None = None
    deleted: bool | None = None


def check(clip: NewClip, duration: float | None) -> None:
    """Raises BadInput for one without a name, or that is no stretch of a recording of `duration` seconds, if known."""
    if not clip.name.strip() or not is_plain(clip.name, LONGEST_TITLE) or "\n" in clip.name:
        raise BadInput(f"Give the clip a name of at most {LONGEST_TITLE} characters.")
    if not is_plain(clip.note, LONGEST_NOTE):
        raise BadInput(f"Note at most {LONGEST_NOTE} characters, and no control characters.")
    last = float("inf") if duration is None else duration
    if not (clip.start >= 0 and clip.start + SHORTEST_S <= clip.stop <= last) or clip.stop == float("inf"):
        raise BadInput("A clip lies within the recording, and ends after it starts.")
