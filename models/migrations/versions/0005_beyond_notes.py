"""Handouts, clips given, what was guessed of a measure, what an ear said of the machine"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

WHO = ("teacher", "student", "several", "nobody")
GIVEN = sa.text("taken_back IS NULL")


def upgrade() -> None:
    op.create_table(
        "handouts",
        _id("id"),
        _id("recording_id"),
        _id("person_id"),
        sa.Column("kind", _one_of("made", "clip", "portfolio", "report", "given"), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", _one_of("making", "waiting", "working", "ready", "failed", "old"), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("heard", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name=op.f("ck_handouts_reason_given")),
        sa.CheckConstraint("(state = 'ready') = (path IS NOT NULL)", name=op.f("ck_handouts_path_given")),
        sa.CheckConstraint("(kind = 'given') = (ends IS NULL)", name=op.f("ck_handouts_ends_given")),
        _of("handouts", "recording_id", "recordings"),
        _of("handouts", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handouts")),
    )
    for columns in (["recording_id"], ["person_id"], ["state", "asked"]):
        op.create_index(f"ix_handouts_{'_'.join(columns)}", "handouts", columns)
    op.create_table(
        "clip_grants",
        _id("id"),
        _id("clip_id"),
        _id("person_id"),
        _id("given_by"),
        sa.Column("given", sa.Double(), nullable=False),
        sa.Column("taken_back", sa.Double(), nullable=True),
        _of("clip_grants", "clip_id", "clips"),
        _of("clip_grants", "person_id", "people"),
        _of("clip_grants", "given_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clip_grants")),
    )
    op.create_index("ix_clip_grants_person_id", "clip_grants", ["person_id"])
    op.create_index(
        "uq_clip_grants_given",
        "clip_grants",
        ["clip_id", "person_id"],
        unique=True,
        sqlite_where=GIVEN,
        postgresql_where=GIVEN,
    )
    op.create_table(
        "predictions",
        _id("recording_id"),
        _id("person_id"),
        sa.Column("measure", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        _of("predictions", "recording_id", "recordings"),
        _of("predictions", "person_id", "people"),
        sa.PrimaryKeyConstraint("recording_id", "person_id", "measure", name=op.f("pk_predictions")),
    )
    op.create_index("ix_predictions_person_id", "predictions", ["person_id"])
    op.create_table(
        "calibrations",
        _id("recording_id"),
        _id("person_id"),
        sa.Column("of_voices", sa.String(length=64), nullable=False),
        sa.Column("moment", sa.Double(), nullable=False),
        sa.Column("machine", _one_of("machine", *WHO), nullable=False),
        sa.Column("said", _one_of("said", *WHO), nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        _of("calibrations", "recording_id", "recordings"),
        _of("calibrations", "person_id", "people"),
        sa.PrimaryKeyConstraint("recording_id", "person_id", "of_voices", "moment", name=op.f("pk_calibrations")),
    )
    op.create_index("ix_calibrations_person_id", "calibrations", ["person_id"])


def downgrade() -> None:
    for table in ("calibrations", "predictions", "clip_grants", "handouts"):
        op.drop_table(table)


def _id(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=16)


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
