"""What a teacher guessed before they looked: theirs alone, the first one, for good."""

from __future__ import annotations

import pytest

from coaching.access import Grant, NotThere
from coaching.errors import BadInput


def test_the_first_guess_stays_and_survives_another_run(there):
    recording, _ = there.ready()
    there.lessons.guess(there.owner, recording, "teacher_talk", 50.0)
    there.lessons.guess(there.owner, recording, "teacher_talk", 60.0)
    there.lessons.guess(there.owner, recording, "wait_time_1", None)
    there.lessons.reprocess(there.owner, recording)
    run = there.listen(recording)
    there.lessons.show(there.owner, run)
    assert there.lessons.guesses(there.owner, recording) == {"teacher_talk": 50.0, "wait_time_1": None}
    assert there.lessons.guesses(there.owner, there.ready("another")[0]) == {}


def test_a_guess_is_nobody_elses(there):
    recording, _ = there.ready()
    there.lessons.grant(there.owner, recording, "coach@school.org", list(Grant))
    there.lessons.guess(there.owner, recording, "teacher_talk", 50.0)
    for ask in (there.lessons.guesses, lambda *who: there.lessons.guess(*who, "teacher_talk", 1.0)):
        with pytest.raises(NotThere):
            ask(there.cast["coach"], recording)


@pytest.mark.parametrize(
    ("measure", "value"),
    [("turns", 1.0), ("", None), ("teacher_talk", -1.0), ("teacher_talk", 101.0), ("wait_time_1", float("nan"))],
)
def test_what_cannot_be_guessed_is_refused(there, measure, value):
    recording, _ = there.ready()
    with pytest.raises(BadInput):
        there.lessons.guess(there.owner, recording, measure, value)
    assert there.lessons.guesses(there.owner, recording) == {}


def test_a_deleted_lesson_takes_the_guesses_along(there):
    recording, _ = there.ready()
    there.lessons.guess(there.owner, recording, "teacher_talk", 50.0)
    there.lessons.delete(there.owner, recording, 0, 0)
    with pytest.raises(NotThere):
        there.lessons.guesses(there.owner, recording)
