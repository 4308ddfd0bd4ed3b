#!/usr/bin/env python3
"""Whether whole-class talk, group work and quiet work are told apart, on lessons made of phases.

    .venv/bin/python scripts/bench_activity.py --work /tmp/bench-activity [--shared ../shared]

A lesson is ten minutes: whole class, groups, quiet, whole class, groups. Whole-class talk is a lesson of the shared
folder's `make_lesson.py`. Group work is four such lessons of other seeds, all running at once, each table fainter than
the last. Quiet work is the room's noise, with a few words now and then. The sound goes through the real diarizer. Every
whole second is right, wrong, or "cannot tell"; once with the teacher said (who speaks first), once as guessed. The
thresholds of coaching/metrics/activity.py were chosen on DEV; HELD_OUT was not looked at before. Adults reading at
tables that never fall silent are no classroom: this finds regressions, and promises nothing.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from bench_keep import ROOT, keep
from bench_speech import make_lesson

from coaching.metrics.activity import Activity, activity
from coaching.quality import AudioQuality
from coaching.settings import load_settings
from coaching.transcript import Transcript
from pipelines import align, media
from pipelines.adapters import choose
from pipelines.audio import RATE, Audio
from pipelines.lesson import Options
from pipelines.progress import silent
from pipelines.quality import assess
from pipelines.speakers.roles import guess_teacher, with_teacher

PHASES = (
    (Activity.WHOLE_CLASS, 150),
    (Activity.SEVERAL_AT_ONCE, 150),
    (Activity.QUIET, 90),
    (Activity.WHOLE_CLASS, 120),
    (Activity.SEVERAL_AT_ONCE, 90),
)
"""What happens, for how many seconds."""

TABLES_DB = (-3.0, -6.0, -10.0, -14.0)
"""How much fainter each table is than the voices of the whole class."""

DEV = {"a1": (101, 18), "a2": (102, 12), "a3": (103, 9)}
HELD_OUT = {"a11": (111, 18), "a12": (112, 15), "a13": (113, 12), "a14": (114, 10), "a15": (115, 8), "a16": (116, 20)}
"""Name: seed, signal-to-noise ratio in dB."""


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "secondlook-bench-activity")
    p.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    a = p.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    rows = [
        {"group": group} | row(name, *listened(made(a.shared, a.work, name, *chosen[name])))
        for group, chosen in (("chosen on", DEV), ("held out", HELD_OUT))
        for name in chosen
    ]
    keep("activity", rows)


def made(shared: Path, work: Path, name: str, seed: int, snr: float) -> Path:
    """The lesson's sound, made once."""
    path = work / f"{name}.wav"
    if path.exists():
        return path
    sources = []
    for table in range(1 + len(TABLES_DB)):
        source = f"{name}-{table}"
        make_lesson(shared, work, source, 5, seed * 10 + table, 6, 60)  # the noise comes at the end, over all of it
        sources.append(soundfile.read(work / f"{source}.wav", dtype="float32")[0])
    rng, noise = random.Random(seed), np.random.default_rng(seed)
    parts, at = [], dict.fromkeys(range(len(sources)), 2 * RATE)

    def take(source: int, seconds: float) -> np.ndarray:
        start, count = at[source], int(seconds * RATE)
        at[source] = (start + count) % (len(sources[source]) - 160 * RATE)
        return sources[source][start : start + count]

    for kind, seconds in PHASES:
        if kind is Activity.WHOLE_CLASS:
            parts.append(take(0, seconds))
        elif kind is Activity.SEVERAL_AT_ONCE:
            tables = [take(1 + n, seconds) * 10 ** (db / 20) for n, db in enumerate(TABLES_DB)]
            parts.append(np.sum(tables, axis=0))
        else:
            quiet = np.zeros(int(seconds * RATE), np.float32)
            for _ in range(3):
                words, start = take(0, 1.5), rng.randrange(len(quiet) - 2 * RATE)
                quiet[start : start + len(words)] += words * 0.5
            parts.append(quiet)
    sound = np.concatenate(parts)
    power = float(np.mean(parts[0][np.abs(parts[0]) > 1e-3] ** 2))
    sound += noise.standard_normal(len(sound)).astype(np.float32) * np.sqrt(power / 10 ** (snr / 10))
    soundfile.write(path, sound / np.abs(sound).max() * 0.9, RATE, subtype="PCM_16")
    return path


def listened(path: Path) -> tuple[Transcript, AudioQuality]:
    """What the pipeline hears, without words and roles: activity needs no words, and roles are said below."""
    diarizer = choose("embedded", load_settings()).diarizer
    with tempfile.TemporaryDirectory() as folder:
        sound = Path(folder) / "sound.wav"
        media.extract_audio([media.probe(path)], sound, track=None, progress=silent)
        audio = Audio(sound)
        utterances = align.to_utterances(diarizer.diarize(audio, speakers=Options().speakers, progress=silent))
        transcript = align.to_transcript(audio.duration, utterances, {}, "en")
        return transcript, assess(audio, transcript)


def row(name: str, transcript: Transcript, quality: AudioQuality) -> dict[str, Any]:
    """Seconds of each kind of phase, by what was said of them; with the teacher said, who speaks first, and guessed."""
    truth = [kind for kind, seconds in PHASES for _ in range(seconds)]
    snr = quality.snr_db
    told: dict[str, Any] = {"file": name, "snr_db": snr and round(snr, 1)}
    for how, teacher in (("told", transcript.utterances[0].speaker), ("guessed", guess_teacher(transcript).teacher)):
        found = activity(with_teacher(transcript, teacher), quality)
        said: dict[str, Counter[str]] = {kind.value: Counter() for kind in dict.fromkeys(truth)}
        for second, kind in enumerate(truth):
            stretch = next((s for s in found if second + 0.5 in s.span), None)
            if stretch:
                said[kind.value][stretch.kind.value] += 1
        told[how] = {kind: dict(seconds) for kind, seconds in said.items()}
    return told


if __name__ == "__main__":
    main()
