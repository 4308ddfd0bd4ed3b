"""Files and names made to do harm, files that are no recordings, and being stopped: one sentence, nothing left over."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import imageio_ffmpeg
import psutil
import pytest
from media_files import PICTURE, X264, assert_lesson, heard, run_ffmpeg, sound, tape, tiny_disk
from workers import lives

from coaching.errors import BadRecording, Cancelled, OutOfSpace
from pipelines.audio import Audio
from pipelines.media import extract, extract_audio, probe
from pipelines.progress import silent

ROOT = Path(__file__).parents[2]


def refusal(path: Path) -> str:
    with pytest.raises(BadRecording) as caught:
        probe(path)
    message = str(caught.value)
    assert message.count("\n") == 0
    assert message.endswith(".")
    return message


# What is no recording


NO_RECORDING = {
    "one byte.mp4": b"\x00",
    "zeros.mp4": bytes(5000),
    "random.mp4": bytes((i * i * 7919 + i // 3) % 251 for i in range(50_000)),
    "notes.txt": b"Group three worked well today.\n" * 50,
    "table.csv": b"start,end\n1,2\n",
    "page.html": b"<!doctype html><title>Lesson</title>",
    "document.pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(2000),
    "program": b"\x7fELF" + bytes(2000),
    "captions.srt": b"1\n00:00:01,000 --> 00:00:02,000\nHello\n",
    "captions.vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n",
}


@pytest.mark.parametrize("name", NO_RECORDING)
def test_not_a_recording(tmp_path: Path, name: str):
    (tmp_path / name).write_bytes(NO_RECORDING[name])
    assert refusal(tmp_path / name) == (
        f"{name} is not a video or sound recording, or is damaged from its start; try the original."
    )


def test_a_picture_and_an_archive(tmp_path: Path):
    run_ffmpeg(*PICTURE, "-frames:v", "1", tmp_path / "photo.png")
    run_ffmpeg(*PICTURE, "-frames:v", "1", tmp_path / "photo.jpg")
    with zipfile.ZipFile(tmp_path / "lessons.zip", "w") as z:
        z.write(tmp_path / "photo.png")
    for name in ("photo.png", "photo.jpg", "lessons.zip"):
        assert "is not a video or sound recording" in refusal(tmp_path / name)
        (tmp_path / "up.mp4").write_bytes((tmp_path / name).read_bytes())
        assert "is not a video or sound recording" in refusal(tmp_path / "up.mp4")


def test_no_file(tmp_path: Path):
    assert refusal(tmp_path / "lesson.mp4") == "lesson.mp4 is not there; check its name and folder."
    (tmp_path / "lessons").mkdir()
    assert refusal(tmp_path / "lessons") == "lessons is a folder; give the recording itself."
    (tmp_path / "empty.mp4").touch()
    assert refusal(tmp_path / "empty.mp4") == "empty.mp4 is empty; copy it from the camera again."
    os.mkfifo(tmp_path / "pipe.mp4")
    assert refusal(tmp_path / "pipe.mp4") == "pipe.mp4 is not a file; give the recording itself."
    (tmp_path / "gone.mp4").symlink_to(tmp_path / "nowhere.mp4")
    assert refusal(tmp_path / "gone.mp4") == "gone.mp4 is not there; check its name and folder."
    assert "cannot be read (File name too long)" in refusal(tmp_path / ("a" * 300))


def test_a_file_that_may_not_be_read(tmp_path: Path):
    """The superuser may read everything, so this becomes somebody else for a moment."""
    path = tape(tmp_path / "private.wav")
    path.chmod(0)
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        message = refusal(path)
    finally:
        if superuser:
            os.seteuid(0)
    assert message == "private.wav may not be read; change its permissions, or copy it to a folder of yours."


def test_no_sound(tmp_path: Path):
    run_ffmpeg(*PICTURE, *X264, tmp_path / "mute.mp4")
    assert refusal(tmp_path / "mute.mp4") == (
        "mute.mp4 has no sound; choose a recording that was made with the microphone on."
    )


# Limits


def test_too_many_streams(tmp_path: Path):
    run_ffmpeg(*sound(8000, seconds=1), *(["-map", "0:a"] * 65), "-c:a", "pcm_s16le", tmp_path / "many.mkv")
    assert refusal(tmp_path / "many.mkv").startswith("many.mkv holds 65 streams, and at most 64 are read;")


def test_too_large_a_picture(tmp_path: Path):
    wide = ("-f", "lavfi", "-i", "testsrc=size=8200x16:rate=1:duration=2")
    run_ffmpeg(*wide, *sound(8000, seconds=2), *X264, "-c:a", "aac", tmp_path / "wide.mp4")
    assert refusal(tmp_path / "wide.mp4").startswith("The picture of wide.mp4 is more than 8192 pixels wide or high;")


def test_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Measured on what is really decoded, because a header may lie; nothing stays of it."""
    monkeypatch.setattr(extract, "LONGEST_S", 6)
    with pytest.raises(BadRecording, match=r"^long.wav is longer than"):
        heard(tape(tmp_path / "long.wav"))
    assert [p.name for p in tmp_path.iterdir()] == ["long.wav"]


# Files that name other files


POINTERS = {
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:7,\n{victim}\n#EXT-X-ENDLIST\n",
    "dash": '<MPD type="static" mediaPresentationDuration="PT7S"><Period><AdaptationSet><Representation id="a" '
    'mimeType="audio/wav"><BaseURL>{victim}</BaseURL></Representation></AdaptationSet></Period></MPD>',
    "concat": "ffconcat version 1.0\nfile '{victim}'\n",
    "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 50040 RTP/AVP 0\r\n",
    "shotcut": '<?xml version="1.0"?><mlt><producer><property name="resource">{victim}</property></producer></mlt>',
    "edit list": "TITLE: X\nFCM: NON-DROP FRAME\n\n001 AX A C 00:00:00:00 00:00:07:00\n* FROM CLIP NAME: {victim}\n",
    "mpv edit list": "# mpv EDL v0\n{victim},0,7\n",
    "pls": "[playlist]\nFile1={victim}\nNumberOfEntries=1\n",
    "plain list": "{victim}\n",
}


@pytest.mark.parametrize("victim", ["secret.wav", "/etc/passwd", "http://127.0.0.1:9/secret.wav"])
@pytest.mark.parametrize("kind", POINTERS)
def test_a_file_that_names_others_is_refused_whatever_it_is_called(tmp_path: Path, kind: str, victim: str):
    tape(tmp_path / "secret.wav")
    (tmp_path / "up.mp4").write_text(POINTERS[kind].format(victim=victim))
    said = refusal(tmp_path / "up.mp4")
    if (kind, victim) != ("plain list", "/etc/passwd"):  # a line that could be anything
        assert said == (
            "up.mp4 is a playlist or project file, which only names other files; give the recording itself."
        )


def plain_ffmpeg_reads(path: Path, *options: str) -> bool:
    """Whether an ffmpeg without our limits finds sound behind it: the danger is real."""
    command = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-nostdin",
        "-v",
        "quiet",
        *options,
        "-i",
        str(path),
        "-f",
        "s16le",
        "-",
    ]
    return len(subprocess.run(command, capture_output=True, check=False, timeout=60).stdout) > 100_000


def test_a_file_exchanged_after_it_was_looked_at(tmp_path: Path):
    """The limits hold for ffmpeg too, not only for the first look."""
    tape(tmp_path / "secret.wav")
    info = probe(tape(tmp_path / "up.wav"))
    (tmp_path / "up.wav").write_text("ffconcat version 1.0\nfile 'secret.wav'\n")
    assert plain_ffmpeg_reads(tmp_path / "up.wav")
    with pytest.raises(BadRecording, match=r"^No sound could be read from up.wav"):
        extract_audio([info], tmp_path / "out.wav", track=None, progress=silent)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.wav", "up.wav"]


def box(name: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4) + name + body


def reference_movie(movie: bytes, target: Path) -> bytes:
    """A QuickTime file whose sound lies in `target`: its data reference is an alias, its own bytes are blank."""
    at, parents = 0, []
    for name in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        while movie[at + 4 : at + 8] != name:
            at += int.from_bytes(movie[at : at + 4])
        parents.append(at)
        at += 8
    dref = parents.pop()
    size = int.from_bytes(movie[dref : dref + 4])
    file = target.name.encode()
    path = str(target).encode()
    alias = bytes(14) + b"\x04" + b"disk".ljust(27, b"\0") + bytes(12) + bytes([len(file)]) + file.ljust(63, b"\0")
    alias += bytes(16) + b"\x00\x01\x00\x01" + bytes(16)
    alias += b"\x00\x02" + len(path).to_bytes(2) + path + b"\0" * (len(path) % 2) + b"\xff\xff\x00\x00"
    new = box(b"dref", bytes(7) + b"\x01" + box(b"alis", alias))
    out = bytearray(movie[:dref] + new + movie[dref + size :])
    for parent in parents:
        out[parent : parent + 4] = (int.from_bytes(out[parent : parent + 4]) + len(new) - size).to_bytes(4)
    data = out.find(b"mdat")
    length = int.from_bytes(out[data - 4 : data]) - 8
    out[data + 4 : data + 4 + length] = bytes(length)
    return bytes(out)


def test_a_movie_whose_sound_lies_in_another_file(tmp_path: Path):
    secret = tape(tmp_path / "secret.mov", "-c:a", "pcm_s16le")
    (tmp_path / "up.mov").write_bytes(reference_movie(secret.read_bytes(), secret))
    assert plain_ffmpeg_reads(tmp_path / "up.mov", "-enable_drefs", "1", "-use_absolute_path", "1")
    with pytest.raises(
        BadRecording, match=r"^No sound could be read from up.mov; .* its sound lies in another file\.$"
    ):
        heard(tmp_path / "up.mov")


# Names that could mean something else


NAMES = [
    "my lesson, part 1.wav",
    'it\'s "quoted" `x` $(touch owned).wav',
    "-i.wav",
    "-.wav",
    "--help",
    "two\nlines.wav",
    "урок 授業 🎓.wav",
    "%d.wav",
    "lesson%03d.wav",
    "file:x.wav",
    "concat:a|b.wav",
    "pipe:0",
    "pipe:",
    "data:audio,x",
    "subfile,,start,0,end,0,,:a.wav",
    "async:a.wav",
    "a;b&c#d?e=f.wav",
    "[0:a] 'x'=y:z\\.wav",
    "*.wav",
]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tape(tmp_path_factory.mktemp("lesson") / "lesson.wav", "-c:a", "pcm_mulaw", rate=8000)


@pytest.mark.parametrize("name", [*NAMES, os.fsdecode(b"not utf-8 \xff\xfe.wav")])
def test_a_name_is_just_a_name(lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str):
    """Relative, so that nothing but our own care stands between the name and ffmpeg."""
    monkeypatch.chdir(tmp_path)
    try:
        shutil.copyfile(lesson, name)
    except OSError as problem:
        if problem.errno != errno.EILSEQ:
            raise
        pytest.skip("this file system has no such names")
    audio, _ = heard(Path(name))
    assert_lesson(audio)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "heard.wav"])


def test_a_folder_that_looks_like_a_protocol(lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    path = Path("http:/127.0.0.1:9/lesson.wav")
    path.parent.mkdir(parents=True)
    shutil.copyfile(lesson, path)
    assert_lesson(heard(path)[0])


def test_a_strange_name_is_said_on_one_line(tmp_path: Path):
    assert refusal(tmp_path / "two\nlines\x1b[2J.mp4") == "two?lines?[2J.mp4 is not there; check its name and folder."


# Stopped in the middle


@pytest.mark.parametrize("stop", [Cancelled, KeyboardInterrupt])
def test_stopped(lesson: Path, tmp_path: Path, stop: type[BaseException]):
    """ffmpeg is gone and so is the temporary file, both of which were there a moment before."""
    seen: list[tuple[list[str], int]] = []

    def progress(share: float) -> None:
        seen.append(([p.name for p in tmp_path.iterdir()], len(psutil.Process().children())))
        if share > 0:
            raise stop

    before = len(psutil.Process().children())
    with pytest.raises(stop):
        extract_audio([probe(lesson)], tmp_path / "out.wav", track=None, progress=progress)
    assert seen[-1] == ([".out.wav.part"], before + 1)
    assert list(tmp_path.iterdir()) == []
    assert len(psutil.Process().children()) == before


SLOW = """
import sys, time
from pathlib import Path
from pipelines.media import extract_audio, probe
def progress(share):
    if share > 0:
        print("begun", flush=True)
        time.sleep(60)
try:
    extract_audio([probe(Path(sys.argv[1]))], Path(sys.argv[2]), track=None, progress=progress)
except KeyboardInterrupt:
    sys.exit(130)
"""


def begin(lesson: Path, out: Path, *, leads: bool = False) -> tuple[subprocess.Popen[str], psutil.Process]:
    """Another Python that extracts and then holds still in the middle; and its ffmpeg.

    It has its own process group as in a terminal, or `leads` its own session as a worker's child does.
    """
    command = [sys.executable, "-c", SLOW, str(lesson), str(out)]
    own = {"start_new_session": True} if leads else {"process_group": 0}
    ours = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, **own)
    assert ours.stdout is not None
    assert ours.stdout.readline() == "begun\n"
    (child,) = psutil.Process(ours.pid).children()
    return ours, child


@pytest.fixture(scope="module")
def longer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Long enough that ffmpeg has to wait for us to read: a minute, 1.9 MB, where a pipe holds 64 kB."""
    return tape(tmp_path_factory.mktemp("longer") / "longer.flac", "-af", "aloop=10:size=300000", "-c:a", "flac")


def test_ctrl_c_in_the_terminal(longer: Path, tmp_path: Path):
    """The terminal signals everything of its session: ffmpeg is not in it, and we end it and clean up."""
    ours, child = begin(longer, tmp_path / "out.wav")
    assert os.getsid(child.pid) != os.getsid(ours.pid)
    os.killpg(ours.pid, signal.SIGINT)
    assert ours.wait(timeout=60) == 130
    assert list(tmp_path.iterdir()) == []
    assert not child.is_running()


def test_killed_without_warning(longer: Path, tmp_path: Path):
    """Nobody is left to end ffmpeg: it ends itself, because nobody reads what it writes."""
    ours, child = begin(longer, tmp_path / "out.wav")
    ours.kill()
    ours.wait(timeout=60)
    ends = time.monotonic() + 60
    while lives(child) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not lives(child)


def test_a_whole_group_is_killed_at_once(longer: Path, tmp_path: Path):
    """Whoever leads a session has ffmpeg in its group: one signal ends both."""
    ours, child = begin(longer, tmp_path / "out.wav", leads=True)
    assert os.getpgid(child.pid) == ours.pid
    os.killpg(ours.pid, signal.SIGKILL)
    assert ours.wait(timeout=60) == -signal.SIGKILL


# A disk that is too small, or fills up


def test_a_disk_without_room(lesson: Path, tmp_path: Path):
    with tiny_disk(tmp_path / "disk", 2) as disk:
        with pytest.raises(
            OutOfSpace, match=rf"^The disk of {disk} has 2 MB free, and this lesson's sound needs 4 MB\."
        ):
            extract_audio([probe(lesson)], disk / "out.wav", track=None, progress=silent)
        assert list(disk.iterdir()) == []


def test_a_disk_that_fills_up_in_the_middle(longer: Path, tmp_path: Path):
    """6 MB are free at the start; another program takes them all once the sound has begun."""

    def progress(share: float) -> None:
        if share > 0 and not (disk / "other").exists():
            with (disk / "other").open("wb", buffering=0) as f, suppress(OSError):
                while True:
                    f.write(bytes(65536))

    with tiny_disk(tmp_path / "disk", 8) as disk:
        with pytest.raises(OutOfSpace) as caught:
            extract_audio([probe(longer)], disk / "out.wav", track=None, progress=progress)
        assert str(caught.value) == f"The disk of {disk} is full. Make space, then try again."
        assert [p.name for p in disk.iterdir()] == ["other"]


def test_yesterdays_sound_stays_until_todays_is_whole(lesson: Path, tmp_path: Path):
    def progress(share: float) -> None:
        assert (tmp_path / "out.wav").read_bytes() == b"yesterday's"

    (tmp_path / "out.wav").write_bytes(b"yesterday's")
    extract_audio([probe(lesson)], tmp_path / "out.wav", track=None, progress=progress)
    assert_lesson(Audio(tmp_path / "out.wav"))
