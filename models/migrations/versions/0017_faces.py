"""Faces covered in clips: what was found and put right, and two more kinds of what workers make"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEFORE = ("clip", "portfolio", "report", "given")
BY_ITSELF = "(kind IN ('given', 'faces', 'covered')) = (ends IS NULL)"
BY_ITSELF_BEFORE = "(kind = 'given') = (ends IS NULL)"


def upgrade() -> None:
    op.create_table(
        "clip_faces",
        sa.Column("clip_id", sa.String(length=64), nullable=False),
        sa.Column("start", sa.Double(), nullable=True),
        sa.Column("stop", sa.Double(), nullable=True),
        sa.Column("found", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("marked", sa.JSON(), nullable=False),
        sa.Column("film", sa.String(length=64), nullable=True),
        sa.Column("made", sa.Double(), nullable=False),
        sa.Column("changed", sa.Double(), nullable=False),
        sa.CheckConstraint(
            "(found IS NULL) = (film IS NULL) AND (film IS NULL) = (start IS NULL) AND (start IS NULL) = (stop IS NULL)",
            name=op.f("ck_clip_faces_looked"),
        ),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name=op.f("fk_clip_faces_clip_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("clip_id", name=op.f("pk_clip_faces")),
    )
    _kinds(BEFORE, BY_ITSELF_BEFORE, (*BEFORE, "faces", "covered"), BY_ITSELF)


def downgrade() -> None:
    op.execute("DELETE FROM handouts WHERE kind IN ('faces', 'covered')")
    _kinds((*BEFORE, "faces", "covered"), BY_ITSELF, BEFORE, BY_ITSELF_BEFORE)
    op.drop_table("clip_faces")


def _kinds(old: tuple[str, ...], ended: str, new: tuple[str, ...], ends: str) -> None:
    """What is allowed of handouts. SQLite cannot change what it checks, so the table is made anew there."""

    def of(kinds: tuple[str, ...]) -> str:
        return f"kind IN ({', '.join(repr(kind) for kind in kinds)})"

    with op.batch_alter_table("handouts", copy_from=_handouts(of(old), ended)) as batch:
        for name, text in (("ck_handouts_made", of(new)), ("ck_handouts_ends_given", ends)):
            batch.drop_constraint(op.f(name), type_="check")
            batch.create_check_constraint(op.f(name), sa.text(text))


def _handouts(kinds: str, ends: str) -> sa.Table:
    text, many = sa.String(length=64), ("'waiting'", "'working'", "'ready'", "'failed'", "'old'")
    return sa.Table(
        "handouts",
        sa.MetaData(),
        sa.Column("id", text, nullable=False),
        sa.Column("recording_id", text, nullable=False),
        sa.Column("person_id", text, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Double(), nullable=False),
        sa.Column("ends", sa.Double(), nullable=True),
        sa.Column("token", text, nullable=True),
        sa.Column("worker", sa.String(length=200), nullable=True),
        sa.Column("heard", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", name="ck_handouts_reason_given"),
        sa.CheckConstraint("(state = 'ready') = (path IS NOT NULL)", name="ck_handouts_path_given"),
        sa.CheckConstraint(ends, name="ck_handouts_ends_given"),
        sa.CheckConstraint(f"state IN ({', '.join(many)})", name="ck_handouts_making"),
        sa.CheckConstraint(kinds, name="ck_handouts_made"),
        *(
            sa.ForeignKeyConstraint([column], [f"{of}.id"], name=f"fk_handouts_{column}", ondelete="CASCADE")
            for column, of in (("recording_id", "recordings"), ("person_id", "people"))
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handouts"),
        *(
            sa.Index(f"ix_handouts_{'_'.join(columns)}", *columns)
            for columns in (["recording_id"], ["person_id"], ["state", "asked"])
        ),
    )
