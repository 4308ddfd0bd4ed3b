"""Whole months, in which a school sees something of its teachers together. Pure.

Each is counted once and for good, a week after it ended, and shows nothing of fewer than five teachers: so no two
numbers differ by one teacher, whoever comes, withdraws or is erased later. A month is its first day.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

FEWEST_TEACHERS = 5

SETTLED_DAYS = 7
"""How long after its end a month is counted: what belongs to its last days is there by then."""

SHOWN = 12
"""How many a school sees."""


def settled(today: date) -> list[date]:
    """The months that are counted by then, the newest first, as many as are shown."""
    first = (today - timedelta(days=SETTLED_DAYS)).replace(day=1)
    found = []
    for _ in range(SHOWN):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found


def after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def bounds(month: date, zone: tzinfo) -> tuple[float, float]:
    """From when up to when it lasts there, the end left out, in seconds since 1970."""

    def begins(first: date) -> float:
        return datetime.combine(first, time(), zone).timestamp()

    return begins(month), begins(after(month))


def word(month: date) -> str:
    """As it is stored: `2026-10`."""
    return f"{month:%Y-%m}"


def of_word(word: str) -> date:
    return date.fromisoformat(f"{word}-01")
