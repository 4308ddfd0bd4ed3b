"""How long films are kept: what schools decided, what is known of single films, and the films of clips that stay."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.types import Base, of


class RetentionPolicyRow(Base):
    """`days` is null where films are kept for good; `changed` when days or clips were last decided otherwise."""

    __tablename__ = "retention_policies"
    __table_args__ = (CheckConstraint("days BETWEEN 30 AND 3650", "days"),)

    school_id: Mapped[str] = of("schools.id", primary_key=True)
    days: Mapped[int | None]
    keep_clips: Mapped[bool]
    may_protect: Mapped[bool]
    by_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", nullable=True)
    changed: Mapped[float]


class RetainedFilmRow(Base):
    """What is known of the film of a recording; no row where nothing is. `protected` and `until` are moments; `first`
    and `last` when its owner was warned, `goes` what they were told. `keeping`: since when films of its clips are made
    so that it can go; `held` why it cannot. `again`: it was deleted after the backup that this database came from.

    `gone` is when it was deleted, under a policy of so many `days`; `removed` when no file of it was left."""

    __tablename__ = "retained_films"
    __table_args__ = (
        CheckConstraint("(protected IS NULL) = (reason IS NULL)", "reason_given"),
        CheckConstraint("gone IS NOT NULL OR removed IS NULL", "removed_after"),
        Index(None, "gone", "removed"),
    )

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    protected: Mapped[float | None]
    until: Mapped[float | None]
    reason: Mapped[str | None]
    first: Mapped[float | None]
    last: Mapped[float | None]
    goes: Mapped[float | None]
    keeping: Mapped[float | None]
    held: Mapped[str | None]
    again: Mapped[bool] = mapped_column(default=False)
    keep_clips: Mapped[bool] = mapped_column(default=True)
    days: Mapped[int | None]
    gone: Mapped[float | None]
    removed: Mapped[float | None]


class KeptFilmRow(Base):
    """The film of a clip whose lesson's film was deleted: of just these seconds. `path` is relative to the data
    folder."""

    __tablename__ = "kept_films"
    __table_args__ = (CheckConstraint("start >= 0 AND stop > start", "span"),)

    clip_id: Mapped[str] = of("clips.id", primary_key=True)
    recording_id: Mapped[str] = of("recordings.id", index=True)
    start: Mapped[float]
    stop: Mapped[float]
    path: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
