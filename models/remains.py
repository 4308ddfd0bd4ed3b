"""Whether anything is left of what was erased: a search of every table and every file."""

from __future__ import annotations

import json
import mmap
import os
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from sqlalchemy import MetaData, Text, cast, func, inspect, or_, select

from models.database import Database, parse

RECEIPTS = frozenset({"receipts", "erasures"})
"""The tables of what stays."""

WAIT_S = 30.0
"""How long for others to let go of a database of SQLite."""


def has_table(url: str, name: str) -> bool:
    """In any schema."""
    database = Database(url)
    try:
        with database.read() as session:
            seen = inspect(session.connection())
            return any(seen.has_table(name, schema) for schema in seen.get_schema_names())
    finally:
        database.close()


def in_tables(url: str, words: Collection[str]) -> Iterator[str]:
    """The tables, of every schema, in which any of these words stands, but for receipts."""
    database = Database(url)
    try:
        with database.read() as session:
            connection = session.connection()
            seen = inspect(connection)
            position = func.instr if database.url.get_backend_name() == "sqlite" else func.strpos
            for schema in sorted({*seen.get_schema_names()} - {"information_schema"}):
                tables = MetaData()
                tables.reflect(connection, schema=schema, resolve_fks=False)
                for table in tables.tables.values():
                    if table.name in RECEIPTS:
                        continue
                    texts = [cast(column, Text) for column in table.columns]
                    where = or_(*(position(text, word) > 0 for text in texts for word in _spelt(words)))
                    if count := connection.scalar(select(func.count()).select_from(table).where(where)):
                        yield f"the table {table.name} ({count})"
    finally:
        database.close()


def in_files(data: Path, names: Collection[str], words: Collection[str]) -> Iterator[str]:
    """The files of the data folder with any of `names` in their path or any of `words` in their bytes. Of others'
    recordings, and of models, the names alone are looked at; what somebody had made of recordings to keep is read."""
    sought = [word.encode() for word in _spelt(words)]
    for folder, _, files in os.walk(data):
        for file in (Path(folder, name) for name in files):
            path = file.relative_to(data)
            if any(word in str(path) for word in names):
                yield f"the name of {path}"
            elif _is_read(path) and not file.is_symlink() and _holds(file, sought):
                yield str(path)


def wipe(url: str, *, anew: bool) -> None:
    """Empty the journal of a database of SQLite, and before that write it `anew`, without what was deleted in it.
    Others may be at work in it."""
    if (parsed := parse(url)).get_backend_name() == "sqlite" and parsed.database and Path(parsed.database).exists():
        connection = sqlite3.connect(parsed.database, timeout=WAIT_S, isolation_level=None)
        try:
            if anew:
                connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()


def _is_read(path: Path) -> bool:
    return path.parts[0] not in ("models", "recordings") or "handouts" in path.parts


def _holds(file: Path, words: Collection[bytes]) -> bool:
    try:
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return any(content.find(word) >= 0 for word in words)
    except (FileNotFoundError, ValueError):  # gone meanwhile, or empty
        return False


def _spelt(words: Collection[str]) -> set[str]:
    """As they are, and as JSON writes them."""
    return {spelt for word in words for spelt in (word, json.dumps(word)[1:-1])}
