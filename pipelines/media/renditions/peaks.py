"""The sound's waveform, small enough to draw at once: the lowest and highest sample of each short stretch."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipelines.audio import RATE, Audio
from pipelines.media.disk import check_room, whole_file
from pipelines.progress import Progress

FINE = 320
"""Samples of one point of `peaks.dat`: 50 points a second show the words; an hour is 360 kB."""

FOLD = 16
"""Fine points of one point of `overview.dat`: three a second, an hour is 11,000 points."""

PIECE_S = FINE * FOLD * 100 / RATE
"""Seconds read at once: 32, a whole number of points, 2 MB."""


@dataclass(frozen=True, slots=True)
class Peaks:
    """The two files and how many points each holds."""

    fine: Path
    overview: Path
    fine_points: int
    overview_points: int


def peaks(audio: Audio, folder: Path, progress: Progress) -> Peaks:
    """Write `peaks.dat` and `overview.dat` into `folder`, in the format of BBC audiowaveform, version 1, at 8 bits.

    Little-endian: 1 (version), 1 (8 bits), samples a second, samples a point, points (32 bits each); then for each
    point its lowest and highest sample, -128 to 127. In JavaScript that is `new Int8Array(buffer, 20)`; peaks.js and
    waveform-data.js read it as it is. A sample of 16 bits becomes 8 by dividing by 256, towards zero.
    """
    fine, overview = -(-audio.samples // FINE), -(-audio.samples // (FINE * FOLD))
    check_room(folder / "peaks.dat", 2 * (fine + overview), "waveform")
    with whole_file(folder / "peaks.dat") as near, whole_file(folder / "overview.dat") as far:
        with near.open("wb") as near_file, far.open("wb") as far_file:
            near_file.write(_header(FINE, fine))
            far_file.write(_header(FINE * FOLD, overview))
            start = 0.0
            while start < audio.duration:
                samples = audio.read(start, start + PIECE_S) * np.float32(128)
                for size, file in ((FINE, near_file), (FINE * FOLD, far_file)):
                    at = np.arange(0, len(samples), size)
                    both = np.minimum.reduceat(samples, at), np.maximum.reduceat(samples, at)
                    file.write(np.stack(both, axis=1).astype(np.int8).tobytes())
                start += PIECE_S
                progress(min(0.99, start / audio.duration))
        progress(1.0)
    return Peaks(folder / "peaks.dat", folder / "overview.dat", fine, overview)


def _header(samples_a_point: int, points: int) -> bytes:
    return struct.pack("<iIiiI", 1, 1, RATE, samples_a_point, points)
