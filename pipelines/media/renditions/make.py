"""ffmpeg writing a file that people will play: whole or not there, and never outliving us."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from pipelines.media.disk import SPARE, full, whole_file
from pipelines.media.extract import LONGEST_S
from pipelines.media.ffmpeg import Child, starting
from pipelines.progress import Progress

BEAT = ("-flush_packets", "1", "-f", "framecrc", "pipe:1")
"""The second output of every command, a line a packet: how far it is, and a pipe at whose end ffmpeg dies with us.

ffmpeg's own `-progress pipe:1` tells as much, but does not end when nobody reads it any more (tried).
"""

OUT = "\0out"
"""Stands in a command where the output goes."""

STALL_S = 1800
"""Without a beat for this long it is taken to hang, seconds: moving the index to the front is silent."""

CPU_PER_S = 20
"""Seconds of computing that one second of a lesson may cost: 4K on an old laptop needs about 3."""

_BASE = re.compile(rb"^#tb 0: (\d+)/(\d+)", re.M)
_LINE = re.compile(rb"^0,\s*-?\d+,\s*(-?\d+),", re.M)


class Unmade(Exception):
    """ffmpeg gave up; its complaints are the message. The caller tries another way, or makes it a sentence."""


def make(out: Path, arguments: Sequence[str], length_s: float, progress: Progress) -> None:
    """Run ffmpeg with `arguments` (inputs and the options of the output), which writes an MP4 that starts at once.

    `OUT` stands where the output's name goes; behind it come the maps of `BEAT`. Raises Unmade where ffmpeg gives up,
    OutOfSpace for a full disk, and what `progress` raises.
    """
    with whole_file(out) as temporary:
        to = ["-t", str(LONGEST_S), "-map_metadata", "-1", "-map_chapters", "-1", "-movflags", "+faststart"]
        to += ["-f", "mp4", "-y", f"file:{temporary.absolute()}"]
        at = arguments.index(OUT)
        command = [*starting(3600 + int(CPU_PER_S * length_s)), *arguments[:at], *to, *arguments[at + 1 :], *BEAT]
        base, told, rest = 0.0, 0.0, b""
        with Child(command, STALL_S) as child:
            for data in child.chunks():
                rest += data
                if not base and (found := _BASE.search(rest)):
                    base = int(found[1]) / int(found[2])
                rest = rest[-256:]  # a line has some 60 bytes, and the last whole one is enough
                if lines := _LINE.findall(rest):
                    told = max(told, min(int(lines[-1]) * base / max(length_s, 1.0), 0.99))
                progress(told)
        if child.failed and (os.strerror(errno.ENOSPC) in child.log or shutil.disk_usage(out.parent).free < SPARE):
            raise full(out)
        if not temporary.exists() or (child.failed and not _has_frames(temporary)):
            raise Unmade(child.log)
    progress(1.0)


def _has_frames(path: Path) -> bool:
    """Whether a file of ours holds anything: ffmpeg also fails at a damaged end, after all that could be made was."""
    import av

    try:
        with av.open(f"file:{path.absolute()}", format="mp4") as container:
            return bool(container.duration)
    except (av.error.FFmpegError, OSError):
        return False
