"""`secondlook probe`: whether files are recordings that can be used, in a process of its own for each, with limits."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from coaching.errors import BadRecording, SecondLookError, one_line

LONGEST_S = 60
"""How long one file may be looked into, seconds: reading its headers alone has a limit of 30."""

MOST_MEMORY = 4 * 1024**3
"""Bytes of address space; libav and its threads take well under one gigabyte for a file that means no harm."""

ENDED = frozenset((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
"""Signals of somebody who stops the machine: they say nothing of the file."""


def add(commands: Any) -> None:
    p = commands.add_parser(
        "probe",
        help="whether files are recordings that can be used",
        description="Look into the headers of recordings, each in a process of its own with limits on time and memory. "
        "Prints one JSON object a line: file, duration_s, video (its codec, or null), sound (how many tracks); or file "
        "and error, one sentence.",
    )
    p.add_argument("files", nargs="+", type=Path, metavar="FILE")
    p.set_defaults(run=run, json=True)


def run(arguments: argparse.Namespace, _console: object) -> int:
    bad = False
    for file in arguments.files:
        found = look(file)
        bad |= "error" in found
        print(json.dumps({"file": str(file)} | found), flush=True)
    return BadRecording.exit_code if bad else 0


def look(file: Path) -> dict[str, Any]:
    """What the file holds, or why it cannot be used. Raises KeyboardInterrupt where somebody stopped the process."""
    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_look, args=(file, writing), daemon=True)
    process.start()
    writing.close()
    try:
        if reading.poll(LONGEST_S):
            return dict(reading.recv())
        problem = "took too long to look into"
    except EOFError:
        process.join(1)
        if -(process.exitcode or 0) in ENDED:
            raise KeyboardInterrupt from None
        problem = "broke the program that looked into it"
    finally:
        process.kill()
        process.join()
        reading.close()
    return {"error": f"{one_line(file.name)} {problem}; export it again as MP4, and bring that."}


def _look(file: Path, telling: Connection) -> None:
    """In the other process. Its limits hold for libav too, whatever a file makes it do."""
    os.setsid()
    for stop in ENDED:
        signal.signal(stop, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    limits = {resource.RLIMIT_CPU: LONGEST_S, resource.RLIMIT_AS: MOST_MEMORY, resource.RLIMIT_CORE: 0}
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(kind, (most, most))
    try:
        from pipelines import media

        info = media.probe(file)
        telling.send(
            {"duration_s": info.duration_s, "video": info.video, "sound": sum(t.readable for t in info.audio_tracks)}
        )
    except SecondLookError as error:
        telling.send({"error": str(error)})
