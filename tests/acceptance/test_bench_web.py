"""The benchmark of the web server runs to its end; how fast, it says itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import bench_table
import pytest
from bench_web import PARTS
from web import BROWSER

ROOT = Path(__file__).parents[2]
IN_A_BROWSER = ("library", "first_load")


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_the_benchmark_of_the_web_measures_every_part(part):
    if part in IN_A_BROWSER and not BROWSER.exists():
        pytest.skip(f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
    command = [sys.executable, "scripts/bench_web.py", "--quick", "--databases", "sqlite", "--parts", part]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows
    assert {(row["part"], row["database"]) for row in rows} == {(part, "sqlite")}
    machine = {"date": "", "commit": "", "processor": "", "cores": 2, "memory_gb": 1, "python": ""}
    text = bench_table.markdown({f"web_{part}": {"machine": machine, "rows": rows}})
    assert f"--parts {part}" in text
