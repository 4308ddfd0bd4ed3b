"""Faces covered in a clip, with a real worker: looked for, put right, made; and whoever is killed loses nothing."""

from __future__ import annotations

import shutil

import av
import numpy as np
import pytest
from folders import files
from making import Place

from coaching.clips import ClipChange
from coaching.faces import Box, Face, Marked, Moment
from coaching.handouts import Making

DRAWN = Face("hand", 4.0, 5.0, (Moment(4.0, Box(0.05, 0.7, 0.15, 0.2)),), by_hand=True)


@pytest.fixture(scope="module")
def place(shared, tmp_path_factory):
    found = Place("postgresql", tmp_path_factory.mktemp("faces"))
    shutil.copyfile(shared / "video" / "people.mp4", found.film)
    yield found
    found.close()


def see(place: Place, clip: str):
    return place.cast.faces.faces(place.cast.owner, clip)


def ready(place: Place, clip: str):
    def now():
        seen = see(place, clip)
        assert seen.film.state is not Making.FAILED, seen.film.reason
        return seen if seen.film.state is Making.READY else None

    return place.wait(now)


def grey(place: Place, path: str, box: tuple[float, float, float, float]) -> float:
    """How much of a box (left, top, right, bottom) is grey in the middle picture of a film."""
    with av.open(str(place.data / path)) as container:
        shown = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    picture = shown[len(shown) // 2].astype(int)
    left, top, right, bottom = (round(side * scale) for side, scale in zip(box, (640, 360, 640, 360), strict=True))
    return float((np.abs(picture[top:bottom, left:right] - 125).max(axis=-1) < 14).mean())


def test_a_clip_is_looked_at_put_right_and_covered_and_a_killed_worker_loses_nothing(place):
    recording = place.bring("faces")
    clip = place.clip(recording, 4.0, 5.0)
    with place.faults.slows("web.mp4"):
        place.cast.faces.cover(place.cast.owner, clip)
        first = place.work()
        place.wait(lambda: '"handout started"' in first.text and first.hands())
        first.kill()
    second = place.work()
    seen = ready(place, clip)
    face = next(one for one in seen.found if one.stop - one.start > 0.8)
    at = face.at(4.5)
    assert at is not None
    box = (at.x, at.y, at.x + at.width, at.y + at.height)
    assert grey(place, seen.film.path, box) > 0.97
    assert grey(place, seen.film.path, (0.06, 0.72, 0.19, 0.88)) < 0.3
    place.wait(lambda: [str(p.relative_to(place.data)) for p in place.files(recording)] == [seen.film.path])

    with place.faults.slows("web.mp4"):
        place.cast.faces.mark(place.cast.owner, clip, Marked(frozenset({face.id}), (DRAWN,)))
        place.wait(lambda: see(place, clip).film.state is Making.WORKING and second.hands())
        second.kill()
    third = place.work()
    seen = ready(place, clip)
    assert grey(place, seen.film.path, box) < 0.5, "it is no face, its owner said"
    assert grey(place, seen.film.path, (0.06, 0.72, 0.19, 0.88)) > 0.97
    place.cast.lessons.change_clip(place.cast.owner, recording, clip, ClipChange(stop=4.8))
    assert see(place, clip).film.path is None
    with av.open(str(place.data / ready(place, clip).film.path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == pytest.approx(0.8 * 30, abs=1)
    place.cast.faces.uncover(place.cast.owner, clip)
    place.wait(lambda: place.files(recording) == [])
    third.kill()


def test_what_cannot_be_made_says_why_and_is_made_when_it_is_asked_again(place):
    recording = place.bring("broken")
    clip = place.clip(recording, 4.0, 4.5)
    (web,) = files(place.data / "recordings" / recording, "web.mp4")
    web.unlink()
    place.cast.faces.cover(place.cast.owner, clip)
    worker = place.work()
    place.wait(lambda: see(place, clip).looking.state is Making.FAILED)
    reason = see(place, clip).looking.reason
    assert reason is not None
    assert "no film of this lesson" in reason
    web.hardlink_to(place.film)
    place.cast.faces.cover(place.cast.owner, clip)
    assert ready(place, clip).found
    place.cast.lessons.delete(place.cast.owner, recording, 0, 0)
    place.wait(lambda: place.files(recording) == [])
    worker.kill()
