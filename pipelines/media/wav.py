"""The sound file that `Audio` reads, written so that it is whole or not there."""

from __future__ import annotations

import errno
import shutil
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from coaching.errors import BadInput, OutOfSpace
from pipelines.audio import RATE
from pipelines.folder import HIDDEN

BYTES_PER_S = RATE * 2
"""One channel of 16-bit samples."""

SPARE = 4 * 1024 * 1024
"""Bytes that must be free beside the sound: a disk filled to its last byte makes other programs fail."""


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
        with _sentences(self._out):
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
        with _sentences(self._out):
            self._wav.writeframesraw(samples)
        self._bytes += len(samples)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                with _sentences(self._out):
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
    needed = int(seconds * BYTES_PER_S) + SPARE
    with _sentences(out):
        free = shutil.disk_usage(out.parent).free
    if free < needed:
        raise OutOfSpace(
            f"The disk of {_folder(out)} has {free / 1e6:.0f} MB free, and this lesson's sound needs "
            f"{needed / 1e6:.0f} MB. Make space, then try again."
        )


@contextmanager
def _sentences(out: Path) -> Iterator[None]:
    """What the system says about writing `out`, as our errors."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"The disk of {_folder(out)} is full. Make space, then try again.") from None
        raise BadInput(f"The folder {_folder(out)} cannot be written to ({problem.strerror}).") from None


def _folder(out: Path) -> Path:
    """The folder as people know it: not a hidden one that we made inside it."""
    return next(p for p in out.absolute().parents if not p.name.startswith(HIDDEN))
