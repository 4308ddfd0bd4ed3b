"""Stretches of one voice on the timeline: found, cut at pauses, and given to people. Frames only, no sound."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipelines.speakers.networks import WINDOW_FRAMES
from pipelines.speakers.windows import FRAME_S, HOP_FRAMES, Ids, runs

SHORTEST_S = 0.3
"""A run shorter than this tells no voice: it is not embedded, and not added from Silero."""

LONGEST_S = 4.0
"""Longer runs are embedded in equal parts of at most this, in case two voices were taken for one."""

SPEECH_FROM = 0.3
"""Silero's probability from which it may add speech where segmentation heard none. It never takes a voice away: in
noise it misses half of what segmentation finds."""

PAUSE_BELOW = 0.15
"""Silero's probability under which it hears a pause. Segmentation bridges pauses of up to a second; .1 to .2 is a
plateau, more loses quiet speech."""

PAUSE_LEAST_S = 0.3
"""Shorter pauses stay filled."""

PAUSE_MOST_S = 1.5
"""A longer stretch that only Silero finds silent is more likely quiet speech than a pause."""

SIDE_S = 1.0
"""Silero must have heard this voice within so many seconds before and after the pause, for if it did not ..."""

SIDE_FROM = 0.5
"""... with at least this probability, it does not hear this voice at all, and says nothing about its pauses."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Frames [first, end) in which only the voice `tracklet` talks."""

    first: int
    end: int
    tracklet: int

    @property
    def seconds(self) -> float:
        return (self.end - self.first) * FRAME_S


def add_speech(voices: Ids, likely: npt.NDArray[np.float32], free: int) -> None:
    """Where only Silero hears speech, for `SHORTEST_S` or longer, new tracklets from `free` on talk. In place."""
    only = (likely >= SPEECH_FROM) & (voices[:, 0] < 0)
    for first, end in runs(only):
        if only[first] and (end - first) * FRAME_S >= SHORTEST_S:
            voices[first:end, 0] = free
            free += 1


def cut_pauses(voices: Ids, likely: npt.NDArray[np.float32]) -> None:
    """Silence the pauses inside one voice's run that segmentation bridged and Silero hears. In place."""
    alone = _alone(voices)
    side = round(SIDE_S / FRAME_S)
    for start, stop in runs(alone):
        heard = likely[start:stop]
        quiet = heard < PAUSE_BELOW
        for first, end in runs(quiet):
            inside = alone[start] >= 0 and quiet[first] and first > 0 and end < stop - start
            if not inside or not PAUSE_LEAST_S <= (end - first) * FRAME_S <= PAUSE_MOST_S:
                continue
            if min(heard[max(0, first - side) : first].max(), heard[end : end + side].max()) >= SIDE_FROM:
                voices[start + first : start + end] = -1


def cut(voices: Ids) -> list[Piece]:
    """Runs in which one tracklet talks alone, in parts short enough to be one person's, in order."""
    alone = _alone(voices)
    pieces = []
    for first, end in runs(alone):
        seconds = (end - first) * FRAME_S
        if alone[first] >= 0 and seconds >= SHORTEST_S:
            bounds = np.linspace(first, end, math.ceil(seconds / LONGEST_S) + 1).round().astype(int).tolist()
            pieces += [Piece(a, b, int(alone[first])) for a, b in pairwise(bounds)]
    return pieces


def told_apart(local: npt.NDArray[np.uint8], pieces: Sequence[Piece]) -> npt.NDArray[np.bool_]:
    """Which pieces one window heard as two voices: [n, n].

    Only pieces that lie in one window are compared, not whole tracklets: a tracklet that once took two people for one
    would forbid all its pieces, and a teacher falls into two.
    """
    apart = np.zeros((len(pieces), len(pieces)), bool)
    for i, one in enumerate(pieces):
        for j in range(i + 1, len(pieces)):
            other = pieces[j]
            if other.first >= one.first + WINDOW_FRAMES:
                break
            if other.tracklet != one.tracklet and _differ(local, one, other):
                apart[i, j] = apart[j, i] = True
    return apart


def _differ(local: npt.NDArray[np.uint8], one: Piece, other: Piece) -> bool:
    earliest = max(0, math.ceil((other.end - WINDOW_FRAMES) / HOP_FRAMES))
    latest = min(one.first // HOP_FRAMES, len(local) - 1)
    for w in range(earliest, latest + 1):
        at = w * HOP_FRAMES
        mine = local[w, one.first - at : one.end - at].mean(axis=0) > 0.5
        theirs = local[w, other.first - at : other.end - at].mean(axis=0) > 0.5
        if mine.any() and theirs.any() and not (mine & theirs).any():
            return True
    return False


def speakers_of(voices: Ids, pieces: Sequence[Piece], label: npt.NDArray[np.int32]) -> Ids:
    """Who talks in each frame, by the label of the tracklet's nearest piece; -1 is nobody: [frames, 2].

    Overlapped and very short speech has no piece of its own; a tracklet without any piece stays nobody's.
    """
    mine = defaultdict(list)
    for i, piece in enumerate(pieces):
        mine[piece.tracklet].append(i)
    who = np.full(voices.shape, -1, np.int32)
    for k in range(voices.shape[1]):
        for first, end in runs(voices[:, k]):
            near = mine.get(int(voices[first, k]))
            if near:
                starts = np.array([pieces[i].first for i in near])
                ends = np.array([pieces[i].end for i in near])
                at = np.arange(first, end)[:, None]
                away = np.maximum(np.maximum(starts - at, at - ends + 1), 0)
                who[first:end, k] = label[np.array(near)[away.argmin(axis=1)]]
    return who


def _alone(voices: Ids) -> npt.NDArray[np.int32]:
    return np.where(voices[:, 1] < 0, voices[:, 0], np.int32(-1))
