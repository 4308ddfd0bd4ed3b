#!/usr/bin/env python3
"""How good the measures are, against people's own labels; each part writes its section of docs/benchmarks.md.

    .venv/bin/python scripts/bench_measures.py [--parts text] [--shared ../shared] [--quick] [--lessons]

Part `text` (bench_measures_text.py): questions, their kinds, restating and uptake on transcripts. `--lessons` names the
lessons that are only reported on; `--quick` reads every tenth sentence and writes nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bench_measures_text
from bench_keep import ROOT, keep, show

PARTS: dict[str, Callable[[Path, bool], list[dict[str, Any]]]] = {"text": bench_measures_text.measure}
"""Each makes its rows from the folder of shared data and from whether it should be quick."""


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: all)")
    p.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    p.add_argument("--quick", action="store_true", help="a tenth of the sentences, and nothing is written")
    p.add_argument("--lessons", action="store_true", help="name the lessons that are only reported on, and stop")
    p.add_argument("--out", type=Path, default=ROOT / "docs")
    a = p.parse_args()
    if a.lessons:
        print("\n".join(bench_measures_text.held_out_lessons(a.shared / "data")))
        return
    for part in a.parts.split(","):
        rows = [show(row) for row in PARTS[part](a.shared / "data", a.quick)]
        if not a.quick:
            keep(f"measures_{part}", rows, a.out)


if __name__ == "__main__":
    main()
