"""Lessons on their way here, and the tickets with which a phone may bring one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coaching.uploads import TicketKind, UploadState
from models.types import Base, identity, of, one_of


class UploadRow(Base):
    """A lesson that is being uploaded, of `parts` files. How much of each has come, the files themselves say."""

    __tablename__ = "uploads"
    __table_args__ = (
        Index(None, "owner_id", "state"),
        CheckConstraint("parts >= 1", "counted"),
        CheckConstraint("state <> 'arrived' OR recording_id IS NOT NULL", "arrived"),
        CheckConstraint("state <> 'refused' OR reason IS NOT NULL", "reason"),
    )

    id: Mapped[str] = identity()
    owner_id: Mapped[str] = of("people.id")
    name: Mapped[str]
    class_period_id: Mapped[str | None] = of("class_periods.id", on_delete="SET NULL", nullable=True, index=True)
    taught: Mapped[str | None] = mapped_column(String(10))
    consent: Mapped[float]
    look_fors: Mapped[list[Any]]
    parts: Mapped[int]
    state: Mapped[UploadState] = mapped_column(one_of(UploadState))
    reason: Mapped[str | None]
    recording_id: Mapped[str | None] = of("recordings.id", nullable=True, index=True)
    began: Mapped[float]
    ends: Mapped[float] = mapped_column(index=True)


class UploadFileRow(Base):
    """One part. `fingerprint` is what the browser knows it by, `sha256` what it says of the whole: null until then."""

    __tablename__ = "upload_files"
    __table_args__ = (
        UniqueConstraint("upload_id", "position"),
        CheckConstraint("size >= 1", "size"),
        CheckConstraint("position >= 0", "position"),
    )

    id: Mapped[str] = identity()
    upload_id: Mapped[str] = of("uploads.id")
    position: Mapped[int]
    name: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    fingerprint: Mapped[str] = mapped_column(String(64))
    sha256: Mapped[str | None] = mapped_column(String(64))


class TicketRow(Base):
    """`id` is a fingerprint: of the code within a QR picture, good once, or of the cookie that it was changed for,
    which can do this one upload and nothing else."""

    __tablename__ = "tickets"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"),)

    id: Mapped[str] = identity()
    kind: Mapped[TicketKind] = mapped_column(one_of(TicketKind))
    person_id: Mapped[str] = of("people.id", index=True)
    upload_id: Mapped[str | None] = of("uploads.id", nullable=True, index=True)
    ends: Mapped[float] = mapped_column(index=True)
