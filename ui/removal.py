"""A lesson that its owner deletes: first its rows, then its files, and the receipt that stays.

Killed in between, the receipt says of which recording files may still lie there: the server at its start, and every
worker, remove them.
"""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import Action, require
from coaching.library import Receipt, receipt_text
from coaching.ports import Jobs, Lessons

log = logging.getLogger(__name__)


def delete(lessons: Lessons, data: Path, viewer: str, recording: str) -> Receipt:
    """Raises NotThere."""
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.DELETE, facts.owner, facts.given)
    folder = _folder(data, facts.id)
    receipt = lessons.delete(viewer, facts.id, *_measured(folder))
    shutil.rmtree(folder, ignore_errors=True)  # what somebody still writes, they remove themselves
    log.info("recording deleted", extra={"person": viewer, "recording": facts.id, "count": receipt.files})
    return receipt


def sweep(jobs: Jobs, data: Path) -> None:
    """Remove what was left of deleted recordings."""
    for recording in jobs.deleted():
        shutil.rmtree(_folder(data, recording), ignore_errors=True)


def routes(lessons: Lessons) -> list[BaseRoute]:
    def receipt(request: Request) -> Response:
        found = lessons.receipt(request.state.person.id, request.path_params["receipt"])
        kept = {"Content-Disposition": f'attachment; filename="receipt-{found.id}.txt"'}
        return PlainTextResponse(receipt_text(found), headers=kept)

    return [Route("/receipts/{receipt}", receipt)]


def _folder(data: Path, recording: str) -> Path:
    return data / "recordings" / recording


def _measured(folder: Path) -> tuple[int, int]:
    """How many files lie there, and their bytes; links count as themselves."""
    sizes = [(Path(place) / name).lstat().st_size for place, _, names in os.walk(folder) for name in names]
    return len(sizes), sum(sizes)
