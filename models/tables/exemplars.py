"""A school's library of exemplars: clips that were published, and what colleagues do with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coaching.clips import LONGEST_TITLE
from models.types import Base, identity, of


class ExemplarRow(Base):
    """A clip as it was published: its seconds are copied, so that one that is changed shows nothing that was not
    looked through. `covered`: with its faces covered."""

    __tablename__ = "exemplars"
    __table_args__ = (
        UniqueConstraint("clip_id", "school_id"),
        CheckConstraint("start >= 0 AND stop > start", "span"),
        Index(None, "school_id", "published"),
    )

    id: Mapped[str] = identity()
    clip_id: Mapped[str] = of("clips.id")
    school_id: Mapped[str] = of("schools.id")
    teacher_id: Mapped[str] = of("people.id", index=True)
    start: Mapped[float]
    stop: Mapped[float]
    name: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    to_see: Mapped[str]
    look_fors: Mapped[list[Any]]
    covered: Mapped[bool]
    published: Mapped[float]
    withdrawn: Mapped[float | None]


class ExemplarCommentRow(Base):
    __tablename__ = "exemplar_comments"
    __table_args__ = (Index(None, "exemplar_id", "made"),)

    id: Mapped[str] = identity()
    exemplar_id: Mapped[str] = of("exemplars.id")
    author_id: Mapped[str] = of("people.id", index=True)
    body: Mapped[str]
    made: Mapped[float]


class KeptExemplarRow(Base):
    """That somebody keeps one for themselves."""

    __tablename__ = "kept_exemplars"

    exemplar_id: Mapped[str] = of("exemplars.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)


class CycleExemplarRow(Base):
    """That one is linked to the goal of a coaching cycle."""

    __tablename__ = "cycle_exemplars"

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    exemplar_id: Mapped[str] = of("exemplars.id", primary_key=True, index=True)
    tied: Mapped[float]
