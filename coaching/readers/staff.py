"""A list of staff as a school's office saves it: CSV with commas, semicolons or tabs, or cells copied from a sheet."""

from __future__ import annotations

import re

from coaching.errors import BadInput
from coaching.exports.staff import unguard
from coaching.people import Membership, email_address, person_name
from coaching.readers.lines import decode
from coaching.readers.table import records
from coaching.staff import Entry

COLUMNS = {
    "email": ("email", "e-mail", "mail", "e-mail address", "email address"),
    "name": ("name", "full name"),
    "role": ("role", "roles"),
    "school": ("school",),
}
"""The columns that are read, whatever their order and case; all others are left alone."""

ROLES = {m.value: m for m in Membership} | {"principal": Membership.LEADER, "administrator": Membership.ADMIN}
MOST_LINES = 5_000


def staff(data: bytes, name: str) -> list[Entry]:
    """The lines, in order; rows count as in a spreadsheet. One that cannot be used says why, and harms no other.

    Raises BadInput for what is no such list at all, or longer than `MOST_LINES`.
    """
    text = decode(data, name)
    mark, columns = _columns(text, name)
    found: list[Entry] = []
    rows = records(text, mark, name)
    next(rows)  # the columns' names
    for number, cells in rows:
        written = {column: _cell(cells, at) for column, at in columns.items()}
        if any(written.values()):
            found.append(_entry(number, written))
        if len(found) > MOST_LINES:
            raise BadInput(f"{name} has more than {MOST_LINES:,} lines. Bring it in parts.")
    if not found:
        raise BadInput(f"{name} has no line below the names of its columns.")
    return found


def _columns(text: str, name: str) -> tuple[str, dict[str, int]]:
    """What parts the cells, and where each column is. Raises BadInput where the first row does not name them."""
    for mark in "\t;,":
        try:
            _, head = next(records(text, mark, name))
        except (BadInput, StopIteration):
            continue
        titles = [cell.strip().casefold() for cell in head]
        found = {column: titles.index(a) for column, known in COLUMNS.items() for a in known[::-1] if a in titles}
        if {"email", "role"} <= found.keys():
            return mark, found
    raise BadInput(f"The first row of {name} must name the columns: email, name, role, school.")


def _cell(cells: list[str], at: int) -> str:
    return unguard(cells[at].strip()) if at < len(cells) else ""


def _entry(row: int, written: dict[str, str]) -> Entry:
    email, school = written["email"], written.get("school", "")
    try:
        roles = frozenset(map(_role, filter(None, re.split(r"[,;/+&\s]+", written["role"]))))
        if not roles:
            raise BadInput(f"No role. Write {_or(ROLES)}.")
        return Entry(row, email_address(email), person_name(written.get("name", "")), roles, school)
    except BadInput as error:
        return Entry(row, email, school=school, wrong=str(error))


def _role(word: str) -> Membership:
    if (role := ROLES.get(word.casefold())) is None:
        raise BadInput(f"“{word[:40]}” is no role. Write {_or(ROLES)}.")
    return role


def _or(words: dict[str, Membership]) -> str:
    first = list(words)[:4]
    return f"{', '.join(first[:-1])} or {first[-1]}"
