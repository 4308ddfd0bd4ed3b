"""What the report shows of a lesson, in the order and the words in which it is shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten

from coaching.by_ear import unfit
from coaching.exports.activity import listed_activity
from coaching.exports.text import names
from coaching.lesson import Lesson
from coaching.metrics.activity import Activity
from coaching.metrics.measure import Measure, Moment
from coaching.metrics.wait import LONG_WAIT_S, LONGEST_WAIT_S
from coaching.quality import quality_notes
from coaching.ribbon import Ribbon, ribbon
from coaching.spans import clock, total
from coaching.transcript import PAUSE_S, Role, Transcript
from pipelines.report import charts
from pipelines.report.ear import Ear
from pipelines.report.method import Method
from pipelines.report.questions import Questions
from pipelines.report.teacher import You
from pipelines.report.transcript import Anchors, Chapter, Said, chapters
from pipelines.report.wording import GROUPS, LOOKS, about, by_sentence, counted, said_of, spelled_day

SHOWN_LETTERS = 220
"""So much of what was said stands in a list of moments; all of it is in the transcript, one link away."""

MANY_TURNS = 300
"""From here on a phone takes noticeably long to lay out the whole transcript at once."""

WAIT_1, WAIT_2 = "s wait", "s, then the teacher"
"""What the pills in the transcript say after the seconds."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A long stretch of the teacher's talk; `width` in percent of the longest."""

    time: str
    anchor: str
    text: str
    length: str
    width: float


@dataclass(frozen=True, slots=True)
class Look:
    """A candidate moment: who said what, a line each; `followed`: with an open question after it."""

    time: str
    anchor: str
    lines: tuple[str, ...]
    followed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A measure's sentence; or the reason why what it is `about` has no number."""

    text: str
    about: str = ""


class View:
    """Everything that report.html asks for, computed from `lesson` when it asks."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self.transcript: Transcript = lesson.transcript
        self.measures = {m.name: m for m in lesson.measures}
        self._names = names(self.transcript)
        self.questions = Questions(lesson)
        self.you = You(lesson, self._names)
        self.method = Method(lesson)
        self._anchors = Anchors(self.transcript)
        self._question_ends = {round(q.span.end, 2): anchor for anchor, _, q in self.questions.found}

    def at(self, moment: float) -> str:
        """The id in the page to link to for a moment: the question that ends there, else what is being said."""
        return self._question_ends.get(round(moment, 2)) or self._anchors.at(moment)

    def lines(self, group: str) -> list[Line]:
        """The sentences of a group's measures in order; those that have no value for one reason share a line.

        `group` is one of GROUPS, or `rest`: the measures that stand in none of them.
        """
        placed = {name for names in GROUPS.values() for name in names}
        wanted = GROUPS.get(group) or [name for name in self.measures if name not in placed]
        mine = [self.measures[name] for name in wanted if name in self.measures]
        reasons = by_sentence((m.reason, m.name) for m in mine)
        return [*(Line(said_of(m)) for m in mine if m.value is not None), *(Line(why, what) for why, what in reasons)]

    # ---- head ----

    @property
    def name(self) -> str:
        return self.lesson.recording.name or "Lesson"

    @property
    def length(self) -> str:
        return clock(self.transcript.duration)

    @property
    def facts(self) -> str:
        speakers = Counter(s.role for s in self.transcript.speakers)
        students = speakers[Role.STUDENT]
        voices = f"{counted(students, 'student voice')} told apart" if students else ""
        return " · ".join(part for part in (self.day, f"{self.length} long", voices) if part)

    @property
    def day(self) -> str:
        """When it was recorded, as Thu 19 Nov 2026; empty where the file does not say."""
        return spelled_day(self.lesson.recording.recorded)

    @property
    def sections(self) -> list[tuple[str, str]]:
        return [
            ("talk", "Talk"),
            ("waiting", "Waits"),
            ("questions", "Questions"),
            ("transcript", "Transcript"),
            ("made", "Method"),
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        """The recording's limits, before any number: quality, then what was wrong with the file."""
        notes = (*quality_notes(self.lesson.quality, self.transcript), *self.lesson.recording.notes)
        return notes or (() if self.lesson.limits else ("The voices came through clearly enough for what follows.",))

    @property
    def withheld(self) -> list[tuple[str, str]]:
        """(reason, the measures it takes away) where the recording itself is the reason."""
        reasons = set(self.lesson.limits)
        found = by_sentence((m.reason, m.name) for m in self.lesson.measures if m.reason in reasons)
        return [(reason, things[0].lower() + things[1:]) for reason, things in found]

    # ---- who spoke ----

    @cached_property
    def ribbon(self) -> Ribbon:
        return ribbon(self.transcript)

    @cached_property
    def activity(self) -> list[charts.Band]:
        """The stretches below the ribbon; none where there is nothing but "cannot tell"."""
        found = listed_activity(self.lesson)
        told = any(s.kind is not Activity.CANNOT_TELL for s in found)
        return charts.bands(found, self.transcript.duration) if told else []

    @property
    def ribbon_in_doubt(self) -> bool:
        """Whether the recording takes some number away that the ribbon seems to show."""
        return any(line.about for group in ("shares", "air") for line in self.lines(group))

    @property
    def ticks(self) -> list[tuple[float, float, str]]:
        return charts.ticks(self.transcript.duration)

    @property
    def ribbon_words(self) -> str:
        """The ribbon for who cannot see it: minutes of each voice."""
        said = [
            f"{word} {about(total(self.transcript.speech(role)))}"
            for word, role in (("you", Role.TEACHER), ("students", Role.STUDENT), ("other voices", Role.UNKNOWN))
            if self.transcript.speech(role)
        ]
        return ", ".join([*said, f"of {about(self.transcript.duration)}"])

    # ---- checked by ear ----

    @cached_property
    def ear(self) -> Ear | None:
        """What a person's ear said of the lesson, if one was asked."""
        return Ear(self.lesson.checked) if self.lesson.checked else None

    @property
    def can_be_checked(self) -> bool:
        return self.ear is None and unfit(self.lesson) is None

    # ---- waits ----

    @cached_property
    def _waits(self) -> Measure | None:
        return self.measures.get("wait_time_1")

    @cached_property
    def bars(self) -> list[charts.Bar]:
        """The histogram; none where the usual wait is withheld, since its shape would say what the number may not."""
        shown = self._waits and self._waits.value is not None
        return charts.histogram(self._waits.evidence) if shown and self._waits else []

    @property
    def single_waits(self) -> tuple[Moment, ...]:
        """The waits one by one, where they are too few to say what is usual."""
        return self._waits.evidence if self._waits and self._waits.value is None else ()

    @property
    def long_wait(self) -> float:
        return LONG_WAIT_S

    @property
    def three(self) -> float:
        """Where the three-second line stands, in percent of the histogram's width."""
        return 100 * LONG_WAIT_S / (charts.LAST_BIN_S + charts.BIN_S)

    @property
    def censored(self) -> str:
        """What is not in the bars, and how fine they are."""
        counts = self._waits.components if self._waits else {}
        went_on, later = int(counts.get("went_on", 0)), int(counts.get("over_15_s", 0))
        parts = []
        if went_on:
            parts.append(f"Not in the bars: {counted(went_on, 'question')} after which you went on yourself.")
        if later:
            quiet = f"nobody spoke within {LONGEST_WAIT_S:.0f} seconds"
            parts.append(f"Not in the bars: {counted(later, 'question')} after which {quiet}.")
        uncertain = ", so the first bar is uncertain" if self.bars and self.bars[0].moments else ""
        return " ".join([*parts, f"Waits under half a second are often missed{uncertain}."])

    # ---- stretches, answers ----

    @property
    def stretches(self) -> list[Stretch]:
        found = self.measures.get("longest_teacher_talk")
        moments = found.evidence if found else ()
        longest = max((m.span.duration for m in moments), default=1.0) or 1.0
        return [
            Stretch(
                clock(m.span.start),
                self._anchors.at(m.span.start),
                m.text.strip('"“”'),
                clock(round(m.span.duration)),
                100 * m.span.duration / longest,
            )
            for m in moments
        ]

    @property
    def looks(self) -> list[tuple[str, str, list[Look]]]:
        """(title, hint, moments) of the lists of candidate moments that are not empty."""
        followed = set(self.measures["follow_up"].evidence) if "follow_up" in self.measures else set()
        return [
            (title, hint, [self._look(m, m in followed) for m in self.measures[name].evidence])
            for name, (title, hint) in LOOKS.items()
            if name in self.measures and self.measures[name].evidence
        ]

    def _look(self, moment: Moment, followed: bool) -> Look:
        lines = tuple(shorten(line, SHOWN_LETTERS, placeholder=" …") for line in moment.text.splitlines())
        return Look(clock(moment.span.start), self._anchors.at(moment.span.start), lines, followed)

    # ---- transcript ----

    @cached_property
    def chapters(self) -> list[Chapter]:
        waits = [
            (moment, words)
            for name, words in (("wait_time_1", WAIT_1), ("wait_time_2", WAIT_2))
            for moment in (self.measures[name].evidence if name in self.measures else ())
            if (moment.value or 0.0) >= PAUSE_S
        ]
        return chapters(self.transcript, self._names, self.questions.found, waits)

    @cached_property
    def _said(self) -> list[Said]:
        return [s for chapter in self.chapters for row in chapter.rows for p in row.paragraphs for s in p.said]

    @property
    def is_long(self) -> bool:
        """Whether the browser should draw only the chapters that are on the screen."""
        return len(self.transcript.turns) > MANY_TURNS

    @property
    def any_unsure(self) -> bool:
        """Whether single words are marked."""
        return any(unsure for said in self._said for piece in said.pieces for _, unsure in piece.runs)

    @property
    def any_vague(self) -> bool:
        """Whether whole utterances are marked."""
        return any(said.unsure for said in self._said)

    @property
    def any_at_once(self) -> bool:
        return any(said.at_once for said in self._said)
