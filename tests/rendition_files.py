"""The lesson of `media_files` with a picture to match: white while the tone sounds, else dark, red in its top left.

seconds  0    1    2    3    4    5    6    7
sound    .........######...........######....
picture  .........white............white.....
"""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
from media_files import BURSTS, LENGTH_S, X264, bursts, run_ffmpeg, sound

from pipelines.audio import Audio
from pipelines.media import MediaInfo, extract_audio, probe
from pipelines.progress import silent

LIT = "+".join(f"between(t,{a},{b - 0.001})" for a, b in BURSTS)
CODECS = (*X264, "-g", "30", "-c:a", "aac")


def flash(size: str = "320x240", rate: int = 30, seconds: float = LENGTH_S) -> tuple[str, ...]:
    """ffmpeg's input for that picture."""
    light = f"drawbox=color=white:t=fill:enable='{LIT}',drawbox=w=iw/4:h=ih/4:color=red:t=fill"
    return ("-f", "lavfi", "-i", f"color=0x202020:size={size}:rate={rate}:duration={seconds},{light}")


def flashing(path: Path, *codecs: str, size: str = "320x240", rate: int = 30) -> Path:
    run_ffmpeg(*flash(size, rate), *sound(), *(codecs or CODECS), f"file:{path}")
    return path


def flashes(path: Path) -> list[tuple[float, float]]:
    """From when to when the picture is white, on the file's own clock."""
    lit: list[tuple[float, float]] = []
    was = False
    with av.open(str(path)) as container:
        zero = (container.start_time or 0) / 1e6
        for frame in container.decode(video=0):
            grey = frame.reformat(format="gray").to_ndarray()
            white = bool(np.median(grey) > 128)
            if white and not was:
                lit.append((frame.time - zero, frame.time - zero))
            elif was and not white:
                lit[-1] = (lit[-1][0], frame.time - zero)
            was = white
    return lit


def red_corner(image: np.ndarray) -> str:
    """Where the red lies in a picture of shape [height, width, 3] in RGB."""
    height, width = image.shape[:2]
    where = {}
    for name, y, x in (("top left", 1, 1), ("top right", 1, 7), ("bottom left", 7, 1), ("bottom right", 7, 7)):
        red, green, blue = map(int, image[height * y // 8, width * x // 8])
        where[name] = red > 150 > max(green, blue) + 50
    return ", ".join(name for name, found in where.items() if found)


def sound_of(files: list[MediaInfo], folder: Path) -> Audio:
    """What is analysed of these files."""
    extract_audio(files, folder / "analysed.wav", track=None, progress=silent)
    return Audio(folder / "analysed.wav")


def beeps(path: Path) -> list[tuple[float, float]]:
    return bursts(sound_of([probe(path)], path.parent))


def starts_at_once(path: Path) -> bool:
    """Whether the index lies before the media, so that a browser plays before it has the whole file."""
    data = path.read_bytes()
    return 0 < data.index(b"moov") < data.index(b"mdat")
