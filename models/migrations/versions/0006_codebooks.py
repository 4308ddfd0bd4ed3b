"""Codebooks and their versions, the colour of a comment's label, rounds in which two people label the same clips"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COLOURS = ("grey", "blue", "teal", "green", "amber", "rose", "violet")


def upgrade() -> None:
    colour = sa.Enum(*COLOURS, name="colour", native_enum=False, create_constraint=True, length=16)
    with op.batch_alter_table("comment_labels") as batch:
        batch.add_column(sa.Column("colour", colour, nullable=True))
    op.create_table(
        "codebooks",
        _id("id"),
        _id("school_id", nullable=True),
        _id("owner_id", nullable=True),
        sa.Column("taken_away", sa.Double(), nullable=True),
        sa.CheckConstraint("(school_id IS NULL) <> (owner_id IS NULL)", name=op.f("ck_codebooks_somebodys")),
        _of("codebooks", "school_id", "schools"),
        _of("codebooks", "owner_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebooks")),
    )
    op.create_table(
        "codebook_versions",
        _id("id"),
        _id("codebook_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        _id("by_id", nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        _of("codebook_versions", "codebook_id", "codebooks"),
        _of("codebook_versions", "by_id", "people", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_codebook_versions")),
        sa.UniqueConstraint("codebook_id", "number", name=op.f("uq_codebook_versions_codebook_id_number")),
    )
    op.create_table(
        "coding_rounds",
        _id("id"),
        _id("recording_id"),
        _id("begun_by"),
        sa.Column("codebook", sa.JSON(), nullable=False),
        sa.Column("clips", sa.JSON(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        _of("coding_rounds", "recording_id", "recordings"),
        _of("coding_rounds", "begun_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding_rounds")),
    )
    op.create_table(
        "coders",
        _id("round_id"),
        _id("person_id"),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.Column("done", sa.Double(), nullable=True),
        _of("coders", "round_id", "coding_rounds"),
        _of("coders", "person_id", "people"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name=op.f("pk_coders")),
    )
    for table, column in (
        ("codebooks", "school_id"),
        ("codebooks", "owner_id"),
        ("codebook_versions", "by_id"),
        ("coding_rounds", "recording_id"),
        ("coding_rounds", "begun_by"),
        ("coders", "person_id"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table in ("coders", "coding_rounds", "codebook_versions", "codebooks"):
        op.drop_table(table)
    with op.batch_alter_table("comment_labels") as batch:
        batch.drop_constraint(op.f("ck_comment_labels_colour"), type_="check")
        batch.drop_column("colour")


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _of(table: str, column: str, whose: str, on_delete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=on_delete)
