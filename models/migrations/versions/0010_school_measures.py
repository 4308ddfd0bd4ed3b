"""A school's own measures: who lets theirs count, and what was published of each month"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counted_teachers",
        _id("person_id"),
        _id("school_id"),
        sa.Column("since", sa.Double(), nullable=False),
        _of("counted_teachers", "person_id", "people"),
        _of("counted_teachers", "school_id", "schools"),
        sa.PrimaryKeyConstraint("person_id", "school_id", name=op.f("pk_counted_teachers")),
    )
    op.create_index("ix_counted_teachers_school_id", "counted_teachers", ["school_id"])
    op.create_table(
        "school_months",
        _id("school_id"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=True),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.Column("decided", sa.Double(), nullable=False),
        _of("school_months", "school_id", "schools"),
        sa.PrimaryKeyConstraint("school_id", "month", name=op.f("pk_school_months")),
    )


def downgrade() -> None:
    for table in ("school_months", "counted_teachers"):
        op.drop_table(table)


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
