"""The transcript for players and for people: WebVTT with voices, SubRip, and plain text.

An utterance without recognizable words has no caption; the plain text says that somebody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import pairwise

from coaching.exports.text import names, plain, spoken
from coaching.lesson import Lesson
from coaching.spans import Span, clock
from coaching.transcript import Transcript, Utterance

CAPTION_CHARACTERS = 84
"""Two lines of 42 characters, the most that captions are usually given."""

_STAMP = re.compile(r"(\d):(\d\d?):(\d\d?)(?=[.,]\d)")
"""Two of these in a line, and readers of SubRip take it for the times of a cue."""

_BREAK = re.compile(r"(?<=[.?!;:,])\s+")


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown from when to when, and what whoever says it is called. Of a long utterance there are several."""

    id: str
    span: Span
    called: str
    text: str


def vtt(lesson: Lesson) -> str:
    return webvtt(lesson.transcript)


def webvtt(transcript: Transcript) -> str:
    """The whole transcript as WebVTT; a cue's id is the utterance's id in lesson.json."""
    return cues(captions(transcript))


def cues(captions: Sequence[Caption]) -> str:
    """WebVTT (W3C): one cue a caption, the speaker as `<v Name>`."""
    found = ["WEBVTT", "NOTE Made by a machine. Times inside a long utterance are estimates."]
    for one in captions:
        called, text = escape(one.called, quote=False), escape(one.text, quote=False)
        found.append(f"{one.id}\n{_times(one.span, '.')}\n<v {called}>{text}</v>")
    return "\n\n".join(found) + "\n"


def captions_in(transcript: Transcript, part: Span) -> list[Caption]:
    """The captions of a part of the lesson, on the part's own clock."""
    shown = [(one, one.span & part) for one in captions(transcript)]
    return [replace(one, span=Span(span.start - part.start, span.end - part.start)) for one, span in shown if span]


def stretches(captions: Sequence[Caption], length_s: float) -> list[tuple[Span, tuple[Caption, ...]]]:
    """From 0 to `length_s` without a gap, to the millisecond: when which of them are shown at once; often none."""
    ends = {round(end, 3) for one in captions for end in (one.span.start, one.span.end)}
    return [
        (Span(start, end), tuple(one for one in captions if (start + end) / 2 in one.span))
        for start, end in pairwise([0.0, *sorted(end for end in ends if 0 < end < length_s), length_s])
    ]


def srt(lesson: Lesson) -> str:
    """SubRip, the speaker before the text. SubRip cannot escape, so signs that players take for markup are replaced."""
    harmless = str.maketrans("<>{}", "‹›()")
    found = []
    for number, one in enumerate(captions(lesson.transcript), 1):
        line = _STAMP.sub(r"\1.\2.\3", f"{one.called}: {one.text}".translate(harmless))
        found.append(f"{number}\n{_times(one.span, ',')}\n{line}")
    return "\n\n".join(found) + "\n" if found else ""


def txt(lesson: Lesson) -> str:
    """The transcript to read: one turn a paragraph, with its time and who spoke."""
    called = names(lesson.transcript)
    head = f"{plain(lesson.recording.name)} ({clock(lesson.recording.duration_s)})\nTranscribed by a machine.\n"
    turns = [f"[{clock(turn.span.start)}] {called[turn.speaker]}: {spoken(turn)}" for turn in lesson.transcript.turns]
    return "\n".join([head, *turns]) + "\n"


def captions(transcript: Transcript) -> list[Caption]:
    """All captions, in order of start, as WebVTT demands: another voice may begin before the later captions of a long
    utterance."""
    called = names(transcript)
    found: list[Caption] = []
    for number, utterance in enumerate(transcript.utterances, 1):
        pieces = list(_pieces(utterance))
        for part, (span, text) in enumerate(pieces, 1):
            cue_id = f"u{number}" + (f".{part}" if len(pieces) > 1 else "")
            found.append(Caption(cue_id, span, called[utterance.speaker], text))
    return sorted(found, key=lambda caption: caption.span.start)


def _pieces(utterance: Utterance) -> Iterator[tuple[Span, str]]:
    """An utterance in captions that fit the screen, at sentence and clause ends where there are any.

    A piece's time is its words' where the recognizer timed them all; else its share of the characters, an estimate.
    """
    text = plain(utterance.text)
    lines: list[str] = []
    for clause in _BREAK.split(text):
        for word in [clause] if len(clause) <= CAPTION_CHARACTERS else clause.split():
            if lines and len(lines[-1]) + 1 + len(word) <= CAPTION_CHARACTERS:
                lines[-1] += " " + word
            elif word:
                lines.append(word)
    starts = [w.span.start for w in utterance.words if w.span]
    timed = len(starts) == len(utterance.words) == len(text.split())
    start, said, counted = utterance.span.start, 0, 0
    for line in lines:
        said, counted = said + len(line) + 1, counted + len(line.split())
        if counted == len(text.split()):
            end = utterance.span.end
        elif timed:
            end = min(max(start, starts[counted]), utterance.span.end)
        else:
            end = utterance.span.start + utterance.span.duration * said / (len(text) + 1)
        yield Span(start, end), line
        start = end


def _times(span: Span, mark: str) -> str:
    """The line of times of a cue, which must end after it starts; `mark` parts seconds and milliseconds."""
    start = round(span.start * 1000)
    return f"{_stamp(start, mark)} --> {_stamp(max(start + 1, round(span.end * 1000)), mark)}"


def _stamp(ms: int, mark: str) -> str:
    """Hours, minutes, seconds and milliseconds: 00:12:41.250 with `mark` '.', 00:12:41,250 with ','."""
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"
