"""How the report came about: who was taken for the teacher, which engines, what recording, whence the ranges."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from coaching.lesson import Lesson
from coaching.spans import clock
from coaching.transcript import Speaker
from pipelines.report.wording import as_sentence, by_sentence

PARTS = {"speakers": "Telling voices apart", "words": "Words"}
"""What the parts of the work are called."""


@dataclass(frozen=True, slots=True)
class Tool:
    """An engine as the reader sees it."""

    label: str
    name: str
    version: str
    why: str


class Method:
    """What the section on how it was made asks for; `names` are what the voices are called, by speaker id."""

    def __init__(self, lesson: Lesson, names: Mapping[str, str]) -> None:
        self._lesson = lesson
        self._transcript = lesson.transcript
        self._names = names

    @property
    def roles(self) -> str:
        """Who was taken for the teacher, how sure that is, and why."""
        guess = self._lesson.roles
        if guess.teacher is None or guess.teacher not in self._names:
            return f"No voice could be told to be yours: {as_sentence(guess.why)}"
        sure = f"{round(100 * guess.confidence)}% sure" if guess.confidence < 1 else "sure"
        name = self._names[guess.teacher]
        why = guess.why.rstrip(".")
        return f"{guess.teacher} ({name}) is taken for the teacher ({sure})" + (f": {why}." if why else ".")

    @property
    def file(self) -> str:
        return shlex.join(self._lesson.recording.files) or "FILE"

    @property
    def example_speaker(self) -> str:
        return self._transcript.speakers[0].id if self._transcript.speakers else "SPEAKER"

    @property
    def voices(self) -> list[tuple[Speaker, str, float | None]]:
        """(speaker, name, first heard) of every voice."""
        first: dict[str, float] = {}
        for u in self._transcript.utterances:
            first.setdefault(u.speaker, u.span.start)
        return [(s, self._names[s.id], first.get(s.id)) for s in self._transcript.speakers]

    @property
    def engines(self) -> list[Tool]:
        return [Tool(PARTS.get(e.part, e.part), e.name, e.version, e.why) for e in self._lesson.engines]

    @property
    def recording(self) -> list[tuple[str, str]]:
        r, q = self._lesson.recording, self._lesson.quality
        levels = [
            f"{word} {level:.0f} dB"
            for word, level in (
                ("your voice", q.teacher_db),
                ("students", q.student_db),
                ("the quiet between", q.noise_db),
                ("speech over noise", q.snr_db),
            )
            if level is not None
        ]
        made_of = ", ".join(part for part in (r.container, r.video, r.audio) if part)
        rows = [
            ("Files", ", ".join(r.files)),
            ("Kind", made_of + (f", {r.tracks} audio tracks" if r.tracks > 1 else "")),
            ("Length", f"{clock(self._transcript.duration)} ({self._transcript.duration:.1f} s)"),
            ("Language", self._transcript.language or "no words were recognized"),
            ("Levels", ", ".join(levels)),
            ("Time it took", ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in self._lesson.stages.items())),
        ]
        return [(label, value) for label, value in rows if value]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """(where an interval comes from, the measures whose it is)."""
        return by_sentence((m.interval.source, m.name) for m in self._lesson.measures if m.interval)


def version() -> str:
    """The version of Second Look that is running."""
    try:
        return installed("secondlook")
    except PackageNotFoundError:
        return "(not installed)"
