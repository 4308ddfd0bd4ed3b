"""What is said of a person to whom something of a lesson was given, whatever it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from coaching.people import Person

SLEEPS = (
    '<p class="sl-soft">They cannot see it now: they are no teacher or coach at your school. If they are one again, '
    "they can, unless you stop sharing.</p>"
)

KEPT_CLOSE = (
    '<p class="sl-soft">They cannot see it now: what the families of this class agreed to keeps it with you and your '
    "coach. When that changes they can again, unless you stop sharing.</p>"
)


def sleeps(kept_close: bool) -> str:
    """Why somebody cannot see now what they were given."""
    return KEPT_CLOSE if kept_close else SLEEPS


def called(person: Person) -> str:
    return person.name or person.email


def you_and(names: Sequence[str]) -> str:
    """`You, Maya and Dan`."""
    return ", ".join(["You", *names[:-1]]) + (f" and {names[-1]}" if names else "")


def sees(name: str, seen: Sequence[str], kept: Sequence[str]) -> str:
    """What they will see, and what stays with its owner."""
    lists = _list(f"{name} will see", "sl-tick", seen) + _list("Stays with you", "sl-lock", kept)
    return f'<div class="sl-sees">{lists}</div>'


def _list(head: str, icon: str, lines: Sequence[str]) -> str:
    rows = "".join(f'<li><i class="sl-i {icon}"></i>{line}</li>' for line in lines)
    return f"<div><b>{escape(head)}</b><ul>{rows}</ul></div>"
