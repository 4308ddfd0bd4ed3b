"""Single pictures out of a recording, without decoding all of it: from key picture to key picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipelines.media.probe import opened
from pipelines.media.renditions.picture import Part, Picture, careful, inside, pictures_in

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

Image = npt.NDArray[np.uint8]
"""Blue, green, red, shape [height, width, 3]."""


def at_times(
    part: Part, times: Sequence[float], step: float, turn: Callable[[], None]
) -> Iterator[tuple[float, float, VideoFrame]]:
    """For each of `times` (seconds of the lesson, rising): that time, the found picture's own time, and the picture.

    The picture is at most `step` seconds too early, unless the file has nothing closer; a key picture is taken where
    one will do, because it needs no other to be decoded. Nothing comes before anything could be decoded, and from a
    part without a picture. `turn` is called every piece of the file, and may raise to stop.
    """
    import av

    picture = part.picture
    if picture is None:
        return
    with opened(part.info.path) as container:
        stream = next((s for s in container.streams.video if s.index == picture.index), None)
        if stream is None:  # the file was exchanged since it was looked at
            return
        careful(stream)
        base, zero = float(stream.time_base or 1), (container.start_time or 0) / 1e6
        source = _decoded(container, stream, base, zero, turn)
        at, held, onward = float("-inf"), None, False
        for time in times:
            wanted = time - part.start_s
            stamp = round((wanted + zero) / base)
            key = _key_before(stream, stamp)
            sought = not onward and (key is None or key * base - zero > at)
            if sought:
                try:
                    container.seek(stamp, stream=stream)
                    source = _decoded(container, stream, base, zero, turn)
                except av.error.FFmpegError:
                    onward = True
            first = True
            for seconds, frame in source:
                # Without an index nobody knows where key pictures are: where they are rare, going on is cheaper.
                onward = onward or (sought and first and key is None and seconds < wanted - step)
                at, held, first = seconds, frame, False
                if seconds >= wanted - step:
                    break
            if held is not None:
                yield time, at + part.start_s, held


def _decoded(
    container: InputContainer, stream: VideoStream, base: float, zero: float, turn: Callable[[], None]
) -> Iterator[tuple[float, VideoFrame]]:
    """From where the file stands: each picture's time on the recording's clock, and the picture."""

    def packets() -> Iterator[Packet[VideoStream]]:
        for packet in container.demux(stream):
            turn()
            yield packet

    for frame in pictures_in(packets()):
        if frame.pts is not None:
            yield frame.pts * base - zero, frame


def _key_before(stream: VideoStream, stamp: int) -> int | None:
    """The time stamp of the last key picture up to `stamp`, by the file's index; None where it has none."""
    at = stream.index_entries.search_timestamp(stamp)
    return stream.index_entries[at].timestamp if at >= 0 else None


def upright(frame: VideoFrame, picture: Picture, box: tuple[int, int]) -> Image:
    """The picture as it is to be seen, inside a box (width, height), with square pixels."""
    width, height = inside(picture.width, picture.height, box)
    if picture.turns % 2:
        width, height = height, width
    image = frame.reformat(width=width, height=height, format="bgr24").to_ndarray()
    return np.ascontiguousarray(np.rot90(image, picture.turns))
