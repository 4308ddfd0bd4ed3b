"""From segments to utterances. A character is half a second in the drawings; `.` is silence."""

from __future__ import annotations

import pytest

from coaching.spans import Span
from coaching.transcript import Heard, Segment
from pipelines import align


def seg(speaker: str, start: float, end: float) -> Segment:
    return Segment(Span(start, end), speaker)


def test_pauses_under_half_a_second_are_filled():
    #   a  |----|.|----|   |--|      gaps of 0.4 s (filled) and 1.0 s (not)
    found = align.to_utterances([seg("a", 0, 2), seg("a", 2.4, 4), seg("a", 5, 6)])
    assert [u.span for u in found] == [Span(0, 4), Span(5, 6)]


def test_speakers_are_renamed_in_order_of_first_speech():
    found = align.to_utterances([seg("zz top", 3, 4), seg("b", 0, 1), seg("zz top", 6, 7)])
    assert [u.speaker for u in found] == ["speaker_1", "speaker_2", "speaker_2"]


def test_segments_too_short_for_a_word_are_dropped():
    assert align.to_utterances([seg("a", 0, 0.1), seg("b", 1, 2)]) == [seg("speaker_1", 1, 2)]


def test_whoever_is_mostly_talked_over_has_no_text():
    #   a |----------|        0-5
    #   b     |--|            2-3   inside a: its words would be a's
    #   c           |---|     4.5-6.5  a quarter under a: its own words
    utterances = [seg("a", 0, 5), seg("b", 2, 3), seg("c", 4.5, 6.5)]
    assert align.audible(utterances) == [0, 2]


def test_of_two_that_share_the_same_time_one_keeps_its_text():
    assert len(align.audible([seg("a", 0, 2), seg("b", 0, 2)])) == 1


def test_talked_over_by_several_in_turn():
    #   a   |------|     1-5
    #   b |---|          0-5.1 in two utterances that together cover a
    #   b     |------|
    utterances = [seg("b", 0, 4.2), seg("a", 1, 5), seg("c", 3, 7.5)]
    assert align.audible(utterances) == [0, 2]


def test_what_was_not_recognized_keeps_its_time_and_has_no_text():
    transcript = align.to_transcript(10, [seg("a", 0, 2), seg("b", 3, 4)], {0: Heard("Why?", 0.9)}, "en")
    assert [(u.text, u.span.duration) for u in transcript.utterances] == [("Why?", 2), ("", 1)]
    assert transcript.seconds("b") == pytest.approx(1)
