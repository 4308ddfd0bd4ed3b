"""What may be shown of the teacher's questions: what the recording does not carry as a number, no list brings back."""

from __future__ import annotations

from coaching.lesson import Lesson
from coaching.metrics.questions import Question, find_questions
from coaching.quality import limits


def listed_questions(lesson: Lesson) -> tuple[Question, ...]:
    """The teacher's questions in order; none where the lesson's words cannot carry even their number."""
    return () if "questions" in limits(lesson.quality, lesson.transcript) else find_questions(lesson.transcript)


def kinds_are_known(lesson: Lesson) -> bool:
    """Whether the kinds of questions may be shown: not where the share of open ones is withheld for its words."""
    return "open_share" not in limits(lesson.quality, lesson.transcript)
