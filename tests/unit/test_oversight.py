"""What administrators are told of the work on lessons."""

from __future__ import annotations

import pytest

from coaching.oversight import Kind, Signs, how_long, kind_of, without_names
from coaching.recordings import Queue, RunState, Stage

BOTH = frozenset(Queue)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 s"), (12.4, "12 s"), (89, "89 s"), (100, "2 min"), (5000, "83 min"), (7200, "2 h"), (200_000, "2 days")],
)
def test_how_long_is_said_as_people_say_it(seconds, said):
    assert how_long(seconds) == said


def test_no_file_is_named_and_the_sentence_begins_as_sentences_do():
    reason = "1.mp4 was joined to Macbeth 1.mp4, and 1.mp4 cannot be read."
    said = "The recording was joined to the recording, and the recording cannot be read."
    assert without_names(reason, ["1.mp4", "", "Macbeth 1.mp4"]) == said
    assert without_names(None, ["a"]) is None
    assert without_names("", []) == ""


def test_a_stage_in_the_hands_of_a_silent_or_forgotten_worker_is_stuck():
    held = Signs(RunState.RUNNING, False, next=Stage.SOUND, worker="w")
    assert kind_of(held, {"w": 1.0}, frozenset()) is Kind.AT_WORK
    assert kind_of(held, {"w": 61.0}, BOTH) is Kind.STUCK
    assert kind_of(held, {}, BOTH) is Kind.STUCK


def test_the_next_stage_says_which_workers_are_waited_for():
    waits = Signs(RunState.RUNNING, False, next=Stage.SPEAKERS)
    assert kind_of(waits, {}, {Queue.GPU}) is Kind.WAITING
    assert kind_of(waits, {}, {Queue.CPU}) is Kind.STUCK
    assert kind_of(Signs(RunState.RUNNING, False), {}, frozenset()) is Kind.WAITING, "it is about to end"
