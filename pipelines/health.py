"""What a worker tells of itself over HTTP: `/healthz` for whoever restarts it, `/metrics` for Prometheus. No lesson."""

from __future__ import annotations

import errno
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from coaching.errors import BadInput
from coaching.figures import of_load
from coaching.jobs import Jobs, Load
from coaching.recordings import Stage

PORT = 9808
"""Where it listens, on this machine alone, unless said otherwise; where that is taken, on any free port."""

BUCKETS = (1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10800)
"""Seconds: from a picture of a short film to the speakers of a long day."""


class Health:
    """The worker's numbers, and the server that gives them. `fit` says whether the worker does its work."""

    def __init__(self, jobs: Jobs, address: tuple[str, int] | None, fit: Callable[[], bool]) -> None:
        self._jobs, self._address, self._fit = jobs, address, fit
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "secondlook_stage_seconds",
            "Wall seconds of finished stages",
            ["stage"],
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._failed = Counter(
            "secondlook_stage_failures", "Tries that failed, by reason", ["stage", "reason"], registry=self._registry
        )
        self._registry.register(_Load(jobs))

    def ended(self, stage: Stage, seconds: float, kind: str) -> None:
        """A stage ended; `kind` is its failure's, or empty."""
        if kind:
            self._failed.labels(stage=str(stage), reason=kind).inc()
        else:
            self._seconds.labels(stage=str(stage)).observe(seconds)

    def serve(self) -> str:
        """Answer from now on; the address. Raises BadInput where an address that was asked for cannot be had."""
        server = self._listen()
        threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
        host, port = server.server_address[:2]
        return f"{host if isinstance(host, str) else host.decode()}:{port}"

    def _listen(self) -> ThreadingHTTPServer:
        handler = _handler(self._healthy, lambda: generate_latest(self._registry))
        try:
            return _Server(self._address or ("127.0.0.1", PORT), handler)
        except OSError as error:
            if self._address is None and error.errno == errno.EADDRINUSE:
                return _Server(("127.0.0.1", 0), handler)
            where = "{}:{}".format(*(self._address or ("127.0.0.1", PORT)))
            raise BadInput(
                f"The worker cannot listen on {where}: {(error.strerror or 'unknown reason').lower()}. "
                "Name another address with --listen."
            ) from None

    def _healthy(self) -> bool:
        if not self._fit():
            return False
        try:
            self._jobs.load()
        except Exception:  # whatever is wrong with the database, this worker cannot work
            return False
        return True


class _Server(ThreadingHTTPServer):
    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, handler)

    def handle_error(self, *_: object) -> None:
        """Nothing: whoever asked hung up."""


class _Load:
    """What the database knows of the queues, asked whenever somebody looks."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def collect(self) -> Iterator[Metric]:
        try:
            load: Load | None = self._jobs.load()
        except Exception:  # whatever is wrong with the database
            load = None
        for figure in of_load(load):
            family = GaugeMetricFamily(figure.name, figure.help, labels=figure.labels)
            for labels, value in figure.samples:
                family.add_metric(labels, value)
            yield family


def _handler(healthy: Callable[[], bool], metrics: Callable[[], bytes]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/healthz":
                fit = healthy()
                self._answer(200 if fit else 503, "application/json", json.dumps({"healthy": fit}).encode())
            elif self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics())
            else:
                self._answer(404, "text/plain", b"Not found\n")

        def _answer(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: a scrape every few seconds is no event."""

    return Handler
