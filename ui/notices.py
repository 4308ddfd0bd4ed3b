"""The links of notifications: to what one tells of, and the one that ends e-mails of a kind, without signing in."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.mailing import Mails
from coaching.notifications import Notifications
from ui.pages import page

UNSUBSCRIBE = "/unsubscribe"
GONE = "What it told of was taken back or deleted since. Nothing of yours is lost."
NO_LINK = "It did not come whole. Copy all of it from the e-mail, or choose in Second Look how you are told."


def routes(notifications: Notifications, mails: Mails) -> list[BaseRoute]:
    def lead(request: Request) -> Response:
        try:
            link = notifications.read(request.state.person.id, request.path_params["notification"])
        except NotThere:
            return page("over.html", 404, error=GONE)
        return RedirectResponse(link, 303)

    def ask(request: Request) -> Response:
        return _about(mails, request, done=False)

    def leave(request: Request) -> Response:
        """What is sent with it says nothing more than the link: mail programs send `List-Unsubscribe=One-Click`."""
        return _about(mails, request, done=True)

    return [
        Route("/notifications/{notification}", lead),
        Route(UNSUBSCRIBE, ask),
        Route(UNSUBSCRIBE, leave, methods=["POST"]),
    ]


def _about(mails: Mails, request: Request, *, done: bool) -> Response:
    link = request.query_params.get("link", "")
    try:
        kind = mails.about(link)
        if done:
            mails.leave(link)
    except NotThere:
        return page("over.html", 404, error=NO_LINK)
    what = "the daily e-mail" if kind is None else f"e-mail when {kind.when}"
    return page("unsubscribe.html", link=link, what=what, done=done)
