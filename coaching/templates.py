"""Texts that somebody keeps to put into comments. They are nobody else's. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from coaching.comments import is_plain
from coaching.errors import BadInput

MOST_TEMPLATES, LONGEST_TEMPLATE = 30, 500
"""Of one person; characters of each."""


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    body: str


class Templates(Protocol):
    """`viewer` is the id of the person who asks: each has their own."""

    def mine(self, viewer: str) -> list[Template]:
        """In the order in which they were kept."""
        ...

    def keep(self, viewer: str, body: str) -> Template:
        """The same text twice is once. Raises BadInput for what is no text, is too long, or is one too many."""
        ...

    def remove(self, viewer: str, template: str) -> None:
        """Raises NotThere, also for what is another's."""
        ...


def check_template(body: str) -> str:
    """`body` without the space around it. Raises BadInput."""
    found = body.strip()
    if not found or not is_plain(found, LONGEST_TEMPLATE):
        raise BadInput(f"A template has 1 to {LONGEST_TEMPLATE} characters, and no control characters.")
    return found
