"""An administrator's way into a lesson, with a reason, for an hour"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "openings",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("recording_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=False),
        _of("recording_id", "recordings"),
        _of("person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    for column in ("recording_id", "person_id"):
        op.create_index(f"ix_openings_{column}", "openings", [column])


def downgrade() -> None:
    op.drop_table("openings")


def _of(column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_openings_{column}"), ondelete="CASCADE")
