"""Voices drawn as arrows in a plane: the cosine of the angle between two is their similarity."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.speakers import SpeakerCount
from pipelines.speakers.clustering import cluster


def labels(
    degrees: list[float],
    seconds: list[float] | float = 5.0,
    *,
    apart: tuple[tuple[int, int], ...] = (),
    least: int | None = None,
    most: int | None = None,
) -> list[int]:
    angles = np.radians(degrees)
    voices = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    two = np.zeros((len(degrees), len(degrees)), bool)
    for i, j in apart:
        two[i, j] = two[j, i] = True
    lengths = np.broadcast_to(np.asarray(seconds, float), (len(degrees),))
    return cluster(voices, lengths, two, SpeakerCount(least, most)).tolist()


def same(found: list[int], *groups: tuple[int, ...]) -> bool:
    """Whether `found` puts together exactly the pieces of each group."""
    return {tuple(i for i, n in enumerate(found) if n == label) for label in set(found)} == set(groups)


def test_nobody_is_no_cluster() -> None:
    assert cluster(np.zeros((0, 256), np.float32), np.zeros(0), np.zeros((0, 0), bool), SpeakerCount()).tolist() == []


def test_one_piece_is_one_speaker() -> None:
    assert labels([0]) == [0]


def test_two_voices_are_two_speakers() -> None:
    #   0 5 10          90 95
    #   a a  a           b  b      cos 80 = .17: far; cos 10 = .98: one voice
    assert same(labels([0, 5, 10, 90, 95]), (0, 1, 2), (3, 4))


def test_who_one_window_told_apart_stays_apart() -> None:
    #   0   8        cos 8 = .99, but one window heard both as two people
    #   a   b
    assert same(labels([0, 8], apart=((0, 1),)), (0,), (1,))


def test_one_contradiction_does_not_split_a_large_cluster_at_the_first_step() -> None:
    # eleven pieces within 10 degrees; only 0 and 10 were told apart. Average linkage weighs that one pair against the
    # nine others: distance of 10 to {0..9} = (9 * about .005 + 1.3) / 10 = .13 < .68
    assert len(set(labels([float(d) for d in range(11)], apart=((0, 10),)))) == 1


@pytest.mark.parametrize(("seconds", "speakers"), [(12.0, 2), (2.0, 1)])
def test_little_speech_merges_more_easily(seconds: float, speakers: int) -> None:
    # cos 65 = .42; nothing but the merge joins these two, for they are .3 apart in length and told apart by distance:
    # .42 + .3 * (1 - 2/10) = .66 >= .60 with 2 s of speech; .42 + 0 < .60 with 12 s. Linkage stops at 1 - .68 = .32,
    # so the pair stands at 72 degrees: cos 72 = .31, + .3 * .8 = .55 ... the drawn 72 needs 0 s; see the next line
    found = labels([0, 4, 72], [20.0, 20.0, seconds])
    assert len(set(found)) == speakers
