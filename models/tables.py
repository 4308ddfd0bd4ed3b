"""The tables that exist, typed, with what must always hold of them. docs/schema.md draws these and those to come.

Two rules. What people make (corrections; later comments, clips) references recordings and never runs, so that no new
run and no deleted one can touch it. Times are seconds since 1970 in UTC, by the database's own clock.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from coaching.corrections import Kind
from coaching.people import LONGEST_EMAIL, LONGEST_SCHOOL, Membership
from coaching.recordings import LONGEST_ID, Priority, RunState, Stage, StageState
from coaching.transcript import Role
from models.types import Base as Base
from models.types import Words, identity, of, one_of

LONGEST_WORKER = 200


class WorkState(StrEnum):
    """Whether a run's attempt is still to be done: apart from what people are told (`RunState`), because a lesson
    that is ready may have pictures at work."""

    WAITING = "waiting"
    RUNNING = "running"
    OVER = "over"


class PersonRow(Base):
    __tablename__ = "people"

    id: Mapped[str] = identity()
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    name: Mapped[str]
    added: Mapped[float]


class SchoolRow(Base):
    __tablename__ = "schools"

    id: Mapped[str] = identity()
    name: Mapped[str] = mapped_column(String(LONGEST_SCHOOL), unique=True)


class MembershipRow(Base):
    __tablename__ = "memberships"

    person_id: Mapped[str] = of("people.id", primary_key=True)
    school_id: Mapped[str] = of("schools.id", primary_key=True, index=True)
    membership: Mapped[Membership] = mapped_column(one_of(Membership), primary_key=True)


class RecordingRow(Base):
    """`content` is the SHA-256 of its files' hashes in order. The row is what a worker locks: one claim at a time."""

    __tablename__ = "recordings"
    __table_args__ = (UniqueConstraint("owner_id", "content"), Index(None, "owner_id", "added"))

    id: Mapped[str] = identity()
    owner_id: Mapped[str] = of("people.id", on_delete="RESTRICT")
    name: Mapped[str]
    added: Mapped[float] = mapped_column(index=True)
    content: Mapped[str] = mapped_column(String(64))


class FileRow(Base):
    __tablename__ = "recording_files"
    __table_args__ = (CheckConstraint("size >= 0", "size"), CheckConstraint("length(sha256) = 64", "sha256"))

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))


class RunRow(Base):
    """`work` says whether `attempt` is still to be done, `queued_attempt` which attempt was put in the queue.

    `since` is when it began to wait, `not_before` until when it shall, `heard` when it last gave a sign of life.
    `shown` marks the one run of a recording that people see. `facts` is all of a lesson that has no row of its own;
    where it is null, no transcript stands.
    """

    __tablename__ = "runs"
    __table_args__ = (
        UniqueConstraint("recording_id", "number"),
        Index("uq_runs_shown", "recording_id", unique=True, sqlite_where=text("shown"), postgresql_where=text("shown")),
        Index("ix_runs_open", "work", sqlite_where=text("work <> 'over'"), postgresql_where=text("work <> 'over'")),
        CheckConstraint("number >= 1 AND attempt >= 1", "counted"),
        CheckConstraint("queued_attempt <= attempt", "queued"),
        CheckConstraint(
            "(state = 'waiting' AND work = 'waiting') OR (state = 'running' AND work = 'running') OR state = 'ready'"
            " OR (state IN ('failed', 'cancelled') AND work = 'over')",
            "state_and_work",
        ),
        CheckConstraint("state <> 'failed' OR reason IS NOT NULL", "reason"),
    )

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id")
    number: Mapped[int]
    state: Mapped[RunState] = mapped_column(one_of(RunState), index=True)
    work: Mapped[WorkState] = mapped_column(one_of(WorkState))
    attempt: Mapped[int]
    queued_attempt: Mapped[int | None]
    shown: Mapped[bool]
    priority: Mapped[Priority] = mapped_column(one_of(Priority))
    options: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    since: Mapped[float]
    not_before: Mapped[float | None]
    heard: Mapped[float]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class StageRow(Base):
    """`token` is the claim's that holds it, or held it last; `attempt` and `worker` belong to the token.

    `worker` is no reference: a row must be able to outlive a worker that was forgotten.
    """

    __tablename__ = "stages"
    __table_args__ = (
        Index(
            "ix_stages_open", "state", sqlite_where=text("state <> 'done'"), postgresql_where=text("state <> 'done'")
        ),
        CheckConstraint("share >= 0 AND share <= 1", "share"),
        CheckConstraint("tries >= 0 AND seconds >= 0", "counted"),
        CheckConstraint("state <> 'failed' OR (reason IS NOT NULL AND kind IS NOT NULL)", "reason"),
        CheckConstraint(
            "state <> 'running' OR (token IS NOT NULL AND worker IS NOT NULL AND attempt IS NOT NULL"
            " AND started IS NOT NULL AND heard IS NOT NULL)",
            "held",
        ),
    )

    run_id: Mapped[str] = of("runs.id", primary_key=True)
    stage: Mapped[Stage] = mapped_column(one_of(Stage), primary_key=True)
    state: Mapped[StageState] = mapped_column(one_of(StageState))
    tries: Mapped[int]
    share: Mapped[float]
    seconds: Mapped[float]
    attempt: Mapped[int | None]
    token: Mapped[str | None] = mapped_column(String(LONGEST_ID))
    worker: Mapped[str | None] = mapped_column(String(LONGEST_WORKER))
    started: Mapped[float | None]
    heard: Mapped[float | None]
    artefact: Mapped[str | None]
    reason: Mapped[str | None]
    kind: Mapped[str | None]


class WorkerRow(Base):
    """`seen` is its last sign of life; `given_up` when somebody took over from it."""

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(String(LONGEST_WORKER), primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    queues: Mapped[list[Any]]
    seen: Mapped[float]
    given_up: Mapped[float | None]


class SpeakerRow(Base):
    __tablename__ = "speakers"
    __table_args__ = (UniqueConstraint("run_id", "label"),)

    run_id: Mapped[str] = of("runs.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    role: Mapped[Role] = mapped_column(one_of(Role))
    name: Mapped[str]


class UtteranceRow(Base):
    __tablename__ = "utterances"
    __table_args__ = (
        ForeignKeyConstraint(["run_id", "speaker"], ["speakers.run_id", "speakers.label"], ondelete="CASCADE"),
        Index(None, "run_id", "speaker"),
        CheckConstraint("start <= stop", "span"),
    )

    run_id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    speaker: Mapped[str]
    start: Mapped[float]
    stop: Mapped[float]
    text: Mapped[str]
    confidence: Mapped[float | None]
    words: Mapped[Words]


class MeasureRow(Base):
    __tablename__ = "measures"
    __table_args__ = (
        UniqueConstraint("run_id", "name"),
        CheckConstraint("(value IS NULL) <> (reason IS NULL)", "value_or_reason"),
    )

    run_id: Mapped[str] = of("runs.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    value: Mapped[float | None]
    unit: Mapped[str]
    reason: Mapped[str | None]
    interval: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    components: Mapped[dict[str, Any]]
    evidence: Mapped[list[Any]]
    """[start, end, text, value] each."""


class CorrectionRow(Base):
    """What a person put right. `number` counts those of a recording; `taken_back` is when it was undone."""

    __tablename__ = "corrections"
    __table_args__ = (
        UniqueConstraint("recording_id", "number"),
        CheckConstraint("kind <> 'role' OR role IS NOT NULL", "role_given"),
    )

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id")
    person_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", nullable=True, index=True)
    number: Mapped[int]
    made: Mapped[float]
    taken_back: Mapped[float | None]
    kind: Mapped[Kind] = mapped_column(one_of(Kind))
    role: Mapped[Role | None] = mapped_column(one_of(Role))
    text: Mapped[str]
    spans: Mapped[list[Any]]
    other: Mapped[list[Any]]


class PasswordRow(Base):
    """`hash` is Argon2's, with its salt and cost. Apart from people, so that nobody reads it who lists them."""

    __tablename__ = "passwords"

    person_id: Mapped[str] = of("people.id", primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    changed: Mapped[float]


class SessionRow(Base):
    """`id` is the fingerprint of the cookie."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = of("people.id", index=True)
    began: Mapped[float]
    ends: Mapped[float] = mapped_column(index=True)


class LinkRow(Base):
    """A link to set a password, good once: it is deleted when it is used. `id` is the fingerprint of its secret."""

    __tablename__ = "links"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = of("people.id", unique=True)
    ends: Mapped[float] = mapped_column(index=True)


class TryRow(Base):
    """Wrong passwords in a row: `id` is the fingerprint of an account, an address, or both (coaching/accounts.py)."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"), CheckConstraint("count >= 0", "counted"))

    id: Mapped[str] = identity()
    count: Mapped[int]
    last: Mapped[float] = mapped_column(index=True)
