"""Nothing leaves the machine, and nothing that was said stands in what the command prints of its progress."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from fleet import cut_lesson

ROOT = Path(__file__).parents[2]

NO_SOCKETS = """
import sys
def forbid(event, arguments):
    if event == "socket.bind" and arguments[1][0] == "::1":
        return  # urllib3 finds out whether this machine has IPv6
    if event.startswith("socket.") and event != "socket.__new__":
        print("REACHED OUT", event, arguments, file=sys.stderr)
        raise PermissionError(event)
sys.addaudithook(forbid)
"""
COMMAND = """
from pipelines.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
GPU_ENGINES = """
from pathlib import Path
from coaching.settings import load_settings
from pipelines import adapters, lesson
settings = load_settings()
engines = (adapters.Taken(best(settings)[0], "") for best in (adapters.for_speakers, adapters.for_words))
lesson.analyse([Path(sys.argv[1])], Path(sys.argv[2]), lesson.Options(), adapters.Adapters(*engines), lambda _: None)
from huggingface_hub import constants
from pyannote.audio.telemetry import metrics
print("TOLD", metrics.is_metrics_enabled(), not constants.HF_HUB_DISABLE_TELEMETRY)
"""


def test_no_connection_is_ever_opened(tmp_path):
    arguments = ["analyse", str(cut_lesson(tmp_path)), "--out", str(tmp_path / "out"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", NO_SOCKETS + COMMAND, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "REACHED OUT" not in done.stderr
    lesson = json.loads((tmp_path / "out" / "lesson.json").read_text())
    said = [u["text"] for u in lesson["utterances"] if len(u["text"]) > 20]
    assert said
    assert not any(text in done.stdout + done.stderr for text in said)


def without_network() -> list[str]:
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine does not let a process have no network")
    return alone


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare, which takes the network away, is not installed")
def test_it_works_without_any_network(tmp_path):
    """Libraries in C are not seen by Python's audit: here there is no network at all, and no cache of models."""
    alone = without_network()
    command = [sys.executable, "-m", "pipelines", "analyse", str(cut_lesson(tmp_path))]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SECONDLOOK_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run(
        [*alone, *command, "--out", str(tmp_path / "out")], capture_output=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert sorted(p.name for p in (tmp_path / "data" / "models").iterdir()) == ["embedding.ort", "segmentation.ort"]


@pytest.mark.skipif(not shutil.which("unshare"), reason="unshare, which takes the network away, is not installed")
def test_the_gpu_engines_neither_ask_nor_tell_anybody(tmp_path, whisper_model, diarizer_model):
    """Both from folders, on the processor: no connection is tried, none is needed, and no report is switched on."""
    sf.write(tmp_path / "noise.wav", np.random.default_rng(1).normal(0, 0.1, 12 * 16000), 16000, subtype="PCM_16")
    command = [sys.executable, "-c", NO_SOCKETS + GPU_ENGINES, str(tmp_path / "noise.wav"), str(tmp_path / "out")]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "SECONDLOOK_DATA_DIR": str(tmp_path / "data"),
        "SECONDLOOK_WHISPER_MODEL": str(whisper_model),
        "SECONDLOOK_DIARIZER_MODEL": str(diarizer_model),
        "SECONDLOOK_HF_TOKEN": "hf_ThisMustNeverBeSeen",
        "PYANNOTE_METRICS_ENABLED": "1",
    }
    done = subprocess.run(
        [*without_network(), *command], capture_output=True, text=True, cwd=ROOT, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "TOLD False False"
    assert "REACHED OUT" not in done.stderr
    assert "hf_ThisMustNeverBeSeen" not in done.stdout + done.stderr
    found = json.loads((tmp_path / "out" / "lesson.json").read_text())
    assert [e["version"].split()[0] for e in found["engines"]] == ["pyannote.audio", "faster-whisper"]
    assert any(u["text"] for u in found["utterances"])
