"""Codebooks in their versions, and rounds in which two people label the same clips by one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from models.types import Base, identity, of


class CodebookRow(Base):
    """A school's codebook or a person's own. `taken_away` can be undone; the row stays with its versions."""

    __tablename__ = "codebooks"
    __table_args__ = (CheckConstraint("(school_id IS NULL) <> (owner_id IS NULL)", "somebodys"),)

    id: Mapped[str] = identity()
    school_id: Mapped[str | None] = of("schools.id", index=True)
    owner_id: Mapped[str | None] = of("people.id", index=True)
    taken_away: Mapped[float | None]


class CodebookVersionRow(Base):
    """A codebook as it was from one change to the next: a document, that is never written again. `by_id` is who made
    it, and null once they have no account."""

    __tablename__ = "codebook_versions"
    __table_args__ = (UniqueConstraint("codebook_id", "number"),)

    id: Mapped[str] = identity()
    codebook_id: Mapped[str] = of("codebooks.id")
    number: Mapped[int]
    name: Mapped[str]
    labels: Mapped[list[Any]]
    by_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", index=True)
    made: Mapped[float]


class CodingRoundRow(Base):
    """Two people label the same clips of a lesson, each for themselves. The clips and the codebook are copied: what is
    compared must have been the same for both."""

    __tablename__ = "coding_rounds"

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id", index=True)
    begun_by: Mapped[str] = of("people.id", index=True)
    codebook: Mapped[dict[str, Any]]
    clips: Mapped[list[Any]]
    made: Mapped[float]


class CoderRow(Base):
    """One of the two. `marks` has the names of labels for each clip, null for one that was not looked at yet. Once they
    are `done`, the marks stay as they are."""

    __tablename__ = "coders"

    round_id: Mapped[str] = of("coding_rounds.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    marks: Mapped[list[Any]]
    done: Mapped[float | None]
