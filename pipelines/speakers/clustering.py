"""Which pieces of speech are one person: pure arithmetic on voices, no sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import cut_tree, fcluster, linkage
from scipy.spatial.distance import pdist

from pipelines.speakers import SpeakerCount

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]
Apart = npt.NDArray[np.bool_]

SURE_S = 1.2
"""Pieces this long found the clusters; a shorter piece's voice is too unsure, it only joins one."""

FARTHEST = 0.68
"""Average-linkage stops at this cosine distance. The results hardly change from .64 to .72."""

APART_SIMILARITY = -0.3
"""Similarity given to pieces that one window told apart: two similar voices on a telephone would merge otherwise."""

ALIKE = 0.60
"""Clusters merge from this similarity of their means on; see `KINDNESS`."""

KINDNESS = 0.3
"""What a cluster of almost no speech gets on top of its similarity, for its mean is unsure; nothing from ..."""

SETTLED_S = 10.0
"""... this many seconds of speech on."""

FORBIDDEN = 10.0
"""Taken from the similarity of clusters known to be two people: they merge only where `most` leaves no choice."""

LONE_S = 3.0
"""A voice heard for less than this, and for less than `LONE_SHARE` of all talk, is too little to be a person of its
own: in noise, single remarks of one student sound like many students."""

LONE_SHARE = 0.01
"""So a voice of two seconds counts in half a minute of talk, and not in a lesson."""


@dataclass(slots=True)
class _Cluster:
    members: list[int]
    total: Vectors
    seconds: float

    @property
    def mean(self) -> Vectors:
        return np.asarray(self.total / (np.linalg.norm(self.total) + 1e-9), np.float32)


def cluster(voices: Vectors, seconds: npt.NDArray[np.float64], apart: Apart, speakers: SpeakerCount) -> Labels:
    """The cluster, from 0, of each piece: [n].

    `voices` are unit vectors [n, 256] (one of zeros is like nobody), `seconds` the pieces' lengths [n], `apart` [n, n]
    is true where two pieces are known to be two people. There are `speakers.least` to `speakers.most` clusters, as far
    as there are pieces.
    """
    n = len(voices)
    if n == 0:
        return np.zeros(0, np.int32)
    sure = np.flatnonzero(seconds >= SURE_S)
    least = min(speakers.least or 1, n)
    if len(sure) < least:
        sure = np.arange(n)  # too little long speech for so many people: take what there is
    first = _linked(voices[sure], apart[np.ix_(sure, sure)], least)
    groups = [_group(sure[first == label], voices, seconds) for label in np.unique(first)]
    groups = _merge(groups, apart, least, speakers.most)
    heard = [g for g in groups if g.seconds >= min(LONE_S, LONE_SHARE * float(seconds.sum()))]
    if len(heard) >= least:
        groups = heard
    means = np.stack([g.mean for g in groups])
    labels = np.asarray(np.argmax(voices @ means.T, axis=1), np.int32)
    for i, group in enumerate(groups):
        labels[group.members] = i
    return labels


def _group(members: npt.NDArray[np.intp], voices: Vectors, seconds: npt.NDArray[np.float64]) -> _Cluster:
    weight = seconds[members]
    total = (voices[members] * weight[:, None]).sum(axis=0)
    return _Cluster(members.tolist(), np.asarray(total, np.float32), float(weight.sum()))


def _linked(voices: Vectors, apart: Apart, least: int) -> npt.NDArray[np.int32]:
    """Average-linkage clusters, at least `least`: [n]."""
    n = len(voices)
    if n == 1:
        return np.zeros(1, np.int32)
    distance = np.nan_to_num(pdist(voices, "cosine"), nan=1.0)  # a zero vector has no direction: like nobody
    i, j = np.nonzero(np.triu(apart, 1))
    distance[n * i - i * (i + 1) // 2 + j - i - 1] = 1 - APART_SIMILARITY
    tree = linkage(distance, "average")
    found = fcluster(tree, FARTHEST, "distance")
    if found.max() < least:
        found = cut_tree(tree, least)[:, 0]  # not fcluster's "maxclust": it keeps voices that tie together
    return np.asarray(found, np.int32)


def _merge(groups: list[_Cluster], apart: Apart, least: int, most: int | None) -> list[_Cluster]:
    """Merge the most similar pair, again and again, until none is similar enough and there are at most `most`."""
    groups = list(groups)
    two = _apart(groups, apart)
    while len(groups) > least:
        means = np.stack([g.mean for g in groups])
        kindness = KINDNESS * np.maximum(0.0, 1 - np.array([g.seconds for g in groups]) / SETTLED_S)
        score = means @ means.T + np.maximum.outer(kindness, kindness)
        score[two] -= FORBIDDEN
        score[np.tril_indices(len(groups))] = -np.inf
        i, j = (int(k) for k in np.unravel_index(int(np.argmax(score)), score.shape))
        if score[i, j] < ALIKE and (most is None or len(groups) <= most):
            break
        a, b = groups[i], groups.pop(j)
        groups[i] = _Cluster(a.members + b.members, a.total + b.total, a.seconds + b.seconds)
        two[i] |= two[j]
        two[:, i] |= two[:, j]
        two = np.delete(np.delete(two, j, axis=0), j, axis=1)
    return groups


def _apart(groups: list[_Cluster], apart: Apart) -> Apart:
    """Where any piece of one group is known to be somebody else than any piece of the other: [groups, groups]."""
    group_of = np.full(len(apart), -1)
    for g, group in enumerate(groups):
        group_of[group.members] = g
    i, j = (group_of[pieces] for pieces in np.nonzero(apart))
    within = (i >= 0) & (j >= 0)
    two = np.zeros((len(groups), len(groups)), bool)
    two[i[within], j[within]] = True
    return two
