"""ffmpeg as a child: which one, started so that it cannot outlive us, and read through a pipe."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType

from coaching.errors import MissingEngine
from pipelines.media.probe import CONTAINERS, MAX_SIDE, PROTOCOLS, url

OLDEST = 5
"""The oldest major version of ffmpeg that is used (2022): older ones lack the mixing that several tracks need."""

CPU_S = 3600
"""Seconds of computing after which ffmpeg stops: decoding twelve hours of sound takes a few minutes."""

LOG = 64 * 1024
"""Bytes of ffmpeg's complaints that are kept: enough to count damage, whatever a hostile file makes it print."""

CHUNK = 64 * 1024
"""Bytes read at once: two seconds of sound."""

TICK_S = 0.2
"""How often the caller gets a turn, even when nothing comes, seconds: the wait before a cancel is obeyed."""

STALL_S = 120
"""Without any sound for this long, ffmpeg is taken to hang, seconds; a slow network disk needs less."""


@lru_cache(maxsize=1)
def ffmpeg_path() -> str:
    """The system's ffmpeg where it is new enough, else the one that came with the package `imageio-ffmpeg`.

    Raises MissingEngine where there is neither.
    """
    found = shutil.which("ffmpeg")
    if found and _major(found) >= OLDEST:
        return found
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise MissingEngine("ffmpeg is missing; run scripts/setup, or install ffmpeg.") from None


def _major(path: str) -> int:
    """An ffmpeg's major version; 0 where it does not start or does not say."""
    try:
        said = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=10, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    version = re.match(r"ffmpeg version [nv]?(\d+)\.", said)
    return int(version[1]) if version else 0


def reading(path: Path, *options: str) -> list[str]:
    """How a command begins: ffmpeg reading one file that may be hostile, on one thread; `options` are the input's."""
    return [*starting(CPU_S), *source(path, *options)]


def starting(cpu_s: int) -> list[str]:
    """ffmpeg, quiet, which stops after `cpu_s` seconds of computing."""
    return [ffmpeg_path(), "-nostdin", "-hide_banner", "-loglevel", "error", "-timelimit", str(cpu_s)]


def source(path: Path, *options: str, threads: int = 1) -> list[str]:
    """An input that may be hostile: only this file, only a known container, no picture beyond `MAX_SIDE`."""
    limits = ["-protocol_whitelist", PROTOCOLS, "-format_whitelist", CONTAINERS, "-max_pixels", str(MAX_SIDE**2)]
    return [*limits, "-threads", str(threads), *options, "-i", url(path)]


class Child:
    """ffmpeg writing to its standard output, as a context manager: on leaving it is dead, however that happens.

    It dies with us without `preexec_fn` (unsafe beside threads): its output is a pipe that only we read, so when we
    are gone, killed even, its next write fails and it ends; a limit on its CPU time ends it if it never writes. It has
    its own session, so a Ctrl-C in the terminal reaches us alone, and we end it; but where we lead a session ourselves
    it stays in that, so that whoever ends our whole group ends it too. `stall_s` is the silence after which it is
    taken to hang, seconds. Raises MissingEngine where it cannot be started.
    """

    def __init__(self, command: Sequence[str], stall_s: float | None = None) -> None:
        self._stall_s = STALL_S if stall_s is None else stall_s
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=os.getsid(0) != os.getpid(),
            )
        except OSError as problem:
            raise MissingEngine(f"ffmpeg cannot be started ({problem.strerror}); run scripts/setup.") from None
        self.log = ""
        self.failed = False
        """Whether ffmpeg gave up or had to be stopped, known once `chunks` has ended."""

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe:
                pipe.close()

    def chunks(self) -> Iterator[bytes]:
        """What it writes, piece by piece, and `b""` every `TICK_S` in between; ends when it ends or hangs."""
        out, err = self._process.stdout, self._process.stderr
        assert out is not None  # noqa: S101 - both are pipes, see above
        assert err is not None  # noqa: S101
        log = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(out, selectors.EVENT_READ)
            selector.register(err, selectors.EVENT_READ)
            waited = 0.0
            while selector.get_map() and waited < self._stall_s:
                began = time.monotonic()
                ready = {key.fileobj for key, _ in selector.select(TICK_S)}
                waited += time.monotonic() - began  # only our own waiting counts, not what the caller does
                if err in ready:
                    said = err.read(CHUNK)
                    log += said[: LOG - len(log)]
                    if not said:
                        selector.unregister(err)
                if out in ready:
                    data = out.read(CHUNK)
                    if data:
                        waited = 0.0
                        yield data
                    else:
                        selector.unregister(out)
                else:
                    yield b""
        self.log = log.decode("utf-8", "replace")
        if waited >= self._stall_s:
            self._process.kill()
        self.failed = self._process.wait() != 0
