"""Uploads and their tickets, class periods, tags, comments, grants, receipts; who signs in with a provider, who left"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_in_flows",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("next", sa.Text(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=False),
        sa.CheckConstraint("length(id) = 64", name=op.f("ck_sign_in_flows_fingerprint")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_flows")),
    )
    op.create_index("ix_sign_in_flows_ends", "sign_in_flows", ["ends"])

    op.create_table(
        "class_periods",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("teacher_id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("added", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_class_periods_school_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["teacher_id"], ["people.id"], name=op.f("fk_class_periods_teacher_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_periods")),
        sa.UniqueConstraint("teacher_id", "school_id", "name", name=op.f("uq_class_periods_teacher_id_school_id_name")),
    )
    op.create_index("ix_class_periods_school_id", "class_periods", ["school_id"])

    op.create_table(
        "identities",
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("added", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_identities_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])

    op.create_table(
        "receipts",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("recording", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added", sa.Double(), nullable=False),
        sa.Column("deleted", sa.Double(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_receipts_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("recording", name=op.f("uq_receipts_recording")),
    )
    op.create_index("ix_receipts_owner_id_deleted", "receipts", ["owner_id", "deleted"])

    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.String(length=64), nullable=False),
        sa.Column("parent_id", sa.String(length=64), nullable=True),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("stop", sa.Double(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("author", "lesson", name="audience", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("changed", sa.Double(), nullable=True),
        sa.Column("resolved", sa.Double(), nullable=True),
        sa.Column("deleted", sa.Double(), nullable=True),
        sa.CheckConstraint("start >= 0 AND (stop IS NULL OR stop >= start)", name=op.f("ck_comments_span")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_comments_author_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["parent_id"], ["comments.id"], name=op.f("fk_comments_parent_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_comments_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_author_id", "comments", ["author_id"])
    op.create_index("ix_comments_parent_id", "comments", ["parent_id"])
    op.create_index("ix_comments_recording_id_start", "comments", ["recording_id", "start"])

    op.create_table(
        "grants",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column(
            "what",
            sa.Enum(
                "see",
                "measures",
                "comment",
                "download",
                name="grant",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("given", sa.Double(), nullable=False),
        sa.Column("taken_back", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["given_by"], ["people.id"], name=op.f("fk_grants_given_by"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_grants_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_grants_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grants")),
    )
    op.create_index("ix_grants_person_id", "grants", ["person_id"])
    op.create_index(
        "uq_grants_given",
        "grants",
        ["recording_id", "person_id", "what"],
        unique=True,
        sqlite_where=sa.text("taken_back IS NULL"),
        postgresql_where=sa.text("taken_back IS NULL"),
    )

    op.create_table(
        "recording_answers",
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("class_period_id", sa.String(length=64), nullable=True),
        sa.Column("taught", sa.String(length=10), nullable=True),
        sa.Column("consent", sa.Double(), nullable=True),
        sa.Column("look_fors", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_period_id"],
            ["class_periods.id"],
            name=op.f("fk_recording_answers_class_period_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_recording_answers_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording_answers")),
    )
    op.create_index("ix_recording_answers_class_period_id", "recording_answers", ["class_period_id"])

    op.create_table(
        "recording_tags",
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_recording_tags_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recording_id", "tag", name=op.f("pk_recording_tags")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("class_period_id", sa.String(length=64), nullable=True),
        sa.Column("taught", sa.String(length=10), nullable=True),
        sa.Column("consent", sa.Double(), nullable=False),
        sa.Column("look_fors", sa.JSON(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "checking",
                "arrived",
                "refused",
                name="uploadstate",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("recording_id", sa.String(length=64), nullable=True),
        sa.Column("began", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=False),
        sa.CheckConstraint("state <> 'arrived' OR recording_id IS NOT NULL", name=op.f("ck_uploads_arrived")),
        sa.CheckConstraint("state <> 'refused' OR reason IS NOT NULL", name=op.f("ck_uploads_reason")),
        sa.CheckConstraint("parts >= 1", name=op.f("ck_uploads_counted")),
        sa.ForeignKeyConstraint(
            ["class_period_id"], ["class_periods.id"], name=op.f("fk_uploads_class_period_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_uploads_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_uploads_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index("ix_uploads_class_period_id", "uploads", ["class_period_id"])
    op.create_index("ix_uploads_ends", "uploads", ["ends"])
    op.create_index("ix_uploads_owner_id_state", "uploads", ["owner_id", "state"])
    op.create_index("ix_uploads_recording_id", "uploads", ["recording_id"])

    op.create_table(
        "tickets",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("code", "pass", name="ticketkind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("upload_id", sa.String(length=64), nullable=True),
        sa.Column("ends", sa.Double(), nullable=False),
        sa.CheckConstraint("length(id) = 64", name=op.f("ck_tickets_fingerprint")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tickets_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["upload_id"], ["uploads.id"], name=op.f("fk_tickets_upload_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_ends", "tickets", ["ends"])
    op.create_index("ix_tickets_person_id", "tickets", ["person_id"])
    op.create_index("ix_tickets_upload_id", "tickets", ["upload_id"])

    op.create_table(
        "upload_files",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("upload_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("position >= 0", name=op.f("ck_upload_files_position")),
        sa.CheckConstraint("size >= 1", name=op.f("ck_upload_files_size")),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_files_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload_files")),
        sa.UniqueConstraint("upload_id", "position", name=op.f("uq_upload_files_upload_id_position")),
    )
    op.add_column("people", sa.Column("left", sa.Double(), nullable=True))


def downgrade() -> None:
    for table in (
        "upload_files",
        "tickets",
        "uploads",
        "recording_tags",
        "recording_answers",
        "grants",
        "comments",
        "receipts",
        "identities",
        "class_periods",
        "sign_in_flows",
    ):
        op.drop_table(table)
    op.drop_column("people", "left")
