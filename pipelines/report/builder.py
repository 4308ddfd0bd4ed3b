"""The report from its template, style and script: one page that holds everything and may load nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from coaching.lesson import Lesson
from coaching.metrics.wait import tenths
from coaching.spans import clock
from pipelines.report.method import version
from pipelines.report.view import View

_HERE = Path(__file__).parent

_NUMBERS = re.compile(
    r"(?P<range>\(\d[\d.]*–\d[\d.]*%?\))|(?P<as_is>from \d[\d:]*)|\b\d+(?:[.:]\d+)*(?:%| (?:seconds?|minutes?)\b)?"
)
"""In a sentence of a measure: ranges, which step back; times of the lesson, which stay; numbers, which stand out."""


def render_report(lesson: Lesson) -> str:
    """The report of `lesson`: a whole HTML document that needs no network, no other file and, to be read, no script.

    Everything that was said or named by somebody is escaped, and the page's own policy lets no other script run.
    """
    view = View(lesson)
    script = _script(view.transcript.duration)
    page = template("report.html").render(
        view=view,
        css=Markup(read("report.css")),  # noqa: S704 - our own file
        js=Markup(script),  # noqa: S704 - our own file and a number
        policy=_policy(script),
        version=version(),
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def _policy(script: str) -> str:
    """What the page may do: styles of its own, one script known by its hash, and nothing else at all."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _script(duration: float) -> str:
    return read("report.js").replace("LENGTH", json.dumps(round(duration, 3)), 1)


def stand_out(text: str) -> Markup:
    """A measure's sentence, its numbers in bold and its ranges lighter, every part of it escaped.

    >>> str(stand_out("2 of a student's <words>"))
    '<b>2</b> of a student&#39;s &lt;words&gt;'
    """
    # Numbers are looked for before the escaping, which brings numbers of its own.
    parts, at = [], 0
    for found in _NUMBERS.finditer(text):
        before, number = escape(text[at : found.start()]), escape(found[0])
        if found["range"]:
            number = Markup('<span class="r">{}</span>').format(number)
        elif not found["as_is"]:
            number = Markup("<b>{}</b>").format(number)
        parts += [before, number]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


@cache
def read(name: str) -> str:
    """A file of this folder."""
    return (_HERE / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Template:
    """A page of this folder; all that it is given is escaped."""
    env = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.filters |= {"clock": clock, "stand_out": stand_out, "tenths": tenths}
    return env.get_template(name)
