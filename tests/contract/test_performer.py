"""What a worker does of a stage around the work itself: it gives back, and it clears away. On both databases."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path

import pytest

from coaching.recordings import LISTENING, Stage, StageState
from pipelines.work import perform
from pipelines.work.hand import Hands, Stopped
from pipelines.work.perform import Performer

SILENT = (sys.executable, "-c", "import sys; sys.stdin.read()")
"""A hand that never says anything, until its input ends."""


def bring(there, data: Path) -> str:
    """A recording whose file lies in the data folder."""
    recording = there.bring()
    file = data / "recordings" / "fractions" / "original" / "1.mp4"
    file.parent.mkdir(parents=True)
    file.touch()
    (data / "recordings" / recording).mkdir()
    return recording


def test_a_stage_that_a_stop_found_at_work_is_given_back_untried(there, tmp_path):
    run, attempt = there.begin(bring(there, tmp_path))
    ended: list[str] = []
    for _ in range(5):
        performer = Performer(there.jobs, tmp_path, "worker-1", 1, lambda *_: ended.append("ended"), Hands(SILENT))
        stopped: list[bool] = []

        def work(performer: Performer = performer, stopped: list[bool] = stopped) -> None:
            with pytest.raises(Stopped):
                performer.perform(run, attempt, Stage.SOUND)
            stopped.append(True)

        thread = threading.Thread(target=work)
        thread.start()
        while there.jobs.stage(run, attempt, Stage.SOUND) is not StageState.RUNNING:
            time.sleep(0.01)
        performer.stop()
        performer.idle(60)
        thread.join(60)
        assert stopped
        status = there.jobs.one(run).run.stage(Stage.SOUND)
        assert (status.state, status.tries) == (StageState.WAITING, 0)
    assert not ended
    assert not [p for p in tmp_path.rglob("*") if p.name.startswith(".sound")]


def test_a_stage_that_hangs_is_ended_and_given_up_after_three_tries(there, tmp_path, monkeypatch):
    monkeypatch.setattr(perform, "SILENT_S", 0.5)
    monkeypatch.setattr(perform, "AGAIN_S", 0.0)
    run, attempt = there.begin(bring(there, tmp_path))
    ended: list[str] = []
    performer = Performer(there.jobs, tmp_path, "worker-1", 1, lambda *how: ended.append(how[2]), Hands(SILENT))
    try:
        assert performer.perform(run, attempt, Stage.SOUND) == "failed"
        assert not any(hand.alive for free in performer.hands._free.values() for hand in free)
    finally:
        performer.stop()
    assert ended == ["Silent"] * 3
    status = there.jobs.one(run).run.stage(Stage.SOUND)
    assert (status.state, status.tries, status.reason) == (StageState.FAILED, 3, perform.SILENT)


def test_what_killed_workers_left_is_deleted_and_what_is_shown_or_at_work_is_not(there, tmp_path):
    recording, run = there.ready()
    shown = [s.artefact for s in there.jobs.one(run).run.stages if s.artefact]
    there.lessons.reprocess(there.owner, recording)
    second, attempt = there.begin(recording)
    claim = there.take(second, attempt, LISTENING[0])
    runs = tmp_path / "recordings" / recording / "runs"
    at_work = runs / second / f".{claim.stage}-{claim.token}"
    left = [runs / run / ".web-dead", runs / run / "web-dead", runs / second / ".sound-dead"]
    for folder in (*(tmp_path / artefact for artefact in shown), at_work, *left):
        folder.mkdir(parents=True)
    Performer(there.jobs, tmp_path, "worker-1", 1, lambda *_: None).tidy()
    assert not [folder for folder in left if folder.exists()]
    assert at_work.is_dir()
    assert all((tmp_path / artefact).is_dir() for artefact in shown)


def test_a_data_folder_that_is_away_costs_no_try_and_a_file_that_is_gone_is_said(there, tmp_path, monkeypatch):
    monkeypatch.setattr(perform, "AWAY_S", 0.0)
    monkeypatch.setattr(perform, "AGAIN_S", 0.05)
    recording = bring(there, tmp_path / "shared")
    run, attempt = there.begin(recording)
    performer = Performer(there.jobs, tmp_path / "here", "worker-1", 1, lambda *_: None, Hands(SILENT))
    assert "SECONDLOOK_DATA_DIR" in (performer.is_elsewhere() or "")
    results: list[str] = []
    thread = threading.Thread(target=lambda: results.append(performer.perform(run, attempt, Stage.SOUND)))
    thread.start()
    try:
        for _ in range(20):  # in which it looks again and again
            time.sleep(0.02)
            assert there.jobs.one(run).run.stage(Stage.SOUND).tries <= 1
        assert not results
        (tmp_path / "here" / "recordings" / recording).mkdir(parents=True)  # mounted again, but without the file
        thread.join(60)
    finally:
        performer.stop()
    assert results == ["failed"]
    assert performer.is_elsewhere() is None
    status = there.jobs.one(run).run.stage(Stage.SOUND)
    assert (status.state, status.tries, status.reason) == (StageState.FAILED, 1, perform.GONE)
