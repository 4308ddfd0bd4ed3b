"""A process that ends with the one that started it, even where that one is killed."""

from __future__ import annotations

import os
import signal
import sys
import threading

OPTION = "--until-eof"
"""With this option a process stops, as by SIGTERM, where its standard input ends: a pipe that only whoever started it
holds, so however that one dies, the pipe ends with it."""


def end_with_input() -> None:
    """From now on, stop when standard input ends."""
    threading.Thread(target=_wait, name="beside", daemon=True).start()


def _wait() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
