"""What is made of a lesson beyond its notes: films to keep, clips given, what was guessed and what an ear said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from coaching.calibration import Who
from coaching.handouts import Made, Making
from models.tables.runs import LONGEST_WORKER
from models.types import Base, identity, of, one_of


class HandoutRow(Base):
    """A file that a worker makes of a lesson because somebody asked. `path` is relative to the data folder; the file is
    removed when it `ends`, null for what is there as long as a clip is given or covered. `token` is that of the claim
    that holds it or held it last; `words` stand for what was said and noted when it was begun."""

    __tablename__ = "handouts"
    __table_args__ = (
        CheckConstraint("(state = 'failed') = (reason IS NOT NULL)", "reason_given"),
        CheckConstraint("(state = 'ready') = (path IS NOT NULL)", "path_given"),
        CheckConstraint("(kind IN ('given', 'faces', 'covered')) = (ends IS NULL)", "ends_given"),
        Index(None, "state", "asked"),
    )

    id: Mapped[str] = identity()
    recording_id: Mapped[str] = of("recordings.id", index=True)
    person_id: Mapped[str] = of("people.id", index=True)
    kind: Mapped[Made] = mapped_column(one_of(Made))
    options: Mapped[dict[str, Any]]
    name: Mapped[str]
    state: Mapped[Making] = mapped_column(one_of(Making))
    share: Mapped[float]
    tries: Mapped[int]
    asked: Mapped[float]
    ends: Mapped[float | None]
    token: Mapped[str | None] = mapped_column(String(64))
    worker: Mapped[str | None] = mapped_column(String(LONGEST_WORKER))
    heard: Mapped[float | None]
    reason: Mapped[str | None]
    path: Mapped[str | None]
    words: Mapped[str | None]
    size: Mapped[int | None] = mapped_column(BigInteger)


class ClipGrantRow(Base):
    """A clip that the lesson's owner gave somebody, and nothing else of the lesson. Taken back, the row stays."""

    __tablename__ = "clip_grants"
    __table_args__ = (
        Index(None, "clip_id"),
        Index(
            "uq_clip_grants_given",
            "clip_id",
            "person_id",
            unique=True,
            sqlite_where=text("taken_back IS NULL"),
            postgresql_where=text("taken_back IS NULL"),
        ),
    )

    id: Mapped[str] = identity()
    clip_id: Mapped[str] = of("clips.id")
    person_id: Mapped[str] = of("people.id", index=True)
    given_by: Mapped[str] = of("people.id")
    given: Mapped[float]
    taken_back: Mapped[float | None]


class ClipFacesRow(Base):
    """A clip in which faces are covered: what a machine `found` in the seconds from `start` to `stop`, null until it
    has looked, and what a person `marked`. `film` names the film of what is covered of it all."""

    __tablename__ = "clip_faces"
    __table_args__ = (
        CheckConstraint(
            "(found IS NULL) = (film IS NULL) AND (film IS NULL) = (start IS NULL) "
            "AND (start IS NULL) = (stop IS NULL)",
            "looked",
        ),
    )

    clip_id: Mapped[str] = of("clips.id", primary_key=True)
    start: Mapped[float | None]
    stop: Mapped[float | None]
    found: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    marked: Mapped[dict[str, Any]]
    film: Mapped[str | None] = mapped_column(String(64))
    made: Mapped[float]
    changed: Mapped[float]


class PredictionRow(Base):
    """What somebody guessed of a measure before they saw it; null where they went on without a guess."""

    __tablename__ = "predictions"

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    measure: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[float | None]
    made: Mapped[float]


class CalibrationRow(Base):
    """What a person heard at a moment of a recording (the middle of a five-second clip), null for "cannot tell", beside
    what the machine thought. `of_voices` is the fingerprint of all that the machine thought then."""

    __tablename__ = "calibrations"

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    person_id: Mapped[str] = of("people.id", primary_key=True, index=True)
    of_voices: Mapped[str] = mapped_column(String(64), primary_key=True)
    moment: Mapped[float] = mapped_column(primary_key=True)
    machine: Mapped[Who] = mapped_column(one_of(Who, "machine"))
    said: Mapped[Who | None] = mapped_column(one_of(Who, "said"))
    made: Mapped[float]
