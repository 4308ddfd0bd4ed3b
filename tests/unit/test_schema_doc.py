"""docs/schema.md draws the tables that exist, column by column."""

from __future__ import annotations

import re
from pathlib import Path

from models.tables import Base

SCHEMA = (Path(__file__).parents[2] / "docs" / "schema.md").read_text(encoding="utf-8")
(EXISTS,) = re.findall(r"```mermaid\nerDiagram\n(.*?)```", SCHEMA, re.DOTALL)


def drawn(diagram: str) -> dict[str, list[tuple[str, bool, bool, bool]]]:
    """By table, its columns in order: name, part of the key, a reference, may be null."""
    return {
        table: [(line.split()[1], " PK" in line, "FK" in line, "or null" in line) for line in body.strip().splitlines()]
        for table, body in re.findall(r"^    (\w+) \{\n(.*?)^    \}", diagram, re.DOTALL | re.MULTILINE)
    }


def test_the_tables_that_exist_are_drawn_as_they_are():
    assert drawn(EXISTS) == {
        name: [(c.name, c.primary_key, bool(c.foreign_keys), bool(c.nullable)) for c in table.columns]
        for name, table in Base.metadata.tables.items()
    }


def test_the_references_are_drawn_as_they_are():
    lines = {(a, b) for a, b in re.findall(r"^    (\w+) \|\|--o[{|] (\w+)", EXISTS, re.MULTILINE)}
    assert lines == {
        (key.column.table.name, name) for name, table in Base.metadata.tables.items() for key in table.foreign_keys
    }


def test_what_people_make_never_hangs_on_a_run():
    of_runs = {"runs", "stages", "speakers", "utterances", "measures"}
    children = {
        name
        for name, table in Base.metadata.tables.items()
        for key in table.foreign_keys
        if key.column.table.name in of_runs
    }
    assert children == of_runs - {"runs"}
