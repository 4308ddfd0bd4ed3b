"""The lesson's sound as every stage reads it: 16 kHz, one channel, 16 bits, on disk, in windows."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 16_000
"""Samples a second: what every engine wants."""

Samples = npt.NDArray[np.float32]


class Audio:
    """A WAV file of 16 kHz mono 16-bit samples, read in windows, so that memory does not grow with length.

    Safe to read from several threads: every read opens the file anew (cheap beside any engine).
    Raises ValueError for another format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with wave.open(str(path), "rb") as f:
            if (f.getframerate(), f.getnchannels(), f.getsampwidth()) != (RATE, 1, 2):
                raise ValueError(f"{path.name} is not 16 kHz mono 16-bit")
            self.samples = f.getnframes()

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples / RATE

    def read(self, start: float, end: float) -> Samples:
        """The samples from `start` to `end` seconds, -1 to 1, shape [n]; what lies outside the file is left out."""
        first = min(max(0, round(start * RATE)), self.samples)
        last = min(max(first, round(end * RATE)), self.samples)
        with wave.open(str(self.path), "rb") as f:
            f.setpos(first)
            raw = f.readframes(last - first)
        return np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(32768)
