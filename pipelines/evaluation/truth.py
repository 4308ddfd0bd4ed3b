"""The truth of a lesson as a transcript: from RTTM, ELAN or a table, whoever labelled it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from coaching.errors import BadInput
from coaching.exports.text import plain
from coaching.readers.elan import elan
from coaching.readers.lines import Line
from coaching.readers.roles import roles
from coaching.readers.rttm import rttm
from coaching.readers.table import table
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance, join_utterances

MOST_VOICES = 200
"""A file that names more voices has something else in that column."""


def read_truth(data: bytes, name: str) -> list[Line]:
    """The lines of a truth, by its file's ending. Raises BadInput where it cannot be read or a line has no times."""
    ending = name.lower().rpartition(".")[2]
    if ending == "rttm":
        return rttm(data, name)
    if ending == "eaf":
        return elan(data, name)
    if ending not in ("csv", "tsv", "txt"):
        raise BadInput(f"{name} is no truth that is read here: it must end in .rttm, .eaf or .csv.")
    lines = table(data, name, needs=("start", "end", "speaker"))
    for line in lines:
        if line.start is None or line.end is None or not line.speaker:
            raise BadInput(f"{name}, {line.place}: it needs a start, an end and a speaker.")
    return lines


def truth_transcript(
    lines: Sequence[Line], name: str, teacher: str | None, duration: float, language: str | None
) -> Transcript:
    """The truth's talk: each voice's pauses under half a second filled, as the measures have it.

    A voice whose name or role says teacher is the teacher, or the one called `teacher`; the rest are students. Where
    nobody is, all roles are unknown. It lasts `duration` seconds, or until its last end. Raises BadInput where nobody
    is called `teacher`, or where too many voices are named.
    """
    said = roles(lines, name, teacher, rest=True)
    known = Role.TEACHER in said
    speakers: dict[str, Speaker] = {}
    spoken: dict[str, list[Utterance]] = {}
    for line, role in zip(lines, said, strict=True):
        voice = speakers.setdefault(line.who, Speaker(f"true_{len(speakers) + 1}", Role.UNKNOWN, plain(line.who)))
        if known and voice.role is not Role.TEACHER:
            speakers[line.who] = voice = replace(voice, role=role)
        span = Span(line.start or 0.0, line.end or 0.0)
        spoken.setdefault(voice.id, []).append(Utterance(span, voice.id, line.text.strip()))
    if len(speakers) > MOST_VOICES:
        raise BadInput(f"{name} names {len(speakers)} voices. Is the right column called speaker?")
    utterances = [u for theirs in spoken.values() for u in join_utterances(theirs)]
    last = max(u.span.end for u in utterances)
    return Transcript(max(duration, last), tuple(speakers.values()), tuple(utterances), language)
