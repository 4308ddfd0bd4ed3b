"""Indexes by which the runs that ended last are found, and those which are shown are counted by their state"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OVER = sa.text("work = 'over'")


def upgrade() -> None:
    op.create_index("ix_runs_ended", "runs", ["heard", "id"], sqlite_where=OVER, postgresql_where=OVER)
    op.create_index("ix_runs_state_shown", "runs", ["state", "shown"])
    op.drop_index("ix_runs_state", table_name="runs")


def downgrade() -> None:
    op.create_index("ix_runs_state", "runs", ["state"])
    op.drop_index("ix_runs_state_shown", table_name="runs")
    op.drop_index("ix_runs_ended", table_name="runs")
