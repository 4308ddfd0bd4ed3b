"""Faces covered in a real film of people, in a crowd, near, in profile and cut off: none that was found can be seen."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from dataclasses import dataclass

import av
import cv2
import numpy as np
import pytest

from coaching.errors import BadRecording, Cancelled
from coaching.faces import Box, Face, Moment
from coaching.spans import Span
from pipelines import media
from pipelines.faces import detector, look_for, looking
from pipelines.faces.detector import Detector
from pipelines.handouts.covered import covered
from pipelines.progress import silent

PART = Span(0.0, 10.0)
GREY = 125

BY_HAND = {
    5: [(0.09, 0.50, 0.12, 0.60), (0.825, 0.14, 0.895, 0.28)],
    20: [(0.68, 0.10, 0.85, 0.62)],
    38: [(0.49, 0.40, 0.70, 0.95)],
    55: [(0.905, 0.10, 1.0, 0.65), (0.315, 0.24, 0.385, 0.44)],
    62: [(0.91, 0.05, 1.0, 0.60), (0.31, 0.24, 0.385, 0.44)],
    80: [(0.69, 0.34, 0.85, 0.92), (0.26, 0.24, 0.33, 0.42)],
    110: [(0.345, 0.22, 0.48, 0.50)],
    140: [(0.26, 0.13, 0.40, 0.42)],
    170: [(0.335, 0.13, 0.46, 0.42)],
    200: [(0.41, 0.12, 0.55, 0.40)],
    225: [(0.255, 0.24, 0.35, 0.46), (0.495, 0.13, 0.575, 0.35), (0.60, 0.24, 0.70, 0.52), (0.075, 0.18, 0.19, 0.36)],
    232: [(0.255, 0.24, 0.35, 0.46), (0.49, 0.13, 0.57, 0.35), (0.605, 0.25, 0.70, 0.52), (0.08, 0.18, 0.185, 0.35)],
    250: [(0.265, 0.23, 0.36, 0.46), (0.505, 0.13, 0.58, 0.35), (0.62, 0.26, 0.72, 0.52), (0.065, 0.19, 0.18, 0.36)],
    265: [(0.27, 0.23, 0.36, 0.46), (0.505, 0.13, 0.585, 0.35), (0.62, 0.26, 0.71, 0.52)],
}
"""By the number of the picture: left, top, right and bottom of every face that a person sees there and could name, as
shares of it, from brow to chin. Drawn with a grid over the picture, before any film was made."""

MISSED = Face(
    "hand",
    3.35,
    3.65,
    (Moment(3.35, Box(0.72, 0.30, 0.22, 0.68)), Moment(3.52, Box(0.66, 0.30, 0.22, 0.68))),
    by_hand=True,
)
"""Of these the machine misses one: the pianist turns away, with his hair over his face. Its owner draws it."""


@dataclass
class Watched:
    """The film, its pictures before and after, and what the detector found in each before."""

    film: media.MediaInfo
    out: object
    faces: list[Face]
    before: list[np.ndarray]
    after: list[np.ndarray]
    found: list[list[Box]]


def pictures(path) -> tuple[list[float], list[np.ndarray]]:
    with av.open(str(path)) as container:
        shown = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return [at for at, _ in shown], [picture for _, picture in shown]


def pixels(picture: np.ndarray, box) -> np.ndarray:
    """Of a box of left, top, right, bottom."""
    height, width = picture.shape[:2]
    left, top, right, bottom = (round(side * scale) for side, scale in zip(box, (width, height) * 2, strict=True))
    return picture[max(0, top) : max(0, bottom), max(0, left) : max(0, right)].astype(float)


def sides(box: Box) -> tuple[float, float, float, float]:
    return box.x, box.y, box.x + box.width, box.y + box.height


def share_covered(picture: np.ndarray, box) -> float:
    """How much of a box is flat grey; what H.264 makes of it differs by a few levels."""
    return float((np.abs(pixels(picture, box) - GREY).max(axis=-1) < 14).mean())


@pytest.fixture(scope="module")
def watched(shared, tmp_path_factory) -> Watched:
    film = media.probe(shared / "video" / "people.mp4")
    seen: list[tuple[float, list[Box]]] = []

    def listening(found):
        def each():
            for one in found:
                seen.append(one)
                yield one

        return join(each())

    join = looking.join
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(looking, "join", listening)
        faces = look_for(film, PART, silent, threads=2)
    out = tmp_path_factory.mktemp("covered") / "clip.mp4"
    covered(film, PART, [*faces, MISSED], out, silent, threads=2)
    times, before = pictures(film.path)
    _, after = pictures(out)
    assert len(before) == len(after)
    with av.open(str(film.path)) as container:
        start = (container.start_time or 0) / 1e6
    at = np.array([second for second, _ in seen])
    found = [seen[int(np.abs(at - (time - start)).argmin())][1] for time in times]
    return Watched(film, out, faces, before, after, found)


def test_every_face_that_the_detector_finds_is_flat_grey_in_the_result(watched):
    looked_at = sum(map(len, watched.found))
    assert looked_at > 800, "there are people in this film"
    for number, (before, after, boxes) in enumerate(zip(watched.before, watched.after, watched.found, strict=True)):
        for box in map(sides, boxes):
            assert share_covered(after, box) > 0.98, (number, box)
            assert pixels(after, box).std(axis=(0, 1)).max() < 8, "nothing is left to reckon back"
            assert np.abs(pixels(after, box) - pixels(before, box)).mean() > 20, (number, box)


def test_the_detector_finds_no_face_any_more_where_one_was(watched):
    find = Detector(2)
    for number in range(0, len(watched.after), 9):
        again = [sides(box) for box in find(watched.after[number])]
        for was in map(sides, watched.found[number]):
            for left, top, right, bottom in again:
                across = min(right, was[2]) - max(left, was[0])
                down = min(bottom, was[3]) - max(top, was[1])
                area = (was[2] - was[0]) * (was[3] - was[1])
                assert max(0, across) * max(0, down) < 0.5 * area, (number, was)


@pytest.mark.parametrize("number", BY_HAND)
def test_every_face_that_a_person_marked_is_covered(watched, number):
    for box in BY_HAND[number]:
        assert share_covered(watched.after[number], box) > 0.97, box


def test_most_of_the_picture_stays_and_a_face_that_is_drawn_by_hand_goes(watched, tmp_path):
    same = np.abs(watched.after[200].astype(int) - watched.before[200]).max(axis=-1) < 40
    assert same.mean() > 0.85
    desk = Face("hand", 5.0, 7.0, (Moment(5.0, Box(0.1, 0.6, 0.1, 0.2)), Moment(7.0, Box(0.8, 0.6, 0.1, 0.2))), True)
    out = tmp_path / "clip.mp4"
    covered(watched.film, Span(4.0, 8.0), [desk], out, silent)
    times, after = pictures(out)
    with av.open(str(out)) as container:
        assert float(container.duration) / 1e6 == pytest.approx(4.0, abs=0.1)
    for at, x in ((1.0, 0.1), (2.0, 0.45), (3.0, 0.8)):
        picture = after[int(np.abs(np.array(times) - at).argmin())]
        assert share_covered(picture, (x, 0.6, x + 0.1, 0.8)) > 0.97
    for at in (0.2, 3.8):
        picture = after[int(np.abs(np.array(times) - at).argmin())]
        assert all(share_covered(picture, (x, 0.6, x + 0.1, 0.8)) < 0.5 for x in (0.1, 0.8))


def sound(path) -> np.ndarray:
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
        frames = [r for frame in container.decode(audio=0) for r in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def test_sound_is_kept_and_nothing_else_of_the_original(watched):
    before, after = sound(watched.film.path), sound(watched.out)
    assert abs(len(before) - len(after)) < 16_000 * 0.1
    n = min(len(before), len(after)) - 4_000
    best = max(np.corrcoef(before[shift : n + shift], after[:n])[0, 1] for shift in range(0, 2_000, 16))
    other = max(np.corrcoef(before[:n], after[shift : n + shift])[0, 1] for shift in range(0, 2_000, 16))
    assert max(best, other) > 0.95
    with av.open(str(watched.out)) as container:
        assert {stream.type for stream in container.streams} == {"video", "audio"}
        assert not container.streams.subtitles
        assert container.streams.video[0].codec_context.name == "h264"
        assert set(container.metadata) <= {"major_brand", "minor_version", "compatible_brands", "encoder"}


def test_looking_and_making_stop_when_they_are_told_to(watched, tmp_path):
    def enough(share: float) -> None:
        if share > 0.1:
            raise Cancelled

    with pytest.raises(Cancelled):
        look_for(watched.film, PART, enough)
    with pytest.raises(Cancelled):
        covered(watched.film, PART, watched.faces, tmp_path / "clip.mp4", enough)
    assert list(tmp_path.iterdir()) == []


def test_a_lesson_without_a_picture_has_no_faces_and_its_film_is_its_sound(watched, tmp_path):
    only = tmp_path / "audio.m4a"
    with av.open(str(watched.film.path)) as given, av.open(str(only), "w", format="mp4") as out:
        stream = out.add_stream_from_template(given.streams.audio[0])
        for packet in given.demux(given.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)
    info = media.probe(only)
    assert look_for(info, PART, silent) == []
    covered(info, Span(1.0, 5.0), [], tmp_path / "clip.mp4", silent)
    assert len(sound(tmp_path / "clip.mp4")) == pytest.approx(4 * 16_000, rel=0.05)


def test_a_film_that_is_gone_is_said_in_a_sentence(watched, tmp_path):
    broken = tmp_path / "web.mp4"
    broken.write_bytes(watched.film.path.read_bytes()[:300_000])
    with pytest.raises(BadRecording):
        look_for(media.probe(broken), PART, silent)


@pytest.mark.parametrize("size", [12, 16, 30])
def test_how_small_a_face_is_found(watched, size):
    """One in profile and one from the front, so wide, in an empty room of 960 by 544, wherever they are in it."""
    find = Detector(2)
    for number, part, wide in ((250, (0.45, 0.05, 0.62, 0.42), 75), (5, (0.79, 0.08, 0.93, 0.34), 44)):
        head = pixels(watched.before[number], part).astype(np.uint8)
        shrunk = cv2.resize(head, None, fx=size / wide, fy=size / wide, interpolation=cv2.INTER_AREA)
        high, across = shrunk.shape[:2]
        for y in (100, 211, 322):
            room = np.full((544, 960, 3), 90, np.uint8)
            room[y : y + high, 400 : 400 + across] = shrunk
            assert any(395 < (box.x + box.width / 2) * 960 < 405 + across for box in find(room)), (number, y)


def test_a_picture_of_another_size_is_looked_at_as_well(watched):
    picture = watched.before[200]
    first, find = Detector(1)(picture), Detector(1)
    find(cv2.resize(picture, (960, 540)))
    assert find(picture) == first


def test_there_is_one_opencv_and_it_wants_no_library_of_the_system():
    assert importlib.metadata.packages_distributions()["cv2"] == ["opencv-python-headless"]
    code = "import cv2, pathlib; print(pathlib.Path('/proc/self/maps').read_text())"
    maps = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "cv2" in maps
    assert not any(name in maps for name in ("libGL.so", "libgthread", "libX11.so", "libxcb.so", "libQt5"))


def test_a_network_that_is_another_file_is_refused():
    with pytest.raises(detector.MissingEngine):
        detector.of_any_size(b"\0" * 100)
