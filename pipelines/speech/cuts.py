"""Cutting long speech into pieces a recognizer can take, at its quietest moments."""

from __future__ import annotations

import numpy as np

from pipelines.audio import RATE, Samples

HOP = RATE // 100
"""Loudness is looked at every 10 ms."""
QUIET = 20
"""In hops: a cut wants 0.2 s of quiet around it, which is between words and not the closure of a `t`."""


def quietest_cut(samples: Samples, earliest_s: float) -> int:
    """Where to cut `samples` [n], `earliest_s` or later: the middle of the quietest 0.2 s, as a number of samples.

    Raises ValueError where fewer than 0.2 s follow `earliest_s`.
    """
    first = round(earliest_s * RATE / HOP)
    power = np.square(samples[: len(samples) // HOP * HOP].reshape(-1, HOP)[first:]).mean(axis=1)
    smooth = np.convolve(power, np.full(QUIET, 1 / QUIET), mode="valid") if len(power) >= QUIET else power[:0]
    if not len(smooth):
        raise ValueError(f"nothing to cut after {earliest_s} s")
    return int(first + np.argmin(smooth) + QUIET // 2) * HOP
