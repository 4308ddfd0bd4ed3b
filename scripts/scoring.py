"""What the benchmarks score beside the product's own scorer (pipelines/evaluation/scorer.py): pauses and talk shares.

Truth and hypothesis are both taken with a speaker's own pauses under 0.5 s filled (docs/measures), which is what the
measures count.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from coaching.readers.rttm import rttm
from coaching.spans import Span, cover, gaps, total
from coaching.transcript import Role, Segment
from pipelines.evaluation import scorer


@dataclass(frozen=True)
class GapScore:
    """Pauses between speech (of anybody) of `shortest` seconds or more, found where both overlap by half or more."""

    true: int
    found: int
    claimed: int
    right: int
    edge_s: float | None

    @property
    def recall(self) -> float | None:
        return self.found / self.true if self.true else None

    @property
    def precision(self) -> float | None:
        return self.right / self.claimed if self.claimed else None


def read_rttm(path: Path) -> list[Segment]:
    """The segments of an RTTM file, in order."""
    lines = rttm(path.read_bytes(), path.name)
    return sorted((Segment(Span(s.start or 0.0, s.end or 0.0), s.speaker) for s in lines), key=lambda s: s.span)


def diarization_errors(
    truth: Sequence[Segment], found: Sequence[Segment], duration: float, collar: float = 0
) -> scorer.Errors:
    """The product's, over a whole recording of `duration` seconds."""
    return scorer.diarization_errors(truth, found, Span(0, duration), collar)


def right_role(truth: Sequence[Segment], found: Sequence[Segment], true_teacher: str, teacher: str | None) -> float:
    """The product's share of seconds of the right role, everybody but the teacher being a student."""
    score = scorer.role_score(
        [(s.span, Role.TEACHER if s.speaker == true_teacher else Role.STUDENT) for s in truth],
        [(s.span, Role.TEACHER if s.speaker == teacher else Role.STUDENT) for s in found],
    )
    assert score.right is not None, "nothing was detected"
    return score.right


def teacher_share(spans: Sequence[Segment], teacher: set[str]) -> float:
    """100 S_T / (S_T + S_S); overlap counts for both."""
    mine = total(cover(s.span for s in spans if s.speaker in teacher))
    others = total(cover(s.span for s in spans if s.speaker not in teacher))
    return 100 * mine / (mine + others)


def silence(spans: Sequence[Segment], duration: float) -> float:
    """100 (D - union of speech) / D."""
    return 100 * (1 - total(cover(s.span for s in spans)) / duration)


def gap_score(truth: Sequence[Segment], found: Sequence[Segment], duration: float, shortest: float) -> GapScore:
    """How well pauses of `shortest` seconds or more are found, and the median error of their edges."""
    whole = Span(0, duration)
    true = gaps([s.span for s in truth], whole)
    claimed = gaps([s.span for s in found], whole)
    hits = [(t, c) for t in true if t.duration >= shortest for c in _matching(t, claimed)]
    right = [c for c in claimed if c.duration >= shortest and _matching(c, true)]
    edges = [abs(a - b) for t, c in hits for a, b in ((t.start, c.start), (t.end, c.end))]
    return GapScore(
        sum(t.duration >= shortest for t in true),
        len(hits),
        sum(c.duration >= shortest for c in claimed),
        len(right),
        statistics.median(edges) if edges else None,
    )


def _matching(gap: Span, others: Sequence[Span]) -> list[Span]:
    """The gap among `others` whose overlap with `gap` is at least half of their union, if there is one."""
    return [o for o in others if (shared := gap & o) and shared.duration >= 0.5 * (gap | o).duration][:1]
