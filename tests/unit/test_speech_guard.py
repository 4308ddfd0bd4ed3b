"""What is believed of a recognizer's guesses, and what is not."""

from __future__ import annotations

import math

import pytest

from pipelines.speech.greedy import Guess
from pipelines.speech.guard import believable, confidence


def guess(chance: float, pieces: int = 4, ended: bool = True) -> Guess:
    """Every piece with the same probability."""
    return Guess(tuple(range(100, 100 + pieces)), (math.log(chance),) * pieces, ended)


def test_confidence_is_the_geometric_mean() -> None:
    # (0.9 x 0.4) ^ 1/2 = 0.36 ^ 1/2 = 0.6
    assert confidence(Guess((5, 6), (math.log(0.9), math.log(0.4)))) == pytest.approx(0.6)
    assert confidence(Guess()) == 0


@pytest.mark.parametrize(
    "text",
    [
        "What do you notice?",
        "Yes.",
        "15.",
        "No, no, no, no.",
        "Hello? Hello? Hello?",
        "You know, you know.",
        "Sübidey is in Nueva España.",
        "Three times three is nine. Three times three is nine.",
    ],
)
def test_what_people_say_is_kept(text: str) -> None:
    assert believable(guess(0.8), text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "You",
        "you.",
        "Thank you for watching!",
        "♪♪♪",
        "♪ La la la",
        "© transcript Emily Beynon",
        "Ooooooooooh",
        "Oh, oh, oh, oh, oh, oh, oh.",
        "The first is the first is the first is the first is",
        "I'm so excited. I'm so excited. I'm so excited.",
        "The 2020-2020-2020-2020-2020-2020",
        "2-3ตัวบนล่าง",
    ],
)
def test_what_a_network_writes_for_silence_is_not(text: str) -> None:
    assert not believable(guess(0.99), text)


def test_a_guess_that_never_ended_is_a_loop() -> None:
    assert not believable(guess(0.99, ended=False), "And then we went to the")


@pytest.mark.parametrize(
    ("chance", "text", "kept"),
    [
        (0.51, "I see it.", True),
        (0.49, "I see it.", False),
        (0.51, "Yes.", True),
        (0.49, "Yes.", False),
    ],
)
def test_the_unsure_is_dropped(chance: float, text: str, kept: bool) -> None:
    assert believable(guess(chance), text) is kept
