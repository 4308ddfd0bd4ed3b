"""A made lesson put into another room and another noise than `tools/make_lesson.py` of the shared folder has."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile as sf
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

RATE = 16_000
Samples = npt.NDArray[np.float32]


def spoil(
    wav: Path, snr: float, noise: str, room: tuple[float, float] | None, voices: Sequence[Path], seed: int
) -> None:
    """Rewrite `wav` with an echo and noise at `snr` dB.

    `room`: its reverberation time (s; to -60 dB) and by how many dB the direct sound is louder than the echo; None
    leaves the maker's own small room. `noise`: hum, pink, brown, fan, or babble of the people in `voices`.
    """
    draw = np.random.default_rng(seed)
    audio = sf.read(wav, dtype="float32")[0]
    if room:
        audio = _echo(audio, *room, draw)
    made = _NOISES[noise](len(audio), draw, voices).astype(np.float32)
    power = float(np.mean(audio[np.abs(audio) > 1e-3] ** 2))
    audio = audio + made * np.float32(np.sqrt(power / 10 ** (snr / 10) / np.mean(made**2)))
    sf.write(wav, audio / np.abs(audio).max() * 0.9, RATE, subtype="PCM_16")


def _echo(audio: Samples, seconds: float, direct_db: float, draw: np.random.Generator) -> Samples:
    n = int(seconds * RATE)
    tail = draw.standard_normal(n) * np.exp(-6.91 * np.arange(n) / n)
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
    tail[0] = 1.0
    return fftconvolve(audio, tail)[: len(audio)].astype(np.float32)


def _hum(n: int, draw: np.random.Generator, voices: Sequence[Path]) -> npt.NDArray[np.float64]:
    return lfilter([1], [1, -0.97], draw.standard_normal(n))


def _brown(n: int, draw: np.random.Generator, voices: Sequence[Path]) -> npt.NDArray[np.float64]:
    return lfilter([1], [1, -0.995], draw.standard_normal(n))


def _pink(n: int, draw: np.random.Generator, voices: Sequence[Path]) -> npt.NDArray[np.float64]:
    """Paul Kellet's filter: 3 dB less an octave."""
    return lfilter(
        [0.049922035, -0.095993537, 0.050612699, -0.004408786], [1, -2.494956002, 2.017265875, -0.522189400],
        draw.standard_normal(n),
    )  # fmt: skip


def _fan(n: int, draw: np.random.Generator, voices: Sequence[Path]) -> npt.NDArray[np.float64]:
    """A projector: air between 150 and 2,500 Hz, and a tone with its octave, slowly swelling."""
    air = sosfilt(butter(2, [150, 2500], "bandpass", fs=RATE, output="sos"), draw.standard_normal(n))
    t = np.arange(n) / RATE
    tone = np.sin(2 * np.pi * 118 * t) + 0.5 * np.sin(2 * np.pi * 236 * t)
    return (air / air.std() + 0.4 * tone) * (1 + 0.2 * np.sin(2 * np.pi * 0.07 * t))


def _babble(n: int, draw: np.random.Generator, voices: Sequence[Path]) -> npt.NDArray[np.float64]:
    """Everybody in `voices` reading at once, each from a place of their own, over and over."""
    mixed = np.zeros(n)
    for path in voices:
        said = sf.read(path, dtype="float32")[0]
        mixed += np.resize(np.roll(said / said.std(), draw.integers(len(said))), n)
    return mixed


_NOISES = {"hum": _hum, "brown": _brown, "pink": _pink, "fan": _fan, "babble": _babble}
