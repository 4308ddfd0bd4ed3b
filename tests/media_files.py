"""Makes small real recordings, and measures what came out of them.

Every one holds the same lesson of 7 s: two bursts of a 1 kHz tone at half of full scale, silence between.

    seconds  0    1    2    3    4    5    6    7
             .........######...........######....
                      2-2.5             5-5.5
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np
import pytest

from pipelines.audio import Audio
from pipelines.media import Extracted, extract_audio, probe
from pipelines.progress import silent

LENGTH_S = 7.0
BURSTS = ((2.0, 2.5), (5.0, 5.5))
LEVEL_DB = 20 * float(np.log10(0.5 / np.sqrt(2)))  # a sine's RMS is its peak over the root of 2: -9.03 dB

TONE = f"0.5*sin(2*PI*1000*t)*({'+'.join(f'between(t,{a},{b})' for a, b in BURSTS)})"
PICTURE = ("-f", "lavfi", "-i", f"testsrc=size=160x120:rate=15:duration={LENGTH_S}")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p")


def sound(rate: int = 48_000, expression: str = TONE, seconds: float = LENGTH_S) -> tuple[str, ...]:
    """ffmpeg's input for the lesson's sound; `|` between the expressions of several channels."""
    return ("-f", "lavfi", "-i", f"aevalsrc='{expression}':s={rate}:d={seconds}")


def run_ffmpeg(*arguments: str | Path) -> None:
    """Run the ffmpeg that came with the packages, which has every encoder; skip where it lacks one after all."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    if "Unknown encoder" in done.stderr or "Encoder not found" in done.stderr:
        pytest.skip(f"this ffmpeg has no encoder for it: {done.stderr.splitlines()[0]}")
    assert done.returncode == 0, done.stderr


def film(path: Path, *codecs: str, rate: int = 48_000) -> Path:
    """The lesson with a picture; H.264 and AAC unless `codecs` says otherwise."""
    run_ffmpeg(*PICTURE, *sound(rate), *(codecs or (*X264, "-c:a", "aac")), f"file:{path}")
    return path


def tape(path: Path, *codecs: str, rate: int = 48_000) -> Path:
    """The lesson's sound alone."""
    run_ffmpeg(*sound(rate), *codecs, f"file:{path}")
    return path


def heard(path: Path, track: int | None = None) -> tuple[Audio, Extracted]:
    """The sound of one recording, through the real thing, into `PATH.wav`."""
    out = path.parent / "heard.wav"
    extracted = extract_audio([probe(path)], out, track=track, progress=silent)
    audio = Audio(out)
    assert audio.duration == pytest.approx(extracted.duration_s)
    return audio, extracted


def picture_start(path: Path) -> float:
    """When the picture starts on the file's own clock. Some containers put an encoder's empty frame before it."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return float(stream.start_time * stream.time_base) - container.start_time / 1e6


def bursts(audio: Audio) -> list[tuple[float, float]]:
    """Where the tone is: 5 ms steps whose RMS is over half of the loudest step's, joined across gaps under 0.1 s."""
    step = 80
    samples = audio.read(0, audio.duration)
    level = np.sqrt(np.mean(samples[: len(samples) // step * step].reshape(-1, step) ** 2, axis=1))
    loud = np.flatnonzero(level > level.max() / 2)
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > 20) + 1)
    return [(float(g[0]) * 0.005, float(g[-1] + 1) * 0.005) for g in groups]


def level_db(audio: Audio, start: float, end: float) -> float:
    """RMS over that stretch, dB below full scale."""
    samples = audio.read(start, end)
    return float(20 * np.log10(np.sqrt(np.mean(samples**2)) + 1e-9))


def assert_lesson(audio: Audio, *, shift: float = 0.0, level: float = LEVEL_DB, within_db: float = 1.0) -> None:
    """Both bursts start and end within 20 ms of where they belong, at the level they were recorded with."""
    found = bursts(audio)
    expected = [(a + shift, b + shift) for a, b in BURSTS]
    assert len(found) == len(expected), found
    for got, want in zip(found, expected, strict=True):
        assert got == pytest.approx(want, abs=0.02), (found, expected)
        assert level_db(audio, want[0] + 0.1, want[1] - 0.1) == pytest.approx(level, abs=within_db)


def cut(path: Path, share: float) -> Path:
    """The file with only the first `share` of its bytes, as a full card or a lost connection leaves it."""
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


@contextmanager
def tiny_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of that size, mounted for a moment; skips where mounting is not allowed."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError as problem:
        pytest.skip(f"no small disk can be made here: {problem.strerror}")
    if done.returncode:
        pytest.skip(f"no small disk can be made here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def padded(film: bytes, size: int, seed: int = 0) -> bytes:
    """An MP4 of exactly `size` bytes that plays the same: what follows the film is a box that players skip."""
    room = size - len(film) - 8
    assert room >= 0
    noise = random.Random(seed)
    pieces = (noise.randbytes(min(1 << 20, room - at)) for at in range(0, room, 1 << 20))
    return film + (room + 8).to_bytes(4) + b"free" + b"".join(pieces)
