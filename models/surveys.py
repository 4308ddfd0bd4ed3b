"""Short surveys by a school: implements `coaching.surveys.Surveys`.

That somebody has answered, and what was answered, lie in two tables that share no id and no time. Databases remember
more than that of a row: PostgreSQL the transaction that wrote it (xmin) and its place (ctid), SQLite the order (rowid).
So with each answer all rows of that survey in both tables are written anew, in random order and with new keys: they are
all of the newest transaction, and lie as they fell. What was there before is taken out of the files as far as a
database can.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from random import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from coaching.access import ASKERS, COLLEAGUES, NotThere, OfSurvey, decide_survey, may_ask, require_survey
from coaching.coached import School
from coaching.errors import BadInput
from coaching.notifications import Kind
from coaching.people import Membership
from coaching.recordings import is_id, new_id
from coaching.surveys import (
    FEWEST,
    Answer,
    NewSurvey,
    Place,
    Question,
    Result,
    Survey,
    checked,
    checked_answers,
    ends,
    result,
)
from models import cycle_rows, telling
from models.cycle_rows import at
from models.database import Database, now
from models.tables import (
    MembershipRow,
    PersonRow,
    SurveyAnswerRow,
    SurveyRow,
    SurveyTakerRow,
)

LINK = "/surveys"
OVER = "This survey is over."
ONCE = "You have answered this already. It cannot be changed: nobody knows which answers are yours."

RANDOM = SystemRandom()


class SurveyStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self, viewer: str) -> list[Place]:
        with self._database.read() as session:
            schools = [school for school, roles in _roles(session, viewer).items() if may_ask(roles).allowed]
            staff = _staff(session, schools)
            return [_place(viewer, school, staff[school.id]) for school in cycle_rows.schools(session, schools)]

    def ask(self, viewer: str, new: NewSurvey) -> str:
        with self._database.write() as session:
            if not (is_id(new.school) and may_ask(_roles(session, viewer).get(new.school, ())).allowed):
                raise NotThere
            cadence, moment = cycle_rows.school(session, new.school).cadence, now(session)
            new = checked(new, cadence.day(at(moment)))
            whom = _whom(_staff(session, [new.school])[new.school], viewer, _asked(new.teachers, new.coaches))
            if len(whom) < FEWEST:
                raise BadInput(f"This would ask {len(whom)} people, and answers are shown from {FEWEST} on. Ask more.")
            row = SurveyRow(
                id=new_id(),
                school_id=new.school,
                by_id=viewer,
                title=new.title,
                questions=[[one.text, one.low, one.high] for one in new.questions],
                teachers=new.teachers,
                coaches=new.coaches,
                made=moment,
                ends=ends(new.until, cadence.zone),
            )
            session.add(row)
            for person in sorted(whom):
                telling.tell(session, person, Kind.SURVEY, LINK, by=viewer, survey=row.id)
            return row.id

    def mine(self, viewer: str) -> list[Survey]:
        with self._database.read() as session:
            roles = _roles(session, viewer)
            query = select(SurveyRow, PersonRow).outerjoin(PersonRow, PersonRow.id == SurveyRow.by_id)
            query = query.where(SurveyRow.school_id.in_(roles)).order_by(SurveyRow.ends.desc(), SurveyRow.id)
            seen = _surveys(session, viewer, roles, session.execute(query).all()) if is_id(viewer) else []
            return sorted(seen, key=lambda one: not one.may_answer)

    def one(self, viewer: str, survey: str) -> Survey:
        with self._database.read() as session:
            row = _fetch(session, viewer, survey, OfSurvey.SEE)
            by = None if row.by_id is None else session.get(PersonRow, row.by_id)
            return _surveys(session, viewer, _roles(session, viewer), [(row, by)])[0]

    def answer(self, viewer: str, survey: str, answers: Sequence[Answer]) -> None:
        with self._database.write() as session:
            row = _fetch(session, viewer, survey, OfSurvey.ANSWER, lock=True)
            given = checked_answers(_questions(row), answers)
            if now(session) >= row.ends:
                raise BadInput(OVER)
            takers = session.scalars(select(_T.person_id).where(_T.survey_id == survey)).all()
            if viewer in takers:
                raise BadInput(ONCE)
            told = select(_A.question, _A.point, _A.words).where(_A.survey_id == survey)
            before = [(n, _answer(point, words)) for n, point, words in session.execute(told)]
            _write_anew(session, survey, [*takers, viewer], [*before, *given])
        self._forget()

    def results(self, viewer: str, survey: str) -> list[Result]:
        # Behind the lock no answer is still under way that began in time: what is shown once stays as it is.
        with self._database.write() as session:
            row = _fetch(session, viewer, survey, OfSurvey.SEE, lock=True)
            if now(session) < row.ends:
                raise BadInput("Answers are shown when this survey is over.")
            ended = session.scalars(delete(_T).where(_T.survey_id == survey).returning(_T.person_id)).all()
            answers: list[list[int | str]] = [[] for _ in row.questions]
            for one in session.scalars(select(_A).where(_A.survey_id == survey).order_by(_A.id)):
                answers[one.question].append(_answer(one.point, one.words))
            found = [result(question, given) for question, given in zip(_questions(row), answers, strict=True)]
        if ended:  # who took part nobody needs to know any more
            self._forget()
        return found

    def delete(self, viewer: str, survey: str) -> None:
        with self._database.write() as session:
            row = _fetch(session, viewer, survey, OfSurvey.DELETE, lock=True)
            session.execute(delete(_A).where(_A.survey_id == survey))
            session.execute(delete(_T).where(_T.survey_id == survey))
            session.delete(row)
        self._forget()

    def _forget(self) -> None:
        self._database.forget(SurveyTakerRow, SurveyAnswerRow)


_T, _A = SurveyTakerRow, SurveyAnswerRow


def is_asked(viewer: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a row of `surveys` asks this person now (`coaching.access.decide_survey`)."""
    there = aliased(MembershipRow)
    teaches = (there.membership == Membership.TEACHER) & SurveyRow.teachers
    coaches = (there.membership == Membership.COACH) & SurveyRow.coaches
    works = select(there.person_id).where(there.person_id == viewer, there.school_id == SurveyRow.school_id)
    works = works.where(or_(teaches, coaches)).correlate_except(there)  # wherever this stands
    return and_(SurveyRow.by_id.is_distinct_from(viewer), works.exists())


def _write_anew(session: Session, survey: str, takers: Iterable[str], answers: Iterable[tuple[int, int | str]]) -> None:
    who = [{"survey_id": survey, "person_id": person} for person in takers]
    what = [{"id": new_id(), "survey_id": survey, "question": n, **_told(answer)} for n, answer in answers]
    for table, rows in ((_T, who), (_A, what)):
        RANDOM.shuffle(rows)
        session.execute(delete(table).where(table.survey_id == survey))
        session.execute(insert(table), rows)


def _answer(point: int | None, words: str | None) -> int | str:
    answer = point if words is None else words
    assert answer is not None  # noqa: S101 - a CHECK says so
    return answer


def _told(answer: int | str) -> dict[str, Any]:
    return {"point": None, "words": answer} if isinstance(answer, str) else {"point": answer, "words": None}


def _fetch(session: Session, viewer: str, survey: str, what: OfSurvey, *, lock: bool = False) -> SurveyRow:
    """The survey, if the viewer may do this with it. Raises NotThere. With `lock`, nobody else answers it."""
    query = select(SurveyRow).where(SurveyRow.id == survey)
    named = is_id(viewer) and is_id(survey)
    row = session.scalar(query.with_for_update() if lock else query) if named else None
    if row is None:
        raise NotThere
    require_survey(what, *_whose(viewer, _roles(session, viewer), _askers(session, [row]), row))
    return row


Roles = dict[str, list[Membership]]
"""What somebody is, by school."""


def _roles(session: Session, viewer: str) -> Roles:
    query = select(MembershipRow.school_id, MembershipRow.membership).where(MembershipRow.person_id == viewer)
    query = query.join(PersonRow, PersonRow.id == MembershipRow.person_id).where(PersonRow.left.is_(None))
    found: Roles = {}
    for school, what in session.execute(query) if is_id(viewer) else ():
        found.setdefault(school, []).append(what)
    return found


def _askers(session: Session, rows: Sequence[SurveyRow]) -> Collection[tuple[str | None, str]]:
    """Who made one of these and may still ask there, with the school."""
    made = select(MembershipRow.person_id, MembershipRow.school_id)
    made = made.join(PersonRow, PersonRow.id == MembershipRow.person_id).where(PersonRow.left.is_(None))
    made = made.where(MembershipRow.person_id.in_({row.by_id for row in rows}), MembershipRow.membership.in_(ASKERS))
    return {(person, school) for person, school in session.execute(made)}


def _whose(
    viewer: str, roles: Roles, askers: Collection[tuple[str | None, str]], row: SurveyRow
) -> tuple[bool, bool, Collection[Membership], Collection[Membership]]:
    """What the gate asks (`coaching.access.decide_survey`)."""
    own = row.by_id == viewer
    left = not own and (row.by_id, row.school_id) not in askers
    return own, left, roles.get(row.school_id, ()), _asked(row.teachers, row.coaches)


def _asked(teachers: bool, coaches: bool) -> list[Membership]:
    return [what for what, yes in ((Membership.TEACHER, teachers), (Membership.COACH, coaches)) if yes]


Staff = dict[Membership, set[str]]
"""By what they are at a school, the ids of those who can be asked there."""


def _staff(session: Session, schools: Collection[str]) -> Mapping[str, Staff]:
    query = select(MembershipRow.school_id, MembershipRow.membership, MembershipRow.person_id)
    query = query.join(PersonRow, PersonRow.id == MembershipRow.person_id).where(PersonRow.left.is_(None))
    found: dict[str, Staff] = {school: {what: set() for what in COLLEAGUES} for school in schools}
    query = query.where(MembershipRow.school_id.in_(schools), MembershipRow.membership.in_(COLLEAGUES))
    for school, what, person in session.execute(query):
        found[school][what].add(person)
    return found


def _whom(staff: Staff, viewer: str, asked: Collection[Membership]) -> set[str]:
    """The ids of those who are asked, without whoever asks."""
    return {person for what in asked for person in staff[what]} - {viewer}


def _place(viewer: str, school: School, staff: Staff) -> Place:
    teachers, coaches = (_whom(staff, viewer, [what]) for what in COLLEAGUES)
    return Place(school.id, school.name, school.cadence.zone, len(teachers), len(coaches), len(teachers | coaches))


def _questions(row: SurveyRow) -> tuple[Question, ...]:
    return tuple(Question(*one) for one in row.questions)


def _surveys(
    session: Session, viewer: str, roles: Roles, found: Sequence[tuple[SurveyRow, PersonRow | None]]
) -> list[Survey]:
    """Those of these that the viewer may see: a handful of queries, however many they are."""
    askers, moment = _askers(session, [row for row, _ in found]), now(session)
    whose = {row.id: _whose(viewer, roles, askers, row) for row, _ in found}
    seen = [(row, by) for row, by in found if decide_survey(OfSurvey.SEE, *whose[row.id]).allowed]
    mine = select(_T.survey_id).where(_T.person_id == viewer, _T.survey_id.in_([row.id for row, _ in seen]))
    answered = set(session.scalars(mine))
    names = {school.id: school.name for school in cycle_rows.schools(session, {row.school_id for row, _ in seen})}
    staff = _staff(session, {row.school_id for row, _ in seen if row.by_id == viewer})

    def survey(row: SurveyRow, by: PersonRow | None) -> Survey:
        over, own, took = moment >= row.ends, row.by_id == viewer, row.id in answered
        asked = _asked(row.teachers, row.coaches)
        return Survey(
            id=row.id,
            school=names[row.school_id],
            title=row.title,
            by="" if by is None else by.name or by.email,
            own=own,
            questions=_questions(row),
            ends=at(row.ends),
            over=over,
            answered=took,
            may_answer=not over and not took and decide_survey(OfSurvey.ANSWER, *whose[row.id]).allowed,
            may_delete=decide_survey(OfSurvey.DELETE, *whose[row.id]).allowed,
            asked=len(_whom(staff[row.school_id], viewer, asked)) if own else None,
        )

    return [survey(row, by) for row, by in seen]
