"""The median and its range, for measures that are the usual length of something."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb
from statistics import median

from coaching.metrics.measure import Interval

SAYS_MEDIAN = "chance: the middle of a few moments could have fallen elsewhere"


def median_interval(values: Sequence[float]) -> Interval:
    """A 95% interval of the median that assumes nothing of how the values are spread.

    The k-th smallest and the k-th largest value, with the largest k for which P(Binomial(n, 1/2) < k) <= .025 (David
    and Nagaraja, Order Statistics, 2003, section 7.1). Under six values no k is enough; then it is all that was seen,
    from the least to the most, and `source` says so. Raises ValueError for no values.

    >>> median_interval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).low
    2
    """
    if not values:
        raise ValueError("no values have no median")
    ordered, n = sorted(values), len(values)
    k, tail = 0, 1  # tail: outcomes of n coins with at most k heads
    while tail / 2**n <= 0.025:
        k += 1
        tail += comb(n, k)
    if k == 0:
        return Interval(ordered[0], ordered[-1], "all that was seen, from the least to the most: too few for a range")
    return Interval(ordered[k - 1], ordered[n - k], SAYS_MEDIAN)


__all__ = ["median", "median_interval"]
