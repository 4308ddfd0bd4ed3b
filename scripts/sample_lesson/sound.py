"""The voices, the room and the noise of the sample lesson."""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import fftconvolve, lfilter, resample_poly

from .script import Line

RATE = 48_000
"""Samples a second of the finished sound, as phones record it."""

Samples = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Voice:
    """A flite voice, and how it is made somebody's own.

    `higher` shifts pitch and formants together (a shorter throat), `slower` stretches the words, `down_db` is how much
    quieter than the teacher it reaches the microphone, `distance` is the level of the room against the direct sound.
    """

    flite: str
    higher: float = 1.0
    slower: float = 1.0
    down_db: float = 0.0
    distance: float = 0.03


VOICES = {
    "teacher": Voice("slt", slower=1.05, distance=0.01),
    "student_1": Voice("rms", higher=1.2, slower=1.06, down_db=4, distance=0.012),
    "student_2": Voice("awb", higher=1.0, slower=1.08, down_db=3, distance=0.012),
    "student_3": Voice("kal16", higher=1.08, slower=1.06, down_db=6, distance=0.015),
}

SEED = 11
"""Of the room and the noise: the same file every time."""

SNR_DB = 25
"""Teacher's speech against the noise: a phone on a table in a quiet classroom."""


HEARD_DB = -34
"""Speech starts and ends where it is this strong against its loudest 5 ms: what is weaker drowns in the noise."""


@dataclass(frozen=True)
class Spoken:
    """A line in the finished sound: where the voice itself starts and ends, in seconds (its echo goes on)."""

    line: Line
    start: float
    end: float


@dataclass(frozen=True)
class Piece:
    """A line's sound; its speech is heard from sample `first` to sample `last`, weaker sounds lie around it."""

    sound: Samples
    first: int
    last: int


def perform(lines: list[Line], after: float) -> tuple[Samples, list[Spoken]]:
    """The whole lesson: mono samples at RATE, and when each line was spoken."""
    spoken: list[Spoken] = []
    pieces: list[Piece] = []
    clock = 0.0
    for line in lines:
        piece = say(VOICES[line.who], line.words)
        # Whole milliseconds, so that what the truth says and what the samples hold are the same to the sample.
        start = round(clock + line.quiet, 3)
        end = start + (piece.last - piece.first) / RATE
        spoken.append(Spoken(line, start, end))
        pieces.append(piece)
        clock = max(clock, end) if line.quiet < 0 else end
    total = round(clock + after, 1)

    rng = np.random.default_rng(SEED)
    room = np.zeros(round(total * RATE))
    for who, voice in VOICES.items():
        dry = np.zeros_like(room)
        for s, piece in zip(spoken, pieces, strict=True):
            if s.line.who == who:
                at = round(s.start * RATE) - piece.first
                dry[at : at + len(piece.sound)] += piece.sound
        room += echo(dry, voice.distance, rng) * 10 ** (-voice.down_db / 20)
    teacher = np.concatenate([p.sound for s, p in zip(spoken, pieces, strict=True) if s.line.who == "teacher"])
    noise = hiss(len(room), rng)
    mixed = room + noise * np.sqrt(np.mean(teacher**2) / 10 ** (SNR_DB / 10))
    return mixed * 0.7 / np.abs(mixed).max(), spoken


def say(voice: Voice, words: str) -> Piece:
    """`words` in `voice`, at RATE, at a common loudness, without the silence flite puts before and after.

    Raises ValueError where the voice pauses for half a second: then it is two utterances, and must be two lines.
    """
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "line.wav"
        command = ["flite", "-voice", voice.flite, "--setf", f"duration_stretch={voice.slower * voice.higher}"]
        subprocess.run([*command, "-t", words, "-o", str(out)], check=True)
        raw, rate = soundfile.read(out)
    # Played faster by `higher`, and spoken slower by it before: higher, at the same pace.
    ratio = Fraction(RATE, rate) / Fraction(voice.higher).limit_denominator(100)
    full = resample_poly(raw, ratio.numerator, ratio.denominator)
    hop = RATE // 200
    level = np.sqrt(np.mean(full[: len(full) // hop * hop].reshape(-1, hop) ** 2, axis=1))
    there = np.flatnonzero(level > level.max() * 10 ** (-45 / 20))
    heard = np.flatnonzero(level > level.max() * 10 ** (HEARD_DB / 20))
    if np.diff(heard).max() * hop / RATE >= 0.5:
        raise ValueError(f"{words!r} holds a pause of half a second or more")
    kept = full[there[0] * hop : (there[-1] + 1) * hop]
    fade = np.linspace(0, 1, hop)  # 5 ms, against clicks
    kept[:hop] *= fade
    kept[-hop:] *= fade[::-1]
    loudness = 0.08 / np.sqrt(np.mean(kept**2))
    return Piece(kept * loudness, int(heard[0] - there[0]) * hop, int(heard[-1] + 1 - there[0]) * hop)


def echo(dry: Samples, level: float, rng: np.random.Generator) -> Samples:
    """`dry` in a furnished room: the direct sound, and a tail that falls by 60 dB in 0.35 s."""
    tail = round(0.35 * RATE)
    decay = 10 ** (-3 * np.arange(tail) / tail)
    response = lfilter([1], [1, -0.7], rng.standard_normal(tail)) * decay  # walls and clothes take the high tones
    response *= level / np.abs(response).max()
    response[: RATE // 200] = 0  # nothing comes back before 5 ms
    response[0] = 1
    return fftconvolve(dry, response)[: len(dry)]


def hiss(samples: int, rng: np.random.Generator) -> Samples:
    """A room's own sound: ventilation (low), a little hiss (high) and a faint hum; mean power 1."""
    low = lfilter([1], [1, -0.98], rng.standard_normal(samples))
    high = rng.standard_normal(samples)
    hum = np.sin(2 * np.pi * 120 * np.arange(samples) / RATE)
    noise = low / low.std() + 0.25 * high + 0.15 * hum
    return noise / noise.std()
