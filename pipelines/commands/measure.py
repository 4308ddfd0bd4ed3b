"""`secondlook measure`: a transcript that somebody already has; what its words, and its times if it has any, allow."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from coaching.errors import BadInput, one_line
from coaching.exports.tables import measures_table
from coaching.exports.utterances import HEAD, formulas, utterances_csv
from coaching.metrics import Measure
from coaching.metrics.sentences import TITLES, sentence
from coaching.readers.lines import Line
from coaching.readers.roles import called, roles
from coaching.readers.table import table
from coaching.readers.webvtt import is_webvtt, webvtt
from coaching.transcript import Role
from coaching.written import marks, measure_written, without_recording, written
from pipelines.commands import options
from pipelines.commands.reading import read
from pipelines.folder import OURS, work_folder

MEASURES, UTTERANCES = "measures.csv", "utterances.csv"


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "measure",
        help="a transcript in; the measures that its words and times allow out",
        description="Measure a transcript that you already have: CSV or TSV whose first row names the columns role and "
        "text, and start and end if there are times, or WebVTT with voices. docs/transcripts.md says more.",
    )
    p.add_argument("transcript", type=Path, metavar="TRANSCRIPT", help="CSV, TSV or WebVTT")
    p.add_argument("--out", required=True, type=options.folder, metavar="DIR", help="where the results go")
    p.add_argument("--teacher", metavar="NAME", help="the role or voice that is the teacher's; all others are students")
    p.add_argument(
        "--language", type=options.language, default="en", metavar="XX", help="the lesson's language (default: en)"
    )
    p.add_argument("--json", action="store_true", help="one JSON object")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace, _console: object) -> int:
    path, out = arguments.transcript, arguments.out
    data = read(path)
    _check(path, out)
    lines, who = _lines(data, path.name, arguments.teacher)
    transcript = written(lines, who, arguments.language)
    measures = measure_written(transcript)
    files = {
        MEASURES: lambda: measures_table(measures),
        UTTERANCES: lambda: utterances_csv(lines, who, marks(transcript)),
    }
    _write(out, files)
    notes = [*transcript.notes, *_notes(lines, who)]
    counts = {role.value: who.count(role) for role in Role}
    if arguments.json:
        print(json.dumps(_document(out, counts, measures, notes)))
    else:
        print("\n".join(_said(path, out, counts, measures, notes)))
    return 0


def _lines(data: bytes, name: str, teacher: str | None) -> tuple[list[Line], list[Role]]:
    """The rows and their roles. Captions without any voice, or whose teacher is not known, are refused."""
    if not is_webvtt(data, name):
        lines = table(data, name, needs=("role", "text"))
        return lines, roles(lines, name, teacher, rest=False)
    lines = webvtt(data, name)
    if not any(line.speaker for line in lines):
        raise BadInput(f"{name} names no voices (<v Teacher>), so the teacher cannot be told from the students.")
    who = roles(lines, name, teacher, rest=True)
    if Role.TEACHER not in who:
        raise BadInput(f"No voice of {name} is called teacher. Say who it is with --teacher NAME. {called(lines)}")
    return lines, who


def _check(path: Path, out: Path) -> None:
    """Raises BadInput where the results would replace the transcript, an analysis, or somebody's file of that name."""
    if path.resolve() in {(out / name).resolve() for name in (MEASURES, UTTERANCES)}:
        raise BadInput(f"The results would be written over {path}. Name another folder with --out.")
    if (out / OURS).exists():
        raise BadInput(f"{out} holds the results of an analysis. Name another folder with --out.")
    there = out / UTTERANCES
    if there.is_file() and not read(there).startswith(",".join(HEAD).encode() + b"\r\n"):
        raise BadInput(f"{out} already holds {UTTERANCES}, which this command did not write. Name another folder.")


def _write(out: Path, files: dict[str, Callable[[], str]]) -> None:
    with work_folder(out, files, ours=UTTERANCES) as work:
        for name, make in files.items():
            (work / name).write_text(make(), encoding="utf-8", newline="")
        for name in files:
            (work / name).replace(out / name)


def _notes(lines: Sequence[Line], who: Sequence[Role]) -> list[str]:
    """What the reader should know before the numbers, and before opening the files."""
    notes = []
    if Role.TEACHER not in who:
        notes.append(f"No row is the teacher’s. Say who the teacher is with --teacher NAME. {called(lines)}")
    elif unknown := [line for line, role in zip(lines, who, strict=True) if role is Role.UNKNOWN]:
        many = "1 row has a role" if len(unknown) == 1 else f"{len(unknown)} rows have roles"
        notes.append(f"{many} not known here, and counted for nobody: the first is {unknown[0].place}.")
    if risky := formulas(lines):
        many = "1 text" if len(risky) == 1 else f"{len(risky)} texts"
        notes.append(
            f"{UTTERANCES} keeps every text as it was, and a spreadsheet may take {many} for a formula (the first: "
            f"{risky[0].place}). Set that column to “text” when you open it."
        )
    return notes


def _document(out: Path, counts: dict[str, int], measures: Sequence[Measure], notes: Sequence[str]) -> dict[str, Any]:
    return {
        "event": "measured",
        "out": str(out),
        "rows": counts,
        "measures": {
            m.name: {"value": m.value, "unit": m.unit, "components": dict(m.components), "reason": m.reason}
            for m in measures
        },
        "notes": list(notes),
    }


def _said(
    path: Path, out: Path, counts: dict[str, int], measures: Sequence[Measure], notes: Sequence[str]
) -> list[str]:
    rows = ", ".join(f"{n:,} {role}" for role, n in counts.items() if n)
    lines = [f"{one_line(path.name)}: {sum(counts.values()):,} rows ({rows})"]
    lines += [f"  Note: {one_line(note)}" for note in notes]
    lines += [f"  {without_recording(sentence(m))}" for m in measures if m.value is not None]
    for reason in dict.fromkeys(m.reason for m in measures if m.reason):
        titles = ", ".join(TITLES[m.name].lower() for m in measures if m.reason == reason)
        lines.append(f"  Not shown: {titles}. {reason}")
    with suppress(OSError):
        out = out.resolve()
    return [*lines, f"  Written: {one_line(str(out / MEASURES))} and {UTTERANCES}"]
