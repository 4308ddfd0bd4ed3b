"""CSV and TSV, as spreadsheets and other programs save them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from coaching.errors import BadInput
from coaching.readers.lines import Line, check_order, decode, seconds

NAMES = {
    "role": ("role",),
    "text": ("text",),
    "speaker": ("speaker",),
    "start": ("start", "start_s"),
    "end": ("end", "end_s"),
}
"""The columns that are read, whatever their order and case; all others are left alone. `start_s` is what we write."""

LARGEST_CELL = 131_072
"""The csv module's own limit, in characters. More is a quotation mark that nobody closed."""


def table(data: bytes, name: str, needs: Sequence[str]) -> list[Line]:
    """The rows of a table, in order; `needs` are the columns that it must have.

    Tabs, commas or semicolons part the cells: those that part the names of the columns in the first row. Cells are kept
    as they are; with tabs, quotation marks belong to them unless the whole file is quoted as spreadsheets do it. Rows
    count as in a spreadsheet, the first row being 1; rows without any cell are no rows. Raises BadInput, with the row,
    for what is not such a table.
    """
    text = decode(data, name)
    mark = _mark(text, name, needs)
    rows = records(text, mark, name, quotes=mark != "\t" or _is_quoted(text))
    head = next(rows)[1]
    columns = _columns(head)
    lines = [_line(number, cells, columns, len(head), name, needs) for number, cells in rows]
    if not lines:
        raise BadInput(f"{name} has no rows below the names of its columns.")
    return lines


def _is_quoted(text: str) -> bool:
    """Whether quotation marks in a table with tabs stand around cells, as spreadsheets write them, and not in the text.

    So it is where writing the cells again gives the same file: a cell is quoted where it must be, and nowhere else. A
    cell with a line break and a tab has swallowed the next row: its mark was the speaker's.
    """
    if text.lstrip().startswith('"'):  # the first column's name: all cells are quoted
        return True
    try:
        rows = list(_rows(text, "\t", quotes=True))
    except csv.Error:
        return False
    if any("\t" in cell and "\n" in cell for cells in rows for cell in cells):
        return False
    again = io.StringIO(newline="")
    csv.writer(again, delimiter="\t", lineterminator="\r\n").writerows(rows)
    one, other = (t.replace("\r\n", "\n").rstrip("\n") for t in (again.getvalue(), text))
    return one == other


def _rows(text: str, mark: str, *, quotes: bool) -> Iterator[list[str]]:
    source = io.StringIO(text, newline="")
    if quotes:
        return csv.reader(source, delimiter=mark, strict=True)
    return csv.reader(source, delimiter=mark, strict=True, quoting=csv.QUOTE_NONE)


def records(text: str, mark: str, name: str, *, quotes: bool = True) -> Iterator[tuple[int, list[str]]]:
    """The rows with their numbers, empty ones left out. Raises BadInput for quotation marks that do not add up."""
    number = 0
    try:
        for cells in _rows(text, mark, quotes=quotes):
            number += 1
            if cells:
                yield number, cells
    except csv.Error as error:
        if "field larger" in str(error):
            what = f"a cell has more than {LARGEST_CELL:,} characters. A quotation mark may not be closed"
        else:
            what = (
                "the quotation marks do not add up. A text with a quotation mark or a comma stands in quotation marks"
            )
        raise BadInput(f"{name}, row {number + 1}: {what}.") from None


def _columns(head: Sequence[str]) -> dict[str, int]:
    """Where each known column is. The first of two of the same name."""
    found = [cell.strip().casefold() for cell in head]
    return {name: found.index(alias) for name, known in NAMES.items() for alias in known if alias in found}


def _mark(text: str, name: str, needs: Sequence[str]) -> str:
    """What parts the cells. Raises BadInput where the first row does not name the columns."""
    best: dict[str, int] = {}
    for mark in "\t,;":
        try:
            _, head = next(records(text, mark, name))
        except (BadInput, StopIteration):
            continue
        if set(needs) <= (columns := _columns(head)).keys():
            twice = [n for n in columns if [c.strip().casefold() for c in head].count(n) > 1]
            if twice:
                raise BadInput(f"{name} has two columns called {twice[0]}. Name one of them otherwise.")
            return mark
        best = max(best, columns, key=len)
    missing = ", ".join(n for n in needs if n not in best)
    raise BadInput(f"{name} has no column called {missing}. Its first row must name the columns: {', '.join(needs)}.")


def _line(
    number: int, cells: Sequence[str], columns: dict[str, int], width: int, name: str, needs: Sequence[str]
) -> Line:
    if any(cell for cell in cells[width:]):
        raise BadInput(
            f"{name}, row {number}: it has {len(cells)} cells, and the first row has {width}. A text that holds the "
            "mark between the cells must stand in quotation marks."
        )

    def cell(column: str) -> str:
        at = columns.get(column)
        if at is None:
            return ""
        if at < len(cells):
            return cells[at]
        if column in needs:
            raise BadInput(f"{name}, row {number}: the cell for {column} is missing.")
        return ""

    def moment(column: str) -> float | None:
        text = cell(column).strip()
        if not text:
            return None
        if (at := seconds(text)) is None:
            raise BadInput(f"{name}, row {number}: the {column} is not a time. Write seconds, or h:mm:ss.")
        return at

    place = f"row {number}"
    line = Line(place, cell("role").strip(), cell("speaker").strip(), cell("text"), moment("start"), moment("end"))
    return check_order(line, name)
