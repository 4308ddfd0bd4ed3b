"""Nothing leaves the machine, and nothing that was said stands in what the command prints of its progress."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NO_SOCKETS = """
import sys
def forbid(event, arguments):
    if event.startswith("socket.") and event != "socket.__new__":
        print("REACHED OUT", event, arguments, file=sys.stderr)
        raise PermissionError(event)
sys.addaudithook(forbid)
from pipelines.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_no_connection_is_ever_opened(tmp_path, sample):
    arguments = ["analyse", str(sample / "sample-lesson.mp4"), "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", NO_SOCKETS, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "REACHED OUT" not in done.stderr
    lesson = json.loads((tmp_path / "out" / "lesson.json").read_text())
    said = [u["text"] for u in lesson["utterances"] if len(u["text"]) > 20]
    assert said
    assert not any(text in done.stdout + done.stderr for text in said)


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare, which takes the network away, is not installed")
def test_it_works_without_any_network(tmp_path, sample):
    """Libraries in C are not seen by Python's audit: here there is no network at all, and no cache of models."""
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a process have no network")
    command = [sys.executable, "-m", "pipelines", "analyse", str(sample / "sample-lesson.mp4")]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SECONDLOOK_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [*alone, *command, "--out", str(tmp_path / "out")], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert sorted(p.name for p in (tmp_path / "data" / "models").iterdir()) == ["embedding.ort", "segmentation.ort"]
