"""Short surveys: what is asked, who has answered, and what was answered, which nothing links."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coaching.surveys import LONGEST_TITLE
from models.types import Base, identity, of


class SurveyRow(Base):
    """`questions` are [text, low, high]. `ends` is never moved: answers are shown from then on, and none comes then.
    It stays when whoever asked is erased."""

    __tablename__ = "surveys"
    __table_args__ = (CheckConstraint("teachers OR coaches", "asks"), Index(None, "school_id", "ends"))

    id: Mapped[str] = identity()
    school_id: Mapped[str] = of("schools.id")
    by_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", nullable=True, index=True)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    questions: Mapped[list[Any]]
    teachers: Mapped[bool]
    coaches: Mapped[bool]
    made: Mapped[float]
    ends: Mapped[float]


class SurveyTakerRow(Base):
    """That somebody has answered. Without SQLite's rowid, which would count them in their order."""

    __tablename__ = "survey_takers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    survey_id: Mapped[str] = of("surveys.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)


class SurveyAnswerRow(Base):
    """An answer to one question: a `point` of its scale, or `words`. Its key is random, anew with each answer that
    comes; nothing says which answers are of one person."""

    __tablename__ = "survey_answers"
    __table_args__ = (
        CheckConstraint("(point IS NULL) <> (words IS NULL)", "one"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = identity()
    survey_id: Mapped[str] = of("surveys.id", index=True)
    question: Mapped[int]
    point: Mapped[int | None]
    words: Mapped[str | None]
