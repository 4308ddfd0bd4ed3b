"""A hundred people with the library open, each over a websocket of their own, spoken as Streamlit's own page speaks it:
how long from asking for a rerun to its last word. All of them at once, and each when it likes.

Each is a teacher with lessons of their own, signed in by a session of their own; what comes back must have their cards.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from databases import fresh_database
from sqlalchemy import update
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from web import PASSWORD, Web, served
from websockets.asyncio.client import ClientConnection, connect

from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import RunState, StageState, new_id
from models.accounts import AccountStore
from models.database import Database
from models.lessons import LessonStore
from models.people import PeopleStore
from models.tables import RunRow, StageRow, WorkState


@dataclass(frozen=True)
class Size:
    clients: int = 100
    lessons: int = 12
    rounds: int = 10
    """Of all at once."""
    each: int = 10
    """Reruns of each when it likes."""
    every_s: float = 5.0
    """How long somebody looks before they click again, in the mean."""


QUICK = Size(clients=4, lessons=2, rounds=2, each=2, every_s=0.2)


def measure(kind: str, quick: bool) -> list[dict[str, Any]]:
    size = QUICK if quick else Size()
    folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-"))
    url = fresh_database(kind)
    cookies = _teachers(url, folder, size)
    try:
        with served(folder, url) as web:
            return asyncio.run(_measured(web, cookies, size))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _teachers(url: str, folder: Path, size: Size) -> list[str]:
    """The sessions of so many teachers, each with lessons that are ready."""
    database = Database(url, folder / "audit")
    people, accounts, lessons, cookies = PeopleStore(database), AccountStore(database), LessonStore(database), []
    for n in range(size.clients):
        teacher = people.add(f"teacher-{n}@bench.org", Membership.TEACHER, "Bench")
        cookies.append(accounts.set_by_link(accounts.invite(teacher.email), PASSWORD))
        for m in range(size.lessons):
            file = SourceFile("lesson.mp4", "none", 1, f"{m:064x}")
            lessons.add(NewRecording(new_id(), teacher.id, f"Lesson {m} on fractions", (file,)))
    with database.write() as session:
        session.execute(update(RunRow).values(state=RunState.READY, work=WorkState.OVER, facts={"duration": 2400.0}))
        made = StageRow.run_id + "/" + StageRow.stage
        session.execute(update(StageRow).values(state=StageState.DONE, share=1.0, seconds=9.0, artefact=made))
    database.close()
    return cookies


@dataclass
class Client:
    """Somebody's page."""

    socket: ClientConnection
    took: list[float] = field(default_factory=list)
    bytes: int = 0

    async def rerun(self) -> None:
        """Ask for a rerun, and wait for the end of it. Raises AssertionError where it is not the library."""
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        cards, began = 0, time.monotonic()
        await self.socket.send(ask.SerializeToString())
        while True:
            came = await self.socket.recv(decode=False)
            self.bytes += len(came)
            said = ForwardMsg.FromString(came)
            cards += said.delta.new_element.html.body.count("sl-card")
            if said.WhichOneof("type") == "script_finished":
                break
        self.took.append(time.monotonic() - began)
        assert said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY, said
        assert cards, "the page that came is not the library"


async def _measured(web: Web, cookies: list[str], size: Size) -> list[dict[str, Any]]:
    server = psutil.Process(web.process.pid)
    clients = [Client(await _connect(web, cookie)) for cookie in cookies]
    for client in clients:  # as people come: one after the other
        await client.rerun()
    at_once = await _spent(server, clients, _rounds(clients, size.rounds))
    likes = await _spent(server, clients, _as_they_like(clients, size))
    for client in clients:
        await client.socket.close()
    head = {"clients": size.clients, "lessons_each": size.lessons}
    return [head | {"how": "all at once"} | at_once, head | {"how": f"each every {size.every_s:g} s"} | likes]


async def _connect(web: Web, cookie: str) -> ClientConnection:
    return await connect(
        web.url.replace("http", "ws") + "/_stcore/stream",
        origin=web.url,  # type: ignore[arg-type]
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"Cookie": f"secondlook_session={cookie}"},
        max_size=None,
        ping_interval=None,
    )


async def _rounds(clients: list[Client], rounds: int) -> None:
    for _ in range(rounds):
        await asyncio.gather(*(client.rerun() for client in clients))


async def _as_they_like(clients: list[Client], size: Size) -> None:
    draw = random.Random(7)

    async def look(client: Client, waits: list[float]) -> None:
        for wait in waits:
            await asyncio.sleep(wait)
            await client.rerun()

    drawn = [[draw.expovariate(1 / size.every_s) for _ in range(size.each)] for _ in clients]
    await asyncio.gather(*(look(client, waits) for client, waits in zip(clients, drawn, strict=True)))


async def _spent(server: psutil.Process, clients: list[Client], work: Any) -> dict[str, Any]:
    """How long reruns took, and the server's CPU seconds and bytes of one."""
    for client in clients:
        client.took, client.bytes = [], 0
    before = _cpu(server)
    await work
    took = sorted(t for client in clients for t in client.took)
    return {
        "reruns": len(took),
        "median_s": round(took[len(took) // 2], 3),
        "p95_s": round(took[int(0.95 * len(took))], 3),
        "max_s": round(took[-1], 3),
        "server_cpu_s_each": round((_cpu(server) - before) / len(took), 4),
        "kb_each": round(sum(client.bytes for client in clients) / len(took) / 1000, 1),
    }


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system
