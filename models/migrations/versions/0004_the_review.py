"""Labels of comments, and when they were edited; clips; who watched what; corrections of voices and questions"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


KINDS = ("role", "name", "merge", "text")


def upgrade() -> None:
    _allow(KINDS, (*KINDS[:3], "voice", "text", "question"))
    op.add_column("comments", sa.Column("edited", sa.Double(), nullable=True))
    op.create_table(
        "comment_labels",
        sa.Column("comment_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_comment_labels_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "position", name=op.f("pk_comment_labels")),
    )
    op.create_table(
        "clips",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("stop", sa.Double(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("author", "lesson", name="audience", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("changed", sa.Double(), nullable=True),
        sa.Column("deleted", sa.Double(), nullable=True),
        sa.CheckConstraint("start >= 0 AND stop > start", name=op.f("ck_clips_span")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_clips_author_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_clips_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clips")),
    )
    op.create_index("ix_clips_author_id", "clips", ["author_id"])
    op.create_index("ix_clips_recording_id_start", "clips", ["recording_id", "start"])
    op.create_table(
        "views",
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("place", sa.Double(), nullable=False),
        sa.Column("first", sa.Double(), nullable=False),
        sa.Column("last", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_views_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_views_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recording_id", "person_id", name=op.f("pk_views")),
    )
    op.create_index("ix_views_person_id", "views", ["person_id"])


def downgrade() -> None:
    op.execute("DELETE FROM corrections WHERE kind IN ('voice', 'question')")
    _allow((*KINDS[:3], "voice", "text", "question"), KINDS)
    for table in ("views", "clips", "comment_labels"):
        op.drop_table(table)
    op.drop_column("comments", "edited")


def _allow(before: tuple[str, ...], kinds: tuple[str, ...]) -> None:
    """These kinds of corrections. SQLite cannot change what it checks, so the table is made anew there."""

    def of(kinds: tuple[str, ...]) -> str:
        return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"

    with op.batch_alter_table("corrections", copy_from=_corrections(of(before))) as batch:
        batch.drop_constraint(op.f("ck_corrections_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_corrections_kind"), sa.text(of(kinds)))


def _corrections(kinds: str) -> sa.Table:
    return sa.Table(
        "corrections",
        sa.MetaData(),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("taken_back", sa.Double(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("other", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.CheckConstraint("kind <> 'role' OR role IS NOT NULL", name="ck_corrections_role_given"),
        sa.CheckConstraint("role IN ('teacher', 'student', 'unknown')", name="ck_corrections_role"),
        sa.CheckConstraint(kinds, name="ck_corrections_kind"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_corrections_person_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name="fk_corrections_recording_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("recording_id", "number", name="uq_corrections_recording_id_number"),
        sa.Index("ix_corrections_person_id", "person_id"),
    )
