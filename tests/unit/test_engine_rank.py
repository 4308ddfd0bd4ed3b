"""Which stage comes first where several wait."""

from __future__ import annotations

from coaching.recordings import LISTENING, Priority, Stage
from pipelines.engine import rank


def test_a_lesson_that_was_begun_is_brought_to_its_end_first():
    assert rank(Stage.WORDS, Priority.SOON) < rank(Stage.SPEAKERS, Priority.SOON)
    assert rank(Stage.MEASURES, Priority.BULK) < rank(Stage.SOUND, Priority.BULK)


def test_whoever_waits_comes_before_every_stage_of_a_bulk_import():
    soon, bulk = ([rank(stage, priority) for stage in LISTENING] for priority in Priority)
    assert max(soon) < min(bulk)
    assert rank(Stage.WEB, Priority.SOON) < rank(Stage.WEB, Priority.BULK)
