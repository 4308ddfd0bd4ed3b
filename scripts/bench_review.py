#!/usr/bin/env python3
"""What the review stage costs those who look at a long lesson: real server, database, film and Chromium.

    .venv/bin/python scripts/bench_review.py [--parts opening] [--databases sqlite,postgresql] [--quick]

A lesson of 60 minutes with 900 turns, word times, and 500 comments. Each part is a function `PART(there)` of
bench_review_page.py or bench_review_clients.py that returns rows, and writes its own section of docs/benchmarks.json,
and docs/benchmarks.md from that. `--quick` does everything with little, for a test, and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "scripts")]

import lessons  # noqa: E402
from bench_keep import keep, show  # noqa: E402
from databases import KINDS, fresh_database  # noqa: E402
from stores import School, school  # noqa: E402
from web import Web, served  # noqa: E402

from coaching.access import Grant  # noqa: E402
from coaching.comments import Audience, NewComment  # noqa: E402
from coaching.lesson import Lesson  # noqa: E402
from coaching.recordings import Stage  # noqa: E402
from coaching.spans import Span  # noqa: E402
from coaching.transcript import Role, Speaker, Utterance, Word  # noqa: E402
from pipelines import media  # noqa: E402
from pipelines.audio import Audio  # noqa: E402
from pipelines.media import renditions  # noqa: E402
from pipelines.media.ffmpeg import ffmpeg_path  # noqa: E402

PARTS = ("opening", "comments", "smooth", "memory", "clients")
OWNER, COACH = "owner@school.org", "coach@school.org"
STUDENTS = 8
LABELS = ("Student voice", "Wait time", "Open question", "Press for reasoning", "Choice", "Pace")


@dataclass(frozen=True)
class Size:
    minutes: int = 60
    turns: int = 900
    comments: int = 500


@dataclass(frozen=True)
class There:
    """A server with one such lesson, which the coach was given too."""

    web: Web
    cast: School
    recording: str
    size: Size
    quick: bool


def drawn(size: Size) -> Lesson:
    """A lesson in which somebody else speaks every few seconds, with words and their times as Whisper tells them."""
    draw = random.Random(7)
    speakers = tuple(Speaker(f"S{n}", Role.TEACHER if n == 1 else Role.STUDENT) for n in range(1, STUDENTS + 2))
    each, found = size.minutes * 60 / size.turns, []
    for n in range(size.turns):
        teacher = n % 2 == 0
        text = draw.choice(lessons.ASKED + lessons.TOLD if teacher else lessons.ANSWERED)
        start = each * n + draw.uniform(0.1, 0.3 * each)
        end = min(start + len(text) / 15, each * (n + 1) - 0.05)
        said = text.split()
        step = (end - start) / len(said)
        words = tuple(
            Word(w, Span(start + i * step, start + (i + 1) * step), draw.betavariate(8, 2)) for i, w in enumerate(said)
        )
        speaker = "S1" if teacher else f"S{draw.randint(2, STUDENTS + 1)}"
        found.append(Utterance(Span(start, end), speaker, text, 0.8, words))
    return lessons.lesson(found, speakers, size.minutes * 60.0)


def noted(cast: School, recording: str, size: Size) -> None:
    draw = random.Random(8)
    people = (cast.owner, cast.cast["coach"])
    for n in range(size.comments):
        start = draw.uniform(0, size.minutes * 60 - 20)
        stop = start + draw.uniform(3, 15) if draw.random() < 0.3 else None
        new = NewComment(start, draw.choice(lessons.TOLD), stop, Audience.LESSON, labels=(draw.choice(LABELS),))
        cast.lessons.comment(people[n % 2], recording, new)


def filmed(folder: Path, minutes: int) -> dict[Stage, Path]:
    """A film so long, and what a worker makes of it: the folder of each stage."""
    minute, film = folder / "minute.mp4", folder / "film.mp4"
    ffmpeg = [ffmpeg_path(), "-v", "error", "-y"]
    picture = ["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=60"]
    sound = ["-f", "lavfi", "-i", "anoisesrc=amplitude=0.1:duration=60:seed=7"]
    coded = "-c:v libx264 -preset ultrafast -crf 35 -g 50 -pix_fmt yuv420p -c:a aac -b:a 96k".split()
    subprocess.run([*ffmpeg, *picture, *sound, *coded, str(minute)], check=True)
    again = ["-stream_loop", str(minutes - 1), "-i", str(minute), "-c", "copy"]
    subprocess.run([*ffmpeg, *again, str(film)], check=True)
    infos = [media.probe(film)]
    made = {stage: folder / stage for stage in (Stage.SOUND, Stage.WEB, Stage.SPRITE, Stage.PEAKS, Stage.POSTER)}
    for place in made.values():
        place.mkdir()
    media.extract_audio(infos, made[Stage.SOUND] / "sound.wav", track=None, progress=_quiet)
    renditions.web_video(infos, made[Stage.WEB], _quiet, threads=2)
    renditions.sprite(infos, made[Stage.SPRITE], _quiet)
    renditions.poster(infos, made[Stage.POSTER], _quiet)
    renditions.peaks(Audio(made[Stage.SOUND] / "sound.wav"), made[Stage.PEAKS], _quiet)
    return made


def _quiet(share: float) -> None:
    pass


@contextmanager
def there(kind: str, quick: bool) -> Iterator[There]:
    size = Size(2, 30, 20) if quick else Size()
    folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-"))
    cast = school(fresh_database(kind))
    try:
        recording, run = cast.ready(found=drawn(size))
        made = filmed(folder, size.minutes)
        for status in cast.jobs.one(run).run.stages:
            if status.stage in made and status.artefact:
                place = folder / "data" / status.artefact
                place.parent.mkdir(parents=True, exist_ok=True)
                made[status.stage].rename(place)
        cast.lessons.grant(cast.owner, recording, COACH, list(Grant))
        noted(cast, recording, size)
        with served(folder / "data", cast.url) as web:
            yield There(web, cast, recording, size, quick)
    finally:
        cast.database.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    import bench_review_clients
    import bench_review_page

    measures: dict[str, Callable[[There], list[dict[str, Any]]]] = {
        "opening": bench_review_page.opening,
        "comments": bench_review_page.comments,
        "smooth": bench_review_page.smooth,
        "memory": bench_review_page.memory,
        "clients": bench_review_clients.clients,
    }
    p = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    p.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: all)")
    p.add_argument("--databases", default=",".join(KINDS), help="which (default: both)")
    p.add_argument("--quick", action="store_true", help="with little, and nothing is written")
    a = p.parse_args()
    rows: dict[str, list[dict[str, Any]]] = {part: [] for part in a.parts.split(",")}
    for kind in a.databases.split(","):
        with there(kind, a.quick) as found:
            for part, told in rows.items():
                before = os.getloadavg()[0]
                for row in measures[part](found):
                    load = [round(before, 1), round(os.getloadavg()[0], 1)]
                    told.append(show({"part": part, "database": kind, **row, "load": load}))
    if not a.quick and a.databases == ",".join(KINDS):
        for part, told in rows.items():
            keep(f"review_{part}", told)


if __name__ == "__main__":
    main()
