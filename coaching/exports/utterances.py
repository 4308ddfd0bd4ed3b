"""The rows of a transcript from elsewhere with what the rules say of each, as CSV (RFC 4180) for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from coaching.exports.tables import is_formula
from coaching.readers.lines import Line
from coaching.transcript import Role
from coaching.written import Marks

HEAD = ("role", "text", "question", "kind", "decided_by", "restating", "uptake")


def utterances_csv(lines: Sequence[Line], roles: Sequence[Role], marks: Sequence[Marks]) -> str:
    """One row a line, in order. `question` and `restating` are 1 or 0, empty where they cannot be known.

    `text` is what the line held, character by character, also where a spreadsheet would take it for a formula
    (`formulas` finds those): whoever checks the rules must find the rows again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEAD)
    for line, role, m in zip(lines, roles, marks, strict=True):
        writer.writerow(
            (
                role.value,
                line.text,
                _yes(m.question),
                m.kind.value if m.kind else "",
                m.decided_by,
                _yes(m.restating),
                "" if m.uptake is None else f"{m.uptake:.4f}",
            )
        )
    return out.getvalue()


def formulas(lines: Sequence[Line]) -> list[Line]:
    """The lines whose text a spreadsheet might run as a formula."""
    return [line for line in lines if is_formula(line.text)]


def _yes(said: bool | None) -> str:
    return "" if said is None else str(int(said))
