"""A codebook from a file that somebody brought: CSV as a spreadsheet saves it, or JSON, as we write either."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from coaching.codebooks import MOST_LABELS, Codebook, Colour, Label, checked
from coaching.errors import BadInput
from coaching.exports.codebooks import COLUMNS
from coaching.exports.staff import unguard
from coaching.readers.lines import decode
from coaching.readers.table import records

NEEDED = {"category", "label"}


def codebook(data: bytes, name: str, called: str = "") -> Codebook:
    """The codebook in this file; `called` is what it is called where the file does not say. Raises BadInput, with the
    row of a table, for what is none."""
    text = decode(data, name)
    found = _from_json(text, name, called) if text.lstrip().startswith("{") else _from_table(text, name, called)
    return checked(found)


def _from_json(text: str, name: str, called: str) -> Codebook:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise BadInput(f"{name} is not JSON that can be read. Export the codebook once more.") from None
    try:
        labels = _list(said["labels"])
        if len(labels) > MOST_LABELS:
            raise BadInput(f"{name} has more than {MOST_LABELS} labels.")
        return Codebook(_text(said.get("codebook") or called), tuple(map(label_from, labels)))
    except (AttributeError, KeyError, TypeError):
        raise BadInput(f"{name} is no codebook: it needs a list “labels”, each with a category and a label.") from None


def label_from(said: Mapping[str, Any]) -> Label:
    """Of a `label_object`, not checked. Raises BadInput for a colour that is none, else what Python raises."""
    return Label(
        _text(said["category"]),
        _text(said["label"]),
        _text(said.get("meaning") or ""),
        _colour(_text(said.get("colour") or "")),
        tuple(map(_text, _list(said.get("scale") or []))),
    )


def _text(said: object) -> str:
    if not isinstance(said, str):
        raise TypeError
    return said


def _list(said: object) -> list[Any]:
    if not isinstance(said, list):
        raise TypeError
    return said


def _colour(word: str) -> Colour:
    try:
        return Colour(word.strip().casefold() or Colour.GREY)
    except ValueError:
        raise BadInput(f"“{word[:40]}” is no colour of a label. Write {', '.join(Colour)}, or nothing.") from None


def _from_table(text: str, name: str, called: str) -> Codebook:
    mark, columns = _columns(text, name)
    rows = records(text, mark, name)
    next(rows)  # the columns' names
    labels: list[Label] = []
    for number, cells in rows:
        cell = {column: unguard(cells[at].strip()) if at < len(cells) else "" for column, at in columns.items()}
        if not any(cell.values()):
            continue
        own = cell.get("codebook") or called
        if labels and own != called:
            raise BadInput(f"{name}, row {number}: it is of another codebook. Bring one codebook at a time.")
        called = own
        if len(labels) == MOST_LABELS:
            raise BadInput(f"{name} has more than {MOST_LABELS} labels.")
        labels.append(_row(cell, name, number))
    if not labels:
        raise BadInput(f"{name} has no label below the names of its columns.")
    return Codebook(called, tuple(labels))


def _row(cell: Mapping[str, str], name: str, number: int) -> Label:
    try:
        colour = _colour(cell.get("colour", ""))
    except BadInput as error:
        raise BadInput(f"{name}, row {number}: {error}") from None
    scale = tuple(point.strip() for point in cell.get("scale", "").split(";") if point.strip())
    return Label(cell["category"], cell["label"], cell.get("meaning", ""), colour, scale)


def _columns(text: str, name: str) -> tuple[str, dict[str, int]]:
    """What parts the cells, and where each column is. Raises BadInput where the first row does not name them."""
    for mark in "\t;,":
        try:
            _, head = next(records(text, mark, name))
        except (BadInput, StopIteration):
            continue
        titles = [title.strip().casefold() for title in head]
        found = {column: titles.index(column) for column in COLUMNS if column in titles}
        if found.keys() >= NEEDED:
            return mark, found
    raise BadInput(f"The first row of {name} must name the columns: {', '.join(COLUMNS)}.")
