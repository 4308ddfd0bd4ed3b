"""What a file that cannot be opened is, from its bytes alone, so that people are told what to do about it."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from pathlib import Path

HEAD = 64 * 1024
"""Bytes looked at: a playlist names its first file within these."""

MAX_CHUNKS = 500_000
"""Pieces walked: twelve hours in fragments of a quarter of a second, and a hostile file's second of work."""

_MEDIA_NAME = re.compile(
    r"\.(mp4|mov|m4v|mkv|webm|avi|3gp|mts|m2ts|ts|mpg|flv|m4a|m4s|mp3|wav|ogg|opus|flac|aac|amr|m3u8?|mpd)\b", re.I
)
_NAMES_OTHERS = re.compile(
    r"""\#EXTM3U | <(mpd|mlt|smil|asx|playlist|kdenlivedoc)\b | \[playlist\] | ^ffconcat | ^\s*file\s+\S
      | ^\#\s*mpv\ EDL | \A\s*v=0\s*$ | ^TITLE:.*\n(FCM:|\s*\n|\d{3})
      | \b(https?|rtsp|rtmp|mms|tcp|udp)://\S | \b(file|concat):\S
    """,
    re.I | re.M | re.X,
)
_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}


def names_other_files(head: bytes) -> bool:
    """Whether `head` (a file's first bytes) is a playlist or a project file: text that points to media elsewhere."""
    text = _as_text(head)
    return text is not None and bool(_NAMES_OTHERS.search(text) or _MEDIA_NAME.search(text))


def _as_text(head: bytes) -> str | None:
    """`head` as text, None where it is not text. A character cut in two at the end does no harm."""
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def unfinished_mp4(path: Path) -> bool:
    """Whether this is an MP4 or MOV whose index (the `moov` box, which a phone writes last) is missing or cut short."""
    end = path.stat().st_size
    found = False
    for at, name, size in _chunks(path):
        if name in (b"RIFF", b"meta"):  # no MP4, or a picture (HEIC), which has no time and so no index
            return False
        if name == b"moov":
            return at + size > end
        found = True
    return found


def ends_early(path: Path) -> bool:
    """Whether an MP4, MOV, AVI or WAV ends in the middle of something that said how long it is."""
    end = path.stat().st_size
    return any(at + size > end for at, _, size in _chunks(path))


def _chunks(path: Path) -> Iterator[tuple[int, bytes, int]]:
    """Start, name and whole size in bytes of each piece at the top of the file; nothing where it is made otherwise.

    MP4 and MOV: 4 bytes size, 4 bytes name; size 1 means that 8 more bytes tell it, 0 that it goes on to the end.
    AVI and WAV: 4 bytes name `RIFF`, 4 bytes size without these 8; a recorder that cannot go back leaves 0 or the most.
    """
    with path.open("rb") as f:
        end, at = os.fstat(f.fileno()).st_size, 0
        for _ in range(MAX_CHUNKS):
            if at + 8 > end:
                return
            f.seek(at)
            header = f.read(16)
            if header[:4] == b"RIFF":
                name, size = header[:4], int.from_bytes(header[4:8], "little") + 8
                if size in (8, 0xFFFFFFFF + 8):
                    return
                size += size % 2
            else:
                name, size = header[4:8], int.from_bytes(header[:4])
                if size == 1:
                    size = int.from_bytes(header[8:16])
                elif size == 0:
                    size = end - at
            if size < 8 or (at == 0 and name not in _FIRST_BOXES | {b"RIFF"}):
                return
            yield at, name, size
            at += size
