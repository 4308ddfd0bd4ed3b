"""`secondlook engines`, and the GPU engines as a whole lesson sees them: on the processor, with random networks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fleet import cut_lesson

ROOT = Path(__file__).parents[2]
TOKEN = "hf_ThisMustNeverBeSeen"


def engines(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_")} | settings
    command = [sys.executable, "-m", "pipelines", *options]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)


def test_engines_are_listed_for_people():
    done = engines("engines", CUDA_VISIBLE_DEVICES="")
    assert (done.returncode, done.stderr) == (0, "")
    assert "no NVIDIA GPU" in done.stdout.splitlines()[0]
    assert "taken by auto: it needs no GPU and nothing to download" in done.stdout
    assert "SECONDLOOK_WHISPER_MODEL is not set: set it to large-v3-turbo" in done.stdout


def test_engines_are_listed_for_programs(whisper_model):
    done = engines("engines", "--json", CUDA_VISIBLE_DEVICES="", SECONDLOOK_WHISPER_MODEL=str(whisper_model))
    found = json.loads(done.stdout)
    assert found["gpus"] == []
    taken = {e["part"]: e["engine"] for e in found["engines"] if e["auto"]}
    assert taken == {"speakers": "embedded", "words": "gpu"}
    assert all(e["ready"] != bool(e["missing"]) for e in found["engines"])


@pytest.mark.parametrize(
    "options", [("engines",), ("engines", "--json"), ("analyse", "x", "--out", "y", "--engine", "gpu")]
)
def test_the_token_is_never_printed(options):
    done = engines(*options, CUDA_VISIBLE_DEVICES="", SECONDLOOK_HF_TOKEN=TOKEN, SECONDLOOK_DEBUG="1")
    assert TOKEN not in done.stdout + done.stderr


def test_settings_do_not_show_the_token(monkeypatch):
    from coaching.settings import load_settings

    monkeypatch.setenv("SECONDLOOK_HF_TOKEN", TOKEN)
    assert TOKEN not in repr(load_settings()) + str(load_settings())


def test_an_empty_setting_is_not_set(monkeypatch):
    from coaching.settings import load_settings

    monkeypatch.setenv("SECONDLOOK_WHISPER_MODEL", " ")
    monkeypatch.setenv("SECONDLOOK_WHISPER_BATCH", "")
    assert (load_settings().whisper_model, load_settings().whisper_batch) == (None, None)


def test_a_batch_that_is_no_number_stops_the_start_with_its_name():
    done = engines("engines", SECONDLOOK_WHISPER_BATCH="many")
    assert done.returncode == 2
    assert "SECONDLOOK_WHISPER_BATCH" in done.stderr


def test_the_benchmark_of_a_gpu_needs_one():
    environment = os.environ | {"CUDA_VISIBLE_DEVICES": ""}
    command = [sys.executable, "scripts/bench_gpu.py"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 2
    assert done.stdout.startswith("No NVIDIA GPU was found here")


def test_a_lesson_in_german_with_a_model_in_a_folder(tmp_path, whisper_model):
    """A random network writes nonsense, but it is written where somebody speaks, and with times."""
    out = tmp_path / "out"
    lesson = [str(cut_lesson(tmp_path)), "--out", str(out), "--language", "de"]
    done = engines(
        "analyse", *lesson, SECONDLOOK_WHISPER_MODEL=str(whisper_model), SECONDLOOK_DATA_DIR=str(ROOT / "var")
    )
    assert done.returncode == 0, done.stderr
    found = json.loads((out / "lesson.json").read_text())
    assert any(u["text"] for u in found["utterances"])
    assert {e["part"]: e["name"] for e in found["engines"]}["words"] == f"whisper {whisper_model.name}"
