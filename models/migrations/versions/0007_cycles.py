"""Coaching cycles, and how a school coaches"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STAGES = ("goal", "record", "reflect", "share", "notes", "conference", "action step", "follow-up")


def upgrade() -> None:
    op.create_table(
        "school_coaching",
        _id("school_id"),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("soon", sa.Integer(), nullable=False),
        sa.Column("late", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("prompts", sa.JSON(), nullable=False),
        sa.Column("needs_comment", sa.Boolean(), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("skippable", sa.JSON(), nullable=False),
        _of("school_coaching", "school_id", "schools"),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_coaching")),
    )
    op.create_table(
        "cycles",
        _id("id"),
        _id("teacher_id"),
        _id("partner_id", nullable=True),
        _id("school_id"),
        _id("after_id", nullable=True),
        sa.Column("kind", _one_of("kind", "observe", "impact", "peer", "alone"), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("stage", _one_of("stage", *STAGES), nullable=False),
        sa.Column("began", sa.Double(), nullable=False),
        sa.Column("entered", sa.Double(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("closed", sa.Double(), nullable=True),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("look_fors", sa.JSON(), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=True),
        sa.CheckConstraint("partner_id IS NULL OR partner_id <> teacher_id", name=op.f("ck_cycles_two")),
        _of("cycles", "teacher_id", "people"),
        _of("cycles", "partner_id", "people", "SET NULL"),
        _of("cycles", "school_id", "schools"),
        _of("cycles", "after_id", "cycles", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("after_id", name=op.f("uq_cycles_after_id")),
    )
    for columns in (["teacher_id"], ["partner_id"], ["school_id", "stage"]):
        op.create_index(f"ix_cycles_{'_'.join(columns)}", "cycles", columns)
    op.create_table(
        "cycle_moves",
        _id("cycle_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", _one_of("stage", *STAGES), nullable=True),
        sa.Column("step", _one_of("step", "on", "skip", "back", "stop", "reopen"), nullable=True),
        _id("person_id", nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        _of("cycle_moves", "cycle_id", "cycles"),
        _of("cycle_moves", "person_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("cycle_id", "number", name=op.f("pk_cycle_moves")),
    )
    op.create_index("ix_cycle_moves_person_id", "cycle_moves", ["person_id"])
    op.create_table(
        "cycle_lessons",
        _id("cycle_id"),
        sa.Column("look", _one_of("look", "first", "again"), nullable=False),
        _id("recording_id"),
        sa.Column("added", sa.Double(), nullable=False),
        _of("cycle_lessons", "cycle_id", "cycles"),
        _of("cycle_lessons", "recording_id", "recordings"),
        sa.PrimaryKeyConstraint("cycle_id", "look", name=op.f("pk_cycle_lessons")),
    )
    op.create_index("ix_cycle_lessons_recording_id", "cycle_lessons", ["recording_id"])
    op.create_table(
        "reflections",
        _id("cycle_id"),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("changed", sa.Double(), nullable=False),
        sa.Column("addendum", sa.Text(), nullable=False),
        sa.Column("added", sa.Double(), nullable=True),
        _of("reflections", "cycle_id", "cycles"),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_reflections")),
    )
    op.create_table(
        "cycle_notes",
        _id("cycle_id"),
        _id("author_id"),
        sa.Column("shared", sa.Text(), nullable=False),
        sa.Column("private", sa.Text(), nullable=False),
        sa.Column("changed", sa.Double(), nullable=False),
        _of("cycle_notes", "cycle_id", "cycles"),
        _of("cycle_notes", "author_id", "people"),
        sa.PrimaryKeyConstraint("cycle_id", "author_id", name=op.f("pk_cycle_notes")),
    )
    op.create_index("ix_cycle_notes_author_id", "cycle_notes", ["author_id"])
    op.create_table(
        "conferences",
        _id("cycle_id"),
        sa.Column("starts", sa.Double(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("agenda", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.Text(), nullable=False),
        sa.Column("held", sa.Double(), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_conferences_minutes")),
        _of("conferences", "cycle_id", "cycles"),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_conferences")),
    )
    op.create_index("ix_conferences_starts", "conferences", ["starts"])
    op.create_table(
        "action_steps",
        _id("cycle_id"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("look_for", sa.Text(), nullable=False),
        sa.Column("measure", sa.String(length=64), nullable=True),
        sa.Column("check_back", sa.String(length=10), nullable=True),
        sa.Column("agreed", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed", sa.Double(), nullable=True),
        _of("action_steps", "cycle_id", "cycles"),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_action_steps")),
    )
    op.create_index("ix_action_steps_check_back", "action_steps", ["check_back"])


def downgrade() -> None:
    for table in (
        "action_steps",
        "conferences",
        "cycle_notes",
        "reflections",
        "cycle_lessons",
        "cycle_moves",
        "cycles",
        "school_coaching",
    ):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)


def _of(table: str, column: str, whose: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)
