"""What a school sees of lessons: its own measures, and what an administrator opened, with the reason."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.types import Base, identity, of


class CountedRow(Base):
    """That a teacher lets their lessons count in a school's measures."""

    __tablename__ = "counted_teachers"

    person_id: Mapped[str] = of("people.id", primary_key=True)
    school_id: Mapped[str] = of("schools.id", primary_key=True, index=True)
    since: Mapped[float]


class SchoolMonthRow(Base):
    """What was published of a month: `measures` are [name, value, low, high], none where there were too few teachers.
    Written once; nothing leads from here to a teacher or a lesson."""

    __tablename__ = "school_months"

    school_id: Mapped[str] = of("schools.id", primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    teachers: Mapped[int | None]
    measures: Mapped[list[Any]]
    decided: Mapped[float]


class OpeningRow(Base):
    """That an administrator opened a lesson, why, and until when: no grant, and nobody's but its owner's to read."""

    __tablename__ = "openings"

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id", index=True)
    person_id: Mapped[str] = of("people.id", index=True)
    reason: Mapped[str]
    opened: Mapped[float]
    ends: Mapped[float]
