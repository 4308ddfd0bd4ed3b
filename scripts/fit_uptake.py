"""The weights of `coaching.metrics.uptake.WEIGHTS`: a ridge regression on people's ratings of uptake.

    python scripts/fit_uptake.py [--data ../shared/data/text/uptake.csv]

Learned from the MIT-licensed ratings of Demszky et al. (2021) alone. Prints the weights, and Spearman's rank
correlation with people's ratings where each fifth of the lessons was held out.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from coaching.metrics.question_rules import plain
from coaching.metrics.uptake import uptake_features

FOLDS = 5
RIDGE = 50.0
"""Little hangs on it: 1 to 200 give correlations within .003 of each other."""

Rated = tuple[str, str, str, float]
"""Lesson, the student's words, the teacher's words, how people rated the uptake (z-scores)."""
Floats = NDArray[np.float64]


def rated(path: Path) -> list[Rated]:
    """Every exchange that people rated and in which both said something."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [(r["obs_id"], r["student_text"], r["teacher_text"], r["uptake_zscore"]) for r in csv.DictReader(file)]
    return [(lesson, a, b, float(z)) for lesson, a, b, z in rows if z and plain(a) and plain(b)]


def fold(lesson: str) -> int:
    """0 to 4, by the lesson alone, so that no lesson is on both sides."""
    return int(hashlib.sha256(lesson.encode()).hexdigest(), 16) % FOLDS


def fit(features: Floats, ratings: Floats, ridge: float = RIDGE) -> Floats:
    """Ridge regression on standardized features; the weights are for the features as they are. No constant: it would
    change no order."""
    mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-9
    scaled = (features - mean) / spread
    weights = np.linalg.solve(
        scaled.T @ scaled + ridge * np.eye(scaled.shape[1]), scaled.T @ (ratings - ratings.mean())
    )
    return np.asarray(weights / spread)


def by_folds(exchanges: list[Rated], features: Floats) -> list[float]:
    """The rank correlation in each fold, with weights from the others."""
    folds, ratings = np.array([fold(e[0]) for e in exchanges]), np.array([e[3] for e in exchanges])
    return [
        float(spearmanr(features[folds == k] @ fit(features[folds != k], ratings[folds != k]), ratings[folds == k])[0])
        for k in range(FOLDS)
    ]


def table(exchanges: list[Rated]) -> Floats:
    return np.array([uptake_features(student, teacher) for _, student, teacher, _ in exchanges])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/text/uptake.csv"))
    exchanges = rated(parser.parse_args().data)
    features = table(exchanges)
    print("WEIGHTS =", tuple(round(float(w), 3) for w in fit(features, np.array([e[3] for e in exchanges]))))
    found = by_folds(exchanges, features)
    print(len(exchanges), "exchanges; by folds", " ".join(f"{r:.3f}" for r in found), f"mean {sum(found) / FOLDS:.3f}")


if __name__ == "__main__":
    main()
