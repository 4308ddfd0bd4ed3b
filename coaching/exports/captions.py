"""The transcript for players and for people: WebVTT with voices, SubRip, and plain text.

An utterance without recognizable words has no caption; the plain text says that somebody spoke.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from coaching.exports.text import names, plain, spoken
from coaching.lesson import Lesson
from coaching.spans import Span, clock
from coaching.transcript import Transcript, Utterance

CAPTION_CHARACTERS = 84
"""Two lines of 42 characters, the most that captions are usually given."""

_STAMP = re.compile(r"(\d):(\d\d?):(\d\d?)(?=[.,]\d)")
"""Two of these in a line, and readers of SubRip take it for the times of a cue."""

_BREAK = re.compile(r"(?<=[.?!;:,])\s+")


def vtt(lesson: Lesson) -> str:
    return webvtt(lesson.transcript)


def webvtt(transcript: Transcript) -> str:
    """WebVTT (W3C): one cue a caption, the speaker as `<v Name>`, the cue's id the utterance's id in lesson.json."""
    called = names(transcript)
    cues = ["WEBVTT", "NOTE Made by a machine. Times inside a long utterance are estimates."]
    for cue_id, span, speaker, text in _captions(transcript):
        cues.append(
            f"{cue_id}\n{_times(span, '.')}\n<v {escape(called[speaker], quote=False)}>{escape(text, quote=False)}</v>"
        )
    return "\n\n".join(cues) + "\n"


def srt(lesson: Lesson) -> str:
    """SubRip, the speaker before the text. SubRip cannot escape, so signs that players take for markup are replaced."""
    called = names(lesson.transcript)
    harmless = str.maketrans("<>{}", "‹›()")

    def line(speaker: str, text: str) -> str:
        return _STAMP.sub(r"\1.\2.\3", f"{called[speaker]}: {text}".translate(harmless))

    cues = [
        f"{number}\n{_times(span, ',')}\n{line(speaker, text)}"
        for number, (_, span, speaker, text) in enumerate(_captions(lesson.transcript), 1)
    ]
    return "\n\n".join(cues) + "\n" if cues else ""


def txt(lesson: Lesson) -> str:
    """The transcript to read: one turn a paragraph, with its time and who spoke."""
    called = names(lesson.transcript)
    head = f"{plain(lesson.recording.name)} ({clock(lesson.recording.duration_s)})\nTranscribed by a machine.\n"
    turns = [f"[{clock(turn.span.start)}] {called[turn.speaker]}: {spoken(turn)}" for turn in lesson.transcript.turns]
    return "\n".join([head, *turns]) + "\n"


def _captions(transcript: Transcript) -> list[tuple[str, Span, str, str]]:
    """(cue id, span, speaker, text) of each caption, long utterances in several.

    In order of start, as WebVTT demands: another voice may begin before the later captions of a long utterance.
    """
    found: list[tuple[str, Span, str, str]] = []
    for number, utterance in enumerate(transcript.utterances, 1):
        pieces = list(_pieces(utterance))
        for part, (span, text) in enumerate(pieces, 1):
            cue_id = f"u{number}" + (f".{part}" if len(pieces) > 1 else "")
            found.append((cue_id, span, utterance.speaker, text))
    return sorted(found, key=lambda caption: caption[1].start)


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
