"""What a recording's picture is: read from its header and its first frame, which proves that it can be decoded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from coaching.errors import BadRecording
from pipelines.media.extract import expected, sound_length
from pipelines.media.probe import MAX_SIDE, MediaInfo, moving_picture, opened
from pipelines.progress import Progress

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

TRIES = 500
"""Pieces of the file that are tried for a first picture: a cut file has a few seconds without one."""

MAX_FPS = 30
"""Pictures a second: a lesson has nothing that needs more, and phones that film 60 double the work and the size."""

USUAL_FPS = Fraction(25)
"""Where the file says nothing believable."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One part's picture. `width` and `height` are as it is seen: upright, with square pixels; `turns` are the quarter
    turns that the recorder asks for. `start_s` is on the recording's clock; `rate` is pictures a second, at most
    `MAX_FPS`. `plain` says that every browser shows it as it is: 8 bits, 4:2:0, no fields, square pixels.
    """

    index: int
    codec: str
    profile: str
    width: int
    height: int
    turns: int
    start_s: float
    rate: Fraction
    interlaced: bool
    plain: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a lesson on the lesson's clock: when it starts and how long it is (seconds), and its picture."""

    info: MediaInfo
    start_s: float
    length_s: float
    picture: Picture | None


def parts_of(
    files: Sequence[MediaInfo], lengths: Sequence[float] | None, progress: Progress, *, pictures: bool = True
) -> list[Part]:
    """The files as parts, joined where `extract_audio` joins their sound.

    `lengths` are what it found (`Extracted.lengths`); without them, the sound of several files, or of one that does
    not say its length, is decoded to find out. The last part lasts as long as its sound or its picture.
    """
    if lengths is None:
        headers = [expected(info) for info in files]
        if len(files) == 1 and headers[0] is not None:
            lengths = [headers[0]]
        else:
            lengths = [sound_length(info, lambda: progress(0.0)) for info in files]
    ends = [*lengths[:-1], max(lengths[-1], expected(files[-1]) or 0.0)]
    starts = [sum(ends[:i]) for i in range(len(files))]
    return [
        Part(info, start, end, look(info) if pictures else None)
        for info, start, end in zip(files, starts, ends, strict=True)
    ]


def look(info: MediaInfo) -> Picture | None:
    """The picture of one file; None where it has none. Raises BadRecording where it cannot be decoded."""
    if info.video is None:
        return None
    with opened(info.path) as container:
        stream = moving_picture(container)
        if stream is None:
            return None
        careful(stream)
        frame = next(pictures_in(islice(container.demux(stream), TRIES)), None)
        if frame is None:
            raise unreadable(info, "picture")
        base = float(stream.time_base or 0)
        start = (stream.start_time or 0) * base - (container.start_time or 0) / 1e6
        pixels = stream.sample_aspect_ratio or Fraction(1)
        pixels = pixels if Fraction(1, 4) <= pixels <= 4 else Fraction(1)
        turns = round(frame.rotation / 90) % 4
        size = max(2, round(frame.width * pixels)), frame.height
        return Picture(
            index=stream.index,
            codec=info.video,
            profile=stream.codec_context.profile or "",
            width=size[turns % 2],
            height=size[1 - turns % 2],
            turns=turns,
            start_s=max(0.0, start),
            rate=_rate(stream),
            interlaced=bool(frame.interlaced_frame),
            plain=frame.format.name in ("yuv420p", "yuvj420p")
            and pixels == 1
            and not frame.interlaced_frame
            and frame.rotation % 90 == 0,
        )


def pictures_in(packets: Iterator[Packet[VideoStream]]) -> Iterator[VideoFrame]:
    """What can be decoded; damaged pieces are skipped, and a file that cannot be read on ends there."""
    import av

    while True:
        try:
            packet = next(packets, None)
            frames = packet.decode() if packet else []
        except av.error.InvalidDataError:
            continue
        except av.error.FFmpegError:
            return
        if packet is None:
            return
        yield from frames


def unreadable(info: MediaInfo, what: str) -> BadRecording:
    return BadRecording(f"The {what} of {info.name} cannot be decoded; export it as MP4, or give the original.")


def careful(stream: VideoStream) -> None:
    """One thread, and no picture beyond `MAX_SIDE`, whatever the header said."""
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(MAX_SIDE**2)}


def _rate(stream: VideoStream) -> Fraction:
    for rate in (stream.guessed_rate, stream.average_rate):
        if rate and 1 <= rate <= 4 * MAX_FPS:
            while rate > MAX_FPS * Fraction(101, 100):
                rate /= 2
            return rate
    return USUAL_FPS


def fit(width: int, height: int, long_side: int, short_side: int) -> tuple[int, int]:
    """The largest even size of that shape within these sides, whichever way it lies, never larger than it was."""
    box = (long_side, short_side) if width >= height else (short_side, long_side)
    return inside(width, height, box)


def inside(width: int, height: int, box: tuple[int, int]) -> tuple[int, int]:
    """The largest even size of that shape inside a box (width, height), never larger than it was."""
    shrink = min(1.0, box[0] / width, box[1] / height)
    return max(2, round(width * shrink / 2) * 2), max(2, round(height * shrink / 2) * 2)
