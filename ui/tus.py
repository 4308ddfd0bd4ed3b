"""tus 1.0.0, the protocol of resumable uploads (https://tus.io/protocols/resumable-upload): creation, checksum,
expiration, termination.

Whose a file is, is known before a byte of the body is read. Of one file, one request writes at a time: a newer one
stops the one before it, which may be a phone's that lost its network; in another process, the file's lock says when
that has ended. Nothing here waits for the disk in the event loop.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from functools import partial, wraps

import anyio
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.announced import new_part
from coaching.errors import BadInput
from coaching.recordings import new_id
from coaching.uploads import CHUNK, CLOSED, NotNow, TooLarge, UploadFile, Uploads, UploadState
from ui.answers import Endpoint, refused
from ui.receiving import receive, tail_of
from ui.shelf import Shelf
from ui.uploader import Uploader

VERSION = "1.0.0"
ALGORITHMS = ("sha256", "sha1")
FILES = "/upload/files"

ELSEWHERE = "This file goes on over another connection."
STOPS = "The server is about to start anew. What came is safe; go on in a moment."


class Turns:
    """Who writes to which file in this process: whoever came last."""

    def __init__(self) -> None:
        self._now: dict[str, anyio.CancelScope] = {}
        self._closed = False

    def close(self) -> None:
        """Nobody writes any more: the server stops."""
        self._closed = True
        for file in list(self._now):
            self.stop(file)

    def stop(self, file: str) -> None:
        """Whoever writes to it gives the file's lock back soon."""
        if before := self._now.get(file):
            before.cancel()

    @contextmanager
    def take(self, file: str) -> Iterator[None]:
        """Write to it until somebody else does. Raises HTTPException then."""
        with anyio.CancelScope() as mine:
            self.stop(file)
            self._now[file] = mine
            if self._closed:
                mine.cancel()
            try:
                yield
            finally:
                if self._now.get(file) is mine:
                    del self._now[file]
        if mine.cancelled_caught:
            raise HTTPException(503, STOPS) if self._closed else HTTPException(409, ELSEWHERE)


def routes(uploads: Uploads, shelf: Shelf, turns: Turns, largest: int) -> list[BaseRoute]:
    async def options(_request: Request) -> Response:
        facts = {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,checksum,expiration,termination",
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
            "Tus-Max-Size": str(largest),
        }
        return Response(status_code=204, headers=facts)

    async def create(request: Request) -> Response:
        who = Uploader.of(request)
        id, part = new_part(_metadata(request), request.headers.get("upload-length", ""), new_id())
        if part.size > largest:
            raise TooLarge
        upload = await who.one(uploads, id)

        def begin() -> tuple[UploadFile, str | None]:
            shelf.begin(upload.id, part.id)  # first: a part that has begun has a file
            try:
                begun, before = uploads.begin_part(who.id, upload.id, part)
            except BaseException:
                shelf.drop(upload.id, part.id)
                raise
            if begun.id != part.id:
                shelf.drop(upload.id, part.id)
                shelf.begin(upload.id, begun.id)  # in case its file was lost
            return begun, before

        begun, before = await run_sync(begin)
        if before is not None:
            turns.stop(before)
            await run_sync(shelf.drop, upload.id, before)
        ends = await run_sync(uploads.renew, upload.id)
        return Response(status_code=201, headers={"Location": f"{FILES}/{begun.id}"} | _expires(ends))

    async def head(request: Request) -> Response:
        """Where to go on. Whoever was still writing has stopped then, so that it stays true."""
        upload, part = await Uploader.of(request).of_file(uploads, request.path_params["file"])
        come = part.size
        if upload.state is UploadState.OPEN:
            stop = partial(turns.stop, part.id)
            async with tail_of(shelf.file(upload.id, part.id), stop=stop) as tail:
                come = tail.size
        elif upload.state is UploadState.REFUSED:
            raise HTTPException(410, CLOSED)
        lengths = {"Upload-Offset": str(come), "Upload-Length": str(part.size)}
        return Response(headers=lengths | _expires(upload.ends) | {"Cache-Control": "no-store"})

    async def patch(request: Request) -> Response:
        upload, part = await Uploader.of(request).of_file(uploads, request.path_params["file"])
        if request.headers.get("content-type") != "application/offset+octet-stream":
            raise HTTPException(415, "A part of a file is sent as application/offset+octet-stream.")
        offset, check = _number(request, "upload-offset"), _checksum(request)
        most = min(CHUNK, max(0, part.size - offset))
        if "content-length" in request.headers and _number(request, "content-length") > most:
            raise TooLarge("This is more than what is still to come of this file, or than one request may bring.")
        if upload.state is not UploadState.OPEN:
            raise NotNow(CLOSED)
        with turns.take(part.id):
            async with tail_of(shelf.file(upload.id, part.id), check and check[0]) as tail:
                if tail.size != offset:
                    raise NotNow(f"{tail.size} bytes of this file are here. Go on from there.")
                come = await receive(request, tail, offset, most, part.size, check and check[1])
        ends = await run_sync(uploads.renew, upload.id)
        return Response(status_code=204, headers={"Upload-Offset": str(come)} | _expires(ends))

    async def terminate(request: Request) -> Response:
        who = Uploader.of(request)
        upload, part = await who.of_file(uploads, request.path_params["file"])
        await run_sync(uploads.drop_part, who.id, part.id)
        turns.stop(part.id)
        await run_sync(shelf.drop, upload.id, part.id)
        return Response(status_code=204)

    one = f"{FILES}/{{file}}"
    return [
        Route(FILES, _tus(create), methods=["POST"]),
        Route(one, _tus(head), methods=["HEAD"]),
        Route(one, _tus(patch), methods=["PATCH"]),
        Route(one, _tus(terminate), methods=["DELETE"]),
        *(Route(path, _tus(options, asks=False), methods=["OPTIONS"]) for path in (FILES, one)),
    ]


def _tus(endpoint: Endpoint, *, asks: bool = True) -> Endpoint:
    """Speak this version, also where something is refused; with `asks`, to nobody who speaks another."""

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            if asks and request.headers.get("tus-resumable") != VERSION:
                raise HTTPException(412, f"This server speaks tus {VERSION}.", {"Tus-Version": VERSION})
            response = await endpoint(request)
        except Exception as error:
            response = refused(error)
        response.headers["Tus-Resumable"] = VERSION
        return response

    return answer


def _metadata(request: Request) -> dict[str, str]:
    """Upload-Metadata: pairs of a key and a text in Base64. Raises BadInput."""
    pairs = [pair.split(" ") for pair in request.headers.get("upload-metadata", "").split(",")]
    try:
        return {key: base64.b64decode(text, validate=True).decode() for key, text in (p for p in pairs if len(p) == 2)}
    except (binascii.Error, ValueError):
        raise BadInput("What was said of this file cannot be read.") from None


def _checksum(request: Request) -> tuple[str, bytes] | None:
    """Upload-Checksum: the algorithm and what it gives. Raises BadInput."""
    said = request.headers.get("upload-checksum")
    if said is None:
        return None
    algorithm, _, digest = said.partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadInput(f"This server checks by {' or '.join(ALGORITHMS)}.")
    try:
        return algorithm, base64.b64decode(digest, validate=True)
    except binascii.Error:
        raise BadInput("This is no checksum in Base64.") from None


def _number(request: Request, header: str) -> int:
    said = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,18}", said):
        raise BadInput(f"The header {header} must be a number.")
    return int(said)


def _expires(ends: float) -> dict[str, str]:
    return {"Upload-Expires": formatdate(ends, usegmt=True)}
