"""A lesson: a recording and all that is known of it after one run of the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from coaching.calibration import Checked
from coaching.metrics.measure import Measure
from coaching.quality import AudioQuality
from coaching.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Recording:
    """What was uploaded.

    `recorded` is the day as the recorder wrote it (ISO 8601), if it did; `notes` are plain sentences on what was wrong
    with the file and what was done about it.
    """

    name: str
    duration_s: float
    files: tuple[str, ...] = ()
    container: str = ""
    video: str | None = None
    audio: str = ""
    tracks: int = 1
    recorded: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Engine:
    """What did a part of the work (`part` is `speakers` or `words`), in which version, and why it was taken."""

    part: str
    name: str
    version: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """Who the machine takes for the teacher, how sure it is (0 to 1), and what decided it. A person may correct it.

    `confidence` puts guesses in order and is no probability; 1 is a person's word.
    """

    teacher: str | None
    confidence: float
    why: str


@dataclass(frozen=True)
class Lesson:
    """Everything the exports, the report and the review app need; `stages` are wall seconds of each but the last.

    `checked`: what a person's ear said of it, where one has; its measures are then corrected.
    """

    recording: Recording
    transcript: Transcript
    quality: AudioQuality
    roles: RoleGuess
    engines: tuple[Engine, ...]
    measures: tuple[Measure, ...] = ()
    limits: tuple[str, ...] = ()
    stages: Mapping[str, float] = field(default_factory=dict)
    checked: Checked | None = None

    @property
    def voices_known(self) -> bool:
        """Whether the voices were told apart. If not, all talk stands under one voice, and nobody's is measured."""
        return any(engine.part == "speakers" for engine in self.engines)

    def measure(self, name: str) -> Measure | None:
        """The measure of that name, or None where this lesson has none."""
        return next((m for m in self.measures if m.name == name), None)
