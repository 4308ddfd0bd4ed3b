"""What a worker does of a handout around the work itself: none blocks the others. On both databases."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import null, update
from stores import School

from coaching.handouts import KEPT_S, UNHEARD, Handout, Made, Making, Order
from models.tables import HandoutRow, RunRow
from pipelines.work import making
from pipelines.work.hand import Hands
from pipelines.work.making import Maker
from pipelines.work.perform import Performer

SILENT = (sys.executable, "-c", "import sys; sys.stdin.read()")
"""A hand that never says anything, until its input ends."""


@contextmanager
def maker(there: School, data: Path) -> Iterator[Performer]:
    """One at work, until the block ends."""
    performer = Performer(there.jobs, data, "worker-1", 1, lambda *_: None, Hands(SILENT))
    at_work = threading.Thread(target=Maker(there.handouts, there.lessons, there.jobs, performer, data, "worker-1").run)
    at_work.start()
    try:
        yield performer
    finally:
        performer.stop()
        at_work.join(60)


def failed(there: School, recording: str, asked: Handout) -> Handout:
    deadline = time.monotonic() + 60
    while (found := there.handouts.one(there.owner, recording, asked.id)).state is not Making.FAILED:
        assert time.monotonic() < deadline, found
        time.sleep(0.02)
    return found


def test_one_of_which_nothing_stands_any_more_fails_and_is_not_begun_again(there, tmp_path):
    recording, run = there.ready()
    asked = there.handouts.ask(there.owner, recording, Order(Made.REPORT))
    with there.database.write() as session:
        session.execute(update(RunRow).where(RunRow.id == run).values(facts=null()))
    with maker(there, tmp_path):
        assert failed(there, recording, asked).reason == UNHEARD
    assert there.handouts.claim("worker-2") is None


def test_one_that_hangs_is_ended_and_the_next_has_its_turn(there, tmp_path, monkeypatch):
    monkeypatch.setattr(making, "SILENT_S", 0.5)
    lessons = [there.ready(name)[0] for name in ("first", "second")]
    asked = [there.handouts.ask(there.owner, recording, Order(Made.REPORT)) for recording in lessons]
    with maker(there, tmp_path) as performer:
        for recording, one in zip(lessons, asked, strict=True):
            assert failed(there, recording, one).reason == making.SILENT
        assert not any(hand.alive for free in performer.hands._free.values() for hand in free)
    assert not list(tmp_path.rglob("handouts/*"))


def test_one_whose_time_comes_while_it_is_made_is_stopped(there):
    recording, _ = there.ready()
    there.handouts.ask(there.owner, recording, Order(Made.REPORT))
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    there.later(HandoutRow, KEPT_S + 1, "ends")
    assert not there.handouts.report(errand, 0.5)
    assert not there.handouts.finish(errand, "recordings/x/handouts/t/a.html", 7)
