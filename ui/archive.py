"""Everything of whoever is signed in, as one ZIP that is made while it is sent: nothing of it lies on the disk, and the
memory that it takes does not grow with it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from coaching.accounts import Accounts
from coaching.people import Person
from coaching.services.archive import Doors, Entry, everything
from ui.handouts import KEPT, attached
from ui.pages import html

log = logging.getLogger(__name__)

PIECE = 1024 * 1024
"""Bytes of a film that are read, and sent, at once."""

LOOK_AGAIN = 64
"""After so many pieces of a film it is asked anew whether whoever fetches it is still signed in."""

TWICE = "Your file is on its way already. Wait until it is here, then ask for another one."


class SignedOut(Exception):
    """Whoever fetches it is signed in no more."""


def routes(doors: Doors, accounts: Accounts, data: Path) -> list[BaseRoute]:
    under_way: set[str] = set()

    def archive(request: Request) -> Response:
        person: Person = request.state.person
        if person.id in under_way:
            raise HTTPException(409, TWICE)
        now = datetime.now(UTC)
        name = f"Second Look – {person.name or person.email} – {now:%Y-%m-%d}.zip"
        headers = {**KEPT, "Content-Disposition": attached(name), "X-Accel-Buffering": "no"}
        if request.method == "HEAD":
            return Response(media_type="application/zip", headers=headers)

        def still() -> None:
            """Raises SignedOut: a film takes hours on a slow line, and signing out everywhere ends that too."""
            if accounts.session(request.state.session) is None:
                raise SignedOut

        entries = everything(doors, person, now)
        index = partial(html, "archive.html", called=person.name or person.email, made=f"{now:%-d %B %Y}")
        return _Sent(zipped(entries, data, now, index, still), under_way, person.id, headers)

    return [Route("/account/archive", archive)]


class _Sent(StreamingResponse):
    """Of one person one at a time. However it ends, what is open of it is closed at once."""

    def __init__(self, pieces: Iterator[bytes], under_way: set[str], person: str, headers: dict[str, str]) -> None:
        super().__init__(pieces, media_type="application/zip", headers=headers)
        self._pieces, self._under_way, self._person = pieces, under_way, person

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way.add(self._person)
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._under_way.discard(self._person)
            self._pieces.close()  # type: ignore[attr-defined]


class _Out:
    """What `zipfile` writes to: it holds what is not yet sent, and cannot be gone back in."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None: ...

    def take(self) -> bytes:
        held, self._held = b"".join(self._held), []
        return held


def zipped(
    entries: Iterator[Entry], data: Path, now: datetime, index: Callable[..., str], still: Callable[[], None]
) -> Iterator[bytes]:
    """The bytes of a ZIP of these entries, as they come, and of a page at its end that leads to all of them.

    Films are packed without being made smaller, which they cannot be: a reader that reads ahead needs the form of what
    is packed to find where it ends.
    """
    out, found, missing = _Out(), dict[str, list[tuple[str, list[tuple[str, str]]]]](), list[Entry]()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for entry in entries:
            still()
            names = [entry.name]
            if entry.path is not None and not (data / entry.path).is_file():
                missing.append(entry)
                continue
            if entry.path is not None:
                yield from _film(archive, out, data / entry.path, entry.name, still)
            else:
                _write(archive, entry.name, entry.text or "", now)
            if entry.read:
                names.insert(0, f"{entry.name.removesuffix('.json')}.html")
                _write(archive, names[0], _page(entry), now)
            links = [(name.rpartition(".")[2].upper(), quote(name)) for name in names]
            listed = found.setdefault(entry.of, [])
            listed.insert(len(listed) if entry.path is None else 0, (entry.what, links))  # films are looked for first
            yield out.take()
        way_in = index(groups=list(found.items()), missing=[(one.of, one.what) for one in missing])
        _write(archive, "index.html", way_in, now)
    yield out.take()
    log.info("archive taken", extra={"count": sum(map(len, found.values()))})


def _film(archive: ZipFile, out: _Out, path: Path, name: str, still: Callable[[], None]) -> Iterator[bytes]:
    info = ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = ZIP_DEFLATED
    info._compresslevel = 0  # type: ignore[attr-defined]  # as `ZipFile.write` does, which cannot be paused
    with path.open("rb") as film, archive.open(info, "w") as packed:
        pieces = 0
        while piece := film.read(PIECE):
            packed.write(piece)
            yield out.take()
            pieces += 1
            if pieces % LOOK_AGAIN == 0:
                still()


def _page(entry: Entry) -> str:
    """A record to read."""
    up = "../" * entry.name.count("/")
    return html("archive_record.html", what=entry.what, of=entry.of, record=entry.read, up=up)


def _write(archive: ZipFile, name: str, text: str, now: datetime) -> None:
    info = ZipInfo(name, now.timetuple()[:6])
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    archive.writestr(info, text.encode("utf-8", "replace"))
