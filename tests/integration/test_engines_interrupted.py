"""Ctrl-C while an engine's threads work: no thread stays, nothing dies noisily, and a second Ctrl-C changes nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from pipelines.audio import RATE

ROOT = Path(__file__).parents[2]

CHILD = """
import signal, sys, threading
from pathlib import Path
from coaching.settings import load_settings
from coaching.spans import Span
from pipelines.audio import Audio
from pipelines.speakers import SpeakerCount
from pipelines.speakers.local import LocalDiarizer
from pipelines.speech.moonshine import Moonshine

def once(*_):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt

def progress(share):
    if share:
        print("at work", flush=True)

audio = Audio(Path(sys.argv[2]))
if sys.argv[1] == "speakers":
    engine = LocalDiarizer(load_settings().models_dir, 2)
    work = lambda: engine.diarize(audio, speakers=SpeakerCount(), progress=progress)
else:
    engine = Moonshine(2)
    spans = [Span(t, t + 15) for t in range(0, int(audio.duration) - 15)]
    work = lambda: engine.transcribe(audio, spans, language="en", vocabulary=["Texas"], progress=progress)
signal.signal(signal.SIGINT, once)
try:
    work()
except KeyboardInterrupt:
    print("left", threading.active_count(), flush=True)
    sys.exit(130)
"""


@pytest.mark.parametrize("engine", ["speakers", "words"])
def test_interrupted_twice(shared: Path, tmp_path: Path, engine: str) -> None:
    samples, rate = sf.read(shared / "talk" / "telephone.wav", dtype="float32")
    assert rate == RATE
    sf.write(tmp_path / "long.wav", np.tile(samples, 10), RATE, subtype="PCM_16")
    command = [sys.executable, "-c", CHILD, engine, str(tmp_path / "long.wav")]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "at work\n"
        child.send_signal(signal.SIGINT)
        time.sleep(0.2)
        child.send_signal(signal.SIGINT)
        said, problems = child.communicate(timeout=120)
    finally:
        child.kill()
    assert said.splitlines()[-1] == "left 1"  # the main thread
    assert (child.returncode, problems) == (130, "")
