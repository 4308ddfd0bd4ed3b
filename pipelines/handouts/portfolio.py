"""The portfolio: chosen clips of a lesson as one page that holds everything and may load nothing."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from coaching.errors import BadInput
from coaching.exports.captions import Caption, cues
from coaching.lesson import Lesson
from coaching.originals import SPARE
from coaching.quality import quality_notes
from coaching.spans import clock
from pipelines.media.disk import check_room, whole_file
from pipelines.media.probe import url
from pipelines.report.builder import read as of_report
from pipelines.report.builder import stand_out
from pipelines.report.method import version
from pipelines.report.wording import counted, said_of

LARGEST = 300_000_000
"""Bytes of all films. As text they become a third more, and browsers open no page that is much larger."""

CHUNK = 3 * 256 * 1024
"""Bytes written at once: a multiple of 3, so that pieces of base64 can stand in a row."""

POSTER_SIDE = 960

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip as it was gathered (coaching/services/handouts.py), its film, and its captions on the film's clock."""

    clip: Mapping[str, Any]
    film: Path
    captions: Sequence[Caption]


def portfolio(name: str, shown: Sequence[Shown], measured: Lesson | None, out: Path) -> None:
    """Write the page: films, captions and pictures are in it as data. Raises BadInput for too much, OutOfSpace.

    Everything that was said, written or named by somebody is escaped; the page's own policy lets no other script run,
    and nothing be fetched.
    """
    size = sum(one.film.stat().st_size for one in shown)
    if size > LARGEST:
        raise BadInput(
            f"These films have {size / 1e6:.0f} MB together, and a page holds {LARGEST / 1e6:.0f}. Choose fewer clips."
        )
    check_room(out, size * 4 // 3, "portfolio", SPARE)
    script, style = _read("portfolio.js"), of_report("report.css") + _read("portfolio.css")
    mark = secrets.token_hex(16)
    page = _template().render(
        name=name,
        clips=[_seen(n, one, mark) for n, one in enumerate(shown)],
        about=f"{counted(len(shown), 'clip')} · {clock(sum(c.clip['stop'] - c.clip['start'] for c in shown))}",
        measures=[(said_of(m), m.value is None) for m in measured.measures] if measured else [],
        notes=[*quality_notes(measured.quality, measured.transcript)] if measured else [],
        css=Markup(style),  # noqa: S704 - our own files
        js=Markup(script),  # noqa: S704 - our own file
        policy=_policy(script),
        version=version(),
    )
    with whole_file(out) as temporary, temporary.open("wb") as into:
        for n, piece in enumerate(re.split(f"{mark}(?:[0-9]+)", page)):
            if n:
                _write_film(shown[n - 1].film, into)
            into.write(piece.encode("utf-8", "replace"))


def _policy(script: str) -> str:
    """What the page may do: its own style and script, and films and pictures that lie in it."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'; img-src data:; media-src data: blob:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _seen(n: int, one: Shown, mark: str) -> dict[str, Any]:
    """What the page shows of a clip. Where its film belongs stands a mark that nobody could have written."""
    clip = one.clip
    track = base64.b64encode(cues(one.captions).encode("utf-8", "replace")).decode()
    return {
        **clip,
        "span": f"{clock(clip['start'])}–{clock(clip['stop'])}",
        "film": f"data:video/mp4;base64,{mark}{n}",
        "track": f"data:text/vtt;base64,{track}" if one.captions else "",
        "poster": _poster(one.film),
    }


def _poster(film: Path) -> str:
    """Its first picture; empty where it has only sound."""
    import av
    from PIL import Image

    with av.open(url(film), format="mp4") as container:
        if not container.streams.video:
            return ""
        picture = Image.fromarray(next(container.decode(video=0)).to_ndarray(format="rgb24"))
    picture.thumbnail((POSTER_SIDE, POSTER_SIDE))
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"


def _write_film(film: Path, into: BinaryIO) -> None:
    with film.open("rb") as given:
        while data := given.read(CHUNK):
            into.write(base64.b64encode(data))


@cache
def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    env = Environment(
        loader=FileSystemLoader([_HERE, _HERE.parent / "report"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {"clock": clock, "stand_out": stand_out}
    return env.get_template("portfolio.html")
