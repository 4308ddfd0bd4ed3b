"""What a school sees of learning walks: a part of `coaching.walks.Walks`.

It is counted from who, when, and the names of look-fors: no query here reads what was written of them, a place, or a
photo.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from coaching import months
from coaching.access import VISITORS
from coaching.coached import School
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
            schools = cycle_rows.schools(session, visits_at(session, viewer))
            moment = at(now(session))
        zones: dict[str, list[School]] = {}
        for one in schools:
            zones.setdefault(one.cadence.zone, []).append(one)
        seen: dict[str, tuple[Month, ...]] = {}
        for zone, there in zones.items():
            settled = months.settled(there[0].cadence.day(moment))
            bounds = {first: months.bounds(first, ZoneInfo(zone)) for first in settled}
            seen |= self._seen(viewer, [one.id for one in there], bounds)
        return [Months(one.name, seen[one.id]) for one in schools]

    def _seen(self, viewer: str, schools: Sequence[str], bounds: Bounds) -> dict[str, tuple[Month, ...]]:
        """Of each of these schools. What has not been counted yet is counted now."""
        with self._database.read() as session:
            known = _counted(session, schools)
            visited = _teachers(session, schools, bounds)
        missing = {one: firsts for one in schools if (firsts := visited[one].keys() - known[one].keys())}
        if missing:
            with self._database.write() as session:
                for one, firsts in missing.items():
                    _count(session, one, {first: bounds[first] for first in firsts})
                known = _counted(session, schools)
        with self._database.read() as session:
            others = _teachers(session, schools, bounds, *_of_others(viewer, bounds))
        return {
            one: tuple(
                _month(first, known[one][first], others[one].get(first, 0)) for first in bounds if first in known[one]
            )
            for one in schools
        }


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


def _teachers(
    session: Session, schools: Sequence[str], bounds: Bounds, *where: ColumnElement[bool]
) -> dict[str, dict[date, int]]:
    """How many teachers were visited at each school in each month; months without visits are left out."""
    month, many = _in(bounds), func.count(WalkRow.teacher_id.distinct())
    query = _of(schools, bounds, select(WalkRow.school_id, month, many)).where(*where)
    found: dict[str, dict[date, int]] = {school: {} for school in schools}
    for school, stored, teachers in session.execute(query.group_by(WalkRow.school_id, month)):
        found[school][months.of_word(stored)] = teachers
    return found


def _of_others(viewer: str, bounds: Bounds) -> Iterable[ColumnElement[bool]]:
    """Visits that were counted, and of which somebody knows nothing by themselves."""
    counted = select(WalkMonthRow.month).where(WalkMonthRow.school_id == WalkRow.school_id)
    counted = counted.where(WalkMonthRow.month == _in(bounds), WalkMonthRow.counted >= WalkRow.made)
    return WalkRow.visitor_id != viewer, WalkRow.teacher_id != viewer, counted.exists()


def _of(schools: Sequence[str], bounds: Bounds, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    begins, ends = min(begin for begin, _ in bounds.values()), max(end for _, end in bounds.values())
    here = WalkRow.school_id.in_(schools), WalkRow.visited >= begins, WalkRow.visited < ends
    return query.select_from(WalkRow).where(*here, WalkRow.gone.is_(None))


def _count(session: Session, school: str, bounds: Bounds) -> None:
    """Count these months once and for good."""
    for first, one in bounds.items():
        month = {first: one}
        teachers = _teachers(session, [school], month)[school].get(first, 0)
        visits = session.scalar(_of([school], month, select(func.count()))) or 0
        often = func.count(WalkSeenRow.walk_id.distinct())
        names = _of([school], month, select(WalkSeenRow.look_for, often)).join(WalkSeenRow).where(WalkSeenRow.counts)
        names = names.group_by(WalkSeenRow.look_for).order_by(often.desc(), WalkSeenRow.look_for)
        enough = teachers >= months.FEWEST_TEACHERS
        seen = [list(found) for found in session.execute(names)] if enough else []
        values = {"counted": now(session), "teachers": teachers, "visits": visits, "seen": seen}
        insert_if_new(session, WalkMonthRow, school_id=school, month=months.word(first), **values)


def _counted(session: Session, schools: Sequence[str]) -> dict[str, dict[date, WalkMonthRow]]:
    found: dict[str, dict[date, WalkMonthRow]] = {school: {} for school in schools}
    for row in session.scalars(select(WalkMonthRow).where(WalkMonthRow.school_id.in_(schools))):
        found[row.school_id][months.of_word(row.month)] = row
    return found


def _month(first: date, row: WalkMonthRow, others: int) -> Month:
    """As somebody sees it, who knows nothing of `others` teachers' visits by themselves."""
    if min(row.teachers, others) < months.FEWEST_TEACHERS:
        return Month(first, shown=False)
    return Month(first, True, row.visits, tuple((name, often) for name, often in row.seen))
