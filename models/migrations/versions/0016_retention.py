"""How long films are kept, and the films of clips that outlive them"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "retention_policies",
        _id("school_id"),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("keep_clips", sa.Boolean(), nullable=False),
        sa.Column("may_protect", sa.Boolean(), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("changed", sa.Double(), nullable=False),
        sa.CheckConstraint("days BETWEEN 30 AND 3650", name=op.f("ck_retention_policies_days")),
        _of("retention_policies", "school_id", "schools"),
        _of("retention_policies", "by_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_retention_policies")),
    )
    op.create_table(
        "retained_films",
        _id("recording_id"),
        sa.Column("protected", sa.Double(), nullable=True),
        sa.Column("until", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in ("first", "last", "goes", "keeping")),
        sa.Column("held", sa.Text(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("keep_clips", sa.Boolean(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("gone", sa.Double(), nullable=True),
        sa.Column("removed", sa.Double(), nullable=True),
        sa.CheckConstraint("(protected IS NULL) = (reason IS NULL)", name=op.f("ck_retained_films_reason_given")),
        sa.CheckConstraint("gone IS NOT NULL OR removed IS NULL", name=op.f("ck_retained_films_removed_after")),
        _of("retained_films", "recording_id", "recordings"),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_retained_films")),
    )
    op.create_index("ix_retained_films_gone_removed", "retained_films", ["gone", "removed"])
    op.create_table(
        "kept_films",
        _id("clip_id"),
        _id("recording_id"),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("stop", sa.Double(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("start >= 0 AND stop > start", name=op.f("ck_kept_films_span")),
        _of("kept_films", "clip_id", "clips"),
        _of("kept_films", "recording_id", "recordings"),
        sa.PrimaryKeyConstraint("clip_id", name=op.f("pk_kept_films")),
    )
    op.create_index("ix_kept_films_recording_id", "kept_films", ["recording_id"])


def downgrade() -> None:
    for table in ("kept_films", "retained_films", "retention_policies"):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _of(table: str, column: str, whose: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)
