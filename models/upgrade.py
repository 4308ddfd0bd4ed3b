"""Bring a database to the tables of this version, and say in one sentence why one cannot be used."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from coaching.errors import BadInput
from models.database import UPGRADE, Database, folder_of, plain_errors

NEWER = "This database was made by a newer version of Second Look. Update Second Look, or name another database."
LOCK = 5_327_021
"""Of two who upgrade one database on PostgreSQL at once, the second waits by this number."""


def upgrade(url: str, revision: str = "head") -> tuple[str | None, str]:
    """Bring the database to this version's tables, making it where there is none; the revisions before and after."""
    database = Database(url)
    folder = folder_of(database.url)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)  # transcripts: not for other accounts
        except OSError as error:
            raise BadInput(
                f"The folder {folder} cannot be made: {(error.strerror or 'unknown reason').lower()}."
            ) from None
    with alone(database) as connection:
        before = revision_of(connection)
        if before is not None and before not in revisions():
            raise BadInput(NEWER)
        command.upgrade(config_of(connection), revision)
        after = revision_of(connection)
    return before, after or ""


def downgrade(url: str, revision: str) -> None:
    """Undo migrations down to `revision` (`base` for all of them). For tests: it forgets what has no place any more."""
    with alone(Database(url)) as connection:
        command.downgrade(config_of(connection), revision)


def check(url: str) -> None:
    """Raises BadInput or Unreachable with the sentence that says why this database cannot be used as it is."""
    database = Database(url)
    folder = folder_of(database.url)
    if folder is not None and not Path(database.url.database or "").exists():
        raise BadInput(f"There is no database yet. {UPGRADE}")
    try:
        with plain_errors(), database.engine.connect() as connection:
            found = revision_of(connection)
    finally:
        database.close()
    if found is None:
        raise BadInput(f"This database was not upgraded yet. {UPGRADE}")
    if found not in revisions():
        raise BadInput(NEWER)
    if found != head():
        raise BadInput(f"This database was not upgraded yet. {UPGRADE}")


def head() -> str:
    """The revision that this version's tables are."""
    return ScriptDirectory.from_config(config_of()).get_current_head() or ""


def revisions() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config_of()).walk_revisions()}


def revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def config_of(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """One transaction in which nobody else upgrades.

    SQLite changes a table by making it anew, which must not count as deleting its rows: so references are not enforced
    meanwhile, and checked at the end.
    """
    lite = database.url.get_backend_name() == "sqlite"
    try:
        with plain_errors(), database.engine.execution_options(writes=True).connect() as connection:
            if lite:
                raw = connection.connection.dbapi_connection
                assert isinstance(raw, sqlite3.Connection)  # noqa: S101
                raw.execute("PRAGMA foreign_keys = off")
            with connection.begin():
                if not lite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
                yield connection
                if lite and connection.execute(text("PRAGMA foreign_key_check")).first():
                    raise BadInput(
                        "This database is damaged: rows refer to rows that are not there. Nothing was changed."
                    )
    except CommandError as error:
        raise BadInput(f"This database cannot be upgraded: {error}.") from None
    finally:
        database.close()
