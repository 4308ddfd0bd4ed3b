"""The film of a clip in which faces are covered: its seconds and its sound as in any film of a clip, and no captions.

What is covered is one flat grey, with a soft rim outside of it. Pixels made large or a strong blur look kinder, but
they are averages of what was there: over many pictures of a face that moves beneath them, it can be reckoned back. Of
grey nothing can. ffmpeg lays a film of where it goes, drawn here picture by picture, over the clip.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from coaching.errors import BadRecording
from coaching.faces import Box, Face, covered_at
from coaching.originals import SPARE
from coaching.spans import Span
from pipelines.handouts.film import NEEDED_KBITS, UNREADABLE, beside, encode, seconds, sound_of
from pipelines.media.disk import check_room
from pipelines.media.ffmpeg import source
from pipelines.media.probe import MediaInfo, url
from pipelines.media.renditions.make import OUT, Unmade, make
from pipelines.media.renditions.picture import fit, look
from pipelines.media.renditions.web import LONG_SIDE, SHORT_SIDE, SOUND
from pipelines.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GREY = "0x7d7d7d"

SHRUNK = 2
"""The film of where it goes has so many times fewer pixels across: that alone makes its rim soft."""

RATE = 30
"""Pictures of it a second. Each holds for all that is covered until the next one."""

DRAWING = 0.15
"""The share of the work that drawing is."""


def covered(
    lesson: MediaInfo, part: Span, faces: Sequence[Face], out: Path, progress: Progress, *, threads: int = 1
) -> None:
    """Write the `part` of a `lesson` (its web video, or its sound) as the file `out`, without what `faces` cover.

    Raises BadRecording where the lesson cannot be read, OutOfSpace, and what `progress` raises.
    """
    check_room(out, int(part.duration * NEEDED_KBITS * 125), "film", SPARE)
    picture = look(lesson)
    cut, heard = sound_of(lesson, part, picture)
    with beside(out, "cover.mov") as cover:
        try:
            if picture is None:
                make(out, [*cut, "-map", "0:a:0", *SOUND, OUT, "-map", "0:a:0"], part.duration, progress)
                return
            width, height = fit(picture.width, picture.height, LONG_SIDE, SHORT_SIDE)
            draw(faces, part, (width, height), cover, lambda share: progress(DRAWING * share))
            cut += source(lesson.path, *seconds(part), "-an", threads=threads)
            cut += ["-protocol_whitelist", "file", "-f", "mov", "-i", url(cover)]
            graph = f"[1:{picture.index}]trim=end={part.duration:.3f},"
            graph += f"scale={width}:{height}:out_color_matrix=bt709:out_range=tv,setsar=1[bare];"
            graph += f"[2:v]scale={width}:{height}:flags=bilinear,format=gray,split[where][whole];"
            graph += f"[whole]drawbox=color={GREY}:thickness=fill,format=yuv420p[grey];"
            graph += "[grey][where]alphamerge[cover];[bare][cover]overlay=shortest=1:format=yuv420"
            graph += ",format=yuv420p,split[v][b];[b]fps=1,scale=16:16[beat]"
            command = [*cut, "-filter_complex", graph, "-map", "[v]", "-map", "0:a:0?", *heard, *SOUND]
            command += ["-fps_mode", "passthrough"]
            rest = 1 - DRAWING
            encode(out, command, part.duration, lambda share: progress(DRAWING + rest * share), threads)
        except Unmade:
            raise BadRecording(UNREADABLE) from None


def draw(faces: Sequence[Face], part: Span, size: tuple[int, int], out: Path, progress: Progress) -> None:
    """A film of where a picture of this size (width, height) is covered: white there, black elsewhere. Each of its
    pictures holds until the next, so it is all that is covered at either."""
    import av

    width, height = (math.ceil(side / SHRUNK) for side in size)
    many = math.ceil(part.duration * RATE) + RATE  # it ends after the clip, which ends the film
    before: list[Box] | None = None
    with av.open(url(out), "w", format="mov") as container:
        stream = container.add_stream("png", rate=RATE, width=width, height=height, pix_fmt="gray")
        for n in range(many):
            at = part.start + n / RATE
            boxes = list(dict.fromkeys(covered_at(faces, at) + covered_at(faces, at + 1 / RATE)))
            if boxes == before and n + 1 < many:
                continue  # what stands before goes on
            before = boxes
            frame = av.VideoFrame.from_ndarray(mask(boxes, width, height), format="gray")
            frame.pts, frame.time_base = n, Fraction(1, RATE)
            container.mux(stream.encode(frame))
            progress(n / many)
        container.mux(stream.encode(None))


def mask(boxes: Sequence[Box], width: int, height: int) -> NDArray[np.uint8]:
    """Of shape (height, width): 255 in the ellipse within each box, made a pixel larger, 0 elsewhere."""
    import cv2
    import numpy as np

    drawn = np.zeros((height, width), np.uint8)
    for x, y, wide, high in boxes:
        centre = (round((x + wide / 2) * width), round((y + high / 2) * height))
        axes = (math.ceil(wide * width / 2) + 1, math.ceil(high * height / 2) + 1)
        cv2.ellipse(drawn, centre, axes, 0, 0, 360, 255, thickness=-1)
    return drawn
