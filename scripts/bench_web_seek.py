"""Somebody seeks in a film of 4 GB: ranges from anywhere in it, what each takes beside reading the same from the disk,
and how much memory the server has before and after.

The film is a sparse file in the place of a lesson's rendition: what counts here is that nothing is read but the range.
"""

from __future__ import annotations

import http.client
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from databases import fresh_database
from stores import school
from web import PATIENCE_S, Web, served

from coaching.recordings import Stage

GB, MB = 1_000_000_000, 1_000_000
FILM, SEEKS, PIECE = 4 * GB, 1000, 1 * MB
QUICK = (20 * MB, 20)


def measure(kind: str, quick: bool) -> list[dict[str, Any]]:
    film, seeks = QUICK if quick else (FILM, SEEKS)
    folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-"))
    url = fresh_database(kind)
    cast = school(url)
    try:
        recording, run = cast.ready()
        artefact = next(s.artefact for s in cast.jobs.one(run).run.stages if s.stage is Stage.WEB)
        file = folder / str(artefact) / "web.mp4"
        file.parent.mkdir(parents=True)
        with file.open("wb") as f:
            f.truncate(film)
        with served(folder, url) as web:
            return [_sought(web, f"/recordings/{recording}/web.mp4", file, seeks)]
    finally:
        cast.database.close()
        shutil.rmtree(folder, ignore_errors=True)


def _sought(web: Web, path: str, file: Path, seeks: int) -> dict[str, Any]:
    server, size, draw = psutil.Process(web.process.pid), file.stat().st_size, random.Random(7)
    headers = {"Cookie": f"secondlook_session={web.session('owner@school.org')}"}
    connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
    sent, read, memory = [], [], []
    for _ in range(seeks + 1):
        start = draw.randrange(size - PIECE)
        began = time.monotonic()
        connection.request("GET", path, headers=headers | {"Range": f"bytes={start}-{start + PIECE - 1}"})
        answer = connection.getresponse()
        assert (answer.status, len(answer.read())) == (206, PIECE)
        sent.append(time.monotonic() - began)
        began = time.monotonic()
        with file.open("rb") as f:
            f.seek(start)
            assert len(f.read(PIECE)) == PIECE
        read.append(time.monotonic() - began)
        memory.append(server.memory_info().rss)
    connection.close()
    sent, read = sorted(sent[1:]), sorted(read[1:])  # the first one loads what the server loads once
    return {
        "film_gb": round(size / GB, 2),
        "seeks": seeks,
        "median_ms": round(1000 * sent[seeks // 2], 2),
        "p95_ms": round(1000 * sent[int(0.95 * seeks)], 2),
        "read_median_ms": round(1000 * read[seeks // 2], 2),
        "memory_before_mb": round(memory[0] / MB, 1),
        "memory_most_mb": round(max(memory) / MB, 1),
    }
