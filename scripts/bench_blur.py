"""Covering faces, measured beside `deface`'s own command, on the same film in the same run.

deface runs in an environment of its own, in a temporary folder, with the headless OpenCV: `pip` fetches what it needs.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_keep import keep, show

ROOT = Path(__file__).resolve().parents[1]
FILM = ROOT.parent / "shared" / "data" / "video" / "people.mp4"
NEEDS = ("imageio>=2.25", "imageio-ffmpeg", "numpy", "tqdm", "scikit-image", "opencv-python-headless>=4.10,<5")
OURS = """
import sys
from pathlib import Path
from coaching.spans import Span
from pipelines import media
from pipelines.faces import look_for
from pipelines.handouts.covered import covered
from pipelines.progress import silent
film, part = media.probe(Path(sys.argv[1])), Span(0.0, float(sys.argv[3]))
covered(film, part, look_for(film, part, silent, threads=2), Path(sys.argv[2]), silent, threads=2)
"""


def run(command: list[str], **environment: str) -> dict[str, float]:
    """Seconds of computing, its children's too, and by the clock."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=os.environ | environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu, 2), "wall_s": round(time.perf_counter() - began, 2)}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / "venv"], check=True)
        python = folder / "venv" / "bin" / "python"
        pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        subprocess.run([*pip, *NEEDS], check=True)
        subprocess.run([*pip, "--no-deps", "deface==1.5.0"], check=True)
        out = folder / "deface.mp4"
        ours = [sys.executable, "-c", OURS, str(FILM), str(folder / "ours.mp4"), "10"]
        deface = [str(python), "-m", "deface.deface", str(FILM), "-o", str(out), "--keep-audio"]
        row = {
            "film": "people.mp4, 640 × 360, 10 s",
            "ours": run(ours, PYTHONPATH=str(ROOT)),
            "deface": run(deface, PYTHONPATH=""),
        }
    keep("faces", [show(row)])


if __name__ == "__main__":
    main()
