"""Small pictures of the whole lesson on sheets, and a WebVTT file that says where each lies: for scrubbing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from pipelines.media.disk import check_room, whole_file
from pipelines.media.probe import MediaInfo
from pipelines.media.renditions.frames import at_times, upright
from pipelines.media.renditions.picture import fit, parts_of, unreadable
from pipelines.progress import Progress

SIDE = 160
"""Pixels of a small picture's longer side."""

ACROSS = 10
"""Small pictures in a row, and rows on a sheet. 1600 x 1600 pixels at most are 10 MB decoded, which any phone holds;
some give up on sheets beyond 4096 pixels."""

STEP_S = 5.0
"""Seconds between small pictures in lessons up to 50 minutes."""

MOST = 600
"""Small pictures of one lesson: longer lessons have them farther apart, so that all sheets stay under about 4 MB."""

QUALITY = 70
"""Of JPEG, 0 to 100."""

TILE_BYTES = 20_000
"""Bytes of one small picture at the very most; usually it is 4000."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """The sheets in order, the WebVTT file, the size of a small picture (pixels) and their distance (seconds)."""

    sheets: tuple[Path, ...]
    thumbnails: Path
    tile_width: int
    tile_height: int
    step_s: float


def sprite(
    files: Sequence[MediaInfo], folder: Path, progress: Progress, *, lengths: Sequence[float] | None = None
) -> Sprite | None:
    """Write `sprite.jpg` (then `sprite-2.jpg` ...) and `thumbnails.vtt` into `folder`; None where there is no picture.

    Small pictures are up to their distance too early, so that mostly key pictures are decoded. Where a part has no
    picture its tiles are black. Raises BadRecording, OutOfSpace, and what `progress` raises.
    """
    import cv2

    if not any(info.video for info in files):
        return None
    parts = parts_of(files, lengths, progress)
    first = next(part.picture for part in parts if part.picture)
    total = parts[-1].start_s + parts[-1].length_s
    step = max(STEP_S, total / MOST)
    times = [i * step for i in range(max(1, -int(-total // step)))]
    check_room(folder / "sprite.jpg", len(times) * TILE_BYTES, "pictures")
    width, height = fit(first.width, first.height, SIDE, SIDE)
    sheets = [folder / f"sprite{f'-{n + 1}' if n else ''}.jpg" for n in range(-(-len(times) // ACROSS**2))]
    tiles = [np.zeros((height, width, 3), np.uint8)] * len(times)
    found: list[float] = []
    for part in parts:
        mine = [t for t in times if part.start_s <= t < part.start_s + part.length_s]
        for time, _, frame in at_times(part, mine, step, lambda: progress(0.98 * len(found) / len(times))):
            assert part.picture is not None  # noqa: S101 - or there would be no times
            tiles[round(time / step)] = _centred(upright(frame, part.picture, (width, height)), width, height)
            found.append(time)
    if not found:
        raise unreadable(files[0], "picture")
    with ExitStack() as stack:
        for n, sheet in enumerate(sheets):
            written = stack.enter_context(whole_file(sheet))
            image = _sheet(tiles[n * ACROSS**2 : (n + 1) * ACROSS**2])
            written.write_bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
        text = stack.enter_context(whole_file(folder / "thumbnails.vtt"))
        text.write_text(_vtt(sheets, [*times, total], width, height), encoding="utf-8")
        progress(1.0)
    return Sprite(tuple(sheets), folder / "thumbnails.vtt", width, height, step)


def _centred(image: np.ndarray, width: int, height: int) -> np.ndarray:
    """`image` in the middle of a black picture of that size."""
    tile = np.zeros((height, width, 3), np.uint8)
    top, left = (height - image.shape[0]) // 2, (width - image.shape[1]) // 2
    tile[top : top + image.shape[0], left : left + image.shape[1]] = image
    return tile


def _sheet(tiles: Sequence[np.ndarray]) -> np.ndarray:
    """The tiles in rows of `ACROSS`; what the last row lacks is black."""
    across = min(ACROSS, len(tiles))
    black = [np.zeros_like(tiles[0])] * (-len(tiles) % across)
    every = [*tiles, *black]
    return np.vstack([np.hstack(every[i : i + across]) for i in range(0, len(every), across)])


def _vtt(sheets: Sequence[Path], times: Sequence[float], width: int, height: int) -> str:
    """WebVTT whose cues, without gaps, name a part of a sheet each (`sprite.jpg#xywh=0,0,160,90`)."""
    cues = ["WEBVTT"]
    for i, (start, end) in enumerate(pairwise(times)):
        n, row, column = i // ACROSS**2, i // ACROSS % ACROSS, i % ACROSS
        where = f"{sheets[n].name}#xywh={column * width},{row * height},{width},{height}"
        cues.append(f"{_stamp(start)} --> {_stamp(end)}\n{where}")
    return "\n\n".join(cues) + "\n"


def _stamp(seconds: float) -> str:
    thousandths = round(seconds * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
