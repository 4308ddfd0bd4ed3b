"""What is left of a lesson that its owner deleted (coaching/services/lessons.py): the receipt, and nothing else."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from coaching import originals
from coaching.jobs import Jobs
from coaching.library import receipt_text
from coaching.ports import Lessons


def sweep(jobs: Jobs, data: Path) -> None:
    """Remove the files that were left where somebody was killed at it."""
    for recording in jobs.deleted():
        originals.remove(data, recording)


def routes(lessons: Lessons) -> list[BaseRoute]:
    def receipt(request: Request) -> Response:
        found = lessons.receipt(request.state.person.id, request.path_params["receipt"])
        kept = {"Content-Disposition": f'attachment; filename="receipt-{found.id}.txt"'}
        return PlainTextResponse(receipt_text(found), headers=kept)

    return [Route("/receipts/{receipt}", receipt)]
