"""The database's rows out of one and into another, of either kind: one snapshot out, one transaction in.

Tables are read and written as the database itself describes them, so a backup of an older version is put into that
version's tables and then upgraded like any database.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from typing import Any

from alembic import command
from sqlalchemy import JSON, URL, Connection, MetaData, Table, insert, inspect, select, update
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from coaching.backups import BadBackup, Kept, is_place
from coaching.errors import BadInput
from coaching.mailing import Mailing
from coaching.recordings import RunState, StageState, is_id
from models import erasing
from models.database import UPGRADE, Database, now, parse
from models.rows import move, put_back
from models.tables import Base, NotificationRow, RunRow, StageRow, SurveyRow, WorkState
from models.upgrade import NEWER, alone, config_of, revision_of, revisions

LEFT_OUT = frozenset(
    "sessions links sign_in_tries sign_in_flows tickets uploads upload_files workers handouts survey_takers".split()
)
"""What belongs to the moment: who is signed in, secrets and uploads under way, who is at work, and files that can be
made again. And who has answered a survey: of two backups, one from before and one from after, the difference would show
whose answer is whose."""

PATHS = {"recording_files": "path", "stages": "artefact", "learning_walks": "photo", "kept_films": "path"}
"""Columns that name something in the data folder."""

IDS = frozenset({"id", "recording_id", "run_id", "recording", "walk_id", "clip_id"})
"""Columns that hold an id, of which the name of a folder is made."""

AT_ONCE = 500
"""Rows."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A moment of the database: its revision, its tables as they were written, and what its rows point to."""

    revision: str
    tables: Mapping[str, Kept]
    originals: Mapping[str, Kept]
    artefacts: frozenset[str]
    """Folders of finished stages, of photos of visits, and of the films of clips that stay."""


def take(url: str, folder: Path) -> Snapshot:
    """Write every table as it is in this moment into `folder`, while others go on. Raises BadInput, Unreachable."""
    database = Database(url)
    try:
        with database.read() as session:
            connection = session.connection()
            revision = revision_of(connection)
            if revision is None:
                raise BadInput(f"There is no database yet. {UPGRADE}")
            if revision not in revisions():
                raise BadInput(NEWER)
            found = {table.name: table for table in _tables(connection)}
            tables = {name: _write(connection, table, folder) for name, table in found.items()}
            files, stages = found["recording_files"], found["stages"]
            originals = {
                path: Kept(size, sha256)
                for path, size, sha256 in connection.execute(select(files.c.path, files.c.size, files.c.sha256))
            }
            artefacts = set(connection.scalars(select(stages.c.artefact).where(stages.c.artefact.is_not(None))))
            if (walks := found.get("learning_walks")) is not None:  # a database that was not upgraded yet has none
                photos = connection.scalars(select(walks.c.photo).where(walks.c.photo.is_not(None)))
                artefacts |= {str(PurePosixPath(photo).parent) for photo in photos}
            if (kept := found.get("kept_films")) is not None:
                artefacts |= {str(PurePosixPath(path).parent) for path in connection.scalars(select(kept.c.path))}
                films = found["retained_films"].c
                gone = select(files.c.path).join(films.recording_id.table, films.recording_id == files.c.recording_id)
                for path in connection.scalars(gone.where(films.gone.is_not(None))):
                    del originals[path]
            return Snapshot(revision, tables, originals, frozenset(artefacts))
    finally:
        database.close()


def check_empty(url: str) -> None:
    """Raises BadInput where something is in the database already."""
    database = Database(url)
    file = _file(database.url)
    try:
        if file is not None and not file.exists():
            return
        with database.read() as session:
            seen = inspect(session.connection())
            if seen.get_table_names() or "dbos" in seen.get_schema_names():
                raise BadInput("There is something in this database already. Restore into an empty one.")
    finally:
        database.close()


def put(
    url: str,
    folder: Path,
    tables: Iterable[str],
    revision: str,
    was_erased: Callable[[str], bool] = lambda id: False,
) -> int:
    """Make the database of the tables in `folder`: all of it, or nothing. Raises BadInput, BadBackup, Unreachable.

    People and recordings for whose ids it `was_erased` are erased again; how many these were.

    What was at work is waiting again, and nobody is signed in.
    """
    if revision not in revisions():
        raise BadBackup("This backup was made by a newer version of Second Look. Restore it with that version.")
    check_empty(url)
    file = _file(parse(url))
    if file is None:
        return _fill(url, folder, frozenset(tables), revision, was_erased)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f".{file.name}.part")
    try:
        _remove(part)
        again = _fill(f"sqlite:///{part}", folder, frozenset(tables), revision, was_erased)
        if file.exists():
            raise BadInput("Somebody made a database in the meantime. Nothing was restored.")
        part.rename(file)
        return again
    finally:
        _remove(part)


def _fill(url: str, folder: Path, names: frozenset[str], revision: str, was_erased: Callable[[str], bool]) -> int:
    try:
        with alone(Database(url)) as connection:
            command.upgrade(config_of(connection), revision)
            tables = _tables(connection)
            if names != {table.name for table in tables}:
                raise BadBackup
            for table in tables:
                rows = _in_order(table, _read(table, folder))
                while some := list(islice(rows, AT_ONCE)):
                    connection.execute(insert(table), some)
            command.upgrade(config_of(connection), "head")
            with Session(connection) as session:
                _put_back_all(session)
                again = erasing.again(session, was_erased)
                session.flush()
            return again
    except StatementError:  # whatever is wrong with the database itself was told in other words
        raise BadBackup("The rows of this backup do not fit together. Nothing was restored.") from None


def _put_back_all(session: Session) -> None:
    """Whoever was at work then is not now: what they had begun waits, and any worker puts it into the queue."""
    moment = now(session)
    for stage in session.scalars(select(StageRow).where(StageRow.state == StageState.RUNNING)):
        stage.tries = max(0, stage.tries - 1)
        put_back(stage)
    for run in session.scalars(select(RunRow).where(RunRow.work != WorkState.OVER)):
        if run.state is RunState.RUNNING:
            move(run, RunState.WAITING)
        run.work, run.attempt, run.since, run.heard = WorkState.WAITING, run.attempt + 1, moment, moment
    ended = update(SurveyRow).where(SurveyRow.ends > moment)
    session.execute(ended.values(ends=moment))  # who has answered is not known any more, and could twice
    written = update(NotificationRow).where(NotificationRow.mail.in_((Mailing.NEW, Mailing.WAITING)))
    session.execute(written.values(mail=Mailing.NONE, due=None))  # whatever was written since nobody knows any more


def _tables(connection: Connection) -> list[Table]:
    """Ours as they are in this database, those first to which others refer."""
    found = MetaData()
    ours = Base.metadata.tables.keys() - LEFT_OUT
    found.reflect(connection, only=lambda name, _: name in ours, resolve_fks=False)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=True)
    return found.sorted_tables


def _write(connection: Connection, table: Table, folder: Path) -> Kept:
    digest, size = hashlib.sha256(), 0
    with (folder / f"{table.name}.jsonl").open("xb") as out:
        query = select(table).order_by(*table.primary_key).execution_options(yield_per=AT_ONCE)
        for row in chain([table.columns.keys()], connection.execute(query)):
            line = json.dumps(list(row)).encode() + b"\n"
            digest.update(line)
            size += out.write(line)
        out.flush()
        os.fsync(out.fileno())
    return Kept(size, digest.hexdigest())


def _read(table: Table, folder: Path) -> Iterator[dict[str, Any]]:
    try:
        with (folder / f"{table.name}.jsonl").open(encoding="ascii") as lines:
            names = json.loads(next(lines))
            if set(names) != set(table.columns.keys()):
                raise BadBackup
            for line in lines:
                row = dict(zip(names, json.loads(line), strict=True))
                path = row.get(PATHS.get(table.name, ""))
                if path is not None and not is_place(path):
                    raise BadBackup("This backup names a file outside of its folders. Nothing was restored.")
                if not all(is_id(row[name]) for name in IDS & row.keys() if row[name] is not None):
                    raise BadBackup("This backup holds an id that is none. Nothing was restored.")
                yield row
    except (OSError, ValueError, TypeError, StopIteration, RecursionError):
        raise BadBackup(f"The table {table.name} of this backup cannot be read. Nothing was restored.") from None


def _in_order(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows, those first to which other rows of the same table refer (a comment, and its answers)."""
    own = [key.parent.name for key in table.foreign_keys if key.target_fullname.split(".")[0] == table.name]
    if not own:
        yield from rows
        return
    (key,), (id,) = own, [column.name for column in table.primary_key]
    waiting, known = list(rows), {None}
    while waiting:
        ready = [row for row in waiting if row[key] in known]
        if not ready:
            raise BadBackup("The rows of this backup do not fit together. Nothing was restored.")
        known |= {row[id] for row in ready}
        waiting = [row for row in waiting if row[id] not in known]
        yield from ready


def _file(url: URL) -> Path | None:
    return Path(url.database).absolute() if url.get_backend_name() == "sqlite" and url.database else None


def _remove(file: Path) -> None:
    for name in (file.name, f"{file.name}-wal", f"{file.name}-shm"):
        with suppress(FileNotFoundError):
            file.with_name(name).unlink()
