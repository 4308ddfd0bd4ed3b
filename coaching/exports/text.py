"""What every export needs: what a voice is called, and text that no format trips over."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from coaching.transcript import Role, Transcript, Turn

UNCLEAR = "(no clear words)"
"""Stands in a text where somebody spoke and no words were recognizable."""

_UNUSABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters and half characters: XML forbids them, and no reader of a transcript needs them."""


def plain(text: str) -> str:
    """`text` on one line: no line breaks, no control characters, single spaces.

    >>> plain("So \\t what\\x00 do\\r\\nyou notice? ")
    'So what do you notice?'
    """
    return " ".join(_UNUSABLE.sub("", text).split())


def spoken(turn: Turn) -> str:
    """The turn's words on one line, with `UNCLEAR` where some are missing: what is left may say the reverse.

    Several utterances without words in a row are one mark.
    """
    texts = [plain(u.text) or UNCLEAR for u in turn.utterances]
    return " ".join(text for mark, run in groupby(texts, UNCLEAR.__eq__) for text in ([UNCLEAR] if mark else run))


def names(transcript: Transcript, taken: Iterable[str] = ()) -> dict[str, str]:
    """What each voice is called, by speaker id: its name, else Teacher, Student 1, Voice 1 and so on.

    No name twice, and none of those already `taken` by something else.
    """
    called: dict[str, str] = {}
    used = set(taken)
    counts = dict.fromkeys(Role, 0)
    words = {Role.TEACHER: "Teacher", Role.STUDENT: "Student", Role.UNKNOWN: "Voice"}
    for speaker in transcript.speakers:
        name = plain(speaker.name)
        if not name:
            counts[speaker.role] += 1
            alone = speaker.role is Role.TEACHER and counts[speaker.role] == 1
            name = words[speaker.role] + ("" if alone else f" {counts[speaker.role]}")
        while name in used:
            name = f"{name} ({speaker.id})"
        used.add(name)
        called[speaker.id] = name
    return called
