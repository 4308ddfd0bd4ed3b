"""The real web server, on a data folder and a database of its own, and what asks it: raw HTTP, or Chromium."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from coaching.accounts import fingerprint
from models.accounts import AccountStore
from models.database import Database

ROOT = Path(__file__).resolve().parents[1]
BROWSER = Path(os.environ.get("CHROME_PATH", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PASSWORD = "a long enough one"
PATIENCE_S = 60


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def cookie(self) -> str:
        """The session that the server gave."""
        return SimpleCookie(self.headers["set-cookie"])["secondlook_session"].value


class Web:
    """One `secondlook serve`, with options and settings of its own."""

    def __init__(
        self, data: Path, url: str, logs: Path, options: Sequence[str] = (), port: int = 0, **settings: str
    ) -> None:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SECONDLOOK_") and k != "DATABASE_URL"}
        self._environment = kept | {"SECONDLOOK_DATA_DIR": str(data), "DATABASE_URL": url} | settings
        self._options, self.data = options, data
        self._log, self._database, self._port = logs / "web.log", url, port or free_port()
        self.said = ""
        self.start()

    def start(self) -> None:
        """On the same port as before, if there was one."""
        command = [sys.executable, "-m", "pipelines", "serve", "--port", str(self._port), *self._options]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, env=self._environment, cwd=ROOT, text=True
            )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)\b", self.said)
        assert found, self.said + self.log
        self._port, self.url = int(found[1]), found[0]

    @property
    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)

    def ask(
        self,
        path: str,
        cookie: str = "",
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """One request, as it is: no redirect is followed. A form comes from a page of the server, unless said."""
        sent = {"Cookie": f"secondlook_session={cookie}"} if cookie else {}
        if form is not None:
            method, body = "POST", urlencode(form).encode()
            sent |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.url}
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, sent | dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def websocket(self, cookie: str = "", origin: str | None = None, upload: str = "") -> int:
        """The status with which the server answers a handshake: 101 where it lets it in. `upload`: a phone's pass."""
        lines = [
            "GET /_stcore/stream HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            f"Origin: {origin or self.url}",
            *([f"Cookie: secondlook_session={cookie}"] if cookie else []),
            *([f"Cookie: secondlook_upload={upload}"] if upload else []),
        ]
        with socket.create_connection(("127.0.0.1", self._port), timeout=PATIENCE_S) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            return int(connection.recv(100).split()[1])

    def sign_in(self, email: str, password: str = PASSWORD, **fields: str) -> Answer:
        return self.ask("/signin", form={"email": email, "password": password, **fields})

    def session(self, email: str) -> str:
        """A session of somebody's, without the price of a password: as a link gives it."""
        database = Database(self._database, self.data / "audit")
        accounts = AccountStore(database)
        cookie = accounts.set_by_link(accounts.invite(email), PASSWORD)
        assert accounts.session(fingerprint(cookie))
        database.close()
        return cookie


def free_port() -> int:
    """Below those that systems hand out: no connection of somebody else's has it by the time it is wanted."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 50):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


@contextmanager
def served(data: Path, url: str, *options: str, port: int = 0, **settings: str) -> Iterator[Web]:
    """With options of `serve`, and `settings` as environment variables."""
    with tempfile.TemporaryDirectory(prefix="secondlook-web-") as logs:
        web = Web(data, url, Path(logs), options, port, **settings)
        try:
            yield web
        finally:
            web.process.kill()
            web.process.wait()
            assert "Traceback" not in web.log
