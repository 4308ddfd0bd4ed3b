"""The composition root: one process, one port, in which Streamlit's pages and our own routes stand behind one gate."""

from __future__ import annotations

import ctypes
import logging
import secrets
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import fields
from pathlib import Path
from types import FrameType
from typing import Any

import streamlit as st
import streamlit.logger
import uvicorn
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from streamlit import config

import models
from coaching.access import NotThere
from coaching.errors import BadInput, SecondLookError
from coaching.services.archive import Doors
from coaching.settings import Settings
from ui import (
    account,
    archive,
    calibrate,
    codebooks,
    comment_templates,
    cycles,
    exemplars,
    faces,
    frontend,
    given_clips,
    handouts,
    holidays,
    insights,
    leadership,
    media,
    notices,
    oidc,
    removal,
    review,
    session,
    staff,
    tickets,
    upload_page,
    uploads,
    walks,
)
from ui.gate import Gate
from ui.limits import LONGEST_HEAD, Limits
from ui.metrics import Counted, Metrics

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
MiB = 1024 * 1024
STOP_S = 3
"""How long what is under way may take to end once the server is told to stop."""

OPTIONS: dict[str, Any] = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.showErrorLinks": False,
    "client.toolbarMode": "minimal",
    "global.developmentMode": False,
    "logger.enableRich": False,  # a stack trace in colours, past the log
    "logger.level": "warning",
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # with it, fifty people who click at once wait twelve times as long
    "server.fileWatcherType": "none",
    "server.headless": True,
    "ui.hideTopBar": True,
    "theme.baseFontSize": 15,
    "theme.baseRadius": "10px",
    "theme.buttonRadius": "full",
    "theme.font": "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "theme.headingFontSizes": ["28px", "21px", "17px", "15px", "15px", "15px"],
    "theme.headingFontWeights": [600] * 6,
    "theme.linkUnderline": True,
    "theme.showWidgetBorder": True,
}
LIGHT = {
    "primaryColor": "#1F6B5C",
    "backgroundColor": "#FAF7F2",
    "secondaryBackgroundColor": "#F4EFE7",
    "textColor": "#25221D",
    "linkColor": "#17594C",
    "borderColor": "#8D8477",
}
DARK = {
    "primaryColor": "#7FC8B4",
    "backgroundColor": "#191816",
    "secondaryBackgroundColor": "#2A2824",
    "textColor": "#F1ECE3",
    "linkColor": "#93D3C1",
    "borderColor": "#8A8275",
}


def serve(settings: Settings, host: str, port: int, *, beside: bool = False, browser: bool = False) -> None:
    """Answer until told to stop; `beside` says that a worker is, `browser` that one shall be opened.

    Raises BadInput or Unreachable where address, database or folder cannot be had.
    """
    _reuse_memory()
    stores = models.open(settings)
    reception = _reception(settings, stores)
    bell = review.Bell()
    app = build(settings, stores, reception, bell)
    listening = _listen(host, port)
    named = f"[{host}]" if ":" in host else host
    rest = ", and a worker beside it analyses what comes in. Ctrl-C stops both." if beside else ". Ctrl-C stops it."
    url = f"http://{named}:{listening.getsockname()[1]}"
    print(f"Second Look is at {url}{rest}", flush=True)
    if browser:  # which waits for the answer: the port is taken already
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
    if not session.stores().people.everybody():
        print("Nobody has an account yet: `secondlook people add`, then `secondlook people invite`.", flush=True)
    server = _Server(
        reception,
        bell,
        uvicorn.Config(
            app,
            http="h11",
            h11_max_incomplete_event_size=LONGEST_HEAD,
            ws="websockets-sansio",
            forwarded_allow_ips=settings.proxy,
            timeout_graceful_shutdown=STOP_S,
            log_config=None,
            access_log=False,
            server_header=False,
        ),
    )
    server.run(sockets=[listening])


def _reuse_memory() -> None:
    """Have glibc keep what was freed for what comes next. Left alone it asks the system for every piece of an upload
    (256 KB) anew and gives it back, which costs three times as much as receiving it. Elsewhere nothing happens."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(-3, 4 * MiB)  # M_MMAP_THRESHOLD: what is larger comes from the system
        mallopt(-1, 32 * MiB)  # M_TRIM_THRESHOLD: as much may lie free


class _Server(uvicorn.Server):
    """Whoever is bringing a lesson is told to come again as soon as the server shall stop, and not waited for; nor is
    whoever waits for what others note."""

    def __init__(self, reception: uploads.Reception, bell: review.Bell, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._reception, self._bell = reception, bell

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._reception.close()
        self._bell.closed = True
        super().handle_exit(sig, frame)


def keep_to_the_log() -> None:
    """Streamlit's loggers say what they say through ours: by themselves they print stack traces, which may quote
    anything, and each that is made later would again."""

    def ours(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.propagate = True

    streamlit.logger.setup_formatter = ours
    streamlit.logger.update_formatter()


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.create_server((host, port), family=family, backlog=2048)
        # Each connection has it from here: asyncio sets it only for sockets that it made itself, and without it the end
        # of every answer waits 40 ms for word that its beginning came.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadInput(
            f"The server cannot listen on {host}, port {port}: {reason}. Name others with --host and --port."
        ) from None


def _reception(settings: Settings, stores: models.Stores) -> uploads.Reception:
    try:
        return uploads.Reception(settings, stores.uploads, stores.lessons)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise BadInput(f"The data folder {settings.data_dir} cannot be used: {reason}.") from None


def build(settings: Settings, stores: models.Stores, reception: uploads.Reception, bell: review.Bell) -> st.App:
    """The whole server."""
    session.opened(stores, settings)
    _ = settings.smtp  # what does not fit together there is said now, and not on a page
    removal.sweep(stores.jobs, settings.data_dir)
    walks.sweep(stores.walks, settings.data_dir)
    colours = {f"theme.light.{k}": v for k, v in LIGHT.items()} | {f"theme.dark.{k}": v for k, v in DARK.items()}
    options = OPTIONS | colours | {"server.cookieSecret": secrets.token_hex(32)}
    config.get_config_options(force_reparse=True, options_from_flags=options)
    keep_to_the_log()

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        async with reception.at_work():
            yield

    font = {"bodyFont": OPTIONS["theme.font"], "headingFont": OPTIONS["theme.font"]}
    html = frontend.page(LIGHT | font, DARK | font)
    scripts = frontend.inline_scripts(html)
    metrics = Metrics(stores.accounts, stores.jobs, settings.data_dir)
    token = None if settings.metrics_token is None else settings.metrics_token.get_secret_value()
    return st.App(
        HERE / "app.py",
        lifespan=lifespan,
        routes=[*routes(stores, settings, reception, bell), *metrics.routes(), *frontend.routes(html)],
        middleware=[
            Middleware(Counted, metrics=metrics),
            Middleware(
                Gate,
                accounts=stores.accounts,
                tickets=stores.tickets,
                scripts=scripts,
                metrics=token,
            ),
            Middleware(Limits),
            Middleware(frontend.Static),
        ],
        exception_handlers={NotThere: _not_there, SecondLookError: _refused, HTTPException: _http},
        on_script_error=_page_broke,
    )


def routes(
    stores: models.Stores, settings: Settings, reception: uploads.Reception, bell: review.Bell
) -> list[BaseRoute]:
    """Ours, beside Streamlit's."""

    def healthz(_request: Request) -> Response:
        try:
            stores.accounts.session("")
        except SecondLookError:
            return JSONResponse({"healthy": False}, 503)
        return JSONResponse({"healthy": True})

    doors = Doors(**{field.name: getattr(stores, field.name) for field in fields(Doors)})
    return [
        Route("/healthz", healthz),
        *account.routes(stores.accounts, stores.lessons, settings),
        *archive.routes(doors, stores.accounts, settings.data_dir),
        *oidc.routes(stores.accounts, settings),
        *review.routes(
            stores.lessons,
            stores.codebooks,
            stores.retention,
            bell,
            settings.data_dir,
            settings.public_url if settings.has_public_url else None,
        ),
        *insights.routes(stores.lessons),
        *comment_templates.routes(stores.templates),
        *calibrate.routes(stores.lessons),
        *cycles.routes(stores.cycles, stores.lessons, settings.public_url if settings.has_public_url else None),
        *handouts.routes(stores.lessons, stores.handouts, settings.data_dir),
        *given_clips.routes(stores.lessons, settings.data_dir),
        *faces.routes(stores.faces, settings.data_dir),
        *media.routes(stores.lessons, settings.data_dir),
        *notices.routes(stores.notifications, stores.mails),
        *tickets.routes(stores.tickets),
        *upload_page.routes(),
        *uploads.routes(reception),
        *removal.routes(stores.lessons),
        *staff.routes(stores.staff),
        *codebooks.routes(stores.codebooks),
        *holidays.routes(stores.cycles),
        *leadership.routes(stores.leadership),
        *walks.routes(stores.walks, settings.data_dir),
        *exemplars.routes(stores.exemplars, settings.data_dir),
        Route("/favicon.png", lambda _: FileResponse(HERE / "assets" / "mark.svg")),
        Mount("/assets", StaticFiles(directory=HERE / "assets")),
    ]


def _not_there(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is nothing here for you.\n", 404)


def _refused(_request: Request, error: Exception) -> Response:
    return PlainTextResponse(f"{error}\n", 503 if getattr(error, "retry", False) else 400)


def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)


def _page_broke(error: Exception) -> bool:
    """A page that broke: one sentence for whoever looks at it, one line in the log, and no stack trace in either."""
    if isinstance(error, SecondLookError):
        st.error(str(error))
    else:
        log.error("page broke", extra={"kind": type(error).__name__})
        st.error(
            "This page could not be shown. Nothing was lost. Reload it; if that does not help, tell your administrator."
        )
    return True
