"""The benchmark of the jobs runs to its end; how fast, it says itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_benchmark_of_the_jobs_measures_every_part():
    command = [sys.executable, "scripts/bench_jobs.py", "--quick", "--databases", "sqlite"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines()]
    assert [part["part"] for part in said] == ["single", "many", "idle", "reaping"]
    assert all(part["database"] == "sqlite" for part in said)
