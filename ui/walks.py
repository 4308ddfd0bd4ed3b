"""Learning walks: the page for a phone in a corridor, what it asks and sends, and the photos of visits.

The page itself holds nothing of anybody, so that a phone may keep it: whose it is and whom they may visit, its script
asks (ui/web/src/walk). `/walk/` is all that its service worker reaches.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.people import Person
from coaching.walks import (
    LONGEST_EVIDENCE,
    LONGEST_PLACE,
    MOST_SEEN,
    PHOTO_BYTES,
    NewWalk,
    Room,
    Seen,
    Walks,
    folder,
)
from ui.answers import in_json, said_in_json
from ui.media import KEPT, etag, unchanged
from ui.pages import page
from ui.photo import drawn_anew
from ui.said import Said

PAGE = "/walk/"
WORKER = Path(__file__).parent / "assets" / "built" / "walk-worker.js"
POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PHOTO = "photo.jpg"
AT_ONCE = 2
"""Photos that are drawn anew while others wait."""


def routes(walks: Walks, data: Path) -> list[BaseRoute]:
    drawing = CapacityLimiter(AT_ONCE)

    def show(_request: Request) -> Response:
        shown = page("walk.html", longest_place=LONGEST_PLACE, longest_evidence=LONGEST_EVIDENCE, most_seen=MOST_SEEN)
        shown.headers["Content-Security-Policy"] = POLICY
        return shown

    def worker(_request: Request) -> Response:
        return FileResponse(WORKER, media_type="text/javascript", headers={"Cache-Control": "private, no-cache"})

    async def form(request: Request) -> Response:
        person: Person = request.state.person
        rooms = await run_sync(walks.rooms, person.id)
        said = {"viewer": person.id, "rooms": [_room(room) for room in rooms]}
        return JSONResponse(said, headers={"Cache-Control": "private, no-store"})

    async def send(request: Request) -> Response:
        viewer, walk = _who(request)
        await run_sync(walks.add, viewer, _new(walk, Said(await said_in_json(request))))
        return Response(status_code=204)

    async def send_photo(request: Request) -> Response:
        viewer, walk = _who(request)
        if await run_sync(walks.wants_photo, viewer, walk):
            theirs = b""
            async for piece in request.stream():
                theirs += piece
                if len(theirs) > PHOTO_BYTES:
                    raise HTTPException(413, "This photo is too large. The visit is there without it.")
            ours = await run_sync(partial(drawn_anew, theirs), limiter=drawing)
            await run_sync(_keep, data, walk, ours)
            await run_sync(walks.add_photo, viewer, walk, f"{folder(walk)}/{PHOTO}")
        return Response(status_code=204)

    async def photo(request: Request) -> Response:
        path = (await run_sync(walks.one, *_who(request))).photo
        if path is None or not (data / path).is_file():
            raise NotThere
        tag = etag(path.encode())  # a visit has one photo, which stays as it is
        headers = {"ETag": tag, "Cache-Control": KEPT}
        return unchanged(request, tag) or FileResponse(data / path, media_type="image/jpeg", headers=headers)

    return [
        Route(PAGE, show),
        Route(PAGE.rstrip("/"), lambda _: RedirectResponse(PAGE, 307)),
        Route("/walk/worker.js", worker),
        Route("/walk/form.json", in_json(form)),
        Route("/walk/visits/{walk}", in_json(send), methods=["PUT"]),
        Route("/walk/visits/{walk}/photo", in_json(send_photo), methods=["PUT"]),
        Route("/walks/{walk}/photo.jpg", photo),
    ]


def remove(walks: Walks, data: Path, viewer: str, walk: str) -> None:
    """A visit, and its photo."""
    walks.remove(viewer, walk)
    shutil.rmtree(data / folder(walk), ignore_errors=True)


def sweep(walks: Walks, data: Path) -> None:
    """Remove photos of visits that are not there: somebody was killed at it, or a person was erased."""
    there = [path.name for path in (data / "walks").iterdir()] if (data / "walks").is_dir() else []
    for left in set(there) - set(walks.standing(there)):
        shutil.rmtree(data / folder(left), ignore_errors=True)


def _keep(data: Path, walk: str, photo: bytes) -> None:
    place = data / folder(walk)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = place / f".{PHOTO}.part"
    part.write_bytes(photo)
    part.rename(place / PHOTO)


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["walk"]


def _new(walk: str, said: Said) -> NewWalk:
    names, evidence = said.texts("look_fors"), said.texts("evidence")
    if len(names) != len(evidence):
        raise BadInput("Each look-for needs what was seen of it.")
    seen = tuple(map(Seen, names, evidence))
    return NewWalk(walk, said.text("school"), said.text("teacher"), said.text("place"), seen, said.number("ago"))


def _room(room: Room) -> Mapping[str, Any]:
    books = [
        {
            "name": book.name,
            "labels": [[category, label.name] for category, own in book.categories.items() for label in own],
        }
        for book in room.books
    ]
    teachers = [{"id": id, "name": name} for id, name in room.teachers]
    return {"school": room.school, "called": room.called, "photos": room.photos, "teachers": teachers, "books": books}
