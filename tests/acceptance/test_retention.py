"""A film goes with a real worker: every file that shows or sounds, once films of its clips are there; killed or not."""

from __future__ import annotations

import shutil
from pathlib import Path

import av
import pytest
from folders import files
from making import Place


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = Place("postgresql", tmp_path_factory.mktemp("retention"))
    yield found
    found.close()


def lies(place: Place, recording: str) -> list[str]:
    folder = place.data / "recordings" / recording
    return sorted(str(file.relative_to(folder)) for file in files(folder))


def test_films_of_clips_are_cut_before_the_lesson_goes_whoever_is_killed_meanwhile(place):
    recording = place.bring("goes")
    clips = [place.clip(recording), place.clip(recording, 20.0, 23.0, "Second")]
    original = place.data / "recordings" / recording / "original" / "1" / "lesson.mp4"
    original.parent.mkdir(parents=True)
    original.hardlink_to(place.film)
    place.let_films_go()
    retention, owner = place.cast.retention, place.cast.owner
    with place.faults.slows("web.mp4"):
        first = place.work()
        place.wait(lambda: '"handout started"' in first.text and first.hands())
        assert original.exists()
        first.kill()
    assert retention.film(owner, recording).gone is None
    worker = place.work()
    place.wait(lambda: retention.film(owner, recording).gone)
    kept = retention.kept_clips(owner, recording)
    assert set(kept) == set(clips)
    here = sorted(str(Path(path).relative_to(f"recordings/{recording}")) for path in kept.values())
    place.wait(lambda: lies(place, recording) == here)
    for clip, seconds in zip(clips, (6, 3), strict=True):
        with av.open(str(place.data / kept[clip])) as film:
            assert sum(1 for _ in film.decode(video=0)) == seconds * 15
    place.wait(lambda: retention.to_remove() == [])
    place.wait(lambda: '"film deleted"' in worker.text)  # said after it
    worker.kill()
    shutil.rmtree(place.data / "recordings" / recording)  # as after a restore of a lesson that has no file any more
    worker = place.work()
    place.wait(lambda: '"worker started"' in worker.text)
    place.cast.lessons.delete(owner, recording, 0, 0)
    place.wait(lambda: lies(place, recording) == [])
    worker.kill()
