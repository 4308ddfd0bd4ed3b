"""Where long speech is cut."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.audio import RATE
from pipelines.speech.cuts import quietest_cut


def talk(seconds: float, *pauses: tuple[float, float]) -> np.ndarray:
    """Noise at a tenth of full scale, silent in `pauses`."""
    samples = np.random.default_rng(1).standard_normal(round(seconds * RATE)).astype(np.float32) / 10
    for start, end in pauses:
        samples[round(start * RATE) : round(end * RATE)] = 0
    return samples


def test_cuts_in_the_middle_of_the_pause() -> None:
    # seconds   0    1    2    3    4    5
    #           ###################...####      the pause of 0.3 s at 3.8-4.1: 0.2 s of it are wholly silent
    cut = quietest_cut(talk(5, (3.8, 4.1)), earliest_s=1) / RATE
    assert 3.9 <= cut <= 4.0  # windows of 0.2 s at 3.8-4.0 ... 3.9-4.1: their middles


def test_an_earlier_pause_does_not_count() -> None:
    # seconds   0    1    2    3    4    5
    #           ###....###########..#######     earliest 2: the long pause at 0.6-1.4 is out
    cut = quietest_cut(talk(5, (0.6, 1.4), (3.4, 3.8)), earliest_s=2) / RATE
    assert 3.5 <= cut <= 3.7


def test_a_stop_consonant_is_no_pause() -> None:
    # A closure of 60 ms leaves 70% of a window's sound; the pause of 0.2 s leaves nothing.
    cut = quietest_cut(talk(4, (1.50, 1.56), (3.0, 3.2)), earliest_s=1) / RATE
    assert cut == pytest.approx(3.1, abs=0.02)


def test_too_short_to_cut() -> None:
    with pytest.raises(ValueError, match="nothing to cut"):
        quietest_cut(talk(1.1), earliest_s=1)
