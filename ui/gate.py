"""The gate: nobody gets past it who is not signed in, whatever they ask for, and everything that leaves bears the
headers that keep it from other sites. Pages, websocket, media, what is still to come: all of it stands behind.

Pages learn who somebody is from a header of the websocket's handshake. Only the gate writes it: what a client sends
under this name is dropped.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Sequence
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coaching.accounts import Accounts, fingerprint
from coaching.errors import SecondLookError
from coaching.people import Person
from coaching.uploads import Pass, Tickets

log = logging.getLogger(__name__)

COOKIE = "secondlook_session"
SESSION = "X-Secondlook-Session"
"""What pages are told: the session's id, which is no secret and signs nobody in."""

PASS_COOKIE, PASS_PATH = "secondlook_upload", "/upload"
"""A pass lets whoever has it bring one lesson, and is worth nothing anywhere else (ui/tickets.py)."""

OPEN = ("/signin", "/signin/oidc", "/signin/oidc/back", "/password", "/ticket", "/unsubscribe", "/healthz")
OPEN_BELOW = ("/assets/", "/static/")
"""What is there for everybody: the way in, what its pages are made of, and a sign of life."""

FROM_ELSEWHERE = ("/unsubscribe",)
"""What mail programs send by themselves (RFC 8058): its signed link says all, and no cookie counts there."""

METRICS = ("/metrics", "/_stcore/metrics")
"""Figures for whoever bears the token of the settings, signed in or not; for everybody else there is nothing."""

CLOSED = ("/_stcore/agent", "/_stcore/upload_file", "/auth", "/oauth2callback")
"""Parts of Streamlit that nobody needs here."""

QUIET = ("/static/", "/assets/", "/_stcore/health", "/_stcore/host-config", "/healthz", *METRICS)
"""Of these, only what went wrong is in the log."""

BROKE = "Second Look made a mistake of its own. Try again; if that does not help, tell your administrator."

SAFE = ("GET", "HEAD", "OPTIONS")

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}


class Gate:
    def __init__(
        self, app: ASGIApp, accounts: Accounts, tickets: Tickets, scripts: Sequence[str], metrics: str | None = None
    ) -> None:
        self._app, self._accounts, self._tickets = app, accounts, tickets
        self._bearer = None if metrics is None else f"Bearer {metrics}".encode()
        # Streamlit styles its parts by style elements of its own, and imports what starts the stage from a blob of its
        # own making; no string is ever run as a script.
        self._policy = (
            f"default-src 'self'; script-src 'self' blob: {' '.join(scripts)}; style-src 'self' 'unsafe-inline'; "
            "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; worker-src 'self' blob:; "
            "connect-src 'self'; object-src 'none'; frame-src 'none'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, person, told = time.monotonic(), "", False

        async def tell(message: Message) -> None:
            nonlocal told
            if message["type"] in ("http.response.start", "websocket.accept", "websocket.close"):
                self._dress(message, scope)
                if not told:  # a websocket that was accepted closes later
                    _log(scope, message, person, began)
                told = True
            await send(message)

        answer: Response | None
        try:
            found = await self._who(scope)
            limited = None if found else await self._pass(scope)
            person = found[1].id if found else limited.person.id if limited else ""
            known = found is not None or limited is not None
            answer = None if self._measures(scope) else _refusal(scope, known)
            if answer is None:
                _name(scope, found)
                if limited is not None:
                    scope.setdefault("state", {}).update(person=limited.person, limited=limited)
                await self._app(scope, receive, tell)
                return
        except Exception as error:  # whatever it was: a sentence for whoever asked, its name for the log
            log.error("request broke", extra={"kind": type(error).__name__})
            if told:
                return
            known = isinstance(error, SecondLookError)
            answer = said(scope["path"], str(error) if known else BROKE, 503 if known else 500)
        if scope["type"] == "http":
            await answer(scope, receive, tell)
        else:
            await receive()
            await tell({"type": "websocket.close", "code": 1008, "reason": ""})  # before 101: the answer is 403

    async def _who(self, scope: Scope) -> tuple[str, Person] | None:
        """The session's id and whose it is; None where nobody is signed in."""
        cookie = HTTPConnection(scope).cookies.get(COOKIE)
        if not cookie or scope["path"].startswith(OPEN_BELOW):
            return None
        id = fingerprint(cookie)
        person = await run_in_threadpool(self._accounts.session, id)
        return None if person is None else (id, person)

    def _measures(self, scope: Scope) -> bool:
        """Whether this is whoever reads the figures, with the token."""
        if self._bearer is None or scope["path"] not in METRICS or scope.get("method") not in SAFE:
            return False
        given = Headers(scope=scope).get("authorization", "")
        return secrets.compare_digest(given.encode("latin-1"), self._bearer)

    async def _pass(self, scope: Scope) -> Pass | None:
        """The pass with which somebody who is not signed in uploads; never one for anything else."""
        path: str = scope["path"]
        cookie = HTTPConnection(scope).cookies.get(PASS_COOKIE)
        if scope["type"] != "http" or not cookie or not (path == PASS_PATH or path.startswith(f"{PASS_PATH}/")):
            return None
        return await run_in_threadpool(self._tickets.find, fingerprint(cookie))

    def _dress(self, message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableHeaders(scope=message)
        for name, value in ALWAYS.items():
            headers[name] = value
        headers.setdefault("Content-Security-Policy", self._policy)
        headers.setdefault("Cache-Control", "no-cache" if scope["path"].startswith(OPEN_BELOW) else "no-store")
        if scope.get("scheme") == "https":
            headers["Strict-Transport-Security"] = "max-age=31536000"


def next_path(text: str | None) -> str:
    """Where to go after signing in: a path of this server, or its beginning. Never another site."""
    path = text or "/"
    if not path.startswith("/") or path.startswith(("//", "/signin", "/password")) or "\\" in path:
        return "/"
    return path if path.isprintable() and len(path) <= 2000 else "/"


def said(path: str, sentence: str, status: int) -> Response:
    """A sentence for whoever asked: as JSON where the upload page's script did."""
    if path.startswith(f"{PASS_PATH}/"):
        return JSONResponse({"error": sentence}, status)
    return PlainTextResponse(f"{sentence}\n", status)


def _refusal(scope: Scope, known: bool) -> Response | None:
    """The answer for what may not pass; None for what may."""
    path: str = scope["path"]
    headers = Headers(scope=scope)
    if any(path == part or path.startswith(f"{part}/") for part in (*CLOSED, *METRICS)):
        return PlainTextResponse("There is nothing here for you.\n", 404)
    # A site elsewhere must not act for whoever is signed in here. Browsers say where a request comes from whenever it
    # may change something, and at every websocket.
    origin = headers.get("origin")
    acts = scope["type"] == "http" and scope["method"] not in SAFE and path not in FROM_ELSEWHERE
    if (acts or (scope["type"] == "websocket" and origin)) and not _same(origin, headers.get("host")):
        return said(path, "This must be sent from a page of this server.", 403)
    if known or path in OPEN or path.startswith(OPEN_BELOW):
        return None
    if path == "/" or "text/html" in headers.get("accept", ""):
        if acts:
            return RedirectResponse("/signin", 303)
        asked = path + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
        return RedirectResponse("/signin" if path == "/" else f"/signin?next={quote(asked)}", 303)
    return said(path, "Sign in first.", 401)


def _same(origin: str | None, host: str | None) -> bool:
    return origin is not None and bool(host) and origin.partition("://")[2] == host


def _name(scope: Scope, found: tuple[str, Person] | None) -> None:
    """Tell the routes, and Streamlit, who it is."""
    ours = SESSION.lower().encode()
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != ours]
    if found is not None:
        headers.append((ours, found[0].encode()))
        scope.setdefault("state", {})["session"], scope["state"]["person"] = found
    scope["headers"] = headers


def _log(scope: Scope, message: Message, person: str, began: float) -> None:
    """One line a request: whose and what, never the words that somebody searched for or typed."""
    status = message.get("status", 101 if message["type"] == "websocket.accept" else 403)
    if status < 400 and scope["path"].startswith(QUIET):
        return
    ms = round(1000 * (time.monotonic() - began), 1)
    said = {"method": scope.get("method", "WS"), "path": scope["path"][:200], "status": status, "ms": ms}
    log.info("asked", extra=said | ({"person": person} if person else {}))
