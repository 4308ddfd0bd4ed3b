"""How far a hypothesis is from the truth: speakers, roles, gaps and talk shares. Used by the benchmarks; tested itself.

Diarization error rate is pyannote.metrics'. Truth and hypothesis are both taken with a speaker's own pauses under
0.5 s filled (docs/measures), which is what the measures count.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyannote.core import Annotation, Timeline
from pyannote.core import Segment as PSegment
from pyannote.metrics.diarization import DiarizationErrorRate

from coaching.spans import Span, cover, gaps, intersect, overlap, subtract, total
from coaching.transcript import Segment


@dataclass(frozen=True)
class Errors:
    """Diarization error rate and its parts, as shares of the seconds of speech in the truth."""

    der: float
    miss: float
    false_alarm: float
    confusion: float


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
    segments = []
    for line in path.read_text().splitlines():
        field = line.split()
        if field and field[0] == "SPEAKER":
            start, seconds = float(field[3]), float(field[4])
            segments.append(Segment(Span(start, start + seconds), field[7]))
    return sorted(segments, key=lambda s: s.span)


def diarization_errors(
    truth: Sequence[Segment], found: Sequence[Segment], duration: float, collar: float = 0
) -> Errors:
    """DER with overlap counted; `collar` seconds either side of each true boundary are not scored."""
    # pyannote.metrics' collar is the whole width, ours each side.
    metric = DiarizationErrorRate(collar=2 * collar, skip_overlap=False)
    parts = metric(_annotation(truth), _annotation(found), uem=Timeline([PSegment(0, duration)]), detailed=True)
    whole = parts["total"]
    return Errors(
        parts["diarization error rate"],
        parts["missed detection"] / whole,
        parts["false alarm"] / whole,
        parts["confusion"] / whole,
    )


def teacher_share(spans: Sequence[Segment], teacher: set[str]) -> float:
    """100 S_T / (S_T + S_S); overlap counts for both."""
    mine = total(cover(s.span for s in spans if s.speaker in teacher))
    others = total(cover(s.span for s in spans if s.speaker not in teacher))
    return 100 * mine / (mine + others)


def silence(spans: Sequence[Segment], duration: float) -> float:
    """100 (D - union of speech) / D."""
    return 100 * (1 - total(cover(s.span for s in spans)) / duration)


def right_role(truth: Sequence[Segment], found: Sequence[Segment], true_teacher: str, teacher: str | None) -> float:
    """The share of detected seconds of true single-speaker speech that carry the right role, and only that."""
    apart = subtract([s.span for s in truth], overlap(s.span for s in truth))
    right = detected = 0.0
    for is_teacher in (True, False):
        here = intersect(apart, [s.span for s in truth if (s.speaker == true_teacher) is is_teacher])
        said = {mine: [s.span for s in found if (s.speaker == teacher) is mine] for mine in (True, False)}
        right += total(intersect(here, subtract(said[is_teacher], said[not is_teacher])))
        detected += total(intersect(here, [s.span for s in found]))
    return right / detected


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


def _annotation(segments: Sequence[Segment]) -> Annotation:
    annotation = Annotation()
    for track, s in enumerate(segments):
        annotation[PSegment(s.span.start, s.span.end), track] = s.speaker
    return annotation
