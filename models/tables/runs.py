"""Runs, their stages and workers, and what a run found."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coaching.recordings import LONGEST_ID, Priority, RunState, Stage, StageState
from coaching.transcript import Role
from models.types import Base, Words, identity, of, one_of

LONGEST_WORKER = 200


class WorkState(StrEnum):
    """Whether a run's attempt is still to be done: apart from what people are told (`RunState`), because a lesson
    that is ready may have pictures at work."""

    WAITING = "waiting"
    RUNNING = "running"
    OVER = "over"


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
        Index(
            "ix_runs_ended", "heard", "id", sqlite_where=text("work = 'over'"), postgresql_where=text("work = 'over'")
        ),
        Index(None, "state", "shown"),
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
    state: Mapped[RunState] = mapped_column(one_of(RunState))
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
