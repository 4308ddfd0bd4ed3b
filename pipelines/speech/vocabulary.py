"""Favouring a lesson's names and terms: a second reading with the word in it, kept where the sound allows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

import numpy as np

from pipelines.speech.greedy import Guess, Network, Sound
from pipelines.speech.tokens import Pieces

FAVOUR = 4.0
"""How much likelier a listed word is taken to be than the recognizer, who does not know the lesson, thinks: e^4 = 55
times. On 288 synthetic sentences (four voices, half of them with noise) with one of 36 listed names and terms each, 74
are heard right without the list and 163 with it; in 128 sentences without any, and for the other 35, one listed word
came in that was not said. At 5 it is 172, for twice the cost."""
READINGS = 8
"""The most second readings of one stretch, the likeliest first: each costs up to as much as the first."""

Spelled = tuple[int, ...]


def spelled(vocabulary: Iterable[str], pieces: Pieces) -> list[Spelled]:
    """Each word or phrase as the decoder would write it; one written small also as it stands at a sentence's start."""
    words = [" ".join(w.split()) for w in vocabulary]
    forms = {form: None for w in words if w for form in (w, w[0].upper() + w[1:])}
    return [pieces.spell(form) for form in forms]


class Listed:
    """The lesson's words as they are looked for: `words`, and `firsts` [words], the first piece of each."""

    def __init__(self, words: Sequence[Spelled]) -> None:
        self.words = tuple(words)
        self.firsts = np.array([w[0] for w in words], np.intp)
        self._by_first: defaultdict[int, list[Spelled]] = defaultdict(list)
        for word in words:
            self._by_first[word[0]].append(word)

    def within(self, ids: Spelled) -> Iterator[tuple[int, int]]:
        """Where in `ids` each listed word stands: its first piece, and the one after its last."""
        for start, first in enumerate(ids):
            for word in self._by_first.get(first, ()):
                if ids[start : start + len(word)] == word:
                    yield start, start + len(word)

    def worth(self, ids: Spelled) -> float:
        """What the listed words in `ids` add to the logarithm of its probability."""
        return FAVOUR * sum(1 for _ in self.within(ids))


def favour(network: Network, sound: Sound, guess: Guess, listed: Listed) -> Guess:
    """`guess`, or the likeliest reading that has a listed word where the guess has something else.

    A reading is kept where P(reading) x e^FAVOUR > P(guess): Bayes' rule, with a prior that knows the list. Since every
    further piece makes a reading less likely, most are given up before they cost anything. `guess` was written watching
    `listed.firsts`.
    """
    place: int | None = 0
    while place is not None:
        guess, place = _better(network, sound, guess, listed, place)
    return guess


def _better(network: Network, sound: Sound, guess: Guess, listed: Listed, since: int) -> tuple[Guess, int | None]:
    """The best reading with one more word at or after piece `since`, and where that word ends; or `guess` and None."""
    if not guess.ended or guess.watched is None:
        return guess, None
    mark = guess.total + listed.worth(guess.ids)
    found, end = guess, None
    for best, place, word in sorted(_tries(guess, listed, since, mark), reverse=True)[:READINGS]:
        if best <= mark:
            break
        given = guess.ids[:place] + word
        reading = network.write(sound, given, listed.firsts, floor=mark - listed.worth(given) - FAVOUR)
        reached = reading.total + listed.worth(reading.ids)
        if reading.ended and reached > mark:
            found, end, mark = reading, place + len(word), reached
    return found, end


def _tries(guess: Guess, listed: Listed, since: int, mark: float) -> Iterator[tuple[float, int, Spelled]]:
    """Each place from `since` on, and the word, at which a reading could come above `mark`; first how far at best."""
    assert guess.watched is not None  # noqa: S101 - see _better
    unwatched = len(guess.ids) + 1 - len(guess.watched)
    before = [0.0, *accumulate(guess.logs)]
    standing = list(listed.within(guess.ids))
    for place in range(max(since, unwatched), len(guess.ids)):
        kept = sum(end <= place or start >= place for start, end in standing)
        best = before[place] + guess.watched[place - unwatched].astype(float) + FAVOUR * (kept + 1)
        for number in np.flatnonzero(best > mark).tolist():
            word = listed.words[number]
            if guess.ids[place : place + len(word)] != word:
                yield float(best[number]), place, word
