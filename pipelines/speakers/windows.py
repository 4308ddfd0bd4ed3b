"""From overlapping windows to one timeline: who of the window's own voices is whom in the next one, frame by frame."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import numpy.typing as npt

from pipelines.audio import RATE
from pipelines.speakers.networks import FRAME, LOCAL_SPEAKERS, WINDOW_FRAMES

Ids = npt.NDArray[np.int32]

HOP_FRAMES = 148
"""Frames from one window to the next: 2.4975 s. With 1.25 s nothing is gained, 5 s is slightly worse."""

HOP = HOP_FRAMES * FRAME
"""The same in samples; a whole number of frames, so that the windows' frames fall on one grid."""

FRAME_S = FRAME / RATE

FIRST_FRAME_S = 0.0225
"""Where the first frame of a window begins, seconds after the window: the network looks around each frame."""

MOST_AT_ONCE = 2
"""Voices at once that the timeline holds. The network was trained on at most two in a frame."""

_ORDERS = tuple(permutations(range(LOCAL_SPEAKERS)))


def tracklets(local: npt.NDArray[np.uint8]) -> Ids:
    """Follow each local voice through neighbouring windows, as far as they agree.

    `local` is [windows, 589, 3]; the result [windows, 3] gives each local voice its tracklet, from 0. Two voices of
    neighbouring windows are one where they share at least 6 frames (0.1 s), half of the shorter and 30% of the longer.
    """
    ids = np.zeros(local.shape[::2], np.int32)
    following = 0
    for w in range(len(local)):
        mine = local[w, : WINDOW_FRAMES - HOP_FRAMES].astype(np.int32)
        kept: dict[int, int] = {}
        if w:
            theirs = local[w - 1, HOP_FRAMES:].astype(np.int32)
            common = theirs.T @ mine
            order = max(_ORDERS, key=lambda o: sum(int(common[i, j]) for i, j in enumerate(o)))
            before, now = theirs.sum(axis=0), mine.sum(axis=0)
            for i, j in enumerate(order):
                short, long = sorted((int(before[i]), int(now[j])))
                if common[i, j] >= max(6, 0.5 * short, 0.3 * long):
                    kept[j] = int(ids[w - 1, i])
        for j in range(LOCAL_SPEAKERS):
            if j in kept:
                ids[w, j] = kept[j]
            else:
                ids[w, j] = following
                following += 1
    return ids


def timeline(local: npt.NDArray[np.uint8], ids: Ids, frames: int) -> Ids:
    """The tracklets that talk in each frame of the recording, strongest first, -1 for none: [frames, 2].

    Windows overlap; each frame takes the windows' mean, weighted so that a window's middle counts most. As many
    tracklets talk as the windows say on average, rounded.
    """
    weight = np.hamming(WINDOW_FRAMES).astype(np.float32)
    voices = np.full((frames, MOST_AT_ONCE), -1, np.int32)
    reach = -(-WINDOW_FRAMES // HOP_FRAMES)
    for block in range(-(-frames // HOP_FRAMES)):
        first = block * HOP_FRAMES
        length = min(HOP_FRAMES, frames - first)
        near = range(max(0, block - reach + 1), min(block, len(local) - 1) + 1)
        names = np.unique(ids[near.start : near.stop])
        strength = np.zeros((len(names), length), np.float32)
        seen = np.zeros(length, np.float32)
        for w in near:
            at = first - w * HOP_FRAMES
            part = local[w, at : at + length]
            share = weight[at : at + length]
            seen[: len(part)] += share
            for j in range(LOCAL_SPEAKERS):
                strength[np.searchsorted(names, ids[w, j]), : len(part)] += part[:, j] * share[: len(part)]
        strength /= np.maximum(seen, 1e-6)
        count = np.minimum(np.rint(strength.sum(axis=0)), MOST_AT_ONCE)
        strongest = np.argsort(-strength, axis=0, kind="stable")
        for k in range(min(MOST_AT_ONCE, len(names))):
            talks = count > k
            voices[first : first + length, k][talks] = names[strongest[k]][talks]
    return voices


def runs(label: npt.NDArray[np.int32] | npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Maximal stretches of equal label, [first, end), in order; together they are the whole of `label`, shape [n]."""
    if not len(label):
        return []
    edges = np.flatnonzero(label[1:] != label[:-1]) + 1
    bounds = [0, *edges.tolist(), len(label)]
    return list(pairwise(bounds))
