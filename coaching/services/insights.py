"""What a recording shows: every measure in words with what it was made of, and what its teacher guesses before."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from coaching.access import Action, Grant, decide, require
from coaching.lesson import Lesson
from coaching.library import Listed
from coaching.metrics.made_of import made_of
from coaching.metrics.measure import Measure, undefined
from coaching.metrics.questions import Question
from coaching.metrics.sentences import TITLES, before_it_was_put_right, sentence
from coaching.ports import Lessons, Numbers
from coaching.predictions import GUESSABLE, Guessable, to_ask
from coaching.quality import NEXT_TIME, limits, placing, quality_notes
from coaching.services.lessons import corrected, corrected_of
from coaching.services.review import heard_in
from coaching.spans import Span
from coaching.transcript import Role
from coaching.trends import Trend, trends

HALF_THE_SCALE = 50.0
"""Percentage points: a share whose range is wider could be nearly anything."""

TOO_UNCERTAIN = "Too uncertain to show: its plausible range spans more than half of the scale."
NOT_YET = "There you have not guessed it yet."

COUNTED_MOMENTS = ("uptake", "follow_up")
"""Shares that nobody is shown: their moments are, and how many there are."""

FEWEST_IN_A_TREND, MOST_IN_A_TREND = 3, 8
"""Lessons."""


@dataclass(frozen=True, slots=True)
class Insight:
    """A measure as people read it. `said` is its sentence, or the reason why there is no number (`shown` False);
    `before` what the machine had where it was put right. `guess` is their own, None without one."""

    measure: Measure
    title: str
    said: str
    shown: bool
    made_of: str
    before: str = ""
    guess: float | None = None


@dataclass(frozen=True, slots=True)
class Insights:
    """`ask` is what is to be guessed now, of `asks` in all that are left; what would tell any of them is in none of the
    rest: no measure, no `talk`, no `questions`. These two are None, too, where they are withheld.

    `seen_by` names whom the owner gave the numbers, for the owner alone. `kinds`: whether kinds of questions are known.
    """

    listed: Listed
    may: frozenset[Action]
    lesson: Lesson
    insights: tuple[Insight, ...]
    notes: tuple[str, ...]
    advice: tuple[str, ...]
    talk: Mapping[str, list[Span]] | None
    questions: tuple[Question, ...] | None
    kinds: bool
    ask: Guessable | None
    asks: int
    seen_by: tuple[str, ...]


def insights(lessons: Lessons, viewer: str, recording: str) -> Insights:
    """Of the run that is shown, corrected. Raises NotThere, also for whom the measures were not given."""
    listed = lessons.listed(viewer, recording)
    require(viewer, Action.MEASURE, listed.owner, listed.given)
    found = corrected(lessons, viewer, recording)
    transcript, withheld = found.lesson.transcript, limits(found.lesson.quality, found.lesson.transcript)
    own = viewer == listed.owner
    guessed = lessons.guesses(viewer, recording) if own else {}
    asks = left_to_ask(found.lesson, guessed) if own else ()
    hidden = _hidden(asks)
    heard = heard_in(transcript, ())
    return Insights(
        listed=listed,
        may=frozenset(a for a in Action if decide(viewer, a, listed.owner, listed.given).allowed),
        lesson=found.lesson,
        insights=tuple(
            insight(m, found.machine.measure(m.name), guessed.get(m.name))
            for m in found.lesson.measures
            if m.name in TITLES and m.name not in hidden
        ),
        notes=tuple(n for n in quality_notes(found.lesson.quality, transcript) if n != NEXT_TIME),
        advice=placing(found.lesson.quality, transcript),
        talk=None if "teacher_talk" in hidden else {**_by_role(heard.talk), "several": heard.several},
        questions=None if "open_share" in hidden or "questions" in withheld else heard.questions,
        kinds="open_share" not in withheld,
        ask=asks[0] if asks else None,
        asks=len(asks),
        seen_by=_seen_by(lessons, viewer, recording) if own else (),
    )


def insight(measure: Measure, machine: Measure | None, guess: float | None) -> Insight:
    before = "" if machine is None else before_it_was_put_right(machine, measure)
    if too_uncertain(measure):
        return Insight(measure, TITLES[measure.name], TOO_UNCERTAIN, False, made_of(measure), before)
    shown = measure.value is not None
    said = sentence(measure) if shown else measure.reason or ""
    return Insight(measure, TITLES[measure.name], said, shown, made_of(measure), before, guess if shown else None)


def too_uncertain(measure: Measure) -> bool:
    """Whether its range spans more than half of the scale, for a share that is shown with one."""
    if measure.unit != "%" or measure.interval is None or measure.name in COUNTED_MOMENTS:
        return False
    return measure.interval.high - measure.interval.low > HALF_THE_SCALE


def left_to_ask(lesson: Lesson, guessed: Mapping[str, float | None]) -> tuple[Guessable, ...]:
    """What its teacher has neither guessed nor skipped. A number that lies beyond the slider is not asked for."""
    given = {
        g.measure
        for g in GUESSABLE
        if (m := lesson.measure(g.measure)) and m.shown is not None and not too_uncertain(m) and m.shown <= g.highest
    }
    return to_ask(given, guessed)


def untold(lesson: Lesson, guessed: Mapping[str, float | None]) -> frozenset[str]:
    """The measures that would tell its teacher what they have neither guessed nor skipped."""
    return _hidden(left_to_ask(lesson, guessed))


def _by_role(talk: Mapping[Role, list[Span]]) -> dict[str, list[Span]]:
    return {role.value: spans for role, spans in talk.items()}


def _seen_by(lessons: Lessons, viewer: str, recording: str) -> tuple[str, ...]:
    given = lessons.grants(viewer, recording)
    return tuple(g.person.name or g.person.email for g in given if g.good and Grant.MEASURES in g.what)


@dataclass(frozen=True, slots=True)
class Lately:
    """The last lessons of a teacher, the earliest first; `trends` is empty where they are too few. Numbers that are
    still to be guessed are not in them. `days`: when each was taught, or else brought."""

    listed: tuple[Listed, ...]
    days: tuple[date, ...]
    lessons: tuple[Lesson, ...]
    trends: tuple[Trend, ...]


def lately(lessons: Lessons, viewer: str, recording: str) -> Lately:
    """The trend of the teacher's own lessons, for the owner of this one alone. Raises NotThere."""
    of = lessons.listed(viewer, recording)
    require(viewer, Action.CORRECT, of.owner, of.given)
    last = lessons.last_taught(viewer, MOST_IN_A_TREND)
    known = several(lessons, viewer, [one.id for one in last])
    listed = [one for one in last if one.id in known]  # others were deleted in this very moment
    found = [known[one.id] for one in listed]
    compared = trends(found, len(found) // 2) if len(found) >= FEWEST_IN_A_TREND else ()
    return Lately(tuple(listed), tuple(map(_day, listed)), tuple(found), compared)


def several(lessons: Lessons, viewer: str, recordings: Collection[str]) -> dict[str, Lesson]:
    """Those of these lessons whose numbers they may see, corrected; to their owner without what they have not guessed
    yet. Of their transcripts there is only what numbers were made of anew."""
    found = lessons.numbers(viewer, recordings)
    return {id: _told(one, corrected_of(one)) for id, one in found.items()}


def _told(one: Numbers, lesson: Lesson) -> Lesson:
    return lesson if one.guesses is None else yet(lesson, one.name, one.guesses)


def yet(lesson: Lesson, name: str, guessed: Mapping[str, float | None]) -> Lesson:
    """The lesson under the name that its owner gave it, without what would tell what they have not guessed yet, and
    what is too uncertain to show."""
    hidden = untold(lesson, guessed)

    def shown(m: Measure) -> Measure:
        if m.name in hidden:
            return undefined(m.name, m.unit, NOT_YET)
        return undefined(m.name, m.unit, TOO_UNCERTAIN) if too_uncertain(m) else m

    measures = tuple(map(shown, lesson.measures))
    return replace(lesson, recording=replace(lesson.recording, name=name), measures=measures)


def _hidden(asks: Iterable[Guessable]) -> frozenset[str]:
    return frozenset[str]().union(*(one.hides for one in asks))


def _day(listed: Listed) -> date:
    return listed.taught or listed.added.date()
