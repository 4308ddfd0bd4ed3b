"""The part `text` of bench_measures.py: questions, kinds, restating and uptake on transcripts that people labelled.

Only measures: TalkMoves is licensed for non-commercial use, so nothing is trained on it or copied from it. Its lessons
are split in two by the SHA-256 of their names: the rules were tuned looking at the even half, and the odd half is only
reported on. In question_kinds.csv the names lack the files' ending, so its split is one of its own: what was looked at
are its labels of the even half alone. Uptake is scored by five folds of lessons (fit_uptake.py, MIT).

The truth of "is a question" is the transcriber's question mark, so that the peer, "ends with a question mark", is right
by construction where all marks are there. Word errors are made by a seeded draw of `WRONG`.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fit_uptake

from coaching.metrics.question_kinds import Kind
from coaching.metrics.question_rules import plain
from coaching.metrics.questions import classify, unmarked_questions
from coaching.metrics.uptake import restates

LABELS = {
    "whfact": Kind.WH_FACT,
    "mgmt": Kind.MANAGEMENT,
    "tag": Kind.TAG,
    "yesno": Kind.YES_NO,
    "open": Kind.OPEN,
    "reason": Kind.REASON,
    "check": Kind.CHECKING,
    "echo": Kind.ECHO,
    "relate": Kind.RELATING,
}
LOST = 0.3
"""Share of question marks that a recognizer leaves out in the middle condition."""
WRONG = {"deleted": 0.6, "substituted": 0.3, "inserted": 0.1}
"""Of a recognizer's word errors far from the microphone most are missing words (FIELD.md: "mostly deletions")."""
ERRORS = (0.0, 0.15, 0.30)
FEWEST_FOR_A_COUNT = 20
"""Of lessons with fewer questions than this the count is not judged: one more or less would be all of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of a lesson, what a student said just before it (empty: nothing), and its talk move."""

    lesson: str
    row: str
    text: str
    before: str
    move: str

    @property
    def asks(self) -> bool:
        return "?" in self.text


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, false alarms and misses; each number is None where there is nothing to divide by."""

    hits: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float | None:
        return _share(self.hits, self.hits + self.wrong)

    @property
    def recall(self) -> float | None:
        return _share(self.hits, self.hits + self.missed)

    @property
    def f1(self) -> float | None:
        return _share(2 * self.hits, 2 * self.hits + self.wrong + self.missed)


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def found(pairs: Iterable[tuple[bool, bool]]) -> Found:
    """From pairs of truth and guess."""
    counts = Counter(pairs)
    return Found(counts[True, True], counts[False, True], counts[True, False])


def held_out(lesson: str) -> bool:
    """Whether a lesson is only reported on, by its name alone."""
    return int(hashlib.sha256(lesson.encode()).hexdigest(), 16) % 2 == 1


def chance(*what: str) -> float:
    """A number from 0 to 1 that depends on nothing but `what`."""
    return int(hashlib.sha256("/".join(what).encode()).hexdigest()[:12], 16) / 16**12


def misheard(text: str, rate: float, others: Sequence[str], seed: str) -> str:
    """`text` with each word wrong at this rate: left out, another word (of `others`), or one more beside it."""
    draw, heard = random.Random(seed), list[str]()
    for word in text.split():
        at = draw.random() / rate if rate else 1.0
        if at >= 1:
            heard.append(word)
        elif at >= WRONG["deleted"]:
            heard += [draw.choice(others), *([word] if at >= WRONG["deleted"] + WRONG["substituted"] else [])]
    return " ".join(heard)


def read_lines(data: Path) -> list[Line]:
    """What a teacher says, sentence by sentence."""
    csv.field_size_limit(1 << 24)
    lines, last, before = list[Line](), "", ""
    with gzip.open(data / "lessons.tsv.gz", "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["role"] == "teacher" and plain(row["sentence"]):
                said = before if row["lesson"] == last else ""
                lines.append(Line(row["lesson"], row["row"], row["sentence"], said, row["move"]))
            before, last = (row["sentence"] if row["role"] == "student" else ""), row["lesson"]
    return lines


def held_out_lessons(data: Path) -> list[str]:
    return sorted({line.lesson for line in read_lines(data / "text" / "talkmoves") if held_out(line.lesson)})


def by_rules(line: Line, marked: bool, words: str) -> bool:
    """Ours: the mark where there is one, else the rules; only the sure ones where the recognizer writes marks."""
    return marked or any(True for _ in unmarked_questions(words))


def sure_rules(line: Line, marked: bool, words: str) -> bool:
    return marked or any(hit.sure for *_, hit in unmarked_questions(words, cut=False))


def by_mark(line: Line, marked: bool, words: str) -> bool:
    """The peer: a question ends with a question mark."""
    return marked


Marks = Callable[[Line], bool]
CONDITIONS: dict[str, tuple[Marks, Callable[[Line, bool, str], bool]]] = {
    "all marks": (lambda line: line.asks, sure_rules),
    "30% of marks lost": (lambda line: line.asks and chance(line.lesson, line.row, line.text) >= LOST, sure_rules),
    "no punctuation": (lambda line: False, by_rules),
}


def questions(lines: Sequence[Line], condition: str, rate: float, others: Sequence[str]) -> dict[str, Any]:
    """One row: ours and the peer, on the same words."""
    marks, ours = CONDITIONS[condition]
    heard = [
        (line, marks(line), misheard(plain(line.text), rate, others, f"{line.lesson}/{line.row}")) for line in lines
    ]
    guesses = [(line.asks, ours(line, marked, words)) for line, marked, words in heard]
    mine, peer = found(guesses), found((line.asks, by_mark(line, marked, words)) for line, marked, words in heard)
    missed = [line for line, (true, guess) in zip(lines, guesses, strict=True) if true and not guess]
    off = counts_off([(line.lesson, *guess) for line, guess in zip(lines, guesses, strict=True)])
    return {
        "task": "questions",
        "condition": condition,
        "word_errors": rate,
        "questions": mine.hits + mine.missed,
        "precision": mine.precision,
        "recall": mine.recall,
        "f1": mine.f1,
        "peer_f1": peer.f1,
        "missed_small": _share(sum(small(line.text) for line in missed), len(missed)),
        "count_off_mean": _share(sum(off), len(off)),
        "count_off_95": off[int(0.95 * len(off))] if off else None,
    }


def small(text: str) -> bool:
    """A single word or a tag: what the count leaves out, or no word order tells."""
    return len(plain(text).split()) == 1 or classify(text)[0] is Kind.TAG


def counts_off(guesses: Iterable[tuple[str, bool, bool]]) -> list[float]:
    """How far off each lesson's number of questions is, as a share of it, smallest first; from lesson, truth, guess."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for lesson, true, guess in guesses:
        counts[lesson].update(true=true, found=guess)
    enough = (c for c in counts.values() if c["true"] >= FEWEST_FOR_A_COUNT)
    return sorted(round(abs(c["found"] - c["true"]) / c["true"], 4) for c in enough)


def group(kind: Kind) -> str:
    """docs/measures.md's four kinds."""
    if kind.is_content:
        return "open" if kind.is_open else "closed"
    return "checking" if kind is Kind.CHECKING else "other"


def kinds(rows: Sequence[dict[str, str]], rate: float, others: Sequence[str]) -> dict[str, Any]:
    """Accuracy over four and nine kinds, and how well open questions are told."""
    pairs = []
    for row in rows:
        before = plain(row["prev1"][2:]) if row["prev1"].startswith("S:") else ""
        text = misheard(row["sentence"], rate, others, row["id"]) or "?"
        pairs.append((LABELS[row["label"]], classify(text, misheard(before, rate, others, row["id"]))[0]))
    wide = found((truth.is_open, guess.is_open) for truth, guess in pairs)
    return {
        "task": "kinds",
        "word_errors": rate,
        "questions": len(pairs),
        "four_kinds": _share(sum(group(truth) == group(guess) for truth, guess in pairs), len(pairs)),
        "nine_kinds": _share(sum(truth is guess for truth, guess in pairs), len(pairs)),
        "open_precision": wide.precision,
        "open_recall": wide.recall,
        "open_f1": wide.f1,
        "open_share": _share(wide.hits + wide.wrong, sum(guess.is_content for _, guess in pairs)),
        "open_share_true": _share(wide.hits + wide.missed, sum(truth.is_content for truth, _ in pairs)),
    }


def restating(lines: Sequence[Line], rate: float, others: Sequence[str]) -> dict[str, Any]:
    """Every teacher sentence: is it labelled as restating; does it restate what a student said just before it."""

    def heard(text: str, seed: str) -> str:
        return misheard(text, rate, others, seed)

    score = found(
        (
            line.move == "restating",
            bool(line.before)
            and restates(
                heard(line.before, f"{line.lesson}/{line.row}/s"), heard(line.text, f"{line.lesson}/{line.row}")
            ),
        )
        for line in lines
    )
    return {
        "task": "restating",
        "word_errors": rate,
        "moments": score.hits + score.missed,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
    }


def uptake(data: Path, rate: float, others: Sequence[str]) -> dict[str, Any]:
    """The mean over folds of the rank correlation with people's ratings."""
    heard = [
        (lesson, misheard(a, rate, others, f"{n}/s") or a, misheard(b, rate, others, f"{n}/t") or b, z)
        for n, (lesson, a, b, z) in enumerate(fit_uptake.rated(data / "text" / "uptake.csv"))
    ]
    folds = fit_uptake.by_folds(heard, fit_uptake.table(heard))
    return {
        "task": "uptake",
        "word_errors": rate,
        "exchanges": len(heard),
        "folds": [round(f, 3) for f in folds],
        "rank_correlation": _share(sum(folds), len(folds)),
    }


def measure(data: Path, quick: bool) -> list[dict[str, Any]]:
    """Every row on the half that is only reported on; `data` is the folder ../shared/data."""
    talk = data / "text" / "talkmoves"
    lines = [line for line in read_lines(talk) if held_out(line.lesson)][:: 10 if quick else 1]
    with (talk / "question_kinds.csv").open(newline="", encoding="utf-8") as file:
        labelled = [row for row in csv.DictReader(file) if held_out(row["lesson"])]
    others = sorted({word for line in lines for word in plain(line.text).split()})
    rows = [questions(lines, condition, 0.0, others) for condition in CONDITIONS]
    rows += [questions(lines, condition, rate, others) for rate in ERRORS[1:] for condition in list(CONDITIONS)[1:]]
    longer = [line for line in lines if not small(line.text)]
    rows.append({**questions(longer, "no punctuation", 0.0, others), "task": "questions without tags and single words"})
    rows += [kinds(labelled, rate, others) for rate in ERRORS]
    rows += [restating(lines, rate, others) for rate in ERRORS]
    rows += [uptake(data, rate, others) for rate in ERRORS]
    before = time.process_time()
    for line in lines:
        any(unmarked_questions(plain(line.text)))
    rows.append({"task": "speed", "sentences_per_cpu_second": round(len(lines) / (time.process_time() - before))})
    return rows
