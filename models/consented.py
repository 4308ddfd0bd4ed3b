"""Whether a lesson may be shown to a colleague for the sake of the children in it (`coaching.access`), as SQL; and what
holds for lessons. Apart from fetch.py, which asks this of every grant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from functools import cache

from sqlalchemy import ColumnElement, Exists, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from coaching.consents import NOTHING_SAID, Agreed, Consent, Standing, holding
from coaching.people import Membership
from models.tables import (
    AbsenceRow,
    AnswersRow,
    ConsentRow,
    CycleLessonRow,
    CycleRow,
    MembershipRow,
    OptOutRow,
    RecordingRow,
)
from models.types import day_of

Id = str | InstrumentedAttribute[str]

FOR_EACH = 0
"""An offset: without one PostgreSQL goes through all lessons there are, for a hash of what holds for a few of them."""


def may_be_shown(
    owner: Id, other: Id, recording: InstrumentedAttribute[str], covered: ColumnElement[bool] | None = None
) -> ColumnElement[bool]:
    """`coaching.access.decide_shown`, of a recording of `owner`'s and whomever it was given to. `covered`: in what was
    given no face can be seen."""
    seen = ~in_it(recording) if covered is None else or_(covered, ~in_it(recording))
    return or_(~coach_only(recording) & seen, coaches(owner, other, recording))


def coaches(owner: Id, other: Id, recording: Id) -> ColumnElement[bool]:
    """Whether `other` coaches: as what they are at a school of the owner's, or as the partner of a cycle that is not
    closed, in a lesson of it. Whether they are colleagues still is asked beside it."""
    of_owner, of_other = aliased(MembershipRow), aliased(MembershipRow)
    role = select(of_other.person_id).join(of_owner, of_owner.school_id == of_other.school_id)
    role = role.where(of_owner.person_id == owner, of_other.person_id == other)
    cycle, lesson = aliased(CycleRow), aliased(CycleLessonRow)
    partner = select(cycle.id).join(lesson, lesson.cycle_id == cycle.id).where(lesson.recording_id == recording)
    partner = partner.where(cycle.teacher_id == owner, cycle.partner_id == other, cycle.closed.is_(None))
    role = role.where(of_other.membership == Membership.COACH)
    return or_(role.offset(FOR_EACH).exists(), partner.offset(FOR_EACH).exists())


def coach_only(recording: Id) -> Exists:
    """Whether the consent that holds for a recording's class on its day goes no further than teacher and coach."""
    lesson, answers, consent, later = _lesson(), aliased(AnswersRow), aliased(ConsentRow), aliased(ConsentRow)
    day = func.coalesce(answers.taught, day_of(lesson.added))
    after = select(later.id).where(later.class_period_id == consent.class_period_id, later.since > consent.since)
    found = select(consent.id).join(answers, answers.class_period_id == consent.class_period_id)
    found = found.join(lesson, lesson.id == answers.recording_id).where(answers.recording_id == recording)
    found = found.where(consent.agreed == Agreed.COACH, consent.since <= day, consent.until >= day)
    return found.where(~after.where(later.since <= day).exists()).offset(FOR_EACH).exists()


def in_it(recording: Id) -> Exists:
    """Whether an opted-out student was in a recording."""
    found, answers = _opted_out()
    return found.where(answers.recording_id == recording).offset(FOR_EACH).exists()


def _lesson() -> type[RecordingRow]:
    return aliased(RecordingRow)


@cache
def _opted_out() -> tuple[Select[str, str], type[AnswersRow]]:
    """(recording, opted-out student) of all who were in one, and where the recordings' answers are, to choose some."""
    lesson, answers, out, away = _lesson(), aliased(AnswersRow), aliased(OptOutRow), aliased(AbsenceRow)
    day = func.coalesce(answers.taught, day_of(lesson.added))
    absent = select(away.recording_id).where(away.recording_id == answers.recording_id, away.opt_out_id == out.id)
    found = select(answers.recording_id, out.id).join(answers, answers.class_period_id == out.class_period_id)
    found = found.join(lesson, lesson.id == answers.recording_id)
    found = found.where(or_(out.since.is_(None), out.since <= day), or_(out.until.is_(None), out.until >= day))
    return found.where(~absent.exists()), answers


def standing(session: Session, recording: str) -> Standing:
    """What holds for a recording. It asks no gate: for whoever asked it already."""
    return standings_of(session, [recording])[recording]


def standings_of(session: Session, recordings: Collection[str]) -> Mapping[str, Standing]:
    """Of each of these recordings. It asks no gate either."""
    query = select(RecordingRow.id, RecordingRow.added, AnswersRow.taught, AnswersRow.class_period_id)
    query = query.outerjoin(AnswersRow, AnswersRow.recording_id == RecordingRow.id)
    rows = session.execute(query.where(RecordingRow.id.in_(recordings))).all()
    return standings(session, {id: (of, day(taught, added)) for id, added, taught, of in rows})


def standings(session: Session, lessons: Mapping[str, tuple[str | None, date]]) -> Mapping[str, Standing]:
    """Of each of these recordings, of which the class and the day are known: two queries, however many they are."""
    classes = {of for of, _ in lessons.values() if of is not None}
    if not classes:
        return dict.fromkeys(lessons, NOTHING_SAID)
    written: dict[str, list[Consent]] = {}
    for row in session.scalars(select(ConsentRow).where(ConsentRow.class_period_id.in_(classes))):
        written.setdefault(row.class_period_id, []).append(to_consent(row))
    found, answers = _opted_out()
    counts = found.with_only_columns(answers.recording_id, func.count()).group_by(answers.recording_id)
    counts = counts.where(answers.recording_id.in_(lessons))
    many = Counter({recording: count for recording, count in session.execute(counts) if count})
    return {
        id: Standing(of is not None, holding(written.get(of or "", ()), on), many[id])
        for id, (of, on) in lessons.items()
    }


def to_consent(row: ConsentRow) -> Consent:
    """Without its note, and without who wrote it."""
    return Consent(row.id, row.agreed, date.fromisoformat(row.since), date.fromisoformat(row.until))


def day(taught: str | None, added: float) -> date:
    """The day of a lesson: when it was taught, or else brought, in UTC."""
    return date.fromisoformat(taught) if taught else datetime.fromtimestamp(added, UTC).date()
