"""The video for browsers: what plays is copied, all else is made to play, and it stays on the clock of the sound."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import av
import pytest
from media_files import BURSTS, LENGTH_S, TONE, X264, bursts, cut, run_ffmpeg, sound, tape
from rendition_files import CODECS, beeps, flash, flashes, flashing, red_corner, sound_of, starts_at_once

from coaching.errors import BadRecording
from pipelines.media import probe
from pipelines.media.renditions import WebVideo, audio_only, encoders, web, web_video
from pipelines.media.renditions.make import OUT
from pipelines.progress import silent

AAC = ("-c:a", "aac")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-threads", "1", "-cpu-used", "8", "-c:a", "libopus")
FRAME_S = 1 / 30


def made(folder: Path, *sources: Path) -> WebVideo:
    """The web video of these files, after what must hold for every one."""
    shares: list[float] = []
    out = folder / "out"
    out.mkdir()
    video = web_video([probe(source) for source in sources], out, shares.append)
    assert video is not None
    assert [p.name for p in out.iterdir()] == ["web.mp4"]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert starts_at_once(video.path)
    with av.open(str(video.path)) as container:
        assert [s.type for s in container.streams] == ["video", "audio"]
        picture = container.streams.video[0].codec_context
        assert (picture.name, picture.pix_fmt) == ("h264", "yuv420p")
        assert {picture.width, picture.height} == {video.width, video.height}
    return video


def assert_near(found: list[tuple[float, float]], wanted: list[tuple[float, float]], within: float) -> None:
    assert len(found) == len(wanted), found
    for got, want in zip(found, wanted, strict=True):
        assert got == pytest.approx(want, abs=within), (found, wanted)


def assert_in_time(video: WebVideo, *sources: Path) -> None:
    """Flashes and beeps of the video lie where the analysed sound of its sources has its beeps."""
    analysed = bursts(sound_of([probe(source) for source in sources], video.path.parent.parent))
    assert_near(beeps(video.path), analysed, 0.02)
    assert_near(flashes(video.path), analysed, FRAME_S + 0.02)


@pytest.mark.parametrize("name", ["phone.mp4", "phone.mov", "recorder.mkv"])
def test_what_browsers_play_is_copied(tmp_path: Path, name: str):
    source = flashing(tmp_path / name)
    video = made(tmp_path, source)
    assert (video.how, video.encoder, video.width, video.height) == ("remuxed", "copy", 320, 240)
    assert video.duration_s == pytest.approx(LENGTH_S, abs=0.1)
    assert packets(video.path) == packets(source)
    assert_in_time(video, source)


def packets(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [p.size for p in container.demux(video=0) if p.size]


HEVC = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0:pools=1", *AAC)
ENCODED = {
    # name: options, the size as made, the size as it comes out
    "hevc.mov": (HEVC, "320x240", (320, 240)),
    "vp9.mkv": (VP9, "320x240", (320, 240)),
    "10 bits.mp4": ((*X264, "-pix_fmt", "yuv420p10le", *AAC), "320x240", (320, 240)),
    "422.mov": ((*X264, "-pix_fmt", "yuv422p", *AAC), "320x240", (320, 240)),
    "odd.mkv": ((*X264, "-pix_fmt", "yuv444p", *AAC), "321x243", (320, 244)),
    "wide pixels.mp4": ((*X264, "-vf", "setsar=4/3", *AAC), "240x240", (320, 240)),
    "old.avi": (("-c:v", "mjpeg", "-c:a", "pcm_s16le"), "320x240", (320, 240)),
    "camcorder.mts": ((*X264, "-g", "30", "-c:a", "ac3", "-f", "mpegts"), "320x240", (320, 240)),
    "fields.mp4": ((*X264, "-flags", "+ildct+ilme", "-x264opts", "tff=1", *AAC), "320x240", (320, 240)),
    "4k.mp4": (CODECS, "3840x2160", (1280, 720)),
    "tall.mp4": (CODECS, "1200x2000", (720, 1200)),
}  # fmt: skip


@pytest.mark.parametrize("name", ENCODED)
def test_everything_else_is_encoded(tmp_path: Path, name: str):
    codecs, size, comes_out = ENCODED[name]
    rate = 5 if int(size.split("x")[0]) > 1000 else 30
    source = flashing(tmp_path / name, *codecs, size=size, rate=rate)
    video = made(tmp_path, source)
    assert (video.how, video.encoder) == ("encoded", encoders.encoder())
    assert (video.width, video.height) == comes_out
    assert video.duration_s == pytest.approx(LENGTH_S, abs=0.1)
    assert_near(beeps(video.path), beeps(source), 0.02)
    assert_near(flashes(video.path), flashes(source), 1 / rate + 0.02)


def test_a_picture_too_heavy_for_a_school_is_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    source = flashing(tmp_path / "phone.mp4")
    monkeypatch.setattr(web, "COPY_MBITS", source.stat().st_size * 8 / LENGTH_S / 1e6 - 0.01)
    assert made(tmp_path, source).how == "encoded"


def test_variable_frame_rate(tmp_path: Path):
    vary = ("-vf", "select='not(mod(n,2))+not(mod(n,3))'", "-fps_mode", "vfr")
    source = flashing(tmp_path / "vfr.mp4", *vary, *HEVC)
    assert_in_time(made(tmp_path, source), source)


def test_sixty_pictures_a_second_become_thirty(tmp_path: Path):
    source = flashing(tmp_path / "sport.mkv", *VP9, rate=60)
    video = made(tmp_path, source)
    with av.open(str(video.path)) as container:
        assert container.streams.video[0].average_rate == 30
    assert_in_time(video, source)


def test_several_sound_tracks_are_mixed_beside_the_copied_picture(tmp_path: Path):
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a")
    run_ffmpeg(*flash(), *sound(), *sound(44_100, TONE), *maps, *CODECS, tmp_path / "swivl.mp4")
    video = made(tmp_path, tmp_path / "swivl.mp4")
    assert (video.how, packets(video.path)) == ("remuxed", packets(tmp_path / "swivl.mp4"))
    assert_in_time(video, tmp_path / "swivl.mp4")


def test_only_the_sound_does_not_play(tmp_path: Path):
    source = flashing(tmp_path / "recorder.mov", *X264, "-c:a", "pcm_s16le")
    video = made(tmp_path, source)
    assert (video.how, packets(video.path)) == ("remuxed", packets(source))
    assert probe(video.path).audio_tracks[0].codec == "aac"
    assert_in_time(video, source)


@pytest.mark.parametrize("late", ["sound", "picture"])
@pytest.mark.parametrize("name", ["late.mp4", "late.ts", "late.mkv"])
@pytest.mark.parametrize("codecs", [CODECS, ("-c:v", "mpeg2video", "-c:a", "mp2")], ids=["copied", "encoded"])
def test_what_starts_late_keeps_its_time(tmp_path: Path, late: str, name: str, codecs: tuple[str, ...]):
    """Half a second later than the other: its bursts are half a second later on the recording's clock."""
    inputs = [*flash(), "-itsoffset", "0.5", *sound()] if late == "sound" else ["-itsoffset", "0.5", *flash(), *sound()]
    run_ffmpeg(*inputs, "-map", "0:v", "-map", "1:a", *codecs, tmp_path / name)
    video = made(tmp_path, tmp_path / name)
    later = [(a + 0.5, b + 0.5) for a, b in BURSTS]
    assert_near(beeps(video.path), later if late == "sound" else list(BURSTS), 0.03)
    assert_near(flashes(video.path), later if late == "picture" else list(BURSTS), FRAME_S + 0.03)


def test_a_trimmed_phone_video(tmp_path: Path):
    """Cut on the phone at 1.3 s, between key pictures: an edit list hides what comes before."""
    run_ffmpeg("-ss", "1.3", "-i", flashing(tmp_path / "whole.mp4"), "-c", "copy", tmp_path / "cut.mp4")
    video = made(tmp_path, tmp_path / "cut.mp4")
    assert video.how == "remuxed"
    assert_in_time(video, tmp_path / "cut.mp4")


def first_picture(path: Path) -> tuple[av.VideoFrame, int]:
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        return frame, frame.rotation


@pytest.mark.parametrize("turn", [90, -90, 180])
@pytest.mark.parametrize("codecs", [CODECS, HEVC], ids=["copied", "encoded"])
def test_a_phone_held_upright(tmp_path: Path, turn: int, codecs: tuple[str, ...]):
    """A copy keeps the turn beside the picture, which browsers obey; an encoded picture is turned, once."""
    stored = {90: "transpose=clock", -90: "transpose=cclock", 180: "hflip,vflip"}[turn]
    flashing(tmp_path / "stored.mp4", "-vf", stored, *codecs)
    run_ffmpeg("-display_rotation:v", str(turn), "-i", tmp_path / "stored.mp4", "-c", "copy", tmp_path / "phone.mov")
    video = made(tmp_path, tmp_path / "phone.mov")
    frame, rotation = first_picture(video.path)
    if codecs is HEVC:
        assert (video.how, rotation, frame.width, frame.height) == ("encoded", 0, 320, 240)
        assert red_corner(frame.to_ndarray(format="rgb24")) == "top left"
    else:
        assert video.how == "remuxed"
        assert rotation == first_picture(tmp_path / "phone.mov")[1] != 0
    assert (video.width, video.height) == (320, 240)
    assert_in_time(video, tmp_path / "phone.mov")


def test_a_picture_that_changes_its_size_in_the_middle(tmp_path: Path):
    """A browser's recorder does that when the network gets worse; the clock must not begin anew."""
    for name, size in (("a", "320x240"), ("b", "160x120")):
        flashing(tmp_path / f"{name}.ts", "-c:v", "mpeg2video", "-c:a", "mp2", size=size)
    run_ffmpeg("-i", f"concat:{tmp_path}/a.ts|{tmp_path}/b.ts", "-c", "copy", tmp_path / "both.ts")
    video = made(tmp_path, tmp_path / "both.ts")
    assert (video.width, video.height) == (320, 240)
    assert len(flashes(video.path)) == 4
    assert_in_time(video, tmp_path / "both.ts")


def test_parts_are_joined_where_their_sound_is(tmp_path: Path):
    """The first picture ends a second before its sound, the second goes on a second longer, the third has none."""
    run_ffmpeg(*flash(seconds=6), *sound(), *CODECS, tmp_path / "1.mp4")
    run_ffmpeg(*flash("240x320", seconds=8), *sound(), *CODECS, tmp_path / "2.mp4")
    tape(tmp_path / "3.m4a", *AAC)
    run_ffmpeg(*flash(rate=25), *sound(), *HEVC, tmp_path / "4.mov")
    sources = [tmp_path / name for name in ("1.mp4", "2.mp4", "3.m4a", "4.mov")]
    video = made(tmp_path, *sources)
    assert (video.how, video.width, video.height) == ("encoded", 320, 240)
    analysed = bursts(sound_of([probe(source) for source in sources], tmp_path))
    assert len(analysed) == 8
    assert_near(beeps(video.path), analysed, 0.02)
    assert_near(flashes(video.path), [*analysed[:4], *analysed[6:]], 0.04 + 0.02)
    audio_only([probe(source) for source in sources], tmp_path, silent)
    assert_near(beeps(tmp_path / "audio.m4a"), analysed, 0.02)


def test_lengths_that_are_known_are_not_measured_again(tmp_path: Path):
    """Told that the first part lasts 6 s, it is cut there."""
    infos = [probe(flashing(tmp_path / name)) for name in ("1.mp4", "2.mp4")]
    web_video(infos, tmp_path, silent, lengths=(6.0, 7.0))
    assert_near(flashes(tmp_path / "web.mp4"), [*BURSTS, (8.0, 8.5), (11.0, 11.5)], FRAME_S + 0.02)


def test_it_can_be_sought(tmp_path: Path):
    """A key picture at least every two seconds."""
    video = made(tmp_path, flashing(tmp_path / "slow.mov", *HEVC, rate=25))
    with av.open(str(video.path)) as container:
        keys = [float(p.pts * p.time_base) for p in container.demux(video=0) if p.is_keyframe]
    assert max(b - a for a, b in pairwise([*keys, LENGTH_S])) <= 2.5


def test_sound_alone(tmp_path: Path):
    source = flashing(tmp_path / "phone.mp4")
    shares: list[float] = []
    alone = audio_only([probe(source)], tmp_path, shares.append)
    assert (shares == sorted(shares), shares[-1]) == (True, 1.0)
    assert alone.duration_s == pytest.approx(LENGTH_S, abs=0.05)
    info = probe(alone.path)
    assert (info.video, [(t.codec, t.channels) for t in info.audio_tracks]) == (None, [("aac", 1)])
    assert starts_at_once(alone.path)
    assert_near(beeps(alone.path), list(BURSTS), 0.02)


def test_no_picture_no_video(tmp_path: Path):
    assert web_video([probe(tape(tmp_path / "memo.m4a", *AAC))], tmp_path, silent) is None


def test_a_picture_that_cannot_be_decoded(tmp_path: Path):
    """Its index is whole, its pictures are zeros."""
    source = flashing(tmp_path / "broken.mp4", *X264, "-c:a", "aac")
    with av.open(str(source)) as container:
        places = [(p.pos, p.size) for p in container.demux(video=0) if p.size]
    data = bytearray(source.read_bytes())
    for at, size in places:
        data[at : at + size] = bytes(size)
    source.write_bytes(data)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(BadRecording) as caught:
        web_video([probe(source)], out, silent)
    assert str(caught.value) == ("The picture of broken.mp4 cannot be decoded; export it as MP4, or give the original.")
    assert list(out.iterdir()) == []


def test_what_is_there_of_a_file_cut_short(tmp_path: Path):
    source = flashing(tmp_path / "cut.mp4", *HEVC, "-movflags", "+faststart")
    video = made(tmp_path, cut(source, 0.7))
    assert 3 < video.duration_s < 7
    assert_near(flashes(video.path)[:1], [BURSTS[0]], FRAME_S + 0.02)


def test_an_encoder_that_fails_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Hardware that passed its trial may still refuse: the software encoder takes over."""
    monkeypatch.setattr(encoders, "encoder", lambda: "h264_nvenc")
    monkeypatch.setitem(encoders.ENCODERS, "h264_nvenc", ("-no_such_option", "1"))
    assert made(tmp_path, flashing(tmp_path / "phone.mov", *HEVC)).encoder == "libx264"


def test_a_copy_that_fails_is_encoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(web, "_copy", lambda *_: ["-no_such_option", "1", OUT])
    assert made(tmp_path, flashing(tmp_path / "phone.mp4")).how == "encoded"


def test_an_encoder_without_its_hardware_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(encoders.ENCODERS, "h264_nvenc", ("-no_such_option", "1"))
    assert not encoders._works("h264_nvenc")
    assert encoders._works(encoders.SOFTWARE)
