"""Windows drawn frame by frame would be 589 characters wide: here a window is drawn in blocks of one hop (148 frames).

window 0  |abcd|          each window has four blocks (the last one three frames short),
window 1   |abcd|         and each next one begins a block later
"""

from __future__ import annotations

import numpy as np

from pipelines.speakers.windows import HOP_FRAMES, WINDOW_FRAMES, runs, timeline, tracklets


def windows(*drawn: tuple[str, str, str]) -> np.ndarray:
    """One window of three local voices each: '#' talks for a block, '.' is silent."""
    blocks = np.array([[[c == "#" for c in voice] for voice in window] for window in drawn], np.uint8)
    return np.repeat(blocks, HOP_FRAMES, axis=2)[:, :, :WINDOW_FRAMES].transpose(0, 2, 1)


def blocks(labels: np.ndarray) -> list[int]:
    """The label in the middle of each block."""
    return labels[HOP_FRAMES // 2 :: HOP_FRAMES].tolist()


def test_a_voice_is_followed_under_another_number() -> None:
    # the same sound: ##..# ; window 1 calls the first voice its third
    ids = tracklets(windows(("##..", "..##", "...."), ("....", ".##.", "#..#")))
    assert ids[1, 2] == ids[0, 0]
    assert ids[1, 1] == ids[0, 1]


def test_voices_that_share_too_little_are_not_one() -> None:
    # window 0 hears one voice in blocks 1 2 3, window 1 hears two: 1 and 2 3. The 2-block half shares 2 of 3: the
    # same; the other one found nobody left.
    ids = tracklets(windows((".###", "....", "...."), ("#...", ".##.", "....")))
    assert ids[1, 1] == ids[0, 0]
    assert ids[1, 0] not in ids[0]


def test_the_timeline_is_what_most_windows_say() -> None:
    #  block     0 1 2 3 4 5
    #  window 0 |# # . .|
    #  window 1   |# . . .|
    #  window 2     |. . . #|      block 1: heard twice of twice; 2 to 4: never; 5: by the last one, alone
    local = windows(("##..", "....", "...."), ("#...", "....", "...."), ("...#", "....", "...."))
    voices = timeline(local, tracklets(local), 6 * HOP_FRAMES - 3)
    assert [v >= 0 for v in blocks(voices[:, 0])] == [True, True, False, False, False, True]
    assert (voices[:, 1] == -1).all()


def test_two_at_once_are_both_on_the_timeline() -> None:
    local = windows(("##..", ".##.", "...."))
    voices = timeline(local, tracklets(local), 4 * HOP_FRAMES - 3)
    a, b = blocks(voices[:, 0])[0], blocks(voices[:, 0])[2]
    assert {a, b} == set(voices[HOP_FRAMES + 74].tolist())
    assert voices[74].tolist() == [a, -1]
    assert voices[-1].tolist() == [-1, -1]


def test_runs() -> None:
    #                          0  1  2  3  4
    assert runs(np.array([7, 7, 3, 3, 7], np.int32)) == [(0, 2), (2, 4), (4, 5)]
    assert runs(np.zeros(0, np.int32)) == []
