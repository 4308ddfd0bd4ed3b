"""The audit log, the keys of its pseudonyms, and what is left of people who were erased."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coaching.recordings import LONGEST_ID
from models.types import Base, identity, of


class AuditRow(Base):
    """A line; never changed, never deleted. No reference leads out of it: it outlives what it tells of. `deed` has no
    CHECK, so that a new one needs no migration."""

    __tablename__ = "audit_events"
    __table_args__ = (Index(None, "lesson", "actor", "made"),)

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    made: Mapped[float]
    deed: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str | None] = mapped_column(String(32))
    lesson: Mapped[str | None] = mapped_column(String(32))
    person: Mapped[str | None] = mapped_column(String(32))
    school: Mapped[str | None] = mapped_column(String(LONGEST_ID))
    signature: Mapped[str] = mapped_column(String(64))


class PseudonymRow(Base):
    """The key of the pseudonym of a person or a recording. It goes with them, and then nobody can tell whose the
    pseudonym in the log was."""

    __tablename__ = "pseudonyms"
    __table_args__ = (CheckConstraint("(person_id IS NULL) <> (recording_id IS NULL)", "somebodys"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str | None] = of("people.id", nullable=True, unique=True)
    recording_id: Mapped[str | None] = of("recordings.id", nullable=True, unique=True)


class ErasureRow(Base):
    """That a person was erased, how many rows with them by table, and the former ids of their recordings, of which no
    files may lie there. `id` is made of the person's with the server's key."""

    __tablename__ = "erasures"

    id: Mapped[str] = identity()
    made: Mapped[float]
    rows: Mapped[dict[str, Any]]
    files: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    recordings: Mapped[list[Any]]
