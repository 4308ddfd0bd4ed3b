"""How much one visitor may ask of the server: requests that change something, new websockets, and the bytes that a
request brings.

Wrong passwords have limits of their own (coaching/accounts.py), and so has what an upload brings (ui/uploads.py).
"""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.gate import SAFE, said
from ui.pages import address

LARGEST = 1_000_000
"""Bytes of a request that is no upload."""

LONGEST_HEAD = 32 * 1024
"""Bytes of a request's first lines."""

SILENT_S = 20.0
"""How long a request that is no upload may bring nothing of its body, seconds."""

UPLOADS = "/upload"
WRITES = "/signin/oidc"
"""Setting out to a provider, and coming back, are links, and yet each writes to the database."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and `a_second` from then on."""

    burst: float
    a_second: float


SIGNED_IN, AT_THE_DOOR, UPLOADING = Rate(60, 2), Rate(300, 5), Rate(1000, 50)
"""Of a session; of an address of which nobody is signed in, since a school has one for everybody; of who uploads."""

CONNECTING = Rate(600, 10)
"""New websockets of an address: each page that is open has one, and after a restart all of a school's come at once."""

MOST_KNOWN = 10_000
"""Visitors who are remembered at once; then those are forgotten who may ask as much as anybody new."""


class Buckets:
    """What each visitor may still ask: a bucket that empties by asking and fills up with time."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, Rate], tuple[float, float]] = {}

    def wait_s(self, who: str, rate: Rate, now: float) -> float:
        """0 where they may ask, which counts; else in how many seconds they may. `now` is seconds on any clock."""
        left = self._left(who, rate, now)
        if left < 1:
            return (1 - left) / rate.a_second
        if len(self._known) >= MOST_KNOWN:
            self._known = {key: kept for key, kept in self._known.items() if self._left(*key, now) < key[1].burst}
        self._known[who, rate] = (left - 1, now)
        return 0.0

    def _left(self, who: str, rate: Rate, now: float) -> float:
        left, then = self._known.get((who, rate), (rate.burst, now))
        return min(rate.burst, left + rate.a_second * (now - then))


class Limits:
    """Behind the gate, which says who it is and turns away whoever may not ask at all."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._buckets = app, Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._refusal(scope) if scope["type"] == "http" else None
        if answer is not None:
            await answer(scope, receive, send)
        elif scope["type"] == "websocket" and self._wait_s(address(HTTPConnection(scope)), CONNECTING):
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": ""})  # before 101: the answer is 403
        elif scope["type"] != "http" or _uploads(scope):
            await self._app(scope, receive, send)
        else:
            await self._app(scope, _limited(receive), send)

    def _refusal(self, scope: Scope) -> Response | None:
        if sum(len(name) + len(value) for name, value in scope["headers"]) > LONGEST_HEAD:
            return said(scope["path"], "This request's first lines are too long.", 431)
        if scope["method"] in SAFE and not scope["path"].startswith(WRITES):
            return None
        session = scope.get("state", {}).get("session")
        who = session or address(HTTPConnection(scope))
        rate = UPLOADING if _uploads(scope) else SIGNED_IN if session else AT_THE_DOOR
        if wait := self._wait_s(who, rate):
            seconds = str(math.ceil(wait))
            sentence = "This was asked too often. What you saved is safe. Wait a moment, then try again."
            answer = said(scope["path"], sentence, 429)
            answer.headers["Retry-After"] = seconds
            return answer
        length = Headers(scope=scope).get("content-length", "0")
        if not _uploads(scope) and length.isdecimal() and int(length) > LARGEST:
            return said(scope["path"], "This is too much at once.", 413)
        return None

    def _wait_s(self, who: str, rate: Rate) -> float:
        return self._buckets.wait_s(who, rate, time.monotonic())


def _uploads(scope: Scope) -> bool:
    path: str = scope["path"]
    return path == UPLOADS or path.startswith(f"{UPLOADS}/")


def _limited(receive: Receive) -> Receive:
    """A body that comes in time and is not too large, or HTTPException for whoever reads it."""
    came, whole = 0, False

    async def limited() -> Message:
        nonlocal came, whole
        try:
            async with asyncio.timeout(None if whole else SILENT_S):  # afterwards one waits for the end of the visit
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "This took too long to come. Try again.") from None
        came += len(message.get("body", b""))
        whole = whole or not message.get("more_body", False)
        if came > LARGEST:
            raise HTTPException(413, "This is too much at once.")
        return message

    return limited
