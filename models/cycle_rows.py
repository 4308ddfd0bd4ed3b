"""Coaching cycles as the domain's words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from coaching.access import Grant
from coaching.cadence import Cadence, Holiday
from coaching.coached import (
    PROMPTS,
    ActionStep,
    Conference,
    Item,
    LessonIn,
    Look,
    Notes,
    Past,
    Reflection,
    School,
    Whole,
)
from coaching.comments import Audience
from coaching.cycles import Cycle, Facts, Move, Planned, Stage
from coaching.people import Membership
from models import fetch
from models.tables import (
    ActionStepRow,
    CoachingRow,
    CommentRow,
    ConferenceRow,
    CycleLessonRow,
    CycleMoveRow,
    CycleNotesRow,
    CycleRow,
    GrantRow,
    MembershipRow,
    PersonRow,
    ReflectionRow,
    SchoolRow,
)

KEEPERS = (Membership.COACH, Membership.ADMIN)
"""Who says how a school coaches."""


def cycle(session: Session, row: CycleRow) -> Cycle:
    return cycles(session, [row])[0]


def cycles(session: Session, rows: Sequence[CycleRow]) -> list[Cycle]:
    ids = {id for row in rows for id in (row.teacher_id, row.partner_id) if id}
    people = session.execute(select(PersonRow.id, PersonRow.name, PersonRow.email).where(PersonRow.id.in_(ids)))
    called = {id: name or email for id, name, email in people}
    starts = select(ConferenceRow.cycle_id, ConferenceRow.starts)
    meets = dict(session.execute(starts.where(ConferenceRow.cycle_id.in_([row.id for row in rows]))).all())
    return [
        Cycle(
            id=row.id,
            kind=row.kind,
            name=row.name,
            teacher=row.teacher_id,
            teacher_called=called[row.teacher_id],
            partner=row.partner_id,
            partner_called=called.get(row.partner_id or "", ""),
            school=row.school_id,
            plan=tuple(Planned(Stage(stage), called, may_skip) for stage, called, may_skip in row.plan),
            stage=row.stage,
            began=at(row.began),
            entered=at(row.entered),
            due=day_or_none(row.due),
            closed=or_none(row.closed),
            goal=row.goal,
            look_fors=tuple(row.look_fors),
            measure=row.measure,
            meets=or_none(meets.get(row.id)),
            paused=or_none(row.paused),
            goes_on=day_or_none(row.goes_on),
        )
        for row in rows
    ]


def facts(session: Session, row: CycleRow) -> Facts:
    """What stands. What a partner said counts while it is there for the teacher to read."""
    lessons = {one.look: one for one in _lessons(session, row)}
    first = lessons[Look.FIRST].recording_id if Look.FIRST in lessons else None
    # What was said of the lesson before it came into this cycle is no answer to what is written here.
    since = lessons[Look.FIRST].added if Look.FIRST in lessons else 0.0
    said = CommentRow.recording_id == first, CommentRow.deleted.is_(None)
    own = exists().where(*said, CommentRow.author_id == row.teacher_id)
    theirs = CommentRow.author_id == row.partner_id, CommentRow.audience == Audience.LESSON
    answered = exists().where(*said, *theirs, CommentRow.made >= since)
    noted = exists().where(
        CycleNotesRow.cycle_id == row.id, CycleNotesRow.author_id == row.partner_id, CycleNotesRow.shared != ""
    )
    seen = exists().where(
        GrantRow.recording_id == first,
        GrantRow.person_id == row.partner_id,
        GrantRow.what == Grant.SEE,
        fetch.is_good(),
    )
    own_comment, comment, note, shared = session.execute(select(own, answered, noted, seen)).one()
    conference, step = session.get(ConferenceRow, row.id), session.get(ActionStepRow, row.id)
    reflection = session.get(ReflectionRow, row.id)
    both = {row.teacher_id, row.partner_id} - {None}
    return Facts(
        goal=bool(row.goal),
        lesson=first is not None,
        reflected=reflection is not None and any(answer for _, answer in reflection.answers),
        own_comment=own_comment,
        needs_comment=school(session, row.school_id).needs_comment,
        shared=shared,
        feedback=comment or note,
        met=conference is not None and conference.held is not None,
        agreed=step is not None and both <= set(step.agreed),
        looked_again=Look.AGAIN in lessons or (step is not None and bool(step.outcome)),
    )


def past(session: Session, rows: Sequence[CycleRow]) -> list[Past]:
    ids = [row.id for row in rows]
    lessons: dict[str, list[LessonIn]] = {id: [] for id in ids}
    taken = select(CycleLessonRow).where(CycleLessonRow.cycle_id.in_(ids))
    for one in session.scalars(taken.order_by(CycleLessonRow.added, CycleLessonRow.look)):
        lessons[one.cycle_id].append(LessonIn(one.recording_id, one.look, at(one.added)))
    agreed = session.scalars(select(ActionStepRow).where(ActionStepRow.cycle_id.in_(ids)))
    steps = {one.cycle_id: action_step(one) for one in agreed}
    return [Past(one, tuple(lessons[one.id]), steps.get(one.id)) for one in cycles(session, rows)]


def whole(session: Session, viewer: str, row: CycleRow) -> Whole:
    moves = session.scalars(select(CycleMoveRow).where(CycleMoveRow.cycle_id == row.id).order_by(CycleMoveRow.number))
    stands, step = facts(session, row), session.get(ActionStepRow, row.id)
    notes = session.scalars(select(CycleNotesRow).where(CycleNotesRow.cycle_id == row.id))
    return Whole(
        cycle=cycle(session, row),
        school=school(session, row.school_id, viewer),
        facts=stands,
        moves=tuple(Move(one.stage, one.step, one.person_id or "", at(one.made)) for one in moves),
        lessons=tuple(LessonIn(one.recording_id, one.look, at(one.added)) for one in _lessons(session, row)),
        reflection=_reflection(session, viewer, row, stands),
        notes=tuple(
            Notes(one.author_id, one.shared, one.private if one.author_id == viewer else "", at(one.changed))
            for one in notes
        ),
        conference=_conference(session.get(ConferenceRow, row.id)),
        action_step=None if step is None else action_step(step),
    )


def _reflection(session: Session, viewer: str, row: CycleRow, stands: Facts) -> Reflection | None:
    """It is for the partner from when the lesson is shared: who writes it looks first, alone."""
    found = session.get(ReflectionRow, row.id)
    if found is None or (viewer != row.teacher_id and not stands.shared):
        return None
    locked = row.partner_id is not None and stands.feedback
    answers = tuple((asked, said) for asked, said in found.answers)
    return Reflection(answers, at(found.changed), locked, found.addendum, or_none(found.added))


def _conference(row: ConferenceRow | None) -> Conference | None:
    if row is None:
        return None
    return Conference(
        or_none(row.starts), row.minutes, tuple(Item(*one) for one in row.agenda), row.decisions, or_none(row.held)
    )


def action_step(row: ActionStepRow) -> ActionStep:
    return ActionStep(
        row.body,
        row.look_for,
        row.measure,
        day_or_none(row.check_back),
        frozenset(row.agreed),
        row.outcome,
        or_none(row.closed),
    )


def school(session: Session, id: str, viewer: str = "") -> School:
    return schools(session, [id], viewer)[0]


def schools(session: Session, ids: Collection[str], viewer: str = "") -> list[School]:
    """How these schools coach, by name."""
    found = select(SchoolRow.id, SchoolRow.name, CoachingRow)
    found = found.outerjoin(CoachingRow, CoachingRow.school_id == SchoolRow.id).where(SchoolRow.id.in_(ids))
    keeps = select(MembershipRow.school_id).where(MembershipRow.person_id == viewer)
    may = set(session.scalars(keeps.where(MembershipRow.membership.in_(KEEPERS)))) if viewer else set()
    rows = session.execute(found).all()
    return sorted((_school(*one, one[0] in may) for one in rows), key=lambda school: school.name.casefold())


def _school(id: str, name: str, row: CoachingRow | None, may: bool) -> School:
    if row is None:
        return School(id, name, Cadence(), may_change=may)
    holidays = tuple(Holiday(date.fromisoformat(a), date.fromisoformat(b), called) for a, b, called in row.holidays)
    return School(
        id,
        name,
        Cadence(row.weeks, row.soon, row.late, row.zone, holidays),
        tuple(row.prompts) or PROMPTS,
        row.needs_comment,
        {Stage(stage): called for stage, called in row.names.items()},
        frozenset(Stage(stage) for stage in row.skippable),
        row.walk_photos,
        row.covers_faces,
        may,
    )


def may_change(session: Session, viewer: str, school: str) -> bool:
    """Whether they say how a school coaches: its coaches and its admins do."""
    of = MembershipRow.person_id == viewer, MembershipRow.school_id == school
    what = session.scalars(select(MembershipRow.membership).where(*of)).all()
    return bool(set(KEEPERS) & set(what))


def _lessons(session: Session, row: CycleRow) -> Sequence[CycleLessonRow]:
    of = select(CycleLessonRow).where(CycleLessonRow.cycle_id == row.id)
    return session.scalars(of.order_by(CycleLessonRow.added, CycleLessonRow.look)).all()


def at(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)


def or_none(moment: float | None) -> datetime | None:
    return None if moment is None else at(moment)


def day_or_none(day: str | None) -> date | None:
    return None if day is None else date.fromisoformat(day)
