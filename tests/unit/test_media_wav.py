"""The sound file is whole or not there; and a child of ours never outlives what it was started for."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from coaching.errors import BadInput, Cancelled, MissingEngine, OutOfSpace
from pipelines.audio import Audio
from pipelines.media import ffmpeg as ffmpeg_module
from pipelines.media.ffmpeg import Child
from pipelines.media.wav import WavFile, check_space

SECOND = b"\x01\x00" * 16_000


def record(path: Path, seconds: int, stop: type[BaseException] | None = None) -> None:
    with WavFile(path) as wav:
        for _ in range(seconds):
            wav.write(SECOND)
        if stop:
            raise stop


def test_a_whole_file(tmp_path: Path):
    with WavFile(tmp_path / "sound.wav") as wav:
        for _ in range(3):
            wav.write(SECOND)
        assert wav.seconds == 3.0
        assert not (tmp_path / "sound.wav").exists()
    assert Audio(tmp_path / "sound.wav").duration == 3.0
    assert [p.name for p in tmp_path.iterdir()] == ["sound.wav"]


@pytest.mark.parametrize("stop", [Cancelled, KeyboardInterrupt, ValueError])
def test_stopped_in_the_middle_leaves_what_was_there(tmp_path: Path, stop: type[BaseException]):
    (tmp_path / "sound.wav").write_bytes(b"yesterday's")
    with pytest.raises(stop):
        record(tmp_path / "sound.wav", 1, stop)
    assert [p.name for p in tmp_path.iterdir()] == ["sound.wav"]
    assert (tmp_path / "sound.wav").read_bytes() == b"yesterday's"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full to write to")
@pytest.mark.parametrize("seconds", [1, 20])
def test_a_full_disk(tmp_path: Path, seconds: int):
    """The temporary file's name leads to the device that is always full: at the first write, or only at the end."""
    (tmp_path / ".sound.wav.part").symlink_to("/dev/full")
    with pytest.raises(OutOfSpace) as caught:
        record(tmp_path / "sound.wav", seconds)
    assert str(caught.value) == f"The disk of {tmp_path} is full. Make space, then try again."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path):
    with pytest.raises(BadInput, match=r"^The folder .*/nowhere cannot be written to \(No such file or directory\)\.$"):
        WavFile(tmp_path / "nowhere" / "sound.wav").__enter__()


def test_space_is_looked_for_first(tmp_path: Path):
    check_space(tmp_path / "sound.wav", 1)
    with pytest.raises(OutOfSpace, match=rf"^The disk of {tmp_path} has \d+ MB free, .* needs \d+ MB\. Make space"):
        check_space(tmp_path / "sound.wav", 1e12)


def test_a_hidden_work_folder_is_not_named(tmp_path: Path):
    (tmp_path / ".secondlook-work").mkdir()
    with pytest.raises(OutOfSpace, match=rf"^The disk of {tmp_path} has"):
        check_space(tmp_path / ".secondlook-work" / "sound.wav", 1e12)


def child_of(code: str) -> Child:
    return Child([sys.executable, "-c", code])


def test_what_a_child_writes_comes_in_pieces():
    with child_of("import sys; sys.stdout.buffer.write(b'ab' * 100_000); sys.stderr.write('hm')") as child:
        assert b"".join(child.chunks()) == b"ab" * 100_000
    assert (child.log, child.failed) == ("hm", False)


def test_a_child_that_fails_says_so():
    with child_of("import sys; print('half'); sys.exit(3)") as child:
        assert b"".join(child.chunks()) == b"half\n"
    assert child.failed


def test_complaints_without_end_are_cut():
    with child_of("import sys; sys.stderr.write('x' * 5_000_000)") as child:
        assert b"".join(child.chunks()) == b""
    assert len(child.log) == ffmpeg_module.LOG


def test_a_child_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ffmpeg_module, "STALL_S", 0.5)
    with child_of("import time; time.sleep(100)") as child:
        began = time.monotonic()
        assert set(child.chunks()) == {b""}  # and the caller had its turns
        assert time.monotonic() - began < 50
    assert child.failed


def test_leaving_early_ends_the_child():
    child = child_of("import time; time.sleep(100)")
    assert psutil.pid_exists(child._process.pid)
    with pytest.raises(KeyboardInterrupt), child:
        raise KeyboardInterrupt
    assert not psutil.pid_exists(child._process.pid)


def test_a_child_that_cannot_be_started():
    with pytest.raises(MissingEngine, match=r"^ffmpeg cannot be started \(No such file or directory\)"):
        Child(["/nowhere/ffmpeg"])


@pytest.mark.parametrize(
    ("says", "major"),
    [
        ("ffmpeg version 5.1.6-0+deb12u1 Copyright (c)", 5),
        ("ffmpeg version n9.0.2-17-g2a571b6068 Copyright (c)", 9),
        ("ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright", 4),
        ("ffmpeg version N-109542-g2bdddcd61b Copyright", 0),  # a night's build: not known to be new enough
        ("command not found", 0),
    ],
)
def test_the_version_of_the_systems_ffmpeg(tmp_path: Path, says: str, major: int):
    script = tmp_path / "ffmpeg"
    script.write_text(f"#!/bin/sh\necho '{says}'\n")
    script.chmod(0o755)
    assert ffmpeg_module._major(str(script)) == major


@pytest.mark.parametrize(("version", "taken"), [("7.1", True), ("4.4.2", False), ("broken", False)])
def test_the_systems_ffmpeg_is_taken_where_it_is_new_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, taken: bool
):
    script = tmp_path / "ffmpeg"
    script.write_text(f"#!/bin/sh\necho 'ffmpeg version {version} Copyright'\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    ffmpeg_module.ffmpeg_path.cache_clear()
    try:
        assert (ffmpeg_module.ffmpeg_path() == str(script)) is taken
    finally:
        ffmpeg_module.ffmpeg_path.cache_clear()
