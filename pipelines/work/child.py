"""A worker's hand: a process that does one stage, or makes one handout, after the other, and keeps its engines warm
(`pipelines/work/hand.py`).

Tasks come as JSON lines on standard input, what becomes of them goes out as JSON lines on standard output. It leads a
session of its own, so ffmpeg and whatever else it starts can be ended with it in one go; and when the worker is gone,
killed even, its input ends, and it ends itself and all of them.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from coaching.errors import MissingEngine, OutOfSpace, SecondLookError

LACKING = (
    "The engine for this cannot run on the machine that tried: it lacks a GPU, a model or a library. Whoever runs the "
    "server finds which with `secondlook engines` there, and in the worker's log."
)

TELL_S = 0.2
"""How often progress is told, seconds: more would only fill the pipe."""


def main() -> None:
    telling = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    # What libraries print is nobody's business: it may hold what was said, and the pipe is for our own lines.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    if not os.environ.get("SECONDLOOK_DEBUG"):
        os.dup2(nowhere, 2)
    tasks: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    for name in ("SIGINT", "SIGTERM"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)  # the worker decides when it ends
    engines = _Engines()
    while True:
        _say(telling, _done(tasks.get(), engines, telling))


def _listen(tasks: queue.SimpleQueue[dict[str, Any]]) -> None:
    for line in sys.stdin:
        tasks.put(json.loads(line))
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _done(order: dict[str, Any], engines: _Engines, telling: TextIO) -> dict[str, Any]:
    """Do a task; what to tell of its end."""
    try:
        os.nice(max(0, order["nice"] - os.nice(0)))
        if "make" in order:
            _make(order, _progress(telling))
        else:
            _do_stage(order, engines, _progress(telling))
    except Exception as error:
        told = _told(error)
        # Where on a server the data folder lies is nobody's business who reads why a lesson waits.
        for place in (Path(order["folder"]).parent, Path(order["data"])):
            told["reason"] = told["reason"].replace(str(place), "the data folder")
        return told
    return {"done": True}


def _do_stage(order: dict[str, Any], engines: _Engines, progress: Callable[[float], None]) -> None:
    from coaching.recordings import Stage
    from pipelines.work.stages import STAGES, Task

    task = Task(
        stage=Stage(order["stage"]),
        folder=Path(order["folder"]),
        files=tuple(Path(f) for f in order["files"]),
        names=tuple(order["names"]),
        options=order["options"],
        artefacts={Stage(s): Path(f) for s, f in order["artefacts"].items()},
        failed={Stage(s): reason for s, reason in order["failed"].items()},
        threads=order["threads"],
    )
    engines.threads = task.threads
    STAGES[task.stage](task, engines, progress)


def _make(order: dict[str, Any], progress: Callable[[float], None]) -> None:
    from coaching.handouts import Made
    from pipelines.handouts.make import MAKE, Wanted

    folder = Path(order["folder"])
    wanted = Wanted(
        folder=folder,
        out=folder / order["out"],
        web=Path(order["web"]) if order["web"] else None,
        audio=Path(order["audio"]) if order["audio"] else None,
        order=order["order"],
        found=order["found"],
        threads=order["threads"],
    )
    MAKE[Made(order["make"])](wanted, progress)


def _told(error: Exception) -> dict[str, Any]:
    """An error as the sentence that people read; `again` where trying again may help.

    `broken` where this process may be: what CUDA calls an error stays one until its process ends. `detail` is for the
    log alone: what an engine lacks here is the operator's business, and names folders.
    """
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        error = OutOfSpace()
    if isinstance(error, MissingEngine):
        return {"error": type(error).__name__, "reason": LACKING, "again": False, "detail": str(error)}
    if isinstance(error, SecondLookError):
        return {"error": type(error).__name__, "reason": str(error), "again": False}
    if os.environ.get("SECONDLOOK_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return {
        "error": type(error).__name__,
        "reason": f"Second Look made a mistake of its own ({type(error).__name__}). Try again, or report it.",
        "again": True,
        "broken": True,
    }


class _Engines:
    """Engines by choice, made when first asked for and kept. `threads` is this hand's part of the processors."""

    threads = 1

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __call__(self, choice: str) -> Any:
        if choice not in self._made:
            from coaching.settings import load_settings
            from pipelines.adapters import choose

            settings = load_settings().model_copy(update={"threads": self.threads})
            self._made[choice] = choose(choice, settings)
        return self._made[choice]


def _progress(telling: TextIO) -> Callable[[float], None]:
    last = 0.0

    def tell(share: float) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_S:
            last = time.monotonic()
            _say(telling, {"share": round(share, 4)})

    return tell


def _say(telling: TextIO, message: dict[str, Any]) -> None:
    telling.write(json.dumps(message) + "\n")


if __name__ == "__main__":
    main()
