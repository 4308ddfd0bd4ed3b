"""Coaching cycles, and what is written in them. Nothing of a lesson is here but its id."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from coaching.coached import Look
from coaching.cycles import LONGEST_NAME, Kind, Stage, Step
from models.types import Base, identity, of, one_of


class CoachingRow(Base):
    """How a school coaches; no row where it never said. `holidays` are [first day, last day, name], `names` the stages
    that it calls otherwise; `walk_photos`, whether a learning walk may bring one; `covers_faces`, whether the library
    of exemplars shows none."""

    __tablename__ = "school_coaching"

    school_id: Mapped[str] = of("schools.id", primary_key=True)
    weeks: Mapped[int]
    soon: Mapped[int]
    late: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    holidays: Mapped[list[Any]]
    prompts: Mapped[list[Any]]
    needs_comment: Mapped[bool]
    names: Mapped[dict[str, Any]]
    skippable: Mapped[list[Any]]
    walk_photos: Mapped[bool]
    covers_faces: Mapped[bool]


class CycleRow(Base):
    """`plan` is [stage, what it is called, whether it may be skipped] of each, as it was when the cycle began; `due` a
    day, YYYY-MM-DD, as is `goes_on`, to which it is `paused`. `after_id` is the cycle of peers that this one took over
    from."""

    __tablename__ = "cycles"
    __table_args__ = (
        CheckConstraint("partner_id IS NULL OR partner_id <> teacher_id", "two"),
        Index(None, "school_id", "stage"),
    )

    id: Mapped[str] = identity()
    teacher_id: Mapped[str] = of("people.id", index=True)
    partner_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", nullable=True, index=True)
    school_id: Mapped[str] = of("schools.id")
    after_id: Mapped[str | None] = of("cycles.id", on_delete="SET NULL", nullable=True, unique=True)
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    plan: Mapped[list[Any]]
    stage: Mapped[Stage] = mapped_column(one_of(Stage))
    began: Mapped[float]
    entered: Mapped[float]
    due: Mapped[str | None] = mapped_column(String(10))
    closed: Mapped[float | None]
    goal: Mapped[str]
    look_fors: Mapped[list[Any]]
    measure: Mapped[str | None] = mapped_column(String(64))
    paused: Mapped[float | None]
    goes_on: Mapped[str | None] = mapped_column(String(10))


class CycleMoveRow(Base):
    """That a cycle came to a stage; `stage` null: it ended, or was paused. `step` is null at its beginning."""

    __tablename__ = "cycle_moves"

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    stage: Mapped[Stage | None] = mapped_column(one_of(Stage))
    step: Mapped[Step | None] = mapped_column(one_of(Step))
    person_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", nullable=True, index=True)
    made: Mapped[float]


class CycleLessonRow(Base):
    """A lesson of the teacher's in a cycle: one for each look."""

    __tablename__ = "cycle_lessons"

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    look: Mapped[Look] = mapped_column(one_of(Look), primary_key=True)
    recording_id: Mapped[str] = of("recordings.id", index=True)
    added: Mapped[float]


class ReflectionRow(Base):
    """What a teacher wrote before the meeting; `answers` are [what was asked, what they said]."""

    __tablename__ = "reflections"

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    answers: Mapped[list[Any]]
    changed: Mapped[float]
    addendum: Mapped[str]
    added: Mapped[float | None]


class CycleNotesRow(Base):
    """What one of the two wrote: `shared` for both, `private` for nobody else."""

    __tablename__ = "cycle_notes"

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    author_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    shared: Mapped[str]
    private: Mapped[str]
    changed: Mapped[float]


class ConferenceRow(Base):
    """`agenda` is [recording, clip or comment, minutes, question] of each moment, in order."""

    __tablename__ = "conferences"
    __table_args__ = (CheckConstraint("minutes > 0", "minutes"),)

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    starts: Mapped[float | None] = mapped_column(index=True)
    minutes: Mapped[int]
    agenda: Mapped[list[Any]]
    decisions: Mapped[str]
    held: Mapped[float | None]


class ActionStepRow(Base):
    """One a cycle. `agreed` are the ids of who did; `check_back` a day."""

    __tablename__ = "action_steps"

    cycle_id: Mapped[str] = of("cycles.id", primary_key=True)
    body: Mapped[str]
    look_for: Mapped[str]
    measure: Mapped[str | None] = mapped_column(String(64))
    check_back: Mapped[str | None] = mapped_column(String(10), index=True)
    agreed: Mapped[list[Any]]
    outcome: Mapped[str]
    closed: Mapped[float | None]
