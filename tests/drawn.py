"""Lessons drawn as text, so that a test shows its intervals.

    T |aaa   -- |     one line a voice: its name, then one character a second (or `step`)
    S1|   -b-   |     a run of one voice's characters is an utterance; a letter in it says which words

Names begin with T for the teacher, S for a student, U for a voice whose role is not known. A blank is silence; the
second bar is the end of the recording. A line without a name is a ruler. The language is English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance

ROLES = {"T": Role.TEACHER, "S": Role.STUDENT, "U": Role.UNKNOWN}


def lesson(drawing: str, words: Mapping[str, str] | None = None, step: float = 1.0) -> Transcript:
    """The transcript of a drawing; `words` are the texts by letter."""
    speakers: list[Speaker] = []
    utterances: list[Utterance] = []
    duration = 0.0
    for line in drawing.splitlines():
        if "|" not in line:
            continue
        name, track, _ = (part.strip() if i != 1 else part for i, part in enumerate(line.split("|")))
        duration = max(duration, step * len(track))
        if not name:
            continue
        speakers.append(Speaker(name, ROLES[name[0]]))
        for run in re.finditer(r"\S+", track):
            letter = next((c for c in run.group() if c.isalpha()), "")
            text = (words or {}).get(letter, "")
            utterances.append(Utterance(Span(run.start() * step, run.end() * step), name, text))
    return Transcript(duration, tuple(speakers), tuple(utterances), "en")
