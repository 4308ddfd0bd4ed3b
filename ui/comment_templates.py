"""Texts of one's own for comments, as the review stage asks for them."""

from __future__ import annotations

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.templates import LONGEST_TEMPLATE, Template, Templates
from ui.answers import in_json, said_in_json
from ui.said import Said


def routes(templates: Templates) -> list[BaseRoute]:
    async def mine(request: Request) -> Response:
        found = await run_sync(templates.mine, request.state.person.id)
        return JSONResponse(
            {"templates": [_told(one) for one in found], "longest": LONGEST_TEMPLATE},
            headers={"Cache-Control": "private, no-store"},
        )

    async def keep(request: Request) -> Response:
        body = Said(await said_in_json(request)).text("body")
        return JSONResponse(_told(await run_sync(templates.keep, request.state.person.id, body)), 201)

    async def remove(request: Request) -> Response:
        await run_sync(templates.remove, request.state.person.id, request.path_params["template"])
        return Response(status_code=204)

    return [
        Route("/templates", in_json(mine)),
        Route("/templates", in_json(keep), methods=["POST"]),
        Route("/templates/{template}", in_json(remove), methods=["DELETE"]),
    ]


def _told(one: Template) -> dict[str, str]:
    return {"id": one.id, "body": one.body}
