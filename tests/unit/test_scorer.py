"""The product's own diarization error rate is pyannote.metrics', on drawn and on random lessons."""

from __future__ import annotations

import random

import pytest
from pyannote.core import Annotation, Timeline
from pyannote.core import Segment as PSegment
from pyannote.metrics.diarization import DiarizationErrorRate

from coaching.spans import Span
from coaching.transcript import Role, Segment
from pipelines.evaluation.scorer import diarization_errors, role_score


def drawn(*lines: str) -> list[Segment]:
    """Segments from lines of characters, one a second: a run of a letter is a segment of the voice of that letter."""
    found = []
    for line in lines:
        start = 0
        for i in range(1, len(line) + 1):
            if i == len(line) or line[i] != line[start]:
                if line[start] != ".":
                    found.append(Segment(Span(float(start), float(i)), line[start]))
                start = i
    return found


def theirs(truth: list[Segment], found: list[Segment], within: Span, collar: float) -> tuple[float, ...]:
    def annotation(segments: list[Segment]) -> Annotation:
        made = Annotation()
        for track, s in enumerate(segments):
            made[PSegment(s.span.start, s.span.end), track] = s.speaker
        return made

    metric = DiarizationErrorRate(collar=2 * collar, skip_overlap=False)  # theirs is the whole width
    scored = Timeline([PSegment(within.start, within.end)])
    parts = metric(annotation(truth), annotation(found), uem=scored, detailed=True)
    return parts["missed detection"], parts["false alarm"], parts["confusion"], parts["total"]


def ours(truth: list[Segment], found: list[Segment], within: Span, collar: float) -> tuple[float, ...]:
    e = diarization_errors(truth, found, within, collar)
    return e.miss_s, e.false_alarm_s, e.confusion_s, e.speech_s


DRAWINGS = [
    (("ttttt.....",), ("aaaaa.....",)),
    (("ttttt.....",), (".....aaaaa",)),
    (("tttsss....", "..uu......"), ("aaaaaabb..", "..b.......")),
    (("ttt.ttt.ss",), ("aaabbb.aaa", "....ccc...")),
    (("ttttttttss", "sssss....."), ("aaaaabbbbb", "bbbb......")),
    (("tu" * 5,), ("ab" * 5,)),
    (("t" * 10,), ("abcdefghij",)),
    (("abcdefghij",), ("t" * 10,)),
    (("t........s",), ("..........",)),
    (("aabbcc....", "bbccaa...."), ("xxyyzz....", "zzxxyy....")),
]


@pytest.mark.parametrize("collar", [0, 0.25, 0.6])
@pytest.mark.parametrize(("truth", "found"), DRAWINGS)
def test_drawn_lessons_are_scored_as_theirs(truth, found, collar):
    lesson = Span(0, 10)
    mine = ours(drawn(*truth), drawn(*found), lesson, collar)
    assert mine == pytest.approx(theirs(drawn(*truth), drawn(*found), lesson, collar), rel=0, abs=1e-6)


def voices(draw: random.Random, many: int, duration: float) -> list[Segment]:
    found = []
    for n in range(many):
        now = draw.uniform(0, 5)
        while now < duration + 2:
            end = now + draw.uniform(0.05, 8)
            found.append(Segment(Span(now, end), f"v{n}"))
            now = end + draw.expovariate(0.3) + 0.01
    return found


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("collar", [0, 0.25])
def test_random_lessons_are_scored_as_theirs(seed, collar):
    """Speech goes beyond what is scored on both sides, voices overlap, and there are not as many found as true ones."""
    draw = random.Random(seed)
    duration = draw.uniform(10, 100)
    truth, found = (voices(draw, draw.randint(1, 6), duration) for _ in range(2))
    within = Span(draw.uniform(0, 4), duration)
    assert ours(truth, found, within, collar) == pytest.approx(theirs(truth, found, within, collar), rel=0, abs=1e-6)


def test_by_hand():
    #                0123456789
    truth = drawn(  "tttttt..ss")  # fmt: skip
    found = drawn(  ".aaaa.aaab")  # fmt: skip
    errors = diarization_errors(truth, found, Span(0, 10))
    assert (errors.miss_s, errors.false_alarm_s, errors.confusion_s, errors.speech_s) == (2, 2, 1, 8)
    assert errors.der == 5 / 8
    assert (errors.miss, errors.false_alarm, errors.confusion) == (2 / 8, 2 / 8, 1 / 8)


def test_a_voice_does_not_overlap_with_itself():
    twice = [*drawn("tttt"), *drawn(".ttt")]
    assert diarization_errors(twice, drawn("aaaa"), Span(0, 4)).der == 0


def test_shares_of_no_speech_are_undefined():
    errors = diarization_errors([], drawn("aa"), Span(0, 4))
    assert (errors.der, errors.miss, errors.false_alarm_s) == (None, None, 2)
    assert diarization_errors([], [], Span(0, 4)).false_alarm_s == 0
    assert diarization_errors(drawn("tt"), drawn("aa"), Span(0, 2), collar=5).der is None


def by_role(*lines: str) -> list[tuple[Span, Role]]:
    of = {"t": Role.TEACHER, "s": Role.STUDENT, "u": Role.UNKNOWN}
    return [(s.span, of[s.speaker]) for s in drawn(*lines)]


def test_roles_by_hand():
    #                     0123456789
    truth = by_role(     "ttttttss..",
                         ".....sssss")  # fmt: skip
    found = by_role(     "tttsu.tss.")  # fmt: skip
    # Seconds 5 to 7 are of two in the truth. Of the teacher's 0 to 4, all detected, 3 are right: 3 is said to be a
    # student's, 4 nobody knows whose. Of the student's 8 and 9 one is detected, and right.
    score = role_score(truth, found)
    assert (score.teacher_s, score.teacher_right_s, score.student_s, score.student_right_s) == (5, 3, 1, 1)
    assert (score.right, score.teacher_right, score.student_right) == (4 / 6, 3 / 5, 1)


def test_nothing_detected_has_no_share():
    score = role_score(by_role("tt.."), by_role("...s"))
    assert (score.right, score.teacher_right, score.student_right) == (None, None, None)
