"""A file brought by tus to the real server, beside a plain copy of the same file on the same disk, in the same run.

Both end when all of it is on the disk (fsync). The two take turns, and what is told is their ratio, turn by turn: the
machine is shared. The file was just written, so both read it from memory; the client hands it to the socket by sendfile
and costs next to nothing. Once without and once with a checksum for each piece, as the upload page sends it; the server
alone hashes while the clock runs, as it does when a phone is elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import secrets
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from databases import fresh_database
from stores import school
from uploading import TYPE, Phone
from web import PATIENCE_S, Web, served

from coaching.uploads import CHUNK

MiB = 1024 * 1024


@dataclass(frozen=True)
class Size:
    file: int = 1024 * MiB
    turns: int = 5


QUICK = Size(file=5 * MiB, turns=1)


def measure(kind: str, quick: bool) -> list[dict[str, Any]]:
    size = QUICK if quick else Size()
    folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-", dir=os.environ.get("SECONDLOOK_BENCH_DIR")))
    try:
        url = fresh_database(kind)
        cast = school(url)
        film = folder / "film.mp4"
        with film.open("wb") as out:
            for _ in range(size.file // MiB):
                out.write(secrets.token_bytes(MiB))
        with served(folder / "data", url) as web:
            phone = Phone(web, web.session("owner@school.org"))
            return [_turns(web, phone, film, size, checks) for checks in ({}, _checksums(film))]
    finally:
        cast.database.close()
        shutil.rmtree(folder, ignore_errors=True)


def _turns(web: Web, phone: Phone, film: Path, size: Size, checks: dict[int, str]) -> dict[str, Any]:
    server = psutil.Process(web.process.pid)
    copied, brought, cpu = [], [], []
    for _ in range(size.turns):
        copied.append(_copy(film))
        upload = phone.upload(size.file)
        part = phone.part(upload, size.file)
        before = _cpu(server)
        brought.append(_bring(web, phone, part, film, checks))
        cpu.append(_cpu(server) - before)
        phone.ask(f"/upload/lessons/{upload}", "DELETE")
    return {
        "mb": size.file // 1_000_000,
        "checksums": bool(checks),
        "copy_mb_s": round(size.file / 1e6 / statistics.median(copied), 1),
        "upload_mb_s": round(size.file / 1e6 / statistics.median(brought), 1),
        "ratio": round(statistics.median(c / b for c, b in zip(copied, brought, strict=True)), 3),
        "ratios": [round(c / b, 3) for c, b in zip(copied, brought, strict=True)],
        "server_cpu_s_gb": round(statistics.median(cpu) / (size.file / 1e9), 2),
    }


def _copy(film: Path) -> float:
    """Seconds until a copy of it is on the disk."""
    beside = film.with_suffix(".copy")
    began = time.monotonic()
    with film.open("rb") as source, beside.open("wb") as copy:
        shutil.copyfileobj(source, copy, 16 * MiB)
        copy.flush()
        os.fsync(copy.fileno())
    took = time.monotonic() - began
    beside.unlink()
    return took


def _checksums(film: Path) -> dict[int, str]:
    """What the page says of each piece, by where it begins. The phone has it before it sends the piece."""
    with film.open("rb") as source:
        pieces = iter(lambda: source.read(CHUNK), b"")
        return {i * CHUNK: base64.b64encode(hashlib.sha256(p).digest()).decode() for i, p in enumerate(pieces)}


def _bring(web: Web, phone: Phone, part: str, film: Path, checks: dict[int, str]) -> float:
    """Seconds until the server has said of the last piece that it is here."""
    connection = http.client.HTTPConnection("127.0.0.1", int(web.url.rpartition(":")[2]), timeout=PATIENCE_S)
    size = film.stat().st_size
    began = time.monotonic()
    with film.open("rb") as source:
        for at in range(0, size, CHUNK):
            length = min(CHUNK, size - at)
            said = phone.headers | {"Tus-Resumable": "1.0.0", "Content-Type": TYPE, "Upload-Offset": str(at)}
            if checks:
                said["Upload-Checksum"] = f"sha256 {checks[at]}"
            connection.putrequest("PATCH", part)
            for name, value in (said | {"Content-Length": str(length)}).items():
                connection.putheader(name, value)
            connection.endheaders()
            sent = connection.sock.sendfile(source, at, length)
            answer = connection.getresponse()
            answer.read()
            assert (sent, answer.status) == (length, 204), (sent, answer.status)
    took = time.monotonic() - began
    connection.close()
    return took


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
