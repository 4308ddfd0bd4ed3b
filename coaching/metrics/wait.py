"""Wait times: how long it stays quiet after a question, and after a student. From speech activity, never from words.

Rowe (1972) named them wait time I and II. A pause is found where it lasts 0.5 s or more; shorter ones are mostly
missed (left-censored), so their number is a component, and a median under 0.5 s means no more than "under half a
second".
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from coaching.metrics.measure import Interval, Measure, Moment, undefined, wilson
from coaching.metrics.medians import median, median_interval
from coaching.metrics.question_kinds import Kind
from coaching.metrics.questions import Question
from coaching.quality import why_no_teacher, why_no_words
from coaching.spans import Span
from coaching.transcript import PAUSE_S, Role, Transcript, Utterance

LONGEST_WAIT_S = 15.0
"""Quiet for longer is work, not waiting (docs/measures.md)."""

LONG_WAIT_S = 3.0
"""From here on answers grow (Rowe): the share of waits this long is a measure."""

FEWEST = 10
"""With fewer questions no wait time is shown (docs/measures.md)."""

SAME_MOMENT_S = 0.02
"""Two edges closer than a frame of the diarizer (17 ms) are one moment."""


def tenths(seconds: float) -> str:
    """Seconds with one decimal, rounded, but never up to the three seconds that a wait did not reach.

    >>> tenths(2.94), tenths(2.97), tenths(3.98)
    ('2.9', '2.9', '4.0')
    """
    text = f"{seconds:.1f}"
    return f"{LONG_WAIT_S - 0.1:.1f}" if seconds < LONG_WAIT_S <= float(text) else text


@dataclass(slots=True)
class Waits:
    """What followed: `answered` waits, `went_on` (the teacher spoke first), `too_long` (nobody for 15 s)."""

    answered: list[Moment] = field(default_factory=list)
    went_on: int = 0
    too_long: int = 0


_WhyNot = Callable[[Waits], str | None]
"""Why these waits do not show a usual one, or None."""


def waits_after_questions(transcript: Transcript, found: Sequence[Question]) -> Waits:
    """Wait time I of each content or checking question.

    From the end of the question to the next onset of speech by anybody; 0 where somebody else is already speaking. The
    teacher first, or a question inside an utterance: "went on". Nobody within 15 s, or before the end: `too_long`. A
    voice of unknown role is somebody else.
    """
    timeline = _Timeline(transcript)
    waits = Waits()
    for q in found:
        if not (q.kind.is_content or q.kind is Kind.CHECKING):
            continue
        if not q.ends_utterance:
            waits.went_on += 1
            continue
        end = q.span.end
        if any(transcript.role(u.speaker) is not Role.TEACHER for u in timeline.at(end)):
            waits.answered.append(Moment(Span(end, end), q.text, 0.0))
            continue
        following = timeline.first_from(end)
        if following is None or following.span.start - end > LONGEST_WAIT_S:
            waits.too_long += 1
        elif transcript.role(following.speaker) is Role.TEACHER:
            waits.went_on += 1
        else:
            gap = Span(end, max(end, following.span.start))
            waits.answered.append(Moment(gap, q.text, gap.duration))
    return waits


def waits_after_students(transcript: Transcript) -> Waits:
    """Wait time II: from the end of students' talk to the teacher's next onset, where the teacher is next.

    0 where the teacher comes in before the student ends. A student inside the teacher's talk, and one after whom
    another student or a voice of unknown role is next, starts no wait. Over 15 s: `too_long`. Never `went_on`.
    """
    timeline = _Timeline(transcript)
    waits = Waits()
    for talk in transcript.speech(Role.STUDENT):
        end = talk.end
        speaking = [u for u in timeline.at(end) if transcript.role(u.speaker) is not Role.STUDENT]
        if speaking:
            came_in = all(transcript.role(u.speaker) is Role.TEACHER and u.span.start > talk.start for u in speaking)
            if came_in:
                waits.answered.append(Moment(Span(end, end), timeline.said(talk, Role.STUDENT), 0.0))
            continue
        following = timeline.first_from(end)
        if following is None or transcript.role(following.speaker) is not Role.TEACHER:
            continue
        gap = Span(end, max(end, following.span.start))
        if gap.duration > LONGEST_WAIT_S:
            waits.too_long += 1
        else:
            waits.answered.append(Moment(gap, timeline.said(talk, Role.STUDENT), gap.duration))
    return waits


def wait_time_1(transcript: Transcript, waits: Waits) -> Measure:
    """Median seconds of wait time I: from the end of a content or checking question to the next voice.

    0 where somebody else is already speaking. Where the teacher goes on first, it is no wait and counted apart; over 15
    s it is work and left out. Components: `waits` (measured), `seconds` (their sum), `long` (3 s or more),
    `under_half_second` (left-censored), `went_on`, `over_15_s`. Evidence: every measured wait with its question,
    `value` its seconds; kept where the measure itself is withheld. Undefined: no teacher, no words, fewer than 10
    questions (waits and went-ons), or more than half of them went-ons.
    """
    if reason := why_no_words(transcript):
        return undefined("wait_time_1", "s", reason)
    return _usual("wait_time_1", waits, _too_few_questions)


def wait_time_1_long(transcript: Transcript, waits: Waits) -> Measure:
    """Percent of the measured waits I of 3 s or more. Range: Wilson's. Otherwise as `wait_time_1`."""
    if reason := why_no_words(transcript):
        return undefined("wait_time_1_long", "%", reason)
    return _long("wait_time_1_long", waits, _too_few_questions)


def wait_time_2(transcript: Transcript, waits: Waits) -> Measure:
    """Median seconds of wait time II: from the end of a student's talk to the teacher's next word.

    Only where the teacher is next; 0 where the teacher comes in before the student ends. Components and evidence as
    `wait_time_1`; the text is what the student said. Undefined: no teacher, or fewer than 10 such moments.
    """
    if reason := why_no_teacher(transcript):
        return undefined("wait_time_2", "s", reason)
    return _usual("wait_time_2", waits, _too_few_students)


def wait_time_2_long(transcript: Transcript, waits: Waits) -> Measure:
    """Percent of the waits II of 3 s or more. Range: Wilson's. Otherwise as `wait_time_2`."""
    if reason := why_no_teacher(transcript):
        return undefined("wait_time_2_long", "%", reason)
    return _long("wait_time_2_long", waits, _too_few_students)


def _too_few_questions(waits: Waits) -> str | None:
    measured, started = len(waits.answered), len(waits.answered) + waits.went_on
    if started < FEWEST:
        many = {0: "No question", 1: "Only 1 question"}.get(started, f"Only {started} questions")
        return f"{many} could be timed; with fewer than ten, wait time says little."
    if waits.went_on > started / 2:
        return (
            f"After {waits.went_on} of {started} questions you spoke again before anybody answered. With more than "
            f"half like that, the other {measured} do not show a usual wait."
        )
    return None


def _too_few_students(waits: Waits) -> str | None:
    if (times := len(waits.answered)) < FEWEST:
        often = {0: "never", 1: "only once"}.get(times, f"only {times} times")
        return f"After a student you spoke next {often}; with fewer than ten times, wait time says little."
    return None


def _components(waits: Waits) -> dict[str, float]:
    seconds = [m.value or 0.0 for m in waits.answered]
    return {
        "waits": len(seconds),
        "seconds": sum(seconds),
        "long": sum(s >= LONG_WAIT_S for s in seconds),
        "under_half_second": sum(s < PAUSE_S for s in seconds),
        "went_on": waits.went_on,
        "over_15_s": waits.too_long,
    }


def _usual(name: str, waits: Waits, why_not: _WhyNot) -> Measure:
    components, evidence = _components(waits), tuple(waits.answered)
    if reason := why_not(waits):
        return Measure(name, None, "s", components=components, evidence=evidence, reason=reason)
    seconds = [m.value or 0.0 for m in waits.answered]
    return Measure(name, median(seconds), "s", median_interval(seconds), components, evidence)


def _long(name: str, waits: Waits, why_not: _WhyNot) -> Measure:
    components = _components(waits)
    evidence = tuple(m for m in waits.answered if (m.value or 0.0) >= LONG_WAIT_S)
    if reason := why_not(waits):
        return Measure(name, None, "%", components=components, evidence=evidence, reason=reason)
    hits, trials = int(components["long"]), int(components["waits"])
    interval: Interval = wilson(hits, trials, "chance, with so few waits")
    return Measure(name, 100 * hits / trials, "%", interval, components, evidence)


class _Timeline:
    """Utterances by time, for asking who speaks at a moment and who is next."""

    def __init__(self, transcript: Transcript) -> None:
        self._role = transcript.role
        self._all = [u for u in transcript.utterances if u.span.duration > 0]
        self._starts = [u.span.start for u in self._all]
        self._latest = list(accumulate((u.span.end for u in self._all), max))

    def at(self, moment: float) -> list[Utterance]:
        """Who speaks on both sides of `moment`, the latest to begin first."""
        found: list[Utterance] = []
        i = bisect_left(self._starts, moment - SAME_MOMENT_S) - 1
        while i >= 0 and self._latest[i] > moment + SAME_MOMENT_S:
            if self._all[i].span.end > moment + SAME_MOMENT_S:
                found.append(self._all[i])
            i -= 1
        return found

    def first_from(self, moment: float) -> Utterance | None:
        """The first to begin at `moment` or later; of two who begin at once, the one who is not the teacher."""
        i = bisect_left(self._starts, moment - SAME_MOMENT_S)
        if i == len(self._all):
            return None
        same = bisect_left(self._starts, self._starts[i] + SAME_MOMENT_S)
        together = self._all[i : max(same, i + 1)]
        return next((u for u in together if self._role(u.speaker) is not Role.TEACHER), together[0])

    def said(self, talk: Span, role: Role) -> str:
        """The words that `role` said in utterances that begin within `talk`."""
        inside = self._all[bisect_left(self._starts, talk.start) : bisect_left(self._starts, talk.end)]
        return " ".join(u.text for u in inside if u.text and self._role(u.speaker) is role)
