"""Codebooks as files that coaching/readers/codebooks.py reads in again: CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import json
from typing import Any

from coaching.codebooks import Codebook, Label
from coaching.exports.staff import guard
from coaching.exports.tables import csv_text

COLUMNS = ("codebook", "category", "label", "meaning", "colour", "scale")


def codebook_csv(codebook: Codebook) -> str:
    """A row for each label; the points of its scale parted by `; `. No cell is one that a spreadsheet runs."""
    rows = (
        (
            guard(codebook.name),
            guard(one.category),
            guard(one.name),
            guard(one.meaning),
            one.colour.value,
            guard("; ".join(one.scale)),
        )
        for one in codebook.labels
    )
    return csv_text(COLUMNS, rows)


def codebook_json(codebook: Codebook) -> str:
    found = {"codebook": codebook.name, "labels": [label_object(one) for one in codebook.labels]}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def label_object(label: Label) -> dict[str, Any]:
    return {
        "category": label.category,
        "label": label.name,
        "meaning": label.meaning,
        "colour": label.colour.value,
        "scale": list(label.scale),
    }
