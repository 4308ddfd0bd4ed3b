"""Runs and stages: which steps are legal, what reads what, and what whoever waits is told."""

from __future__ import annotations

import itertools

import pytest

from coaching.recordings import (
    LISTENING,
    NEEDS,
    PICTURES,
    QUEUES,
    WEIGHTS,
    Priority,
    Queue,
    Run,
    RunState,
    Stage,
    StageState,
    StageStatus,
    may_move,
    readers,
    standing,
)

W, R, D, F = StageState.WAITING, StageState.RUNNING, StageState.DONE, StageState.FAILED


def run(state: RunState, *stages: StageStatus, reason: str | None = None) -> Run:
    return Run("r", "rec", 1, state, 1, Priority.SOON, stages, reason=reason)


def test_every_stage_is_of_one_kind_and_reads_only_what_is_before_it():
    assert set(LISTENING) | set(PICTURES) == set(Stage)
    assert not set(LISTENING) & set(PICTURES)
    order = list(Stage)
    for stage, needs in NEEDS.items():
        assert all(order.index(need) < order.index(stage) for need in needs)
    assert {s for s in Stage if QUEUES[s] is Queue.GPU} == {Stage.SPEAKERS, Stage.WORDS}


def test_what_is_done_again_together():
    assert readers([Stage.POSTER]) == (Stage.POSTER,)
    assert readers([Stage.SPEAKERS]) == (Stage.SPEAKERS, Stage.WORDS, Stage.MEASURES)
    assert readers([Stage.SOUND]) == (Stage.SOUND, Stage.SPEAKERS, Stage.WORDS, Stage.MEASURES, Stage.PEAKS)
    assert readers([]) == ()


def test_the_legal_steps():
    legal = {pair for pair in itertools.product(RunState, repeat=2) if may_move(*pair)}
    assert legal == {
        (RunState.WAITING, RunState.RUNNING),
        (RunState.WAITING, RunState.CANCELLED),
        (RunState.WAITING, RunState.READY),
        (RunState.RUNNING, RunState.READY),
        (RunState.RUNNING, RunState.FAILED),
        (RunState.RUNNING, RunState.CANCELLED),
        (RunState.RUNNING, RunState.WAITING),
        (RunState.READY, RunState.WAITING),
        (RunState.FAILED, RunState.WAITING),
        (RunState.CANCELLED, RunState.WAITING),
    }


def test_percent_and_time_left():
    """Weights 1 + 70 + 26 + 1 = 98. Done: 1 + 70/2 = 36 of 98 in 36 s, so 62 s are left; pictures do not count."""
    assert sum(WEIGHTS.values()) == 98
    where = standing(
        run(
            RunState.RUNNING,
            StageStatus(Stage.SOUND, D, 1.0, 1.0),
            StageStatus(Stage.SPEAKERS, R, 0.5, 35.0),
            StageStatus(Stage.WORDS),
            StageStatus(Stage.MEASURES),
            StageStatus(Stage.WEB, R, 0.9, 400.0),
        )
    )
    assert where.stage is Stage.SPEAKERS
    assert where.percent == pytest.approx(100 * 36 / 98, abs=0.05)
    assert where.seconds_left == pytest.approx(62.0)


def test_too_early_to_say_how_long():
    where = standing(run(RunState.RUNNING, StageStatus(Stage.SOUND, R, 0.5, 3.0), StageStatus(Stage.SPEAKERS)))
    assert where.seconds_left is None


def test_ready_is_all_of_the_way_whatever_the_pictures_do():
    done = [StageStatus(s, D, 1.0, 1.0) for s in LISTENING]
    assert standing(run(RunState.READY, *done, StageStatus(Stage.WEB, R, 0.2))).percent == 100.0
    assert standing(run(RunState.READY, *done, StageStatus(Stage.WEB, R, 0.2))).stage is Stage.WEB
    finished = run(RunState.READY, *done, StageStatus(Stage.WEB, F, reason="No picture."))
    assert standing(finished).stage is None
    assert [s.stage for s in finished.missing] == [Stage.WEB]


def test_what_failed_is_named():
    failed = run(
        RunState.FAILED,
        StageStatus(Stage.SOUND, F, reason="No sound."),
        StageStatus(Stage.SPEAKERS),
        reason="No sound.",
    )
    where = standing(failed)
    assert (where.stage, where.reason, where.seconds_left) == (Stage.SOUND, "No sound.", None)


def test_a_cancelled_run_has_nothing_at_work():
    assert standing(run(RunState.CANCELLED, StageStatus(Stage.SOUND, R, 0.5))).stage is None
