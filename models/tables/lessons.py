"""Recordings, and what people make of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from coaching.access import Grant
from coaching.codebooks import Colour
from coaching.comments import Audience
from coaching.corrections import Kind
from coaching.recordings import LONGEST_CLASS, LONGEST_ID, LONGEST_TAG
from coaching.transcript import Role
from models.types import Base, identity, of, one_of


class ClassPeriodRow(Base):
    """A class that a teacher teaches, by the name that they call it."""

    __tablename__ = "class_periods"
    __table_args__ = (UniqueConstraint("teacher_id", "school_id", "name"),)

    id: Mapped[str] = identity()
    teacher_id: Mapped[str] = of("people.id")
    school_id: Mapped[str] = of("schools.id", index=True)
    name: Mapped[str] = mapped_column(String(LONGEST_CLASS))
    added: Mapped[float]


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


class AnswersRow(Base):
    """What its owner said of a recording when they brought it; no row where nobody asked (`secondlook import`).

    `taught` is a day, YYYY-MM-DD; `consent` when they said that every family of the class period agreed to be recorded;
    `look_fors` what they want to look for, in words.
    """

    __tablename__ = "recording_answers"

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    class_period_id: Mapped[str | None] = of("class_periods.id", on_delete="SET NULL", nullable=True, index=True)
    taught: Mapped[str | None] = mapped_column(String(10))
    consent: Mapped[float | None]
    look_fors: Mapped[list[Any]]


class TagRow(Base):
    """A word of the owner's, to find the lesson by."""

    __tablename__ = "recording_tags"

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    tag: Mapped[str] = mapped_column(String(LONGEST_TAG), primary_key=True)


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


class CommentRow(Base):
    """`stop` is null where it is a moment; `deleted` can be undone. With `parent_id`, an answer. `changed` is when
    anything of it last became otherwise, which pages that are open look for; `edited` when what it says did."""

    __tablename__ = "comments"
    __table_args__ = (
        Index(None, "recording_id", "start"),
        CheckConstraint("start >= 0 AND (stop IS NULL OR stop >= start)", "span"),
    )

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id")
    author_id: Mapped[str] = of("people.id", index=True)
    parent_id: Mapped[str | None] = of("comments.id", nullable=True, index=True)
    start: Mapped[float]
    stop: Mapped[float | None]
    body: Mapped[str]
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    made: Mapped[float]
    changed: Mapped[float | None]
    edited: Mapped[float | None]
    resolved: Mapped[float | None]
    deleted: Mapped[float | None]


class CommentLabelRow(Base):
    """A word of a codebook, copied with its colour, so that another codebook rewrites no comment. Without a `colour`
    it was of no codebook that was offered."""

    __tablename__ = "comment_labels"

    comment_id: Mapped[str] = of("comments.id", primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    colour: Mapped[Colour | None] = mapped_column(one_of(Colour))


class ClipRow(Base):
    """A stretch that somebody wants to see again, or to show. `deleted` can be undone."""

    __tablename__ = "clips"
    __table_args__ = (Index(None, "recording_id", "start"), CheckConstraint("start >= 0 AND stop > start", "span"))

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id")
    author_id: Mapped[str] = of("people.id", index=True)
    start: Mapped[float]
    stop: Mapped[float]
    name: Mapped[str]
    note: Mapped[str]
    audience: Mapped[Audience] = mapped_column(one_of(Audience))
    made: Mapped[float]
    changed: Mapped[float | None]
    deleted: Mapped[float | None]


class ViewRow(Base):
    """What somebody watched of a recording, as pairs of seconds, and where they were last."""

    __tablename__ = "views"

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    spans: Mapped[list[Any]]
    place: Mapped[float]
    first: Mapped[float]
    last: Mapped[float]


class GrantRow(Base):
    """What an owner gave somebody. `taken_back` is when they took it back; the row stays, so that both can see it."""

    __tablename__ = "grants"
    __table_args__ = (
        Index(None, "recording_id"),
        Index(
            "uq_grants_given",
            "recording_id",
            "person_id",
            "what",
            unique=True,
            sqlite_where=text("taken_back IS NULL"),
            postgresql_where=text("taken_back IS NULL"),
        ),
    )

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id")
    person_id: Mapped[str] = of("people.id", index=True)
    what: Mapped[Grant] = mapped_column(one_of(Grant))
    given_by: Mapped[str] = of("people.id")
    given: Mapped[float]
    taken_back: Mapped[float | None]


class ReceiptRow(Base):
    """What is left of a recording that its owner deleted: that it was, and how much. `recording` is its former id;
    `rows` how many were deleted with it by table, null where nobody counted."""

    __tablename__ = "receipts"
    __table_args__ = (Index(None, "owner_id", "deleted"),)

    id: Mapped[str] = identity()
    owner_id: Mapped[str] = of("people.id")
    recording: Mapped[str] = mapped_column(String(LONGEST_ID), unique=True)
    name: Mapped[str]
    added: Mapped[float]
    deleted: Mapped[float]
    files: Mapped[int]
    bytes: Mapped[int] = mapped_column(BigInteger)
    rows: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
