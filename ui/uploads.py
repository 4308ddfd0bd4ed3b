"""Bringing a lesson: what its owner says of it, what the upload page asks, and its end. Its bytes come by ui/tus.py."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.announced import hashes, new_upload
from coaching.ports import Lessons
from coaching.settings import Settings
from coaching.uploads import (
    CHUNK,
    NewUpload,
    NoRoom,
    NotNow,
    TooLarge,
    Upload,
    UploadFile,
    Uploads,
    UploadState,
    gigabytes,
)
from ui import tus
from ui.answers import in_json, said_in_json
from ui.checking import Checks
from ui.shelf import Shelf
from ui.uploader import Uploader

log = logging.getLogger(__name__)

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

SWEEP_S = 3600.0
"""How often what was left alone is removed."""


class Reception:
    """What takes lessons in: the stores, the shelf they come onto, and what checks them."""

    def __init__(self, settings: Settings, uploads: Uploads, lessons: Lessons) -> None:
        self.uploads, self.shelf = uploads, Shelf(settings.data_dir)
        self.checks, self.turns = Checks(uploads, lessons, self.shelf), tus.Turns()
        self.largest = int(settings.upload_largest_gb * 1e9)
        self._loop: asyncio.AbstractEventLoop | None = None
        quota = settings.upload_quota_gb
        self._quota = None if quota is None else int(quota * 1e9)

    def room(self, owner: str) -> int:
        """Bytes that this person may still announce."""
        free = self.shelf.free(self.uploads.standing())
        return max(0, free if self._quota is None else min(free, self._quota - self.uploads.kept(owner)))

    def begin(self, new: NewUpload, ticket: str | None) -> Upload:
        """Raises TooLarge, NoRoom, and what the store raises."""
        size = sum(new.sizes)
        if size > self.largest:
            raise TooLarge(f"This lesson has {gigabytes(size)}, and at most {gigabytes(self.largest)} can be brought.")
        with self.shelf.alone():  # of two who want the last room, one has it
            room = self.room(new.owner)
            if size > room:
                raise NoRoom(
                    f"This lesson has {gigabytes(size)}, and there is room for {gigabytes(room)}. Delete a lesson that "
                    "you need no more, or tell your administrator."
                )
            return self.uploads.begin(new, ticket)

    def sweep(self) -> None:
        """Remove uploads that were left alone, and files that belong to none; go on with what was being checked."""
        self.uploads.forget_over()
        here = self.shelf.uploads()  # before the database is asked: one that begins now is in it first
        standing = {upload.id: upload for upload in self.uploads.standing()}
        for id in here:
            if id not in standing:
                self.shelf.remove(id)
        for upload in standing.values():
            if upload.state is UploadState.CHECKING:
                self.checks.ask(upload.id)

    def close(self) -> None:
        """Bid everybody who brings something to come again later. For a signal's handler."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.turns.close)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Sweep now and every hour, as long as the server runs."""
        self._loop = asyncio.get_running_loop()

        async def sweep() -> None:
            while True:
                try:
                    await run_sync(self.sweep, abandon_on_cancel=True)
                except Exception as error:  # a disk or a database that is away: the next time
                    log.error("sweep broke", extra={"kind": type(error).__name__})
                await anyio.sleep(SWEEP_S)

        async with anyio.create_task_group() as group:
            group.start_soon(sweep)
            yield
            group.cancel_scope.cancel()


def routes(reception: Reception) -> list[BaseRoute]:
    """All but the page itself, `GET /upload`."""
    uploads, shelf, checks = reception.uploads, reception.shelf, reception.checks

    def told(upload: Upload) -> dict[str, Any]:
        files = [_part(shelf, upload, part) for part in upload.files if part.fingerprint]
        return {
            "id": upload.id,
            "name": upload.name,
            "class": upload.class_name,
            "class_id": upload.class_id,
            "taught": upload.taught,
            "state": upload.state,
            "reason": upload.reason,
            "recording": upload.recording,
            "known": upload.known,
            "ends": upload.ends,
            "look_fors": list(upload.look_fors),
            "parts": len(upload.files),
            "sizes": [part.size for part in upload.files],
            "files": files,
        }

    async def tell(upload: Upload, status: int = 200) -> Response:
        return JSONResponse(await run_sync(told, upload), status)

    async def form(request: Request) -> Response:
        who = Uploader.of(request)

        def gather() -> dict[str, Any]:
            return {
                "classes": [{"id": c.id, "name": c.name, "school": c.school} for c in uploads.classes(who.id)],
                "schools": uploads.teaches_at(who.id),
                "look_fors": uploads.look_fors(who.id),
                "largest": reception.largest,
                "room": reception.room(who.id),
                "chunk": CHUNK,
                "only_this": who.limited.upload if who.limited else None,
            }

        return JSONResponse(await run_sync(gather))

    async def mine(request: Request) -> Response:
        found = await Uploader.of(request).mine(uploads)
        return JSONResponse({"uploads": await run_sync(lambda: [told(upload) for upload in found])})

    async def begin(request: Request) -> Response:
        who = Uploader.of(request)
        new = new_upload(who.id, await said_in_json(request), datetime.now(UTC).date())
        ticket = who.limited.id if who.limited else None
        upload = await run_sync(reception.begin, new, ticket)
        return await tell(upload, 201)

    async def one(request: Request) -> Response:
        upload = await Uploader.of(request).one(uploads, request.path_params["upload"])
        if upload.state is UploadState.CHECKING:
            checks.ask(upload.id)
        return await tell(upload)

    async def remove(request: Request) -> Response:
        who = Uploader.of(request)
        upload = await who.one(uploads, request.path_params["upload"])
        await run_sync(uploads.remove, who.id, upload.id)
        await run_sync(shelf.remove, upload.id)
        return Response(status_code=204)

    async def complete(request: Request) -> Response:
        who = Uploader.of(request)
        upload = await who.one(uploads, request.path_params["upload"])
        sha256 = hashes(await said_in_json(request), len(upload.files))
        if upload.state is UploadState.OPEN:
            await run_sync(_all_here, shelf, upload)
            upload = await run_sync(uploads.check, who.id, upload.id, sha256)
        if upload.state is UploadState.CHECKING:
            checks.ask(upload.id)
        return await tell(upload, 202 if upload.state is UploadState.CHECKING else 200)

    lessons, lesson = "/upload/lessons", "/upload/lessons/{upload}"
    return [
        Route("/upload/form", in_json(form)),
        Route(lessons, in_json(mine)),
        Route(lessons, in_json(begin), methods=["POST"]),
        Route(lesson, in_json(one)),
        Route(lesson, in_json(remove), methods=["DELETE"]),
        Route(f"{lesson}/complete", in_json(complete), methods=["POST"]),
        *tus.routes(uploads, shelf, reception.turns, reception.largest),
        Route("/upload/{rest:path}", in_json(nothing), methods=METHODS),
    ]


async def nothing(_request: Request) -> Response:
    """Below /upload nothing is a page of the app, which a pass would open too."""
    raise NotThere


def _part(shelf: Shelf, upload: Upload, part: UploadFile) -> dict[str, Any]:
    come = part.size if upload.state in (UploadState.CHECKING, UploadState.ARRIVED) else 0
    if upload.state is UploadState.OPEN:
        come = shelf.come(upload.id, part.id)
    return {
        "id": part.id,
        "url": f"{tus.FILES}/{part.id}",
        "position": part.position,
        "name": part.name,
        "size": part.size,
        "offset": come,
        "fingerprint": part.fingerprint,
    }


def _all_here(shelf: Shelf, upload: Upload) -> None:
    """Raises NotNow where a part is not whole."""
    for part in upload.files:
        if not part.fingerprint or shelf.come(upload.id, part.id) != part.size:
            raise NotNow(f"Part {part.position + 1} of {len(upload.files)} is not here yet. Carry on with it.")
