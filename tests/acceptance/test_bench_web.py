"""The benchmarks of the web server and of the review stage run to their end; how fast, they say themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import bench_table
import pytest
from bench_review import PARTS as REVIEW
from bench_web import PARTS
from web import BROWSER

ROOT = Path(__file__).parents[2]
IN_A_BROWSER = ("library", "first_load")


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_the_benchmark_of_the_web_measures_every_part(part):
    if part in IN_A_BROWSER and not BROWSER.exists():
        pytest.skip(f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
    _measures("web", [part])


@pytest.mark.slow
def test_the_benchmark_of_the_review_measures_every_part():
    if not BROWSER.exists():
        pytest.skip(f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
    _measures("review", REVIEW)


def _measures(script: str, parts: Sequence[str]) -> None:
    command = [sys.executable, f"scripts/bench_{script}.py", "--quick", "--databases", "sqlite", "--parts"]
    done = subprocess.run(
        [*command, ",".join(parts)], capture_output=True, text=True, cwd=ROOT, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {(row["part"], row["database"]) for row in rows} == {(part, "sqlite") for part in parts}
    machine = {"date": "", "commit": "", "processor": "", "cores": 2, "memory_gb": 1, "python": ""}
    told = {f"{script}_{part}": [row for row in rows if row["part"] == part] for part in parts}
    text = bench_table.markdown({name: {"machine": machine, "rows": found} for name, found in told.items()})
    for part in parts:
        assert f"bench_{script}.py --parts {part}" in text
