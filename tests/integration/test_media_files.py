"""Recordings as phones, tablets and recorders make them: what came in comes out, at its time and its level."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import tracemalloc
from pathlib import Path

import av
import pytest
from media_files import (
    BURSTS,
    LENGTH_S,
    LEVEL_DB,
    PICTURE,
    X264,
    assert_lesson,
    bursts,
    cut,
    film,
    heard,
    level_db,
    picture_start,
    run_ffmpeg,
    sound,
    tape,
)

from coaching.errors import BadInput, BadRecording
from coaching.spans import clock
from pipelines.audio import Audio
from pipelines.media import extract_audio, probe
from pipelines.progress import silent

ROOT = Path(__file__).parents[2]
AAC = ("-c:a", "aac")
OPUS = ("-c:a", "libopus")
FILMS = {
    "h264.mp4": ("h264", (*X264, *AAC)),
    "h264.mov": ("h264", (*X264, *AAC)),
    "h264.m4v": ("h264", (*X264, *AAC)),
    "fragmented.mp4": ("h264", (*X264, *AAC, "-movflags", "frag_keyframe+delay_moov")),
    "hevc.mp4": ("hevc", ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=0", *AAC)),
    "vp8.webm": ("vp8", ("-c:v", "libvpx", "-deadline", "realtime", "-threads", "1", "-c:a", "libvorbis")),
    "vp9.webm": ("vp9", ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-threads", "1", "-cpu-used", "8", *OPUS)),
    "av1.mkv": ("av1", ("-c:v", "libsvtav1", "-preset", "12", "-svtav1-params", "lp=1", *OPUS)),
    "mp3.avi": ("mpeg4", ("-c:v", "mpeg4", "-c:a", "libmp3lame")),
    "pcm.avi": ("mjpeg", ("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
    "camcorder.mts": ("h264", (*X264, "-c:a", "ac3", "-f", "mpegts")),
}

ENCODER_S = 1105 / 48_000
"""AVI cannot say that the MP3 encoder put 1105 samples of its own before the sound, so every player is that late."""


@pytest.mark.parametrize("name", FILMS)
def test_films(tmp_path: Path, name: str):
    codec, options = FILMS[name]
    path = film(tmp_path / name, *options)
    info = probe(path)
    assert info.video == codec
    assert info.duration_s == pytest.approx(LENGTH_S, abs=0.15)
    audio, extracted = heard(path)
    assert audio.duration == pytest.approx(LENGTH_S, abs=0.1)
    assert extracted.notes == ()
    assert_lesson(audio, shift=ENCODER_S if name == "mp3.avi" else picture_start(path))


TAPES = {
    "voice memo.m4a": ("aac", 44_100, AAC),
    "recorder.mp3": ("mp3", 44_100, ("-c:a", "libmp3lame")),
    "vbr.mp3": ("mp3", 44_100, ("-c:a", "libmp3lame", "-q:a", "6", "-write_xing", "0")),
    "recorder.wav": ("pcm_s16le", 22_050, ("-c:a", "pcm_s16le")),
    "odd rate.wav": ("pcm_s24le", 11_111, ("-c:a", "pcm_s24le")),
    "loud.wav": ("pcm_f32le", 96_000, ("-c:a", "pcm_f32le")),
    "telephone.wav": ("pcm_mulaw", 8_000, ("-c:a", "pcm_mulaw")),
    "vorbis.ogg": ("vorbis", 48_000, ("-c:a", "libvorbis")),
    "opus.ogg": ("opus", 48_000, OPUS),
    "lossless.flac": ("flac", 48_000, ("-c:a", "flac")),
    "raw.aac": ("aac", 32_000, AAC),
    "apple.caf": ("pcm_s16be", 44_100, ("-c:a", "pcm_s16be")),
}

OWN_SAMPLES = {"vbr.mp3": 1105, "raw.aac": 1024}
"""What an encoder put before the sound, where the file has no place to say so: every player is that late."""


@pytest.mark.parametrize("name", TAPES)
def test_sound_alone(tmp_path: Path, name: str):
    codec, rate, options = TAPES[name]
    path = tape(tmp_path / name, *options, rate=rate)
    info = probe(path)
    assert (info.video, info.audio_tracks[0].codec) == (None, codec)
    audio, extracted = heard(path)
    assert audio.duration == pytest.approx(LENGTH_S, abs=0.15)
    assert extracted.notes == ()
    assert_lesson(audio, shift=OWN_SAMPLES.get(name, 0) / rate)


@pytest.mark.parametrize("name", ["phone.amr", "phone.3gp"])
def test_the_speech_codec_of_old_phones(tmp_path: Path, name: str):
    """It is made for voices, so a tone comes back at its time, but 3 dB off is no fault."""
    picture = (*PICTURE, "-vf", "scale=176:144", "-c:v", "h263") if name.endswith("3gp") else ()
    run_ffmpeg(*picture[:4], *sound(8000), *picture[4:], "-c:a", "libopencore_amrnb", "-b:a", "12.2k", tmp_path / name)
    audio, _ = heard(tmp_path / name)
    assert audio.duration == pytest.approx(LENGTH_S, abs=0.1)
    assert_lesson(audio, within_db=3)


def test_a_phone_held_upright(tmp_path: Path):
    film(tmp_path / "flat.mp4")
    run_ffmpeg("-display_rotation:v", "90", "-i", tmp_path / "flat.mp4", "-c", "copy", tmp_path / "upright.mov")
    info = probe(tmp_path / "upright.mov")
    assert (info.container, info.video) == ("mov", "h264")
    assert_lesson(heard(tmp_path / "upright.mov")[0])


def test_variable_frame_rate(tmp_path: Path):
    """Frames 0.07, 0.13, 0.2 ... s apart: the sound does not care."""
    vfr = ("-vf", "select='not(mod(n,2))+not(mod(n,3))'", "-fps_mode", "vfr", *X264, *AAC)
    assert_lesson(heard(film(tmp_path / "vfr.mp4", *vfr))[0])


def test_a_cover_picture_is_no_video(tmp_path: Path):
    run_ffmpeg(*PICTURE, "-frames:v", "1", tmp_path / "cover.png")
    cover = ("-i", tmp_path / "cover.png", "-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
    run_ffmpeg(*sound(), *cover, tmp_path / "memo.mp3")
    assert probe(tmp_path / "memo.mp3").video is None
    assert_lesson(heard(tmp_path / "memo.mp3")[0])


@pytest.mark.parametrize("name", ["late.mp4", "late.mkv", "late.ts", "late.mov"])
def test_sound_that_starts_after_the_picture_keeps_its_time(tmp_path: Path, name: str):
    """
    picture  |---------------------|
    sound        |---------------------|     0.5 s later, so its bursts are at 2.5 and 5.5 s of the recording
    """
    run_ffmpeg(*PICTURE, "-itsoffset", "0.5", *sound(), *X264, *AAC, tmp_path / name)
    audio, _ = heard(tmp_path / name)
    assert_lesson(audio, shift=0.5)


def test_a_pause_in_the_sound_stays_a_pause(tmp_path: Path):
    """The recorder stopped at 3.5 s for 20 s: the second burst, at 5 s of sound, is at 25 s of the recording."""
    hole = ("-af", "asetpts='if(gt(T,3.5),PTS+20/TB,PTS)'", "-c:a", "pcm_s16le")
    audio, _ = heard(tape(tmp_path / "paused.mkv", *hole))
    assert bursts(audio)[0] == pytest.approx(BURSTS[0], abs=0.02)
    assert bursts(audio)[1] == pytest.approx((25.0, 25.5), abs=0.02)


def test_a_mad_time_stamp_does_not_become_hours_of_silence(tmp_path: Path):
    hole = ("-af", "asetpts='if(gt(T,3.5),PTS+7200/TB,PTS)'", "-c:a", "pcm_s16le")
    audio, _ = heard(tape(tmp_path / "mad.mkv", *hole))
    assert audio.duration == pytest.approx(LENGTH_S, abs=0.05)


# Several tracks: the second has its only burst at 4 to 4.2 s, at a quarter of full scale.
MARKER = "0.25*sin(2*PI*500*t)*between(t,4,4.2)"


def two_tracks(path: Path) -> Path:
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a")
    run_ffmpeg(*PICTURE, *sound(), *sound(44_100, MARKER), *maps, *X264, *AAC, path)
    return path


def test_several_tracks_are_mixed(tmp_path: Path):
    """The mean of two: each at half its level, 6.02 dB less."""
    audio, extracted = heard(two_tracks(tmp_path / "swivl.mp4"))
    assert extracted.notes == ("2 sound tracks were mixed into one.",)
    assert level_db(audio, 2.1, 2.4) == pytest.approx(LEVEL_DB - 6.02, abs=0.5)
    assert level_db(audio, 4.05, 4.15) == pytest.approx(LEVEL_DB - 6.02 - 6.02, abs=0.5)


def test_one_of_several_tracks(tmp_path: Path):
    path = two_tracks(tmp_path / "swivl.mp4")
    assert_lesson(heard(path, track=1)[0])
    audio, extracted = heard(path, track=2)
    assert bursts(audio) == [pytest.approx((4.0, 4.2), abs=0.02)]
    assert extracted.notes == ()
    with pytest.raises(BadInput, match=r"^swivl.mp4 has sound tracks 1 to 2, and no track 3\.$"):
        heard(path, track=3)


def test_only_one_track_to_choose_from(tmp_path: Path):
    with pytest.raises(BadInput, match=r"^one.wav has only one sound track, and no track 0\.$"):
        heard(tape(tmp_path / "one.wav"), track=0)


def test_tracks_that_start_at_different_times_are_mixed_in_time(tmp_path: Path):
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a")
    late = ("-itsoffset", "1.0", *sound(48_000, MARKER))  # its burst at 4 s is at 5 s of the recording
    run_ffmpeg(*PICTURE, *sound(48_000, "0.5*sin(2*PI*1000*t)*between(t,2,2.5)"), *late, *maps, *X264, *OPUS,
               tmp_path / "swivl.mkv")  # fmt: skip
    audio, _ = heard(tmp_path / "swivl.mkv")
    assert bursts(audio)[0] == pytest.approx((2.0, 2.5), abs=0.02)
    assert level_db(audio, 5.05, 5.15) == pytest.approx(LEVEL_DB - 12.04, abs=0.5)


def test_a_track_that_nothing_can_decode_is_left_out(tmp_path: Path):
    """New phones add a spatial track in a codec of their own: here the second track is renamed to one."""
    path = two_tracks(tmp_path / "phone.mp4")
    data = path.read_bytes()
    at = data.rfind(b"mp4a")
    path.write_bytes(data[:at] + b"apac" + data[at + 4 :].replace(b"esds", b"zzzz"))
    assert [t.readable for t in probe(path).audio_tracks] == [True, False]
    audio, extracted = heard(path)
    assert extracted.notes == ("1 more sound track could not be read and had to be left out.",)
    assert_lesson(audio)
    with pytest.raises(BadInput, match=r"^Sound track 2 of phone.mp4 is in a format that cannot be read; choose 1\.$"):
        heard(path, track=2)


CHANNELS = {
    # name: channels, dB that one of them keeps. Surround: the centre weighs 1 of 1+2*.707+2*.5 = 3.41, so -10.7 dB.
    "stereo, one side only": ("pan=stereo|FL=c0", -6.02),
    "stereo, both sides": ("pan=stereo|FL=c0|FR=c0", 0.0),
    "5.1, centre only": ("pan=5.1|FC=c0", -10.66),
    "three microphones, the third": ("pan=2.1|LFE=c0", -9.54),
    "four microphones, the last": ("pan=4.0|BC=c0", -12.04),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_no_channel_is_lost(tmp_path: Path, name: str):
    pan, change = CHANNELS[name]
    audio, _ = heard(tape(tmp_path / "channels.wav", "-af", pan, "-c:a", "pcm_s16le"))
    assert_lesson(audio, level=LEVEL_DB + change, within_db=0.5)


def test_channels_that_cancel_out_are_not_mixed(tmp_path: Path):
    """A balanced cable in a stereo jack: the right channel is the left one upside down, and a little quieter."""
    path = film(tmp_path / "cable.mp4", *X264, "-af", "pan=stereo|c0=-0.9*c0|c1=c0", *AAC)
    audio, extracted = heard(path)
    assert_lesson(audio)
    assert extracted.notes == (
        "The two channels of the sound cancel each other out; the louder one was used. Check the cable.",
    )


def test_channels_that_share_nothing_are_mixed(tmp_path: Path):
    """Two microphones far apart: the mean is 6 dB under each, and nothing is lost."""
    audio, extracted = heard(tape(tmp_path / "apart.wav", "-af", "pan=stereo|c0=c0,adelay=0|1000", "-c:a", "pcm_s16le"))
    assert level_db(audio, 2.1, 2.4) == pytest.approx(LEVEL_DB - 6.02, abs=0.5)
    assert extracted.notes == ()


def test_surround_of_a_camcorder_keeps_the_speaker(tmp_path: Path):
    audio, _ = heard(film(tmp_path / "surround.mp4", *X264, "-af", "pan=5.1|FC=c0", *AAC))
    assert_lesson(audio, level=LEVEL_DB - 10.66)


def test_ambisonic_sound_gives_its_first_channel(tmp_path: Path):
    around = ("-af", "pan=ambisonic 1|c0=c0|c1=0.5*c0", "-c:a", "libopus", "-mapping_family", "2")
    assert_lesson(heard(tape(tmp_path / "around.mkv", *around))[0])


# Headers that say nothing, or something wrong


def test_a_missing_length(tmp_path: Path):
    """A browser's recorder writes WebM as a stream, and never goes back to fill the length in."""
    path = film(
        tmp_path / "browser.webm", "-c:v", "libvpx", "-deadline", "realtime", "-threads", "1", *OPUS, "-live", "1"
    )
    assert probe(path).duration_s is None
    shares: list[float] = []
    extracted = extract_audio([probe(path)], tmp_path / "o.wav", track=None, progress=shares.append)
    assert extracted.duration_s == pytest.approx(LENGTH_S, abs=0.05)
    assert extracted.notes == ()
    assert shares == sorted(shares)
    assert_lesson(Audio(tmp_path / "o.wav"))


@pytest.mark.parametrize(
    ("claim_s", "note"),
    [
        (100, "The file ends early: its header says 1:40, but only 0:07 could be read. What is there was analysed."),
        (2, "The file's header says 0:02, but 0:07 could be read, and was."),
        (8.5, None),  # 1.5 s too much does not matter
    ],
)
def test_a_wrong_length(tmp_path: Path, claim_s: float, note: str | None):
    path = film(tmp_path / "wrong.mkv", *X264, *OPUS)
    data = path.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3  # Matroska's Duration, 8 bytes, in milliseconds
    path.write_bytes(data[:at] + struct.pack(">d", claim_s * 1000) + data[at + 8 :])
    audio, extracted = heard(path)
    assert extracted.notes == ((note,) if note else ())
    assert_lesson(audio)


def test_a_picture_that_goes_on_after_the_sound(tmp_path: Path):
    run_ffmpeg(*PICTURE[:3], "testsrc=size=160x120:rate=15:duration=12", *sound(), *X264, *AAC, tmp_path / "long.mp4")
    audio, extracted = heard(tmp_path / "long.mp4")
    assert extracted.notes == ("The sound ends at 0:07, before the picture, which goes on to 0:12.",)
    assert_lesson(audio)


# Files that end too soon


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("index first.mp4", (*X264, *AAC, "-movflags", "+faststart")),
        ("cut.mkv", (*X264, *OPUS)),
        ("cut.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-threads", "1", *OPUS)),
    ],
)
def test_what_is_there_of_a_file_cut_short_is_read(tmp_path: Path, name: str, options: tuple[str, ...]):
    path = tmp_path / name
    run_ffmpeg(*(*PICTURE[:3], "testsrc=size=160x120:rate=15:duration=14"), *sound(seconds=14), *options, path)
    audio, extracted = heard(cut(path, 0.6))
    assert 5 < audio.duration < 11
    assert len(extracted.notes) == 1
    assert extracted.notes[0].startswith("The file ends early: its header says 0:14, but only 0:")
    assert extracted.notes[0].endswith(" could be read. What is there was analysed.")
    assert bursts(audio)[0] == pytest.approx(BURSTS[0], abs=0.02)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("fragmented.mp4", (*X264, "-g", "15", *AAC, "-movflags", "frag_keyframe+delay_moov")),
        ("cut.avi", ("-c:v", "mpeg4", "-c:a", "pcm_s16le")),
        ("cut.ts", (*X264, *AAC)),
    ],
)
def test_a_file_without_a_length_cut_short(tmp_path: Path, name: str, options: tuple[str, ...]):
    """The last piece is shorter than it says. Only a transport stream has no such thing, and is just shorter."""
    path = tmp_path / name
    run_ffmpeg(*(*PICTURE[:3], "testsrc=size=160x120:rate=15:duration=14"), *sound(seconds=14), *options, path)
    audio, extracted = heard(cut(path, 0.6))
    assert 5 < audio.duration < 11
    note = f"The file ends early: its last part is missing. The {clock(audio.duration)} that are there were analysed."
    assert extracted.notes == (() if name == "cut.ts" else (note,))
    assert bursts(audio)[0] == pytest.approx(tuple(t + picture_start(path) for t in BURSTS[0]), abs=0.02)


def test_a_stream_that_begins_in_the_middle(tmp_path: Path):
    """Its first 10 kB are gone, so the first picture cannot be decoded, and the first sound comes somewhat later."""
    path = film(tmp_path / "live.ts", *X264, "-g", "30", *AAC)
    path.write_bytes(path.read_bytes()[188 * 55 :])
    audio, _ = heard(path)
    lost = LENGTH_S - audio.duration
    assert 0 < lost < 2
    assert bursts(audio)[-1] == pytest.approx(tuple(t - lost for t in BURSTS[1]), abs=0.06)


def test_a_wav_cut_short(tmp_path: Path):
    """7 s at 96 kB a second; 80% of the bytes are 5.6 s."""
    audio, extracted = heard(cut(tape(tmp_path / "cut.wav"), 0.8))
    assert audio.duration == pytest.approx(5.6, abs=0.01)
    assert bursts(audio)[0] == pytest.approx(BURSTS[0], abs=0.02)
    assert extracted.notes == ("The file ends early: its last part is missing. The 0:05 that are there were analysed.",)


@pytest.mark.parametrize("name", ["phone.mp4", "phone.mov"])
def test_a_film_without_its_index_cannot_be_read(tmp_path: Path, name: str):
    path = cut(film(tmp_path / name), 0.9)
    with pytest.raises(BadRecording) as caught:
        probe(path)
    assert str(caught.value) == (
        f"{name} was cut off before the camera finished writing it, and cannot be read; copy it again."
    )


def test_damage_in_the_middle_keeps_the_rest_in_time(tmp_path: Path):
    """Every packet from 3 to 4 s is overwritten; the second burst is still at 5 s."""
    path = tape(tmp_path / "scratched.m4a", *AAC)
    data = bytearray(path.read_bytes())
    with av.open(str(path)) as container:
        packets = [p for p in container.demux() if p.pts is not None and 3 <= p.pts * p.time_base < 4]
    assert len(packets) == 47  # of 1024 samples at 48 kHz
    for packet in packets:
        data[packet.pos : packet.pos + packet.size] = b"\x55" * packet.size
    path.write_bytes(data)
    audio, extracted = heard(path)
    assert audio.duration == pytest.approx(LENGTH_S, abs=0.05)
    assert extracted.notes == ("Damaged pieces of the sound were skipped; they are silent here.",)
    assert_lesson(audio)


def test_too_short(tmp_path: Path):
    run_ffmpeg(*sound(seconds=3), tmp_path / "bell.wav")
    with pytest.raises(BadRecording, match=r"^bell.wav is 3 seconds long; a lesson needs at least 5 seconds\.$"):
        heard(tmp_path / "bell.wav")
    assert [p.name for p in tmp_path.iterdir()] == ["bell.wav"]


# A lesson in parts


def test_parts_are_joined_in_the_order_given(tmp_path: Path):
    """
    a.mp4   |..#....#..|                      7 s
    b.wav              |..#....#..|           7 s more: its bursts are at 9 and 12 s
    """
    parts = [probe(film(tmp_path / "a.mp4")), probe(tape(tmp_path / "b.wav", rate=22_050))]
    shares: list[float] = []
    extracted = extract_audio(parts, tmp_path / "lesson.wav", track=None, progress=shares.append)
    second = LENGTH_S
    assert extracted.duration_s == pytest.approx(2 * LENGTH_S, abs=0.05)
    assert extracted.notes == ("b.wav was joined at 0:07.",)
    found = bursts(Audio(tmp_path / "lesson.wav"))
    assert found == [pytest.approx(b, abs=0.02) for b in (*BURSTS, *((a + second, b + second) for a, b in BURSTS))]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert max(shares[:-1]) < 1


def test_memory_does_not_grow_with_length(tmp_path: Path):
    """20 minutes of sound are 38 MB; we hold a piece of 64 kB at a time."""
    run_ffmpeg(
        *("-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "1200"), "-c:a", "pcm_mulaw", tmp_path / "long.wav"
    )
    info = probe(tmp_path / "long.wav")
    tracemalloc.start()
    try:
        extracted = extract_audio([info], tmp_path / "out.wav", track=None, progress=silent)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert extracted.duration_s == pytest.approx(1200, abs=0.1)
    assert peak < 2e6


DAYS = {
    "a school morning in Sydney": ("Australia/Sydney", ["creation_time=2026-11-19T22:30:00Z"], "2026-11-20"),
    "the same moment in London": ("Europe/London", ["creation_time=2026-11-19T22:30:00Z"], "2026-11-19"),
    "an evening in Honolulu": ("Pacific/Honolulu", ["creation_time=2026-11-20T05:00:00Z"], "2026-11-19"),
    "a phone that was in Sydney": (
        "Europe/London",
        ["com.apple.quicktime.creationdate=2026-11-20T09:30:00+1100", "creation_time=2026-11-19T22:30:00Z"],
        "2026-11-20",
    ),
    "a phone that was in London": (
        "Australia/Sydney",
        ["com.apple.quicktime.creationdate=2026-11-19T22:30:00+0000"],
        "2026-11-19",
    ),
    "a clock never set": ("UTC", ["creation_time=1904-01-01T00:00:00Z"], None),
    "nothing": ("UTC", [], None),
}
DAY = (
    "import sys; from pathlib import Path; from pipelines.media import probe; print(probe(Path(sys.argv[1])).recorded)"
)


@pytest.mark.parametrize("case", DAYS)
def test_the_day_of_recording_is_the_schools_day(tmp_path: Path, case: str):
    zone, written, day = DAYS[case]
    path = tmp_path / "dated.mov"
    tags = [option for tag in written for option in ("-metadata", tag)]
    run_ffmpeg("-f", "lavfi", "-i", "sine=duration=6", *tags, "-movflags", "use_metadata_tags", path)
    command = [sys.executable, "-c", DAY, path]
    said = subprocess.run(command, cwd=ROOT, env=os.environ | {"TZ": zone}, capture_output=True, text=True, check=True)
    assert said.stdout == f"{day}\n"


def test_looking_at_a_film_opens_no_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    decoders: list[av.CodecContext] = []

    def watched(*arguments, really=av.open, **options):
        container = really(*arguments, **options)
        decoders.extend(stream.codec_context for stream in container.streams)
        return container

    monkeypatch.setattr(av, "open", watched)
    probe(film(tmp_path / "film.mp4"))
    assert [(decoder.type, decoder.is_open) for decoder in decoders] == [("video", False), ("audio", False)]
