"""How well the lesson was recorded, and which measures that takes away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AudioQuality:
    """What the microphone gave. Levels are dB below full scale (0 is the loudest a file can hold).

    `speech_db`, `noise_db`: typical level of speech and of the quiet between; None where there is none to measure.
    `student_db`: typical level of the students' speech; `clipped`: share (0 to 1) of speech at full scale;
    `unsure`: share (0 to 1) of recognized speech that the recognizer was unsure of, None where it does not say.
    """

    speech_db: float | None
    noise_db: float | None
    clipped: float = 0.0
    teacher_db: float | None = None
    student_db: float | None = None
    unsure: float | None = None

    @property
    def snr_db(self) -> float | None:
        """Speech over noise, dB; None where either is missing."""
        if self.speech_db is None or self.noise_db is None:
            return None
        return self.speech_db - self.noise_db
