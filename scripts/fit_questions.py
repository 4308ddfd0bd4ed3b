"""A linear model that tells questions without their mark: tried beside the rules, and not kept (docs/benchmarks.md).

    python scripts/fit_questions.py [--shared ../shared]

Logistic regression on the words of a sentence (runs of one to three, with its start and end), with and without the
rules' own answers and where the sentence stands in the teacher's turn. Learned from the teachers' sentences of the
MIT-licensed uptake.csv (Demszky et al. 2021) with their punctuation taken away; sentences of more than three words that
also stand in TalkMoves are left out, so that nothing is scored on what was learned. The threshold is the best of five
folds of lessons. Scored on the half of TalkMoves that is only reported on (bench_measures_text.py); nothing of it is
kept.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from bench_measures_text import Line, found, held_out, read_lines
from fit_uptake import FOLDS, fold
from scipy.optimize import minimize

from coaching.metrics.question_rules import plain
from coaching.metrics.questions import sentences, unmarked_questions

INVERSE_RIDGE = 0.3
FEWEST_TIMES = 3
"""A run of words that was seen less often than this is not learned."""
SMALL_TALK = 3
"""Everybody says "okay": sentences of so few words are no sign of a shared source."""
THRESHOLDS = np.arange(-1.5, 1.0, 0.1)


class Sample(NamedTuple):
    lesson: str
    words: str
    asks: bool
    first: bool
    last: bool


def learned_from(path: Path, known: set[str]) -> Iterator[Sample]:
    """Teachers' sentences and whether they had a question mark; none of the `known` ones."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            text = row["teacher_text"]
            said = [text[a:b] for a, b in sentences(text) if plain(text[a:b])]
            for n, sentence in enumerate(said):
                if plain(sentence) not in known or len(plain(sentence).split()) <= SMALL_TALK:
                    asks = sentence.rstrip("\"”’')]").endswith("?")
                    yield Sample(row["obs_id"], plain(sentence), asks, n == 0, n == len(said) - 1)


def scored_on(lines: Sequence[Line]) -> Iterator[Sample]:
    """The last sentence of a turn is one after which a student speaks, or the lesson ends."""
    for line, after in pairwise([*lines, None]):
        goes_on = after is not None and after.lesson == line.lesson and not after.before
        if line is not None:
            yield Sample(line.lesson, plain(line.text), line.asks, bool(line.before), not goes_on)


def features(sample: Sample, rules: bool, place: bool) -> set[str]:
    words = ["<", *sample.words.split(), ">"]
    found = {" ".join(words[i : i + n]) for n in (1, 2, 3) for i in range(len(words) - n + 1)}
    found.add(f"length:{min(len(words), 8)}")
    if rules:
        hits = [hit for *_, hit in unmarked_questions(sample.words)]
        found |= {f"rule:{hit.rule}" for hit in hits} or {"rule:none"}
        found.add(f"sure:{any(hit.sure for hit in hits)}")
    if place:
        found |= {f"place:{sample.first}{sample.last}", f"last:{sample.last}:{min(len(words), 8)}"}
    return found


def matrix(rows: Sequence[set[str]], columns: dict[str, int]) -> sp.csr_matrix:
    cells = [sorted(columns[name] for name in row if name in columns) for row in rows]
    ends = np.cumsum([0, *map(len, cells)])
    return sp.csr_matrix((np.ones(ends[-1]), np.concatenate(cells), ends), shape=(len(rows), len(columns)))


def fit(x: sp.csr_matrix, y: Any) -> tuple[Any, float]:
    """The weights and the constant of a ridge-penalized logistic regression."""
    sign = np.where(y, 1.0, -1.0)

    def loss(p: Any) -> tuple[float, Any]:
        margin = sign * (x @ p[:-1] + p[-1])
        slope = -sign / (1 + np.exp(margin))
        value = np.logaddexp(0, -margin).sum() + p[:-1] @ p[:-1] / (2 * INVERSE_RIDGE)
        return float(value), np.append(x.T @ slope + p[:-1] / INVERSE_RIDGE, slope.sum())

    p = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 300}).x
    return p[:-1], p[-1]


def f1(truth: Any, guess: Any) -> float:
    return found(zip(truth.tolist(), guess.tolist(), strict=True)).f1 or 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    data = parser.parse_args().shared / "data" / "text"
    lines = read_lines(data / "talkmoves")
    train = list(learned_from(data / "uptake.csv", {plain(line.text) for line in lines}))
    test = list(scored_on([line for line in lines if held_out(line.lesson)]))
    y, truth = np.array([s.asks for s in train]), np.array([s.asks for s in test])
    folds = np.array([fold(s.lesson) for s in train])
    print(f"learned from {len(train)} sentences, {y.sum()} of them questions; scored on {len(test)}")
    print("the rules alone", f1(truth, np.array([any(True for _ in unmarked_questions(s.words)) for s in test])))
    for name, rules, place in (("model alone", 0, 0), ("model with rules", 1, 0), ("with rules and place", 1, 1)):
        seen = [features(s, bool(rules), bool(place)) for s in train]
        counts = Counter(f for row in seen for f in row)
        columns = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= FEWEST_TIMES))}
        x, margins = matrix(seen, columns), np.zeros(len(train))
        for k in range(FOLDS):
            w, b = fit(x[folds != k], y[folds != k])
            margins[folds == k] = x[folds == k] @ w + b
        best = max(THRESHOLDS, key=lambda t, margins=margins: f1(y, margins > t))
        w, b = fit(x, y)
        guess = matrix([features(s, bool(rules), bool(place)) for s in test], columns) @ w + b > best
        print(f"{name}: {len(columns)} features, threshold {best:.1f}, its folds {f1(y, margins > best)}", end="")
        print(f", held out {f1(truth, guess)}")


if __name__ == "__main__":
    main()
