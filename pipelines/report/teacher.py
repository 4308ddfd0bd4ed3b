"""Whom the report means by "you": the voice taken for the teacher, what it said first, and how to say otherwise."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten

from coaching.lesson import Lesson
from coaching.spans import clock
from coaching.transcript import Role, Speaker, Utterance
from pipelines.report.wording import as_sentence

FIRST_LETTERS = 100
"""So much of a voice's first words is enough to know who it is."""

SURELY, PROBABLY = 0.9, 0.7
"""From here on a guess is said to be sure, or probable. Words, since the numbers put guesses in order and no more."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice: `start` is where it is first heard, `words` and `words_at` its first words, if any, and when.

    Without words `words_at` is `start`; both are None where the voice is never heard.
    """

    id: str
    role: Role
    name: str
    start: float | None
    words: str
    words_at: float | None


class You:
    """Who was taken for the teacher; `names` are what the voices are called, by speaker id."""

    def __init__(self, lesson: Lesson, names: Mapping[str, str]) -> None:
        self._lesson = lesson
        first: dict[str, Utterance] = {}
        worded: dict[str, Utterance] = {}
        for u in lesson.transcript.utterances:
            first.setdefault(u.speaker, u)
            if u.text.strip():
                worded.setdefault(u.speaker, u)
        self.voices = [_voice(s, names[s.id], first.get(s.id), worded.get(s.id)) for s in lesson.transcript.speakers]

    @property
    def voice(self) -> Voice | None:
        """The voice that is taken to be the reader's."""
        return next((v for v in self.voices if v.id == self._lesson.roles.teacher), None)

    @property
    def sentence(self) -> str:
        voice = self.voice
        if voice is None:
            return "It is not known which of the voices is yours, so nothing here is said of you."
        if voice.start is None:
            return f"You are taken to be the voice {voice.id}, which is never heard."
        begins = f"begins at {clock(voice.start)}"
        if not voice.words:
            return f"You are taken to be the voice that {begins}."
        says = ":" if voice.words_at == voice.start else f" and says at {clock(voice.words_at or 0.0)}:"
        return f"You are taken to be the voice that {begins}{says} “{voice.words}”"

    @property
    def guess(self) -> str:
        """How sure that is, in words, and why."""
        roles = self._lesson.roles
        if self.voice is None:
            return as_sentence(f"no voice could be told to be yours: {roles.why}")
        sure = "surely " if roles.confidence >= SURELY else "probably " if roles.confidence >= PROBABLY else "perhaps "
        why = f": {roles.why.rstrip('.')}" if roles.why else ""
        return f"{roles.teacher} is {'' if roles.confidence >= 1 else sure}the teacher{why}."

    @property
    def command(self) -> str:
        """What to type to say that another voice is the teacher's."""
        # A name that begins with a dash would be read as an option.
        files = [f"./{name}" if name.startswith("-") else name for name in self._lesson.recording.files] or ["FILE"]
        language = self._lesson.transcript.language or "en"
        other = next((v.id for v in self.voices if v.id != self._lesson.roles.teacher), "first")
        said = [*files, *(["--join"] if len(files) > 1 else ()), "--out", "FOLDER", "--teacher", other]
        return "secondlook analyse " + shlex.join([*said, *(["--language", language] if language != "en" else ())])


def _voice(speaker: Speaker, name: str, first: Utterance | None, worded: Utterance | None) -> Voice:
    words = shorten(worded.text, FIRST_LETTERS, placeholder=" …") if worded else ""
    shown = worded or first
    return Voice(
        speaker.id,
        speaker.role,
        name,
        first.span.start if first else None,
        words,
        shown.span.start if shown else None,
    )
