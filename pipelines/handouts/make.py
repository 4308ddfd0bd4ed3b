"""Each kind of handout, from what was gathered of the lesson (coaching/services/handouts.py) to its one file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coaching.errors import BadInput
from coaching.exports import document
from coaching.exports.captions import Caption
from coaching.faces import faces_from_json, faces_to_json
from coaching.handouts import NO_FILM, Captions, Made
from coaching.spans import Span
from pipelines import faces, media
from pipelines.handouts.covered import covered
from pipelines.handouts.film import film
from pipelines.handouts.portfolio import Shown, portfolio
from pipelines.progress import Progress
from pipelines.report import render_report


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to make in `folder`, as the file `out`. `web` and `audio` are the lesson's, where there are any."""

    folder: Path
    out: Path
    web: Path | None
    audio: Path | None
    order: Mapping[str, Any]
    found: Mapping[str, Any]
    threads: int = 1


def clip(wanted: Wanted, progress: Progress) -> None:
    (one,) = wanted.found["clips"]
    _film(_lesson(wanted), one, Captions(wanted.order["captions"]), wanted.out, progress, wanted.threads)


def all_clips(wanted: Wanted, progress: Progress) -> None:
    lesson, clips, shown = _lesson(wanted), wanted.found["clips"], []
    for n, one in enumerate(clips):
        film = wanted.folder / f"{n}.mp4"
        _film(lesson, one, Captions.NONE, film, _part(progress, n / len(clips), (n + 1) / len(clips)), wanted.threads)
        shown.append(Shown(one, film, _captions(one)))
    measured = document.from_json(wanted.found["lesson"]) if wanted.found["lesson"] else None
    portfolio(wanted.found["name"], shown, measured, wanted.out)


def report(wanted: Wanted, _progress: Progress) -> None:
    page = render_report(document.from_json(wanted.found["lesson"]))
    wanted.out.write_text(page, encoding="utf-8", newline="")


def look(wanted: Wanted, progress: Progress) -> None:
    (one,) = wanted.found["clips"]
    found = faces.look_for(_lesson(wanted), Span(one["start"], one["stop"]), progress, threads=wanted.threads)
    wanted.out.write_text(json.dumps(faces_to_json(found)), encoding="ascii")


def without_faces(wanted: Wanted, progress: Progress) -> None:
    (one,) = wanted.found["clips"]
    shown, part = faces_from_json(wanted.found["faces"]), Span(one["start"], one["stop"])
    covered(_lesson(wanted), part, shown, wanted.out, progress, threads=wanted.threads)


MAKE: Mapping[Made, Callable[[Wanted, Progress], None]] = {
    Made.CLIP: clip,
    Made.PORTFOLIO: all_clips,
    Made.REPORT: report,
    Made.GIVEN: clip,
    Made.FACES: look,
    Made.COVERED: without_faces,
}


def _lesson(wanted: Wanted) -> media.MediaInfo:
    """The lesson's film, or its sound. Raises BadInput where there is neither."""
    if (ready := wanted.web or wanted.audio) is None:
        raise BadInput(NO_FILM)
    return media.probe(ready)


def _part(progress: Progress, start: float, end: float) -> Progress:
    """Progress of a part of the way."""
    return lambda share: progress(start + (end - start) * share)


def _film(
    lesson: media.MediaInfo, one: Mapping[str, Any], how: Captions, out: Path, progress: Progress, threads: int
) -> None:
    film(lesson, Span(one["start"], one["stop"]), _captions(one), how, out, progress, threads=threads)


def _captions(one: Mapping[str, Any]) -> list[Caption]:
    return [Caption(c["id"], Span(**c["span"]), c["called"], c["text"]) for c in one["captions"]]
