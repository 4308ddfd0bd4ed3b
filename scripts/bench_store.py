#!/usr/bin/env python3
"""What pages ask of the database of a district, and how long it takes: on SQLite and on PostgreSQL.

    .venv/bin/python scripts/bench_store.py [--scale 1] [--databases sqlite,postgresql] [--people 100] [--out docs]

A district of 50 schools, 2,000 teachers, 40,000 lessons and 1,000,000 comments, and one of a tenth of it. A hundred
people ask each page that theirs leads to, those with most among them: first each once, then again. Milliseconds are
those within the store's transactions, with reading the rows; beside them the number of statements, and the plan of
the slowest. Writes its section of docs/benchmarks.json, and docs/benchmarks.md from that, where the scale is 1.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "scripts")]

from bench_keep import keep, show  # noqa: E402
from bench_store_drawn import District, Drawn, Somebody  # noqa: E402
from bench_store_fill import fill, looked_over  # noqa: E402
from bench_store_pages import PAGES, Page  # noqa: E402
from databases import KINDS, fresh_database  # noqa: E402
from sqlalchemy import event  # noqa: E402

import models  # noqa: E402
from coaching.people import Membership  # noqa: E402
from coaching.settings import Settings  # noqa: E402
from models.database import Database  # noqa: E402

PEOPLE = 100
HEAVY = {Membership.TEACHER: 10, Membership.COACH: 10, Membership.LEADER: 5, Membership.ADMIN: 30}
"""Who asks: so many, and among them those of each kind who have most."""


@dataclass(slots=True)
class Asked:
    """What one asking of a page cost: `ms` within transactions, with the rows read; of these `queries_ms` until the
    database had answered (SQLite with the first row of each), and `cpu_ms` of this process."""

    ms: float = 0.0
    queries_ms: float = 0.0
    cpu_ms: float = 0.0
    statements: list[tuple[str, Any]] = field(default_factory=list)


class Watched:
    """Stores whose transactions are timed and whose statements are kept."""

    def __init__(self, url: str, folder: Path) -> None:
        self.stores = models.open(Settings(data_dir=folder, DATABASE_URL=url))
        self.database: Database = self.stores.lessons._database  # type: ignore[attr-defined]
        self.now, self._sent = Asked(), 0.0
        for name in ("read", "write"):
            setattr(self.database, name, self._timed(getattr(self.database, name)))
        event.listen(self.database.engine, "before_cursor_execute", self._keep)
        event.listen(self.database.engine, "after_cursor_execute", self._count)

    def ask(self, page: Page, who: Somebody, rng: random.Random) -> Asked:
        self.now = found = Asked()
        page.ask(self.stores, who, rng)
        return found

    def _timed(self, transaction: Callable[[], Any]) -> Callable[[], Any]:
        @contextmanager
        def within() -> Iterator[Any]:
            began, cpu = time.perf_counter(), time.process_time()
            try:
                with transaction() as session:
                    yield session
            finally:
                self.now.ms += 1000 * (time.perf_counter() - began)
                self.now.cpu_ms += 1000 * (time.process_time() - cpu)

        return within

    def _keep(self, _c: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if not statement.startswith("BEGIN"):
            self.now.statements.append((statement, values))
        self._sent = time.perf_counter()

    def _count(self, *_: Any) -> None:
        self.now.queries_ms += 1000 * (time.perf_counter() - self._sent)


def who_asks(drawn: Drawn, many: int) -> list[Somebody]:
    """The heaviest of every kind, those who work at every school, and others by chance."""
    weight = {p.id: len(p.lessons) + len(p.given) + sum(m.comments for m in p.lessons) / 25 for p in drawn.people}
    found = {p.id: p for p in drawn.people if len(p.works) > 1}
    for what, least in HEAVY.items():
        of = [p for p in drawn.people if what in p.roles]
        found |= {p.id: p for p in sorted(of, key=lambda p: (-weight[p.id], p.id))[:least]}
    others = [p for p in drawn.people if p.id not in found]
    chosen = random.Random(3).sample(others, max(0, min(len(others), many - len(found))))
    return [*found.values(), *chosen]


def measure(url: str, folder: Path, drawn: Drawn, many: int) -> list[dict[str, Any]]:
    """A row for each page, the slowest first with its plan."""
    watched, people, found = Watched(url, folder), who_asks(drawn, many), []
    for page in PAGES:
        asking = [who for who in people if page.is_for(who)]
        first, again = ([watched.ask(page, who, random.Random(who.id)) for who in asking] for _ in range(2))
        counts = [len(one.statements) for one in first + again]
        row = {
            "page": page.name,
            "people": len(asking),
            "statements": [min(counts), max(counts)],
            "first_ms": _percentiles([one.ms for one in first]),
            "again_ms": _percentiles([one.ms for one in again]),
            "queries_p95_ms": _percentiles([one.queries_ms for one in again])[1],
            "cpu_p95_ms": _percentiles([one.cpu_ms for one in again])[1],
        }
        found.append((max(again, key=lambda one: one.ms), show(row)))
    slowest, row = max(found, key=lambda each: each[1]["again_ms"][1])
    row["plan"] = plan_of_slowest(watched.database, slowest.statements)
    watched.database.close()
    return [row for _, row in found]


def plan_of_slowest(database: Database, statements: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Of these statements, asked once more each by itself."""
    with database.engine.connect() as connection:
        reading = [one for one in statements if one[0].startswith("SELECT")]
        took = []
        for statement, values in reading:
            began = time.perf_counter()
            connection.exec_driver_sql(statement, values).fetchall()
            took.append(time.perf_counter() - began)
        statement, values = reading[took.index(max(took))]
        lite = connection.dialect.name == "sqlite"
        explain = "EXPLAIN QUERY PLAN " if lite else "EXPLAIN (ANALYZE, BUFFERS) "
        lines = connection.exec_driver_sql(explain + statement, values).fetchall()
        plan = _tree(lines) if lite else [line[0] for line in lines]
    plan = [_short(line) for line in plan]
    return {"statement": _short(" ".join(statement.split())), "ms": round(1000 * max(took), 1), "plan": plan}


def _short(line: str) -> str:
    """Without the long lists of ids that are asked for, which say nothing of a plan."""
    line = re.sub(r"[0-9a-f]{24}(,[0-9a-f]{24}){3,}", "...", line)
    return re.sub(r"(\?|%\(\w+\)s(::\w+)?)(, (\?|%\(\w+\)s(::\w+)?)){3,}", "...", line)


def _tree(lines: Sequence[Any]) -> list[str]:
    depth = {0: -1}
    for id, parent, _, _ in lines:
        depth[id] = depth[parent] + 1
    return [f"{'  ' * depth[id]}{what}" for id, _, _, what in lines]


def _percentiles(values: Sequence[float]) -> list[float]:
    """The 50th, the 95th, the 99th."""
    ordered = sorted(values)
    return [round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) for share in (0.5, 0.95, 0.99)]


def main() -> None:
    p = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    p.add_argument("--scale", type=float, default=1.0, help="of the district; a tenth of it is measured before")
    p.add_argument("--databases", default=",".join(KINDS), help="which (default: both)")
    p.add_argument("--people", type=int, default=PEOPLE, help="how many ask")
    p.add_argument("--out", type=Path, default=ROOT / "docs")
    a = p.parse_args()
    rows = []
    for kind in a.databases.split(","):
        for scale in (a.scale / 10, a.scale):
            rows += [measured(kind, scale, a.people)]
    if a.scale == 1 and a.databases == ",".join(KINDS):
        keep("store", rows, a.out)


def measured(kind: str, scale: float, many: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="secondlook-bench-") as made:
        folder, url, began = Path(made), fresh_database(kind), time.monotonic()
        drawn = fill(url, folder, District().part(scale), time.time())
        version = looked_over(url)
        filled, load = time.monotonic() - began, os.getloadavg()[0]
        gc.collect()
        gc.freeze()  # or what was drawn is gone through again and again while pages are timed
        pages = measure(url, folder, drawn, many)
        gc.unfreeze()
        return {
            "database": version,
            "schools": len(drawn.schools),
            "people": len(drawn.people),
            "lessons": len(drawn.lessons),
            "comments": sum(m.comments for m in drawn.lessons),
            "filled_s": round(filled),
            "load": [round(load, 1), round(os.getloadavg()[0], 1)],
            "pages": pages,
        }


if __name__ == "__main__":
    main()
