"""Short surveys by a school"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("teachers", sa.Boolean(), nullable=False),
        sa.Column("coaches", sa.Boolean(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=False),
        sa.CheckConstraint("teachers OR coaches", name=op.f("ck_surveys_asks")),
        _of("surveys", "school_id", "schools"),
        _of("surveys", "by_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_surveys")),
    )
    op.create_index("ix_surveys_school_id_ends", "surveys", ["school_id", "ends"])
    op.create_index("ix_surveys_by_id", "surveys", ["by_id"])
    op.create_table(
        "survey_takers",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("survey_id", "person_id")),
        _of("survey_takers", "survey_id", "surveys"),
        _of("survey_takers", "person_id", "people"),
        sa.PrimaryKeyConstraint("survey_id", "person_id", name=op.f("pk_survey_takers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_takers_person_id", "survey_takers", ["person_id"])
    op.create_table(
        "survey_answers",
        *(sa.Column(name, sa.String(length=64), nullable=False) for name in ("id", "survey_id")),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("point", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint("(point IS NULL) <> (words IS NULL)", name=op.f("ck_survey_answers_one")),
        _of("survey_answers", "survey_id", "surveys"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_answers_survey_id", "survey_answers", ["survey_id"])
    with op.batch_alter_table("notifications") as batch:
        batch.add_column(sa.Column("survey_id", sa.String(length=64), nullable=True))
        batch.create_foreign_key(
            op.f("fk_notifications_survey_id"), "surveys", ["survey_id"], ["id"], ondelete="CASCADE"
        )
        batch.create_index(op.f("ix_notifications_survey_id"), ["survey_id"])


def downgrade() -> None:
    with op.batch_alter_table("notifications") as batch:
        batch.drop_index(op.f("ix_notifications_survey_id"))
        batch.drop_constraint(op.f("fk_notifications_survey_id"), type_="foreignkey")
        batch.drop_column("survey_id")
    for table in ("survey_answers", "survey_takers", "surveys"):
        op.drop_table(table)


def _of(table: str, column: str, whose: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)
