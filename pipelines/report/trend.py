"""The trend as one page: a small picture a measure, each lesson with its range, words under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from coaching.lesson import Lesson
from coaching.metrics.measure import Measure
from coaching.trend_sentences import (
    amount,
    change_sentence,
    least_sentence,
    pooled_sentence,
    ranged,
    trend_notes,
    trend_title,
    without_sentences,
)
from coaching.trends import Trend
from pipelines.report.builder import read, template
from pipelines.report.method import version
from pipelines.report.wording import spelled_day

TOPS = (1, 2, 5, 10, 15, 20, 30, 50, 75, 100)
"""Where an axis may end. It always begins at 0, so that a small change does not look like a big one."""

MOST_LABELS = 12
"""More lessons than this are not all numbered below a picture."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Column:
    """A lesson in a picture: its value and the ends of its range, in percent of the height; None: not given."""

    said: str
    at: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    top: str
    columns: tuple[Column, ...]
    together: float | None
    detectable: bool
    words: tuple[str, ...]
    hints: tuple[str, ...]

    @property
    def aloud(self) -> str:
        """The picture for who cannot see it."""
        return f"{self.title}, lesson by lesson: " + "; ".join(f"{n} {c.said}" for n, c in enumerate(self.columns, 1))


def panel(trend: Trend, lessons: Sequence[Lesson]) -> Panel:
    """The picture and the words of one measure."""
    mine = [lesson.measure(trend.name) for lesson in lessons]
    whole, unit = trend.whole.measure, trend.whole.measure.unit
    ends = [m.interval.high if m.interval else m.shown for m in mine if m and m.shown is not None]
    highest = max(ends, default=0.0)
    top = next((float(t) for t in TOPS if t >= highest), highest)

    def at(value: float) -> float:
        return min(100.0, max(0.0, 100 * value / top))

    def column(m: Measure | None) -> Column:
        if m is None or m.shown is None:
            return Column("not given")
        if m.interval is None:
            return Column(amount(m.shown, unit), at(m.shown))
        return Column(ranged(m.shown, m.interval, unit), at(m.shown), at(m.interval.low), at(m.interval.high))

    return Panel(
        trend_title(trend.name),
        amount(top, unit).replace(".0", ""),
        tuple(column(m) for m in mine),
        None if whole.value is None else at(whole.value),
        trend.change.detectable,
        (pooled_sentence(trend.whole), change_sentence(trend.change)) if whole.value is not None else (),
        tuple(
            line
            for line in (
                *((pooled_sentence(trend.whole),) if whole.value is None else without_sentences(trend.whole)),
                least_sentence(trend.least, unit),
            )
            if line
        ),
    )


def render_trend(lessons: Sequence[Lesson], found: Sequence[Trend], earlier: int, by_day: bool) -> str:
    """The page: a whole HTML document that needs no network and no other file, and runs no script."""
    page = template("trend.html").render(
        css=Markup(read("report.css") + read("trend.css")),  # noqa: S704 - our own files
        policy=POLICY,
        version=version(),
        lessons=[(lesson.recording.name or "Lesson", spelled_day(lesson.recording.recorded)) for lesson in lessons],
        earlier=earlier,
        every=-(-len(lessons) // MOST_LABELS),
        notes=trend_notes(lessons, by_day),
        panels=[panel(t, lessons) for t in found],
    )
    return page.encode("utf-8", "replace").decode("utf-8")
