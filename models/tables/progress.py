"""What a teacher looks back on, and texts that people keep for comments."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped

from models.types import Base, identity, of


class KeptWordsRow(Base):
    """That a teacher kept a comment of somebody else's: no copy of it, so that it goes with it."""

    __tablename__ = "kept_words"

    person_id: Mapped[str] = of("people.id", primary_key=True)
    comment_id: Mapped[str] = of("comments.id", primary_key=True, index=True)
    kept: Mapped[float]


class ProgressReaderRow(Base):
    """That a teacher shows somebody their page of progress."""

    __tablename__ = "progress_readers"
    __table_args__ = (CheckConstraint("owner_id <> person_id", "two"),)

    owner_id: Mapped[str] = of("people.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    since: Mapped[float]


class CommentTemplateRow(Base):
    __tablename__ = "comment_templates"

    id: Mapped[str] = identity()
    person_id: Mapped[str] = of("people.id", index=True)
    body: Mapped[str]
    made: Mapped[float]
