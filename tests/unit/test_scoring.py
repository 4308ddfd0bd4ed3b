"""The scorer, before any score is believed. Seconds are drawn one character each; `.` is silence."""

from __future__ import annotations

import pytest
import scoring

from coaching.spans import Span
from coaching.transcript import Segment


def drawn(**lines: str) -> list[Segment]:
    """Segments from lines of characters: a run of one letter is one segment of the speaker that names the line."""
    segments = []
    for speaker, line in lines.items():
        start = None
        for i, c in enumerate(line + "."):
            if c != "." and start is None:
                start = i
            if c == "." and start is not None:
                segments.append(Segment(Span(start, i), speaker))
                start = None
    return segments


def test_errors_add_up_to_the_rate():
    truth = drawn(t="tttttt....", s=".......ss.")
    found = drawn(a="..aaaa....", b=".......bbb")  # 2 s missed, 1 s too much, of 8 s
    errors = scoring.diarization_errors(truth, found, 10)
    assert (errors.miss, errors.false_alarm, errors.confusion) == pytest.approx((2 / 8, 1 / 8, 0))
    assert errors.der == pytest.approx(3 / 8)


def test_two_speakers_as_one_is_confusion():
    truth = drawn(t="tttttt....", s="......ssss")
    found = drawn(a="aaaaaaaaaa")
    assert scoring.diarization_errors(truth, found, 10).confusion == pytest.approx(0.4)


def test_overlap_counts():
    truth = drawn(t="tttttt", s="....ss")  # 8 s of speech in 6 s
    found = drawn(a="aaaaaa")
    assert scoring.diarization_errors(truth, found, 6).miss == pytest.approx(2 / 8)


def test_a_collar_forgives_an_edge():
    truth, found = drawn(t="..tttt...."), [Segment(Span(1.8, 6.2), "a")]
    assert scoring.diarization_errors(truth, found, 10).false_alarm == pytest.approx(0.4 / 4)
    assert scoring.diarization_errors(truth, found, 10, collar=0.25).der == 0


def test_teacher_share_counts_overlap_for_both():
    assert scoring.teacher_share(drawn(t="tttttt..", s="....ss.."), {"t"}) == pytest.approx(100 * 6 / 8)


def test_silence_is_what_nobody_fills():
    assert scoring.silence(drawn(t="tt......", s=".ss..s.."), 8) == pytest.approx(100 * 4 / 8)


def test_right_role_leaves_overlap_out():
    truth = drawn(t="tttttt....", s=".....sssss")  # second 5 is both
    found = drawn(a="aaaaaaaa..", b="........bb")  # seconds 6 and 7 are called the teacher's
    assert scoring.right_role(truth, found, "t", "a") == pytest.approx(7 / 9)


def test_whoever_says_both_is_not_right():
    truth = drawn(t="tttttt....", s="......ssss")
    found = drawn(a="aaaaaaaaaa", b="bbbbbbbbbb")
    assert scoring.right_role(truth, found, "t", "a") == 0


def test_gaps_are_found_by_half_their_union():
    truth = drawn(t="tt....ttt...tt.t")  # gaps of 4, 3 and 1 s
    found = drawn(a="tt.....tt..a..tt")  # 5 s for the 4, 2 s for the 3, 2 s for the 1 (shared: none)
    score = scoring.gap_score(truth, found, 16, shortest=2)
    assert (score.true, score.found, score.claimed, score.right) == (2, 2, 3, 2)
    assert score.recall == 1
    assert score.precision == pytest.approx(2 / 3)
    assert score.edge_s == pytest.approx(0.5)  # errors 0, 1, 0, 1: median 0.5


def test_rttm_is_read(tmp_path):
    path = tmp_path / "a.rttm"
    path.write_text("SPEAKER a 1 1.500 2.000 <NA> <NA> teacher <NA> <NA>\n;; a comment\n")
    assert scoring.read_rttm(path) == [Segment(Span(1.5, 3.5), "teacher")]
