"""Signing in and out, and setting a password by a link: plain pages that need no JavaScript."""

from __future__ import annotations

import ipaddress
import logging
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs

import anyio
import jinja2
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.accounts import SESSION_S, SHORTEST_PASSWORD, Accounts, LinkOver, TooManyTries, WrongPassword
from coaching.errors import BadInput
from coaching.people import Person
from ui.gate import COOKIE, next_path

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Passwords that are looked at while others wait without a thread: a crowd at the door keeps nobody inside waiting."""

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


def routes(accounts: Accounts) -> list[BaseRoute]:
    door = anyio.CapacityLimiter(AT_ONCE)

    def show_sign_in(request: Request) -> Response:
        next = next_path(request.query_params.get("next"))
        if "person" in request.scope["state"]:
            return RedirectResponse(next, 303)
        return _page("signin.html", next=next, email="", error="")

    async def sign_in(request: Request) -> Response:
        form = await _form(request)
        email, next = form.get("email", ""), next_path(form.get("next"))
        address = _address(request)
        try:
            asked = partial(accounts.sign_in, email, form.get("password", ""), address)
            cookie = await anyio.to_thread.run_sync(asked, limiter=door)
        except (WrongPassword, TooManyTries) as error:
            log.warning("sign-in refused", extra={"kind": type(error).__name__, "address": address})
            many = isinstance(error, TooManyTries)
            page = _page("signin.html", 429 if many else 403, next=next, email=email, error=str(error))
            if isinstance(error, TooManyTries):
                page.headers["Retry-After"] = str(int(error.seconds) + 1)
            return page
        return _signed_in(request, cookie, next)

    def show_password(request: Request) -> Response:
        secret = request.query_params.get("link", "")
        try:
            link = accounts.link(secret)
        except LinkOver as error:
            return _page("over.html", 410, error=str(error))
        return _page("password.html", link=secret, email=link.person.email, first=link.first, error="")

    async def set_password(request: Request) -> Response:
        form = await _form(request)
        secret = form.get("link", "")
        try:
            asked = partial(accounts.set_by_link, secret, form.get("password", ""))
            cookie = await anyio.to_thread.run_sync(asked, limiter=door)
        except LinkOver as error:
            return _page("over.html", 410, error=str(error))
        except BadInput as error:
            link = await run_in_threadpool(accounts.link, secret)
            known = {"email": link.person.email, "first": link.first}
            return _page("password.html", 400, link=secret, error=str(error), **known)
        return _signed_in(request, cookie, "/")

    def show_account(request: Request) -> Response:
        return _page("account.html", person=request.state.person)

    async def sign_out(request: Request) -> Response:
        person: Person = request.state.person
        if (await _form(request)).get("everywhere"):
            await run_in_threadpool(accounts.sign_out_everywhere, person.id)
        else:
            await run_in_threadpool(accounts.sign_out, request.state.session)
        answer = RedirectResponse("/signin", 303)
        answer.delete_cookie(COOKIE)
        return answer

    return [
        Route("/signin", show_sign_in),
        Route("/signin", sign_in, methods=["POST"]),
        Route("/password", show_password),
        Route("/password", set_password, methods=["POST"]),
        Route("/account", show_account),
        Route("/signout", sign_out, methods=["POST"]),
    ]


def _page(name: str, status: int = 200, **values: object) -> Response:
    html = _pages.get_template(name).render(shortest=SHORTEST_PASSWORD, **values)
    return HTMLResponse(html, status, {"Content-Security-Policy": POLICY})


def _signed_in(request: Request, cookie: str, next: str) -> Response:
    answer = RedirectResponse(next, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie, max_age=int(SESSION_S), httponly=True, samesite="lax", secure=secure)
    return answer


async def _form(request: Request) -> dict[str, str]:
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


def _address(request: Request) -> str:
    """Whom tries are counted for. One household or school has a whole network of IPv6."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
