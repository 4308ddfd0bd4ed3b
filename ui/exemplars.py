"""The films of a school's library of exemplars, and the captions under them. Nothing here leads to a lesson."""

from __future__ import annotations

from pathlib import Path

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.exemplars import Exemplars
from coaching.exports.captions import captions_in, cues
from coaching.services.exemplars import heard
from ui.answers import in_json
from ui.media import KEPT, etag, unchanged

PRIVATE = {"Cache-Control": "private, no-store"}


def routes(exemplars: Exemplars, data: Path) -> list[BaseRoute]:
    async def film(request: Request) -> Response:
        found = (await run_sync(exemplars.one, *_who(request))).film
        if found.path is None or not (data / found.path).is_file():
            raise NotThere
        tag = etag(found.path.encode())  # it is in the folder of the claim that made it, and never written again
        headers = {"ETag": tag, "Cache-Control": KEPT}
        return unchanged(request, tag) or FileResponse(data / found.path, media_type="video/mp4", headers=headers)

    async def captions(request: Request) -> Response:
        span, said = await run_sync(heard, exemplars, *_who(request))
        return Response(cues(captions_in(said, span)), media_type="text/vtt", headers=PRIVATE)

    of = "/exemplars/{exemplar}"
    return [Route(f"{of}/film.mp4", in_json(film)), Route(f"{of}/captions.vtt", in_json(captions))]


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["exemplar"]
