"""What a school sees of learning walks: a part of `coaching.walks.Walks`.

It is counted from who, when, and the names of look-fors: no query here reads what was written of them, a place, or a
photo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from coaching import months
from coaching.access import VISITORS
from coaching.recordings import is_id
from coaching.walks import Month, Months
from models import cycle_rows
from models.cycle_rows import at
from models.database import Database, insert_if_new, now
from models.tables import MembershipRow, WalkMonthRow, WalkRow, WalkSeenRow


class WalkMonthStore:
    _database: Database

    def months(self, viewer: str) -> list[Months]:
        with self._database.read() as session:
            schools = [cycle_rows.school(session, id) for id in visits_at(session, viewer)]
            days = {one.id: one.cadence.day(at(now(session))) for one in schools}
        found = []
        for one in sorted(schools, key=lambda school: school.name.casefold()):
            zone = ZoneInfo(one.cadence.zone)
            bounds = {first: months.bounds(first, zone) for first in months.settled(days[one.id])}
            with self._database.read() as session:
                known = _counted(session, one.id)
                visited = _teachers(session, one.id, bounds)
            if visited.keys() - known.keys():
                with self._database.write() as session:
                    _count(session, one.id, {first: bounds[first] for first in visited.keys() - known.keys()})
                    known = _counted(session, one.id)
            with self._database.read() as session:
                others = _teachers(session, one.id, bounds, *_of_others(viewer, bounds))
            seen = (_month(first, known[first], others.get(first, 0)) for first in bounds if first in known)
            found.append(Months(one.name, tuple(seen)))
        return found


def visits_at(session: Session, viewer: str) -> list[str]:
    """The ids of the schools at which somebody may visit."""
    query = select(MembershipRow.school_id).where(MembershipRow.person_id == viewer)
    query = query.where(MembershipRow.membership.in_(VISITORS)).distinct()
    return list(session.scalars(query)) if is_id(viewer) else []


Bounds = Mapping[date, tuple[float, float]]
"""Months by their first days: the moments from which to which each lasts at its school."""


def _in(bounds: Bounds) -> ColumnElement[str]:
    """The month of a visit in one of these, as it is stored. They follow one another."""
    return case(*((WalkRow.visited < end, months.word(first)) for first, (_, end) in sorted(bounds.items())))


def _teachers(session: Session, school: str, bounds: Bounds, *where: ColumnElement[bool]) -> dict[date, int]:
    """How many teachers were visited in each month; months without visits are left out."""
    month = _in(bounds)
    query = _of(school, bounds, select(month, func.count(WalkRow.teacher_id.distinct()))).where(*where)
    return {months.of_word(stored): many for stored, many in session.execute(query.group_by(month))}


def _of_others(viewer: str, bounds: Bounds) -> Iterable[ColumnElement[bool]]:
    """Visits that were counted, and of which somebody knows nothing by themselves."""
    counted = select(WalkMonthRow.month).where(WalkMonthRow.school_id == WalkRow.school_id)
    counted = counted.where(WalkMonthRow.month == _in(bounds), WalkMonthRow.counted >= WalkRow.made)
    return WalkRow.visitor_id != viewer, WalkRow.teacher_id != viewer, counted.exists()


def _of(school: str, bounds: Bounds, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    begins, ends = min(begin for begin, _ in bounds.values()), max(end for _, end in bounds.values())
    here = WalkRow.school_id == school, WalkRow.visited >= begins, WalkRow.visited < ends
    return query.select_from(WalkRow).where(*here, WalkRow.gone.is_(None))


def _count(session: Session, school: str, bounds: Bounds) -> None:
    """Count these months once and for good."""
    for first, one in bounds.items():
        month = {first: one}
        teachers = _teachers(session, school, month).get(first, 0)
        visits = session.scalar(_of(school, month, select(func.count()))) or 0
        often = func.count(WalkSeenRow.walk_id.distinct())
        names = _of(school, month, select(WalkSeenRow.look_for, often)).join(WalkSeenRow).where(WalkSeenRow.counts)
        names = names.group_by(WalkSeenRow.look_for).order_by(often.desc(), WalkSeenRow.look_for)
        enough = teachers >= months.FEWEST_TEACHERS
        seen = [list(found) for found in session.execute(names)] if enough else []
        values = {"counted": now(session), "teachers": teachers, "visits": visits, "seen": seen}
        insert_if_new(session, WalkMonthRow, school_id=school, month=months.word(first), **values)


def _counted(session: Session, school: str) -> dict[date, WalkMonthRow]:
    found = session.scalars(select(WalkMonthRow).where(WalkMonthRow.school_id == school))
    return {months.of_word(row.month): row for row in found}


def _month(first: date, row: WalkMonthRow, others: int) -> Month:
    """As somebody sees it, who knows nothing of `others` teachers' visits by themselves."""
    if min(row.teachers, others) < months.FEWEST_TEACHERS:
        return Month(first, shown=False)
    return Month(first, True, row.visits, tuple((name, often) for name, often in row.seen))
