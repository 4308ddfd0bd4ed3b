"""How well the question rules do on real lessons' transcripts, in text as a recognizer would give it.

    python scripts/bench_questions.py [--data ../shared/data/text/talkmoves] [--json FILE]

Only measures: the transcripts are licensed for non-commercial use, so nothing is trained on them or copied from them.
The lessons are split in two by the SHA-256 of their names. The rules were tuned looking at the even half; the odd half
was held out. "Without bare tags" leaves out what the count leaves out anyway: a lone "okay?", "right?" or single word.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from coaching.metrics import measure_lesson
from coaching.metrics.question_kinds import Kind
from coaching.metrics.question_rules import asks, plain
from coaching.metrics.questions import classify
from coaching.quality import AudioQuality
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance

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


def half(lesson: str) -> str:
    """`tuned` or `held out`, by the name of the lesson alone."""
    return "held out" if int(hashlib.sha256(lesson.encode()).hexdigest(), 16) % 2 else "tuned"


def chance(*what: str) -> float:
    """A number from 0 to 1 that depends on nothing but `what`."""
    return int(hashlib.sha256("/".join(what).encode()).hexdigest()[:12], 16) / 16**12


def teacher_lines(data: Path) -> Iterator[tuple[str, str, str]]:
    """Lesson, row and text of everything a teacher says."""
    csv.field_size_limit(1 << 24)
    with gzip.open(data / "lessons.tsv.gz", "rt", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["role"] == "teacher" and plain(row["sentence"]):
                yield row["lesson"], row["row"], row["sentence"]


def with_marks(lesson: str, row: str, text: str) -> bool:
    hit = asks(plain(text))
    return "?" in text or (hit is not None and hit.sure)


def with_some_marks(lesson: str, row: str, text: str) -> bool:
    hit = asks(plain(text))
    return ("?" in text and chance(lesson, row, text) >= LOST) or (hit is not None and hit.sure)


def without_punctuation(lesson: str, row: str, text: str) -> bool:
    return asks(plain(text)) is not None


CONDITIONS: dict[str, Callable[[str, str, str], bool]] = {
    "all marks": with_marks,
    "30% of marks lost": with_some_marks,
    "no punctuation": without_punctuation,
}


def found(lines: Iterable[tuple[str, str, str]], guess: Callable[[str, str, str], bool]) -> dict[str, float]:
    """Precision, recall and F1 of finding questions, and how far off a lesson's count is (lessons of 20 or more)."""
    hits = wrong = missed = 0
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for lesson, row, text in lines:
        is_one, taken = "?" in text, guess(lesson, row, text)
        hits += is_one and taken
        wrong += taken and not is_one
        missed += is_one and not taken
        counts[lesson].update(true=is_one, found=taken)
    off = sorted(abs(c["found"] - c["true"]) / c["true"] for c in counts.values() if c["true"] >= 20)
    return {
        "questions": hits + missed,
        "precision": hits / (hits + wrong),
        "recall": hits / (hits + missed),
        "f1": 2 * hits / (2 * hits + wrong + missed),
        "count_off_mean": sum(off) / len(off),
        "count_off_95": off[int(0.95 * len(off))],
    }


def group(kind: Kind) -> str:
    """docs/measures.md's four kinds."""
    if kind.is_content:
        return "open" if kind.is_open else "closed"
    return "checking" if kind is Kind.CHECKING else "other"


def kinds(rows: list[dict[str, str]]) -> dict[str, float]:
    """Accuracy over four and nine kinds, and how well open questions are told."""
    four = nine = hits = wrong = missed = 0
    shares: Counter[str] = Counter()
    for row in rows:
        before = plain(row["prev1"][2:]) if row["prev1"].startswith("S:") else ""
        guess, truth = classify(row["sentence"], before)[0], LABELS[row["label"]]
        four += group(guess) == group(truth)
        nine += guess is truth
        hits += guess.is_open and truth.is_open
        wrong += guess.is_open and not truth.is_open
        missed += truth.is_open and not guess.is_open
        shares.update(content=guess.is_content, open=guess.is_open, true_content=truth.is_content, true=truth.is_open)
    return {
        "questions": len(rows),
        "four_kinds": four / len(rows),
        "nine_kinds": nine / len(rows),
        "open_precision": hits / (hits + wrong),
        "open_recall": hits / (hits + missed),
        "open_f1": 2 * hits / (2 * hits + wrong + missed),
        "open_share": shares["open"] / shares["content"],
        "open_share_true": shares["true"] / shares["true_content"],
    }


def double_period() -> float:
    """CPU seconds for all measures of 90 minutes in which the teacher says something 1,350 times."""
    said = (("T", 0.0, 2.0, "What do you notice?"), ("S", 3.0, 4.0, "The heavy stone sinks to the ground."),
            ("T", 5.0, 7.0, "The stone sinks. Why?"))  # fmt: skip
    utterances = tuple(
        Utterance(Span(8.0 * i + start, 8.0 * i + end), who, text) for i in range(675) for who, start, end, text in said
    )
    speakers = (Speaker("T", Role.TEACHER), Speaker("S", Role.STUDENT))
    before = time.process_time()
    measure_lesson(Transcript(5400.0, speakers, utterances, "en"), AudioQuality(-20, -50))
    return time.process_time() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data/text/talkmoves"))
    parser.add_argument("--json", type=Path, help="also write the numbers here")
    asked = parser.parse_args()
    lines = list(teacher_lines(asked.data))
    with (asked.data / "question_kinds.csv").open(newline="", encoding="utf-8") as file:
        labelled = list(csv.DictReader(file))
    result: dict[str, dict[str, float]] = {}
    for name in ("tuned", "held out"):
        mine = [line for line in lines if half(line[0]) == name]
        longer = [line for line in mine if len(plain(line[2]).split()) > 1 and classify(line[2])[1] != "bare tag"]
        for condition, guess in CONDITIONS.items():
            result[f"{name}, {condition}"] = found(mine, guess)
            result[f"{name}, {condition}, without bare tags"] = found(longer, guess)
        result[f"{name}, kinds"] = kinds([row for row in labelled if half(row["lesson"]) == name])
    before = time.process_time()
    for _, _, text in lines:
        asks(plain(text))
    result["speed"] = {
        "sentences_per_cpu_second": len(lines) / (time.process_time() - before),
        "double_period_cpu_seconds": double_period(),
    }
    for name, numbers in result.items():
        print(f"{name:50}", "  ".join(f"{k} {v:.3f}" if v < 1 else f"{k} {v:.0f}" for k, v in numbers.items()))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
