#!/usr/bin/env python3
"""Make the sample lesson: pipelines/sample/sample-lesson.mp4, and the truth beside it (.rttm, .json).

    .venv/bin/python scripts/make_sample.py [--out FOLDER] [--chromium PATH]

The result is committed; run this only to change the lesson. The play is scripts/sample_lesson/lesson.txt, its voices
sound.py, its picture picture.py. Seeds are fixed: the same programs give the same file. It needs the test extra
(Playwright, soundfile), and two programs that are not on PyPI: flite (voices) and Chromium (picture).
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import imageio_ffmpeg
from sample_lesson import film, picture, script, sound, truth

HERE = Path(__file__).resolve().parent
NAME = "sample-lesson"
MOST_SHIFT_S = 0.005
"""The truth is given to the millisecond; the encoded sound must not lie further off than this."""


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=HERE.parent / "pipelines" / "sample")
    parser.add_argument("--chromium", default=shutil.which("chromium") or shutil.which("chromium-browser"))
    args = parser.parse_args()
    if not shutil.which("flite"):
        raise SystemExit("flite is missing: it speaks the four voices. On Debian or Ubuntu: apt install flite.")
    if not args.chromium:
        raise SystemExit("Chromium is missing: it draws the picture. Install it, or name it with --chromium PATH.")

    lines, after = script.read(HERE / "sample_lesson" / "lesson.txt")
    samples, spoken = sound.perform(lines, after)
    duration = len(samples) / sound.RATE
    said = truth.utterances(spoken)
    document = truth.document(said, duration)

    args.out.mkdir(parents=True, exist_ok=True)
    movie, ffmpeg = args.out / f"{NAME}.mp4", imageio_ffmpeg.get_ffmpeg_exe()
    frames = picture.frames(spoken, duration, args.chromium)
    film.write(movie, ffmpeg, samples, frames, picture.FPS, document["title"])
    (args.out / f"{NAME}.rttm").write_text(truth.rttm(said, NAME), "utf-8")
    (args.out / f"{NAME}.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", "utf-8")

    heard = film.decoded(movie, ffmpeg)
    shifts = [film.shift(samples, heard, at) for at in (1.0, duration / 2, duration - 8.0)]
    print(f"{movie}: {movie.stat().st_size / 1e6:.2f} MB, {duration:.1f} s; sound shifted by at most", end=" ")
    print(f"{max(map(abs, shifts)) * 1000:.2f} ms")
    if max(map(abs, shifts)) > MOST_SHIFT_S:
        raise SystemExit("The encoded sound is not where the truth says. Do not commit this.")


if __name__ == "__main__":
    main()
