"""One real worker process, what it logs, and what can be made to go wrong in its hands."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Event:
    """A line of a worker's log. `worker` is which of the fleet's it was, counted from 0."""

    worker: int
    at: float
    fields: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        return self.fields.get(name)


class WorkerProcess:
    """One `secondlook worker`."""

    def __init__(self, number: int, arguments: Sequence[str], environment: dict[str, str], logs: Path) -> None:
        self.number, self._log, self._out = number, logs / f"{number}.log", logs / f"{number}.out"
        self._read, self._heard = 0, list[Event]()
        with self._log.open("wb") as log, self._out.open("wb") as out:
            command = [sys.executable, "-m", "pipelines", "worker", *arguments]
            self.process = subprocess.Popen(command, stdout=out, stderr=log, env=environment, cwd=ROOT)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def text(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def events(self) -> list[Event]:
        """Every whole line. A line that is no JSON fails here."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            new = log.read().rpartition(b"\n")[0]
        for line in new.splitlines():
            try:
                fields = json.loads(line)
            except ValueError:
                raise AssertionError(f"worker {self.number} wrote no JSON:\n{self.text[-4000:]}") from None
            self._heard.append(Event(self.number, _seconds(fields["time"]), fields))
        self._read += len(new) + bool(new)
        return self._heard

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9, of the worker alone."""
        self.process.kill()
        self.process.wait()

    def hands(self) -> list[psutil.Process]:
        """Its child processes that do stages."""
        with suppress(psutil.NoSuchProcess):
            return [p for p in psutil.Process(self.process.pid).children() if lives(p)]
        return []


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


class Faults:
    """What goes wrong in the hands of workers that were started with `environment`, while it is told to."""

    def __init__(self, folder: Path) -> None:
        self._told = folder / "faults"
        self._told.mkdir()
        code = folder / "fault"
        code.mkdir()
        (code / "sitecustomize.py").write_text(_FAULTY.format(str(self._told)), encoding="utf-8")
        self.environment = {"PYTHONPATH": str(code)}

    @contextmanager
    def breaks(self, name: str) -> Iterator[None]:
        """A file with this in its name breaks the program that touches it: SIGSEGV, as from a decoder in C."""
        with self._told_of(f"break {name}"):
            yield

    @contextmanager
    def fails(self, name: str) -> Iterator[None]:
        """A file with this in its name cannot be opened, for a reason of which the program knows nothing."""
        with self._told_of(f"fail {name}"):
            yield

    @contextmanager
    def slows(self, name: str) -> Iterator[None]:
        """A file with this in its name takes two seconds to open: time to do something to who opens it."""
        with self._told_of(f"slow {name}"):
            yield

    @contextmanager
    def _told_of(self, fault: str) -> Iterator[None]:
        (self._told / fault).touch()
        try:
            yield
        finally:
            (self._told / fault).unlink(missing_ok=True)


_FAULTY = """
import os, signal, sys, time

def hear(event, arguments):
    if event not in ("open", "subprocess.Popen"):
        return
    touched = str(arguments)
    for fault in os.listdir({0!r}):
        how, _, name = fault.partition(" ")
        if name in touched:
            if how == "slow":
                time.sleep(2)
                continue
            if how == "break":
                os.kill(os.getpid(), signal.SIGSEGV)
            raise RuntimeError(name)

if "pipelines.work.child" in sys.orig_argv:
    sys.addaudithook(hear)
"""
"""Python's own audit events tell what a hand opens and starts, before it does."""
