"""Learning walks"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "learning_walks",
        *(_id(name) for name in ("id", "school_id", "visitor_id", "teacher_id")),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("visited", sa.Double(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("photo", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("gone", sa.Double(), nullable=True),
        sa.CheckConstraint("visitor_id <> teacher_id", name=op.f("ck_learning_walks_two")),
        _of("learning_walks", "school_id", "schools"),
        _of("learning_walks", "visitor_id", "people"),
        _of("learning_walks", "teacher_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_walks")),
    )
    op.create_index("ix_learning_walks_school_id_visited", "learning_walks", ["school_id", "visited"])
    op.create_index("ix_learning_walks_visitor_id", "learning_walks", ["visitor_id"])
    op.create_index("ix_learning_walks_teacher_id", "learning_walks", ["teacher_id"])
    op.create_table(
        "walk_seen",
        _id("walk_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("look_for", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        _of("walk_seen", "walk_id", "learning_walks"),
        sa.PrimaryKeyConstraint("walk_id", "position", name=op.f("pk_walk_seen")),
    )
    op.create_table(
        "walk_readers",
        _id("walk_id"),
        _id("person_id"),
        sa.Column("since", sa.Double(), nullable=False),
        _of("walk_readers", "walk_id", "learning_walks"),
        _of("walk_readers", "person_id", "people"),
        sa.PrimaryKeyConstraint("walk_id", "person_id", name=op.f("pk_walk_readers")),
    )
    op.create_index("ix_walk_readers_person_id", "walk_readers", ["person_id"])
    op.create_table(
        "walk_months",
        _id("school_id"),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counted", sa.Double(), nullable=False),
        sa.Column("teachers", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        _of("walk_months", "school_id", "schools"),
        sa.PrimaryKeyConstraint("school_id", "month", name=op.f("pk_walk_months")),
    )
    with op.batch_alter_table("notifications") as batch:
        batch.add_column(_id("walk_id", nullable=True))
        batch.create_foreign_key(
            op.f("fk_notifications_walk_id"), "learning_walks", ["walk_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index("ix_notifications_walk_id", ["walk_id"])
    op.add_column("school_coaching", sa.Column("walk_photos", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("school_coaching") as batch:
        batch.alter_column("walk_photos", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("school_coaching") as batch:
        batch.drop_column("walk_photos")
    with op.batch_alter_table("notifications") as batch:
        batch.drop_constraint(op.f("fk_notifications_walk_id"), type_="foreignkey")
        batch.drop_index("ix_notifications_walk_id")
        batch.drop_column("walk_id")
    for table in ("walk_months", "walk_readers", "walk_seen", "learning_walks"):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
