"""What the families of a class agreed to, and who is opted out"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consents",
        _id("id"),
        _id("class_period_id"),
        sa.Column(
            "agreed",
            sa.Enum("coach", "school", name="agreed", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("since", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        sa.CheckConstraint("until >= since", name=op.f("ck_consents_days")),
        _of("consents", "class_period_id", "class_periods"),
        _of("consents", "by_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("class_period_id", "since", name=op.f("uq_consents_class_period_id_since")),
    )
    op.create_index("ix_consents_by_id", "consents", ["by_id"])
    op.create_table(
        "opt_outs",
        _id("id"),
        _id("class_period_id"),
        sa.Column("called", sa.String(length=24), nullable=False),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("until", sa.String(length=10), nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        _of("opt_outs", "class_period_id", "class_periods"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_outs")),
        sa.UniqueConstraint("class_period_id", "called", name=op.f("uq_opt_outs_class_period_id_called")),
    )
    op.create_table(
        "absences",
        _id("recording_id"),
        _id("opt_out_id"),
        sa.Column("said", sa.Double(), nullable=False),
        _of("absences", "recording_id", "recordings"),
        _of("absences", "opt_out_id", "opt_outs"),
        sa.PrimaryKeyConstraint("recording_id", "opt_out_id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_opt_out_id", "absences", ["opt_out_id"])


def downgrade() -> None:
    for table in ("absences", "opt_outs", "consents"):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _of(table: str, column: str, whose: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=name, ondelete=on_delete)
