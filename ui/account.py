"""Signing in and out, and setting a password by a link: plain pages that need no JavaScript."""

from __future__ import annotations

import ipaddress
import logging
from functools import partial

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.accounts import SESSION_S, Accounts, LinkOver, TooManyTries, WrongPassword
from coaching.errors import BadInput
from coaching.people import Person
from ui.gate import COOKIE, next_path
from ui.pages import form, page

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Passwords that are looked at while others wait without a thread: a crowd at the door keeps nobody inside waiting."""


def routes(accounts: Accounts) -> list[BaseRoute]:
    door = anyio.CapacityLimiter(AT_ONCE)

    def show_sign_in(request: Request) -> Response:
        next = next_path(request.query_params.get("next"))
        if "person" in request.scope["state"]:
            return RedirectResponse(next, 303)
        return page("signin.html", next=next, email="", error="")

    async def sign_in(request: Request) -> Response:
        fields = await form(request)
        email, next = fields.get("email", ""), next_path(fields.get("next"))
        address = _address(request)
        try:
            asked = partial(accounts.sign_in, email, fields.get("password", ""), address)
            cookie = await anyio.to_thread.run_sync(asked, limiter=door)
        except (WrongPassword, TooManyTries) as error:
            log.warning("sign-in refused", extra={"kind": type(error).__name__, "address": address})
            many = isinstance(error, TooManyTries)
            answer = page("signin.html", 429 if many else 403, next=next, email=email, error=str(error))
            if isinstance(error, TooManyTries):
                answer.headers["Retry-After"] = str(int(error.seconds) + 1)
            return answer
        return _signed_in(request, cookie, next)

    def show_password(request: Request) -> Response:
        secret = request.query_params.get("link", "")
        try:
            link = accounts.link(secret)
        except LinkOver as error:
            return page("over.html", 410, error=str(error))
        return page("password.html", link=secret, email=link.person.email, first=link.first, error="")

    async def set_password(request: Request) -> Response:
        fields = await form(request)
        secret = fields.get("link", "")
        try:
            asked = partial(accounts.set_by_link, secret, fields.get("password", ""))
            cookie = await anyio.to_thread.run_sync(asked, limiter=door)
        except LinkOver as error:
            return page("over.html", 410, error=str(error))
        except BadInput as error:
            link = await run_in_threadpool(accounts.link, secret)
            known = {"email": link.person.email, "first": link.first}
            return page("password.html", 400, link=secret, error=str(error), **known)
        return _signed_in(request, cookie, "/")

    def show_account(request: Request) -> Response:
        return page("account.html", person=request.state.person)

    async def sign_out(request: Request) -> Response:
        person: Person = request.state.person
        if (await form(request)).get("everywhere"):
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


def _signed_in(request: Request, cookie: str, next: str) -> Response:
    answer = RedirectResponse(next, 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, cookie, max_age=int(SESSION_S), httponly=True, samesite="lax", secure=secure)
    return answer


def _address(request: Request) -> str:
    """Whom tries are counted for. One household or school has a whole network of IPv6."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    return host if address.version == 4 else str(ipaddress.ip_network((address, 64), strict=False))
