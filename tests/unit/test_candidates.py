"""Moments worth talking about: one or more of each kind drawn by hand, put right, withheld, and still to be guessed."""

from __future__ import annotations

from dataclasses import replace

import drawn
import pytest
from lessons import CLEAR, lesson, long_lesson
from stores import school

from coaching.access import Grant
from coaching.candidates import MOST, Kind, candidates
from coaching.corrections import Correction
from coaching.corrections import Kind as Right
from coaching.lesson import Lesson
from coaching.metrics import measure_lesson
from coaching.quality import TOO_UNSURE, AudioQuality, limits
from coaching.services.moments import offered
from coaching.services.review import look
from models.upgrade import upgrade

COACH = "coach@school.org"


def of(drawing: str, words: dict[str, str] | None = None, step: float = 1.0, quality: AudioQuality = CLEAR) -> Lesson:
    transcript = drawn.lesson(drawing, words, step)
    return replace(lesson(), transcript=transcript, quality=quality, measures=measure_lesson(transcript, quality))


def told(found: Lesson, kind: Kind) -> list[tuple[float, float, str]]:
    return [(c.span.start, c.span.end, c.why) for c in candidates(found) if c.kind is kind]


def test_a_wait_of_three_seconds_is_offered_with_its_question_and_a_shorter_one_is_not():
    words = {"a": "What do you notice?", "b": "How do you know?", "c": "They are the same.", "d": "Because."}
    found = of(
        """
        T | aaa         bbb       |
        S1|        ccc     dd     |
        """,
        words,
    )
    assert told(found, Kind.LONG_WAIT) == [(4, 8, "4.0 s of waiting after “What do you notice?”.")]


def test_an_open_question_is_offered_with_the_seconds_of_its_answer_and_a_closed_one_is_not():
    words = {
        "a": "What do you notice?",
        "b": "Is it wider?",
        "c": "How do you know?",
        "d": "It is wider here.",
        "e": "Yes.",
    }
    found = of(
        """
        T |aaa     bbb      cc                      |
        S1|    ddd     ee                           |
        """,
        words,
    )
    assert told(found, Kind.OPEN_QUESTION) == [
        (0, 3, "“What do you notice?” asks for ideas or reasons; the answer went on for 3.0 s."),
        (17, 19, "“How do you know?” asks for ideas or reasons."),
    ]


def test_taking_up_is_offered_with_both_peoples_words_and_how_many_came_back():
    words = {
        "a": "I think the heavy stone sinks because of its weight.",
        "b": "So the stone sinks. Why does its weight make a difference?",
        "c": "Open the book.",
    }
    found = of(
        """
        S1|aaaa      aaaa      |
        T |     bbbb      ccc  |
        """,
        words,
    )
    why = (
        "3 words of a student’s “I think the heavy stone sinks because of its weight.” came back in “So the stone "
        "sinks. Why does its weight make a difference?”."
    )
    assert told(found, Kind.UPTAKE) == [(0, 9, why)]


def test_teacher_talk_of_two_minutes_is_offered_and_shorter_talk_is_not():
    found = of(
        """
        T |aaaaaaaaaaaa aaaaaaaaaaaaa    aaaaaaaaaaaaaaaaaaaaaa |
        S1|                          aaa                        |
        """,
        step=5.0,
    )
    why = "2:10 minutes of teacher talk in a row, with no more than a word from anybody else."
    assert told(found, Kind.LONG_TALK) == [(0, 130, why)]


IN_TURN = """
    T |aa          aa|
    S1|  aa  aa      |
    S2|    aa        |
    S3|        aa    |
"""
TWO = """
    T |aa          aa|
    S1|  aa  aa      |
    S2|    aa  aa    |
"""
BETWEEN = """
    T |aa  aa      aa|
    S1|  aa          |
    S2|      aa      |
    S3|        aa    |
"""
THROUGHOUT = """
    T |aaaaaaaaaaaaaa|
    S1|  aa          |
    S2|     aa       |
    S3|        aa    |
"""
UNKNOWN = """
    T |aa          aa|
    S1|  aa          |
    S2|    aa        |
    U1|        aa    |
"""
QUIET = """
    T |aa               |
    S1|  aa             |
    S2|    aa           |
    S3|              aa |
"""


@pytest.mark.parametrize("drawing", [TWO, BETWEEN, THROUGHOUT, UNKNOWN, QUIET])
def test_two_voices_or_the_teacher_between_or_quiet_work_are_not_many_voices(drawing):
    assert told(of(drawing), Kind.MANY_VOICES) == []


def test_three_students_in_turn_are_many_voices():
    why = "3 students’ voices in 4 turns, 8 seconds without the teacher between."
    assert told(of(IN_TURN), Kind.MANY_VOICES) == [(2, 10, why)]


def test_a_word_of_under_a_second_is_no_turn_and_ends_none():
    """One character is six tenths of a second."""
    one_is_short = """
    T |aaa         aaa|
    S1|   aaa         |
    S2|      aaa      |
    S3|         a     |
    """
    teacher_says_mhm = """
    T |aaa      a      aaa|
    S1|   aaa             |
    S2|      aaa          |
    S3|          aaa      |
    """
    assert told(of(one_is_short, step=0.6), Kind.MANY_VOICES) == []
    (found,) = told(of(teacher_says_mhm, step=0.6), Kind.MANY_VOICES)
    assert found[2] == "3 students’ voices in 3 turns, 6 seconds without the teacher between."


def test_of_each_kind_the_strongest_are_offered_in_order_of_time():
    found = long_lesson(60)
    kept = candidates(found)
    assert list(kept) == sorted(kept, key=lambda c: c.span)
    waits = [c.span.duration for c in kept if c.kind is Kind.LONG_WAIT]
    every = sorted(m.span.duration for m in found.measure("wait_time_1_long").evidence)
    assert len(every) > MOST
    assert sorted(waits) == every[-MOST:]
    strongest = {m.span for m in found.measure("uptake").evidence[:MOST]}
    assert {c.span for c in kept if c.kind is Kind.UPTAKE} == strongest
    assert all(sum(c.kind is kind for c in kept) <= MOST for kind in Kind)
    assert all(c.why.endswith(".") and len(c.why) < 300 for c in kept)


def test_what_a_recording_cannot_carry_is_not_offered():
    words = {"a": "What do you notice?", "b": "They have the same number."}
    drawing = "T |aaa       |\nS1|       bbb|"
    found = of(drawing, words, quality=replace(CLEAR, unsure=0.9))
    assert limits(found.quality, found.transcript)["open_share"] == TOO_UNSURE
    assert {c.kind for c in candidates(found)} == {Kind.LONG_WAIT}
    far = of(drawing, words, quality=replace(CLEAR, student_db=-60.0))
    assert {c.kind for c in candidates(far)} == {Kind.OPEN_QUESTION}, "the teacher is heard all the same"
    assert candidates(replace(found, measures=())) == ()


def test_a_lesson_in_the_store_offers_what_was_put_right_and_nothing_that_is_to_be_guessed(tmp_path):
    url = f"sqlite:///{tmp_path / 'secondlook.sqlite'}"
    upgrade(url)
    cast = school(url)
    recording, _ = cast.ready(found=long_lesson(30))
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.MEASURES])

    def kinds(who: str) -> set[Kind]:
        return {c.kind for c in offered(cast.lessons, who, look(cast.lessons, who, recording)).moments}

    guessed = {Kind.LONG_WAIT, Kind.OPEN_QUESTION}
    everything = kinds(cast.cast["coach"])
    assert everything >= guessed | {Kind.UPTAKE}
    assert kinds(cast.owner) == everything - guessed
    assert offered(cast.lessons, cast.owner, look(cast.lessons, cast.owner, recording)).to_guess
    cast.lessons.guess(cast.owner, recording, "wait_time_1", 2.0)
    assert kinds(cast.owner) == everything - {Kind.OPEN_QUESTION}
    cast.lessons.guess(cast.owner, recording, "open_share", None)
    cast.lessons.guess(cast.owner, recording, "teacher_talk", None)
    seen = offered(cast.lessons, cast.owner, look(cast.lessons, cast.owner, recording))
    assert (seen.to_guess, {c.kind for c in seen.moments}) == (False, everything)

    first = next(c for c in seen.moments if c.kind is Kind.OPEN_QUESTION)
    cast.lessons.correct(cast.owner, recording, Correction(Right.QUESTION, (first.span,), text="yes/no"))
    again = offered(cast.lessons, cast.owner, look(cast.lessons, cast.owner, recording)).moments
    assert first.span not in {c.span for c in again if c.kind is Kind.OPEN_QUESTION}
    cast.lessons.grant(cast.owner, recording, "colleague@school.org", [])
    colleague = cast.cast["colleague"]
    assert offered(cast.lessons, colleague, look(cast.lessons, colleague, recording)) is None
