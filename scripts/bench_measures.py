#!/usr/bin/env python3
"""How good the measures are; each part writes its section of docs/benchmarks.md.

    .venv/bin/python scripts/bench_measures.py [--parts text,sound] [--shared ../shared] [--quick] [--held-out]

Part `text` (bench_measures_text.py): questions, their kinds, restating and uptake on transcripts, against people's own
labels; `--held-out` names the lessons that are only reported on. Part `sound` (bench_measures_sound.py): every measure
of speech activity on made lessons, and how often its range holds the truth. `--quick` takes a tenth of the sentences
and four made lessons, and writes nothing.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bench_measures_sound
import bench_measures_text
from bench_keep import ROOT, keep, show

PARTS: dict[str, Callable[[argparse.Namespace], list[dict[str, Any]]]] = {
    "text": lambda a: bench_measures_text.measure(a.shared / "data", a.quick),
    "sound": lambda a: bench_measures_sound.measure(
        a.shared, a.work, 4 if a.quick else a.lessons, None if a.quick else a.out
    ),
}
"""Each makes its rows."""


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: all)")
    p.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    p.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "secondlook-prior")
    p.add_argument("--lessons", type=int, default=120, help="how many made lessons (default: 120)")
    p.add_argument("--quick", action="store_true", help="a few of each, and nothing is written")
    p.add_argument("--held-out", action="store_true", help="name the lessons that are only reported on, and stop")
    p.add_argument("--out", type=Path, default=ROOT / "docs")
    a = p.parse_args()
    if a.held_out:
        print("\n".join(bench_measures_text.held_out_lessons(a.shared / "data")))
        return
    for part in a.parts.split(","):
        rows = [show(row) for row in PARTS[part](a)]
        if not a.quick:
            keep(f"measures_{part}", rows, a.out)


if __name__ == "__main__":
    main()
