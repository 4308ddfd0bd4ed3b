"""Levels of speech and noise, measured on sounds whose level is known."""

from __future__ import annotations

import wave

import numpy as np
import pytest

from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance
from pipelines.audio import RATE, Audio
from pipelines.quality import assess

PEOPLE = (Speaker("t", Role.TEACHER), Speaker("s", Role.STUDENT))


def recording(path, *, teacher=0.1, student=0.05, noise=0.001, seconds=60):
    """A sine where somebody speaks (teacher 5-20 s, student 30-40 s), Gaussian noise everywhere; RMS as given."""
    rng = np.random.default_rng(1)
    t = np.arange(seconds * RATE) / RATE
    sound = rng.standard_normal(len(t)) * noise
    tone = np.sin(2 * np.pi * 300 * t) * np.sqrt(2)
    for (start, end), level in (((5, 20), teacher), ((30, 40), student)):
        here = slice(start * RATE, end * RATE)
        sound[here] += tone[here] * level
    with wave.open(str(path), "wb") as f:
        f.setnchannels(1), f.setsampwidth(2), f.setframerate(RATE)
        f.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    spoken = (Utterance(Span(5, 20), "t", "Why?", 0.9), Utterance(Span(30, 40), "s", "So.", 0.2))
    return Audio(path), Transcript(seconds, PEOPLE, spoken, "en")


def test_levels_are_those_of_the_sounds(tmp_path):
    quality = assess(*recording(tmp_path / "a.wav"))
    # 20 log10: 0.1 -> -20 dB, 0.05 -> -26 dB, 0.001 -> -60 dB
    assert quality.teacher_db == pytest.approx(-20, abs=0.3)
    assert quality.student_db == pytest.approx(-26, abs=0.3)
    assert quality.noise_db == pytest.approx(-60, abs=0.5)
    # (15 * 0.1^2 + 10 * 0.05^2) / 25 s = 0.007 -> -21.5 dB
    assert quality.speech_db == pytest.approx(-21.5, abs=0.3)
    assert quality.snr_db == pytest.approx(38.5, abs=0.8)
    assert quality.clipped == 0


def test_noise_is_taken_out_of_the_speech(tmp_path):
    quality = assess(*recording(tmp_path / "a.wav", noise=0.05))
    assert quality.student_db == pytest.approx(-26, abs=0.5)  # -23 with the noise in it


def test_clipping_is_the_share_of_speech_at_full_scale(tmp_path):
    quality = assess(*recording(tmp_path / "a.wav", teacher=1.0))
    assert quality.clipped == pytest.approx(15 / 25, abs=0.01)


def test_unsure_is_counted_in_seconds(tmp_path):
    assert assess(*recording(tmp_path / "a.wav")).unsure == pytest.approx(10 / 25)


def test_where_somebody_always_speaks_the_quietest_moments_are_the_noise(tmp_path):
    audio, _ = recording(tmp_path / "a.wav")
    always = Transcript(60, PEOPLE, (Utterance(Span(0, 60), "t"),))
    quality = assess(audio, always)
    assert quality.noise_db == pytest.approx(-60, abs=1)
    assert quality.student_db is None
    assert quality.unsure is None


def test_blocks_do_not_shift_frames(tmp_path):
    audio, transcript = recording(tmp_path / "long.wav", seconds=130)
    assert assess(audio, transcript).teacher_db == pytest.approx(-20, abs=0.3)
