"""From a transcript to its measures. One function a measure, its definition in its docstring; every one is pure."""

from __future__ import annotations

from coaching.metrics.measure import Interval, Measure, Moment, undefined
from coaching.metrics.prior import prior
from coaching.metrics.questions import find_questions, open_share, questions, reason_questions, without_kinds
from coaching.metrics.talk import RibbonBar, several_voices, silence, student_talk, talk_ribbon, teacher_talk
from coaching.metrics.turns import longest_teacher_talk, student_response, turns
from coaching.metrics.uptake import follow_up, restating, uptake
from coaching.metrics.wait import (
    wait_time_1,
    wait_time_1_long,
    wait_time_2,
    wait_time_2_long,
    waits_after_questions,
    waits_after_students,
)
from coaching.quality import AudioQuality, limits
from coaching.transcript import Transcript

__all__ = ["Interval", "Measure", "Moment", "RibbonBar", "find_questions", "measure_lesson", "talk_ribbon"]


def measure_lesson(transcript: Transcript, quality: AudioQuality) -> tuple[Measure, ...]:
    """Every measure of the lesson, always all of them and in this order.

    Those that this recording cannot carry (`coaching.quality.limits`) have no value, no components and no evidence, so
    that nothing adds them up or plays them; only their reason. Nor does the number of questions carry their kinds where
    those are withheld.
    """
    known, found = prior(quality, transcript.duration), find_questions(transcript)
    after_questions, after_students = waits_after_questions(transcript, found), waits_after_students(transcript)
    measures = (
        teacher_talk(transcript, known),
        student_talk(transcript, known),
        several_voices(transcript),
        silence(transcript, known),
        turns(transcript),
        longest_teacher_talk(transcript),
        student_response(transcript, found),
        questions(transcript, found),
        open_share(transcript, found),
        reason_questions(transcript, found),
        wait_time_1(transcript, after_questions),
        wait_time_1_long(transcript, after_questions),
        wait_time_2(transcript, after_students),
        wait_time_2_long(transcript, after_students),
        uptake(transcript),
        restating(transcript),
        follow_up(transcript, found),
    )
    withheld = limits(quality, transcript)
    shown = (undefined(m.name, m.unit, withheld[m.name]) if m.name in withheld else m for m in measures)
    return tuple(without_kinds(m) if m.name == "questions" and "open_share" in withheld else m for m in shown)
