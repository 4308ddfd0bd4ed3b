#!/usr/bin/env python3
"""What each rendition costs: CPU seconds per minute of video, and how that compares to plain ffmpeg in the same run.

    .venv/bin/python scripts/bench_renditions.py --work /tmp/bench [--shared ../shared] [--minutes 10] [--threads 2]

Makes a lesson with `tools/make_lesson.py --video` of the shared folder (once), and beside it the same one at 1080p in
a form that no browser plays. Prints a table. CPU seconds are ours and our children's.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from pipelines.audio import Audio
from pipelines.media import extract_audio, ffmpeg_path, probe
from pipelines.media.renditions import audio_only, encoders, peaks, poster, sprite, web_video
from pipelines.progress import silent

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    plays, foreign = lessons(options.work, options.shared, options.minutes)
    sound = options.work / "sound.wav"
    extract_audio([probe(plays)], sound, track=None, progress=silent)

    threads = ["-threads", str(options.threads)]
    crf = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-vf", "scale=1280:720", "-c:a", "aac", *threads]
    copied = plain(plays, "-c", "copy", "-movflags", "+faststart")
    encoded = plain(foreign, *crf, "-movflags", "+faststart", before=threads)
    heard = plain(plays, "-vn", "-c:a", "aac", "-b:a", "64k", "-ac", "1")
    decoded = plain(plays, "-an", "-f", "null", before=["-threads", "1"])
    rows = [
        ("web video, copied", cost(lambda d: web_video([probe(plays)], d, silent)), "ffmpeg -c copy", copied),
        (
            f"web video, encoded ({encoders.encoder()})",
            cost(lambda d: web_video([probe(foreign)], d, silent, threads=options.threads)),
            "ffmpeg -c:v libx264 -preset veryfast",
            encoded,
        ),
        ("sound alone", cost(lambda d: audio_only([probe(plays)], d, silent)), "ffmpeg -vn -c:a aac", heard),
        ("poster", cost(lambda d: poster([probe(plays)], d, silent)), "decoding every picture", decoded),
        ("small pictures", cost(lambda d: sprite([probe(plays)], d, silent)), "decoding every picture", decoded),
        ("small pictures, 1080p", cost(lambda d: sprite([probe(foreign)], d, silent)), "decoding every picture", None),
        ("waveform", cost(lambda d: peaks(Audio(sound), d, silent)), "decoding every picture", decoded),
    ]
    print("| rendition | CPU s per minute | compared with | its CPU s per minute | ratio |\n|---|---|---|---|---|")
    for name, ours, what, theirs in rows:
        theirs = theirs or plain(foreign, "-an", "-f", "null", before=["-threads", "1"])
        each = ours / options.minutes, theirs / options.minutes
        print(f"| {name} | {each[0]:.2f} | {what} | {each[1]:.2f} | {ours / max(theirs, 1e-3):.2f} |")


def lessons(work: Path, shared: Path, minutes: int) -> tuple[Path, Path]:
    """The lesson as a phone makes it, and the same at 1080p with 4:2:2 colour, which has to be encoded."""
    plays, foreign = work / f"lesson-{minutes}.mp4", work / f"foreign-{minutes}.mkv"
    if not plays.exists():
        maker = [sys.executable, str(shared / "tools" / "make_lesson.py"), str(plays.with_suffix("")), "--video"]
        (work / "bin").mkdir(exist_ok=True)  # the tool calls `ffmpeg`, which a machine need not have
        (work / "bin" / "ffmpeg").unlink(missing_ok=True)
        (work / "bin" / "ffmpeg").symlink_to(ffmpeg_path())
        path = f"{work / 'bin'}{os.pathsep}{os.environ['PATH']}"
        subprocess.run([*maker, "--minutes", str(minutes)], check=True, env={**os.environ, "PATH": path})
    if not foreign.exists():
        heavy = ["-vf", "scale=1920:1080,format=yuv422p", "-c:v", "libx264", "-preset", "ultrafast", "-g", "60"]
        subprocess.run(
            [ffmpeg_path(), "-v", "error", "-y", "-i", str(plays), *heavy, "-c:a", "copy", str(foreign)], check=True
        )
    return plays, foreign


def plain(source: Path, *options: str, before: list[str] | None = None) -> float:
    """CPU seconds of ffmpeg with these options."""

    def run(folder: Path) -> None:
        out = "-" if "null" in options else str(folder / "out.mp4")
        command = [ffmpeg_path(), "-v", "error", "-nostdin", *(before or []), "-i", str(source), *options, out]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    return cost(run)


def cost(work: Callable[[Path], object]) -> float:
    """CPU seconds of `work`, which is given an empty folder, and of the children that it waited for."""

    def spent() -> float:
        return sum(
            usage.ru_utime + usage.ru_stime
            for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )

    folder = Path(tempfile.mkdtemp())
    try:
        before = spent()
        work(folder)
        return spent() - before
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
