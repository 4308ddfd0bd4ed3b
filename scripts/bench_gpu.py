"""How fast the GPU engines are, by batch size, and how much of the GPU's memory they take.

    .venv/bin/python scripts/bench_gpu.py --whisper FOLDER --diarizer FOLDER

Without a folder the networks have the sizes of large-v3-turbo and community-1 and random weights: as fast as trained
ones where the recognizer writes as many words, and no network is needed. The sound is the sample lesson, over and over.
Memory is what the driver says that all processes use together, at its highest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import random_models
import soundfile as sf

from coaching.spans import Span
from coaching.transcript import Segment
from pipelines import align, media
from pipelines.audio import RATE, Audio
from pipelines.gpu import gpus
from pipelines.progress import silent
from pipelines.speakers import SpeakerCount
from pipelines.speakers.pyannote import PyannoteDiarizer
from pipelines.speech.whisper import Whisper

SAMPLE = Path(__file__).parents[1] / "pipelines" / "sample"
WORDS = 60
"""The random recognizer writes so many about every window: more than are said in most."""


def main() -> int:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--whisper", type=Path, help="a folder with a faster-whisper model")
    p.add_argument("--diarizer", type=Path, help="a folder with pyannote's community-1")
    p.add_argument("--minutes", type=float, default=45.0, help="how long the lesson is (default: 45)")
    p.add_argument("--batches", default="1,4,8,16,32,64", help="batch sizes (default: 1,4,8,16,32,64)")
    p.add_argument("--cpu-smoke", action="store_true", help="tiny networks on the processor: tries this script only")
    a = p.parse_args()
    if not gpus() and not a.cpu_smoke:
        print("No NVIDIA GPU was found here: run this on a machine with one, or try the script with --cpu-smoke.")
        return 2
    minutes, batches = (0.5, [1, 2]) if a.cpu_smoke else (a.minutes, [int(b) for b in a.batches.split(",")])
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        audio, spans = _lesson(work, minutes)
        print(f"{', '.join(g.name for g in gpus()) or 'processor'}; {minutes:g} minutes, {len(spans)} utterances\n")
        print("| engine | batch | batch at the end | seconds | hours of lesson an hour | peak GPU memory |")
        print("|---|---|---|---|---|---|", flush=True)
        _words(a, work, audio, spans, batches)
        _speakers(a, work, audio, batches)
    return 0


def _words(a: argparse.Namespace, work: Path, audio: Audio, spans: list[Span], batches: list[int]) -> None:
    shape = random_models.TINY if a.cpu_smoke else random_models.LARGE_V3_TURBO
    folder = a.whisper or random_models.write_whisper(work / "random-turbo", shape, WORDS)
    engine = Whisper(str(folder), models_dir=work, threads=4, token=None, batch=None)

    def run() -> None:
        engine.transcribe(audio, spans, language="en", vocabulary=(), progress=silent)

    for batch in batches:
        engine._batch = batch
        _row(engine.name, batch, audio.duration, run, lambda: engine._batch)


def _speakers(a: argparse.Namespace, work: Path, audio: Audio, batches: list[int]) -> None:
    real = {} if a.cpu_smoke else {"lstm": (128, 4), "step": 0.1}
    folder = a.diarizer or random_models.write_diarizer(work / "random-community-1", **real)
    engine = PyannoteDiarizer(str(folder), models_dir=work, threads=4, token=None)

    def run() -> None:
        engine.diarize(audio, speakers=SpeakerCount(), progress=silent)

    for batch in batches:
        engine._fit(batch)
        _row(engine.name, batch, audio.duration, run, lambda: engine._batch)


def _row(name: str, batch: int, duration: float, run: Callable[[], None], reached: Callable[[], int]) -> None:
    with _peak() as peak:
        began = time.monotonic()
        run()
        seconds = time.monotonic() - began
    memory = f"{peak[0] / 2**30:.1f} GiB" if gpus() else "none"
    print(f"| {name} | {batch} | {reached()} | {seconds:.1f} | {duration / seconds:.0f} | {memory} |", flush=True)


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
    info = media.probe(SAMPLE / "sample-lesson.mp4")
    media.extract_audio([info], work / "once.wav", track=None, progress=silent)
    once = Audio(work / "once.wav")
    samples = np.resize(once.read(0, once.duration), round(minutes * 60 * RATE))
    sf.write(work / "lesson.wav", samples, RATE, subtype="PCM_16")
    lines = [line.split() for line in (SAMPLE / "sample-lesson.rttm").read_text().splitlines()]
    truth = [Segment(Span(float(f[3]), float(f[3]) + float(f[4])), f[7]) for f in lines]
    said = [u.span for u in align.to_utterances(truth)]
    times = range(int(np.ceil(minutes * 60 / once.duration)))
    spans = [Span(s.start + n * once.duration, s.end + n * once.duration) for n in times for s in said]
    return Audio(work / "lesson.wav"), [s for s in spans if s.end <= minutes * 60]


if __name__ == "__main__":
    sys.exit(main())
