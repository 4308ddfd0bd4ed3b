"""Lifting quiet talk: the levels are dB, a number for each 0.1 s."""

from __future__ import annotations

import numpy as np

from pipelines.speakers.quiet import BLOCK, add, gains, lifted, unheard


def test_even_talk_is_left_alone() -> None:
    assert gains(np.array([-30.0] * 50 + [-20.0] * 50, np.float32)) is None
    assert gains(np.zeros(0, np.float32)) is None


def test_quiet_stretches_are_lifted_towards_the_loud_ones_by_at_most_15_db() -> None:
    # 20 blocks at -20, 20 at -30, 60 at -60: 90th percentile -20, 10th -60: 40 dB apart
    level = np.array([-20.0] * 20 + [-30.0] * 20 + [-60.0] * 60, np.float32)
    gain = gains(level)
    assert gain is not None
    assert gain[10] == 0  # loud already
    assert gain[30] == 10  # -30 to -20
    assert gain[80] == 15  # 40 would be too much
    assert gain[22] == 0  # within half a second of the loud talk, so that the gain does not pump
    assert gain[26] == 10


def test_a_gain_of_20_db_is_ten_times() -> None:
    samples = np.full(4 * BLOCK, 0.01, np.float32)
    assert np.allclose(lifted(samples, 0, np.full(4, 20.0, np.float32)), 0.1)
    # from the middle of block 0 (0 dB) straight to the middle of block 1 (20 dB): half way is 10 dB
    ramp = lifted(samples, 0, np.array([0.0, 20.0], np.float32))
    assert np.isclose(ramp[BLOCK], 0.01 * 10**0.5, rtol=1e-3)


def test_lifted_finds_are_added_only_where_nobody_was_heard_and_it_is_quiet() -> None:
    # frames     0..49   50..99   100..149    block = 1600 samples = 5.93 frames; the gain is 15 dB from frame 100 on
    voices = np.full((150, 2), -1, np.int32)
    voices[:50, 0] = 1
    gain = np.where(np.arange(26) >= 16, 15.0, 0.0).astype(np.float32)
    wanted = unheard(voices, gain)
    assert not wanted[:90].any()
    assert wanted[105:].all()

    again = np.full((150, 2), -1, np.int32)
    again[30:145, 0] = 7
    add(voices, again, wanted)
    assert (voices[:50, 0] == 1).all()
    assert (voices[50:90, 0] == -1).all()
    assert (voices[105:145, 0] == 7).all()


def test_a_short_find_in_lifted_sound_is_noise() -> None:
    voices, again = np.full((100, 2), -1, np.int32), np.full((100, 2), -1, np.int32)
    again[10:40, 0] = 3  # 30 frames = 0.51 s < 0.6 s
    add(voices, again, np.ones(100, bool))
    assert (voices == -1).all()
