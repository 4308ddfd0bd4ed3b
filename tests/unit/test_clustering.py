"""Voices drawn as arrows in a plane: the cosine of the angle between two is their similarity."""

from __future__ import annotations

import numpy as np
import pytest

from pipelines.speakers import SpeakerCount
from pipelines.speakers.clustering import _apart, _Cluster, cluster


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


def test_a_short_piece_joins_the_nearest_voice() -> None:
    #   0    20       90      the piece at 20 has 0.5 s: too short to found a voice, cos 20 > cos 70
    #   a    ?         b
    assert same(labels([0, 20, 90], [5.0, 0.5, 5.0]), (0, 1), (2,))


def test_only_short_pieces_still_found_voices() -> None:
    assert same(labels([0, 90], 0.5), (0,), (1,))


@pytest.mark.parametrize(("seconds", "speakers"), [(12.0, 2), (2.0, 1)])
def test_a_voice_of_little_speech_merges_more_easily(seconds: float, speakers: int) -> None:
    # a1 . a2 = .85² - .527² = .44: one voice. b . a1 = b . a2 = .85 * .37 = .31 < .32, so linkage leaves b alone.
    # The mean of a1 and a2 is the first axis: similarity .37. With 2 s: .37 + .3 * (1 - 2/10) = .61 >= .60; they
    # merge. With 12 s: .37 < .60; they do not.
    across, away = np.sqrt(1 - 0.85**2), np.sqrt(1 - 0.37**2)
    voices = np.array([[0.85, across, 0], [0.85, -across, 0], [0.37, 0, away]], np.float32)
    found = cluster(voices, np.array([20.0, 20.0, seconds]), np.zeros((3, 3), bool), SpeakerCount())
    assert len(set(found.tolist())) == speakers


@pytest.mark.parametrize(("others", "speakers"), [(150.0, 2), (14.0, 3)])
def test_one_remark_is_a_voice_in_a_short_recording_only(others: float, speakers: int) -> None:
    # 2 s of 302 s are less than min(3 s, 3.02 s): not a voice of its own. 2 s of 30 s are more than min(3 s, 0.3 s).
    assert len(set(labels([0, 90, 180], [others, others, 2.0]))) == speakers


def test_no_more_than_most() -> None:
    #   0     90     180     270     nothing is alike, so the first pairs merge because they must
    assert len(set(labels([0, 90, 180, 270], most=2))) == 2
    assert len(set(labels([0, 90, 180, 270], most=1))) == 1


def test_most_goes_before_what_one_window_told_apart() -> None:
    assert labels([0, 8], apart=((0, 1),), most=1) == [0, 0]


def test_no_fewer_than_least() -> None:
    #   0  5  10    all alike, yet two there are: the cut is at the widest gap of the tree
    assert len(set(labels([0, 2, 10], least=2))) == 2
    assert same(labels([0, 2, 10], least=2), (0, 1), (2,))


def test_more_people_than_pieces_is_as_many_as_there_are_pieces() -> None:
    assert len(set(labels([0, 90], least=5))) == 2


def test_voices_that_are_the_same_are_as_many_people_as_there_must_be() -> None:
    assert len(set(labels([0, 0, 0], least=3))) == 3
    assert len(set(labels([0, 0, 0, 0], least=2))) == 2


def test_a_piece_without_a_voice_is_nobody_else_s_error() -> None:
    # two voices, and a vector of zeros, which has no angle to either
    voices = np.array([[1, 0], [1, 0], [0, 1], [0, 0]], np.float32)
    found = cluster(voices, np.full(4, 5.0), np.zeros((4, 4), bool), SpeakerCount())
    assert same(found.tolist()[:3], (0, 1), (2,))


def test_groups_are_apart_where_any_of_their_pieces_are() -> None:
    #   0 5 | 90 95 | 180     1 and 3 were told apart, 0 and 4 too; so a is apart from b and from c, b not from c.
    #   a a   b  b     c      piece 5 belongs to no group
    two = np.zeros((6, 6), bool)
    for i, j in ((1, 3), (0, 4), (5, 2)):
        two[i, j] = two[j, i] = True
    groups = [_Cluster([0, 1], np.zeros(2, np.float32), 1), _Cluster([2, 3], np.zeros(2, np.float32), 1)]
    found = _apart([*groups, _Cluster([4], np.zeros(2, np.float32), 1)], two)
    assert found.tolist() == [[False, True, True], [True, False, False], [True, False, False]]
