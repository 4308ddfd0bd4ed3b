"""The durable queue by itself, in a process of its own: DBOS is one a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

BEGIN = """
import json, os, threading, time
from pathlib import Path
import models
from coaching.recordings import Priority, Queue
from coaching.settings import load_settings
from models.upgrade import upgrade
from pipelines.engine import Engine
from pipelines.work.perform import Performer

settings = load_settings()
upgrade(settings.database)
jobs = models.open(settings).jobs
worker = "00ff" * 4
performer = Performer(jobs, settings.data_dir, worker, 1, lambda *_: None)
engine = Engine(jobs, performer, models.queue_url(settings), worker, [Queue.CPU], 1)
engine.launch()

def soon(until):
    deadline = time.monotonic() + 120
    while not until() and time.monotonic() < deadline:
        time.sleep(0.1)

def end(**said):
    print(json.dumps(said), flush=True)
    os._exit(0)
"""

HISTORY = """
from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from dbos import DBOS

stores = models.open(settings)
owner = stores.people.add("ann@hill.example", Membership.TEACHER, "Hill").id
file = SourceFile("lesson.mp4", "recordings/00/lesson.mp4", 1, "00" * 32)
added, _ = stores.lessons.add(NewRecording("00" * 16, owner, "lesson", (file,)))
known, unknown = stores.lessons.recording(owner, added).run.id, "ab" * 12
jobs.cancel(known)  # so that it is over at once, as one that nobody knows is
for run in (known, known, unknown):
    engine.put(run, 1, Priority.SOON)
soon(lambda: not engine.known(known, 1) and not engine.known(unknown, 1))

def left():
    return sorted({known: "known", unknown: "unknown"}[w.workflow_id[:-2]] for w in DBOS.list_workflows())

end(
    ended=left(),
    deleted=engine.forget_deleted(),
    young=engine.forget(),
    then=left(),
    old=engine.forget(days=0),
    at_last=left(),
    listening=engine.listening,
)
"""

LOST = """
from pipelines import engine as module
module.UNHEARD_S = 0.5
begun, go_on, back, put_back = [], threading.Event(), [], module.durable.put_back
module.durable.put_back = lambda workflow, name: back.append(workflow) or put_back(workflow, name)

def begin(run, attempt):
    begun.append(run)
    go_on.wait(300 if run == "cd" * 12 else 0)

engine.begin = begin
engine.put("ab" * 12, 1, Priority.SOON)
engine.put("cd" * 12, 1, Priority.SOON)
soon(lambda: len(begun) == 2 and not engine.known("ab" * 12, 1))

import sqlite3
with sqlite3.connect(settings.data_dir / "jobs.sqlite") as queue:  # taken out, and no word of it ever came back
    queue.execute("UPDATE workflow_status SET status = 'PENDING', output = NULL WHERE status = 'SUCCESS'")
queue.close()
held = engine.held()[worker]
engine.put_back(held)
at_once = list(back)

def reap():
    engine.put_back(engine.held().get(worker, set()))
    return back and not engine.known("ab" * 12, 1)

soon(reap)
for _ in range(10):  # and what is at work is left alone all the while
    reap()
    time.sleep(0.1)
done, at_work = not engine.known("ab" * 12, 1), engine.known("cd" * 12, 1)
go_on.set()
soon(lambda: not engine.known("cd" * 12, 1))
end(held=sorted(held), at_once=at_once, back=sorted(set(back)), done=done, at_work=at_work, begun=sorted(begun))
"""


def said(script: str, folder: Path) -> dict[str, Any]:
    """What the script, run as a worker on a data folder of its own, tells at its end."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "SECONDLOOK_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", BEGIN + script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_history_goes_when_it_is_old_or_its_run_is_gone_and_twice_put_is_once(tmp_path):
    assert said(HISTORY, tmp_path) == {
        "ended": ["known", "unknown"],
        "deleted": 1,
        "young": 0,
        "then": ["known"],
        "old": 1,
        "at_last": [],
        "listening": ["lessons", "bulk", "cpu", "pictures"],
    }


def test_what_an_outage_left_in_a_living_workers_name_is_done_again_and_what_it_is_at_is_not(tmp_path):
    lost, at_work = "ab" * 12, "cd" * 12
    assert said(LOST, tmp_path) == {
        "held": [f"{lost}-1", f"{at_work}-1"],
        "at_once": [],
        "back": [f"{lost}-1"],
        "done": True,
        "at_work": True,
        "begun": [lost, at_work],
    }
