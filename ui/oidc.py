"""Signing in with a school's provider of OpenID Connect: the authorization code flow, with PKCE, state and nonce."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.accounts import FLOW_S, Accounts, NotAdded, new_secret
from coaching.errors import BadInput, SecondLookError
from coaching.providers import Provider, verified_email
from coaching.settings import Settings
from ui.gate import next_path
from ui.pages import address, sign_in_page, signed_in
from ui.provider import Client, NotLetIn, kind

log = logging.getLogger(__name__)

OUT, BACK = "/signin/oidc", "/signin/oidc/back"
COOKIE = "secondlook_flow"
"""By which the browser that set out is known when it comes back."""


def routes(accounts: Accounts, settings: Settings) -> list[BaseRoute]:
    """None where no provider is set."""
    provider = settings.provider
    if provider is None:
        return []
    client = Client(provider, settings.public_url + BACK)

    async def set_out(request: Request) -> Response:
        browser = _browser(request) or new_secret()  # of two tabs, both may come back
        try:
            await client.about()  # before a row is written
            flow = await run_in_threadpool(accounts.set_out, browser, next_path(request.query_params.get("next")))
            answer = RedirectResponse(await client.where(flow), 303)
        except SecondLookError as error:
            return _refused(request, error)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, browser, max_age=int(FLOW_S), path=OUT, httponly=True, samesite="lax", secure=secure)
        return answer

    async def come_back(request: Request) -> Response:
        asked = request.query_params
        try:
            flow = await run_in_threadpool(accounts.come_back, asked.get("state", ""), _browser(request))
            if asked.get("error") or asked.get("iss", provider.issuer).rstrip("/") != provider.issuer.rstrip("/"):
                log.warning("provider refused", extra={"kind": kind(asked.get("error"))})
                raise NotLetIn
            claims = await client.who(asked.get("code", ""), flow)
            cookie = await run_in_threadpool(_sign_in, accounts, provider, claims)
        except SecondLookError as error:
            return _refused(request, error)
        return signed_in(request, cookie, flow.next)

    def _refused(request: Request, error: SecondLookError) -> Response:
        log.warning("sign-in refused", extra={"kind": type(error).__name__, "address": address(request)})
        return sign_in_page(settings, 403 if isinstance(error, BadInput) else 503, about=str(error))

    return [Route(OUT, set_out), Route(BACK, come_back)]


def _sign_in(accounts: Accounts, provider: Provider, claims: Mapping[str, Any]) -> str:
    """Whoever is known by their subject needs no address any more."""
    email, refusal = None, None
    try:
        email = verified_email(provider, claims)
    except BadInput as error:
        refusal = error
    try:
        return accounts.sign_in_as(claims["iss"], claims["sub"], email)
    except NotAdded:
        raise refusal or NotAdded() from None


def _browser(request: Request) -> str:
    """What this browser holds of a sign-in that is under way; "" for what is no secret of ours."""
    found = request.cookies.get(COOKIE, "")
    return found if re.fullmatch(r"[\w-]{43}", found) else ""
