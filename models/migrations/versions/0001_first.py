"""People, recordings, runs and what they found, corrections"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("name", name=op.f("uq_schools_name")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("queues", sa.JSON(), nullable=False),
        sa.Column("seen", sa.Double(), nullable=False),
        sa.Column("given_up", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )
    op.create_table(
        "memberships",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=64), nullable=False),
        sa.Column(
            "membership",
            sa.Enum(
                "teacher",
                "coach",
                "leader",
                "admin",
                name="membership",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_memberships_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["schools.id"], name=op.f("fk_memberships_school_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "school_id", "membership", name=op.f("pk_memberships")),
    )
    op.create_index("ix_memberships_school_id", "memberships", ["school_id"])

    op.create_table(
        "recordings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added", sa.Double(), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_recordings_owner_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("owner_id", "content", name=op.f("uq_recordings_owner_id_content")),
    )
    op.create_index("ix_recordings_added", "recordings", ["added"])
    op.create_index("ix_recordings_owner_id_added", "recordings", ["owner_id", "added"])

    op.create_table(
        "corrections",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("taken_back", sa.Double(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("role", "name", "merge", "text", name="kind", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column(
            "role",
            sa.Enum("teacher", "student", "unknown", name="role", native_enum=False, create_constraint=True, length=16),
            nullable=True,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("other", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind <> 'role' OR role IS NOT NULL", name=op.f("ck_corrections_role_given")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_corrections_person_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_corrections_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        sa.UniqueConstraint("recording_id", "number", name=op.f("uq_corrections_recording_id_number")),
    )
    op.create_index("ix_corrections_person_id", "corrections", ["person_id"])

    op.create_table(
        "recording_files",
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_recording_files_sha256")),
        sa.CheckConstraint("size >= 0", name=op.f("ck_recording_files_size")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_recording_files_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("recording_id", "position", name=op.f("pk_recording_files")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "ready",
                "failed",
                "cancelled",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "work",
            sa.Enum(
                "waiting", "running", "over", name="workstate", native_enum=False, create_constraint=True, length=16
            ),
            nullable=False,
        ),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("queued_attempt", sa.Integer(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column(
            "priority",
            sa.Enum("soon", "bulk", name="priority", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("since", sa.Double(), nullable=False),
        sa.Column("not_before", sa.Double(), nullable=True),
        sa.Column("heard", sa.Double(), nullable=False),
        sa.Column("facts", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting' AND work = 'waiting') OR (state = 'running' AND work = 'running') OR state = 'ready' OR (state IN ('failed', 'cancelled') AND work = 'over')",
            name=op.f("ck_runs_state_and_work"),
        ),
        sa.CheckConstraint("state <> 'failed' OR reason IS NOT NULL", name=op.f("ck_runs_reason")),
        sa.CheckConstraint("number >= 1 AND attempt >= 1", name=op.f("ck_runs_counted")),
        sa.CheckConstraint("queued_attempt <= attempt", name=op.f("ck_runs_queued")),
        sa.ForeignKeyConstraint(
            ["recording_id"], ["recordings.id"], name=op.f("fk_runs_recording_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("recording_id", "number", name=op.f("uq_runs_recording_id_number")),
    )
    op.create_index(
        "ix_runs_open",
        "runs",
        ["work"],
        sqlite_where=sa.text("work <> 'over'"),
        postgresql_where=sa.text("work <> 'over'"),
    )
    op.create_index("ix_runs_state", "runs", ["state"])
    op.create_index(
        "uq_runs_shown",
        "runs",
        ["recording_id"],
        unique=True,
        sqlite_where=sa.text("shown"),
        postgresql_where=sa.text("shown"),
    )

    op.create_table(
        "measures",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("interval", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.CheckConstraint("(value IS NULL) <> (reason IS NULL)", name=op.f("ck_measures_value_or_reason")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_measures_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_measures")),
        sa.UniqueConstraint("run_id", "name", name=op.f("uq_measures_run_id_name")),
    )
    op.create_table(
        "speakers",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("teacher", "student", "unknown", name="role", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_speakers_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_speakers")),
        sa.UniqueConstraint("run_id", "label", name=op.f("uq_speakers_run_id_label")),
    )
    op.create_table(
        "stages",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "sound",
                "speakers",
                "words",
                "measures",
                "web",
                "audio",
                "poster",
                "sprite",
                "peaks",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "failed",
                name="stagestate",
                native_enum=False,
                create_constraint=True,
                length=16,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=True),
        sa.Column("token", sa.String(length=64), nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("started", sa.Double(), nullable=True),
        sa.Column("heard", sa.Double(), nullable=True),
        sa.Column("artefact", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state <> 'failed' OR (reason IS NOT NULL AND kind IS NOT NULL)", name=op.f("ck_stages_reason")
        ),
        sa.CheckConstraint(
            "state <> 'running' OR (token IS NOT NULL AND worker IS NOT NULL AND attempt IS NOT NULL AND started IS NOT NULL AND heard IS NOT NULL)",
            name=op.f("ck_stages_held"),
        ),
        sa.CheckConstraint("share >= 0 AND share <= 1", name=op.f("ck_stages_share")),
        sa.CheckConstraint("tries >= 0 AND seconds >= 0", name=op.f("ck_stages_counted")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_stages_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "stage", name=op.f("pk_stages")),
    )
    op.create_index(
        "ix_stages_open",
        "stages",
        ["state"],
        sqlite_where=sa.text("state <> 'done'"),
        postgresql_where=sa.text("state <> 'done'"),
    )

    op.create_table(
        "utterances",
        sa.Column("run_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column("start", sa.Double(), nullable=False),
        sa.Column("stop", sa.Double(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.CheckConstraint("start <= stop", name=op.f("ck_utterances_span")),
        sa.ForeignKeyConstraint(
            ["run_id", "speaker"],
            ["speakers.run_id", "speakers.label"],
            name=op.f("fk_utterances_run_id_speaker"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_utterances")),
    )
    op.create_index("ix_utterances_run_id_speaker", "utterances", ["run_id", "speaker"])


def downgrade() -> None:
    for table in (
        "utterances",
        "stages",
        "speakers",
        "measures",
        "runs",
        "recording_files",
        "corrections",
        "recordings",
        "memberships",
        "workers",
        "schools",
        "people",
    ):
        op.drop_table(table)
