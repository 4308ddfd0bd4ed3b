"""What a program in a browser is answered: JSON, and where it did not go well, `{"error": one plain sentence}`."""

from __future__ import annotations

import errno
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from coaching.access import NotThere
from coaching.errors import BadInput, OutOfSpace, SecondLookError
from coaching.uploads import (
    NoRoom,
    NotNow,
    NotTeacher,
    OtherPerson,
    TicketOver,
    TooLarge,
    UploadOver,
)

log = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]

STATUS: Mapping[type[SecondLookError], int] = {
    NotThere: 404,
    NotTeacher: 403,
    NotNow: 409,
    OtherPerson: 409,
    UploadOver: 410,
    TicketOver: 410,
    TooLarge: 413,
    NoRoom: 507,
    OutOfSpace: 507,
}

MOST_BYTES = 64 * 1024
"""Of what is said of a lesson."""

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
AWAY = (
    "The place where lessons are kept cannot be reached at the moment. What has come is safe. Try again later, or tell "
    "your administrator."
)


def refused(error: Exception) -> Response:
    """The answer for an error that is somebody's, or the disk's. Any other is raised again: it is a mistake of ours."""
    headers = None
    if isinstance(error, HTTPException):
        status, sentence, headers = error.status_code, error.detail, error.headers
    elif isinstance(error, SecondLookError):
        status, sentence = STATUS.get(type(error), 503 if error.retry else 400), str(error)
    elif isinstance(error, OSError):
        full = error.errno in FULL
        log.error("disk", extra={"kind": errno.errorcode.get(error.errno or 0, type(error).__name__)})
        status, sentence = (507, str(NoRoom())) if full else (503, AWAY)
    else:
        raise error
    return JSONResponse({"error": sentence}, status, headers)


def in_json(endpoint: Endpoint) -> Endpoint:
    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        try:
            _require_viewer(request)
            return await endpoint(request)
        except Exception as error:
            return refused(error)

    return answer


def _require_viewer(request: Request) -> None:
    """A page says for whom it was made: what it still has to send is not sent as whoever signed in here since."""
    said, person = request.headers.get("x-viewer"), getattr(request.state, "person", None)
    if said is not None and (person is None or person.id != said):
        raise HTTPException(401, "Somebody else is signed in here now.")


async def said_in_json(request: Request) -> object:
    """The JSON of a request, which is refused before it fills the memory."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "This is too much to be said of a lesson.")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput("This is no description of a lesson.") from None
