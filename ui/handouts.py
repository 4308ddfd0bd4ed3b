"""Files of a lesson to keep: its texts at once, and what a worker makes because somebody asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.audit import Deed
from coaching.exports.files import TEXTS
from coaching.handouts import Captions, Handout, Handouts, Made, Making, Order
from coaching.originals import safe_name
from coaching.ports import Lessons
from coaching.services.handouts import text_file
from ui.answers import in_json, said_in_json
from ui.said import Said

KEPT = {"Cache-Control": "private, no-store"}


def routes(lessons: Lessons, handouts: Handouts, data: Path) -> list[BaseRoute]:
    async def text(request: Request) -> Response:
        viewer, recording, name = *_who(request), request.path_params["name"]
        found, called = await run_sync(text_file, lessons, viewer, recording, name)
        await run_sync(lessons.done, viewer, recording, Deed.TOOK)
        headers = {**KEPT, "Content-Disposition": attached(f"{called[:80].rstrip()} – {name}")}
        body = found.encode("utf-8", "replace")
        return Response(body, media_type=TEXTS[name].media_type, headers=headers)

    async def ask(request: Request) -> Response:
        viewer, recording = _who(request)
        made = await run_sync(handouts.ask, viewer, recording, _order(Said(await said_in_json(request))))
        return JSONResponse(_told(made, recording), 201)

    async def mine(request: Request) -> Response:
        viewer, recording = _who(request)
        found = await run_sync(handouts.mine, viewer, recording)
        return JSONResponse({"handouts": [_told(one, recording) for one in found]}, headers=KEPT)

    async def fetch(request: Request) -> Response:
        viewer, recording = _who(request)
        found = await run_sync(handouts.one, viewer, recording, request.path_params["handout"])
        if found.path is None or not (data / found.path).is_file():
            raise NotThere
        kind = "video/mp4" if found.order.kind is Made.CLIP else "text/html"
        headers = {**KEPT, "Content-Disposition": attached(found.name)}
        return FileResponse(data / found.path, media_type=kind, headers=headers)

    async def take_away(request: Request) -> Response:
        viewer, recording = _who(request)
        await run_sync(handouts.take_away, viewer, recording, request.path_params["handout"])
        return Response(status_code=204)

    of = "/recordings/{recording}"
    return [
        Route(f"{of}/exports/{{name}}", in_json(text)),
        Route(f"{of}/handouts.json", in_json(mine)),
        Route(f"{of}/handouts", in_json(ask), methods=["POST"]),
        Route(f"{of}/handouts/{{handout}}", in_json(fetch)),
        Route(f"{of}/handouts/{{handout}}", in_json(take_away), methods=["DELETE"]),
    ]


def _order(s: Said) -> Order:
    kind = s.one_of(Made, "kind")
    match kind:
        case Made.CLIP:
            how = s.maybe(partial(s.one_of, Captions), "captions") or Captions.NONE
            return Order(kind, (s.text("clip"),), how)
        case Made.PORTFOLIO:
            return Order(kind, s.texts("clips"), comments=bool(s.flag("comments")), measures=bool(s.flag("measures")))
        case _:
            return Order(kind)


def _told(one: Handout, recording: str) -> dict[str, Any]:
    ready = one.state is Making.READY
    return {
        "id": one.id,
        "kind": one.order.kind,
        "clips": list(one.order.clips),
        "captions": one.order.captions,
        "comments": one.order.comments,
        "measures": one.order.measures,
        "name": one.name,
        "state": one.state,
        "share": round(one.share, 2),
        "reason": one.reason,
        "size": one.size,
        "ends": one.ends.isoformat(),
        "href": f"/recordings/{recording}/handouts/{one.id}" if ready else None,
    }


def attached(name: str) -> str:
    """That it is a file to keep, and what it is called, in every browser's way."""
    safe = safe_name(name)
    plain = "".join(c if c.isascii() else "_" for c in safe.replace(" – ", " - "))
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe)}"


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["recording"]
