"""RTTM: who spoke when, as NIST's Rich Transcription evaluations and diarization tools write it."""

from __future__ import annotations

from coaching.errors import BadInput
from coaching.readers.lines import Line, decode, seconds


def rttm(data: bytes, name: str) -> list[Line]:
    """The SPEAKER lines, in order. Raises BadInput, with the line, where one cannot be read, or none is there."""
    lines: list[Line] = []
    recordings: set[str] = set()
    for number, row in enumerate(decode(data, name).split("\n"), 1):
        field = row.split()
        if not field or field[0] != "SPEAKER":
            continue
        start, length = (seconds(field[3]), seconds(field[4])) if len(field) >= 8 else (None, None)
        if start is None or length is None:
            raise BadInput(
                f"{name}, line {number}: this is not a line of RTTM: SPEAKER, recording, channel, start, seconds, "
                "<NA>, <NA>, name."
            )
        recordings.add(field[1])
        lines.append(Line(f"line {number}", speaker=field[7], start=start, end=start + length))
    if not lines:
        raise BadInput(f"{name} has no line that begins with SPEAKER, so it says nothing of who speaks.")
    if len(recordings) > 1:
        raise BadInput(f"{name} is of {len(recordings)} recordings. Keep the lines of this lesson only.")
    return lines
