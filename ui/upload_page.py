"""The page on which a lesson is brought. What it does, its script does (ui/web/), with what ui/uploads.py answers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.library import LONGEST_NAME
from coaching.people import Person
from coaching.recordings import LONGEST_CLASS
from ui.gate import PASS_PATH
from ui.pages import page
from ui.uploader import Uploader

POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data: blob:; media-src blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def routes() -> list[BaseRoute]:
    def show(request: Request) -> Response:
        person: Person = request.state.person
        by_pass = Uploader.of(request).limited is not None
        answer = page(
            "upload.html",
            by_pass=by_pass,
            whose=person.name or person.email,
            longest_name=LONGEST_NAME,
            longest_class=LONGEST_CLASS,
        )
        answer.headers["Content-Security-Policy"] = POLICY
        return answer

    return [Route(PASS_PATH, show)]
