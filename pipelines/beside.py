"""The web server and a worker beside it, looked after: both end together, and a worker that dies is started again."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from coaching import log as log_of
from coaching.beside import OPTION

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""How often it is looked whether both live, seconds."""

STOP_S = 4.0
"""How long both may take to stop once they are told to, seconds: then they are killed, before five are over."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
"""How long after a worker's death the next is started, seconds: doubled each time, and the first again after one that
lived for longer than the longest."""


class Beside:
    """Two commands of ours, each with a standard input that ends with this process (`coaching/beside.py`)."""

    def __init__(self, server: Sequence[str], worker: Sequence[str]) -> None:
        self._commands = {"server": [*server, OPTION], "worker": [*worker, OPTION]}
        self._server: subprocess.Popen[str] | None = None
        self._worker: subprocess.Popen[str] | None = None
        self._up = threading.Event()
        self._told = False  # no Event, on which the handler of a signal could wait for its own thread

    def run(self) -> int:
        """Until the server ends, or told to stop; the server's exit code, or 0 where it was told to."""
        log_of.to_json()
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(name) is not signal.SIG_IGN:
                signal.signal(name, lambda *_: setattr(self, "_told", True))
        self._server = self._start("server", stdout=subprocess.PIPE)
        threading.Thread(target=self._pass_on, daemon=True).start()
        try:
            self._look_after(self._server)
        finally:
            self._stop()
        code = self._server.returncode
        return 0 if self._told else code if code > 0 else 1

    def _look_after(self, server: subprocess.Popen[str]) -> None:
        pause, began, again_at = FIRST_PAUSE_S, 0.0, 0.0
        while server.poll() is None and not self._told:
            time.sleep(LOOK_S)
            now = time.monotonic()
            if self._worker is None:
                if self._up.is_set() and now >= again_at:
                    self._worker, began = self._start("worker"), now
            elif (code := self._worker.poll()) is not None:
                pause = FIRST_PAUSE_S if now - began > LONGEST_PAUSE_S else pause
                log.error("worker died; it is started again", extra={"seconds": pause, "kind": _how(code)})
                self._worker, again_at = None, now + pause
                pause = min(LONGEST_PAUSE_S, 2 * pause)

    def _start(self, which: str, stdout: int | None = None) -> subprocess.Popen[str]:
        # In a session of its own: a Ctrl-C of the terminal comes here alone, and is passed on.
        return subprocess.Popen(
            self._commands[which], stdin=subprocess.PIPE, stdout=stdout, text=True, start_new_session=True
        )

    def _pass_on(self) -> None:
        """What the server says. Its first words are that it listens: before that, no worker is needed."""
        assert self._server is not None  # noqa: S101
        assert self._server.stdout is not None  # noqa: S101
        for line in self._server.stdout:
            self._up.set()
            print(line, end="", flush=True)

    def _stop(self) -> None:
        both = [process for process in (self._server, self._worker) if process is not None]
        for process in both:
            process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in both:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            process.kill()
            process.wait()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
