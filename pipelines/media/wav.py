"""The sound file that `Audio` reads, written so that it is whole or not there."""

from __future__ import annotations

import wave
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from pipelines.audio import RATE
from pipelines.media.disk import check_room, writing

BYTES_PER_S = RATE * 2
"""One channel of 16-bit samples."""


class WavFile:
    """A 16 kHz mono 16-bit WAV at `out`. Samples go to a temporary file beside it, which takes its name at the end.

    Leaving it through an exception, KeyboardInterrupt too, takes the temporary file away and leaves `out` as it was.
    Raises OutOfSpace where the disk fills up, BadInput where the folder cannot be written to.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._temporary = out.with_name(f".{out.name}.part")
        self._bytes = 0

    def __enter__(self) -> WavFile:
        with writing(self._out):
            self._file = self._temporary.open("wb")
        self._wav = wave.open(self._file, "wb")
        self._wav.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        return self

    @property
    def seconds(self) -> float:
        """How much has been written."""
        return self._bytes / BYTES_PER_S

    def write(self, samples: bytes) -> None:
        """Append little-endian 16-bit samples; an odd byte at a piece's end is the caller's to keep."""
        with writing(self._out):
            self._wav.writeframesraw(samples)
        self._bytes += len(samples)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with writing(self._out):
                    self._wav.close()
                    self._file.close()
                    self._temporary.replace(self._out)
        finally:
            for closing in (self._wav.close, self._file.close):
                with suppress(OSError, ValueError):  # a full disk fails these again, and nothing of it is wanted
                    closing()
            self._temporary.unlink(missing_ok=True)


def check_space(out: Path, seconds: float) -> None:
    """Raises OutOfSpace where the disk that shall hold `out` has no room for that many seconds of sound."""
    check_room(out, int(seconds * BYTES_PER_S), "sound")
