"""What the plain pages share: their templates, their forms, and the cookie of whoever has signed in."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs

import jinja2
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from coaching.accounts import SESSION_S, SHORTEST_PASSWORD
from coaching.settings import Settings
from ui.gate import COOKIE

MOST_BYTES = 10_000
"""Of a form: an address, a password, a link."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(name: str, status: int = 200, **values: object) -> Response:
    return HTMLResponse(html(name, **values), status, {"Content-Security-Policy": POLICY})


def html(name: str, **values: object) -> str:
    return _pages.get_template(name).render(shortest=SHORTEST_PASSWORD, **values)


def sign_in_page(
    settings: Settings, status: int = 200, next: str = "/", email: str = "", error: str = "", about: str = ""
) -> Response:
    """The ways in that there are. `error` stands at the password, `about` says why another way did not lead in."""
    ways = {"provider": settings.provider, "passwords": settings.passwords}
    return page("signin.html", status, next=next, email=email, error=error, about=about, **ways)


def signed_in(request: Request, cookie: str, next: str) -> Response:
    answer = RedirectResponse(next, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie, max_age=int(SESSION_S), httponly=True, samesite="lax", secure=secure)
    return answer


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form, which is refused before it fills the memory."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, "This is too much for a form.")
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        raise HTTPException(400, "This is no form of ours.") from None
    return {name: values[0] for name, values in fields.items()}


def address(visitor: HTTPConnection) -> str:
    """Whom tries and requests are counted for. One household or school has a whole network of IPv6."""
    host = visitor.client.host if visitor.client else ""
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return host
    if found.version == 4:
        return str(found)
    return str(found.ipv4_mapped or ipaddress.ip_network((found, 64), strict=False))
