"""A worker whose stages do nothing, for scripts/bench_jobs.py: `empty_stages.py worker`, whose hands are its `child`.

All of it is the product's but the stages themselves: what is left is what the queue, the database and the hands cost.
A recording's option `hold_s` keeps its first stage at work for so long.
"""

from __future__ import annotations

import argparse
import sys
import time

from coaching.exports import document
from coaching.lesson import Lesson, Recording, RoleGuess
from coaching.quality import AudioQuality
from coaching.recordings import Stage
from coaching.transcript import Transcript
from pipelines.progress import Progress
from pipelines.work import stages

EMPTY = Lesson(
    Recording("empty", 1.0), Transcript(1.0, (), ()), AudioQuality(None, None), RoleGuess(None, 0.0, "nobody talks"), ()
)


def nothing(task: stages.Task, _engines: stages.Engines, _progress: Progress) -> None:
    if task.stage is Stage.SOUND:
        time.sleep(task.options.get("hold_s", 0.0))
    if task.stage is Stage.MEASURES:
        (task.folder / stages.LESSON).write_text(document.to_json(EMPTY), encoding="utf-8")


def child() -> None:
    from pipelines.work import child

    stages.STAGES = dict.fromkeys(Stage, nothing)
    child.main()


def worker() -> None:
    from pipelines.commands.worker import run
    from pipelines.work.hand import Hands

    asked = argparse.Namespace(queues="gpu,cpu", concurrency=1, listen=("127.0.0.1", 0))
    run(asked, None, Hands([sys.executable, __file__, "child"]))


if __name__ == "__main__":
    {"worker": worker, "child": child}[sys.argv[1]]()
