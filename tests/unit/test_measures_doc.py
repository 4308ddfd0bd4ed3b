"""docs/measures.md is what the code says."""

from __future__ import annotations

import measures_doc

from coaching.metrics.question_kinds import Kind
from coaching.metrics.sentences import TITLES


def test_the_definitions_are_up_to_date() -> None:
    written = measures_doc.TARGET.read_text(encoding="utf-8")
    assert written == measures_doc.document(), "run scripts/measures_doc.py"


def test_every_measure_and_every_kind_is_defined() -> None:
    text = measures_doc.document()
    for name, title in TITLES.items():
        section = text.split(f"## {title}\n")[1].split("\n## ")[0]
        assert f"`{name}`" in section
        assert len(section.split()) > 10, "a definition, not a heading"
    assert all(f"| {kind.value} |" in text for kind in Kind)
