"""`secondlook serve --with-worker`: the server and a worker, looked after by one process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from fleet import Fleet, cut_lesson, fleet
from web import Web, served

from coaching.recordings import Stage, StageState
from pipelines.beside import STOP_S


@pytest.fixture
def both() -> Iterator[tuple[Fleet, Web]]:
    """On a data folder of their own, once the worker has said that it is at work."""
    with fleet("sqlite") as made, served(made.data, made.url, "--with-worker") as web:
        made.wait(lambda: '"worker started"' in web.log, "the worker")
        yield made, web


def process(web: Web, what: str) -> psutil.Process:
    found = [p for p in psutil.Process(web.process.pid).children() if what in p.cmdline()]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_stops_both_and_what_was_at_work_is_given_back_untried(both, how, tmp_path: Path):
    made, web = both
    assert "and a worker beside it" in web.said
    recording = made.bring(cut_lesson(tmp_path))
    made.wait(lambda: StageState.RUNNING in made.stages(recording).values(), "a stage at work", every=0.01)
    assert web.stop(how) == 0
    made.wait(lambda: not made.processes(), "the end of everything", seconds=STOP_S + 1)
    stages = made.stores.jobs.one(recording).run.stages
    assert [(s.stage, s.state, s.tries) for s in stages if s.state is StageState.WAITING and s.tries] == []
    assert StageState.RUNNING not in made.stages(recording).values()
    assert made.stages(recording)[Stage.MEASURES] is StageState.WAITING
    assert web.log.count('"worker stopped"') == 1


def test_a_worker_that_dies_is_started_again_and_the_log_says_so(both):
    made, web = both
    for times in (1, 2):
        process(web, "worker").kill()
        made.wait(lambda times=times: web.log.count('"worker started"') == times + 1, "another worker")
    died = '"event": "worker died; it is started again", "seconds": {}, "kind": "signal 9"'
    assert died.format(1.0) in web.log
    assert died.format(2.0) in web.log
    assert web.ask("/healthz").status == 200  # the server never noticed


def test_a_server_that_dies_takes_the_worker_with_it(both):
    made, web = both
    process(web, "ui").kill()
    assert web.process.wait() == 1
    made.wait(lambda: not made.processes(), "the end of everything")


def test_both_end_where_whoever_looks_after_them_is_killed(both):
    made, web = both
    web.stop(signal.SIGKILL)
    made.wait(lambda: not made.processes(), "the end of everything")
    assert web.log.count('"worker stopped"') == 1


def test_a_server_that_cannot_start_starts_no_worker(both):
    made, web = both
    port = web.url.rpartition(":")[2]
    said = made.not_served("--with-worker", "--port", port)
    assert said.startswith(f"secondlook: The server cannot listen on 127.0.0.1, port {port}: ")
    assert "worker" not in said
