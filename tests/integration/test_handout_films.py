"""The film of a clip, read back: its length, its captions as text and as pixels, and what is no picture."""

from __future__ import annotations

import random
import shutil
from types import SimpleNamespace

import av
import numpy as np
import pytest
from media_files import BURSTS, run_ffmpeg, sound, tape
from rendition_files import CODECS, beeps, flash, flashes, flashing, starts_at_once

from coaching.errors import BadInput, OutOfSpace
from coaching.exports.captions import Caption
from coaching.handouts import Captions
from coaching.originals import SPARE
from coaching.spans import Span
from pipelines.handouts import lettering
from pipelines.handouts.film import film
from pipelines.media import probe
from pipelines.progress import silent

HOSTILE = r"""C:\new {\b1}bold{\b0} {\an8} %{x} %s 'q' "d" <b>no</b> &amp; \N \h [in]; drawtext=x,y --> 00:01"""
CAPTIONS = [
    Caption("u1", Span(0.4, 1.2), "Teacher", "Was fällt dir auf, Željko? Ça va, naïve “œuvre” – Привет, ελλάδα."),
    Caption("u2", Span(0.9, 1.6), "Student 1", HOSTILE),
]
PART = Span(1.0, 3.0)


@pytest.fixture(scope="module")
def lesson(tmp_path_factory):
    return probe(flashing(tmp_path_factory.mktemp("lesson") / "lesson.mp4", size="640x360"))


@pytest.fixture(scope="module")
def films(lesson, tmp_path_factory):
    folder = tmp_path_factory.mktemp("films")
    for how in Captions:
        film(lesson, PART, CAPTIONS, how, folder / f"{how}.mp4", silent)
    assert {path.name for path in folder.iterdir()} == {f"{how}.mp4" for how in Captions}  # nothing stays beside them
    return {how: folder / f"{how}.mp4" for how in Captions}


@pytest.mark.parametrize("how", Captions)
def test_a_film_is_cut_to_the_frame_and_plays_everywhere(films, how):
    with av.open(str(films[how])) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.codec_context.width, video.codec_context.height, audio.codec_context.name) == (640, 360, "aac")
        assert float(video.duration * video.time_base) == pytest.approx(PART.duration, abs=1 / 30)
        assert float(audio.duration * audio.time_base) == pytest.approx(PART.duration, abs=0.03)
        assert bool(container.streams.subtitles) == (how is Captions.SOFT)
    # The lesson is white, and sounds, from 2.0 to 2.5 s: from 1.0 s of the clip.
    if how is not Captions.BURNED:
        assert flashes(films[how]) == [(pytest.approx(1.0, abs=0.04), pytest.approx(1.5, abs=0.04))]
    assert starts_at_once(films[how])


def test_captions_beside_the_picture_are_the_text_as_it_is(films):
    with av.open(str(films[Captions.SOFT])) as container:
        track = container.streams.subtitles[0]
        assert track.codec_context.name == "mov_text"
        read = [
            (float(p.pts * p.time_base), float(p.duration * p.time_base), bytes(p)[2:].decode())
            for p in container.demux(track)
            if p.pts is not None and int.from_bytes(bytes(p)[:2])
        ]
    first, second = (f"{one.called}: {one.text}" for one in CAPTIONS)
    expected = [(0.4, 0.5, first), (0.9, 0.3, f"{first}\n{second}"), (1.2, 0.4, second)]
    assert [text for *_, text in read] == [text for *_, text in expected]
    assert [times for *times, _ in read] == [pytest.approx(times, abs=0.002) for *times, _ in expected]


def test_captions_in_the_picture_are_white_on_dark_while_somebody_speaks_and_gone_afterwards(films):
    plain, burned = (_pictures(films[how]) for how in (Captions.NONE, Captions.BURNED))
    assert plain.keys() == burned.keys()
    boxes = {}
    for moment, picture in burned.items():
        changed = np.abs(picture.astype(int) - plain[moment]) > 24
        assert not changed[:240].any()  # only above the lower edge
        boxes[moment] = changed[240:].any(axis=2)
        if 0.45 <= moment < 1.55:
            rows, columns = np.nonzero(boxes[moment])
            box = picture[240 + rows.min() : 240 + rows.max() + 1, columns.min() : columns.max() + 1].max(axis=2)
            assert (box > 200).mean() > 0.015  # letters
            lit = 1.0 <= moment < 1.5  # 82% black on white leaves 46 of 255
            assert np.median(box) == pytest.approx(46 if lit else 10, abs=14)
            assert abs((columns.min() + columns.max()) / 2 - 320) < 4
        elif not 0.4 - 0.04 < moment < 1.6 + 0.04:
            assert not boxes[moment].any(), moment
    tall = [np.nonzero(boxes[m].any(axis=1))[0].size for m in (0.6, 1.0, 1.4) if m in boxes]
    assert tall[1] > tall[0]  # two who speak at once stand one under the other


def test_text_is_drawn_as_it_is_and_accents_are_letters(tmp_path):
    def drawn(text):
        letterer = lettering.Letterer([Caption("u", Span(0, 1), "A", text)], 640, 360, 1.0)
        return np.asarray(next(iter(letterer.pictures()))[1])

    assert np.array_equal(drawn("e\u0301te\u0301 \u202e\u200b"), drawn("été"))  # two ways to write the same
    different = {drawn(text).tobytes() for text in ("ete", "été", "{\\b1}ete", "<b>ete</b>", "ete\\N", "%{ete}")}
    assert len(different) == 6
    for sign in "äöüßçñøåéèêœžšłğİąțŵΩжЖ½“”–…€":
        assert not np.array_equal(drawn(f"x{sign}x"), drawn("x\uffffx")), sign


@pytest.mark.parametrize("text", ["你好", "שלום", "नमस्ते", "x你"])
def test_letters_that_cannot_be_drawn_are_said_and_pictures_of_faces_do_not_matter(lesson, tmp_path, text):
    with pytest.raises(BadInput, match="separate captions"):
        film(lesson, PART, [Caption("u", Span(0, 1), "A", text)], Captions.BURNED, tmp_path / "a.mp4", silent)
    assert not list(tmp_path.iterdir())
    film(
        lesson, Span(1.0, 1.3), [Caption("u", Span(0, 1), "A", "Well 😀")], Captions.BURNED, tmp_path / "b.mp4", silent
    )
    film(lesson, Span(1.0, 1.3), [Caption("u", Span(0, 1), "A", text)], Captions.SOFT, tmp_path / "c.mp4", silent)


def test_many_who_speak_at_once_leave_half_of_the_picture(tmp_path):
    crowd = [Caption(f"u{n}", Span(n / 100, 2), f"Student {n}", "word " * 40 + "x" * 300) for n in range(30)]
    letterer = lettering.Letterer(crowd, 640, 360, 2.0)
    assert letterer.height < 0.6 * 360
    assert len(list(letterer.pictures())) == 30


def test_a_word_without_end_is_cut_into_lines_and_looked_at_once(tmp_path, monkeypatch):
    looked = []
    lines = lettering._font("SourceSansPro", 15)
    measure = lines.getlength
    monkeypatch.setattr(lines, "getlength", lambda text, *rest: looked.append(len(text)) or measure(text, *rest))
    word = "x" * 20_000 + "i" * 500
    pieces = list(lettering._cut(word, lines, 640 * lettering.WIDEST))
    assert "".join(pieces) == word
    assert all(measure(f"{piece} ") <= 640 * lettering.WIDEST for piece in pieces)
    assert len(pieces[0]) > 50
    assert sum(looked) < 100 * len(word)


def test_a_film_leaves_room_for_lessons(lesson, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=SPARE + 1_000))
    with pytest.raises(OutOfSpace, match="film needs"):
        film(lesson, PART, [], Captions.NONE, tmp_path / "a.mp4", silent)


@pytest.mark.parametrize("how", Captions)
def test_of_a_lesson_without_a_picture_the_sound_is_cut(tmp_path, how):
    out = tmp_path / "clip.mp4"
    film(probe(tape(tmp_path / "lesson.m4a", "-c:a", "aac")), PART, CAPTIONS, how, out, silent)
    with av.open(str(out)) as container:
        assert not container.streams.video
        audio = container.streams.audio[0]
        assert float(audio.duration * audio.time_base) == pytest.approx(PART.duration, abs=0.03)
        assert bool(container.streams.subtitles) == (how is Captions.SOFT)


@pytest.mark.parametrize("start", [0.0, 1.0, 1.9])
@pytest.mark.parametrize("how", [Captions.NONE, Captions.SOFT])
def test_what_sounds_before_the_first_picture_is_heard(tmp_path, start, how):
    late = tmp_path / "late.mp4"
    run_ffmpeg("-itsoffset", "3", *flash(), *sound(), "-map", "0:v", "-map", "1:a", *CODECS, late)
    out = tmp_path / "clip.mp4"
    film(probe(late), Span(start, 8.0), CAPTIONS, how, out, silent)
    heard, seen = (
        [(a + later - start, b + later - start) for a, b in BURSTS if start < a + later < 7] for later in (0, 3)
    )
    assert beeps(out) == [pytest.approx(one, abs=0.04) for one in heard]
    assert flashes(out) == [pytest.approx(one, abs=0.07) for one in seen]


def test_no_caption_of_any_text_and_time_breaks_a_film(lesson, tmp_path):
    dice = random.Random(5)
    texts = ["", "x", "‏", "a\u0301" * 50, HOSTILE * 3, "\N{NO-BREAK SPACE}", "ﬁ ﷽"[:1]]
    for _ in range(3):
        crowd = [
            Caption("u", Span(start, min(0.5, start + dice.random())), dice.choice(texts), dice.choice(texts))
            for start in sorted(dice.random() / 2 for _ in range(8))
        ]
        for how in (Captions.BURNED, Captions.SOFT):
            film(lesson, Span(3.0, 3.5), crowd, how, tmp_path / "film.mp4", silent)


def _pictures(path) -> dict[float, np.ndarray]:
    """Every picture by its time: shape [height, width, 3]."""
    with av.open(str(path)) as container:
        return {round(f.time, 2): f.to_ndarray(format="rgb24") for f in container.decode(video=0)}
