"""Where a benchmark's part keeps its result: docs/benchmarks.json, and docs/benchmarks.md written from it."""

from __future__ import annotations

import datetime
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from bench_table import markdown

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"


def kept(part: str, out: Path = DOCS) -> list[dict[str, Any]]:
    """The rows that are kept of a part."""
    return list(_result(out).get(part, {}).get("rows", []))


def keep(part: str, rows: list[dict[str, Any]], out: Path = DOCS) -> None:
    """Replace a part, with its machine and commit."""
    result = _result(out)
    result[part] = {"machine": machine(), "rows": rows}
    (out / "benchmarks.json").write_text(json.dumps(result, indent=1) + "\n")
    (out / "benchmarks.md").write_text(markdown(result))


def show(row: dict[str, Any]) -> dict[str, Any]:
    print(json.dumps(row), flush=True)
    return row


def _result(out: Path) -> dict[str, Any]:
    written = out / "benchmarks.json"
    return dict(json.loads(written.read_text())) if written.exists() else {}


def machine() -> dict[str, Any]:
    names = [
        line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT)
    return {
        "processor": (names or [platform.processor()])[0],
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory),
        "python": platform.python_version(),
        "date": datetime.date.today().isoformat(),
        "commit": commit.stdout.strip(),
    }
