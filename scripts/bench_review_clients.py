"""A hundred people with a lesson open, two and two: each writes a comment every ten seconds, and hears of the other's.

Each holds what a page holds, a websocket and a stream of events, and does what a page does: posts, and asks for the
notes when it hears that there are new ones. Told are how long a comment took to be kept, and until the other had it.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import psutil
from bench_web_clients import _connect
from sqlalchemy import insert
from web import PASSWORD, Web

from coaching.access import Grant
from coaching.comments import Audience
from coaching.people import Membership
from coaching.recordings import new_id
from models.tables import CommentRow

if TYPE_CHECKING:
    from bench_review import There

PEOPLE, EACH, EVERY_S = 100, 12, 10.0
WORDS = "They compare the pieces, and nobody has said yet which whole they are of."


@dataclass
class Client:
    """Somebody's page. `wrote` and `heard` have the seconds, since any moment, at which a comment of this id was."""

    web: Web
    recording: str
    cookie: str
    http: httpx2.AsyncClient
    took: list[float] = field(default_factory=list)
    wrote: dict[str, float] = field(default_factory=dict)
    heard: dict[str, float] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)
    etag: str = ""
    bytes: int = 0

    @property
    def of(self) -> str:
        return f"{self.web.url}/recordings/{self.recording}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"secondlook_session={self.cookie}", "Origin": self.web.url}

    async def write(self) -> None:
        new = {"id": new_id(), "start": 30.0, "body": WORDS, "audience": "lesson"}
        began = self.wrote[new["id"]] = time.monotonic()  # type: ignore[index]
        answer = await self.http.post(f"{self.of}/comments", json=new, headers=self.headers)
        assert answer.status_code == 201, answer.text
        self.took.append(time.monotonic() - began)

    async def read(self) -> None:
        since = {"since": self.notes["newest"]} if self.notes else {}
        headers = {**self.headers, "If-None-Match": self.etag}
        answer = await self.http.get(f"{self.of}/notes.json", params=since, headers=headers)
        self.bytes += len(answer.content)
        if answer.status_code == 304:
            return
        assert answer.status_code == 200, answer.text
        now, said = time.monotonic(), answer.json()
        for one in said["comments"]:
            if one["body"] == WORDS:
                self.heard.setdefault(one["id"], now)
        together = {one["id"]: one for one in (*self.notes.get("comments", ()), *said["comments"])}
        assert len(together) == said["count"], "nobody deletes anything here"
        self.notes, self.etag = {**said, "comments": together.values()}, answer.headers["etag"]

    async def listen(self) -> None:
        """As an EventSource does: again and again, since the server ends each stream after a while."""
        while True:
            async with self.http.stream("GET", f"{self.of}/events", headers=self.headers) as stream:
                assert stream.status_code == 200
                await self.read()
                async for line in stream.aiter_lines():
                    if line == "event: notes":
                        await self.read()
            await asyncio.sleep(0.5)


def clients(there: There) -> list[dict[str, Any]]:
    pairs = 2 if there.quick else PEOPLE // 2
    people = [one for n in range(pairs) for one in _pair(there, n)]
    return [asyncio.run(_measured(there, people))]


def _pair(there: There, n: int) -> list[tuple[str, str]]:
    """A teacher and a coach with a lesson of as many comments: (recording, session) of each."""
    cast = there.cast
    recording = cast.ready(f"lesson {n}")[0]
    coach = cast.people.add(f"coach-{n}@school.org", Membership.COACH, "North")
    teacher = cast.people.add(f"teacher-{n}@school.org", Membership.COACH, "North")
    for one in (coach, teacher):
        cast.lessons.grant(cast.owner, recording, one.email, list(Grant))
    with cast.database.write() as session:
        session.execute(
            insert(CommentRow),
            [
                {
                    "id": new_id(),
                    "recording_id": recording,
                    "author_id": cast.owner,
                    "start": m % 60 * 1.0,
                    "body": "Look at how they wait for each other here.",
                    "audience": Audience.LESSON,
                    "made": 1.0,
                }
                for m in range(there.size.comments)
            ],
        )
    sessions = [cast.accounts.set_by_link(cast.accounts.invite(one.email), PASSWORD) for one in (coach, teacher)]
    return [(recording, one) for one in sessions]


async def _measured(there: There, people: list[tuple[str, str]]) -> dict[str, Any]:
    server = psutil.Process(there.web.process.pid)
    # The server closes what was idle for five seconds; browsers ask again then, this client does not.
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=2)
    every, each = (0.3, 2) if there.quick else (EVERY_S, EACH)
    async with httpx2.AsyncClient(limits=limits, timeout=60) as http:
        pages = [Client(there.web, recording, cookie, http) for recording, cookie in people]
        sockets = [await _connect(there.web, page.cookie) for page in pages]
        listening = [asyncio.create_task(page.listen()) for page in pages]
        await asyncio.sleep(1 if there.quick else 10)  # until all have come
        for page in pages:
            page.bytes = 0
        before, began = _cpu(server), time.monotonic()
        draw = random.Random(7)
        waits = [[draw.expovariate(1 / every) for _ in range(each)] for _ in pages]
        await asyncio.gather(*(_as_they_like(page, some) for page, some in zip(pages, waits, strict=True)))
        took_all = time.monotonic() - began
        spent = _cpu(server) - before
        await asyncio.sleep(3)
        for task in listening:
            assert not task.done(), task
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        for socket in sockets:
            await socket.close()
    kept = sorted(t for page in pages for t in page.took)
    pairs = zip(pages[::2], pages[1::2], strict=True)
    reached = sorted(
        hears.heard[id] - at for a, b in pairs for says, hears in ((a, b), (b, a)) for id, at in says.wrote.items()
    )
    return {
        "people": len(pages),
        "every_s": every,
        "comments_each": there.size.comments,
        "written": len(kept),
        "kept_median_s": _at(kept, 0.5),
        "kept_p95_s": _at(kept, 0.95),
        "reached_median_s": _at(reached, 0.5),
        "reached_p95_s": _at(reached, 0.95),
        "server_cpu_share": round(spent / took_all, 2),
    }


async def _as_they_like(page: Client, waits: list[float]) -> None:
    for wait in waits:
        await asyncio.sleep(wait)
        await page.write()


def _at(ordered: list[float], share: float) -> float:
    return round(ordered[int(share * len(ordered))], 3)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
