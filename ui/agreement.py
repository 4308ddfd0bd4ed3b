"""Cohen's kappa by scikit-learn, which is loaded when two people compare their labels, and not before."""

from __future__ import annotations

from collections.abc import Sequence


def kappa(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Between -1 and 1; nan where both said the same to every case (Cohen 1960)."""
    from sklearn.metrics import cohen_kappa_score

    return float(cohen_kappa_score(first, second, labels=[False, True]))
