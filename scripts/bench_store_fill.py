"""A drawn district in a database: past the stores, by COPY or by SQLite's own statements, since a million comments
would take hours with a transaction each. What runs found is saved by the store for a dozen lessons, and copied to all
the others within the database."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from bench_store_drawn import District, Drawn, Rows, draw
from bench_store_rows import rows_of
from lessons import long_lesson

from models.database import Database, parse
from models.tables import RunRow
from models.transcripts import save_lesson

WHOLE_MINUTES, SHORT_MINUTES = 40, 4

COPIED = {
    "speakers": "position, label, role, name",
    "utterances": 'position, speaker, start, stop, "text", confidence, words',
    "measures": "position, name, value, unit, reason, interval, components, evidence",
}
"""What a run found, and its columns."""


def fill(url: str, folder: Path, size: District, now: float, seed: int = 8) -> Drawn:
    """`now` is the newest moment of all, in seconds since 1970."""
    rng = random.Random(seed)
    drawn = draw(rng, size, now)
    with _into(url) as into:
        for table, columns, rows in rows_of(rng, drawn, size):
            into.put(table, columns.split(), rows)
    facts = _save_those_that_others_are_like(url, folder, drawn)
    with _into(url) as into:
        into.run("CREATE TABLE bench_like (run_id TEXT PRIMARY KEY, like_id TEXT, facts TEXT)")
        others = ((m.run, m.like, facts[m.like]) for m in drawn.lessons if m.run not in facts)
        into.put("bench_like", ["run_id", "like_id", "facts"], others)
        for table, columns in COPIED.items():
            theirs = ", ".join(f"t.{column.strip()}" for column in columns.split(","))
            like = f"SELECT l.run_id, {theirs} FROM bench_like l JOIN {table} t ON t.run_id = l.like_id"  # noqa: S608
            into.run(f"INSERT INTO {table} (run_id, {columns}) {like}")
        known = "(SELECT l.facts FROM bench_like l WHERE l.run_id = runs.id)"
        into.run(f"UPDATE runs SET facts = {into.as_json(known)} WHERE facts IS NULL")  # noqa: S608
        into.run("DROP TABLE bench_like")
    return drawn


def _save_those_that_others_are_like(url: str, folder: Path, drawn: Drawn) -> dict[str, str]:
    """Their facts, by their runs."""
    database, found = Database(url, folder / "audit"), {}
    for runs, minutes in ((drawn.whole, WHOLE_MINUTES), (drawn.short, SHORT_MINUTES)):
        for n, id in enumerate(runs):
            with database.write() as session:
                run = session.get_one(RunRow, id)
                save_lesson(session, run, long_lesson(minutes, seed=n))
                found[id] = json.dumps(run.facts)
    database.close()
    return found


class _Sqlite:
    def __init__(self, file: str) -> None:
        self._connection = sqlite3.connect(file, isolation_level=None)
        for pragma in ("foreign_keys = off", "synchronous = off", "cache_size = -500000"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("BEGIN")

    def put(self, table: str, columns: list[str], rows: Rows) -> None:
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({_named(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def run(self, sql: str) -> None:
        self._connection.execute(sql)

    def as_json(self, value: str) -> str:
        return value

    def close(self) -> None:
        self._connection.execute("COMMIT")
        self._connection.close()


class _Postgresql:
    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=False)
        self.run("SET session_replication_role = replica")  # what is drawn refers to what is there

    def put(self, table: str, columns: list[str], rows: Rows) -> None:
        into = f"COPY {table} ({_named(columns)}) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, sql: str) -> None:
        self._connection.execute(sql)

    def as_json(self, value: str) -> str:
        return f"CAST({value} AS JSON)"

    def close(self) -> None:
        self._connection.commit()
        self._connection.close()


def _named(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


@contextmanager
def _into(url: str) -> Iterator[Any]:
    parsed = parse(url)
    lite = parsed.get_backend_name() == "sqlite"
    into = _Sqlite(str(parsed.database)) if lite else _Postgresql(url)
    yield into
    into.close()


def looked_over(url: str) -> str:
    """As it is after a while: PostgreSQL's autovacuum has gone over every table. Which database this is."""
    parsed = parse(url)
    if parsed.get_backend_name() == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        return f"PostgreSQL {connection.info.server_version // 10000}"
