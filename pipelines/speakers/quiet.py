"""Lifting quiet talk, so that a student far from the microphone is heard beside a teacher who wears it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipelines.audio import RATE, Audio, Samples
from pipelines.speakers.networks import FRAME
from pipelines.speakers.windows import FRAME_S, Ids, runs

BLOCK = RATE // 10
"""Samples of which one level is taken: 0.1 s."""

WIDE_DB = 17.0
"""From this distance of the 90th to the 10th percentile of the levels on, somebody may talk too quietly to be heard."""

MOST_DB = 15.0
"""Quiet stretches are lifted by at most this; more lifts noise into speech."""

HOLD_BLOCKS = 5
"""The gain looks at the loudest block within this many to either side (1 s in all), so that it never pumps."""

WORTH_DB = 6.0
"""Where the gain is less, the first pass heard all there is."""

LEAST_S = 0.6
"""Shorter finds in lifted sound are mostly noise."""


def levels(audio: Audio) -> npt.NDArray[np.float32]:
    """Level of each 0.1 s in dB below full scale, read a minute at a time: [blocks]."""
    found = []
    for minute in range(0, audio.samples, 60 * RATE):
        samples = audio.read(minute / RATE, minute / RATE + 60)
        blocks = np.pad(samples, (0, -len(samples) % BLOCK)).reshape(-1, BLOCK)
        found.append(10 * np.log10((blocks**2).mean(axis=1) + 1e-10))
    return np.concatenate(found).astype(np.float32) if found else np.zeros(0, np.float32)


def gains(level: npt.NDArray[np.float32]) -> npt.NDArray[np.float32] | None:
    """How much to lift each 0.1 s, dB, towards the recording's loud talk: [blocks]. None where nobody is that quiet."""
    if not len(level):
        return None
    low, loud = np.percentile(level, [10, 90])
    if loud - low <= WIDE_DB:
        return None
    held = np.pad(level, HOLD_BLOCKS, mode="edge")
    loudest = np.lib.stride_tricks.sliding_window_view(held, 2 * HOLD_BLOCKS + 1).max(axis=1)
    return np.asarray(np.clip(loud - loudest, 0, MOST_DB), np.float32)


def lifted(samples: Samples, first: int, gain: npt.NDArray[np.float32]) -> Samples:
    """The `samples` from `first` on, lifted by `gain`, which runs straight from the middle of one block to the next."""
    at = (np.arange(first, first + len(samples)) + 0.5) / BLOCK - 0.5
    db = np.interp(at, np.arange(len(gain)), gain)
    return np.asarray(samples * 10 ** (db / 20), np.float32)


def unheard(voices: Ids, gain: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
    """Frames in which nobody was heard and the gain is `WORTH_DB` or more: [frames]."""
    middle = (np.arange(len(voices)) + 0.5) * FRAME / BLOCK - 0.5
    return np.asarray((voices[:, 0] < 0) & (np.interp(middle, np.arange(len(gain)), gain) >= WORTH_DB))


def add(voices: Ids, again: Ids, wanted: npt.NDArray[np.bool_]) -> None:
    """Put the voices heard in the lifted sound where they are wanted, for `LEAST_S` or longer. In place."""
    talk = wanted & (again[:, 0] >= 0)
    for first, end in runs(talk):
        if talk[first] and (end - first) * FRAME_S >= LEAST_S:
            voices[first:end] = again[first:end]
