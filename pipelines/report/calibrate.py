"""The page that plays clips of a lesson and asks who speaks, and what it shows at the end."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence

from markupsafe import Markup

from coaching.calibration import FEWEST, Checked
from coaching.lesson import Lesson
from coaching.metrics.sentences import sentence
from pipelines.report.builder import read, template
from pipelines.report.ear import Ear
from pipelines.report.method import version


def policy() -> str:
    """What the page may do: its own script and style, and its own clips and answers."""
    digest = base64.b64encode(hashlib.sha256(read("calibrate.js").encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; media-src 'self'; "
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def render_clips(lesson: Lesson, notes: Sequence[str]) -> str:
    """The page of the clips; `notes` is what to know before. A whole HTML document that asks nothing of other hosts."""
    page = template("calibrate.html").render(
        name=lesson.recording.name or "Lesson",
        notes=notes,
        css=Markup(read("report.css") + read("calibrate.css")),  # noqa: S704 - our own files
        js=Markup(read("calibrate.js")),  # noqa: S704 - our own file
        policy=policy(),
        version=version(),
    )
    return page.encode("utf-8", "replace").decode("utf-8")


def render_found(lesson: Lesson, found: Checked, notes: Sequence[str]) -> str:
    """What the clips found, for the end of the page: HTML without a document round it."""
    said = [sentence(m) for m in lesson.measures if m.corrected is not None]
    return template("calibrated.html").render(ear=Ear(found), said=said, notes=notes)


def render_too_few(usable: int) -> str:
    """What the end of the page says where too few clips could be told."""
    note = (
        f"In {usable} of the clips you could tell who spoke. It takes {FEWEST} to correct a lesson, so nothing was "
        "changed. A recorder nearer to the class may help."
    )
    return template("calibrated.html").render(ear=None, said=(), notes=[note])
