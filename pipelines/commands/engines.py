"""`secondlook engines`: what this machine can run, what `auto` would take, and what is missing for the rest."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from typing import Any

from coaching.settings import Settings, load_settings
from pipelines.adapters import Candidate, choose, for_speakers, for_words
from pipelines.gpu import gpus

PARTS = {"speakers": "Who speaks when", "words": "What is said"}


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "engines",
        help="what this machine can run, and what is missing for the rest",
        description="List the engines for speakers and for words, which of them --engine auto takes, and what is "
        "missing for the others, with the command or setting that gives it. Nothing is loaded or downloaded.",
    )
    p.add_argument("--json", action="store_true", help="one JSON object")
    p.set_defaults(run=run)


def run(arguments: argparse.Namespace, _console: object) -> int:
    settings = load_settings()
    found = survey(settings)
    print(json.dumps({"event": "engines", **found}) if arguments.json else "\n".join(_lines(found)))
    return 0


def survey(settings: Settings) -> dict[str, Any]:
    """The machine and its engines, as `--json` gives them: an engine is `ready`, or says what it lacks in `missing`."""
    taken = choose("auto", settings)
    parts: list[Candidate[Any]] = [*for_speakers(settings), *for_words(settings)]
    auto = {(e.part, e.name, e.version): e.why for e in taken.described()}
    return {
        "cores": os.cpu_count(),
        "gpus": [{"name": g.name, "memory_bytes": g.memory} for g in gpus()],
        "engines": [
            {
                "part": c.part,
                "engine": c.kind,
                "name": c.name,
                "version": c.version,
                "ready": not c.missing,
                "auto": auto.get((c.part, c.name, c.version)),
                "missing": [{"what": m.what, "remedy": m.remedy} for m in c.missing],
            }
            for c in parts
        ],
    }


def _lines(found: dict[str, Any]) -> Sequence[str]:
    cards = [f"{g['name']} ({g['memory_bytes'] / 2**30:.0f} GiB)" for g in found["gpus"]]
    lines = [f"This machine: {found['cores']} processor cores; {', '.join(cards) or 'no NVIDIA GPU'}."]
    for part, title in PARTS.items():
        lines += ["", title]
        for e in found["engines"]:
            if e["part"] != part:
                continue
            state = f"taken by auto: {e['auto']}" if e["auto"] else "ready" if e["ready"] else "cannot run here"
            label = f"{e['name']} ({e['engine']})"
            lines.append(f"  {label:<38} {state}")
            for m in e["missing"]:
                lines.append(f"    - {m['what']}" + (f": {m['remedy']}" if m["remedy"] else ""))
    return lines
