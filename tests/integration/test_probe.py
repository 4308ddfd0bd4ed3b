"""A file that breaks, holds up or fills whatever looks into it does so to a process of its own, and is told of."""

from __future__ import annotations

import faulthandler
import os
import signal
import time

import pytest

from pipelines import media
from pipelines.commands import probe


def looked(monkeypatch, tmp_path, breaks) -> dict[str, object]:
    """What is said of a film where looking into it does this."""
    monkeypatch.setattr(media, "probe", lambda _file: breaks())
    return probe.look(tmp_path / "film.mp4")


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGXCPU])
def test_what_breaks_it_is_a_sentence(monkeypatch, tmp_path, how):
    found = looked(monkeypatch, tmp_path, lambda: (faulthandler.disable(), os.kill(os.getpid(), how)))  # pytest's
    assert found == {"error": "film.mp4 broke the program that looked into it; export it again as MP4, and bring that."}


def test_what_never_ends_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(probe, "LONGEST_S", 1)
    found = looked(monkeypatch, tmp_path, lambda: time.sleep(3600))
    assert "took too long to look into" in str(found["error"])


def test_what_wants_all_the_memory_does_not_get_it(monkeypatch, tmp_path):
    found = looked(monkeypatch, tmp_path, lambda: bytearray(2 * probe.MOST_MEMORY))
    assert "broke the program" in str(found["error"])


def test_a_machine_that_stops_says_nothing_of_the_file(monkeypatch, tmp_path):
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # as the command has it
    try:
        with pytest.raises(KeyboardInterrupt):
            looked(monkeypatch, tmp_path, lambda: os.kill(os.getpid(), signal.SIGTERM))
    finally:
        signal.signal(signal.SIGTERM, before)
