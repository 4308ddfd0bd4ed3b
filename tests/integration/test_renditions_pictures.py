"""Poster and small pictures: of people rather than walls, upright, in their place, and what is said of the camera."""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
import webvtt
from media_files import LENGTH_S, X264, film, run_ffmpeg, sound, tape
from rendition_files import CODECS, flash, flashing, red_corner

from pipelines.media import probe
from pipelines.media.renditions import Poster, Sprite, poster, sprite
from pipelines.media.renditions.poster import COVERED_LENS, DARK_ROOM, SIDEWAYS
from pipelines.media.renditions.sprite import SIDE, STEP_S
from pipelines.progress import silent

AAC = ("-c:a", "aac")
BARE = "color=0xc8c0b0:size=640x360:rate=15:duration=8,noise=alls=6:allf=t"


def read(path: Path) -> np.ndarray:
    """A picture in RGB."""
    return cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)


def poster_of(folder: Path, *sources: Path) -> Poster:
    shares: list[float] = []
    out = folder / "out"
    out.mkdir()
    made = poster([probe(source) for source in sources], out, shares.append)
    assert made is not None
    assert [p.name for p in out.iterdir()] == ["poster.jpg"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return made


@pytest.fixture(scope="module")
def people(shared: Path) -> Path:
    return shared / "video" / "people.mp4"


def changed(people: Path, out: Path, filters: str) -> Path:
    run_ffmpeg("-i", people, "-vf", filters, *X264, *AAC, out)
    return out


# The poster


def test_people_who_can_be_seen_need_no_warning(people: Path, tmp_path: Path):
    """The singer alone, in front of his piano or his curtain; not the backs of heads from 2.1 to 4 s."""
    made = poster_of(tmp_path, people)
    assert made.warnings == ()
    assert not 1.6 < made.at_s < 3.9
    assert read(made.path).shape == (360, 640, 3)


def test_people_rather_than_a_sharper_wall(people: Path, tmp_path: Path):
    """8 s of a bright brick wall, sharper than any face, then people."""
    bricks = "color=0xd0c0b0:size=640x360:rate=30:duration=8,drawgrid=w=40:h=20:t=2:c=black,format=yuv420p"
    graph = "[1:v]fps=30,setsar=1[p];[0:v][p]concat=n=2:v=1:a=0[v]"
    run_ffmpeg("-f", "lavfi", "-i", bricks, "-i", people, "-filter_complex", graph, "-map", "[v]", "-map", "1:a",
               *X264, "-g", "30", *AAC, tmp_path / "wall.mp4")  # fmt: skip
    assert poster_of(tmp_path, tmp_path / "wall.mp4").at_s > 8


def test_a_sharp_moment_rather_than_a_blurred_one(sample: Path, tmp_path: Path):
    """The camera finds its focus after 90 of 100 s."""
    source = tmp_path / "blurred.mp4"
    run_ffmpeg("-t", "100", "-i", sample / "sample-lesson.mp4", "-vf", "gblur=sigma=12:enable='lt(t,90)'", *X264,
               "-g", "20", "-c:a", "copy", source)  # fmt: skip
    assert poster_of(tmp_path, source).at_s >= 90


def test_the_sample_lesson(sample: Path, tmp_path: Path):
    made = poster_of(tmp_path, sample / "sample-lesson.mp4")
    assert (made.warnings, read(made.path).shape) == ((), (720, 1280, 3))


def test_a_poster_shows_its_moment(tmp_path: Path):
    """White only from 2 to 2.5 and 5 to 5.5 s: what the poster shows agrees with the time that it gives."""
    made = poster_of(tmp_path, flashing(tmp_path / "phone.mp4", *X264, "-g", "150", *AAC))
    white = np.median(read(made.path)) > 128
    assert white == any(a <= made.at_s < b for a, b in ((2, 2.5), (5, 5.5)))


@pytest.mark.parametrize("turn", [90, -90, 180])
def test_a_phone_held_upright(tmp_path: Path, turn: int):
    stored = {90: "transpose=clock", -90: "transpose=cclock", 180: "hflip,vflip"}[turn]
    flashing(tmp_path / "stored.mp4", "-vf", stored, *CODECS)
    run_ffmpeg("-display_rotation:v", str(turn), "-i", tmp_path / "stored.mp4", "-c", "copy", tmp_path / "phone.mov")
    image = read(poster_of(tmp_path, tmp_path / "phone.mov").path)
    assert image.shape == (240, 320, 3)
    assert red_corner(image) == "top left"


def test_a_large_picture_becomes_a_smaller_poster(tmp_path: Path):
    source = flashing(tmp_path / "4k.mp4", size="2160x3840", rate=2)
    assert read(poster_of(tmp_path, source).path).shape == (1280, 720, 3)


@pytest.mark.parametrize("side", ["transpose=clock", "transpose=cclock", "hflip,vflip"])
def test_a_sideways_picture(people: Path, tmp_path: Path, side: str):
    assert poster_of(tmp_path, changed(people, tmp_path / "side.mp4", side)).warnings == (SIDEWAYS,)


def test_a_dark_room(people: Path, tmp_path: Path):
    dark = changed(people, tmp_path / "dark.mp4", "lutyuv=y=16+(val-16)*0.4")
    assert poster_of(tmp_path, dark).warnings == (DARK_ROOM,)


@pytest.mark.parametrize("colour", ["0x0a0a0a", "0x301008", "0xc8c0b0"], ids=["pocket", "finger", "wall"])
def test_a_covered_lens(tmp_path: Path, colour: str):
    surface = BARE.replace("0xc8c0b0", colour)
    run_ffmpeg("-f", "lavfi", "-i", surface, *sound(seconds=8), *X264, *AAC, tmp_path / "covered.mp4")
    assert poster_of(tmp_path, tmp_path / "covered.mp4").warnings == (COVERED_LENS,)


def test_a_lens_covered_for_a_moment_is_not_mentioned(people: Path, tmp_path: Path):
    brief = changed(people, tmp_path / "brief.mp4", "drawbox=t=fill:color=black:enable='lt(t,3)'")
    made = poster_of(tmp_path, brief)
    assert made.warnings == ()
    assert made.at_s >= 3


def test_no_picture(tmp_path: Path):
    memo = [probe(tape(tmp_path / "memo.m4a", *AAC))]
    assert (poster(memo, tmp_path, silent), sprite(memo, tmp_path, silent)) == (None, None)


# Small pictures


def sprite_of(folder: Path, *sources: Path) -> tuple[Sprite, list[tuple[float, float, np.ndarray]]]:
    """The sprite, and each cue's start, end and small picture; the cues follow on each other without gaps."""
    shares: list[float] = []
    made = sprite([probe(source) for source in sources], folder, shares.append)
    assert made is not None
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    cues, tiles = webvtt.read(str(made.thumbnails)), []
    images = {sheet.name: read(sheet) for sheet in made.sheets}
    end = 0.0
    for cue in cues:
        where = re.fullmatch(r"(sprite(?:-\d+)?\.jpg)#xywh=(\d+),(\d+),(\d+),(\d+)", cue.text)
        assert where
        x, y, w, h = map(int, where.groups()[1:])
        image = images[where[1]][y : y + h, x : x + w]
        assert image.shape == (made.tile_height, made.tile_width, 3)
        assert cue.start_in_seconds + cue.start_time.milliseconds / 1000 == pytest.approx(end)
        start, end = end, cue.end_in_seconds + cue.end_time.milliseconds / 1000
        tiles.append((start, end, image))
    return made, tiles


def stairs(path: Path, seconds: int, *codecs: str) -> Path:
    """A picture whose grey rises by 8 every 5 s: from it one reads when it was taken."""
    grey = "format=yuv420p,geq=lum='24+8*floor(T/5)':cb=128:cr=128"
    black = f"color=black:size=320x180:rate=10:duration={seconds}"
    run_ffmpeg("-f", "lavfi", "-i", f"{black},{grey}", *sound(8000, seconds=seconds), *codecs, path)
    return path


def read_off(image: np.ndarray) -> float:
    """When a picture of `stairs` was taken, in steps of 5 s. Grey of limited range, 16 to 235."""
    return float(round((np.median(image) * 219 / 255 + 16 - 24) / 8) * 5)


ONE_KEY = ("-c:v", "libvpx", "-deadline", "realtime", "-threads", "1", "-g", "9999", "-c:a", "libvorbis")


@pytest.mark.parametrize("codecs", [(*X264, "-g", "10", *AAC), ONE_KEY], ids=["many key pictures", "one key picture"])
def test_small_pictures_are_where_they_belong(tmp_path: Path, codecs: tuple[str, ...]):
    source = stairs(tmp_path / ("lesson.mp4" if "libx264" in codecs else "browser.webm"), 62, *codecs)
    made, tiles = sprite_of(tmp_path, source)
    assert (made.tile_width, made.tile_height, made.step_s) == (160, 90, STEP_S)
    assert [start for start, _, _ in tiles] == [5.0 * i for i in range(13)]
    assert tiles[-1][1] == pytest.approx(62, abs=0.1)
    for start, _, image in tiles:
        assert read_off(image) in (start, start - 5)


def test_a_long_lesson_gets_several_sheets(tmp_path: Path):
    source = stairs(tmp_path / "long.mp4", 130, *X264, "-g", "50", *AAC)
    made, tiles = sprite_of(tmp_path, *[source] * 4)
    assert [sheet.name for sheet in made.sheets] == ["sprite.jpg", "sprite-2.jpg"]
    assert len(tiles) == 104
    assert max(max(read(sheet).shape) for sheet in made.sheets) <= 1600
    offset = 3 * probe(source).audio_tracks[0].duration_s
    for start, _, image in tiles[79:]:
        assert read_off(image) == pytest.approx(start - offset, abs=5.1)


def test_a_part_without_a_picture_is_black(tmp_path: Path):
    sources = (
        stairs(tmp_path / "1.mp4", 40, *X264, *AAC),
        tape(tmp_path / "2.m4a", "-c:a", "aac"),
        film(tmp_path / "3.mp4"),
    )
    _, tiles = sprite_of(tmp_path, *sources)
    assert tiles[-1][1] == pytest.approx(40 + 2 * LENGTH_S, abs=0.3)
    assert [start for start, _, image in tiles if image.max() < 5] == [40.0, 45.0]


def test_small_pictures_of_a_phone_held_upright(tmp_path: Path):
    flashing(tmp_path / "stored.mp4", "-vf", "transpose=clock", *CODECS, size="240x320")
    run_ffmpeg("-display_rotation:v", "90", "-i", tmp_path / "stored.mp4", "-c", "copy", tmp_path / "phone.mov")
    made, tiles = sprite_of(tmp_path, tmp_path / "phone.mov")
    assert (made.tile_width, made.tile_height) == (SIDE * 3 // 4, SIDE)
    assert {red_corner(image) for _, _, image in tiles} == {"top left"}


def test_a_picture_that_starts_late(tmp_path: Path):
    """From 0 on there is a small picture: the first there is."""
    run_ffmpeg(
        "-itsoffset", "6", *flash(), *sound(seconds=13), "-map", "0:v", "-map", "1:a", *CODECS, tmp_path / "late.mp4"
    )
    _, tiles = sprite_of(tmp_path, tmp_path / "late.mp4")
    assert [red_corner(image) for _, _, image in tiles] == ["top left"] * 3


def test_a_part_of_another_shape_is_shown_whole(tmp_path: Path):
    flashing(tmp_path / "1.mp4")
    flashing(tmp_path / "2.mp4", size="240x320")
    made, tiles = sprite_of(tmp_path, tmp_path / "1.mp4", tmp_path / "2.mp4")
    assert (made.tile_width, made.tile_height) == (160, 120)
    last = tiles[-1][2]
    assert np.median(last[:, :33]) < 10 < np.median(last[:, 40:120])  # 90 of 160 pixels, in the middle
    assert red_corner(last[:, 35:125]) == "top left"
