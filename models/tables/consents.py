"""What the families of a class agreed to, and which of its students are not to be seen by others."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coaching.consents import LONGEST_CALLED, Agreed
from models.types import Base, identity, of, one_of


class ConsentRow(Base):
    """Of a class, for lessons of the days `since` to `until`, YYYY-MM-DD; of several, the one that began last."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("class_period_id", "since"), CheckConstraint("until >= since", "days"))

    id: Mapped[str] = identity()
    class_period_id: Mapped[str] = of("class_periods.id")
    agreed: Mapped[Agreed] = mapped_column(one_of(Agreed))
    since: Mapped[str] = mapped_column(String(10))
    until: Mapped[str] = mapped_column(String(10))
    note: Mapped[str]
    by_id: Mapped[str | None] = of("people.id", on_delete="SET NULL", nullable=True, index=True)
    made: Mapped[float]


class OptOutRow(Base):
    """A student of a class, as its teacher calls them: initials suffice. In lessons of these days, null for any."""

    __tablename__ = "opt_outs"
    __table_args__ = (UniqueConstraint("class_period_id", "called"),)

    id: Mapped[str] = identity()
    class_period_id: Mapped[str] = of("class_periods.id")
    called: Mapped[str] = mapped_column(String(LONGEST_CALLED))
    since: Mapped[str | None] = mapped_column(String(10))
    until: Mapped[str | None] = mapped_column(String(10))
    made: Mapped[float]


class AbsenceRow(Base):
    """That an opted-out student was not in a lesson, or not in its picture."""

    __tablename__ = "absences"

    recording_id: Mapped[str] = of("recordings.id", primary_key=True)
    opt_out_id: Mapped[str] = of("opt_outs.id", primary_key=True, index=True)
    said: Mapped[float]
