"""Who did what to which thing, in lines that nobody changes unseen, and what is left of what was erased"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        *(sa.Column(name, sa.String(length=32), nullable=True) for name in ("actor", "lesson", "person")),
        sa.Column("school", sa.String(length=64), nullable=True),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_events")),
    )
    op.create_index("ix_audit_events_lesson_actor_made", "audit_events", ["lesson", "actor", "made"])
    op.create_table(
        "pseudonyms",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("recording_id", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (recording_id IS NULL)", name=op.f("ck_pseudonyms_somebodys")),
        _of("person_id", "people"),
        _of("recording_id", "recordings"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_pseudonyms")),
        sa.UniqueConstraint("person_id", name=op.f("uq_pseudonyms_person_id")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_pseudonyms_recording_id")),
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("recordings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.add_column("receipts", sa.Column("rows", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("receipts", "rows")
    for table in ("erasures", "pseudonyms", "audit_events"):
        op.drop_table(table)


def _of(column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_pseudonyms_{column}"), ondelete="CASCADE")
