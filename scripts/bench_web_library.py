"""A teacher with 2,000 lessons opens the library: until the first cards stand there, and what that costs the server.

The lessons are brought through the store and made ready in its rows: all their stages done, a class, tags, some shared
and noted on, some that failed. The newest have a picture and a transcript, for their cards ask for both.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from databases import fresh_database
from lessons import long_lesson
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from web import BROWSER, FLAGS, Web, served

from coaching.people import Membership
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import RunState, Stage, StageState, new_id
from models.database import Database
from models.lessons import LessonStore
from models.people import PeopleStore
from models.tables import GrantRow, RunRow, StageRow, TagRow, WorkState
from models.transcripts import save_lesson

LESSONS, QUICK_LESSONS = 2000, 60
LOADS, QUICK_LOADS = 15, 2
DRAWN = 48
"""Lessons that have a picture and a transcript: more than are shown at once."""

A_PAGE = 24
TAGS = ("fractions", "group work", "questions", "exit ticket")
TEACHER, COACH = "teacher@bench.org", "coach@bench.org"
PATIENCE_MS = 120_000


def measure(kind: str, quick: bool) -> list[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-"))
    url = fresh_database(kind)
    lessons, loads = (QUICK_LESSONS, QUICK_LOADS) if quick else (LESSONS, LOADS)
    seed(url, folder, lessons)
    try:
        with served(folder, url) as web, browser() as chromium:
            return [{"lessons": lessons, **opened(web, chromium, loads)}]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def seed(url: str, folder: Path, count: int) -> None:
    database = Database(url, folder / "audit")
    people = PeopleStore(database)
    teacher = people.add(TEACHER, Membership.TEACHER, "Bench").id
    coach = people.add(COACH, Membership.COACH, "Bench").id
    with database.write() as session:
        store = LessonStore(_OneTransaction(session))  # type: ignore[arg-type]
        ids = [new_id() for _ in range(count)]
        for n, id in enumerate(ids):
            file = SourceFile(f"lesson {n}.mp4", f"recordings/{id}/original/1/lesson.mp4", 1, id.ljust(64, "0"))
            store.add(NewRecording(id, teacher, f"Lesson {n} on fractions", (file,)))
        session.flush()
        runs = dict(session.execute(select(RunRow.recording_id, RunRow.id)).all())
        session.execute(update(RunRow).values(state=RunState.READY, work=WorkState.OVER, facts={"duration": 2400.0}))
        session.execute(
            update(StageRow).values(
                state=StageState.DONE, share=1.0, seconds=9.0, artefact=StageRow.run_id + "/" + StageRow.stage
            )
        )
        session.execute(
            update(StageRow)
            .where(StageRow.stage == Stage.SPRITE, StageRow.run_id.in_([runs[id] for id in ids[::40]]))
            .values(state=StageState.FAILED, artefact=None, kind="BadRecording", reason="The picture cannot be read.")
        )
        for n, id in enumerate(ids):
            session.add(TagRow(recording_id=id, tag=TAGS[n % len(TAGS)]))
            if n % 5 == 0:
                session.add(
                    GrantRow(id=new_id(), recording_id=id, person_id=coach, what="see", given_by=teacher, given=1.0)
                )
        for id in ids[-DRAWN:]:
            run = session.get(RunRow, runs[id])
            assert run is not None
            save_lesson(session, run, long_lesson(40))
            place = folder / runs[id] / Stage.POSTER
            place.mkdir(parents=True)
            (place / "poster.jpg").write_bytes(PICTURE)
    database.close()


class _OneTransaction:
    """A store's every step within one transaction: thousands of lessons are there at once."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def write(self) -> Iterator[Session]:
        yield self._session


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS)
        yield started
        started.close()


def opened(web: Web, chromium: Browser, loads: int) -> dict[str, Any]:
    """The library opened again and again by somebody whose browser has been here before."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "secondlook_session", "value": web.session(TEACHER), "url": web.url}])
    page, server = context.new_page(), psutil.Process(web.process.pid)
    _open(page, web)  # loads what the server loads once, and what the browser keeps
    took, cpu = [], []
    for _ in range(loads):
        before = _cpu(server)
        took.append(_open(page, web))
        page.wait_for_load_state("networkidle")
        cpu.append(_cpu(server) - before)
    context.close()
    return {"first_cards_s": _spread(took), "server_cpu_s": _spread(cpu)}


def _open(page: Page, web: Web) -> float:
    """Seconds from asking for the page to the last card of the first page of cards, with its words."""
    began = time.monotonic()
    page.goto(web.url, wait_until="commit")
    page.locator("article h2").nth(A_PAGE - 1).wait_for(state="attached", timeout=PATIENCE_MS)
    return time.monotonic() - began


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def _spread(values: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 3), "max": round(max(values), 3), "count": len(values)}


PICTURE = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a"
    "1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc40014000100000000000000"
    "0000000000000000ffc40014100100000000000000000000000000000000ffda0008010100003f0037ffd9"
)
"""A JPEG of one grey point."""
