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
            found = [_board(session, viewer, school, what) for school, what in roles.items()]
            return sorted((one for one in found if one is not None), key=lambda one: one.school.casefold())


def _board(session: Session, viewer: str, school: str, roles: Collection[Membership]) -> Board | None:
    whole = sees_of_coaching(roles)
    if whole is None:
        return None
    here = _people(session, school)
    standings = _standings(session, school, None if whole else viewer)
    ways = cycle_rows.school(session, school)
    teachers, coaches = (
        [who for who in here[what] if whole or who.id == viewer] for what in (Membership.TEACHER, Membership.COACH)
    )
    months = school_measures.published(session, school)
    counts = school_measures.counts(session, viewer, school) if Membership.TEACHER in roles else None
    moment = at(now(session))
    return board(school, ways.name, ways.cadence, teachers, coaches, standings, moment, whole, months, counts)


def _people(session: Session, school: str) -> Mapping[Membership, list[Somebody]]:
    """Those who work there now, by what they are."""
    query = select(PersonRow.id, PersonRow.name, PersonRow.email, MembershipRow.membership)
    query = query.join(MembershipRow, MembershipRow.person_id == PersonRow.id)
    found: dict[Membership, list[Somebody]] = defaultdict(list)
    for id, name, email, what in session.execute(
        query.where(MembershipRow.school_id == school, PersonRow.left.is_(None))
    ):
        found[what].append(Somebody(id, name or email))
    return found


def _standings(session: Session, school: str, of: str | None) -> list[Standing]:
    """Cycles of two; with `of`, those in which this person takes part."""
    moved = select(func.max(CycleMoveRow.made)).where(CycleMoveRow.cycle_id == CycleRow.id).scalar_subquery()
    query = (
        select(
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
        .where(CycleRow.school_id == school)
        .order_by(CycleRow.began, CycleRow.id)
    )
    if of is not None:
        query = query.where(or_(CycleRow.teacher_id == of, CycleRow.partner_id == of))
    found = []
    for teacher, partner, name, email, stage, plan, began, entered, last, due, closed, *dates in session.execute(query):
        starts, held, check_back, step_closed, paused, goes_on = dates
        found.append(
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
