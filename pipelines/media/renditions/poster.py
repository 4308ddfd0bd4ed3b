"""The one picture that stands for a lesson, and what its pictures say about how the camera stood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipelines.media.disk import check_room, whole_file
from pipelines.media.probe import MediaInfo
from pipelines.media.renditions.frames import Image, at_times, upright
from pipelines.media.renditions.picture import Part, parts_of, unreadable
from pipelines.progress import Progress

if TYPE_CHECKING:
    import cv2

LOOKS = 24
"""Pictures looked at, evenly over the lesson."""

LOOK_SIDE = 640
"""Pixels of the longer side of a picture that is looked at: faces across a room are still 20 pixels there."""

SIDE, QUALITY = 1280, 85
"""The poster's longer side in pixels at most, and its JPEG quality."""

NEAR_S = 10.0
"""Seconds by which a picture may lie before the moment that was asked for: then key pictures do."""

FACE = 24
"""Pixels of the smallest face that is looked for."""

NEIGHBOURS = 5
"""How many overlapping finds make a face: with fewer, furniture is taken for one."""

FLAT = 12
"""Grey levels (of 255) between the darkest and the brightest hundredth under which there is nothing to see."""

EDGE, EDGES = 20.0, 0.002
"""A step of this many grey levels is an edge; with fewer than this share of pixels on edges it is one bare surface."""

DARK = 60
"""Grey level under which 95 of 100 pixels of a dark room lie. A lit person before a dark wall stays above it."""

SHARP = 100
"""Variance of the Laplacian from which a picture is sharp: faces in focus reach it, and bricks need not win by more."""

MOVED = 25
"""Grey levels by which something differs that moved: more than a camera's noise."""

COVERED_LENS = (
    "Most of the picture shows nothing but one bare surface: something may have covered the lens, or it faced a wall."
)
DARK_ROOM = "The room is dark in most of the picture; with the lights on, faces and hands can be seen."
SIDEWAYS = "The picture seems to lie on its side or head; turn the camera before the next lesson."


@dataclass(frozen=True, slots=True)
class Poster:
    """`poster.jpg`, the moment that it shows (seconds of the lesson), and what people should know, in sentences."""

    path: Path
    at_s: float
    warnings: tuple[str, ...]


@dataclass(slots=True)
class _Look:
    """One picture that was looked at. `faces` are counted upright; `turned` after 1, 2 and 3 quarter turns."""

    part: Part
    at_s: float
    grey: np.ndarray
    sharp: float
    bright: float
    bare: bool
    dark: bool
    faces: int
    turned: tuple[int, ...] | None
    moved: float = 0.0


def poster(
    files: Sequence[MediaInfo], folder: Path, progress: Progress, *, lengths: Sequence[float] | None = None
) -> Poster | None:
    """Write `poster.jpg` into `folder`: sharp, bright, and with people rather than a wall; None without a picture.

    People are faces that OpenCV's own cascade finds, and whatever moved: a wall never does. Raises BadRecording where
    no picture can be decoded, OutOfSpace, and what `progress` raises.
    """
    import cv2

    if not any(info.video for info in files):
        return None
    out = folder / "poster.jpg"
    check_room(out, SIDE * SIDE, "poster")
    looks = _looks(parts_of(files, lengths, progress), progress)
    if not looks:
        raise unreadable(files[0], "picture")
    best = max(zip(_scores(looks), looks, strict=True), key=lambda pair: pair[0])[1]
    image: Image | None = None
    for _, _, frame in at_times(best.part, [best.at_s], 1e-6, lambda: progress(0.95)):
        assert best.part.picture is not None  # noqa: S101 - it was looked at
        image = upright(frame, best.part.picture, (SIDE, SIDE))
    if image is None:
        raise unreadable(best.part.info, "picture")
    with whole_file(out) as temporary:
        temporary.write_bytes(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes())
        progress(1.0)
    return Poster(out, best.at_s, _warnings(looks))


def _looks(parts: Sequence[Part], progress: Progress) -> list[_Look]:
    import cv2

    faces = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_alt2.xml"))
    total = parts[-1].start_s + parts[-1].length_s
    times = [(i + 0.5) * total / LOOKS for i in range(LOOKS)]
    looks: list[_Look] = []
    for part in parts:
        mine = [t for t in times if part.start_s <= t < part.start_s + part.length_s]
        step = min(NEAR_S, total / LOOKS / 2)
        for _, at, frame in at_times(part, mine, step, lambda: progress(0.9 * len(looks) / LOOKS)):
            assert part.picture is not None  # noqa: S101 - or there would be no times
            grey = cv2.cvtColor(upright(frame, part.picture, (LOOK_SIDE, LOOK_SIDE)), cv2.COLOR_BGR2GRAY)
            looks.append(_look(part, at, grey, faces, turn=len(looks) % 2 == 0))
    for look in looks:
        same = [other.grey for other in looks if other.grey.shape == look.grey.shape]
        look.moved = float((np.abs(look.grey - np.median(same, axis=0)) > MOVED).mean())
    return looks


def _look(part: Part, at_s: float, grey: np.ndarray, faces: cv2.CascadeClassifier, *, turn: bool) -> _Look:
    """Measure one picture; the turned ones (for every other picture: they cost the most) only where `turn`."""
    import cv2

    smooth = cv2.GaussianBlur(grey, (5, 5), 0).astype(np.float32)  # without the camera's noise
    darkest, most, brightest = np.percentile(smooth, (1, 95, 99))
    steps = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=0.25), cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=0.25))
    flat, dark = brightest - darkest < FLAT, most < DARK

    def count(turns: int) -> int:
        turned = np.ascontiguousarray(np.rot90(grey, turns))
        return len(faces.detectMultiScale(turned, 1.1, NEIGHBOURS, minSize=(FACE, FACE)))

    return _Look(
        part=part,
        at_s=at_s,
        grey=grey,
        sharp=float(cv2.Laplacian(grey, cv2.CV_32F).var()),
        bright=float(grey.mean()),
        bare=bool(flat or (not dark and (steps > EDGE).mean() < EDGES)),
        dark=bool(dark and not flat),
        faces=count(0),
        turned=tuple(count(turns) for turns in (1, 2, 3)) if turn else None,
    )


def _scores(looks: Sequence[_Look]) -> list[float]:
    """Each picture's worth: sharpness and light up to 1 each, faces up to 1.5, movement up to 0.5; bare ones last."""
    return [
        min(look.sharp / SHARP, 1)
        + min(look.bright, 255 - look.bright, 80) / 80
        + (0.75 + min(look.faces, 3) / 4 if look.faces else 0)
        + min(look.moved * 5, 0.5)
        - 4 * look.bare
        for look in looks
    ]


def _warnings(looks: Sequence[_Look]) -> tuple[str, ...]:
    """What holds for more than half of the pictures; a turn where that many show more faces turned than upright."""
    turned = [(look.faces, look.turned) for look in looks if look.turned]
    best = max(range(3), key=lambda k: sum(t[k] for _, t in turned))
    aside = sum(t[best] > up for up, t in turned) * 2 > len(turned)
    told = (
        (COVERED_LENS, sum(look.bare for look in looks) * 2 > len(looks)),
        (DARK_ROOM, sum(look.dark for look in looks) * 2 > len(looks)),
        (SIDEWAYS, aside),
    )
    return tuple(sentence for sentence, holds in told if holds)
