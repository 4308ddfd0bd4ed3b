"""A client of the server's uploads: its JSON, and tus over raw HTTP, byte by byte where a test wants to."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from databases import fresh_database
from media_files import film
from stores import School, school
from web import PATIENCE_S, Answer, Web, served

TYPE = "application/offset+octet-stream"
MiB = 1024 * 1024


@dataclass
class Phone:
    """Somebody's browser: signed in by `cookie`, or with a `ticket`'s pass."""

    web: Web
    cookie: str = ""
    ticket: str = ""
    chunk: int = MiB

    @property
    def headers(self) -> dict[str, str]:
        cookies = [f"secondlook_session={self.cookie}"] * bool(self.cookie)
        cookies += [f"secondlook_upload={self.ticket}"] * bool(self.ticket)
        return {"Origin": self.web.url, **({"Cookie": "; ".join(cookies)} if cookies else {})}

    def ask(
        self, path: str, method: str = "GET", headers: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        return self.web.ask(path, "", method, self.headers | dict(headers or {}), body=body)

    def say(self, path: str, said: object, method: str = "POST") -> Answer:
        return self.ask(path, method, {"Content-Type": "application/json"}, json.dumps(said).encode())

    # A lesson.
    def begin(self, *sizes: int, **fields: Any) -> Answer:
        said = {"name": "Fractions", "class": "Grade 5", "taught": "2025-11-03", "consent": True, "look_fors": ["why"]}
        return self.say("/upload/lessons", said | {"sizes": list(sizes)} | fields)

    def upload(self, *sizes: int, **fields: Any) -> str:
        answer = self.begin(*sizes, **fields)
        assert answer.status == 201, answer
        return str(answer.json["id"])

    def seen(self, upload: str) -> Any:
        answer = self.ask(f"/upload/lessons/{upload}")
        assert answer.status == 200, answer
        return answer.json

    def complete(self, upload: str, *parts: bytes) -> Answer:
        hashes = [hashlib.sha256(part).hexdigest() for part in parts]
        return self.say(f"/upload/lessons/{upload}/complete", {"sha256": hashes})

    def checked(self, upload: str) -> Any:
        """The upload, once the server has looked at it."""
        wait_for(lambda: self.seen(upload)["state"] != "checking")
        return self.seen(upload)

    def bring(self, *parts: bytes, **fields: Any) -> Any:
        """A lesson from its announcement to the server's verdict."""
        upload = self.upload(*map(len, parts), **fields)
        for n, part in enumerate(parts):
            self.send(self.part(upload, len(part), n), part)
        answer = self.complete(upload, *parts)
        assert answer.status in (200, 202), answer
        return self.checked(upload)

    # tus.
    def create(self, upload: str, size: int, position: int = 0, **said: str) -> Answer:
        told = {"upload": upload, "position": str(position), "filename": f"part {position}.mp4"} | said
        told.setdefault("fingerprint", f"print {position} {size}")
        return self.tus("/upload/files", "POST", **{"Upload-Length": str(size), "Upload-Metadata": metadata(told)})

    def part(self, upload: str, size: int, position: int = 0, **said: str) -> str:
        """Begin a part; its address."""
        answer = self.create(upload, size, position, **said)
        assert answer.status == 201, answer
        return answer.headers["location"]

    def tus(self, path: str, method: str, body: bytes | None = None, **headers: str) -> Answer:
        return self.ask(path, method, {"Tus-Resumable": "1.0.0"} | headers, body)

    def offset(self, url: str) -> int:
        answer = self.tus(url, "HEAD")
        assert answer.status == 200, answer
        return int(answer.headers["upload-offset"])

    def patch(self, url: str, offset: int, body: bytes, **headers: str) -> Answer:
        return self.tus(url, "PATCH", body, **{"Content-Type": TYPE, "Upload-Offset": str(offset)} | headers)

    def send(self, url: str, whole: bytes) -> None:
        """All that is still to come, checked chunk by chunk."""
        at = self.offset(url)
        while at < len(whole):
            chunk = whole[at : at + self.chunk]
            answer = self.patch(url, at, chunk, **checksum(chunk))
            assert answer.status == 204, answer
            at = int(answer.headers["upload-offset"])

    def begin_patch(self, url: str, offset: int, length: int, body: bytes = b"", **headers: str) -> socket.socket:
        """A PATCH that says it brings `length` bytes, and so far brings `body`."""
        said = {"Tus-Resumable": "1.0.0", "Content-Type": TYPE, "Upload-Offset": str(offset)}
        said |= {"Content-Length": str(length), "Host": self.web.url.removeprefix("http://")} | self.headers | headers
        lines = [f"PATCH {url} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""]
        connection = socket.create_connection(("127.0.0.1", int(self.web.url.rpartition(":")[2])), timeout=PATIENCE_S)
        connection.sendall("\r\n".join(lines).encode() + body)
        return connection


def status(connection: socket.socket) -> int:
    """The status of the next answer on a raw connection."""
    return int(connection.makefile("rb").readline().split()[1])


def metadata(said: Mapping[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in said.items())


def checksum(body: bytes, algorithm: str = "sha256") -> dict[str, str]:
    digest = hashlib.new(algorithm, body).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


@contextmanager
def opened(data: Path, **settings: str) -> Iterator[tuple[Web, School, Path]]:
    """A server with a school of its own, and its data folder."""
    url = fresh_database("sqlite")
    cast = school(url)
    with served(data, url, **settings) as web:
        yield web, cast, data
    cast.database.close()


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, School, Path]]:
    with opened(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The smallest lesson."""
    return film(tmp_path_factory.mktemp("film") / "small.mp4").read_bytes()


@pytest.fixture
def phone(there: tuple[Web, School, Path]) -> Iterator[Phone]:
    """The owner's, who leaves nothing behind."""
    web, cast, _ = there
    made = Phone(web, web.session("owner@school.org"))
    yield made
    for upload in cast.uploads.mine(cast.owner):
        made.ask(f"/upload/lessons/{upload.id}", "DELETE")


def wait_for(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def kept_parts(cast: School, data: Path, recording: str) -> list[bytes]:
    """The files of the owner's recording, as its row points to them."""
    return [(data / f.path).read_bytes() for f in cast.lessons.recording(cast.owner, recording).files]
