"""From a transcript to its measures. One function a measure, its definition in its docstring; every one is pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from coaching.metrics.inputs import MADE_OF, Input, differing
from coaching.metrics.measure import Interval, Measure, Moment, undefined
from coaching.metrics.prior import prior
from coaching.metrics.questions import (
    Question,
    find_questions,
    open_share,
    questions,
    reason_questions,
    without_kinds,
)
from coaching.metrics.talk import RibbonBar, several_voices, silence, student_talk, talk_ribbon, teacher_talk
from coaching.metrics.turns import longest_teacher_talk, student_response, turns
from coaching.metrics.uptake import follow_up, restating, uptake
from coaching.metrics.wait import (
    Waits,
    wait_time_1,
    wait_time_1_long,
    wait_time_2,
    wait_time_2_long,
    waits_after_questions,
    waits_after_students,
)
from coaching.quality import AudioQuality, limits
from coaching.transcript import Transcript

__all__ = [
    "WITHOUT_RANGE",
    "Interval",
    "Measure",
    "Measured",
    "Moment",
    "RibbonBar",
    "find_questions",
    "measure_lesson",
    "talk_ribbon",
]

WITHOUT_RANGE: Mapping[str, str] = {
    "reason_questions": "a number of suggestions to look at; how many the rules miss was never counted for this kind "
    "alone.",
    "restating": "a number of moments to look at; of those found about four in five restate a student, and about one "
    "in ten is missed where every word was written down. Where a recognizer misses words, half and more are missed.",
}
"""The measures that have a value and never a range, and why. Every other one has a range where the noise is known."""


class _Measuring:
    """A transcript while it is measured: what several measures share is found once, and only if one asks for it."""

    def __init__(self, transcript: Transcript, quality: AudioQuality) -> None:
        self.transcript = transcript
        self.known = prior(quality, transcript.duration)

    @cached_property
    def found(self) -> tuple[Question, ...]:
        return find_questions(self.transcript)

    @cached_property
    def after_questions(self) -> Waits:
        return waits_after_questions(self.transcript, self.found)

    @cached_property
    def after_students(self) -> Waits:
        return waits_after_students(self.transcript)


_MEASURES: Mapping[str, Callable[[_Measuring], Measure]] = {
    "teacher_talk": lambda of: teacher_talk(of.transcript, of.known),
    "student_talk": lambda of: student_talk(of.transcript, of.known),
    "several_voices": lambda of: several_voices(of.transcript, of.known),
    "silence": lambda of: silence(of.transcript, of.known),
    "turns": lambda of: turns(of.transcript, of.known),
    "longest_teacher_talk": lambda of: longest_teacher_talk(of.transcript, of.known),
    "student_response": lambda of: student_response(of.transcript, of.found),
    "questions": lambda of: questions(of.transcript, of.found),
    "open_share": lambda of: open_share(of.transcript, of.found),
    "reason_questions": lambda of: reason_questions(of.transcript, of.found),
    "wait_time_1": lambda of: wait_time_1(of.transcript, of.after_questions),
    "wait_time_1_long": lambda of: wait_time_1_long(of.transcript, of.after_questions),
    "wait_time_2": lambda of: wait_time_2(of.transcript, of.after_students),
    "wait_time_2_long": lambda of: wait_time_2_long(of.transcript, of.after_students),
    "uptake": lambda of: uptake(of.transcript),
    "restating": lambda of: restating(of.transcript),
    "follow_up": lambda of: follow_up(of.transcript, of.found),
}
"""Every measure, in reading order; inputs.py says what each is made of."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured before, and of what."""

    transcript: Transcript
    quality: AudioQuality
    measures: tuple[Measure, ...]


def measure_lesson(
    transcript: Transcript, quality: AudioQuality, before: Measured | None = None
) -> tuple[Measure, ...]:
    """Every measure of the lesson, always all of them and in this order.

    Those that this recording cannot carry (`coaching.quality.limits`) have no value, no components and no evidence, so
    that nothing adds them up or plays them; only their reason. Nor does the number of questions carry their kinds where
    those are withheld. Measures of `before` of which nothing differs that they are made of are kept, the very objects.
    """
    measuring, withheld = _Measuring(transcript, quality), limits(quality, transcript)
    kept = _untouched(before, measuring, withheld) if before else {}

    def made(name: str) -> Measure:
        m = _MEASURES[name](measuring)
        if name in withheld:
            return undefined(name, m.unit, withheld[name])
        return without_kinds(m) if name == "questions" and "open_share" in withheld else m

    return tuple(kept.get(name) or made(name) for name in _MEASURES)


def _untouched(before: Measured, measuring: _Measuring, withheld: Mapping[str, str]) -> Mapping[str, Measure]:
    """The measures of `before` that would come out the same, by name."""
    changed = differing(before.transcript, measuring.transcript)
    if prior(before.quality, before.transcript.duration) != measuring.known:
        changed |= {Input.ERROR}
    was_withheld = limits(before.quality, before.transcript)

    def same_limits(name: str) -> bool:
        decisive = (name, "open_share") if name == "questions" else (name,)
        return all(was_withheld.get(n) == withheld.get(n) for n in decisive)

    return {
        m.name: m
        for m in before.measures
        if m.name in MADE_OF and not MADE_OF[m.name] & changed and same_limits(m.name)
    }
