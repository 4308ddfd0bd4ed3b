"""Covering faces in a clip: the page on which its owner puts right what a machine found, and what its script asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.covering import Covering, Faces
from coaching.faces import AROUND, BEFORE_S, faces_to_json, marked_from_json, marked_to_json
from ui.answers import in_json, said_in_json
from ui.calibrate import POLICY
from ui.media import KEPT, etag, unchanged
from ui.pages import page

PAGE = "/faces"
PRIVATE = {"Cache-Control": "private, no-store"}


def routes(faces: Faces, data: Path) -> list[BaseRoute]:
    def show(_request: Request) -> Response:
        shown = page("faces.html")
        shown.headers["Content-Security-Policy"] = POLICY
        return shown

    async def state(request: Request) -> Response:
        found = await run_sync(faces.faces, *_who(request))
        return JSONResponse(_told(found, whole="short" not in request.query_params), headers=PRIVATE)

    async def cover(request: Request) -> Response:
        await run_sync(faces.cover, *_who(request))
        return Response(status_code=204)

    async def mark(request: Request) -> Response:
        marked = marked_from_json(await said_in_json(request))
        await run_sync(faces.mark, *_who(request), marked)
        return Response(status_code=204)

    async def uncover(request: Request) -> Response:
        await run_sync(faces.uncover, *_who(request))
        return Response(status_code=204)

    async def film(request: Request) -> Response:
        found = (await run_sync(faces.faces, *_who(request))).film
        if found.path is None or not (data / found.path).is_file():
            raise NotThere
        tag = etag(found.path.encode())  # it is in the folder of the claim that made it, and never written again
        headers = {"ETag": tag, "Cache-Control": KEPT}
        return unchanged(request, tag) or FileResponse(data / found.path, media_type="video/mp4", headers=headers)

    of = "/clips/{clip}"
    return [
        Route(PAGE, show),
        Route(f"{of}/faces.json", in_json(state)),
        Route(f"{of}/faces", in_json(cover), methods=["POST"]),
        Route(f"{of}/faces", in_json(mark), methods=["PUT"]),
        Route(f"{of}/faces", in_json(uncover), methods=["DELETE"]),
        Route(f"{of}/covered.mp4", in_json(film)),
    ]


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["clip"]


def _told(one: Covering, whole: bool) -> dict[str, Any]:
    """How it stands; `whole`, with all that was found and put right. Another film has another address."""
    film, looking = one.film, one.looking
    told = {
        "asked": one.asked,
        "looking": {"state": looking.state, "share": round(looking.share, 2), "reason": looking.reason},
        "film": {
            "id": film.id,
            "state": film.state,
            "share": round(film.share, 2),
            "reason": film.reason,
            "href": f"/clips/{one.clip}/covered.mp4?{film.id}" if film.path else None,
        },
        "start": one.start,
        "stop": one.stop,
    }
    if not whole:
        return told
    return told | {
        "name": one.name,
        "lesson": f"/review?recording={one.recording}",
        "video": f"/recordings/{one.recording}/web.mp4",
        "around": AROUND,
        "before": BEFORE_S,
        "found": faces_to_json(one.found),
        "marked": marked_to_json(one.marked),
    }
