"""Learning walks: visits without a camera, to whom they were passed on, and what a school sees of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.types import Base, identity, of


class WalkRow(Base):
    """A visit. Once it is `gone`, its words are too: what is left of it keeps a phone from sending it anew. `photo` is
    where its file lies in the data folder."""

    __tablename__ = "learning_walks"
    __table_args__ = (CheckConstraint("visitor_id <> teacher_id", "two"), Index(None, "school_id", "visited"))

    id: Mapped[str] = identity()
    school_id: Mapped[str] = of("schools.id")
    visitor_id: Mapped[str] = of("people.id", index=True)
    teacher_id: Mapped[str] = of("people.id", index=True)
    place: Mapped[str]
    visited: Mapped[float]
    made: Mapped[float]
    photo: Mapped[str | None]
    answer: Mapped[str]
    gone: Mapped[float | None]


class WalkSeenRow(Base):
    """A look-for of a visit, copied. `counts`: it is one of the school's, and no words of the visitor's own."""

    __tablename__ = "walk_seen"

    walk_id: Mapped[str] = of("learning_walks.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    look_for: Mapped[str]
    evidence: Mapped[str]
    counts: Mapped[bool]


class WalkReaderRow(Base):
    """That the teacher passed a visit on to somebody."""

    __tablename__ = "walk_readers"

    walk_id: Mapped[str] = of("learning_walks.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    since: Mapped[float]


class WalkMonthRow(Base):
    """What a school sees of a month (`YYYY-MM`): counted once, so that no visit that comes or goes later shows in a
    difference. `seen` are [look-for, visits]; none where too few teachers were visited."""

    __tablename__ = "walk_months"

    school_id: Mapped[str] = of("schools.id", primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    counted: Mapped[float]
    teachers: Mapped[int]
    visits: Mapped[int]
    seen: Mapped[list[Any]]
