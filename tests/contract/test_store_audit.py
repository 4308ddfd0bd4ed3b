"""The audit log in a real database: what is told there, how, and that a row that somebody touched is found."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import delete, select, text, update
from stores import School

from coaching.access import Grant
from coaching.audit import Deed, Head, erasure, pseudonym
from coaching.clips import NewClip
from coaching.coached import Item, Look, NewCycle
from coaching.comments import Audience, NewComment
from coaching.cycles import Kind
from coaching.errors import BadInput
from coaching.handouts import Made, Order
from coaching.people import Membership
from models import audit
from models.audit import AuditLog, Beside
from models.tables import AuditRow, Base, ConferenceRow, PseudonymRow

COACH = "coach@school.org"


@pytest.fixture
def beside(there: School) -> Beside:
    return Beside(there.database.audit)


@pytest.fixture
def log(there: School, beside: Beside) -> AuditLog:
    return AuditLog(there.database, beside)


def deeds(log: AuditLog) -> list[tuple[str, ...]]:
    """Who, what, which lesson, whom; without number and time."""
    return [line[2:] for line in log.lines()]


def test_each_deed_is_told_once_by_ids_and_no_word(there, log):
    owner, coach, admin = there.owner, there.cast["coach"], there.cast["admin"]
    before = len(deeds(log))
    recording, _ = there.ready("fractions nobody shall find")
    there.accounts.set_password(COACH, "long enough")
    there.accounts.sign_in(COACH, "long enough", "here")
    there.lessons.grant(owner, recording, COACH, [*Grant])
    for who in (owner, coach, coach):  # its owner is not told of, and the coach once a day
        there.lessons.done(who, recording, Deed.OPENED)
    there.lessons.comment(coach, recording, NewComment(1.0, "words nobody shall find"))
    clip = there.lessons.clip(owner, recording, NewClip(1.0, 3.0, "a name", "a note"))
    there.lessons.give_clips(owner, recording, "colleague@school.org", [clip])
    there.handouts.ask(coach, recording, Order(Made.REPORT))
    there.lessons.done(coach, recording, Deed.TOOK)
    there.lessons.take_back_grant(owner, recording, coach)
    there.lessons.take_back_grant(owner, recording, coach)  # nothing more to take back, nothing to tell
    there.progress.show_to(owner, COACH)
    there.progress.hide_from(owner, coach)
    school = there.staff.schools(admin)[0].id
    there.staff.change(admin, coach, school, [Membership.COACH, Membership.TEACHER])
    there.staff.let_go(admin, coach)
    there.lessons.delete(owner, recording, 0, 0)
    there.people.come_back(COACH)
    gone = "erased"
    assert deeds(log)[before:] == [
        (coach, "signed in", "-", "-"),
        (owner, "shared", gone, coach),
        (coach, "opened", gone, "-"),
        (owner, "gave clips", gone, there.cast["colleague"]),
        (coach, "took a copy", gone, "-"),
        (coach, "took a copy", gone, "-"),
        (owner, "took back", gone, coach),
        (owner, "showed progress", "-", coach),
        (owner, "hid progress", "-", coach),
        (admin, "changed roles", "-", coach),
        (admin, "let go", "-", coach),
        (owner, "deleted", gone, "-"),
        ("operator", "let in", "-", coach),
    ]
    assert log.verify() == (len(deeds(log)), None)
    with there.database.read() as session:
        kept = str([row.__dict__ for row in session.scalars(select(AuditRow))])
    assert not [word for word in (recording, owner, coach, admin, "find", "coach@", "school.org") if word in kept]


def test_what_is_undone_is_not_told(there, log, beside):
    before, head = deeds(log), beside.head()
    recording, _ = there.ready()
    with suppress(ZeroDivisionError), there.database.write() as session:
        audit.note(session, Deed.DELETED, there.owner, lesson=recording)
        session.flush()
        raise ZeroDivisionError
    assert (deeds(log), beside.head()) == (before, head)


def test_many_at_once_write_one_chain(there, log):
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda n: there.people.add(f"new-{n}@school.org", Membership.TEACHER, "North"), range(18)))
    assert log.verify() == (6 + 18, None)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit_events SET deed = 'signed in' WHERE number = 3", "Line 3 is not as it was written"),
        ("UPDATE audit_events SET made = made + 0.001 WHERE number = 2", "Line 2 is not as it was written"),
        ("UPDATE audit_events SET person = NULL WHERE number = 1", "Line 1 is not as it was written"),
        ("DELETE FROM audit_events WHERE number = 4", "Line 4 is missing."),
        ("DELETE FROM audit_events WHERE number >= 6", "Line 6 is missing: the end of the log was cut off."),
        ("DELETE FROM audit_events", "Lines 1 to 6 are missing: the end of the log was cut off."),
        (
            "UPDATE audit_events SET number = CASE number WHEN 2 THEN -1 WHEN 3 THEN 2 ELSE number END",
            "Line -1 stands behind line 0.",
        ),
        (
            "UPDATE audit_events SET person = (SELECT b.person FROM audit_events b "
            "WHERE b.number = 7 - audit_events.number) WHERE number IN (3, 4)",
            "Line 3 is not as it was written",
        ),
    ],
)
def test_a_row_that_was_touched_is_named(there, log, statement, said):
    assert log.verify() == (6, None)  # the cast
    with there.database.write() as session:
        session.execute(text(statement))
    assert str(log.verify()[1]).startswith(said)


def test_lines_that_were_cut_off_are_missed_for_good(there, log):
    with there.database.write() as session:
        session.execute(delete(AuditRow).where(AuditRow.number >= 5))
    there.people.add("new@school.org", Membership.TEACHER, "North")
    assert log.verify() == (5, "Lines 5 to 6 are missing.")


def test_a_head_that_was_not_written_is_taken_along_by_the_next_line(there, log, beside, monkeypatch):
    with monkeypatch.context() as patch:  # killed right after the transaction
        patch.setattr(Beside, "raise_head", lambda self, head: None)
        there.people.add("new@school.org", Membership.TEACHER, "North")
    assert beside.head().number == 6
    assert log.verify() == (7, None)
    there.people.add("newer@school.org", Membership.TEACHER, "North")
    assert (beside.head().number, log.verify()) == (8, (8, None))


def test_without_its_key_or_head_nothing_is_said_to_be_whole(there, log, beside):
    assert (beside.folder / "key").stat().st_mode & 0o077 == 0
    for name in ("head", "key"):
        (beside.folder / name).unlink()
        assert log.verify() == (6, f"A file of the audit log is not there: {beside.folder / name}.")


def test_an_empty_log_is_whole_and_an_older_head_cannot_be_written(there, beside):
    head = beside.head()
    beside.raise_head(Head(2, "older"))
    assert beside.head() == head


def test_a_pseudonym_is_another_once_its_key_is_another(there, log):
    with there.database.write() as session:
        row = session.scalars(select(PseudonymRow).where(PseudonymRow.person_id == there.owner)).one()
        name = pseudonym(row.key, there.owner)
        assert session.scalar(select(AuditRow.number).where(AuditRow.person == name)) == 1
        session.execute(update(PseudonymRow).where(PseudonymRow.key == row.key).values(key="0" * 64))
    assert deeds(log)[0] == ("operator", "added", "-", "erased")
    assert log.verify() == (6, None)


def test_a_person_goes_with_every_row_that_names_them_and_others_keep_theirs(there, log):
    owner, coach = there.owner, there.cast["coach"]
    recording, _ = there.ready()
    there.lessons.grant(owner, recording, COACH, [*Grant])
    said = there.lessons.comment(coach, recording, NewComment(1.0, "Said."))
    there.lessons.comment(coach, recording, NewComment(1.0, "Said again.", parent=said))
    there.lessons.comment(owner, recording, NewComment(1.0, "Answered.", parent=said))
    erased = there.people.erase(COACH, 0, 0)
    assert erased.rows["comments"] == 2
    assert [(one.body, one.parent) for one in there.lessons.comments(owner, recording)] == [("Answered.", None)]
    assert there.people.find(COACH) is None
    with there.database.read() as session:
        rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    assert not [row for row in rows if coach in row or COACH in row]
    assert deeds(log)[-1] == ("operator", "erased", "-", "erased")
    assert log.verify()[1] is None


def test_a_lesson_takes_its_moments_off_the_agenda_and_others_stay_on_it(there):
    owner = there.owner
    lessons = [there.ready(name)[0] for name in ("one", "two")]
    cycle = there.cycles.begin(owner, NewCycle(Kind.OBSERVE, "Wait", COACH))
    there.cycles.set_goal(owner, cycle, "Wait", [], None)
    for recording, look in zip(lessons, Look, strict=False):
        there.cycles.take_in(owner, cycle, recording, look)
    clips = [there.lessons.clip(owner, one, NewClip(1.0, 3.0, "a name", "", Audience.LESSON)) for one in lessons]
    there.cycles.set_agenda(owner, cycle, [Item(*pair) for pair in zip(lessons, clips, strict=True)])
    there.lessons.delete(owner, lessons[0], 0, 0)
    assert [one.note for one in there.cycles.cycle(owner, cycle).conference.agenda] == [clips[1]]
    with there.database.read() as session:
        assert lessons[0] not in str(session.scalars(select(ConferenceRow.agenda)).all())


def test_what_was_erased_is_known_by_its_server_alone(tmp_path):
    here, there, other = (Beside(tmp_path / name) for name in ("here", "there", "other"))
    here.record([erasure(here.key(), "anna")], 1.0)
    shutil.copytree(here.folder, there.folder)
    there.record([erasure(here.key(), "ben")], 2.0)
    here.join(there)
    assert [here.was_erased()(id) for id in ("anna", "ben", "clara")] == [True, True, False]
    other.key()
    assert not other.was_erased()("anna")
    with pytest.raises(BadInput, match="another server"):
        here.join(other)
