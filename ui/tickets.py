"""Tickets: a QR picture that opens the upload page on a phone, where its owner is then known for one lesson.

The picture holds an address with a code behind `#`, which browsers send to nobody: the page there posts it. It is good
once, and changed for a cookie that the gate knows on /upload alone.
"""

from __future__ import annotations

import io

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.settings import Settings
from coaching.uploads import PASS_S, OtherPerson, TicketOver, Tickets
from ui.answers import STATUS
from ui.gate import PASS_COOKIE, PASS_PATH
from ui.pages import POLICY, form, page

NO_ADDRESS = "A phone does not know the way to this server yet. Your administrator can name it: SECONDLOOK_PUBLIC_URL."


def routes(tickets: Tickets) -> list[BaseRoute]:
    def show(_request: Request) -> Response:
        answer = page("ticket.html")
        answer.headers["Content-Security-Policy"] = f"{POLICY}; script-src 'self'"
        return answer

    async def exchange(request: Request) -> Response:
        code = (await form(request)).get("code", "")
        signed_in = request.scope.get("state", {}).get("person")
        try:
            cookie = await run_sync(tickets.exchange, code, signed_in and signed_in.id)
        except (TicketOver, OtherPerson) as error:
            return page("over.html", STATUS[type(error)], error=str(error))
        answer = RedirectResponse(PASS_PATH, 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            PASS_COOKIE, cookie, max_age=int(PASS_S), path=PASS_PATH, httponly=True, samesite="lax", secure=secure
        )
        return answer

    return [
        Route("/ticket", show),
        Route("/ticket", exchange, methods=["POST"]),
    ]


def address(settings: Settings, code: str) -> str:
    """Where a phone goes with this code."""
    return f"{settings.public_url}/ticket#{code}"


def picture(url: str) -> str:
    """The address as a QR picture: an SVG that can stand in a page, or by itself."""
    import segno  # when it is first asked for

    drawn = io.BytesIO()
    segno.make(url, error="m").save(drawn, kind="svg", xmldecl=False, omitsize=True, border=4, light="#fff")
    return drawn.getvalue().decode()
