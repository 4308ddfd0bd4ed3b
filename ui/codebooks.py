"""Codebooks as files: bringing one, after a look at what it would do, and taking one along. Plain pages."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.codebooks import Codebooks
from coaching.errors import BadInput
from coaching.exports.codebooks import codebook_csv, codebook_json
from coaching.readers.codebooks import codebook as read_codebook
from coaching.readers.lines import decode
from coaching.services.codebooks import bring, bringing
from ui.limits import LARGEST
from ui.pages import page

NAME = "The file"


def routes(codebooks: Codebooks) -> list[BaseRoute]:
    def show(request: Request) -> Response:
        return page("codebook.html", places=codebooks.places(request.state.person.id), error="")

    async def brought(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=10, max_part_size=LARGEST) as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
            said = {name: str(form.get(name) or "") for name in ("text", "called", "school", "before")}
        return await run_in_threadpool(_brought, codebooks, request.state.person.id, data, said)

    def download(request: Request) -> Response:
        number = request.query_params.get("version", "")
        viewer, codebook = request.state.person.id, request.path_params["codebook"]
        found = codebooks.one(viewer, codebook, int(number) if number.isdecimal() and len(number) < 9 else None)
        as_table = request.url.path.endswith(".csv")
        text = codebook_csv(found.codebook) if as_table else codebook_json(found.codebook)
        name, kind = ("codebook.csv", "text/csv") if as_table else ("codebook.json", "application/json")
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(text.encode("utf-8-sig" if as_table else "utf-8"), media_type=kind, headers=headers)

    return [
        Route("/codebooks/import", show),
        Route("/codebooks/import", brought, methods=["POST"]),
        Route("/codebooks/{codebook}/codebook.csv", download),
        Route("/codebooks/{codebook}/codebook.json", download),
    ]


def _brought(codebooks: Codebooks, viewer: str, data: bytes, said: dict[str, str]) -> Response:
    """What it would do; and once somebody has seen that (`before`), doing it, unless it would do something else now."""
    try:
        text = decode(data, NAME) if data else said["text"]
        found = read_codebook(text.encode(), NAME, said["called"])
        plan = bringing(codebooks, viewer, said["school"] or None, found)
        doing = said["before"] == str(plan.before)
        if doing:
            bring(codebooks, viewer, plan)
    except NotThere:
        raise
    except BadInput as error:
        return page("codebook.html", 400, places=codebooks.places(viewer), error=str(error))
    return page("codebook_steps.html", plan=plan, done=doing, text=text, called=said["called"])
