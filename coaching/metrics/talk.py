"""Who had the air: talk shares, several voices at once, silence, and the ribbon that shows them over time.

All from speech activity, never from words. A student is anybody with the role of student: two at once count once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coaching.metrics.measure import Measure, Moment, undefined
from coaching.metrics.prior import Prior
from coaching.quality import why_no_teacher
from coaching.spans import Span, cover, gaps, overlap, subtract, total
from coaching.transcript import Role, Transcript

QUIET_WORK_S = 8.0
"""A silence this long or longer is quiet work, not a pause (docs/measures.md)."""

SHOWN = 5
"""How many of the longest stretches are kept as evidence: a list one can listen through."""


@dataclass(frozen=True, slots=True)
class RibbonBar:
    """One bar of the talk ribbon: seconds of `span` by who had the air. The five add up to the length of `span`.

    `teacher`, `student`: one such voice alone; `several`: two or more at once, whoever they are; `unknown`: one voice
    alone whose role is not known (0 once a person has said who is who); `silence`: nobody.
    """

    span: Span
    teacher: float
    student: float
    several: float
    silence: float
    unknown: float = 0.0


def heard(transcript: Transcript, role: Role | None = None) -> list[Span]:
    """Speech activity (of `role`) inside the recording: disjoint spans in order."""
    return [part for span in transcript.speech(role) if (part := span & transcript.whole)]


def teacher_talk(transcript: Transcript, prior: Prior | None = None) -> Measure:
    """The teacher's part of all talk, in percent: 100 S_T / (S_T + S_S).

    S_T, S_S are the seconds in which the teacher, a student speaks; overlap counts for both. Voices of unknown role
    count for neither; the range is as wide as if all of them were the teacher's or all the students'. Components:
    `teacher_s`, `student_s`, `unknown_s`. Undefined: no known teacher.
    """
    return _share("teacher_talk", Role.TEACHER, transcript, prior)


def student_talk(transcript: Transcript, prior: Prior | None = None) -> Measure:
    """The students' part of all talk, in percent: what teacher talk leaves to 100. Otherwise as `teacher_talk`."""
    return _share("student_talk", Role.STUDENT, transcript, prior)


def _share(name: str, role: Role, transcript: Transcript, prior: Prior | None) -> Measure:
    teacher, student, unknown = (total(heard(transcript, r)) for r in (Role.TEACHER, Role.STUDENT, Role.UNKNOWN))
    components = {"teacher_s": teacher, "student_s": student, "unknown_s": unknown}
    if reason := why_no_teacher(transcript):
        return undefined(name, "%", reason, components)
    if teacher + student <= 0:
        return undefined(name, "%", "Nobody was heard speaking.", components)
    of_teacher = 100 * teacher / (teacher + student)
    value = of_teacher if role is Role.TEACHER else 100 - of_teacher
    mine = teacher if role is Role.TEACHER else student
    everybody = teacher + student + unknown
    low, high = 100 * mine / everybody, 100 * (mine + unknown) / everybody
    interval = prior.around(min(low, value), max(high, value), prior.talk_points) if prior else None
    return Measure(name, value, "%", interval, components)


def several_voices(transcript: Transcript, prior: Prior | None = None) -> Measure:
    """Seconds in which two or more speak at once, of any role.

    Components: `several_s`, `speech_s` (the union of all speech). Evidence: the longest such stretches. Always defined:
    nobody speaking at once is 0 s.
    """
    spoken = (part for u in transcript.utterances if (part := u.span & transcript.whole))
    found = overlap(spoken)
    longest = sorted(found, key=lambda s: s.duration, reverse=True)[:SHOWN]
    value, speech = total(found), total(heard(transcript))
    return Measure(
        "several_voices",
        value,
        "s",
        prior.around(value, value, prior.several_percent / 100 * speech, most=transcript.duration) if prior else None,
        {"several_s": value, "speech_s": speech},
        evidence=tuple(Moment(s, value=s.duration) for s in sorted(longest)),
    )


def silence(transcript: Transcript, prior: Prior | None = None) -> Measure:
    """The part of the lesson in which nobody speaks, in percent of its length D: 100 (D - union of speech) / D.

    Components: `duration_s`, `silence_s`, of which `quiet_work_s` in stretches of 8 s or more (`quiet_work` of them)
    and `pauses_s` in shorter ones. Evidence: the stretches of quiet work. Undefined: a lesson of no length.
    """
    if transcript.duration <= 0:
        return undefined("silence", "%", "The recording has no length.")
    quiet = gaps(heard(transcript), transcript.whole)
    work = [s for s in quiet if s.duration >= QUIET_WORK_S]
    value = 100 * total(quiet) / transcript.duration
    return Measure(
        "silence",
        value,
        "%",
        prior.around(value, value, prior.silence_points) if prior else None,
        {
            "duration_s": transcript.duration,
            "silence_s": total(quiet),
            "quiet_work_s": total(work),
            "pauses_s": total(quiet) - total(work),
            "quiet_work": len(work),
        },
        tuple(Moment(s, value=s.duration) for s in work),
    )


def talk_ribbon(transcript: Transcript, step: float = 10.0) -> tuple[RibbonBar, ...]:
    """For each `step` seconds who had the air; the last bar may be shorter. See `RibbonBar`.

    Raises ValueError where `step` is not above 0.
    """
    if step <= 0:
        raise ValueError(f"a bar must have a length: {step}")
    several = overlap(part for u in transcript.utterances if (part := u.span & transcript.whole))
    count = _bars(transcript.duration, step)
    alone = {role: _binned(subtract(heard(transcript, role), several), step, count) for role in Role}
    together = _binned(several, step, count)
    bars: list[RibbonBar] = []
    for i in range(count):
        span = Span(i * step, min((i + 1) * step, transcript.duration))
        teacher, student, unknown = (alone[r][i] for r in (Role.TEACHER, Role.STUDENT, Role.UNKNOWN))
        quiet = max(0.0, span.duration - teacher - student - unknown - together[i])
        bars.append(RibbonBar(span, teacher, student, together[i], quiet, unknown))
    return tuple(bars)


def _bars(duration: float, step: float) -> int:
    whole = int(duration / step)
    return whole + (whole * step < duration)


def _binned(spans: Iterable[Span], step: float, count: int) -> list[float]:
    """Seconds of `spans` in each bar of `step` seconds."""
    bins = [0.0] * count
    for span in cover(spans):
        for i in range(int(span.start / step), min(count, int(span.end / step) + 1)):
            if part := span & Span(i * step, (i + 1) * step):
                bins[i] += part.duration
    return bins
