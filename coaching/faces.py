"""Faces in a clip, where they are over time, and what of the picture is covered because of them.

A face is a track: boxes at moments, and straight lines between. Nobody is recognized, and nothing of a face is kept but
where it was. What the machine found, a person corrects: this is no face, that one is missing.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, NamedTuple

from coaching.errors import BadInput
from coaching.spans import Span

AROUND = 0.3
"""So much of its width and height is added at each side of a box. What is drawn is the ellipse within, and that one
holds all of a box only when it is 1.42 times as wide: the rest is for hair, ears and a head that turns."""

BEFORE_S = 0.25
"""A face is covered so long before the first and after the last moment in which it was found, seconds."""

GAP_S = 1.0
"""One that is not found for so long may be found again as the same, seconds: it is covered in between."""

OFF = 0.08
"""A box that lies nearer to the straight line between others than this, as a share of its size, is left out."""

AT_ONCE = 60
"""Boxes that are left out in a row."""

MOST_ADDED, MOST_MOMENTS, MOST_REMOVED = 200, 400, 2_000
"""Of one clip: faces that were added by hand, the boxes of each, and faces of the machine that are none."""

LATEST_S = 7 * 24 * 3600.0
SMALLEST = 0.004
"""Of the picture's width or height."""

_ID = re.compile(r"[0-9a-z]{1,32}")
STRANGE = "This cannot be kept as what is covered. Open the page again, and try once more."


class Box(NamedTuple):
    """Shares of the upright picture, 0 to 1; `x` and `y` are its left upper corner."""

    x: float
    y: float
    width: float
    height: float


class Moment(NamedTuple):
    """Where a face is at a second of the recording."""

    at: float
    box: Box


@dataclass(frozen=True, slots=True)
class Face:
    """One over time: boxes in the order of their seconds, one at least. Where it was drawn `by_hand`, it is covered
    from `start` to `stop`, seconds of the recording, and stands still beyond its first and last box."""

    id: str
    start: float
    stop: float
    moments: tuple[Moment, ...]
    by_hand: bool = False

    def at(self, second: float) -> Box | None:
        """Where it is, as it was found or drawn; None where it is not."""
        if not self.start <= second <= self.stop:
            return None
        return self._nearest(second)

    def _nearest(self, second: float) -> Box:
        n = bisect_right(self.moments, second, key=lambda moment: moment.at)
        if n == 0 or n == len(self.moments):
            return self.moments[min(n, len(self.moments) - 1)].box
        before, after = self.moments[n - 1 : n + 1]
        return _between(before, after, second)

    def covered(self, second: float) -> Box | None:
        """What is covered of the picture, generously, in time too; it may reach beyond the picture."""
        if not self.start - BEFORE_S <= second <= self.stop + BEFORE_S:
            return None
        x, y, width, height = self._nearest(second)
        return Box(x - AROUND * width, y - AROUND * height, width * (1 + 2 * AROUND), height * (1 + 2 * AROUND))


@dataclass(frozen=True, slots=True)
class Marked:
    """What a person put right: the ids of what the machine took for faces, and the faces that it missed."""

    removed: frozenset[str] = frozenset()
    added: tuple[Face, ...] = ()


def corrected(found: Sequence[Face], marked: Marked) -> tuple[Face, ...]:
    """All that is covered."""
    return tuple(face for face in found if face.id not in marked.removed) + marked.added


def covered_at(faces: Iterable[Face], second: float) -> list[Box]:
    return [box for face in faces if (box := face.covered(second)) is not None]


def film_id(clip: str, part: Span, faces: Sequence[Face]) -> str:
    """Of the film of these seconds of a clip with these faces covered: another one where any of it is another."""
    kept = json.dumps([clip, part.start, part.end, sorted(map(_to_json, faces))])
    return hashlib.sha256(kept.encode()).hexdigest()[:24]


def looking_id(clip: str, part: Span) -> str:
    """Of the work of looking for faces in these seconds."""
    return hashlib.sha256(f"faces {clip} {part.start!r} {part.end!r}".encode()).hexdigest()[:24]


def _between(before: Moment, after: Moment, second: float) -> Box:
    share = (second - before.at) / (after.at - before.at)
    return Box(*(a + (b - a) * share for a, b in zip(before.box, after.box, strict=True)))


# From boxes to faces.


def join(found: Iterable[tuple[float, Sequence[Box]]]) -> list[Face]:
    """The faces of which boxes were found at these seconds, in order: one is the same where it lies on, or near, the
    one of before. No box is left out of them, but what lies on a straight line is not kept."""
    open_: list[list[Moment]] = []
    done: list[list[Moment]] = []
    for second, boxes in found:
        done += [track for track in open_ if second - track[-1].at > GAP_S]
        open_ = [track for track in open_ if second - track[-1].at <= GAP_S]
        near = sorted(
            (apart, t, b)
            for t, track in enumerate(open_)
            for b, box in enumerate(boxes)
            if (apart := _apart(track[-1].box, box)) < 1.0
        )
        tracks, left = set[int](), set(range(len(boxes)))
        for _, t, b in near:
            if t not in tracks and b in left:
                open_[t].append(Moment(second, boxes[b]))
                tracks.add(t)
                left.remove(b)
        open_ += [[Moment(second, boxes[b])] for b in sorted(left)]
    return sorted((_face(track) for track in done + open_), key=lambda face: (face.start, face.id))


def _apart(one: Box, other: Box) -> float:
    """How far two boxes are from being one face's, in sizes: below 1 they may be."""
    size = (one.width + one.height + other.width + other.height) / 4
    x = one.x + one.width / 2 - other.x - other.width / 2
    y = one.y + one.height / 2 - other.y - other.height / 2
    grown = max(one.width, other.width) / max(min(one.width, other.width), 1e-6)
    return math.hypot(x, y) / max(size, 1e-6) / 0.7 + (grown - 1.0) / 2


def _face(track: Sequence[Moment]) -> Face:
    moments = tuple(Moment(round(at, 3), Box(*(round(side, 4) for side in box))) for at, box in _thinned(track))
    # Found again, after a restored backup say, the same face has the same id, and what was said of it holds.
    id = hashlib.sha256(json.dumps(moments).encode()).hexdigest()[:12]
    return Face(id, moments[0].at, moments[-1].at, moments)


def _thinned(track: Sequence[Moment]) -> list[Moment]:
    kept, last = [track[0]], 0
    for n in range(2, len(track)):
        between = track[last + 1 : n]
        if len(between) > AT_ONCE or any(_off(track[last], track[n], one) > OFF for one in between):
            last = n - 1
            kept.append(track[last])
    return kept + ([track[-1]] if len(track) > 1 else [])


def _off(before: Moment, after: Moment, one: Moment) -> float:
    straight = _between(before, after, one.at)
    across = max(abs(one.box.x - straight.x), abs(one.box.x + one.box.width - straight.x - straight.width))
    down = max(abs(one.box.y - straight.y), abs(one.box.y + one.box.height - straight.y - straight.height))
    return max(across / max(one.box.width, 1e-6), down / max(one.box.height, 1e-6))


# As it is kept and sent.


def faces_to_json(faces: Iterable[Face]) -> list[Any]:
    """[id, start, stop, [[second, x, y, width, height], ...]] each."""
    return [_to_json(face) for face in faces]


def _to_json(face: Face) -> list[Any]:
    return [face.id, face.start, face.stop, [[moment.at, *moment.box] for moment in face.moments]]


def faces_from_json(kept: Iterable[Any], *, by_hand: bool = False) -> tuple[Face, ...]:
    return tuple(
        Face(id, start, stop, tuple(Moment(at, Box(*box)) for at, *box in moments), by_hand)
        for id, start, stop, moments in kept
    )


def marked_to_json(marked: Marked) -> dict[str, Any]:
    return {"removed": sorted(marked.removed), "added": faces_to_json(marked.added)}


def marked_from_json(kept: Any) -> Marked:
    """What was kept, or what a page sent. Raises BadInput for what is not of this form, or not within bounds."""
    try:
        removed, added = kept["removed"], kept["added"]
        if not isinstance(removed, list) or not isinstance(added, list):
            raise BadInput(STRANGE)
        if len(removed) > MOST_REMOVED or not all(isinstance(id, str) and _ID.fullmatch(id) for id in removed):
            raise BadInput(STRANGE)
        if len(added) > MOST_ADDED or any(len(face[3]) > MOST_MOMENTS for face in added):
            raise BadInput("That is more than can be covered by hand in one clip. Make the clip shorter.")
        faces = faces_from_json(added, by_hand=True)
        for face in faces:
            _check(face)
        if len({face.id for face in faces}) != len(faces):
            raise BadInput(STRANGE)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError):
        raise BadInput(STRANGE) from None
    rounded = (
        replace(face, moments=tuple(Moment(m.at, Box(*map(float, m.box))) for m in face.moments)) for face in faces
    )
    return Marked(frozenset(removed), tuple(rounded))


def _check(face: Face) -> None:
    """Raises BadInput."""
    numbers = [face.start, face.stop, *(number for moment in face.moments for number in (moment.at, *moment.box))]
    # True is a number to Python, and NaN is less than nothing.
    sound = all(isinstance(n, int | float) and not isinstance(n, bool) and math.isfinite(n) for n in numbers)
    if not isinstance(face.id, str) or not _ID.fullmatch(face.id) or not sound or not face.moments:
        raise BadInput(STRANGE)
    ordered = all(one.at < other.at for one, other in pairwise(face.moments))
    if not (0 <= face.start < face.stop <= LATEST_S and ordered):
        raise BadInput(STRANGE)
    if not (face.start <= face.moments[0].at and face.moments[-1].at <= face.stop):
        raise BadInput(STRANGE)
    for _, (x, y, width, height) in face.moments:
        within = x >= 0 and y >= 0 and x + width <= 1.001 and y + height <= 1.001
        if not within or width < SMALLEST or height < SMALLEST:
            raise BadInput(STRANGE)
