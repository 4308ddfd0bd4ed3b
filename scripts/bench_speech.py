#!/usr/bin/env python3
"""Benchmark of the main job: speakers, words, roles and gaps on recordings with truth, with time and memory.

    .venv/bin/python scripts/bench_speech.py --work /tmp/bench [--shared ../shared] [--parts speakers,words,peer,whole]

speakers: makes lessons with `tools/make_lesson.py` of the shared folder, and runs this pipeline's stages on them, on
the sample lesson, and on the meetings and the telephone call there. words: word errors where the words are known.
peer: moonshine_voice's own transcription with `identify_speakers`, and ours, on the first lesson and the telephone.
whole: the whole command on lessons of 10, 45 and 180 minutes. Each part that runs replaces its section of
docs/benchmarks.json, with its machine and commit, and docs/benchmarks.md is written from that. All of it takes about
an hour on two cores. One set of parameters for all files. Linux only (it reads /proc).
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jiwer
import scoring
from bench_keep import ROOT, keep, show

from coaching.metrics import measure_lesson
from coaching.settings import load_settings
from coaching.spans import Span
from coaching.transcript import Segment, Transcript, utterance_spans
from pipelines import align, media
from pipelines.adapters import choose
from pipelines.audio import RATE, Audio
from pipelines.lesson import Options
from pipelines.progress import silent
from pipelines.quality import assess
from pipelines.speakers.roles import guess_teacher, with_teacher

LESSONS = {"s1": (1, 5, 20), "s2": (2, 8, 12), "s3": (3, 14, 8), "s4": (4, 10, 20), "s5": (5, 12, 12), "s6": (6, 6, 8)}
"""Name: seed, students, signal-to-noise ratio in dB. These were looked at while the method was made."""

WORSE = {
    "n41": (41, 8, 3, 12),
    "n42": (42, 8, 0, 12),
    "n43": (43, 8, -3, 12),
    "n44": (44, 8, 15, 24),
    "n45": (45, 8, 6, 20),
}
"""Seed, students, SNR, dB by which the farthest student is fainter: where it breaks, for the floors of quality.py."""

UNSEEN = {"u31": (31, 7, 15), "u32": (32, 13, 10), "u33": (33, 9, 6)}
"""Made after the parameters were frozen, never tuned on."""

LONGEST_ALONE = 45
"""Minutes up to which the diarizer is measured in a process of its own too; beyond, it is part of the whole."""

PAUSES = (0.5, 1, 2)
"""Seconds: pauses at least this long are scored."""

SAMPLE = ROOT / "pipelines" / "sample" / "sample-lesson"
"""The sample lesson, without its suffix."""

JFK = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country."

LONG = {10: "s1", 45: "long45", 180: "long180"}
"""Minutes: the recording on which memory and time of the whole command are measured."""


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "secondlook-bench")
    p.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    p.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: all)")
    p.add_argument("--out", type=Path, default=ROOT / "docs")
    a = p.parse_args()
    a.work.mkdir(parents=True, exist_ok=True)
    for part in a.parts.split(","):
        keep(part, [show(row) for row in PARTS[part](a)], a.out)


def speakers(a: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for name, recipe in (LESSONS | UNSEEN | WORSE).items():
        make_lesson(a.shared, a.work, name, 10, *recipe)
        group = "unseen" if name in UNSEEN else "worse" if name in WORSE else "lessons"
        yield run(a.work / f"{name}.wav", a.work / f"{name}.rttm", a.work)[0] | {"group": group}
    talk = [SAMPLE.with_suffix(".mp4"), a.shared / "data" / "talk" / "telephone.wav"]
    for path in [*talk, *sorted((a.shared / "data" / "meetings").glob("*.flac"))]:
        yield run(path, path.with_suffix(".rttm"), a.work)[0] | {"group": "talk"}


def words(a: argparse.Namespace) -> Iterator[dict[str, Any]]:
    talk = a.shared / "data" / "talk"
    sample = json.loads(SAMPLE.with_suffix(".json").read_text())
    known = {
        talk / "jfk.flac": JFK,
        talk / "telephone.wav": stm(talk / "telephone.stm"),
        SAMPLE.with_suffix(".mp4"): " ".join(u["text"] for u in sample["utterances"]),
    }
    for path, reference in known.items():
        transcript = run(path, None, a.work)[1]
        said = " ".join(u.text for u in transcript.utterances)
        yield {"file": path.stem, "words": len(reference.split()), "wer": round(wer(reference, said), 3)}


def peer(a: argparse.Namespace) -> Iterator[dict[str, Any]]:
    make_lesson(a.shared, a.work, "s1", 10, *LESSONS["s1"])
    for path in (a.work / "s1.wav", a.shared / "data" / "talk" / "telephone.wav"):
        yield theirs(path) | {"ours": run(path, path.with_suffix(".rttm"), a.work)[0]}


def whole(a: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for minutes, name in LONG.items():
        yield {"minutes": minutes} | command(a, minutes, name)


PARTS: dict[str, Callable[[argparse.Namespace], Iterator[dict[str, Any]]]] = {
    "speakers": speakers,
    "words": words,
    "peer": peer,
    "whole": whole,
}
"""Every part, and what makes its rows."""


def make_lesson(
    shared: Path, work: Path, name: str, minutes: float, seed: int, students: int, snr: float, far: float = 12
) -> None:
    if (work / f"{name}.rttm").exists():
        return
    maker = [sys.executable, str(shared / "tools" / "make_lesson.py"), str(work / name), "--minutes", str(minutes)]
    subprocess.run(
        [*maker, "--seed", str(seed), "--students", str(students), "--snr", str(snr), "--far", str(far)],
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def cpu(spent: dict[str, float], stage: str) -> Iterator[None]:
    """Adds the CPU seconds of this process and of the children it has waited for."""
    before = _cpu_seconds()
    yield
    spent[stage] = spent.get(stage, 0.0) + _cpu_seconds() - before


def _cpu_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in both)


def run(path: Path, rttm: Path | None, work: Path) -> tuple[dict[str, Any], Transcript]:
    """This pipeline's stages on one recording, scored against its truth where there is one."""
    adapters = choose("embedded", load_settings())
    spent: dict[str, float] = {}
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=work) as folder:
        sound = Path(folder) / "sound.wav"
        with cpu(spent, "sound"):
            media.extract_audio([media.probe(path)], sound, track=None, progress=silent)
        audio = Audio(sound)
        with cpu(spent, "speakers"):
            found = adapters.diarizer.diarize(audio, speakers=Options().speakers, progress=silent)
        utterances = align.to_utterances(found)
        indices = align.audible(utterances)
        with cpu(spent, "words"):
            spans = [utterances[i].span for i in indices]
            heard = adapters.transcriber.transcribe(audio, spans, language="en", vocabulary=(), progress=silent)
        transcript = align.to_transcript(audio.duration, utterances, dict(zip(indices, heard, strict=True)), "en")
        with cpu(spent, "measures"):
            guess = guess_teacher(transcript)
            transcript = with_teacher(transcript, guess.teacher)
            quality = assess(audio, transcript)
            measure_lesson(transcript, quality)
    row = {
        "file": path.stem,
        "duration_s": round(transcript.duration, 1),
        "wall_s": round(time.monotonic() - began, 1),
        "cpu_per_s": {stage: round(s / transcript.duration, 4) for stage, s in spent.items()},
        "snr_db": _rounded(quality.snr_db),
        "student_snr_db": _rounded(quality.student_snr_db),
        "unsure": _rounded(quality.unsure, 2),
    }
    return row | (score(rttm, transcript, guess.teacher) if rttm else {}), transcript


def _rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


def score(rttm: Path, transcript: Transcript, teacher: str | None) -> dict[str, Any]:
    raw = scoring.read_rttm(rttm)
    truth = utterance_spans(raw)
    found = [Segment(u.span, u.speaker) for u in transcript.utterances]
    duration = transcript.duration
    errors = scoring.diarization_errors(truth, found, duration)
    row: dict[str, Any] = {
        "der": errors.der,
        "miss": errors.miss,
        "false_alarm": errors.false_alarm,
        "confusion": errors.confusion,
        "der_raw": scoring.diarization_errors(raw, found, duration).der,
        "der_25": scoring.diarization_errors(truth, found, duration, collar=0.25).der,
        "speakers_true": len({s.speaker for s in truth}),
        "speakers_found": len(transcript.speakers),
    }
    if any(s.speaker == "teacher" for s in truth):
        row["share_true"] = scoring.teacher_share(truth, {"teacher"})
        row["share_error"] = scoring.teacher_share(found, {teacher or ""}) - row["share_true"]
        row["silence_true"] = scoring.silence(truth, duration)
        row["silence_error"] = scoring.silence(found, duration) - row["silence_true"]
        row["right_role"] = scoring.right_role(truth, found, "teacher", teacher)
    row["gaps"] = {
        str(shortest): dataclasses.asdict(scoring.gap_score(truth, found, duration, shortest)) for shortest in PAUSES
    }
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in row.items()}


def wer(reference: str, hypothesis: str) -> float:
    clean = jiwer.Compose(
        [jiwer.ToLowerCase(), jiwer.RemovePunctuation(), jiwer.RemoveMultipleSpaces(), jiwer.Strip(),
         jiwer.ReduceToListOfListOfWords()]
    )  # fmt: skip
    return float(jiwer.wer(reference, hypothesis, reference_transform=clean, hypothesis_transform=clean))


def stm(path: Path) -> str:
    """The words of an STM file in order of time, without marks as <noise> and (%hesitation)."""
    lines = [line.split(maxsplit=5) for line in path.read_text().splitlines() if line and not line.startswith(";;")]
    text = " ".join(words for *_, words in sorted(lines, key=lambda fields: float(fields[3])))
    return " ".join(w for w in text.split() if not w.startswith(("<", "(", "[")))


def theirs(path: Path) -> dict[str, Any]:
    """moonshine_voice's own transcription with speakers, in a process of its own."""
    print(f"the peer on {path.stem} ...", flush=True)
    peer = str(Path(__file__).with_name("bench_peer.py"))
    done = subprocess.run([sys.executable, peer, str(path)], check=True, stdout=subprocess.PIPE, text=True)
    said = json.loads(done.stdout.splitlines()[-1])
    found = utterance_spans([Segment(Span(s, e), who) for s, e, who in said["spans"] if e > s])
    truth = utterance_spans(scoring.read_rttm(path.with_suffix(".rttm")))
    return {
        "file": path.stem,
        "der": round(scoring.diarization_errors(truth, found, said["duration_s"]).der, 4),
        "speakers_true": len({s.speaker for s in truth}),
        "speakers_found": len({s.speaker for s in found}),
        "cpu_per_s": round(said["cpu_s"] / said["duration_s"], 3),
    }


def command(a: argparse.Namespace, minutes: int, name: str) -> dict[str, Any]:
    """The whole command on a lesson of `minutes`: wall and CPU seconds, and the peak memory of its largest process."""
    if minutes == 180:
        repeated(a.work / "long45.wav", a.work / f"{name}.wav", times=4)
    else:
        make_lesson(a.shared, a.work, name, minutes, *LESSONS.get(name, (7, 12, 15)))
    wav = str(a.work / f"{name}.wav")
    result = measured(
        [sys.executable, "-m", "pipelines", "analyse", wav, "--out", str(a.work / f"out-{name}"), "--json"]
    )
    if minutes > LONGEST_ALONE:
        return result | {"speakers_peak_mb": None}
    # Diarization alone, in a process of its own, for its memory.
    alone = measured([sys.executable, str(Path(__file__).with_name("bench_peer.py")), "--ours", wav])
    return result | {"speakers_peak_mb": alone["peak_mb"]}


def measured(arguments: list[str]) -> dict[str, Any]:
    """Run a command and return what it took."""
    began = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, cwd=ROOT)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            output.seek(0)
            raise RuntimeError(output.read().decode()[-2000:])
    return {
        "wall_s": round(time.monotonic() - began, 1),
        "cpu_s": round(usage.ru_utime + usage.ru_stime, 1),
        "peak_mb": round(usage.ru_maxrss / 1024),
    }


def repeated(source: Path, target: Path, times: int) -> None:
    with wave.open(str(source), "rb") as f, wave.open(str(target), "wb") as out:
        out.setparams(f.getparams())
        for _ in range(times):
            f.rewind()
            while block := f.readframes(60 * RATE):
                out.writeframes(block)


if __name__ == "__main__":
    main()
