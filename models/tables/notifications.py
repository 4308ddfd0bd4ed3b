"""What people are told of, and how they want to be told."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from coaching.mailing import Mailing
from models.types import Base, identity, of, one_of

OPEN = text("mail IN ('new', 'waiting')")
UNREAD = text("read IS NULL")


class NotificationRow(Base):
    """Something that happened: one row each time. It goes with what it hangs on; `link` is a path of this server.
    `mail` is where the e-mail of it stands: when it is `due`, and the `token` of the claim that holds it or held it
    last. `kind` has no CHECK, so that a new one needs no migration."""

    __tablename__ = "notifications"
    __table_args__ = (
        CheckConstraint("(mail = 'waiting') = (due IS NOT NULL)", "due_given"),
        CheckConstraint("(mail = 'sent') = (sent IS NOT NULL)", "sent_given"),
        CheckConstraint("mail <> 'failed' OR reason IS NOT NULL", "reason_given"),
        Index(None, "person_id", "made"),
        Index("ix_notifications_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        Index("ix_notifications_open", "mail", "due", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: Mapped[str] = identity()
    person_id: Mapped[str] = of("people.id")
    kind: Mapped[str] = mapped_column(String(32))
    by_id: Mapped[str | None] = of("people.id", nullable=True, index=True)
    recording_id: Mapped[str | None] = of("recordings.id", nullable=True, index=True)
    comment_id: Mapped[str | None] = of("comments.id", nullable=True, index=True)
    clip_id: Mapped[str | None] = of("clips.id", nullable=True, index=True)
    cycle_id: Mapped[str | None] = of("cycles.id", nullable=True, index=True)
    walk_id: Mapped[str | None] = of("learning_walks.id", nullable=True, index=True)
    exemplar_id: Mapped[str | None] = of("exemplars.id", nullable=True, index=True)
    survey_id: Mapped[str | None] = of("surveys.id", nullable=True, index=True)
    link: Mapped[str]
    made: Mapped[float]
    read: Mapped[float | None]
    mail: Mapped[Mailing] = mapped_column(one_of(Mailing))
    due: Mapped[float | None]
    tries: Mapped[int]
    token: Mapped[str | None] = mapped_column(String(64), index=True)
    sent: Mapped[float | None]
    reason: Mapped[str | None]


class PreferenceRow(Base):
    """How somebody wants to be told; `chosen` holds ways by kind. Quiet hours are both there or neither. `key` signs
    the links that end their e-mails, and opens nothing."""

    __tablename__ = "notification_preferences"
    __table_args__ = (CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", "quiet_both"),)

    person_id: Mapped[str] = of("people.id", primary_key=True)
    chosen: Mapped[dict[str, Any]]
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    digest: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
