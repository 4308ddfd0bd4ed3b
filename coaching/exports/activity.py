"""The stretches of a lesson as they are written and shown."""

from __future__ import annotations

from coaching.lesson import Lesson
from coaching.metrics.activity import Stretch, activity


def listed_activity(lesson: Lesson) -> tuple[Stretch, ...]:
    """The lesson in stretches of one kind of talk; none where the voices were not told apart."""
    return activity(lesson.transcript, lesson.quality) if lesson.voices_known else ()
