"""The transcript of the report: chapters of turns, with questions, waits and unsure words marked where they are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from coaching.metrics.measure import Moment
from coaching.metrics.questions import Question
from coaching.quality import UNSURE_BELOW
from coaching.spans import clock, intersect, total
from coaching.transcript import Role, Transcript, Turn, Utterance

CHAPTER_S = 300.0
"""A heading every five minutes: the reader's place in a long lesson, and what a screen reader jumps by."""

PARAGRAPH_S = 40.0
"""A turn that runs on gets a new paragraph, with its own time, about this often."""

AT_ONCE_S = 0.5
"""An utterance that shares at least this much time with another voice says so."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row: (text, whether the recognizer was unsure) runs, and the question they are, if any.

    `question` is its id; `kind` is empty where the words were too unsure to tell.
    """

    runs: tuple[tuple[str, bool], ...]
    question: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """One utterance, as the reader sees it; no pieces where no words were recognizable.

    `unsure`: the recognizer was unsure of the whole, and rates no single words.
    """

    id: str
    pieces: tuple[Piece, ...]
    at_once: bool = False
    unsure: bool = False


@dataclass(slots=True)
class Paragraph:
    start: float
    said: list[Said] = field(default_factory=list)

    @property
    def time(self) -> str:
        return clock(self.start)


@dataclass(slots=True)
class Row:
    """One turn with the waits that follow it: (seconds, after a question or after a student)."""

    id: str
    role: Role
    name: str
    start: float
    paragraphs: list[Paragraph]
    waits: list[tuple[float, str]] = field(default_factory=list)


@dataclass(slots=True)
class Chapter:
    start: float
    rows: list[Row]

    @property
    def time(self) -> str:
        return clock(self.start)

    @property
    def height(self) -> int:
        """About how high it will be, in pixels, so that the page need not draw it to know where the next one is."""
        letters = sum(
            len(text) for r in self.rows for p in r.paragraphs for s in p.said for q in s.pieces for text, _ in q.runs
        )
        return 60 * len(self.rows) + letters // 3


class Anchors:
    """Where in the page a moment of the lesson is: the id of the utterance that is under way, or the last before."""

    def __init__(self, transcript: Transcript) -> None:
        self._starts = [u.span.start for u in transcript.utterances]

    def at(self, moment: float) -> str:
        """The id to link to. A hundredth of a second early still counts: spans are rounded on their way."""
        return f"u{max(1, bisect_right(self._starts, moment + 0.01))}"


def chapters(
    transcript: Transcript,
    names: Mapping[str, str],
    questions: Sequence[tuple[str, str, Question]],
    waits: Sequence[tuple[Moment, str]],
) -> list[Chapter]:
    """All turns of the lesson. `questions` are (id, kind in words, question); `waits` are (moment, which wait)."""
    utterances = transcript.utterances
    number = {id(u): n for n, u in enumerate(utterances)}
    asked: dict[int, list[tuple[str, str, Question]]] = {}
    for question in questions:
        asked.setdefault(number[id(question[2].utterance)], []).append(question)
    crowded = _at_once(transcript)
    rows: list[Row] = []
    row_of: dict[int, Row] = {}
    for n, turn in enumerate(transcript.turns, 1):
        row = Row(f"t{n}", turn.role, names[turn.speaker], turn.span.start, list(_paragraphs(turn)))
        for u in turn.utterances:
            at = number[id(u)]
            pieces = tuple(_pieces(u, asked.get(at, [])))
            paragraph = max((p for p in row.paragraphs if p.start <= u.span.start), key=lambda p: p.start)
            paragraph.said.append(Said(f"u{at + 1}", pieces, at in crowded, _unsure_as_a_whole(u)))
            row_of[at] = row
        rows.append(row)
    ends = sorted((u.span.end, n) for n, u in enumerate(utterances))
    for moment, which in waits:
        before = bisect_right(ends, (moment.span.start + 0.01, len(ends))) - 1
        if before >= 0 and moment.value is not None:
            row_of[ends[before][1]].waits.append((moment.value, which))
    return _grouped(rows)


def _paragraphs(turn: Turn) -> Iterator[Paragraph]:
    start = None
    for u in turn.utterances:
        if start is None or u.span.start - start >= PARAGRAPH_S:
            start = u.span.start
            yield Paragraph(start)


def _grouped(rows: Sequence[Row]) -> list[Chapter]:
    found: list[Chapter] = []
    for row in rows:
        start = row.start // CHAPTER_S * CHAPTER_S
        if not found or found[-1].start < start:
            found.append(Chapter(start, []))
        found[-1].rows.append(row)
    return found


def _at_once(transcript: Transcript) -> set[int]:
    """The indices of utterances that share `AT_ONCE_S` or more with another voice."""
    found: set[int] = set()
    running: list[int] = []
    for n, u in enumerate(transcript.utterances):
        running = [m for m in running if transcript.utterances[m].span.end > u.span.start]
        for m in running:
            if total(intersect([transcript.utterances[m].span], [u.span])) >= AT_ONCE_S:
                found |= {m, n}
        running.append(n)
    return found


def _pieces(utterance: Utterance, questions: Sequence[tuple[str, str, Question]]) -> Iterator[Piece]:
    """The text cut at its questions, each piece cut again where the recognizer becomes sure or unsure."""
    text = utterance.text
    unsure = _unsure_letters(utterance)
    at = 0
    for question_id, kind, question in questions:
        found = text.find(question.text, at)
        start, end = (found, found + len(question.text)) if found >= 0 else (at, len(text))
        if start > at:
            yield Piece(_runs(text, at, start, unsure))
        if end > start:
            yield Piece(_runs(text, start, end, unsure), question_id, kind)
        at = end
    if text[at:].strip():
        yield Piece(_runs(text, at, len(text), unsure))


def _unsure_letters(utterance: Utterance) -> list[tuple[int, int]]:
    """Stretches of the text, in letters, of the words that the recognizer was unsure of."""
    found: list[tuple[int, int]] = []
    at = 0
    for word in utterance.words:
        spot = word.text.strip()
        start = utterance.text.find(spot, at) if spot else -1
        if start < 0:
            continue
        at = start + len(spot)
        if word.confidence is not None and word.confidence < UNSURE_BELOW:
            found.append((start, at))
    return found


def _unsure_as_a_whole(utterance: Utterance) -> bool:
    """Whether the recognizer was unsure of the utterance, and did not say of which words."""
    sure, rated = utterance.confidence, any(w.confidence is not None for w in utterance.words)
    return bool(utterance.text) and not rated and sure is not None and sure < UNSURE_BELOW


def _runs(text: str, start: int, end: int, unsure: Sequence[tuple[int, int]]) -> tuple[tuple[str, bool], ...]:
    edges = sorted({start, end, *(e for span in unsure for e in span if start < e < end)})
    return tuple((text[a:b], any(low <= a and b <= high for low, high in unsure)) for a, b in pairwise(edges))
