"""Candidate moments of uptake, restating and follow-up."""

from __future__ import annotations

from math import log

import pytest
from drawn import lesson

from coaching.metrics.questions import find_questions
from coaching.metrics.uptake import (
    WEIGHTS,
    content_words,
    follow_up,
    restates,
    restating,
    takes_up,
    uptake,
    uptake_features,
    uptake_strength,
)
from coaching.quality import NO_TEACHER, NO_WORDS

WORDS = {
    "a": "I think the heavy stone sinks because of its weight.",  # heavy stone sink weight
    "b": "So the stone sinks. Why does its weight make a difference?",  # takes up three words; asks why
    "c": "The stone sinks.",  # all of it was said: restated, and taken up
    "d": "Thank you. Look at page nine.",
    "e": "It floats.",  # under five words
}


def test_content_words_leave_function_words_out_and_make_plurals_one() -> None:
    assert content_words("I think the heavy stones sink, okay?") == {"heavy", "stone", "sink"}


def test_taking_up_needs_two_shared_words_or_the_only_one() -> None:
    assert takes_up(WORDS["a"], WORDS["b"])
    assert not takes_up(WORDS["a"], "Which stone is that?"), "one word of four"
    assert takes_up("it is the volcano I think so", "A volcano, yes.")
    assert not takes_up("I think so too", "I think so too"), "nothing but small change"


def test_restating_is_containment_in_the_student_s_words() -> None:
    assert restates(WORDS["a"], WORDS["c"])
    assert restates(WORDS["a"], "Okay. The heavy stone sinks."), "small change before it is passed over"
    assert not restates(WORDS["a"], "The heavy stone sinks deep."), "4 of 5 words"
    assert not restates(WORDS["a"], "The stone sinks?"), "handed back as a question"
    assert restates("No.", "No. Why?"), "just that, and the first sentence alone"
    assert not restates("No, I think it sinks.", "No. Good."), "small change restates nothing more"


TALK = lesson(
    """
    T |   bb    cc     dd   cc |
    S1|aaa   aaa   aaa   ee    |
    """,
    WORDS,
)
#  exchanges: a-b taken up and followed up, a-c taken up and restated, a-d neither, e-c too short for uptake


def test_uptake_counts_student_turns_of_five_words_and_keeps_both_people_s_words() -> None:
    measure = uptake(TALK)
    assert measure.components == {"student_turns": 3, "taken_up": 2}
    assert measure.value == pytest.approx(200 / 3)
    assert measure.evidence[0].text == f"Student: {WORDS['a']}\nYou: {WORDS['b']}"
    assert (measure.evidence[0].span.start, measure.evidence[0].span.end) == (0, 5)


def test_restating_and_follow_up() -> None:
    restated = restating(TALK)
    assert (restated.value, restated.components) == (1, {"restated": 1, "exchanges": 4})
    followed = follow_up(TALK, find_questions(TALK))
    assert (followed.value, followed.components) == (50, {"taken_up": 2, "followed_up": 1})
    assert followed.evidence[0].text.endswith(WORDS["b"])


def test_a_student_who_is_not_followed_by_the_teacher_is_not_taken_up() -> None:
    between = lesson("T |         cc|\nS1|aaa        |\nS2|    ee     |", WORDS)
    assert uptake(between).components == {"student_turns": 1, "taken_up": 0}


def test_noise_without_words_breaks_no_exchange() -> None:
    # S2's cough lies between what S1 said and the teacher's answer to it; T's "mm" between two utterances of S1
    coughed = lesson("T |      cc |\nS1|aaa      |\nS2|    -    |", WORDS)
    assert uptake(coughed).components == {"student_turns": 1, "taken_up": 1}
    hummed = lesson("T |    -    bb|\nS1|aaa   ee   |", WORDS)
    assert uptake(hummed).components == {"student_turns": 1, "taken_up": 1}


def test_restating_looks_at_the_utterance_before_it_alone() -> None:
    # "The stone sinks." was said by S1 two utterances before; the last one with words was "It floats."
    assert restating(lesson("T |         cc|\nS1|aaa  ee    |", WORDS)).value == 0
    assert restating(lesson("T |         cc|\nS1|ee  aaa    |", WORDS)).value == 1
    assert restating(lesson("T |         cc|\nS1|ee aaa -   |", WORDS)).value == 1, "what had no words was not restated"


def test_when_uptake_is_undefined() -> None:
    assert {m(lesson("S1|aa|", WORDS)).reason for m in (uptake, restating)} == {NO_TEACHER}
    assert {m(lesson("T |--|")).reason for m in (uptake, restating)} == {NO_WORDS}
    alone = lesson("T |dd|", WORDS)
    assert uptake(alone).reason == "No student turn of five recognized words or more was heard."
    assert restating(alone).value == 0
    assert follow_up(alone, ()).reason == "No moment was found in which you took up a student’s words."


def test_the_strength_is_made_of_the_features() -> None:
    # shared: the stone sink; of the student's matter (heavy stone sink weight) two of four; three words; nothing asked
    features = uptake_features("The heavy stone sinks by weight", "The stone sinks.")
    assert features == pytest.approx((log(4), log(3), log(4), log(4) ** 2, log(4) * 2 / 4, 0, 0))
    strength = uptake_strength("The heavy stone sinks by weight", "The stone sinks.")
    assert strength == pytest.approx(sum(w * f for w, f in zip(WEIGHTS, features, strict=True)))
    asked = uptake_features("The heavy stone sinks by weight", "why does the stone sink")
    assert asked[-2:] == (1, 1), "a question without its mark, holding what was shared"


def test_there_is_no_strength_of_nothing_said_or_without_rules() -> None:
    assert uptake_strength("", "The stone sinks.") is None
    assert uptake_strength("It sinks.", "…") is None
    assert uptake_strength("La pierre coule.", "La pierre coule.", "fr") is None


def test_the_strongest_moment_comes_first() -> None:
    weak_first = lesson("T |   cc     bb|\nS1|aaa    aaa  |", WORDS)
    found = uptake(weak_first).evidence
    assert [m.text.splitlines()[1] for m in found] == [f"You: {WORDS['b']}", f"You: {WORDS['c']}"]
    assert found[0].value > found[1].value
    assert found[0].span.start > found[1].span.start
