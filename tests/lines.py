"""A line to a server that is slow, drops connections, or is away: a TCP proxy that a test holds in its hand."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 16 * 1024
CRAWL_S = 0.3
"""Between pieces, on a line that crawls."""


class Line:
    """To the server on `port`. Once `up` has reached `crawls_from`, hardly anything goes up any more."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.crawls_from: int | None = None
        self.away = False
        self.up = 0
        """Bytes that went to the server."""
        self.breaks: list[int] = []
        """After how many more bytes each next break comes, connection by connection; every other time it is the answer
        that is lost."""
        self.broken = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._loop, self._over = asyncio.new_event_loop(), asyncio.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        # What lies in the system's own buffers has not gone over the line.
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def cut(self) -> None:
        """Every connection breaks off."""
        self._loop.call_soon_threadsafe(self._abort)

    def run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._carry, sock=self._listening)
        await self._over.wait()
        server.close()
        self._abort()
        while self._open:
            await asyncio.sleep(0.05)

    def _abort(self, *writers: asyncio.StreamWriter) -> None:
        for writer in writers or tuple(self._open):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.transport.abort()
            return
        try:
            there, to = await asyncio.open_connection("127.0.0.1", self._port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, to}
        self._open |= ends
        ways = [self._loop.create_task(way) for way in (self._go_up(reader, to), self._go_down(there, writer))]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        self._abort(*ends)
        await asyncio.gather(*ways, return_exceptions=True)
        self._open -= ends

    async def _go_up(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(PIECE):
                self.up += len(data)
                if self._breaks(len(data)) and self.broken % 2:
                    return
                to.write(data)
                await to.drain()
                if self.crawls_from is not None and self.up >= self.crawls_from:
                    await asyncio.sleep(CRAWL_S)

    async def _go_down(self, reader: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(PIECE):
                if self._lost:
                    self._lost = False
                    return
                to.write(data)
                await to.drain()

    _lost = False

    def _breaks(self, more: int) -> bool:
        """Whether the line breaks with these bytes; every other time, with the next answer."""
        if not self.breaks or self._lost:
            return False
        self.breaks[0] -= more
        if self.breaks[0] > 0:
            return False
        self.breaks.pop(0)
        self.broken += 1
        self._lost = self.broken % 2 == 0
        return True


@contextmanager
def line(port: int) -> Iterator[Line]:
    made = Line(port)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.stop()
        thread.join()
