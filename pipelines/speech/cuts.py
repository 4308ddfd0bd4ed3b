"""Cutting speech into pieces a recognizer can take: with its soft edges, long speech at its quietest moments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from math import inf

import numpy as np

from coaching.spans import Span
from pipelines.audio import RATE, Samples

PAD_S = 0.15
"""Sound read on each side of a span: a diarizer cuts soft first and last sounds off."""

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


def with_padding(spans: Sequence[Span], duration: float) -> list[Span]:
    """Each span with up to `PAD_S` more on either side, but not past the middle of the gap to other speech.

    What lies outside the recording, 0 to `duration` seconds, is left out.
    """
    by_start = sorted(spans)
    starts = [s.start for s in by_start]
    last_end = list(accumulate((s.end for s in by_start), max))
    padded = []
    for span in spans:
        earlier, later = bisect_left(starts, span.start), bisect_right(starts, span.start)
        left = span.start - last_end[earlier - 1] if earlier else inf
        right = starts[later] - span.end if later < len(starts) else inf
        start = min(max(0.0, span.start - _pad(left)), duration)
        padded.append(Span(start, max(start, min(span.end + _pad(right), duration))))
    return padded


def _pad(gap: float) -> float:
    return min(PAD_S, max(0.0, gap / 2))
