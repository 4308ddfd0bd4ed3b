"""What a teacher looks back on and whom they show it to, and texts that people keep for comments"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_words",
        _id("person_id"),
        _id("comment_id"),
        sa.Column("kept", sa.Double(), nullable=False),
        _of("kept_words", "person_id", "people"),
        _of("kept_words", "comment_id", "comments"),
        sa.PrimaryKeyConstraint("person_id", "comment_id", name=op.f("pk_kept_words")),
    )
    op.create_index("ix_kept_words_comment_id", "kept_words", ["comment_id"])
    op.create_table(
        "progress_readers",
        _id("owner_id"),
        _id("person_id"),
        sa.Column("since", sa.Double(), nullable=False),
        sa.CheckConstraint("owner_id <> person_id", name=op.f("ck_progress_readers_two")),
        _of("progress_readers", "owner_id", "people"),
        _of("progress_readers", "person_id", "people"),
        sa.PrimaryKeyConstraint("owner_id", "person_id", name=op.f("pk_progress_readers")),
    )
    op.create_index("ix_progress_readers_person_id", "progress_readers", ["person_id"])
    op.create_table(
        "comment_templates",
        _id("id"),
        _id("person_id"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        _of("comment_templates", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_templates")),
    )
    op.create_index("ix_comment_templates_person_id", "comment_templates", ["person_id"])


def downgrade() -> None:
    for table in ("comment_templates", "progress_readers", "kept_words"):
        op.drop_table(table)


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
