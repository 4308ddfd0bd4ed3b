"""What people are told of, and how they want to be told"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

OPEN = sa.text("mail IN ('new', 'waiting')")
UNREAD = sa.text("read IS NULL")
MAILING = ("new", "waiting", "sent", "none", "failed")


def upgrade() -> None:
    op.create_table(
        "notifications",
        _id("id"),
        _id("person_id"),
        sa.Column("kind", sa.String(length=32), nullable=False),
        *(_id(name, nullable=True) for name in ("by_id", "recording_id", "comment_id", "clip_id", "cycle_id")),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("read", sa.Double(), nullable=True),
        sa.Column(
            "mail",
            sa.Enum(*MAILING, name="mailing", native_enum=False, create_constraint=True, length=16),
            nullable=False,
        ),
        sa.Column("due", sa.Double(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        _id("token", nullable=True),
        sa.Column("sent", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(mail = 'waiting') = (due IS NOT NULL)", name=op.f("ck_notifications_due_given")),
        sa.CheckConstraint("(mail = 'sent') = (sent IS NOT NULL)", name=op.f("ck_notifications_sent_given")),
        sa.CheckConstraint("mail <> 'failed' OR reason IS NOT NULL", name=op.f("ck_notifications_reason_given")),
        _of("notifications", "person_id", "people"),
        _of("notifications", "by_id", "people"),
        _of("notifications", "recording_id", "recordings"),
        _of("notifications", "comment_id", "comments"),
        _of("notifications", "clip_id", "clips"),
        _of("notifications", "cycle_id", "cycles"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index("ix_notifications_person_id_made", "notifications", ["person_id", "made"])
    for column in ("by_id", "recording_id", "comment_id", "clip_id", "cycle_id", "token"):
        op.create_index(f"ix_notifications_{column}", "notifications", [column])
    for name, columns, where in (("unread", ["person_id"], UNREAD), ("open", ["mail", "due"], OPEN)):
        op.create_index(
            f"ix_notifications_{name}", "notifications", columns, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "notification_preferences",
        _id("person_id"),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=True),
        sa.Column("quiet_until", sa.Integer(), nullable=True),
        sa.Column("digest", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("ck_notification_preferences_quiet_both")
        ),
        _of("notification_preferences", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_notification_preferences")),
    )


def downgrade() -> None:
    for table in ("notification_preferences", "notifications"):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=nullable)


def _of(table: str, column: str, whose: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{whose}.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
