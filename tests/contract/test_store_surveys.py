"""Short surveys: nobody knows who answered what, and five answers or more are shown, once it is over."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from databases import fresh_database
from sqlalchemy import delete, text, update
from stores import School, school

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.notifications import Kind
from coaching.people import Membership
from coaching.surveys import FEWEST, NewSurvey, Question, Result, Surveys
from models import erasing
from models.backups import put, take
from models.tables import NotificationRow, SurveyAnswerRow, SurveyRow, SurveyTakerRow

SECRET = "Whisperwood"
SCALE, WORDS = Question("Coaching helps me", "Not at all", "Fully"), Question(f"What else, {SECRET}?")
DAY_S = 86_400.0
MANY = 12


@pytest.fixture
def there(kind: str) -> Iterator[School]:
    """A school with twelve more teachers."""
    found = school(fresh_database(kind))
    for n in range(MANY):
        found.cast[f"t{n}"] = found.people.add(f"t{n}@school.org", Membership.TEACHER, "North").id
    yield found
    found.database.close()


def ask(there: School, by: str = "leader", *, coaches: bool = False, **more) -> str:
    (place,) = there.surveys.places(there.cast[by])
    until = datetime.now(UTC).date() + timedelta(days=7)
    new = {"title": SECRET, "questions": (SCALE, WORDS), "teachers": True, "coaches": coaches, "until": until} | more
    return there.surveys.ask(there.cast[by], NewSurvey(place.school, **new))


def answer(there: School, survey: str, who: int, words: str | None = None) -> None:
    there.surveys.answer(there.cast[f"t{who}"], survey, (who % 5 + 1, f"Words {who}" if words is None else words))


def end(there: School) -> None:
    there.later(SurveyRow, 10 * DAY_S, "made", "ends")


def told(there: School, who: str) -> list[Kind]:
    return [one.kind for one in there.notifications.mine(there.cast[who])]


def rows(there: School, of: str) -> list[tuple]:
    """As the database gives them by itself."""
    with there.database.read() as session:
        return [tuple(row) for row in session.execute(text(f"SELECT * FROM {of}"))]  # noqa: S608


def test_those_who_are_asked_answer_once_and_everybody_sees_it_together_when_it_is_over(there):
    survey = ask(there)
    assert told(there, "t0") == [Kind.SURVEY]
    assert told(there, "coach") == told(there, "leader") == told(there, "stranger") == []
    (mine,) = there.surveys.mine(there.cast["t0"])
    assert (mine.title, mine.school, mine.by, mine.asked) == (SECRET, "North", "leader@school.org", None)
    assert (mine.may_answer, mine.answered, mine.over, mine.may_delete) == (True, False, False, False)
    for n in range(FEWEST):
        answer(there, survey, n)
    seen = there.surveys.one(there.cast["t0"], survey)
    assert (seen.may_answer, seen.answered) == (False, True)
    own = there.surveys.one(there.cast["leader"], survey)
    assert (own.asked, own.answered, own.may_answer, own.may_delete) == (MANY + 2, False, False, True)
    for who in ("t0", "leader"):
        with pytest.raises(BadInput, match="when this survey is over"):
            there.surveys.results(there.cast[who], survey)
    end(there)
    with pytest.raises(BadInput, match="is over"):
        answer(there, survey, FEWEST)
    assert told(there, "t6") == []  # what can be answered no more is told no more
    for who in ("leader", "t0", "t9"):
        points, words = there.surveys.results(there.cast[who], survey)
        assert points == Result(SCALE, True, 5, points=(1, 1, 1, 1, 1))
        assert (words.answers, sorted(words.words)) == (5, [f"Words {n}" for n in range(5)])
    assert there.surveys.one(there.cast["leader"], survey).over


def test_of_fewer_than_five_nothing_is_shown_question_by_question(there):
    survey = ask(there)
    for n in range(FEWEST):
        answer(there, survey, n, "" if n == 0 else None)
    end(there)
    points, words = there.surveys.results(there.cast["leader"], survey)
    assert points.shown
    assert words == Result(WORDS, shown=False)
    few = ask(there)
    for n in range(FEWEST - 1):
        answer(there, few, n)
    end(there)
    assert there.surveys.results(there.cast["t0"], few) == [Result(SCALE, False), Result(WORDS, False)]


def test_an_answer_is_sent_once_whatever_happens_at_once(there):
    survey = ask(there)

    def again(_: int) -> str:
        try:
            answer(there, survey, 0)
        except BadInput as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(3) as pool:
        said = sorted(pool.map(again, range(3)))
    assert said[0] == ""
    assert all("answered this already" in one for one in said[1:])
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: answer(there, survey, n), range(1, MANY)))
    assert len(rows(there, "survey_takers")) == MANY
    assert len(rows(there, "survey_answers")) == 2 * MANY
    end(there)
    points, words = there.surveys.results(there.cast["leader"], survey)
    assert (points.answers, sorted(words.words)) == (MANY, sorted(f"Words {n}" for n in range(MANY)))


def test_nothing_in_the_tables_links_an_answer_to_a_person_or_to_another_answer(there):
    survey = ask(there)
    for n in range(MANY):
        answer(there, survey, n)
    takers, answers = rows(there, "survey_takers"), rows(there, "survey_answers")
    ids = {there.cast[f"t{n}"] for n in range(MANY)}
    assert {person for _, person in takers} == ids
    assert not ids & {value for row in answers for value in row}
    assert SurveyTakerRow.__table__.columns.keys() == ["survey_id", "person_id"]
    assert SurveyAnswerRow.__table__.columns.keys() == ["id", "survey_id", "question", "point", "words"]
    came = [f"Words {n}" for n in range(MANY)]
    assert [row[4] for row in answers if row[4]] != came  # one time in 479 million it is by chance
    assert [row[4] for row in sorted(answers) if row[4]] != came
    for table in ("notifications", "audit_events"):
        before = rows(there, table)
        answer_of = there.cast[f"t{MANY - 1}"]
        assert not any("Words" in str(value) for row in before for value in row), (table, answer_of)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_postgresql_remembers_one_transaction_and_no_order(there):
    survey = ask(there)
    for n in range(MANY):
        answer(there, survey, n)
    found = {
        t: rows(there, f"(SELECT xmin::text, ctid, s.* FROM {t} s) x")  # noqa: S608
        for t in ("survey_takers", "survey_answers")
    }
    assert len({row[0] for of in found.values() for row in of}) == 1
    assert [row[3] for row in found["survey_takers"]] != [there.cast[f"t{n}"] for n in range(MANY)]
    assert [row[6] for row in found["survey_answers"] if row[6]] != [f"Words {n}" for n in range(MANY)]
    # And none of the rows that were there before is left in the tables' files.
    of = "pg_class WHERE relname IN ('survey_takers', 'survey_answers')"
    with there.database.read() as session:
        pages = session.execute(text(f"SELECT relpages, relallvisible FROM {of}")).all()  # noqa: S608
    assert len(pages) == 2
    assert all(n == visible > 0 for n, visible in pages)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_sqlite_remembers_no_order(there):
    for table in ("survey_takers", "survey_answers"):
        with pytest.raises(BadInput, match="upgraded"), there.database.read() as session:
            session.execute(text(f"SELECT rowid FROM {table}"))  # noqa: S608 - no such column
    survey = ask(there)
    answer(there, survey, 0)
    journal = Path(there.url.removeprefix("sqlite:///") + "-wal")
    assert not journal.exists() or journal.stat().st_size == 0


ASKED = {
    "one": lambda s, who, survey: s.one(who, survey),
    "answer": lambda s, who, survey: s.answer(who, survey, (3, "Yes.")),
    "results": lambda s, who, survey: s.results(who, survey),
    "delete": lambda s, who, survey: s.delete(who, survey),
}
"""Every method that is asked for one survey. A new one that is forgotten here fails the next test."""

OWN = {"places", "ask", "mine"}


def test_no_method_is_forgotten():
    assert {name for name, _ in inspect.getmembers(Surveys, inspect.isfunction) if name[0] != "_"} == ASKED.keys() | OWN


@pytest.mark.parametrize("method", sorted(ASKED))
def test_for_everybody_else_it_is_not_there(there, method):
    survey, refused = ask(there), set()
    for n in range(FEWEST):
        answer(there, survey, n)
    if method != "answer":
        end(there)
    may = {"leader": {"one", "results", "delete"}, "owner": {"one", "results", "answer"}}
    for who in ("stranger", "coach", "admin", "leader", "owner"):
        if method not in may.get(who, ()):
            with pytest.raises(NotThere) as refusal:
                ASKED[method](there.surveys, there.cast[who], survey)
            refused.add(str(refusal.value))
    for who, gone in (("0" * 24, survey), ("", survey), ("\0", survey), (there.owner, "0" * 24), (there.owner, "\0")):
        with pytest.raises(NotThere) as refusal:
            ASKED[method](there.surveys, who, gone)
        refused.add(str(refusal.value))
    assert len(refused) == 1
    for who in ("stranger", "coach", "admin"):
        assert there.surveys.mine(there.cast[who]) == []
    for who, methods in may.items():
        if method in methods:
            ASKED[method](there.surveys, there.cast[who], survey)


def test_coaches_leaders_and_admins_ask_at_their_school_and_five_or_more(there):
    for who in ("owner", "stranger"):
        assert there.surveys.places(there.cast[who]) == []
    (place,) = there.surveys.places(there.cast["coach"])
    assert (place.called, place.teachers, place.coaches, place.both) == ("North", MANY + 2, 0, MANY + 2)
    assert there.surveys.places("0" * 24) == there.surveys.places("\0") == []
    until = datetime.now(UTC).date()
    for who, where in (("owner", place.school), ("stranger", place.school), ("leader", "0" * 24), ("leader", "\0")):
        with pytest.raises(NotThere):
            there.surveys.ask(there.cast[who], NewSurvey(where, "x", (SCALE,), True, False, until))
    with pytest.raises(BadInput, match="would ask 1 people"):
        ask(there, teachers=False, coaches=True)
    both = ask(there, "coach", coaches=True)
    assert there.surveys.one(there.cast["coach"], both).asked == MANY + 2
    with pytest.raises(NotThere):
        there.surveys.answer(there.cast["coach"], both, (1, ""))  # who asks would know one of the five


def test_who_is_erased_leaves_their_answer_which_nobody_knows(there):
    survey = ask(there, "coach")
    for n in range(FEWEST):
        answer(there, survey, n)
    with there.database.write() as session:
        gone = erasing.person(session, there.cast["t0"])
    assert gone["survey_takers"] == 1
    assert "survey_answers" not in gone
    assert there.cast["t0"] not in str(rows(there, "survey_takers"))
    with there.database.write() as session:
        erasing.person(session, there.cast["coach"])
    end(there)
    assert there.surveys.results(there.cast["leader"], survey)[0].answers == FEWEST
    assert there.surveys.one(there.cast["leader"], survey).by == ""
    with pytest.raises(NotThere):
        there.surveys.delete(there.cast["leader"], survey)
    there.surveys.delete(there.cast["admin"], survey)
    assert there.surveys.mine(there.cast["leader"]) == []


def test_a_survey_that_is_deleted_leaves_nothing(there):
    survey, other = ask(there), ask(there)
    for n in range(3):
        answer(there, survey, n)
        answer(there, other, n)
    there.surveys.delete(there.cast["leader"], survey)
    assert [one.id for one in there.surveys.mine(there.cast["t0"])] == [other]
    for table, many in (("surveys", 1), ("survey_takers", 3), ("survey_answers", 6), ("notifications", MANY + 2)):
        assert len(rows(there, table)) == many, table


def test_who_took_part_is_forgotten_when_it_is_over(there):
    survey = ask(there)
    answer(there, survey, 0)
    end(there)
    there.surveys.results(there.cast["leader"], survey)
    assert rows(there, "survey_takers") == []
    assert len(rows(there, "survey_answers")) == 2


def test_who_changes_what_they_are_sees_what_that_is_for(there):
    survey = ask(there)
    (north,) = there.staff.schools(there.cast["admin"])
    there.staff.change(there.cast["admin"], there.cast["t0"], north.id, [Membership.COACH])
    assert there.surveys.mine(there.cast["t0"]) == []
    assert told(there, "t0") == []
    with pytest.raises(NotThere):
        answer(there, survey, 0)
    there.staff.change(there.cast["admin"], there.cast["leader"], north.id, [Membership.TEACHER])
    assert there.surveys.mine(there.cast["leader"]) == []  # who asked, and may no more


def test_a_backup_does_not_know_who_answered_and_what_was_open_is_over_in_it(there, kind, tmp_path):
    survey = ask(there)
    for n in range(FEWEST):
        answer(there, survey, n)
    snapshot = take(there.url, tmp_path)
    assert "survey_takers" not in snapshot.tables
    assert len((tmp_path / "survey_answers.jsonl").read_text().splitlines()) == 1 + 2 * FEWEST
    assert json.loads((tmp_path / "survey_answers.jsonl").read_text().splitlines()[0])[0] == "id"
    url = fresh_database(kind, upgraded=False)
    put(url, tmp_path, snapshot.tables, snapshot.revision)
    again = school_at(url, there)
    with pytest.raises(BadInput, match="is over"):
        again.surveys.answer(there.cast["t0"], survey, (1, ""))
    assert again.surveys.results(there.cast["t0"], survey)[0].answers == FEWEST
    again.database.close()


def school_at(url: str, there: School) -> School:
    again = school(url)
    again.cast = there.cast
    return again


def test_a_row_of_a_notification_goes_with_its_survey(there):
    survey = ask(there)
    with there.database.write() as session:
        session.execute(update(NotificationRow).values(read=1.0))
        session.execute(delete(SurveyRow).where(SurveyRow.id == survey))
    assert rows(there, "notifications") == rows(there, "surveys") == []
