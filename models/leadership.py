"""Where coaching stands at a school: implements `coaching.leadership.Leadership`.

What is read of a cycle are the columns named here: stages, days, and who takes part. No row of a lesson, a comment, a
clip, a measure or a note is read, for anybody who looks; a school's own measures are read as they were published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from coaching.access import sees_of_coaching
from coaching.leadership import Board, Somebody, Standing, board
from coaching.people import Membership
from coaching.recordings import is_id
from models import cycle_rows, school_measures
from models.cycle_rows import at, day_or_none, or_none
from models.database import Database, now
from models.school_measures import SchoolMeasuresStore
from models.tables import ActionStepRow, ConferenceRow, CycleMoveRow, CycleRow, MembershipRow, PersonRow


class LeadershipStore(SchoolMeasuresStore):
    def __init__(self, database: Database) -> None:
        self._database = database

    def boards(self, viewer: str) -> list[Board]:
        with self._database.read() as session:
            mine = select(MembershipRow.school_id, MembershipRow.membership).where(MembershipRow.person_id == viewer)
            roles: dict[str, set[Membership]] = defaultdict(set)
            for school, what in session.execute(mine).all() if is_id(viewer) else ():
                roles[school].add(what)
            seen = {id: whole for id, what in roles.items() if (whole := sees_of_coaching(what)) is not None}
            here, standings = _people(session, seen), _standings(session, viewer, seen)
            months = school_measures.published(session, seen)
            teaches = any(Membership.TEACHER in what for what in roles.values())
            counted = school_measures.counted_at(session, viewer) if teaches else set()
            ways, moment = cycle_rows.schools(session, seen), at(now(session))
            found = []
            for one in ways:
                teachers, coaches = (
                    [who for who in here[one.id, what] if seen[one.id] or who.id == viewer]
                    for what in (Membership.TEACHER, Membership.COACH)
                )
                counts = one.id in counted if Membership.TEACHER in roles[one.id] else None
                told = standings[one.id], moment, seen[one.id], tuple(months[one.id]), counts
                found.append(board(one.id, one.name, one.cadence, teachers, coaches, *told))
            return found


def _people(session: Session, schools: Collection[str]) -> Mapping[tuple[str, Membership], list[Somebody]]:
    """Those who work there now, by school and by what they are."""
    query = select(MembershipRow.school_id, MembershipRow.membership, PersonRow.id, PersonRow.name, PersonRow.email)
    query = query.join(PersonRow, PersonRow.id == MembershipRow.person_id)
    query = query.where(MembershipRow.school_id.in_(schools), PersonRow.left.is_(None))
    found: dict[tuple[str, Membership], list[Somebody]] = defaultdict(list)
    for school, what, id, name, email in session.execute(query):
        found[school, what].append(Somebody(id, name or email))
    return found


def _standings(session: Session, viewer: str, schools: Mapping[str, bool]) -> Mapping[str, list[Standing]]:
    """Cycles of two, by school: of those that are seen as a whole, all; else those in which the viewer takes part."""
    whole = [school for school, all in schools.items() if all]
    moved = select(func.max(CycleMoveRow.made)).where(CycleMoveRow.cycle_id == CycleRow.id).scalar_subquery()
    query = (
        select(
            CycleRow.school_id,
            CycleRow.teacher_id,
            CycleRow.partner_id,
            PersonRow.name,
            PersonRow.email,
            CycleRow.stage,
            CycleRow.plan,
            CycleRow.began,
            CycleRow.entered,
            moved,
            CycleRow.due,
            CycleRow.closed,
            ConferenceRow.starts,
            ConferenceRow.held,
            ActionStepRow.check_back,
            ActionStepRow.closed,
            CycleRow.paused,
            CycleRow.goes_on,
        )
        .join(PersonRow, PersonRow.id == CycleRow.partner_id)
        .outerjoin(ConferenceRow, ConferenceRow.cycle_id == CycleRow.id)
        .outerjoin(ActionStepRow, ActionStepRow.cycle_id == CycleRow.id)
        .where(
            CycleRow.school_id.in_(schools),
            or_(CycleRow.school_id.in_(whole), CycleRow.teacher_id == viewer, CycleRow.partner_id == viewer),
        )
        .order_by(CycleRow.began, CycleRow.id)
    )
    found: dict[str, list[Standing]] = defaultdict(list)
    for school, teacher, partner, name, email, stage, plan, began, entered, *dates in session.execute(query):
        last, due, closed, starts, held, check_back, step_closed, paused, goes_on = dates
        found[school].append(
            Standing(
                teacher=teacher,
                partner=partner,
                partner_called=name or email,
                stage=stage,
                plan=tuple(called for _, called, _ in plan),
                here=[one for one, *_ in plan].index(stage),
                began=at(began),
                entered=at(entered),
                moved=at(last or began),
                due=day_or_none(due),
                closed=or_none(closed),
                meets=or_none(starts),
                held=or_none(held),
                check_back=day_or_none(check_back),
                step_closed=or_none(step_closed),
                paused=or_none(paused),
                goes_on=day_or_none(goes_on),
            )
        )
    return found
