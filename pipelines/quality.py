"""How well the lesson was recorded: levels of speech and noise, clipping, and words the recognizer was unsure of."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from coaching.quality import AudioQuality, unsure_share
from coaching.spans import Span, cover, subtract
from coaching.transcript import Role, Transcript
from pipelines.audio import RATE, Audio

FRAME_S = 0.05
"""Levels are taken over frames of this length: shorter than a syllable, longer than a period of a low voice."""

BLOCK_S = 60.0
"""The file is read in blocks of this length, so that memory does not grow with it."""

EDGE_S = 0.3
"""Frames this near to speech are neither speech nor noise: the room still rings."""

FULL_SCALE = 0.985
"""Samples above this share of full scale are clipped; encoders and resamplers round the flat tops a little."""

FAINTEST_DB = -96.0
"""The floor of a 16-bit file: digital silence has no level below it."""


def assess(audio: Audio, transcript: Transcript) -> AudioQuality:
    """The audio quality of a lesson whose speech activity is known."""
    levels, clipped = _frames(audio)
    speech = transcript.speech()
    near = cover(Span(max(0.0, s.start - EDGE_S), s.end + EDGE_S) for s in speech)
    noise_power = _noise_power(levels, subtract([transcript.whole], near))
    students, teacher = transcript.speech(Role.STUDENT), transcript.speech(Role.TEACHER)
    in_speech = _inside(speech, len(levels))
    return AudioQuality(
        speech_db=_speech_db(levels, speech, noise_power),
        noise_db=_db(noise_power) if noise_power is not None else None,
        clipped=float(clipped[in_speech].mean()) if in_speech.any() else 0.0,
        teacher_db=_speech_db(levels, subtract(teacher, students), noise_power),
        student_db=_speech_db(levels, subtract(students, teacher), noise_power),
        unsure=unsure_share(transcript),
    )


def _frames(audio: Audio) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Power and clipping of every frame of the file, each of shape [frames]."""
    size = round(FRAME_S * RATE)
    powers, clips = [], []
    at = 0.0
    while at < audio.duration:
        block = audio.read(at, at + BLOCK_S)
        frames = block[: len(block) // size * size].reshape(-1, size)
        powers.append(np.mean(frames.astype(np.float64) ** 2, axis=1))
        clips.append((np.abs(frames) >= FULL_SCALE).sum(axis=1) >= 3)
        at += BLOCK_S
    return np.concatenate(powers or [np.zeros(0)]), np.concatenate(clips or [np.zeros(0, bool)])


def _inside(spans: list[Span], frames: int) -> npt.NDArray[np.bool_]:
    mask = np.zeros(frames, bool)
    for s in spans:
        mask[round(s.start / FRAME_S) : round(s.end / FRAME_S)] = True
    return mask


def _noise_power(levels: npt.NDArray[np.float64], quiet: list[Span]) -> float | None:
    """The typical power where nobody speaks; where somebody always does, that of the quietest twentieth of the file."""
    if not len(levels):
        return None
    between = levels[_inside(quiet, len(levels))]
    return float(np.median(between)) if len(between) * FRAME_S >= 1.0 else float(np.quantile(levels, 0.05))


def _speech_db(levels: npt.NDArray[np.float64], spans: list[Span], noise_power: float | None) -> float | None:
    """The mean level of speech in `spans`, the noise's share of the power taken out; None for under a second of it."""
    inside = levels[_inside(spans, len(levels))]
    if len(inside) * FRAME_S < 1.0:
        return None
    return _db(max(float(inside.mean()) - (noise_power or 0.0), 0.0))


def _db(power: float) -> float:
    return max(FAINTEST_DB, 10 * float(np.log10(power))) if power > 0 else FAINTEST_DB
