"""A lesson's names and terms: how many may be listed, how they are found, and what looking for them costs."""

from __future__ import annotations

import time

import numpy as np
import pytest

from coaching.errors import BadInput
from pipelines.speech import LONGEST_TERM, MOST_TERMS, check_vocabulary
from pipelines.speech.greedy import Guess, Network, Sound
from pipelines.speech.moonshine import _model_folder
from pipelines.speech.vocabulary import FAVOUR, Listed, _tries, favour


def test_as_many_and_as_long_as_allowed() -> None:
    check_vocabulary(())
    check_vocabulary(["x" * LONGEST_TERM] * MOST_TERMS)


def test_too_many_terms_are_refused_in_a_sentence() -> None:
    with pytest.raises(BadInput, match=r"^The vocabulary has 501 terms, and at most 500 can be listened for; .*\.$"):
        check_vocabulary(["fraction"] * 501)


def test_too_long_a_term_is_refused_in_a_sentence_without_terminal_codes() -> None:
    with pytest.raises(BadInput) as caught:
        check_vocabulary(["half", "\x1b[2Jdenominator " * 5])
    assert str(caught.value) == (
        "The vocabulary's term '\\x1b[2Jdenominator \\x1b[2J…' has 80 characters, and at most 60 can be used; "
        "write one name or term a line."
    )


def test_where_listed_words_stand() -> None:
    # place  0  1  2  3  4      listed: 5-6, 6, 7-8
    # ids    5  6  7  5  6
    #        ====     ====      5-6 at 0 and 3
    #           =        =      6 at 1 and 4;  7-8 nowhere
    listed = Listed([(5, 6), (6,), (7, 8)])
    assert list(listed.within((5, 6, 7, 5, 6))) == [(0, 2), (1, 2), (3, 5), (4, 5)]
    assert listed.worth((5, 6, 7, 5, 6)) == 4 * FAVOUR


def test_only_places_where_a_word_could_pay_are_tried() -> None:
    """
    place       0     1     2
    guess      10    11    20       20 is listed, and stands there already
    logs       -1    -1    -1       total -3, so the mark to beat is -3 + 4 = 1
    30 there   -2    -9    -5       its logarithm at each place

    30 at 0:  0 - 2 + 4 x (20 still stands: 1 + 1) = 6 > 1, tried;   at 1: -1 - 9 + 8 = -2, not;
    at 2:    -2 - 5 + 4 x (20 would be gone: 0 + 1) = -3, not
    """
    listed = Listed([(20,), (30, 31)])
    watched = np.array([[-50, -2], [-50, -9], [-1, -5], [-50, -50]], np.float32)
    guess = Guess((10, 11, 20), (-1.0, -1.0, -1.0), watched=watched)
    assert list(_tries(guess, listed, 0, guess.total + listed.worth(guess.ids))) == [(6.0, 0, (30, 31))]
    assert list(_tries(guess, listed, 1, 1.0)) == []


def test_a_long_list_costs_next_to_nothing_where_nothing_fits() -> None:
    """As many words as there can be (each is written small and large), 20 s of talk: a hundredth of the recognizer."""
    listed = Listed([(100 + n, 7) for n in range(2 * MOST_TERMS)])
    guess = Guess(tuple(range(100, 220)), (-0.1,) * 120, watched=np.full((121, 2 * MOST_TERMS), -30, np.float32))
    network, sound = Network(_model_folder()), Sound(np.zeros((1, 800, 288), np.float32), 200)
    began = time.process_time()
    assert favour(network, sound, guess, listed) is guess
    assert time.process_time() - began < 0.1
