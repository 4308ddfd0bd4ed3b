"""The body of a request into the end of a file: locked, checked, and written while more comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request

from coaching.uploads import TooLarge
from ui.shelf import Tail

IDLE_S = 60.0
"""How long a client may send nothing in the middle of a request."""

TURN_S = 5.0
"""How long whoever comes next waits until whoever writes has stopped."""

LOCK_EVERY_S = 0.05

AT_ONCE = 1024 * 1024
"""Bytes that are written in one go; of each upload, twice as many may wait in memory."""

BUSY = "This file is being written over another connection. Try again in a moment."
MISMATCH = "What came is not what was sent, and was not kept. Send it again."
SILENT = "Nothing came for a minute. What came before is safe; go on from there."


@asynccontextmanager
async def tail_of(
    file: Path, algorithm: str | None = None, stop: Callable[[], None] | None = None
) -> AsyncIterator[Tail]:
    """The end of this file, locked; with `stop`, whoever holds it is stopped."""
    tail = await run_sync(Tail, file, algorithm)
    try:
        with anyio.move_on_after(TURN_S) as turn:
            while not await run_sync(tail.lock):
                if stop:
                    stop()
                await anyio.sleep(LOCK_EVERY_S)
        if turn.cancelled_caught:
            raise HTTPException(423, BUSY)
        yield tail
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(tail.close)


class _Behind:
    """Adds what came to a file, in a thread, while more comes: a slow line's at once, a fast one's in larger pieces."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail
        self._waiting = bytearray()
        self._writing: asyncio.Future[None] | None = None
        self._error: BaseException | None = None

    async def add(self, piece: bytes) -> None:
        """Raises OSError, also for what was added before."""
        self._waiting += piece
        if self._writing is None:
            self._write()
        elif len(self._waiting) >= AT_ONCE:
            await asyncio.wait({self._writing})  # which, stopped, leaves the thread to whoever waits next
        self._look()

    async def done(self) -> None:
        """Until all of it is in the file. Raises OSError, and then nothing more is added."""
        while self._writing is not None:
            await asyncio.wait({self._writing})
        self._look()

    def _write(self) -> None:
        if self._waiting and self._error is None:
            data, self._waiting = self._waiting, bytearray()
            self._writing = asyncio.get_running_loop().run_in_executor(None, self._tail.add, data)
            self._writing.add_done_callback(self._written)

    def _written(self, writing: asyncio.Future[None]) -> None:
        self._writing, self._error = None, writing.exception()
        self._write()

    def _look(self) -> None:
        if self._error is not None:
            raise self._error


async def receive(request: Request, tail: Tail, start: int, most: int, whole: int, check: bytes | None) -> int:
    """Add the body to the file; how long that is then.

    Where the body breaks off, what came stays, unless it should have been checked. One that is too long was meant for
    another place, and nothing of it stays.
    """
    keeps, came, more, behind = check is None, 0, True, _Behind(tail)
    try:
        while more:
            with anyio.fail_after(IDLE_S):
                message = await request.receive()
            if message["type"] == "http.disconnect":
                raise HTTPException(400, "The connection broke off.")  # for the log: nobody reads it
            body, more = message.get("body", b""), message.get("more_body", False)
            came += len(body)
            if came > most:
                keeps = False
                raise TooLarge("More came than one request may bring, or than the file has.")
            await behind.add(body)
        await behind.done()
        if check is not None:
            if tail.digest != check:
                raise HTTPException(460, MISMATCH)
            keeps = True
    except TimeoutError:
        raise HTTPException(408, SILENT, {"Connection": "close"}) from None
    finally:
        with anyio.CancelScope(shield=True):
            try:
                await behind.done()
            finally:
                come = await run_sync(_settle, tail, start, whole, keeps)
    return come


def _settle(tail: Tail, start: int, whole: int, keeps: bool) -> int:
    come = tail.settle(None if keeps else start)
    if come == whole:
        try:
            tail.sync()
        except OSError:  # what the system took and then lost must not count
            tail.settle(start)
            raise
    return come
