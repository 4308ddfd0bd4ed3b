"""Who is alive: a lock that a worker's process holds, which its death, however sudden, lets go of."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from pathlib import Path
from typing import IO, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError


class Lifeline(Protocol):
    def hold(self) -> bool:
        """Take this worker's lock, or make sure that it is still held. False where that cannot be said now."""
        ...

    def held(self, worker: str) -> bool:
        """Whether somebody holds that worker's lock."""
        ...

    def drop(self) -> None:
        """Let go of this worker's."""
        ...


class FileLifeline:
    """On one machine: `flock` on a file in `folder`. The file goes when its worker ends, or with `held` afterwards."""

    def __init__(self, folder: Path, worker: str) -> None:
        self._folder, self._worker = folder, worker
        self._file: IO[str] | None = None

    def hold(self) -> bool:
        if self._file is None:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = (self._folder / f"{self._worker}.lock").open("w")
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True

    def held(self, worker: str) -> bool:
        path = self._folder / f"{worker}.lock"
        try:
            with path.open("r+") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink(missing_ok=True)
        except BlockingIOError:
            return True
        except FileNotFoundError:
            pass
        return False

    def drop(self) -> None:
        if self._file:
            (self._folder / f"{self._worker}.lock").unlink(missing_ok=True)
            self._file.close()
            self._file = None


class PostgresLifeline:
    """For many machines: a session's advisory lock, on a connection of its own."""

    def __init__(self, engine: Engine, worker: str) -> None:
        self._engine, self._worker = engine, worker
        self._session: Connection | None = None

    def hold(self) -> bool:
        try:
            if self._session is not None:
                self._session.execute(text("SELECT 1"))
                return True
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            session.execute(text("SET idle_session_timeout = 0"))
            taken = session.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(self._worker)})
        except DBAPIError:
            self.drop()
            return False
        # The server may not have noticed yet that an earlier session of ours is gone.
        if not taken:
            session.close()
            return False
        self._session = session
        return True

    def held(self, worker: str) -> bool:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
            free = session.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": _key(worker)})
            if free:
                session.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(worker)})
        return not free

    def drop(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            with suppress(DBAPIError):
                session.invalidate()  # the lock is the session's: it must not go back into the pool with it
                session.close()


def _key(worker: str) -> int:
    """A worker's id (hexadecimal) as the signed 64-bit number that advisory locks have."""
    return int(worker[:15], 16)
