"""From segments to utterances. A character is half a second in the drawings; `.` is silence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from drawn import lesson
from lessons import CLEAR

from coaching.metrics import measure_lesson
from coaching.spans import Span
from coaching.transcript import Heard, Segment, Word
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


def whose(drawing: str) -> str:
    """For each word of the last line, `a`, `b` .. in order, the letter of the utterance it was given to.

    The lines before it are utterances, one character a tenth of a second; a letter names the utterance. A word is a run
    of its letter.
    """
    *voices, words = [line.split("|")[1] for line in drawing.splitlines() if "|" in line]
    runs = sorted((m.start(), m.end(), m.group()[0]) for v in voices for m in re.finditer(r"(\S)\1*", v))
    spans = [Span(start / 10, end / 10) for start, end, _ in runs]
    times = [Span(m.start() / 10, m.end() / 10) for m in re.finditer(r"(\S)\1*", words)]
    return "".join(runs[i][2] for i in align.assign_words(spans, times))


def test_words_go_to_the_utterance_in_which_they_were_said():
    drawing = """
        S |AAAAAAAA      BBBBBBBBB|
        w |aaabbcc       ddd  eee |
    """
    assert whose(drawing) == "AAABB"


def test_the_last_word_before_a_pause_is_stretched_over_it():
    #  b lasts from 0.5 to 1.5: 0.3 of it in A, 0.1 in B
    drawing = """
        S |AAAAAAAA      BBBBBBBBB|
        w |aaaaabbbbbbbbbbcccdddd |
    """
    assert whose(drawing) == "AABB"


def test_the_first_word_after_a_pause_begins_too_early():
    #  b is put at 0.7 to 1.7: 0.1 of it in A, 0.3 in B
    drawing = """
        S |AAAAAAAA      BBBBBBBBB|
        w |aaa    bbbbbbbbbbccdd  |
    """
    assert whose(drawing) == "ABBB"


def test_a_word_in_the_pause_goes_to_the_nearer_utterance():
    drawing = """
        S |AAAA          BBBB|
        w |     aa     b     |
    """
    assert whose(drawing) == "AB"


def test_where_two_speak_at_once_the_longer_one_is_heard():
    #  b lies in both, 0.2 of it each; c and d are said after A has ended
    drawing = """
        S |AAAAAAAAAA     |
        S |     BBBBBBBB  |
        w |aaa  bb    cdd |
    """
    assert whose(drawing) == "AABB"


def test_no_words_are_nobodys():
    assert align.assign_words([], []) == []


def test_what_was_not_recognized_keeps_its_time_and_has_no_text():
    transcript = align.to_transcript(10, [seg("a", 0, 2), seg("b", 3, 4)], {0: Heard("Why?", 0.9)}, "en")
    assert [(u.text, u.span.duration) for u in transcript.utterances] == [("Why?", 2), ("", 1)]
    assert transcript.seconds("b") == pytest.approx(1)


def test_word_times_change_no_measure_of_talk_silence_or_waiting():
    """They are worst at pauses: here every word begins seconds too early and ends too late."""
    drawing = """
        T |aaaa      bbbb  |
        S |       ccc      |
    """
    plain = lesson(drawing, {"a": "What do you notice?", "b": "Why is that?", "c": "They are equal."})
    wild = replace(
        plain,
        utterances=tuple(
            replace(u, words=tuple(Word(w, Span(max(0, u.span.start - 3), u.span.end + 3)) for w in u.text.split()))
            for u in plain.utterances
        ),
    )
    assert [(m.name, m.value) for m in measure_lesson(wild, CLEAR)] == [
        (m.name, m.value) for m in measure_lesson(plain, CLEAR)
    ]
