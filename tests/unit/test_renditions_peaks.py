"""The waveform's points, against values worked out by hand, in the format that its readers expect."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from pipelines.audio import RATE, Audio
from pipelines.media.renditions import peaks
from pipelines.media.renditions.peaks import FINE, FOLD, PIECE_S
from pipelines.progress import silent


def audio_of(path: Path, samples: np.ndarray) -> Audio:
    with wave.open(str(path), "wb") as f:
        f.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        f.writeframes(samples.astype("<i2").tobytes())
    return Audio(path)


def points(path: Path) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    """The header's five numbers, and (lowest, highest) of each point."""
    data = path.read_bytes()
    values = np.frombuffer(data[20:], np.int8).reshape(-1, 2)
    return struct.unpack("<iIiiI", data[:20]), [(int(low), int(high)) for low, high in values]


def test_points_by_hand(tmp_path: Path):
    """
    point      1                      2             3                          4: 10 samples
    samples    0 ... 256 ... -512     all 255       32767, -32768 ...          -256
    8 bits     lowest -2, highest 1   0, 0          -128, 127                  -1, -1
    """
    samples = np.zeros(3 * FINE + 10)
    samples[5], samples[FINE - 1] = 256, -512
    samples[FINE : 2 * FINE] = 255  # under 256 is 0, and so is -255
    samples[FINE + 3] = -255
    samples[2 * FINE], samples[2 * FINE + 1] = 32767, -32768
    samples[3 * FINE :] = -256
    made = peaks(audio_of(tmp_path / "s.wav", samples), tmp_path, silent)
    assert points(made.fine) == ((1, 1, RATE, FINE, 4), [(-2, 1), (0, 0), (-128, 127), (-1, -1)])
    assert points(made.overview) == ((1, 1, RATE, FINE * FOLD, 1), [(-128, 127)])
    assert (made.fine_points, made.overview_points) == (4, 1)


def test_a_longer_sound_is_the_same_in_pieces(tmp_path: Path):
    """Over two and a half pieces, against all of it at once."""
    samples = np.random.default_rng(1).integers(-32768, 32768, int(2.5 * PIECE_S * RATE) // FINE * FINE)
    shares: list[float] = []
    made = peaks(audio_of(tmp_path / "s.wav", samples), tmp_path, shares.append)
    each = samples.reshape(-1, FINE)
    low, high = np.trunc(each.min(axis=1) / 256), np.trunc(each.max(axis=1) / 256)
    assert points(made.fine)[1] == list(zip(low.astype(int), high.astype(int), strict=True))
    header, overview = points(made.overview)
    assert header[4] == len(overview) == -(-len(samples) // (FINE * FOLD))
    assert overview[7] == (min(low[7 * FOLD : 8 * FOLD]), max(high[7 * FOLD : 8 * FOLD]))
    assert shares == sorted(shares)
    assert (len(shares), shares[-1]) == (4, 1.0)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["overview.dat", "peaks.dat", "s.wav"]


@pytest.mark.parametrize("length", [0, 1])
def test_next_to_nothing(tmp_path: Path, length: int):
    made = peaks(audio_of(tmp_path / "s.wav", np.full(length, 512)), tmp_path, silent)
    assert points(made.fine) == ((1, 1, RATE, FINE, length), [(2, 2)] * length)
