"""The staff of schools as CSV, in the form that a list of staff is read in again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coaching.exports.tables import csv_text, is_formula
from coaching.people import Membership
from coaching.staff import Member, School


def staff_csv(members: Iterable[Member], schools: Sequence[School]) -> str:
    """A row for each person and school, without those who were let go."""
    rows = (
        (guard(m.email), guard(m.name), ", ".join(r for r in Membership if r in roles), guard(school.name))
        for m in members
        for school in schools
        if (roles := m.roles.get(school.id)) and not m.left
    )
    return csv_text(("email", "name", "role", "school"), rows)


def guard(text: str) -> str:
    """`text` that no spreadsheet takes for a formula, and from which `unguard` gives it back.

    >>> guard("=1"), guard("'=1"), guard("Maya")
    ("'=1", "''=1", 'Maya')
    """
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def unguard(text: str) -> str:
    return text.removeprefix("'") if is_formula(text.lstrip("'")) else text
