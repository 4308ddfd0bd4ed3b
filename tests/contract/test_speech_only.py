"""Speech activity alone: what a lesson falls back on when its diarization failed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from scipy.signal import resample_poly

from coaching.errors import Cancelled
from coaching.spans import Span, cover, intersect, total
from pipelines import align
from pipelines.audio import RATE, Audio
from pipelines.progress import silent
from pipelines.speakers.activity import speech_only


def written(samples: np.ndarray, path: Path) -> Audio:
    sf.write(path, samples, RATE, subtype="PCM_16")
    return Audio(path)


@pytest.fixture
def telephone(shared: Path, tmp_path: Path) -> Audio:
    samples, rate = sf.read(shared / "talk" / "telephone.wav", dtype="float32", always_2d=True)
    return written(resample_poly(samples.mean(axis=1), RATE, rate), tmp_path / "telephone.wav")


def test_finds_where_somebody_speaks(shared: Path, telephone: Audio) -> None:
    lines = [line.split() for line in (shared / "talk" / "telephone.rttm").read_text().splitlines()]
    truth = cover(Span(float(f[3]), float(f[3]) + float(f[4])) for f in lines)
    found = [s.span for s in speech_only(telephone, silent)]
    assert total(intersect(truth, found)) > 0.95 * total(truth)
    assert total(found) - total(intersect(truth, found)) < 0.15 * telephone.duration


def test_is_one_voice_in_order_and_within_the_recording(telephone: Audio) -> None:
    found = speech_only(telephone, silent)
    assert len({s.speaker for s in found}) == 1
    assert align.to_utterances(found)
    assert all(0 <= s.span.start < s.span.end <= telephone.duration for s in found)
    assert all(a.span.end < b.span.start for a, b in pairwise(found))


@pytest.mark.parametrize("samples", [0, 1, 400, 5 * RATE])
def test_silence_of_any_length_has_nobody(tmp_path: Path, samples: int) -> None:
    assert speech_only(written(np.zeros(samples, np.float32), tmp_path / "silent.wav"), silent) == []


def test_progress_ends_at_one_and_can_stop_it(telephone: Audio) -> None:
    shares: list[float] = []
    speech_only(telephone, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        speech_only(telephone, stop)
