"""The audit log as it is kept: its lines in the database; its key, its head and what was erased beside it.

`note` tells of a deed within the transaction that does it. The lines of a transaction are written at its end, when
nothing else is locked any more, one transaction after the other; the head follows once they are there. Killed in
between, the head is behind, and the next line takes it along.
"""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, insert, select, text
from sqlalchemy.orm import Session

from coaching.audit import ERASURES, HEAD, KEY, Deed, Head, Line, erasure, pseudonym, sign, verify
from coaching.errors import BadInput
from models.database import Database, insert_if_new, now
from models.tables import AuditRow, ErasureRow, PseudonymRow

log = logging.getLogger(__name__)

LOCK = 0x5EC0_0D09
"""PostgreSQL's, for whoever writes lines: between the end of a transaction and its being there."""

ONCE_S = 86_400.0
"""A lesson that is opened again within so many seconds was told of."""

AT_ONCE = 1_000
"""Lines read at once."""


class Beside:
    """What lies outside the database, in a folder that nobody else may read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(self) -> str:
        """The server's, made when it is first asked for."""
        if (found := self._read(KEY)) is None:
            with self._alone():
                if (found := self._read(KEY)) is None:
                    found = secrets.token_hex(32)
                    self._write(HEAD, _head_text(Head()))  # from here on a log without one was cut off
                    self._write(KEY, found)
        return found

    def key_there(self) -> str | None:
        return self._read(KEY)

    def head(self) -> Head | None:
        """None where it is not there, or none can be read in it."""
        number, _, signature = (self._read(HEAD) or "").partition(" ")
        return Head(int(number), signature) if number.isdecimal() else None

    def raise_head(self, head: Head) -> None:
        with self._alone():
            if (self.head() or Head()).number < head.number:
                self._write(HEAD, _head_text(head))

    def record(self, erasures: Iterable[str], moment: float) -> None:
        """Keep what was erased, one a line: on the disk itself."""
        with self._alone(), (self.folder / ERASURES).open("a", encoding="ascii") as file:
            file.writelines(f"\n{erasure} {moment:.0f}" for erasure in erasures)  # also after half a line
            file.flush()
            os.fsync(file.fileno())

    def was_erased(self) -> Callable[[str], bool]:
        """Whether a person or a recording of this id was, by what is kept here now."""
        key, kept = self.key_there(), {line.partition(" ")[0] for line in (self._read(ERASURES) or "").splitlines()}
        return lambda id: key is not None and erasure(key, id) in kept

    def join(self, other: Beside) -> None:
        """Take the key and what was erased from another folder of the same server too. Raises BadInput."""
        key, theirs = self.key_there(), other.key_there()
        if None not in (key, theirs) and key != theirs:
            raise BadInput(
                f"{other.folder} is of another server than this backup. Move it away, or bring the right one. Nothing "
                "was restored."
            )
        if theirs is None:
            return
        with self._alone():
            if key is None:
                self._write(HEAD, _head_text(Head()))
                self._write(KEY, theirs)
            lines = [line for one in (self, other) for line in (one._read(ERASURES) or "").splitlines()]
            if lines:
                self._write(ERASURES, "\n".join(dict.fromkeys(lines)))

    def files(self) -> list[Path]:
        return [self.folder / name for name in (KEY, HEAD, ERASURES) if (self.folder / name).exists()]

    def _read(self, name: str) -> str | None:
        try:
            return (self.folder / name).read_text(encoding="ascii").strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def _write(self, name: str, content: str) -> None:
        """All of it, on the disk itself, or nothing."""
        part = self.folder / f".{name}.part"
        part.unlink(missing_ok=True)
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(f"{content}\n")
            out.flush()
            os.fsync(file)
        part.replace(self.folder / name)
        folder = os.open(self.folder, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _head_text(head: Head) -> str:
    return f"{head.number} {head.signature}"


def note(
    session: Session,
    deed: Deed,
    actor: str | None,
    *,
    lesson: str | None = None,
    person: str | None = None,
    school: str | None = None,
) -> None:
    """Have the log tell, once this transaction is done, that `actor` did this; None is whoever operates the server.
    Whoever and whatever is named is there still: the pseudonyms are made now."""
    # In one order, people before lessons, so that two who are named here for the first time never wait for each other.
    names = {one: _name(session, person_id=one) for one in sorted(filter(None, {actor, person}))}
    what = None if lesson is None else _name(session, recording_id=lesson)
    who, whom = (one and names[one] for one in (actor, person))
    line = {"deed": deed, "actor": who, "lesson": what, "person": whom, "school": school}
    session.info.setdefault("lines", []).append(line)


def erased(session: Session, id: str) -> None:
    """Have it be kept outside the database, right before this transaction is done, that this person or recording was
    erased: a backup of before has it still."""
    session.info.setdefault("erased", []).append(id)


def keep_receipt(session: Session, person: str, **counted: Any) -> None:
    """What is left of somebody who was erased (ErasureRow)."""
    session.add(ErasureRow(id=erasure(Beside(session.info["audit"]).key(), person), **counted))


def told_lately(session: Session, actor: str, lesson: str) -> bool:
    """Whether the log tells already that they opened this lesson."""
    named = (PseudonymRow.person_id == actor) | (PseudonymRow.recording_id == lesson)
    keys = {row.person_id or row.recording_id: row.key for row in session.scalars(select(PseudonymRow).where(named))}
    if not {actor, lesson} <= keys.keys():
        return False
    lines = select(AuditRow.number).where(AuditRow.lesson == pseudonym(keys[lesson], lesson))
    lines = lines.where(AuditRow.actor == pseudonym(keys[actor], actor), AuditRow.deed == Deed.OPENED)
    return session.scalar(lines.where(AuditRow.made > now(session) - ONCE_S).limit(1)) is not None


class AuditLog:
    """For whoever operates the server."""

    def __init__(self, database: Database, beside: Beside) -> None:
        self._database, self._beside = database, beside

    def verify(self) -> tuple[int, str | None]:
        """How many lines there are, and what is wrong with them, if anything is."""
        # The head before the lines: it may be behind them, never before.
        key, head, folder = self._beside.key_there(), self._beside.head(), self._beside.folder
        with self._database.read() as session:
            count = session.scalar(select(func.count()).select_from(AuditRow)) or 0
            if key is None and head is None and not count:
                return 0, None
            if key is None or head is None:
                return count, f"A file of the audit log is not there: {folder / (HEAD if key else KEY)}."
            return count, verify(((_line(row), row.signature) for row in _rows(session)), key, head)

    def restored(self) -> None:
        """Have the log tell that it goes on from a backup here: what it told after that is in no line of it."""
        with self._database.write() as session:
            note(session, Deed.RESTORED, None)

    def lines(self) -> Iterator[tuple[str, ...]]:
        """Number, time, who, what, which lesson, whom: by their ids, where their pseudonyms can still be told."""
        with self._database.read() as session:
            keys = session.scalars(select(PseudonymRow)).all()
            ids = {pseudonym(row.key, id): id for row in keys if (id := row.person_id or row.recording_id)}
            for row in _rows(session):
                when = datetime.fromtimestamp(row.made, UTC).isoformat(timespec="seconds")
                who, lesson, whom = (one and ids.get(one, "erased") for one in (row.actor, row.lesson, row.person))
                yield str(row.number), when, who or "operator", row.deed, lesson or "-", whom or "-"


def _rows(session: Session) -> Iterable[AuditRow]:
    return session.scalars(select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=AT_ONCE))


@event.listens_for(Session, "before_commit")
def _write_lines(session: Session) -> None:
    """At the end of a transaction that does what is told: the lock that keeps the lines in a row is its last."""
    lines, gone = session.info.pop("lines", ()), session.info.pop("erased", ())
    if not lines and not gone:
        return
    beside = Beside(session.info["audit"])
    key, moment = beside.key(), now(session)
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": LOCK})
    newest = select(AuditRow.number, AuditRow.signature).order_by(AuditRow.number.desc()).limit(1)
    last = session.execute(newest).first()
    # Where lines were cut off, the next one goes on behind the head: so it can be seen for good that some are missing.
    head = max(Head(*last) if last else Head(), beside.head() or Head())
    for fields in lines:
        line = Line(number=head.number + 1, made=moment, **fields)
        head = Head(line.number, sign(key, head.signature, line))
        session.execute(insert(AuditRow).values(**asdict(line), signature=head.signature))
    session.info["head"] = head
    if gone:
        beside.record([erasure(key, id) for id in gone], moment)


@event.listens_for(Session, "after_commit")
def _write_head(session: Session) -> None:
    if (head := session.info.pop("head", None)) is not None:
        try:
            Beside(session.info["audit"]).raise_head(head)
        except OSError:  # what was done is done; the next line takes it along
            log.exception("the head of the audit log could not be written")


def _line(row: AuditRow) -> Line:
    return Line(row.number, row.made, row.deed, row.actor, row.lesson, row.person, row.school)


def _name(session: Session, **whose: str) -> str:
    """The pseudonym of a person or a recording."""
    ((column, id),) = whose.items()
    insert_if_new(session, PseudonymRow, key=secrets.token_hex(32), **whose)
    return pseudonym(session.scalars(select(PseudonymRow.key).where(getattr(PseudonymRow, column) == id)).one(), id)
