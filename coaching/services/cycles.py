"""What a coaching cycle shows of its lessons, to whoever may see that of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coaching.access import NotThere
from coaching.coached import Item, Look, Past, Whole
from coaching.lesson import Lesson
from coaching.metrics.measure import Measure
from coaching.ports import Lessons
from coaching.predictions import GUESSABLE
from coaching.services.insights import several
from coaching.trend_sentences import change_sentence, least_sentence, trend_title
from coaching.trends import COMPARED, change, least_change

MEASURES = COMPARED
"""By which one could see a change."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A measure at the first look and at the next; None where that is not shared with its numbers, or not there.
    `said`: whether it changed, or what change could be found; `detectable`: that it did, by more than chance."""

    title: str
    before: Measure | None
    after: Measure | None
    said: str
    detectable: bool = False


def evidence(lessons: Lessons, viewer: str, whole: Whole) -> list[Evidence]:
    """By the measures of the goal and of the action step."""
    return evidence_of(lessons, viewer, [whole])[0]


def evidence_of(lessons: Lessons, viewer: str, cycles: Sequence[Whole | Past]) -> list[list[Evidence]]:
    """The same for each of several cycles. The lessons are read together."""
    names = [_names(one) for one in cycles]
    looked_at = {lesson.recording for one, of in zip(cycles, names, strict=True) if of for lesson in one.lessons}
    known = several(lessons, viewer, looked_at) if looked_at else {}
    found = []
    for one, of in zip(cycles, names, strict=True):
        looks = {lesson.look: known.get(lesson.recording) for lesson in one.lessons}
        found.append([_evidence(name, looks.get(Look.FIRST), looks.get(Look.AGAIN)) for name in of])
    return found


def _names(of: Whole | Past) -> list[str]:
    """The measures of the goal and of the action step."""
    named = of.cycle.measure, of.action_step and of.action_step.measure
    return [one for one in dict.fromkeys(named) if one and one in MEASURES]


def _evidence(name: str, first: Lesson | None, again: Lesson | None) -> Evidence:
    before, after = (None if lesson is None else lesson.measure(name) for lesson in (first, again))
    if first is not None and again is not None:
        changed = change(name, [first], [again])
        return Evidence(trend_title(name), before, after, change_sentence(changed), changed.detectable)
    said = least_sentence(least_change(before), before.unit) if before and before.value is not None else ""
    return Evidence(trend_title(name), before, after, said)


@dataclass(frozen=True, slots=True)
class Predicted:
    """What a teacher guessed of the lesson before they looked (`guess`, in the measure's unit), and what was found."""

    question: str
    guess: float
    measure: Measure


def predicted(lessons: Lessons, viewer: str, whole: Whole) -> list[Predicted]:
    """Of the first look, for whoever guessed: a guess is the teacher's own."""
    first = next((one.recording for one in whole.lessons if one.look is Look.FIRST), None)
    if first is None or viewer != whole.cycle.teacher:
        return []
    try:
        guesses = lessons.guesses(viewer, first)
    except NotThere:
        return []
    guessed = [(one, guess) for one in GUESSABLE if (guess := guesses.get(one.measure)) is not None]
    lesson = several(lessons, viewer, [first]).get(first) if guessed else None
    if lesson is None:
        return []
    found = ((one, guess, lesson.measure(one.measure)) for one, guess in guessed)
    return [Predicted(one.question, guess, m) for one, guess, m in found if m is not None and m.shown is not None]


@dataclass(frozen=True, slots=True)
class OnAgenda:
    """A moment of the agenda as whoever looks may read it. `title` is None where it is not there for them: it is not
    shared with them, or it was deleted."""

    item: Item
    title: str | None
    start: float = 0.0
    stop: float = 0.0
    by: str = ""


A_MOMENT_S = 20.0
"""How long a comment about a moment plays."""


def agenda(lessons: Lessons, viewer: str, items: Sequence[Item]) -> list[OnAgenda]:
    there = {one: _moments(lessons, viewer, one) for one in {item.recording for item in items}}
    found = ((item, there[item.recording].get(item.note)) for item in items)
    return [OnAgenda(item, None) if one is None else replace(one, item=item) for item, one in found]


def to_choose(lessons: Lessons, viewer: str, whole: Whole) -> list[OnAgenda]:
    """The clips and comments of the cycle's lessons that are not on its agenda yet, in order of their time."""
    known = {item.note for item in whole.conference.agenda} if whole.conference else set()
    found = [one for lesson in whole.lessons for one in _moments(lessons, viewer, lesson.recording).values()]
    return [one for one in found if one.item.note not in known]


def _moments(lessons: Lessons, viewer: str, recording: str) -> dict[str, OnAgenda]:
    try:
        clips, comments = lessons.clips(viewer, recording), lessons.comments(viewer, recording)
    except NotThere:
        return {}
    found = [OnAgenda(Item(recording, c.id), c.name, c.start, c.stop, c.called) for c in clips]
    found += [
        OnAgenda(Item(recording, c.id), c.body, c.start, c.stop or c.start + A_MOMENT_S, c.called)
        for c in comments
        if not c.deleted and c.parent is None
    ]
    return {one.item.note: one for one in sorted(found, key=lambda one: one.start)}


def name_of(lessons: Lessons, viewer: str, recording: str) -> str | None:
    """What a lesson is called; None where it is not shared with them."""
    try:
        return lessons.recording(viewer, recording).name
    except NotThere:
        return None
