"""A school's library of exemplars"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exemplars",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("id", "clip_id", "school_id")),
        sa.Column("teacher_id", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("stop", sa.Double(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("to_see", sa.Text(), nullable=False),
        sa.Column("look_fors", sa.JSON(), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("published", sa.Double(), nullable=False),
        sa.Column("withdrawn", sa.Double(), nullable=True),
        sa.CheckConstraint("start >= 0 AND stop > start", name=op.f("ck_exemplars_span")),
        _of("exemplars", "clip_id", "clips"),
        _of("exemplars", "school_id", "schools"),
        _of("exemplars", "teacher_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplars")),
        sa.UniqueConstraint("clip_id", "school_id", name=op.f("uq_exemplars_clip_id_school_id")),
    )
    op.create_index("ix_exemplars_school_id_published", "exemplars", ["school_id", "published"])
    op.create_index("ix_exemplars_teacher_id", "exemplars", ["teacher_id"])
    op.create_table(
        "exemplar_comments",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("id", "exemplar_id", "author_id")),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        _of("exemplar_comments", "exemplar_id", "exemplars"),
        _of("exemplar_comments", "author_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemplar_comments")),
    )
    op.create_index("ix_exemplar_comments_exemplar_id_made", "exemplar_comments", ["exemplar_id", "made"])
    op.create_index("ix_exemplar_comments_author_id", "exemplar_comments", ["author_id"])
    op.create_table(
        "kept_exemplars",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("exemplar_id", "person_id")),
        _of("kept_exemplars", "exemplar_id", "exemplars"),
        _of("kept_exemplars", "person_id", "people"),
        sa.PrimaryKeyConstraint("exemplar_id", "person_id", name=op.f("pk_kept_exemplars")),
    )
    op.create_index("ix_kept_exemplars_person_id", "kept_exemplars", ["person_id"])
    op.create_table(
        "cycle_exemplars",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("cycle_id", "exemplar_id")),
        sa.Column("tied", sa.Double(), nullable=False),
        _of("cycle_exemplars", "cycle_id", "cycles"),
        _of("cycle_exemplars", "exemplar_id", "exemplars"),
        sa.PrimaryKeyConstraint("cycle_id", "exemplar_id", name=op.f("pk_cycle_exemplars")),
    )
    op.create_index("ix_cycle_exemplars_exemplar_id", "cycle_exemplars", ["exemplar_id"])
    with op.batch_alter_table("notifications") as batch:
        batch.add_column(sa.Column("exemplar_id", sa.String(length=64), nullable=True))
        batch.create_foreign_key(
            op.f("fk_notifications_exemplar_id"), "exemplars", ["exemplar_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index(op.f("ix_notifications_exemplar_id"), ["exemplar_id"])
    # A school that never said otherwise shows no child's face beyond coaching.
    op.add_column("school_coaching", sa.Column("covers_faces", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("school_coaching") as batch:
        batch.alter_column("covers_faces", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("school_coaching") as batch:
        batch.drop_column("covers_faces")
    with op.batch_alter_table("notifications") as batch:
        batch.drop_index(op.f("ix_notifications_exemplar_id"))
        batch.drop_constraint(op.f("fk_notifications_exemplar_id"), type_="foreignkey")
        batch.drop_column("exemplar_id")
    for table in ("cycle_exemplars", "kept_exemplars", "exemplar_comments", "exemplars"):
        op.drop_table(table)


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
