"""From a transcript to its measures. METRICS.md's definitions, one function each; every one is pure."""

from __future__ import annotations

from coaching.metrics.measure import Interval, Measure, Moment, undefined
from coaching.metrics.prior import prior
from coaching.metrics.questions import find_questions, open_share, questions, reason_questions
from coaching.metrics.talk import RibbonBar, several_voices, silence, student_talk, talk_ribbon, teacher_talk
from coaching.metrics.turns import longest_teacher_talk, student_response, turns
from coaching.metrics.uptake import follow_up, restating, uptake
from coaching.metrics.wait import wait_time_1, wait_time_1_long, wait_time_2, wait_time_2_long
from coaching.quality import AudioQuality, limits
from coaching.transcript import Transcript

__all__ = ["Interval", "Measure", "Moment", "RibbonBar", "find_questions", "measure_lesson", "talk_ribbon"]


def measure_lesson(transcript: Transcript, quality: AudioQuality) -> tuple[Measure, ...]:
    """Every measure of the lesson, always all of them and in this order.

    Those that this recording cannot carry (`coaching.quality.limits`) have no value, no components and no evidence, so
    that nothing adds them up or plays them; only their reason.
    """
    known, found = prior(quality), find_questions(transcript)
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
        wait_time_1(transcript, found),
        wait_time_1_long(transcript, found),
        wait_time_2(transcript),
        wait_time_2_long(transcript),
        uptake(transcript),
        restating(transcript),
        follow_up(transcript, found),
    )
    withheld = limits(quality, transcript)
    return tuple(undefined(m.name, m.unit, withheld[m.name]) if m.name in withheld else m for m in measures)
