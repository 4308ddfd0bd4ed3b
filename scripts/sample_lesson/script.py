"""The play in lesson.txt, read into lines and stage directions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

KINDS = {"open", "reason", "relating", "wh-fact", "yes/no", "checking", "management", "tag", "echo"}
"""The kinds of question that the measures tell apart."""

_LINE = re.compile(r"(?P<quiet>-?\d+(\.\d+)?)\s+(?P<who>\w+)(\s+(?P<words>[^{}]+?))?(\s+\{(?P<kind>[^}]+)\})?")


@dataclass(frozen=True)
class Line:
    """One sentence: `quiet` seconds after the line before, `who` says `words`; `kind` where it is a question.

    `directions` change the picture when it begins: (what, how) as ("teacher", "blue").
    """

    quiet: float
    who: str
    words: str
    kind: str | None
    directions: tuple[tuple[str, str], ...]


def read(path: Path) -> tuple[list[Line], float]:
    """All lines, and the seconds of quiet after the last. Raises ValueError naming the line that cannot be read."""
    lines: list[Line] = []
    directions: list[tuple[str, str]] = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        text = raw.strip()
        if not text or text.startswith("#"):
            continue
        if text.startswith("@"):
            what, how = text[1:].split()
            directions.append((what, how))
            continue
        found = _LINE.fullmatch(text)
        if not found:
            raise ValueError(f"{path.name}, line {number}: cannot read {text!r}")
        if found["who"] == "end":
            return lines, float(found["quiet"])
        words, kind = found["words"], found["kind"]
        if not words or (kind is not None) != words.endswith("?") or (kind and kind not in KINDS):
            raise ValueError(f"{path.name}, line {number}: every question, and nothing else, has a kind: {text!r}")
        lines.append(Line(float(found["quiet"]), found["who"], words, kind, tuple(directions)))
        directions = []
    raise ValueError(f"{path.name}: the line with `end` is missing")
