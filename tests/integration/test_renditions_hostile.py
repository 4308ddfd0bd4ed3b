"""Renditions stopped in the middle, killed, on a full disk, or asked of a file that was exchanged: nothing is left."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from media_files import X264, run_ffmpeg, sound, tape, tiny_disk
from workers import lives

from coaching.errors import BadRecording, Cancelled, OutOfSpace
from pipelines.audio import Audio
from pipelines.media import extract_audio, probe
from pipelines.media.renditions import audio_only, peaks, poster, sprite, web_video
from pipelines.progress import Progress, silent

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two minutes of noise that no browser plays: encoding them takes a while."""
    path = tmp_path_factory.mktemp("lesson") / "lesson.mkv"
    picture = "testsrc2=size=640x360:rate=30:duration=120,noise=alls=20:allf=t"
    hidden = (*X264, "-profile:v", "high422", "-pix_fmt", "yuv422p", "-g", "60", "-c:a", "flac")
    run_ffmpeg("-f", "lavfi", "-i", picture, *sound(seconds=120), *hidden, path)
    return path


@pytest.fixture(scope="module")
def short(lesson: Path) -> Path:
    """Twenty seconds of it, for what is made to its end."""
    path = lesson.with_name("short.mkv")
    run_ffmpeg("-i", lesson, "-t", "20", "-c", "copy", path)
    return path


def waveform(path: Path, folder: Path, progress: Progress) -> None:
    """The waveform of the file's sound, which lies elsewhere."""
    out = path.with_suffix(".wav")
    if not out.exists():
        extract_audio([probe(path)], out, track=None, progress=silent)
    peaks(Audio(out), folder, progress)


Make = Callable[[Path, Path, Progress], object]
MAKERS: dict[str, Make] = {
    "video": lambda path, folder, progress: web_video([probe(path)], folder, progress),
    "sound": lambda path, folder, progress: audio_only([probe(path)], folder, progress),
    "poster": lambda path, folder, progress: poster([probe(path)], folder, progress),
    "sprite": lambda path, folder, progress: sprite([probe(path)], folder, progress),
    "peaks": waveform,
}


@pytest.mark.parametrize("stop", [Cancelled, KeyboardInterrupt])
@pytest.mark.parametrize("kind", MAKERS)
def test_stopped_in_the_middle(lesson: Path, tmp_path: Path, kind: str, stop: type[BaseException]):
    seen: list[float] = []

    def progress(share: float) -> None:
        seen.append(share)
        if share > 0.1:
            raise stop

    before = len(psutil.Process().children())
    with pytest.raises(stop):
        MAKERS[kind](lesson, tmp_path, progress)
    assert 0.1 < seen[-1] < 1
    assert list(tmp_path.iterdir()) == []
    assert len(psutil.Process().children()) == before


@pytest.mark.parametrize("kind", MAKERS)
def test_stopped_at_the_very_end(short: Path, tmp_path: Path, kind: str):
    """What was made before is still there, or nothing: never a half."""

    def progress(share: float) -> None:
        if share == 1.0:
            raise Cancelled

    with pytest.raises(Cancelled):
        MAKERS[kind](short, tmp_path, progress)
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


SLOW = """
import sys
from pathlib import Path
from pipelines.media import probe
from pipelines.media.renditions import audio_only, web_video
def progress(share):
    if share > 0:
        print("begun", flush=True)
{make}([probe(Path(sys.argv[1]))] * 20, Path(sys.argv[2]), progress, lengths=[120.0] * 20)
"""


@pytest.mark.parametrize("make", ["web_video", "audio_only"])
def test_killed_without_warning(lesson: Path, tmp_path: Path, make: str):
    """Nobody is left to end ffmpeg, which writes to a file: it ends itself, long before it would be done."""
    command = [sys.executable, "-c", SLOW.format(make=make), str(lesson), str(tmp_path)]
    ours = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert ours.stdout is not None
    assert ours.stdout.readline() == "begun\n"
    (child,) = psutil.Process(ours.pid).children()
    ours.kill()
    ours.wait(timeout=60)
    ends = time.monotonic() + 60
    while lives(child) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not lives(child)
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == []


@pytest.mark.parametrize("kind", MAKERS)
def test_a_disk_without_room(lesson: Path, tmp_path: Path, kind: str):
    with tiny_disk(tmp_path / "disk", 2) as disk:
        with pytest.raises(OutOfSpace, match=rf"^The disk of {disk} has 2 MB free, and this lesson's \w+ needs \d+ MB"):
            MAKERS[kind](lesson, disk, silent)
        assert list(disk.iterdir()) == []


@pytest.mark.parametrize("kind", MAKERS)
def test_a_disk_that_fills_up_in_the_middle(lesson: Path, tmp_path: Path, kind: str):
    """There is room at the start; another program takes it all once the work has begun."""

    def progress(share: float) -> None:
        if share > 0 and not (disk / "other").exists():
            with (disk / "other").open("wb", buffering=0) as f, suppress(OSError):
                while True:
                    f.write(bytes(65536))

    with tiny_disk(tmp_path / "disk", 50) as disk:
        with pytest.raises(OutOfSpace) as caught:
            MAKERS[kind](lesson, disk, progress)
        assert str(caught.value) == f"The disk of {disk} is full. Make space, then try again."
        assert [p.name for p in disk.iterdir()] == ["other"]


@pytest.mark.parametrize("make", [web_video, audio_only, poster, sprite])
def test_a_file_exchanged_after_it_was_looked_at(lesson: Path, tmp_path: Path, make: Callable[..., object]):
    """The limits hold here too: a list that names another file is not followed."""
    tape(tmp_path / "secret.wav")
    (tmp_path / "up.mkv").write_text("ffconcat version 1.0\nfile 'secret.wav'\n")
    info = replace(probe(lesson), path=tmp_path / "up.mkv")
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(BadRecording, match=r"^.*up\.mkv.*\.$"):
        make([info], out, silent)
    assert list(out.iterdir()) == []
