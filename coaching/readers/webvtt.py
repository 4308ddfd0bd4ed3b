"""WebVTT (W3C): captions, and who speaks in them (`<v Name>`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from coaching.errors import BadInput
from coaching.readers.lines import Line, check_order, decode, seconds

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>|</v>")
_TAG = re.compile(r"<[^>]*>")
_TIMES = re.compile(r"\s*([0-9:.]+)\s+-->\s+([0-9:.]+)(?:\s.*)?")


def is_webvtt(data: bytes, name: str) -> bool:
    return name.lower().endswith(".vtt") or data.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")


def webvtt(data: bytes, name: str) -> list[Line]:
    """The voices of each caption, in order, with its times; their text without tags, its lines kept.

    Where a caption holds several voices, nobody knows when each of them speaks: none of them has a time. Raises
    BadInput, with the caption's number, where the file is no WebVTT, has no captions, or a caption's times are none.
    """
    text = re.sub(r"\r\n?", "\n", decode(data, name))
    if not re.match(r"WEBVTT(?:[ \t].*)?(?:\n|$)", text):
        raise BadInput(f"{name} is not a WebVTT file: its first line must be WEBVTT.")
    lines: list[Line] = []
    number = 0
    for block in re.split(r"\n{2,}", text):
        rows = block.strip("\n").split("\n")
        at = next((i for i, row in enumerate(rows[:2]) if "-->" in row), None)
        if at is None:  # the head, a comment, a style
            continue
        number += 1
        lines += _caption(f"caption {number}", rows[at], "\n".join(rows[at + 1 :]), name)
    if not lines:
        raise BadInput(f"{name} has no captions with words.")
    return lines


def _caption(place: str, times: str, payload: str, name: str) -> list[Line]:
    match = _TIMES.fullmatch(times)
    start, end = (seconds(t) for t in match.groups()) if match else (None, None)
    if start is None or end is None:
        raise BadInput(f"{name}, {place}: its times cannot be read. They are written 00:01:02.500 --> 00:01:04.000.")
    check_order(Line(place, start=start, end=end), name)
    voices = list(_voices(payload))
    if len(voices) > 1:
        start = end = None
    return [Line(place, speaker=voice, text=said, start=start, end=end) for voice, said in voices]


def _voices(payload: str) -> Iterator[tuple[str, str]]:
    """(voice, text) of each part of a caption; the voice is empty where none is named."""
    voice, begin = "", 0
    for tag in [*_VOICE.finditer(payload), None]:
        said = unescape(_TAG.sub("", payload[begin : tag.start() if tag else None]))
        if said.strip():
            yield voice, said if voice else said.strip()
        if tag:
            voice, begin = unescape(tag[1] or "").strip(), tag.end()
