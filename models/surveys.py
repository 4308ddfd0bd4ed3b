"""Short surveys by a school: implements `coaching.surveys.Surveys`.

That somebody has answered, and what was answered, lie in two tables that share no id and no time. Databases remember
more than that of a row: PostgreSQL the transaction that wrote it (xmin) and its place (ctid), SQLite the order (rowid).
So with each answer all rows of that survey in both tables are written anew, in random order and with new keys: they are
all of the newest transaction, and lie as they fell. What was there before is taken out of the files as far as a
database can.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from random import SystemRandom
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from coaching.access import NotThere, OfSurvey, decide_survey, may_ask, require_survey
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
            return [_place(session, viewer, school) for school in cycle_rows.schools(session, schools)]

    def ask(self, viewer: str, new: NewSurvey) -> str:
        with self._database.write() as session:
            if not (is_id(new.school) and may_ask(_roles(session, viewer).get(new.school, ())).allowed):
                raise NotThere
            cadence, moment = cycle_rows.school(session, new.school).cadence, now(session)
            new = checked(new, cadence.day(at(moment)))
            whom = _whom(session, viewer, new.school, _asked(new.teachers, new.coaches))
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
            found = session.execute(query).all()
            seen = [_survey(session, viewer, roles, row, by) for row, by in found if _sees(session, viewer, roles, row)]
            return sorted(seen, key=lambda one: not one.may_answer)

    def one(self, viewer: str, survey: str) -> Survey:
        with self._database.read() as session:
            row = _fetch(session, viewer, survey, OfSurvey.SEE)
            by = None if row.by_id is None else session.get(PersonRow, row.by_id)
            return _survey(session, viewer, _roles(session, viewer), row, by)

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
    require_survey(what, *_whose(session, viewer, _roles(session, viewer), row))
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


def _whose(
    session: Session, viewer: str, roles: Roles, row: SurveyRow
) -> tuple[bool, bool, Collection[Membership], Collection[Membership]]:
    """What the gate asks (`coaching.access.decide_survey`)."""
    own = row.by_id == viewer
    left = row.by_id is None or (not own and not may_ask(_roles(session, row.by_id).get(row.school_id, ())).allowed)
    return own, left, roles.get(row.school_id, ()), _asked(row.teachers, row.coaches)


def _sees(session: Session, viewer: str, roles: Roles, row: SurveyRow) -> bool:
    return decide_survey(OfSurvey.SEE, *_whose(session, viewer, roles, row)).allowed


def _asked(teachers: bool, coaches: bool) -> list[Membership]:
    return [what for what, yes in ((Membership.TEACHER, teachers), (Membership.COACH, coaches)) if yes]


def _whom(session: Session, viewer: str | None, school: str, asked: Collection[Membership]) -> set[str]:
    """The ids of those who are asked there, without whoever asks."""
    query = select(MembershipRow.person_id).join(PersonRow, PersonRow.id == MembershipRow.person_id)
    query = query.where(MembershipRow.school_id == school, MembershipRow.membership.in_(asked))
    return set(session.scalars(query.where(PersonRow.left.is_(None)))) - {viewer or ""}


def _place(session: Session, viewer: str, school: School) -> Place:
    teachers, coaches = (_whom(session, viewer, school.id, [what]) for what in (Membership.TEACHER, Membership.COACH))
    return Place(school.id, school.name, school.cadence.zone, len(teachers), len(coaches), len(teachers | coaches))


def _questions(row: SurveyRow) -> tuple[Question, ...]:
    return tuple(Question(*one) for one in row.questions)


def _survey(session: Session, viewer: str, roles: Roles, row: SurveyRow, by: PersonRow | None) -> Survey:
    whose = _whose(session, viewer, roles, row)
    over, own = now(session) >= row.ends, row.by_id == viewer
    mine = select(func.count()).select_from(_T).where(_T.survey_id == row.id, _T.person_id == viewer)
    answered = bool(session.scalar(mine))
    asked = _asked(row.teachers, row.coaches)
    return Survey(
        id=row.id,
        school=cycle_rows.school(session, row.school_id).name,
        title=row.title,
        by="" if by is None else by.name or by.email,
        own=own,
        questions=_questions(row),
        ends=at(row.ends),
        over=over,
        answered=answered,
        may_answer=not over and not answered and decide_survey(OfSurvey.ANSWER, *whose).allowed,
        may_delete=decide_survey(OfSurvey.DELETE, *whose).allowed,
        asked=len(_whom(session, viewer, row.school_id, asked)) if own else None,
    )
