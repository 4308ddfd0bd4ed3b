"""The one way to a database: which one a URL names, how it is opened, and what its errors mean to people.

A transaction is a `with` block: `read()`, in which everything is seen as it was at its first look, or `write()`, which
commits at its end and rolls back where it raises. On SQLite a writer begins with BEGIN IMMEDIATE, so that two never
find out too late that they wanted the same; on PostgreSQL writers lock the rows they decide on. What goes wrong outside
comes out as an error of coaching/errors.py: nobody but this folder knows SQLAlchemy.
"""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, inspect, make_url, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from coaching.errors import BadInput, OutOfSpace, SecondLookError, Unreachable
from models.types import clock

BUSY_S = 30.0
"""How long a writer waits for SQLite's lock: transactions take milliseconds, a migration seconds."""

FORGET_S = 1.0
"""How long to wait for readers of SQLite when the journal is emptied."""

POOL = {"pool_size": 15, "max_overflow": 0}
"""Connections of a process, all of them kept: to open one costs more than most of what is asked over it."""

CONNECT_S = 5
"""How long PostgreSQL may take to answer before it counts as gone."""

LEFT_OPEN_MS = 15_000
"""PostgreSQL ends a transaction in which a stopped process holds its locks and says nothing for so long."""

UPGRADE = "Run `secondlook db upgrade`."


class Database:
    """Connections to one database, made when they are needed. `url` as in the setting DATABASE_URL; `audit` is the
    folder of what the audit log keeps outside of it (audit.py), for whoever does what is told there."""

    def __init__(self, url: str, audit: Path | None = None) -> None:
        self.url, self.audit = parse(url), audit
        self.engine = make_engine(self.url)
        self._writing = self.engine.execution_options(writes=True)
        lite = self.url.get_backend_name() == "sqlite"  # which never shows a reader what came after its first look
        self._reading = self.engine if lite else self.engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def read(self) -> Iterator[Session]:
        with plain_errors(), Session(self._reading) as session:
            yield session
            session.expunge_all()  # a reader writes nothing, whatever became of its rows
            session.commit()  # at a ROLLBACK psycopg drops what it prepared, and to plan a gate takes longest of all

    @contextmanager
    def write(self) -> Iterator[Session]:
        made = Session(self._writing, expire_on_commit=False, info={"audit": self.audit})
        with plain_errors(), made as session, session.begin():
            yield session

    def forget(self, *tables: type[Any]) -> None:
        """Have what was deleted vanish from SQLite's journal too; where somebody reads just now, it is written over
        before long. On PostgreSQL, which keeps deleted rows in their tables, from these `tables`."""
        if tables and self.url.get_backend_name() == "postgresql":
            with suppress(DBAPIError), self.engine.connect() as alone:
                free = alone.execution_options(isolation_level="AUTOCOMMIT")
                free.exec_driver_sql(f"VACUUM {', '.join(table.__tablename__ for table in tables)}")
        if self.url.get_backend_name() == "sqlite":
            with suppress(DBAPIError, sqlite3.Error):
                connection = self.engine.raw_connection()
                try:
                    cursor = connection.cursor()
                    cursor.execute(f"PRAGMA busy_timeout = {round(1000 * FORGET_S)}")
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                    cursor.execute(f"PRAGMA busy_timeout = {round(1000 * BUSY_S)}")
                finally:
                    connection.close()

    def close(self) -> None:
        self.engine.dispose()


def parse(url: str) -> URL:
    """Raises BadInput for what is no URL of SQLite or PostgreSQL; what is wrong is said, a password never."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, ValueError):
        raise BadInput(
            "DATABASE_URL is not the address of a database. Write it as postgresql://USER:PASSWORD@HOST/NAME, or as "
            "sqlite:///FILE."
        ) from None
    if backend == "sqlite":
        if not parsed.database or parsed.database == ":memory:":
            raise BadInput("DATABASE_URL names no file. Write it as sqlite:///FILE.")
        if parsed.query:
            raise BadInput("DATABASE_URL has an option, and sqlite:///FILE takes none. Leave out what follows the `?`.")
        return parsed.set(drivername="sqlite", database=str(Path(parsed.database).expanduser()))
    if backend in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    raise BadInput("DATABASE_URL must begin with sqlite:/// or postgresql://; other databases are not supported.")


def make_engine(url: URL) -> Engine:
    to_json = partial(json.dumps, allow_nan=False, default=float)  # float: numpy's numbers
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": BUSY_S}, json_serializer=to_json, **POOL)
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    engine = create_engine(
        url,
        connect_args={**({} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_S}), **alive},
        json_serializer=to_json,
        pool_pre_ping=True,
        **POOL,
    )
    event.listen(engine, "connect", _open_postgresql)
    return engine


def now(session: Session) -> float:
    """Seconds since 1970 in UTC by the database's clock, which all machines share."""
    return session.connection().execute(select(clock())).scalar_one()  # flushes nothing half-changed


def insert_if_new(session: Session, table: type[Any], **values: Any) -> bool:
    """Insert the row unless one with the same key is there; whether it was inserted. Safe when two do it at once."""
    made = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)
    done = made.values(**values).on_conflict_do_nothing().returning(*inspect(table).primary_key)
    return session.connection().execute(done).first() is not None


def insert_new(session: Session, table: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert those rows whose key is not there yet. Safe when two do it at once."""
    if rows:
        made = (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)
        session.execute(made.on_conflict_do_nothing(), list(rows))


def _open_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = wal")
    cursor.execute("PRAGMA foreign_keys = on")
    cursor.execute("PRAGMA secure_delete = on")  # what a lesson said shall not be read in the file once it is deleted
    cursor.close()
    connection.create_function("lower", 1, lambda text: text and text.lower(), deterministic=True)  # not ASCII alone


def make_wal(file: Path) -> None:
    """Have a database of SQLite, here or new, keep a journal in which readers and the writer do not wait for each other
    and a transaction is on the disk after one flush. It stays so, whoever opens it."""
    with plain_errors():
        engine = create_engine(URL.create("sqlite", database=str(file)), connect_args={"timeout": BUSY_S})
        for last in (*[False] * 9, True):  # of two who do it at once, SQLite does not let one wait
            try:
                with engine.connect() as connection:
                    if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
                        connection.exec_driver_sql("PRAGMA journal_mode = wal")
                break
            except OperationalError as error:
                if last or "locked" not in str(error):
                    raise
                time.sleep(0.1)
        engine.dispose()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _open_postgresql(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = {LEFT_OPEN_MS}")
        cursor.execute("SET jit = off")  # which takes longer than any of these statements
    connection.commit()


@contextmanager
def plain_errors() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise Unreachable("The database has no connection free. Try again.") from None
    except DBAPIError as error:
        if plain := _plain(error):
            raise plain from error
        raise


def _plain(error: DBAPIError) -> SecondLookError | None:
    """The error that people and workers understand; None for a mistake of our own."""
    state, said = getattr(error.orig, "sqlstate", None) or "", str(error.orig).lower()
    if state == "53100" or "disk is full" in said or "no space left" in said:
        return OutOfSpace()
    if state == "42P01" or "no such table" in said or state == "42703" or "no such column" in said:
        return BadInput(f"This database was not upgraded yet. {UPGRADE}")
    if state in ("28P01", "28000") or "authentication failed" in said or re.search('role ".*" does not exist', said):
        return BadInput("The database refused the user or the password in DATABASE_URL.")
    if not state and (option := _MISUNDERSTOOD.search(str(error.orig))):
        return BadInput(f"DATABASE_URL has something that PostgreSQL does not understand: {option[0]}. Correct it.")
    if state == "3D000" or re.search('database ".*" does not exist', said):
        return BadInput("The server has no database of the name in DATABASE_URL. Create it, or name another.")
    if "file is not a database" in said:
        return BadInput("The file that DATABASE_URL names is not a database of Second Look.")
    if "unable to open database file" in said or "readonly database" in said or "attempt to write a readonly" in said:
        return BadInput("The database's file or its folder cannot be opened for writing.")
    if "disk i/o error" in said:
        return Unreachable("The database's disk cannot be read or written: it is full, or away. Look at it, try again.")
    if state == "25006":  # a standby that is about to lead
        return Unreachable()
    if "is locked" in said or state in ("40001", "40P01", "55P03"):
        return Unreachable("The database was busy for too long. Try again.")
    # psycopg gives a connection that was never made, or broke, no state of the server's.
    lost = (
        not state
        and isinstance(error, OperationalError | InterfaceError)
        and "sqlite" not in type(error.orig).__module__
    )
    if error.connection_invalidated or state[:2] in ("08", "57", "53") or lost:
        return Unreachable()
    return None


_MISUNDERSTOOD = re.compile(r"""(?:invalid|bad) [a-z_ ]+:? *["'][^"']*["']""")
"""What libpq says of an address before it asks any server."""


def folder_of(url: URL) -> Path | None:
    """The folder that a database of SQLite lies in."""
    return Path(url.database).parent if url.get_backend_name() == "sqlite" and url.database else None
