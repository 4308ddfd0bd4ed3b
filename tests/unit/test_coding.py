"""Coding rounds: which stretches, and how far two people agree, with scikit-learn's kappa."""

from __future__ import annotations

import math
import re
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from coaching.codebooks import Codebook, Label
from coaching.coding import ALWAYS, MOST, NEVER, Stretch, agreements, check_stretches, plausible, spread
from coaching.errors import BadInput
from coaching.spans import Span
from ui.agreement import kappa

BOOK = Codebook("Talk", (Label("Turns", "Voice"), Label("Turns", "Choice"), Label("Waits", "Wait"), Label("a", "b")))


def marks(*said: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(one.split()) for one in said)


def test_two_agree_label_by_label():
    #                     0             1       2             3       4   5   6   7   8        9
    ours = marks("Voice Wait", "Voice Wait", "Voice Wait", "Wait", "Wait", *["Wait"] * 4, "Choice Wait")
    theirs = marks("Voice Wait", "Voice Wait", "Wait", "Voice Wait", "Wait", *["Wait"] * 4, "Choice Wait")
    voice, choice, wait, never = agreements(BOOK, ours, theirs, kappa)
    assert (voice.both, voice.first_only, voice.second_only, voice.neither, voice.apart) == (2, 1, 1, 6, (2, 3))
    assert (voice.agreed, voice.cases) == (8, 10)
    # Observed 8/10; by chance .3 * .3 + .7 * .7 = .58; (.8 - .58) / (1 - .58)
    assert voice.kappa == pytest.approx(0.22 / 0.42)
    assert voice.low < 0.1 < voice.kappa < 0.8 < voice.high
    assert (choice.kappa, choice.apart, choice.high) == (1.0, (), 1.0)
    assert choice.low < 0.5  # ten cases do not prove that two always agree
    assert (wait.kappa, wait.why, never.kappa, never.why, never.low) == (None, ALWAYS, None, NEVER, None)


def test_fewer_cases_have_a_wider_range_and_it_is_always_the_same():
    few, many = plausible((2, 1, 1, 6)), plausible((40, 20, 20, 120))
    assert few == plausible((2, 1, 1, 6))
    assert few[0] < many[0] < 0.22 / 0.42 < many[1] < few[1]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=20))
def test_there_is_no_kappa_exactly_where_there_is_none(said):
    first, second = (tuple(frozenset({"Voice"} if yes else ()) for yes in own) for own in zip(*said, strict=True))
    found = agreements(BOOK, first, second, kappa)[0]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is undefined
        expected = cohen_kappa_score(*zip(*said, strict=True), labels=[False, True])
    assert (found.kappa is None) == bool(found.why) == math.isnan(expected)
    if found.kappa is not None:
        assert found.kappa == pytest.approx(expected)
        assert -1 <= found.low <= found.kappa <= found.high <= 1


def test_stretches_are_spread_over_the_whole_lesson():
    assert [one.span for one in spread(100.0, 2, 10)] == [Span(20.0, 30.0), Span(70.0, 80.0)]
    check_stretches(spread(3000.0, MOST, 50), 3000.0)
    with pytest.raises(BadInput, match=re.escape("do not fit into 1:40")):
        spread(100.0, 4, 26)


@pytest.mark.parametrize(
    ("stretches", "said"),
    [
        ([Stretch(Span(0, 5))], "2 to 60 clips"),
        ([Stretch(Span(0, 5))] * 61, "2 to 60 clips"),
        ([Stretch(Span(0, 5)), Stretch(Span(98, 101))], "within the recording"),
        ([Stretch(Span(0, 5)), Stretch(Span(5, 6))], "2 to 300 seconds"),
    ],
)
def test_what_is_no_round_is_refused(stretches, said):
    with pytest.raises(BadInput, match=said):
        check_stretches(stretches, 100.0)
