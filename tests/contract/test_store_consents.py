"""What the families of a class agreed to, and what its list of opted-out students closes and opens again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select
from stores import OTHERS, School

from coaching.access import Grant, NotThere
from coaching.clips import NewClip
from coaching.coached import Look, NewCycle
from coaching.comments import Audience
from coaching.consents import Agreed, KeptClose, May
from coaching.cycles import Kind, Step
from coaching.errors import BadInput
from coaching.handouts import Made, Making, Order
from coaching.library import Filter, Whose
from models.consents import standing
from models.tables import AbsenceRow, AuditRow, ConsentRow, GrantRow, OptOutRow

MONDAY, YEAR_END = date(2026, 11, 2), date(2027, 7, 31)
COACH, COLLEAGUE = "coach@school.org", "colleague@school.org"
CLASS = "Period 2"


@pytest.fixture
def lesson(there: School) -> tuple[str, str]:
    """One of the owner's, of a class and a day, that their coach and a colleague were given, with a clip of it."""
    recording, run = there.ready()
    there.lessons.describe(there.owner, recording, CLASS, MONDAY, ())
    for email in (COACH, COLLEAGUE):
        there.lessons.grant(there.owner, recording, email, list(Grant))
    return recording, run


def class_of(there: School) -> str:
    return there.consents.classes(there.owner)[0].id


def opt_out(there: School, called: str = "M. K.", since: date | None = None, until: date | None = None) -> str:
    return there.consents.opt_out(there.owner, class_of(there), called, since, until)


def sees(there: School, who: str, recording: str) -> bool:
    """Whether it is there for them, by every way to it at once."""
    person, lessons = there.cast[who], there.lessons
    found = []
    for ask in (lessons.recording, lessons.listed, lessons.comments, lessons.clips, lessons.noted, lessons.grants):
        try:
            ask(person, recording)
        except NotThere:
            found.append(False)
        else:
            found.append(True)
    listed = [one.id for one in lessons.library(person, Filter(whose=Whose.WITH_ME), 24).lessons]
    found += [recording in listed, lessons.newest(person) == recording]
    found.append(bool(there.notifications.mine(person)))
    assert len(set(found)) == 1, (who, found)
    return found[0]


def test_a_grant_sleeps_while_an_opted_out_student_is_in_the_lesson_and_never_for_the_coach(there, lesson):
    recording, run = lesson
    assert sees(there, "coach", recording)
    assert sees(there, "colleague", recording)
    student = opt_out(there)
    assert sees(there, "coach", recording)
    assert not sees(there, "colleague", recording)
    for ask in (there.lessons.transcript, there.lessons.machine):
        with pytest.raises(NotThere):
            ask(there.cast["colleague"], run)
    given = {one.person.email: (one.good, one.kept_close) for one in there.lessons.grants(there.owner, recording)}
    assert given == {COACH: (True, False), COLLEAGUE: (False, True)}
    assert there.lessons.listed(there.owner, recording).shared_with == (COACH,)
    there.consents.set_absent(there.owner, recording, [student])
    assert sees(there, "colleague", recording)
    there.consents.set_absent(there.owner, recording, [])
    assert not sees(there, "colleague", recording)
    there.consents.take_off(there.owner, student)
    assert sees(there, "colleague", recording)


def test_it_is_said_why_nothing_is_given_and_the_coach_is_given_all_the_same(there):
    recording, _ = there.ready()
    there.lessons.describe(there.owner, recording, CLASS, MONDAY, ())
    clip = there.lessons.clip(there.owner, recording, NewClip(1.0, 3.0, "Wait"))
    opt_out(there)
    opt_out(there, "J.")
    assert [one.email for one in there.lessons.takers(there.owner, recording)] == [COACH]
    with pytest.raises(KeptClose, match="2 students in this lesson may not be seen"):
        there.lessons.grant(there.owner, recording, COLLEAGUE, [])
    with pytest.raises(KeptClose, match="2 students"):
        there.lessons.give_clips(there.owner, recording, COLLEAGUE, [clip])
    there.lessons.grant(there.owner, recording, COACH, [])
    there.lessons.give_clips(there.owner, recording, COACH, [clip])
    assert [one.person.email for one in there.lessons.grants(there.owner, recording)] == [COACH]
    assert there.notifications.mine(there.cast["colleague"]) == []


def test_a_clip_is_offered_to_those_to_whom_it_can_be_given(there, lesson):
    recording, _ = lesson
    coach, colleague = there.cast["coach"], there.cast["colleague"]
    clip = there.lessons.clip(there.owner, recording, NewClip(1.0, 3.0, "Wait"))
    other = there.lessons.clip(there.owner, recording, NewClip(4.0, 6.0, "Why"))
    there.lessons.clip(coach, recording, NewClip(7.0, 8.0, "Theirs", audience=Audience.LESSON))

    def offered() -> dict[str, set[str]]:
        return {of: set(people) for of, people in there.lessons.clip_takers(there.owner, recording).items()}

    assert offered() == {clip: {coach, colleague}, other: {coach, colleague}}
    opt_out(there)
    assert offered() == {clip: {coach}, other: {coach}}
    there.faces.cover(there.owner, clip)
    assert offered() == {clip: {coach, colleague}, other: {coach}}
    there.lessons.give_clips(there.owner, recording, COLLEAGUE, [clip])
    with pytest.raises(KeptClose):
        there.lessons.give_clips(there.owner, recording, COLLEAGUE, [clip, other])
    there.consents.write(there.owner, class_of(there), Agreed.COACH, date(2026, 9, 1), YEAR_END, "")
    assert offered() == {clip: {coach}, other: {coach}}


def test_clips_given_by_themselves_sleep_too_and_so_do_their_films(there, lesson):
    recording, _ = lesson
    there.lessons.take_back_grant(there.owner, recording, there.cast["colleague"])
    clip = there.lessons.clip(there.owner, recording, NewClip(1.0, 3.0, "Wait"))
    there.lessons.give_clips(there.owner, recording, COLLEAGUE, [clip])
    colleague = there.cast["colleague"]

    def has() -> bool:
        listed = [one.id for one in there.lessons.clips_for_me(colleague)]
        for ask in (there.lessons.given_clip, there.lessons.heard_in):
            if listed:
                ask(colleague, clip)
            else:
                with pytest.raises(NotThere):
                    ask(colleague, clip)
        assert bool(listed) == bool(there.lessons.listed(there.owner, recording).clips_with)
        assert bool(listed) == bool(there.notifications.mine(colleague))
        return bool(listed)

    assert has()
    there.handouts.order_given()
    student = opt_out(there)
    assert not has()
    (given,) = there.lessons.clips_given(there.owner, recording)
    assert (given.good, given.kept_close) == (False, True)
    there.consents.set_absent(there.owner, recording, [student])
    assert has()


def test_a_handout_that_was_asked_for_is_not_made_nor_given_in_its_sleep(there, lesson):
    recording, _ = lesson
    colleague = there.cast["colleague"]
    clip = there.lessons.clip(there.owner, recording, NewClip(1.0, 3.0, "Wait", audience=Audience.LESSON))
    assert there.handouts.ask(colleague, recording, Order(Made.CLIP, (clip,))).state is Making.WAITING
    opt_out(there)
    with pytest.raises(NotThere):
        there.handouts.mine(colleague, recording)
    assert there.handouts.claim("worker-1") is None


def test_families_that_agreed_to_teacher_and_coach_keep_it_there_covered_or_not(there, lesson):
    recording, _ = lesson
    write = there.consents.write
    write(there.owner, class_of(there), Agreed.COACH, date(2026, 9, 1), YEAR_END, "In the office.")
    assert not sees(there, "colleague", recording)
    assert sees(there, "coach", recording)
    with pytest.raises(KeptClose, match="agreed that you and your coach see"):
        there.lessons.grant(there.owner, recording, COLLEAGUE, [])
    write(there.owner, class_of(there), Agreed.SCHOOL, date(2026, 10, 1), date(2026, 11, 1), "")
    assert sees(there, "colleague", recording)  # what began last has ended: nothing is said for that Monday
    write(there.owner, class_of(there), Agreed.SCHOOL, date(2026, 10, 1), date(2026, 11, 2), "")
    assert sees(there, "colleague", recording)
    write(there.owner, class_of(there), Agreed.COACH, date(2026, 11, 2), YEAR_END, "")
    assert not sees(there, "colleague", recording)
    newest = there.consents.classes(there.owner)[0].consents[0]
    assert (newest.since, newest.by) == (MONDAY, "owner@school.org")
    there.consents.strike(there.owner, newest.id)
    assert sees(there, "colleague", recording)
    assert there.consents.standing(there.owner, recording).may is May.OPEN


def test_who_is_the_partner_of_a_cycle_of_the_lesson_sees_it_until_that_is_closed(there, lesson):
    recording, _ = lesson
    opt_out(there)
    cycle = there.cycles.begin(there.owner, NewCycle(Kind.PEER, "Waiting", COLLEAGUE))
    assert not sees_lesson(there, recording)
    there.cycles.take_in(there.owner, cycle, recording, Look.FIRST)
    assert sees_lesson(there, recording)
    there.lessons.grant(there.owner, recording, COLLEAGUE, [Grant.COMMENT])
    there.cycles.move(there.owner, cycle, Step.STOP)
    assert not sees_lesson(there, recording)


def sees_lesson(there: School, recording: str) -> bool:
    """For the colleague, who has notifications of the cycle too."""
    try:
        there.lessons.recording(there.cast["colleague"], recording)
    except NotThere:
        return False
    return True


@pytest.mark.parametrize(
    ("since", "until", "in_it"),
    [
        (None, None, True),
        (date(2026, 11, 2), None, True),
        (date(2026, 11, 3), None, False),
        (None, date(2026, 11, 2), True),
        (None, date(2026, 11, 1), False),
    ],
)
def test_an_opt_out_counts_in_the_lessons_of_its_days(there, lesson, since, until, in_it):
    opt_out(there, since=since, until=until)
    assert sees(there, "colleague", lesson[0]) is not in_it
    with there.database.read() as session:
        assert standing(session, lesson[0]).opted_out == int(in_it)
    assert len(there.consents.present(there.owner, lesson[0])) == int(in_it)


def test_a_lesson_without_a_day_is_of_the_day_on_which_it_was_brought(there, lesson):
    recording, _ = lesson
    today = there.lessons.recording(there.owner, recording).added.date()
    there.lessons.describe(there.owner, recording, CLASS, None, ())
    opt_out(there, "a", since=today, until=today)
    opt_out(there, "b", until=date(2020, 1, 1))
    assert not sees(there, "colleague", recording)
    assert there.consents.standing(there.owner, recording).opted_out == 1


def test_another_class_or_none_brings_its_own_list(there, lesson):
    recording, _ = lesson
    opt_out(there)
    there.lessons.describe(there.owner, recording, "Period 5", MONDAY, ())
    assert sees(there, "colleague", recording)
    assert there.consents.present(there.owner, recording) == []
    there.lessons.describe(there.owner, recording, None, MONDAY, ())
    assert sees(there, "colleague", recording)
    assert not there.consents.standing(there.owner, recording).has_class
    there.lessons.describe(there.owner, recording, CLASS, MONDAY, ())
    assert not sees(there, "colleague", recording)


def test_an_administrators_opening_does_not_ask_it(there, lesson):
    opt_out(there)
    there.openings.open(there.cast["admin"], lesson[0], "A parent complained about a word.")
    assert there.lessons.recording(there.cast["admin"], lesson[0]).id == lesson[0]


def test_a_class_its_list_and_who_was_in_a_lesson_are_for_its_teacher_alone(there, lesson):
    recording, _ = lesson
    student, of = opt_out(there), class_of(there)
    there.consents.write(there.owner, of, Agreed.SCHOOL, MONDAY, YEAR_END, "In the office.")
    (consent,) = there.consents.classes(there.owner)[0].consents
    store, before = there.consents, there.consents.classes(there.owner)
    for who in (*(there.cast[who] for who in OTHERS), "0" * 24, "", "\x00"):
        assert store.classes(who) == []
        for ask in (
            lambda who=who: store.write(who, of, Agreed.SCHOOL, MONDAY, YEAR_END, ""),
            lambda who=who: store.strike(who, consent.id),
            lambda who=who: store.opt_out(who, of, "x"),
            lambda who=who: store.take_off(who, student),
            lambda who=who: store.present(who, recording),
            lambda who=who: store.set_absent(who, recording, [student]),
        ):
            with pytest.raises(NotThere):
                ask()
    for nothing in ("0" * 24, "", "\x00"):
        for ask in (
            lambda it=nothing: store.opt_out(there.owner, it, "x"),
            lambda it=nothing: store.take_off(there.owner, it),
            lambda it=nothing: store.strike(there.owner, it),
        ):
            with pytest.raises(NotThere):
                ask()
    assert store.classes(there.owner) == before
    seen = store.standing(there.cast["coach"], recording)
    assert (seen.opted_out, seen.consent.note, seen.consent.by) == (1, "", "")
    assert "M. K." not in repr((seen, there.lessons.listed(there.cast["coach"], recording)))
    with pytest.raises(NotThere):
        store.standing(there.cast["colleague"], recording)


def test_a_list_is_kept_by_name_and_what_is_taken_off_can_be_put_back(there, lesson):
    recording, _ = lesson
    first, second = opt_out(there, "m. k.", until=date(2026, 12, 1)), opt_out(there, " M.  K. ", since=MONDAY)
    assert first == second
    opt_out(there, "A. B.")
    listed = there.consents.classes(there.owner)[0]
    assert [(one.called, one.since, one.until) for one in listed.opted_out] == [
        ("A. B.", None, None),
        ("m. k.", MONDAY, None),
    ]
    assert (listed.name, listed.school, listed.lessons) == (CLASS, "North", 1)
    there.consents.set_absent(there.owner, recording, [first])
    gone = there.consents.take_off(there.owner, first)
    with there.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AbsenceRow)) == 0
    assert gone.absent_from == {recording}
    there.consents.opt_out(there.owner, listed.id, gone.called, gone.since, gone.until, gone.absent_from)
    assert there.consents.standing(there.owner, recording).opted_out == 1  # the other one
    with pytest.raises(BadInput, match="changed meanwhile"):
        there.consents.set_absent(there.owner, recording, [first])


def test_a_class_can_be_written_down_before_its_first_lesson(there):
    there.consents.add_class(there.owner, " Period 9 ")
    there.consents.add_class(there.owner, "Period 9")
    assert [(one.name, one.lessons) for one in there.consents.classes(there.owner)] == [("Period 9", 0)]
    for who in (there.cast["coach"], "0" * 24, ""):
        with pytest.raises(BadInput):
            there.consents.add_class(who, "Mine")


def test_the_log_tells_that_it_was_written_and_never_of_whom(there, lesson):
    recording, _ = lesson
    student, of = opt_out(there), class_of(there)
    there.consents.write(there.owner, of, Agreed.COACH, MONDAY, YEAR_END, "In the office.")
    there.consents.set_absent(there.owner, recording, [student])
    there.consents.take_off(there.owner, student)
    with there.database.read() as session:
        lines = session.scalars(select(AuditRow).order_by(AuditRow.number)).all()
        assert [line.deed for line in lines][-4:] == [
            "opted a student out",
            "wrote down a consent",
            "said who was in it",
            "took a student off the list",
        ]
        assert all("M. K." not in repr(vars(line)) for line in lines)


def test_a_person_who_is_erased_leaves_no_class_and_a_lesson_no_absence(there, lesson):
    recording, _ = lesson
    student = opt_out(there)
    there.consents.write(there.owner, class_of(there), Agreed.COACH, MONDAY, YEAR_END, "In the office.")
    there.consents.set_absent(there.owner, recording, [student])
    there.lessons.delete(there.owner, recording, 0, 0)
    with there.database.read() as session:
        assert session.scalar(select(func.count()).select_from(AbsenceRow)) == 0
    there.people.erase("owner@school.org", 0, 0)
    with there.database.read() as session:
        for table in (ConsentRow, OptOutRow, AbsenceRow, GrantRow):
            assert session.scalar(select(func.count()).select_from(table)) == 0
