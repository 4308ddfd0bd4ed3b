"""What the web server tells Prometheus: counts and seconds, by kind of route. No name, no id, no address."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coaching.accounts import Accounts
from coaching.errors import SecondLookError
from coaching.figures import of_load
from coaching.jobs import Jobs, Load

TEXT = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120)
"""Seconds until an answer begins: from a picture to a large part of an upload."""

KINDS = {
    "account": ("account", "signin", "signout", "password", "oidc", "admin", "unsubscribe"),
    "assets": ("assets", "static", "component", "favicon.png"),
    "health": ("healthz", "metrics"),
    "media": ("recordings",),
    "upload": ("upload", "ticket"),
}
_KIND_OF = {first: kind for kind, firsts in KINDS.items() for first in firsts}


class Counted:
    """Around everything: how many requests of which kind, with which answer, how soon; and who is connected."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 0

        async def tell(message: Message) -> None:
            nonlocal status
            if not status and message["type"] in ("http.response.start", "websocket.accept", "websocket.close"):
                status = message.get("status", 101 if message["type"] == "websocket.accept" else 403)
                self._metrics.answered(kind(scope), status, time.monotonic() - began)
            await send(message)

        try:
            await self._app(scope, receive, tell)
        finally:
            if status == 101:
                self._metrics.websockets.dec()


class Metrics:
    """The figures since this server started, and those of the database and the disk now."""

    def __init__(self, accounts: Accounts, jobs: Jobs, data: Path) -> None:
        self._registry = registry = CollectorRegistry()
        labels = ["kind", "status"]
        self._requests = Counter("secondlook_requests", "Requests by kind and answer", labels, registry=registry)
        help = "Seconds until the answer began"
        self._seconds = Histogram("secondlook_request_seconds", help, ["kind"], buckets=BUCKETS, registry=registry)
        self.websockets = Gauge("secondlook_websockets", "Pages that are open now", registry=registry)
        ProcessCollector(registry=registry)
        self._registry.register(_Now(accounts, jobs, data))

    def answered(self, kind: str, status: int, seconds: float) -> None:
        self._requests.labels(kind=kind, status=str(status)).inc()
        self._seconds.labels(kind=kind).observe(seconds)
        if status == 101:
            self.websockets.inc()

    def routes(self) -> list[BaseRoute]:
        def metrics(_request: Request) -> Response:
            return Response(generate_latest(self._registry), headers={"Content-Type": TEXT})

        return [Route("/metrics", metrics)]


def kind(scope: Scope) -> str:
    """One of few kinds of routes, whatever is asked for."""
    if scope["type"] == "websocket":
        return "websocket"
    return _KIND_OF.get(scope["path"].split("/")[1] if "/" in scope["path"] else "", "page")


class _Now:
    """What is asked whenever somebody looks."""

    def __init__(self, accounts: Accounts, jobs: Jobs, data: Path) -> None:
        self._accounts, self._jobs, self._data = accounts, jobs, data

    def collect(self) -> Iterator[Metric]:
        try:
            load: Load | None = self._jobs.load()
            yield _gauge("secondlook_sessions", "Sessions that last", self._accounts.sessions())
        except SecondLookError:
            load = None
        for figure in of_load(load):
            family = GaugeMetricFamily(figure.name, figure.help, labels=figure.labels)
            for labels, value in figure.samples:
                family.add_metric(labels, value)
            yield family
        free = shutil.disk_usage(self._data).free
        yield _gauge("secondlook_disk_free_bytes", "Bytes free where the recordings lie", free)


def _gauge(name: str, help: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help, value=value)
