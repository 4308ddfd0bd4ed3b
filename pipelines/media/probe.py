"""What a recording holds, read from its headers, and one plain sentence where it cannot be used."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from coaching.errors import BadRecording, one_line
from pipelines.media import sniff

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

CONTAINERS = "mov,matroska,avi,mpegts,mpeg,mp3,aac,wav,w64,ogg,flac,amr,aiff,caf,asf,flv"
"""The containers that are opened: what recorders make, and none that reads other files (hls, dash, concat, image2)."""

PROTOCOLS = "file,pipe"
"""Where bytes may come from, even if a file asks for more: this machine's disk, never the network."""

MAX_STREAMS = 64
"""More streams than any recorder writes; a file with more was made to do harm."""

MAX_SIDE = 8192
"""Pixels: no picture may be wider or higher, because decoding one costs memory by its area."""

EARLIEST_YEAR = 1990
"""No digital lesson recording is older: an earlier year is a clock that was never set."""

OPEN_S = 30
"""Seconds that reading the headers may take; a healthy file needs well under one, a slow network disk a few."""


@dataclass(frozen=True, slots=True)
class AudioTrack:
    """One sound track. `index` is its stream's number in the file (from 0); people count tracks from 1, in this order.

    `start_s` is when it starts on the recording's clock, `duration_s` how long its header says it is (None: not said);
    `readable` is False where no decoder knows its codec.
    """

    index: int
    codec: str
    channels: int
    layout: str = ""
    start_s: float = 0.0
    duration_s: float | None = None
    readable: bool = True

    @property
    def end_s(self) -> float | None:
        """When it ends by its header, seconds."""
        return None if self.duration_s is None else self.start_s + self.duration_s


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a recording's headers say.

    `video` is the picture's codec; `recorded` the day, where the recorder wrote it.
    """

    path: Path
    container: str
    size: int
    duration_s: float | None
    video: str | None = None
    audio_tracks: tuple[AudioTrack, ...] = ()
    recorded: date | None = None

    @property
    def name(self) -> str:
        """The file's name as it can be printed."""
        return printable(self.path)


def printable(path: Path) -> str:
    """A file's name as it may be printed."""
    return one_line(path.name or str(path))


def probe(path: Path) -> MediaInfo:
    """Read a recording's headers; no picture and no sound is decoded.

    Raises BadRecording with one sentence where the file is not there, is a folder, may not be read, is empty, is no
    media file, is a playlist or project file, was cut off before its index, breaks a limit, or has no sound.
    """
    size, head = _read_head(path)
    with opened(path, head) as container:
        streams = container.streams
        if len(streams) > MAX_STREAMS:
            raise BadRecording(
                f"{printable(path)} holds {len(streams)} streams, and at most {MAX_STREAMS} are read; "
                "export it with its picture and sound only."
            )
        start = (container.start_time or 0) / 1e6
        name = _container_name(container, path)
        info = MediaInfo(
            path=path,
            container=name,
            size=size,
            duration_s=container.duration / 1e6 if container.duration and name not in _NO_LENGTH else None,
            video=_picture(container, path),
            audio_tracks=tuple(_track(stream, start, name) for stream in streams.audio),
            recorded=_recorded(container.metadata),
        )
    if not info.audio_tracks:
        raise BadRecording(f"{info.name} has no sound; choose a recording that was made with the microphone on.")
    if not any(t.readable for t in info.audio_tracks):
        raise BadRecording(f"The sound of {info.name} is in a format that cannot be read; export it as MP4 or M4A.")
    return info


_NO_LENGTH = {"aac", "amr"}
"""Containers without any length in them: what the library guesses from the first bit rate is no header's word."""


def _read_head(path: Path) -> tuple[int, bytes]:
    """The file's size and first bytes. Raises BadRecording where it is no file with something in it."""
    name = printable(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BadRecording(f"{name} is a folder; give the recording itself.")
        if not stat.S_ISREG(found.st_mode):  # opening a named pipe would wait for ever
            raise BadRecording(f"{name} is not a file; give the recording itself.")
        with path.open("rb") as f:
            head = f.read(sniff.HEAD)
    except FileNotFoundError:
        raise BadRecording(f"{name} is not there; check its name and folder.") from None
    except PermissionError:
        raise BadRecording(
            f"{name} may not be read; change its permissions, or copy it to a folder of yours."
        ) from None
    except OSError as problem:
        raise BadRecording(f"{name} cannot be read ({problem.strerror}); copy it again, and try that copy.") from None
    if not head:
        raise BadRecording(f"{name} is empty; copy it from the camera again.")
    return found.st_size, head


@contextmanager
def opened(path: Path, head: bytes = b"") -> Iterator[InputContainer]:
    """The file, opened by libav. Raises BadRecording where libav does not know it, saying what it is by its `head`."""
    import av

    name = printable(path)
    options = {"protocol_whitelist": PROTOCOLS, "format_whitelist": CONTAINERS}
    try:
        container = av.open(url(path), options=options, timeout=OPEN_S, metadata_errors="replace")
    except (av.error.FFmpegError, ValueError, OSError):
        if sniff.names_other_files(head):
            problem = f"{name} is a playlist or project file, which only names other files; give the recording itself."
        elif sniff.unfinished_mp4(path):
            problem = f"{name} was cut off before the camera finished writing it, and cannot be read; copy it again."
        else:
            problem = f"{name} is not a video or sound recording, or is damaged from its start; try the original."
        raise BadRecording(problem) from None
    with container:
        yield container


def url(path: Path) -> str:
    """How libav and ffmpeg are given a file: `file:` and its whole path, so that no name can mean anything else."""
    return f"file:{path.absolute()}"


def _container_name(container: InputContainer, path: Path) -> str:
    """One name (`mp4`, `mov`, `mkv`, `webm`) rather than libav's `mov,mp4,m4a,3gp,3g2,mj2`."""
    name = container.format.name
    if name.startswith("mov,"):
        return "mov" if container.metadata.get("major_brand", "qt").strip() == "qt" else "mp4"
    if name.startswith("matroska,"):
        return "webm" if path.suffix.lower() == ".webm" else "mkv"
    return name


_APPLE_DATE = "com.apple.quicktime.creationdate"
"""The moment by the phone's own clock, with that clock's distance from UTC."""


def _recorded(metadata: Mapping[str, str]) -> date | None:
    """The day on which it was recorded; cameras whose clock was never set say 1904 or 1970, which is no day.

    Most containers keep the moment in UTC, which in Sydney is still yesterday when school begins: it is taken to this
    machine's zone. A moment with another zone has its own day.
    """
    for key in (_APPLE_DATE, "creation_time", "date"):
        try:
            moment = datetime.fromisoformat(metadata.get(key, ""))
            if moment.year < EARLIEST_YEAR:
                continue
            utc = key != _APPLE_DATE and moment.utcoffset() == timedelta(0)
            return (moment.astimezone() if utc else moment).date()
        except (ValueError, OverflowError):  # the last second of the year 9999 has no day in Sydney
            continue
    return None


def _picture(container: InputContainer, path: Path) -> str | None:
    """The codec of the moving picture."""
    stream = moving_picture(container)
    if stream is None:
        return None
    if max(stream.codec_context.width, stream.codec_context.height) > MAX_SIDE:
        raise BadRecording(
            f"The picture of {printable(path)} is more than {MAX_SIDE} pixels wide or high; export it smaller."
        )
    return stream.codec_context.codec.canonical_name


def moving_picture(container: InputContainer) -> VideoStream | None:
    """The first moving picture; a cover drawing is none."""
    from av.stream import Disposition

    for stream in container.streams.video:
        if stream.codec_context is not None and not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def _track(stream: AudioStream, start: float, container: str) -> AudioTrack:
    """A sound track's description; `start` is the recording's first moment in the file's own time, seconds."""
    codec = stream.codec_context
    base = float(stream.time_base or 0)
    return AudioTrack(
        index=stream.index,
        codec=codec.codec.canonical_name if codec else "unknown",
        channels=codec.channels if codec else 0,
        layout=codec.layout.name if codec else "",
        start_s=max(0.0, stream.start_time * base - start) if stream.start_time is not None else 0.0,
        duration_s=stream.duration * base if stream.duration and container not in _NO_LENGTH else None,
        readable=codec is not None and codec.sample_rate > 0,
    )
