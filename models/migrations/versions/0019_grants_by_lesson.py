"""Indexes by which everything that was given of a lesson is found, also what was taken back"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_grants_recording_id", "grants", ["recording_id"])
    op.create_index("ix_clip_grants_clip_id", "clip_grants", ["clip_id"])


def downgrade() -> None:
    op.drop_index("ix_clip_grants_clip_id", table_name="clip_grants")
    op.drop_index("ix_grants_recording_id", table_name="grants")
