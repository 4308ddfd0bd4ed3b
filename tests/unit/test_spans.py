"""Operations on stretches of time, each drawn: one character is one second."""

from __future__ import annotations

import doctest

import pytest

import coaching.spans
from coaching.spans import Span, clock, cover, gaps, intersect, overlap, subtract, total


def test_the_module_s_session_runs() -> None:
    assert doctest.testmod(coaching.spans).failed == 0


def test_a_span_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match=r"cannot end \(1\) before it starts \(2\)"):
        Span(2, 1)


def test_and_or_of_two_spans() -> None:
    # a  |----    |
    # b  |  ----  |
    # c  |    ----|
    a, b, c = Span(0, 4), Span(2, 6), Span(4, 8)
    assert a & b == Span(2, 4)
    assert a & c is None, "touching spans share no time"
    assert a | c == Span(0, 8)


def test_the_end_belongs_to_what_comes_next() -> None:
    assert 0.0 in Span(0, 4)
    assert 4.0 not in Span(0, 4)


def test_cover_joins_what_touches_and_fills_short_gaps() -> None:
    # one   |---  --   |
    # other | --- -    |
    # cover |---- --   |
    # fill 2|-------   |
    spans = [Span(0, 3), Span(5, 7), Span(1, 4), Span(5, 6)]
    assert cover(spans) == [Span(0, 4), Span(5, 7)]
    assert cover(spans, fill=2) == [Span(0, 7)]
    assert cover(spans, fill=1) == [Span(0, 4), Span(5, 7)], "a gap of exactly `fill` stays"


def test_cover_drops_spans_of_no_length() -> None:
    assert cover([Span(3, 3)]) == []


def test_gaps_within_a_recording() -> None:
    # speech |  --  --- |   and one utterance that runs past the end
    # gaps   |**  **   *|
    assert gaps([Span(2, 4), Span(6, 9)], Span(0, 10)) == [Span(0, 2), Span(4, 6), Span(9, 10)]
    assert gaps([Span(8, 12)], Span(0, 10)) == [Span(0, 8)]
    assert gaps([], Span(0, 10)) == [Span(0, 10)]


def test_intersect_and_subtract() -> None:
    # one       |-----  ---|
    # other     |  --  --  |
    # intersect |  --   -  |
    # subtract  |--  -   --|
    one, other = [Span(0, 5), Span(7, 10)], [Span(2, 4), Span(6, 8)]
    assert intersect(one, other) == [Span(2, 4), Span(7, 8)]
    assert subtract(one, other) == [Span(0, 2), Span(4, 5), Span(8, 10)]
    assert subtract([], other) == []
    assert subtract(one, []) == one


def test_overlap_is_where_two_or_more_run_at_once() -> None:
    # a |----    --|
    # b |  ----    |
    # c |   --     |
    # = |  ***     |   2-4 (a, b), 3-5 (b, c), one stretch from 2 to 5
    assert overlap([Span(0, 4), Span(8, 10), Span(2, 6), Span(3, 5)]) == [Span(2, 5)]
    assert overlap([Span(0, 4), Span(4, 6)]) == []


def test_total_counts_overlap_twice() -> None:
    assert total([Span(0, 4), Span(2, 6)]) == 8


@pytest.mark.parametrize(("seconds", "read"), [(7.9, "0:07"), (761, "12:41"), (3723, "1:02:03"), (0, "0:00")])
def test_clock(seconds: float, read: str) -> None:
    assert clock(seconds) == read
