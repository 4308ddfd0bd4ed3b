"""The films of clips that were given by themselves, with a real worker: these seconds, and for as long as that."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from making import Place

from coaching.clips import ClipChange
from coaching.given_clips import Film
from coaching.handouts import Making


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = Place("postgresql", tmp_path_factory.mktemp("given"))
    yield found
    found.close()


def give(place: Place, recording: str, clip: str) -> None:
    place.cast.lessons.give_clips(place.cast.owner, recording, "coach@school.org", [clip])


def ready(place: Place, clip: str) -> Film:
    def now() -> Film | None:
        film = place.cast.lessons.given_clip(place.cast.cast["coach"], clip).film
        return film if film.state is Making.READY else None

    return place.wait(now)


def pictures(file: Path) -> list[np.ndarray]:
    with av.open(str(file)) as container:
        return [frame.to_ndarray(format="gray").astype(float) for frame in container.decode(video=0)]


def test_a_film_has_exactly_the_seconds_that_the_clip_has_now_and_goes_with_the_gift(place):
    recording = place.bring("given")
    clip = place.clip(recording)
    give(place, recording, clip)
    with place.faults.slows("web.mp4"):
        first = place.work()
        place.wait(lambda: '"handout started"' in first.text and first.hands())
        first.kill()
    worker = place.work()
    old = ready(place, clip)
    lesson = pictures(place.film)
    seen = pictures(place.data / str(old.path))
    assert len(seen) == 6 * 15
    for frame, of in ((seen[0], 8 * 15), (seen[-1], 14 * 15 - 1)):
        nearest = min(range(7 * 15, 15 * 15), key=lambda n: float(np.abs(lesson[n] - frame).mean()))
        assert nearest == of
    place.cast.lessons.change_clip(place.cast.owner, recording, clip, ClipChange(start=10.0))
    assert place.cast.lessons.given_clip(place.cast.cast["coach"], clip).film.path is None
    new = ready(place, clip)
    assert len(pictures(place.data / str(new.path))) == 4 * 15
    place.wait(lambda: [str(p.relative_to(place.data)) for p in place.files(recording)] == [new.path])
    place.cast.lessons.take_back_clips(place.cast.owner, recording, place.cast.cast["coach"])
    place.wait(lambda: place.files(recording) == [])
    worker.kill()


def test_what_is_taken_back_or_changed_while_its_film_is_made_leaves_nothing(place):
    recording = place.bring("changed meanwhile")
    clip = place.clip(recording)
    give(place, recording, clip)
    with place.faults.slows("web.mp4"):
        worker = place.work()
        place.wait(lambda: '"handout started"' in worker.text)
        place.cast.lessons.change_clip(place.cast.owner, recording, clip, ClipChange(stop=12.0))
        place.wait(lambda: '"handout stopped"' in worker.text)
    film = ready(place, clip)
    assert [str(p.relative_to(place.data)) for p in place.files(recording)] == [film.path]
    place.cast.lessons.delete(place.cast.owner, recording, 0, 0)
    place.wait(lambda: not (place.data / str(film.path)).exists())
    worker.kill()
