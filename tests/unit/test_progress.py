"""Stages into one percentage, and the time that is left."""

from __future__ import annotations

import pytest

from pipelines.progress import Tracker


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_stages_add_up_by_their_weight():
    steps, clock = [], Clock()
    tracker = Tracker({"a": 1, "b": 3}, steps.append, clock)
    a = tracker.stage("a")
    clock.now = 10
    a(0.5)
    clock.now = 20
    b = tracker.stage("b")
    b(1 / 3)
    tracker.finish()
    # a is a quarter of the work: 0, 12.5 %; then b: 25 %, and 25 + 75/3 = 50 %
    assert [(s.stage, s.percent) for s in steps] == [("a", 0), ("a", 12.5), ("b", 25), ("b", 50), ("done", 100)]
    # after 10 s an eighth is done: 70 s are left; after 20 s half of it: 20 s
    assert [s.seconds_left for s in steps] == [None, 70, 60, 20, 0]
    assert tracker.seconds == {"a": 20, "b": 0}


def test_small_steps_are_not_told():
    steps = []
    progress = Tracker({"a": 1}, steps.append, Clock()).stage("a")
    for i in range(1001):
        progress(i / 1000)
    assert len(steps) == pytest.approx(200, rel=0.05)


def test_a_stage_that_overshoots_does_not():
    steps = []
    Tracker({"a": 1, "b": 1}, steps.append, Clock()).stage("a")(7)
    assert steps[-1].percent == 50
