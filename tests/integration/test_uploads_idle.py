"""A client that falls silent in the middle of a file, by the clock of the test: the real routes, store and disk."""

from __future__ import annotations

import anyio
import pytest
from databases import fresh_database
from starlette.applications import Starlette
from stores import school
from uploading import TYPE

from coaching.recordings import new_id
from coaching.uploads import NewUpload, UploadFile
from ui import receiving, tus
from ui.shelf import Shelf


@pytest.fixture
def begun(tmp_path):
    """The routes, the owner, a part of ten bytes that has begun, and its file."""
    cast, shelf = school(fresh_database("sqlite")), Shelf(tmp_path)
    said = NewUpload(cast.owner, "Fractions", None, "Grade 5", None, "2025-11-03", (), (10,))
    upload, part = cast.uploads.begin(said).id, UploadFile(new_id(), 0, "a.mp4", 10, "print")
    shelf.begin(upload, part.id)
    cast.uploads.begin_part(cast.owner, upload, part)
    turns = tus.Turns()
    app = Starlette(routes=tus.routes(cast.uploads, shelf, turns, 1_000))
    owner = next(p for p in cast.people.everybody() if p.id == cast.owner)
    yield app, owner, part, shelf.file(upload, part.id), turns
    cast.database.close()


def patch(begun, *pieces: bytes, checked: bool = False, after=None) -> tuple[int, dict[bytes, bytes]]:
    """The answer to a PATCH of ten bytes that brings these pieces and then nothing, though more was announced."""
    app, owner, part, _, _ = begun
    headers = {"Tus-Resumable": "1.0.0", "Content-Type": TYPE, "Upload-Offset": "0"}
    if checked:
        headers["Upload-Checksum"] = "sha256 AAAA"
    scope = {
        "type": "http",
        "method": "PATCH",
        "path": f"/upload/files/{part.id}",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "query_string": b"",
        "state": {"person": owner},
    }
    coming, sent = list(pieces), []

    async def receive():
        if not coming:
            if after:
                after()
            await anyio.sleep_forever()
        return {"type": "http.request", "body": coming.pop(0), "more_body": True}

    async def send(message):
        sent.append(message)

    anyio.run(app, scope, receive, send)
    return sent[0]["status"], dict(sent[0]["headers"])


def test_whoever_says_nothing_is_cut_off_and_what_came_stays(begun, monkeypatch):
    monkeypatch.setattr(receiving, "IDLE_S", 0.2)
    status, headers = patch(begun, b"012", b"34")
    assert (status, headers[b"connection"]) == (408, b"close")
    assert begun[3].read_bytes() == b"01234"


def test_of_what_was_to_be_checked_nothing_stays(begun, monkeypatch):
    monkeypatch.setattr(receiving, "IDLE_S", 0.2)
    assert patch(begun, b"012", checked=True)[0] == 408
    assert begun[3].read_bytes() == b""


def test_a_server_that_stops_waits_for_nobody(begun):
    turns = begun[4]
    assert patch(begun, b"012", after=turns.close)[0] == 503
    assert begun[3].read_bytes() == b"012"
    assert patch(begun, b"345")[0] == 503  # and nobody begins any more
    assert begun[3].read_bytes() == b"012"
