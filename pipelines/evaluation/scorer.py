"""How far who-spoke-when is from the truth: the diarization error rate and its parts, and roles. The only scorer.

The benchmarks use it too (scripts/scoring.py). The tests hold it against pyannote.metrics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import linear_sum_assignment

from coaching.spans import Span, cover, intersect, overlap, subtract, total
from coaching.transcript import Role, Segment


@dataclass(frozen=True, slots=True)
class Errors:
    """Seconds of each error, and of speech in the truth (`speech_s`): they add up over lessons, the shares do not.

    The shares are those of `speech_s`; None where nobody speaks in the truth.
    """

    miss_s: float
    false_alarm_s: float
    confusion_s: float
    speech_s: float

    @property
    def der(self) -> float | None:
        return self._share(self.miss_s + self.false_alarm_s + self.confusion_s)

    @property
    def miss(self) -> float | None:
        return self._share(self.miss_s)

    @property
    def false_alarm(self) -> float | None:
        return self._share(self.false_alarm_s)

    @property
    def confusion(self) -> float | None:
        return self._share(self.confusion_s)

    def _share(self, seconds: float) -> float | None:
        return seconds / self.speech_s if self.speech_s > 0 else None


@dataclass(frozen=True, slots=True)
class RoleScore:
    """Detected seconds of true single-voice speech of each role, and those that carry the right role and only that."""

    teacher_s: float
    teacher_right_s: float
    student_s: float
    student_right_s: float

    @property
    def right(self) -> float | None:
        """The share that carries the right role; None where nothing was detected."""
        return _part(self.teacher_right_s + self.student_right_s, self.teacher_s + self.student_s)

    @property
    def teacher_right(self) -> float | None:
        return _part(self.teacher_right_s, self.teacher_s)

    @property
    def student_right(self) -> float | None:
        return _part(self.student_right_s, self.student_s)


def diarization_errors(truth: Sequence[Segment], found: Sequence[Segment], within: Span, collar: float = 0.0) -> Errors:
    """Missed speech, false alarm and confusion inside `within`, overlap counted (NIST RT-09; Bredin 2017).

    At a moment with r true voices and f found ones, max(0, r - f) are missed, max(0, f - r) are false alarms, and of
    the min(r, f) others those are confused whose voice is not the true one, voices being paired so that most seconds
    agree (Kuhn and Munkres' assignment). `collar` seconds either side of each boundary in the truth are not scored. One
    voice does not overlap with itself. Filling short pauses is the caller's business.
    """
    edges = [edge for s in truth if s.span.duration > 0 for edge in (s.span.start, s.span.end)]
    unscored = [Span(edge - collar, edge + collar) for edge in edges] if collar > 0 else []
    scored = subtract([within], unscored)
    r, f = _activity(truth, scored), _activity(found, scored)
    moments = sorted({t for voices in (r, f) for spans in voices for s in spans for t in (s.start, s.end)})
    length = np.diff(moments) if len(moments) > 1 else np.zeros(0)
    true, claimed = (np.array([_inside(spans, moments) for spans in voices], dtype=float) for voices in (r, f))
    true, claimed = true.reshape(len(r), len(length)), claimed.reshape(len(f), len(length))
    together = (true * length) @ claimed.T
    correct = float(together[linear_sum_assignment(together, maximize=True)].sum())
    many_true, many_claimed = true.sum(axis=0), claimed.sum(axis=0)
    both = float((np.minimum(many_true, many_claimed) * length).sum())
    return Errors(
        miss_s=float((np.maximum(0, many_true - many_claimed) * length).sum()),
        false_alarm_s=float((np.maximum(0, many_claimed - many_true) * length).sum()),
        confusion_s=max(0.0, both - correct),
        speech_s=float((many_true * length).sum()),
    )


def role_score(truth: Sequence[tuple[Span, Role]], found: Sequence[tuple[Span, Role]]) -> RoleScore:
    """How much of the detected speech carries the right role. Where several speak in the truth is left out.

    Speech of a voice that is found to be of unknown role is detected, and not right.
    """
    apart = subtract([span for span, _ in truth], overlap(span for span, _ in truth))
    heard = cover(span for span, _ in found)

    def seconds(role: Role) -> tuple[float, float]:
        here = intersect(apart, [span for span, r in truth if r is role])
        said = subtract([s for s, r in found if r is role], [s for s, r in found if r is not role])
        return total(intersect(here, heard)), total(intersect(here, said))

    return RoleScore(*seconds(Role.TEACHER), *seconds(Role.STUDENT))


def _activity(segments: Sequence[Segment], scored: Sequence[Span]) -> list[list[Span]]:
    """Where each voice speaks inside what is scored: disjoint spans, one list a voice."""
    voices: dict[str, list[Span]] = {}
    for s in segments:
        voices.setdefault(s.speaker, []).append(s.span)
    return [intersect(spans, scored) for spans in voices.values()]


def _inside(spans: Sequence[Span], moments: Sequence[float]) -> list[bool]:
    """For each stretch between two `moments`, whether the disjoint `spans`, whose edges are among them, cover it."""
    found, i = [], 0
    for start, _ in pairwise(moments):
        while i < len(spans) and spans[i].end <= start:
            i += 1
        found.append(i < len(spans) and spans[i].start <= start)
    return found


def _part(part: float, whole: float) -> float | None:
    return part / whole if whole > 0 else None
