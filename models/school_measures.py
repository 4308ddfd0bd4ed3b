"""A school's own measures: a part of `coaching.leadership.Leadership`.

What is published lies in rows of its own, which lead to no teacher and no lesson; only workers read what they are made
of, as each teacher.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from coaching import months
from coaching.access import NotThere
from coaching.people import Membership
from coaching.recordings import RunState, is_id
from coaching.school_measures import Counting, Month, Pooled
from models.database import Database, insert_if_new, now
from models.tables import (
    AnswersRow,
    ClassPeriodRow,
    CountedRow,
    MembershipRow,
    PersonRow,
    RecordingRow,
    RunRow,
    SchoolMonthRow,
    SchoolRow,
)


class SchoolMeasuresStore:
    _database: Database

    def count_mine(self, viewer: str, school: str, yes: bool) -> None:
        with self._database.write() as session:
            here = MembershipRow.person_id == viewer, MembershipRow.school_id == school
            teaches = select(MembershipRow.school_id).where(*here, MembershipRow.membership == Membership.TEACHER)
            if not (is_id(viewer) and is_id(school) and session.scalar(teaches)):
                raise NotThere
            if yes:
                insert_if_new(session, CountedRow, person_id=viewer, school_id=school, since=now(session))
            else:
                mine = CountedRow.person_id == viewer, CountedRow.school_id == school
                session.execute(delete(CountedRow).where(*mine))

    def undecided(self, month: date) -> list[str]:
        decided = select(SchoolMonthRow.school_id).where(SchoolMonthRow.month == months.word(month))
        with self._database.read() as session:
            return list(
                session.scalars(select(SchoolRow.id).where(SchoolRow.id.not_in(decided)).order_by(SchoolRow.id))
            )

    def counting(self, month: date) -> list[Counting]:
        begins, ends = months.bounds(month, UTC)
        query = (
            select(CountedRow.school_id, CountedRow.person_id, RecordingRow.id)
            .join(PersonRow, (PersonRow.id == CountedRow.person_id) & PersonRow.left.is_(None))
            .join(
                MembershipRow,
                (MembershipRow.person_id == CountedRow.person_id)
                & (MembershipRow.school_id == CountedRow.school_id)
                & (MembershipRow.membership == Membership.TEACHER),
            )
            .join(RecordingRow, RecordingRow.owner_id == CountedRow.person_id)
            .join(AnswersRow, AnswersRow.recording_id == RecordingRow.id)
            .join(ClassPeriodRow, ClassPeriodRow.id == AnswersRow.class_period_id)
            .join(RunRow, (RunRow.recording_id == RecordingRow.id) & RunRow.shown & (RunRow.state == RunState.READY))
            .where(ClassPeriodRow.school_id == CountedRow.school_id)
            .where(RecordingRow.added >= begins, RecordingRow.added < ends)
            .order_by(RecordingRow.id)
        )
        found: dict[tuple[str, str], list[str]] = {}
        with self._database.read() as session:
            for school, teacher, recording in session.execute(query):
                found.setdefault((school, teacher), []).append(recording)
        return [Counting(school, teacher, tuple(lessons)) for (school, teacher), lessons in found.items()]

    def decide(self, month: date, found: Mapping[str, tuple[int, tuple[Pooled, ...]] | None]) -> None:
        with self._database.write() as session:
            for school, of in found.items():
                if session.get(SchoolRow, school) is None:
                    continue
                teachers, measures = of or (None, ())
                told = [[m.name, m.value, m.low, m.high] for m in measures]
                values = {"teachers": teachers, "measures": told, "decided": now(session)}
                insert_if_new(session, SchoolMonthRow, school_id=school, month=months.word(month), **values)


def published(session: Session, schools: Collection[str]) -> Mapping[str, list[Month]]:
    """What was published lately at each of these, the newest first."""
    query = select(SchoolMonthRow).where(SchoolMonthRow.school_id.in_(schools), SchoolMonthRow.teachers.is_not(None))
    found: dict[str, list[Month]] = {school: [] for school in schools}
    for row in session.scalars(query.order_by(SchoolMonthRow.month.desc())):
        if len(lately := found[row.school_id]) < months.SHOWN:
            measures = tuple(Pooled(*one) for one in row.measures)
            lately.append(Month(months.of_word(row.month), row.teachers or 0, measures))
    return found


def counted_at(session: Session, viewer: str) -> set[str]:
    """At which schools they let their lessons count."""
    return set(session.scalars(select(CountedRow.school_id).where(CountedRow.person_id == viewer)))
