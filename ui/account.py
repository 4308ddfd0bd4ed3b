"""Signing in and out, and setting a password by a link: plain pages that need no JavaScript."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.accounts import Accounts, LetGo, LinkOver, PasswordsOff, TooManyTries, WrongPassword
from coaching.errors import BadInput
from coaching.library import size
from coaching.people import Person
from coaching.ports import Lessons, RecordingFacts
from coaching.settings import Settings
from ui.gate import COOKIE, PASS_COOKIE, PASS_PATH, next_path
from ui.pages import address, form, page, sign_in_page, signed_in

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Passwords that are looked at while others wait without a thread: a crowd at the door keeps nobody inside waiting."""


def routes(accounts: Accounts, lessons: Lessons, settings: Settings) -> list[BaseRoute]:
    door = anyio.CapacityLimiter(AT_ONCE)

    def show_sign_in(request: Request) -> Response:
        next = next_path(request.query_params.get("next"))
        if "person" in request.scope["state"]:
            return RedirectResponse(next, 303)
        return sign_in_page(settings, next=next)

    async def sign_in(request: Request) -> Response:
        fields = await form(request)
        email, next = fields.get("email", ""), next_path(fields.get("next"))
        if not settings.passwords:
            return sign_in_page(settings, 403, next, about=str(PasswordsOff()))
        try:
            asked = partial(accounts.sign_in, email, fields.get("password", ""), address(request))
            cookie = await anyio.to_thread.run_sync(asked, limiter=door)
        except (WrongPassword, TooManyTries, LetGo) as error:
            log.warning("sign-in refused", extra={"kind": type(error).__name__, "address": address(request)})
            many = isinstance(error, TooManyTries)
            refusal = sign_in_page(settings, 429 if many else 403, next, email, str(error))
            if isinstance(error, TooManyTries):
                refusal.headers["Retry-After"] = str(int(error.seconds) + 1)
            return refusal
        return signed_in(request, cookie, next)

    def show_password(request: Request) -> Response:
        if not settings.passwords:
            return page("over.html", 410, error=str(PasswordsOff()))
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
            if not settings.passwords:
                raise PasswordsOff
            asked = partial(accounts.set_by_link, secret, fields.get("password", ""))
            cookie = await anyio.to_thread.run_sync(asked, limiter=door)
        except (LinkOver, PasswordsOff) as error:
            return page("over.html", 410, error=str(error))
        except BadInput as error:
            link = await run_in_threadpool(accounts.link, secret)
            known = {"email": link.person.email, "first": link.first}
            return page("password.html", 400, link=secret, error=str(error), **known)
        return signed_in(request, cookie, "/")

    def show_account(request: Request) -> Response:
        person: Person = request.state.person
        at = accounts.password_set(person.id)
        password = None if at is None else _day(at)
        return page("account.html", person=person, password=password, theirs=_theirs(lessons.mine(person.id)))

    async def sign_out(request: Request) -> Response:
        person: Person = request.state.person
        if (await form(request)).get("everywhere"):
            await run_in_threadpool(accounts.sign_out_everywhere, person.id)
        else:
            await run_in_threadpool(accounts.sign_out, request.state.session)
        answer = RedirectResponse("/signin", 303)
        answer.delete_cookie(COOKIE)
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # what was half written, and seen, stays with nobody
        answer.delete_cookie(PASS_COOKIE, path=PASS_PATH)  # of whoever sits here next, it would bring lessons to them
        return answer

    return [
        Route("/signin", show_sign_in),
        Route("/signin", sign_in, methods=["POST"]),
        Route("/password", show_password),
        Route("/password", set_password, methods=["POST"]),
        Route("/account", show_account),
        Route("/signout", sign_out, methods=["POST"]),
    ]


def _theirs(lessons: Sequence[RecordingFacts]) -> str:
    """How much their archive holds: `3 lessons, 1.2 GB`; nothing where they have none."""
    films = sum(file.size for one in lessons if one.gone is None for file in one.files)
    count = "one lesson" if len(lessons) == 1 else f"{len(lessons)} lessons"
    return f"{count}, {size(films)}" if lessons else ""


def _day(moment: float) -> str:
    """`Thu 19 Nov 2026, 14:05 UTC`"""
    at = datetime.fromtimestamp(moment, UTC)
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M} UTC"
