"""Timelines drawn at one character for 10 frames (0.169 s): a letter is a tracklet, a blank is silence."""

from __future__ import annotations

import numpy as np

from pipelines.speakers.networks import WINDOW_FRAMES
from pipelines.speakers.pieces import Piece, add_speech, cut, cut_pauses, speakers_of, told_apart

WIDE = 10


def timeline(first: str, second: str = "") -> np.ndarray:
    tracks = [[-1 if c == " " else ord(c) - ord("a") for c in track.ljust(len(first))] for track in (first, second)]
    return np.repeat(np.array(tracks, np.int32).T, WIDE, axis=0)


def likely(drawn: str) -> np.ndarray:
    """A digit is tenths."""
    return np.repeat(np.array([int(c) / 10 for c in drawn], np.float32), WIDE)


def drawn(track: np.ndarray) -> str:
    return "".join(" " if v < 0 else chr(v + ord("a")) for v in track[::WIDE])


def test_pieces_are_one_voice_alone() -> None:
    #         0123456789
    voices = timeline("aaaabbb  c", "   b      ")  # frame 3: both; c: 0.17 s, too short
    assert cut(voices) == [Piece(0, 30, 0), Piece(40, 70, 1)]


def test_long_pieces_are_cut_in_equal_parts() -> None:
    # 30 characters = 300 frames = 5.06 s: two parts of 2.53 s
    assert cut(timeline("a" * 30)) == [Piece(0, 150, 0), Piece(150, 300, 0)]


def test_speech_that_only_silero_hears_is_added() -> None:
    voices = timeline("aa      aa  ")
    add_speech(voices, likely("550990055050"), free=5)
    #                                 0.34 s: yes; at 10: 0.17 s, no
    assert drawn(voices[:, 0]) == "aa ff   aa  "


def test_a_bridged_pause_is_cut() -> None:
    voices = timeline("aaaaaaaaaa")
    cut_pauses(voices, likely("9990009990"))
    assert drawn(voices[:, 0]) == "aaa   aaaa"  # the last one is an edge, not a pause


def test_silero_says_nothing_about_a_voice_that_it_does_not_hear() -> None:
    voices = timeline("aaaaaaaaaa")
    cut_pauses(voices, likely("2220009990"))  # .2 before: not heard
    assert drawn(voices[:, 0]) == "aaaaaaaaaa"


def test_a_long_silence_in_a_voice_is_quiet_speech() -> None:
    voices = timeline("a" * 16)
    cut_pauses(voices, likely("999" + "0" * 10 + "999"))  # 1.69 s > 1.5 s
    assert drawn(voices[:, 0]) == "a" * 16


def test_a_pause_is_not_cut_where_two_talk() -> None:
    voices = timeline("aaaaaaaaaa", "   bbb    ")
    cut_pauses(voices, likely("9990009999"))
    assert drawn(voices[:, 0]) == "aaaaaaaaaa"


def test_pieces_that_one_window_heard_as_two_are_apart() -> None:
    local = np.zeros((1, WINDOW_FRAMES, 3), np.uint8)
    local[0, 0:100, 0] = local[0, 100:200, 1] = local[0, 200:300, 0] = 1
    #  local voices    0 1 0      the third piece has a tracklet of its own, but the voice of the first
    pieces = [Piece(0, 100, 0), Piece(100, 200, 1), Piece(200, 300, 2)]
    expected = [[False, True, False], [True, False, True], [False, True, False]]
    assert told_apart(local, pieces).tolist() == expected


def test_pieces_further_apart_than_a_window_say_nothing() -> None:
    local = np.ones((9, WINDOW_FRAMES, 3), np.uint8)
    assert not told_apart(local, [Piece(0, 100, 0), Piece(700, 800, 1)]).any()


def test_what_has_no_piece_goes_to_its_tracklets_nearest_piece() -> None:
    #                  0123456789
    voices = timeline("aaaaaaaabc", "   b      ")
    pieces = [Piece(0, 30, 0), Piece(60, 80, 0), Piece(90, 95, 2)]
    who = speakers_of(voices, pieces, np.array([0, 1, 2], np.int32))
    # 30 to 44 lie nearer to the first piece, 45 to 59 to the second; b has no piece at all
    assert [int(n) for n in who[[10, 44, 45, 70, 85, 92], 0]] == [0, 0, 1, 1, -1, 2]
    assert (who[:, 1] == -1).all()
