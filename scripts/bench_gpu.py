"""How fast the GPU engines are, by batch size, and how much of the GPU's memory they take.

    .venv/bin/python scripts/bench_gpu.py --whisper FOLDER --diarizer FOLDER

Without a folder the networks have the sizes of large-v3-turbo and community-1 and random weights: as fast as trained
ones where the recognizer writes as many words, and no network is needed. The sound is the sample lesson, over and over.
Memory is what the driver says that all processes use together, at its highest. Writes its section of
docs/benchmarks.json, and docs/benchmarks.md from that; with `--processor`, in which CUDA_VISIBLE_DEVICES=-1 hides the
GPU, the rows to compare with.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import random_models
import soundfile as sf
from bench_keep import ROOT, keep, kept

from coaching.spans import Span
from coaching.transcript import Segment
from pipelines import align
from pipelines.audio import RATE, Audio
from pipelines.gpu import gpus
from pipelines.progress import silent
from pipelines.speakers import SpeakerCount
from pipelines.speakers.pyannote import PyannoteDiarizer
from pipelines.speech.whisper import Whisper

SAMPLE = ROOT / "pipelines" / "sample"
WORDS = 60
"""The random recognizer writes so many about every window: more than are said in most."""


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--whisper", type=Path, help="a folder with a faster-whisper model")
    p.add_argument("--diarizer", type=Path, help="a folder with pyannote's community-1")
    p.add_argument("--parts", default="words,speakers", help="which engines (default: words,speakers)")
    p.add_argument("--minutes", type=float, default=45.0, help="how long the lesson is (default: 45)")
    p.add_argument("--batches", default="1,4,8,16,32,64", help="batch sizes (default: 1,4,8,16,32,64)")
    p.add_argument("--free", type=float, metavar="GIB", help="leave so much of the GPU's memory; nothing is written")
    p.add_argument("--processor", action="store_true", help="the same networks without a GPU, to compare with")
    p.add_argument("--cpu-smoke", action="store_true", help="tiny networks on the processor: tries this script only")
    p.add_argument("--out", type=Path, default=ROOT / "docs", help="where benchmarks.json is (default: docs)")
    a = p.parse_args()
    if bool(gpus()) is (a.processor or a.cpu_smoke):
        print(
            "There is a GPU here: set CUDA_VISIBLE_DEVICES=-1 to try the processor."
            if gpus()
            else "No NVIDIA GPU was found here: run this on a machine with one, or try the script with --cpu-smoke."
        )
        return 2
    minutes, batches = (0.5, [1, 2]) if a.cpu_smoke else (a.minutes, [int(b) for b in a.batches.split(",")])
    with tempfile.TemporaryDirectory() as made, _taken(a.free):
        work = Path(made)
        audio, spans = _lesson(work, minutes)
        print(f"{_device()}; {minutes:g} minutes, {len(spans)} utterances\n")
        print("| engine | batch | batch at the end | seconds | hours of lesson an hour | peak GPU memory |")
        print("|---|---|---|---|---|---|", flush=True)
        rows = []
        if "words" in a.parts:
            rows += _words(a, work, audio, spans, batches)
        if "speakers" in a.parts:
            rows += _speakers(a, work, audio, batches)
    if not a.cpu_smoke and a.free is None:
        _write(a.out, rows)
    return 0


Row = dict[str, Any]


def _words(a: argparse.Namespace, work: Path, audio: Audio, spans: list[Span], batches: list[int]) -> list[Row]:
    shape = random_models.TINY if a.cpu_smoke else random_models.LARGE_V3_TURBO
    folder = a.whisper or random_models.write_whisper(work / "random-turbo", shape, WORDS)
    engine = Whisper(str(folder), models_dir=work, threads=4, token=None, batch=None)

    def run(spans: list[Span] = spans) -> None:
        engine.transcribe(audio, spans, language="en", vocabulary=(), progress=silent)

    def row(batch: int) -> Row:
        engine._batch = batch
        return _row(engine.name, batch, audio.duration, run, lambda: engine._batch)

    run(spans[:4])  # the first work on a GPU loads what it needs
    return [row(batch) for batch in batches]


def _speakers(a: argparse.Namespace, work: Path, audio: Audio, batches: list[int]) -> list[Row]:
    real = {} if a.cpu_smoke else {"lstm": (128, 4), "step": 0.1}
    folder = a.diarizer or random_models.write_diarizer(work / "random-community-1", **real)
    engine = PyannoteDiarizer(str(folder), models_dir=work, threads=4, token=None)

    def run(sound: Audio = audio) -> None:
        engine.diarize(sound, speakers=SpeakerCount(), progress=silent)

    def row(batch: int) -> Row:
        engine._fit(batch)
        return _row(engine.name, batch, audio.duration, run, lambda: engine._batch)

    sf.write(work / "first.wav", audio.read(0, 30), RATE, subtype="PCM_16")
    run(Audio(work / "first.wav"))
    return [row(batch) for batch in batches]


def _row(name: str, batch: int, duration: float, run: Callable[[], None], reached: Callable[[], int]) -> Row:
    with _peak() as peak:
        began = time.monotonic()
        run()
        seconds = time.monotonic() - began
    row = {
        "device": _device(),
        "engine": name,
        "batch": batch,
        "reached": reached(),
        "minutes": round(duration / 60, 1),
        "seconds": round(seconds, 1),
        "hours_an_hour": round(duration / seconds),
        "peak_gib": round(peak[0] / 2**30, 1) if gpus() else None,
    }
    memory = f"{row['peak_gib']} GiB" if gpus() else "none"
    print(f"| {name} | {batch} | {reached()} | {seconds:.1f} | {duration / seconds:.0f} | {memory} |", flush=True)
    return row


def _device() -> str:
    return ", ".join(g.name for g in gpus()) or "processor"


def _write(folder: Path, rows: list[Row]) -> None:
    """Put the rows in the place of those of the same device."""
    keep("gpu", [*(r for r in kept("gpu", folder) if r["device"] != _device()), *rows], folder)


HOLD = """
import sys, torch
held = torch.empty(int(sys.argv[1]), dtype=torch.uint8, device="cuda")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def _taken(free: float | None) -> Iterator[None]:
    """Another program holds the first GPU's memory, all but about so many GiB."""
    if free is None:
        yield
        return
    rest = gpus()[0].memory - gpus()[0].used - round(free * 2**30)
    command = [sys.executable, "-c", HOLD, str(rest)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as held:
        assert held.stdout
        if not held.stdout.readline():
            raise RuntimeError("the memory could not be taken")
        yield


@contextmanager
def _peak() -> Iterator[list[int]]:
    """Bytes of the first GPU's memory in use, the most that was seen, twenty times a second."""
    most, stop = [0], threading.Event()

    def watch() -> None:
        while not stop.wait(0.05) and (cards := gpus()):
            most[0] = max(most[0], cards[0].used)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield most
    finally:
        stop.set()
        watcher.join()


def _lesson(work: Path, minutes: float) -> tuple[Audio, list[Span]]:
    """The sample lesson's sound and true utterances, repeated for so long."""
    from faster_whisper import decode_audio

    once = decode_audio(str(SAMPLE / "sample-lesson.mp4"), sampling_rate=RATE)
    sf.write(work / "lesson.wav", np.resize(once, round(minutes * 60 * RATE)), RATE, subtype="PCM_16")
    length = len(once) / RATE
    lines = [line.split() for line in (SAMPLE / "sample-lesson.rttm").read_text().splitlines()]
    truth = [Segment(Span(float(f[3]), float(f[3]) + float(f[4])), f[7]) for f in lines]
    said = [u.span for u in align.to_utterances(truth)]
    times = range(int(np.ceil(minutes * 60 / length)))
    spans = [Span(s.start + n * length, s.end + n * length) for n in times for s in said]
    return Audio(work / "lesson.wav"), [s for s in spans if s.end <= minutes * 60]


if __name__ == "__main__":
    sys.exit(main())
