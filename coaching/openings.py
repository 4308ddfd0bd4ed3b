"""An administrator's way into a lesson: with a reason, for an hour, and told to its owner, who reads the reason.

It is for what a school must do (a parent's complaint, a court's order, a lesson that harms somebody), and no way round
sharing: it shows the video, what was said and shared notes, no measures; nothing can be written, saved or changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coaching.errors import BadInput
from coaching.people import Person

LASTS_S = 3600.0
SHORTEST_REASON, LONGEST_REASON = 20, 500
"""Characters."""


class NoReason(BadInput):
    """Say why, in a sentence of up to 500 characters. The teacher reads it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """That an administrator opened a lesson. `ends` is when it closed, or closes by itself."""

    id: str
    recording: str
    who: Person
    reason: str
    opened: datetime
    ends: datetime


def reason_of(text: str) -> str:
    """Raises NoReason."""
    words = " ".join(text.split())
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise NoReason
    return words


class Openings(Protocol):
    """`viewer` is the id of the person who asks. Raises NotThere, the same for what is not there and what is not for
    them."""

    def open(self, viewer: str, recording: str, reason: str) -> Opening:
        """Open a lesson of somebody of a school that the viewer administers, and tell its owner. Raises NoReason."""
        ...

    def close(self, viewer: str, recording: str) -> None:
        """What the viewer opened of it ends now."""
        ...

    def mine(self, viewer: str) -> list[Opening]:
        """What the viewer holds open, the newest first."""
        ...

    def of(self, viewer: str, recording: str) -> list[Opening]:
        """Every one that ever was of a lesson, for its owner, the newest first."""
        ...
