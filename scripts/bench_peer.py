#!/usr/bin/env python3
"""One diarizer alone on one WAV file, in a process of its own, so that its CPU seconds and memory are its own.

    bench_peer.py FILE.wav          moonshine_voice's transcription with identify_speakers
    bench_peer.py --ours FILE.wav   this project's diarizer

Prints one line of JSON: duration_s, cpu_s, spans as [start, end, speaker].
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import soundfile


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("file", type=Path)
    p.add_argument("--ours", action="store_true")
    a = p.parse_args()
    spans, duration, seconds = ours(a.file) if a.ours else peer(a.file)
    print(json.dumps({"duration_s": duration, "cpu_s": seconds, "spans": spans}))


def ours(path: Path) -> tuple[list[tuple[float, float, str]], float, float]:
    from coaching.settings import load_settings
    from pipelines.audio import Audio
    from pipelines.progress import silent
    from pipelines.speakers import SpeakerCount
    from pipelines.speakers.local import LocalDiarizer

    settings = load_settings()
    began = time.process_time()
    audio = Audio(path)
    found = LocalDiarizer(settings.models_dir, settings.threads).diarize(
        audio, speakers=SpeakerCount(), progress=silent
    )
    return [(s.span.start, s.span.end, s.speaker) for s in found], audio.duration, time.process_time() - began


def peer(path: Path) -> tuple[list[tuple[float, float, str]], float, float]:
    from moonshine_voice import ModelArch, Transcriber
    from moonshine_voice.utils import get_model_path

    samples, rate = soundfile.read(path, dtype="float32")
    began = time.process_time()
    with Transcriber(get_model_path("tiny-en"), ModelArch.TINY, options={"identify_speakers": "true"}) as transcriber:
        said = transcriber.transcribe_without_streaming(np.asarray(samples).tolist(), rate)
    seconds = time.process_time() - began
    spans = [
        (part.start_time, part.start_time + part.duration, f"speaker_{part.speaker_index}")
        for line in said.lines
        for part in line.speaker_spans or ()
    ]
    return spans, len(samples) / rate, seconds


if __name__ == "__main__":
    main()
