"""A coaching cycle rests while nobody can go on with it"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

BEFORE = ("on", "skip", "back", "stop", "reopen")
STAGES = ("goal", "record", "reflect", "share", "notes", "conference", "action step", "follow-up")


def upgrade() -> None:
    op.add_column("cycles", sa.Column("paused", sa.Double(), nullable=True))
    op.add_column("cycles", sa.Column("goes_on", sa.String(length=10), nullable=True))
    _steps(BEFORE, (*BEFORE, "pause", "resume"))


def downgrade() -> None:
    op.execute("DELETE FROM cycle_moves WHERE step IN ('pause', 'resume')")
    _steps((*BEFORE, "pause", "resume"), BEFORE)
    with op.batch_alter_table("cycles") as batch:
        batch.drop_column("goes_on")
        batch.drop_column("paused")


def _steps(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    with op.batch_alter_table("cycle_moves", copy_from=_moves(before)) as batch:
        batch.drop_constraint(op.f("ck_cycle_moves_step"), type_="check")
        batch.create_check_constraint(op.f("ck_cycle_moves_step"), sa.text(_in("step", after)))


def _in(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(map(repr, values))})"


def _moves(steps: tuple[str, ...]) -> sa.Table:
    return sa.Table(
        "cycle_moves",
        sa.MetaData(),
        sa.Column("cycle_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=True),
        sa.Column("step", sa.String(length=16), nullable=True),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        sa.CheckConstraint(_in("stage", STAGES), name=op.f("ck_cycle_moves_stage")),
        sa.CheckConstraint(_in("step", steps), name=op.f("ck_cycle_moves_step")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_moves_cycle_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_cycle_moves_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("cycle_id", "number", name=op.f("pk_cycle_moves")),
        sa.Index("ix_cycle_moves_person_id", "person_id"),
    )
