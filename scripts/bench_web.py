#!/usr/bin/env python3
"""What the web server costs those who wait for it: real server, database and Chromium.

    .venv/bin/python scripts/bench_web.py [--parts library] [--databases sqlite,postgresql] [--quick] [--out docs]

Each part is a module `bench_web_PART.py` with `measure(kind, quick)`, the rows of one database; it writes its own
section of docs/benchmarks.json, and docs/benchmarks.md from that. `--quick` does everything with little, for a test,
and writes nothing.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "scripts")]

from bench_keep import keep, show  # noqa: E402
from databases import KINDS  # noqa: E402

PARTS = ("library", "clients", "upload", "seek", "first_load")


def measure(part: str, kind: str, quick: bool) -> list[dict[str, Any]]:
    """A part's rows on one kind of database, each with the machine's load (processes that want a core) around it."""
    before = os.getloadavg()[0]
    rows = importlib.import_module(f"bench_web_{part}").measure(kind, quick)
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    return [show({"part": part, "database": kind, **row, "load": load}) for row in rows]


def main() -> None:
    p = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    p.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: all)")
    p.add_argument("--databases", default=",".join(KINDS), help="which (default: both)")
    p.add_argument("--quick", action="store_true", help="with little, and nothing is written")
    p.add_argument("--out", type=Path, default=ROOT / "docs")
    a = p.parse_args()
    for part in a.parts.split(","):
        rows = [row for kind in a.databases.split(",") for row in measure(part, kind, a.quick)]
        if not a.quick and a.databases == ",".join(KINDS):
            keep(f"web_{part}", rows, a.out)


if __name__ == "__main__":
    main()
