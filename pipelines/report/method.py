"""How the report came about: which engines, what recording, whence the ranges."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from coaching.lesson import Lesson
from coaching.spans import clock
from pipelines.report.wording import as_sentence, by_sentence

PARTS = {"speakers": "Telling voices apart", "words": "Words"}
"""What the parts of the work are called."""


@dataclass(frozen=True, slots=True)
class Tool:
    """An engine as the reader sees it; `why` only where another was taken for another reason."""

    label: str
    name: str
    version: str
    why: str


class Method:
    """What the section on how it was made asks for."""

    def __init__(self, lesson: Lesson) -> None:
        self._lesson = lesson
        self._transcript = lesson.transcript

    @property
    def engines(self) -> list[Tool]:
        alike = bool(self.why)
        return [
            Tool(PARTS.get(e.part, e.part), e.name, e.version, "" if alike else e.why) for e in self._lesson.engines
        ]

    @property
    def why(self) -> str:
        """Why these engines were taken, where one reason holds for all of them; else empty."""
        reasons = {e.why for e in self._lesson.engines}
        return as_sentence(reasons.pop()) if len(reasons) == 1 else ""

    @property
    def recording(self) -> list[tuple[str, str]]:
        r, q = self._lesson.recording, self._lesson.quality
        levels = [
            f"{word} {_minus(level)} dB"
            for word, level in (
                ("your voice", q.teacher_db),
                ("students", q.student_db),
                ("the quiet between", q.noise_db),
                ("speech over noise", q.snr_db),
            )
            if level is not None
        ]
        # What took less than a second reads as nothing at all.
        stages = [(stage, seconds) for stage, seconds in self._lesson.stages.items() if seconds >= 1]
        made_of = ", ".join(part for part in (r.container, r.video, r.audio) if part)
        rows = [
            ("Files", ", ".join(r.files)),
            ("Kind", made_of + (f", {r.tracks} audio tracks" if r.tracks > 1 else "")),
            ("Length", f"{clock(self._transcript.duration)} ({self._transcript.duration:.1f} s)"),
            ("Language", self._transcript.language or "no words were recognized"),
            ("Levels", ", ".join(levels)),
            ("Time it took", ", ".join(f"{stage} {seconds:.0f} s" for stage, seconds in stages)),
        ]
        return [(label, value) for label, value in rows if value]

    @property
    def sources(self) -> list[tuple[str, str]]:
        """(where an interval comes from, the measures whose it is)."""
        return by_sentence((m.interval.source, m.name) for m in self._lesson.measures if m.interval)


def _minus(number: float) -> str:
    """A whole number with the sign that is a minus: −24."""
    return str(round(number)).replace("-", "−")


def version() -> str:
    """The version of Second Look that is running."""
    try:
        return installed("secondlook")
    except PackageNotFoundError:
        return "(not installed)"
