"""The worker's side of its hands: child processes that do stages, are told to, listened to, and ended at once."""

from __future__ import annotations

import json
import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

CHILD = (sys.executable, "-m", "pipelines.work.child")
"""The program of a hand."""

TURN_S = 0.2
"""How often it is asked whether to go on, seconds: a cancelled lesson is quiet within a second."""


END_S = 5.0
"""How long the end of a killed process is waited for, seconds."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a task ended: `error` is None where it was done; `again` whether another try may help; `detail` is for the
    log alone."""

    error: str | None = None
    reason: str = ""
    again: bool = False
    detail: str = ""


class Stopped(Exception):
    """The task was to stop, and its process is gone."""


class Hand:
    """One child process. Not for several threads at once; `kill` may be called from any."""

    def __init__(self, program: Sequence[str] = CHILD) -> None:
        self._process = subprocess.Popen(
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
            bufsize=0,
        )

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def do(self, task: dict[str, Any], go_on: Callable[[float | None], bool]) -> Ended:
        """Do a task. `go_on` hears every share that is told, and None in between; Stopped where it says no."""
        out, into = self._process.stdout, self._process.stdin
        assert out is not None  # noqa: S101 - both are pipes, see above
        assert into is not None  # noqa: S101
        rest = b""
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            try:
                into.write(json.dumps(task).encode() + b"\n")
                while True:
                    if not selector.select(TURN_S):
                        self._ask(go_on, None)
                        continue
                    data = out.read(65536)
                    if not data:
                        return self._crashed()
                    *lines, rest = (rest + data).split(b"\n")
                    for said in map(json.loads, lines):
                        if "share" not in said:
                            if said.get("broken"):
                                self.end()
                            return Ended(**{n: said[n] for n in ("error", "reason", "again", "detail") if n in said})
                        self._ask(go_on, said["share"])
            except BrokenPipeError:
                return self._crashed()
            except BaseException:
                self.end()
                raise

    def _ask(self, go_on: Callable[[float | None], bool], share: float | None) -> None:
        if not go_on(share):
            raise Stopped

    def _crashed(self) -> Ended:
        self.end()
        code = self._process.returncode or 0
        how = f"signal {-code}" if code < 0 else f"exit code {code}"
        return Ended("Crashed", f"The program that works on this recording broke down ({how}).", again=True)

    def kill(self) -> None:
        """End it and everything that it started; its pipes stay, for whoever may be reading."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):  # stuck in the system, on a disk that does not answer: it dies later
            self._process.wait(timeout=END_S)

    def end(self) -> None:
        """Kill it and close its pipes: for whoever reads them."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()


class Hands:
    """The hands of a worker, by queue. A hand that is free is used again, with its engines warm."""

    def __init__(self, program: Sequence[str] = CHILD) -> None:
        self._program = program
        self._free: dict[str, list[Hand]] = {}
        self._busy: set[Hand] = set()
        self._lock = threading.Lock()
        self._closed = False

    @contextmanager
    def take(self, queue: str) -> Iterator[Hand]:
        """A hand for one task. Raises Stopped where the worker stops."""
        with self._lock:
            if self._closed:
                raise Stopped
            free = self._free.setdefault(queue, [])
            hand = free.pop() if free else Hand(self._program)
            self._busy.add(hand)
        try:
            yield hand
        finally:
            with self._lock:
                self._busy.discard(hand)
                kept = hand.alive and not self._closed
                if kept:
                    self._free[queue].append(hand)
            if not kept:
                hand.end()

    def close(self) -> None:
        """End all of them, now."""
        with self._lock:
            self._closed = True
            busy, free = list(self._busy), [h for free in self._free.values() for h in free]
        for hand in busy:
            hand.kill()
        for hand in free:
            hand.end()
