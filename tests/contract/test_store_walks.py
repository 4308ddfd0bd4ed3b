"""Learning walks: the visited teacher's first, the visitor's, and nobody else's; a school sees whole months alone."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, update
from stores import OTHERS, School

from coaching.access import NotThere, Part
from coaching.errors import BadInput
from coaching.months import FEWEST_TEACHERS, settled
from coaching.notifications import Kind
from coaching.people import Membership
from coaching.recordings import new_id
from coaching.sharing import NoColleague
from coaching.walks import TAKE_BACK_S, NewWalk, Seen, Walks
from models.tables import PersonRow, WalkRow

SECRET = "Whisperwood"
CHOICE, WAIT = Seen("Choice", f"{SECRET} chose a way."), Seen("Wait time", f"{SECRET} waited.")
COLLEAGUE = "colleague@school.org"


def school_of(there: School) -> str:
    return there.cycles.schools(there.cast["coach"])[0].id


def visit(there: School, by: str = "leader", to: str = "owner", *seen: Seen, **more) -> str:
    """A visit of somebody of the cast to another; its id."""
    teacher = there.cast.get(to, to)
    new = NewWalk(new_id(), school_of(there), teacher, f"Room {SECRET}", seen or (CHOICE, WAIT), **more)
    there.walks.add(there.cast.get(by, by), new)
    return new.id


def told(there: School, who: str) -> list[Kind]:
    return [one.kind for one in there.notifications.mine(there.cast[who])]


def takes_photos(there: School, yes: bool = True) -> None:
    school = there.cycles.schools(there.cast["coach"])[0]
    there.cycles.coach_so(there.cast["coach"], replace(school, walk_photos=yes))


def test_a_visit_is_its_teachers_at_once_and_its_visitors_and_nobody_elses(there):
    walk = visit(there)
    (mine,) = there.walks.mine(there.owner)
    assert (mine.part, mine.visitor, mine.place) == (Part.TEACHER, "leader@school.org", f"Room {SECRET}")
    assert mine.seen == (CHOICE, WAIT)
    assert not mine.may_take_back
    (written,) = there.walks.mine(there.cast["leader"])
    assert (written.part, written.teacher, written.may_take_back) == (Part.VISITOR, "owner@school.org", True)
    assert told(there, "owner") == [Kind.VISITED]
    second = there.people.add("second@school.org", Membership.LEADER, "North").id
    for who in (*(there.cast[who] for who in OTHERS if who != "leader"), second, "0" * 24, "", "\x00"):
        assert there.walks.mine(who) == []
        with pytest.raises(NotThere):
            there.walks.one(who, walk)


ASKED = {
    "wants_photo": lambda s, who, walk: s.wants_photo(who, walk),
    "add_photo": lambda s, who, walk: s.add_photo(who, walk, "walks/a/photo.jpg"),
    "one": lambda s, who, walk: s.one(who, walk),
    "answer": lambda s, who, walk: s.answer(who, walk, "Thank you."),
    "pass_on": lambda s, who, walk: s.pass_on(who, walk, COLLEAGUE),
    "pass_on_no_more": lambda s, who, walk: s.pass_on_no_more(who, walk, who),
    "remove": lambda s, who, walk: s.remove(who, walk),
}
"""Every method that is asked for one visit. A new one that is forgotten here fails the next test."""

OWN = {"rooms", "add", "mine", "months", "standing"}


def test_no_method_is_forgotten():
    assert {name for name, _ in inspect.getmembers(Walks, inspect.isfunction) if name[0] != "_"} == ASKED.keys() | OWN


@pytest.mark.parametrize("method", sorted(ASKED))
def test_for_everybody_else_it_is_not_there(there, method):
    takes_photos(there)
    walk, ask = visit(there), ASKED[method]
    refused = set()
    for who in (*(there.cast[who] for who in OTHERS if who != "leader"), "0" * 24, "", "\x00"):
        with pytest.raises(NotThere) as refusal:
            ask(there.walks, who, walk)
        refused.add(str(refusal.value))
    for gone in ("0" * 24, "", "\x00", "..", "'; --"):
        with pytest.raises(NotThere) as refusal:
            ask(there.walks, there.owner, gone)
        refused.add(str(refusal.value))
    assert len(refused) == 1
    assert there.walks.one(there.owner, walk).answer == ""
    may = {"owner": {"one", "answer", "pass_on", "pass_on_no_more", "remove"}}
    may |= {"leader": {"one", "wants_photo", "add_photo", "remove"}}
    for who, methods in may.items():
        another = visit(there)
        if method in methods:
            ask(there.walks, there.cast[who], another)
        else:
            with pytest.raises(NotThere):
                ask(there.walks, there.cast[who], another)


@pytest.mark.parametrize(
    ("by", "to"),
    [
        ("admin", "owner"),
        ("stranger", "owner"),
        ("leader", "stranger"),
        ("leader", "coach"),
        ("leader", "leader"),
        ("owner", "owner"),
        ("0" * 24, "owner"),
        ("leader", "0" * 24),
        ("leader", "\x00"),
    ],
)
def test_nobody_visits_whom_they_may_not(there, by, to):
    with pytest.raises(NotThere):
        visit(there, by, to)
    assert there.walks.mine(there.owner) == []
    there.people.leave(COLLEAGUE)
    with pytest.raises(NotThere):
        visit(there, "leader", "colleague")


def test_a_visit_that_is_sent_again_is_there_once_and_an_id_is_one_persons(there):
    new = NewWalk(new_id(), school_of(there), there.owner, "", (CHOICE,))
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: there.walks.add(there.cast["leader"], new), range(3)))
    assert len(there.walks.mine(there.owner)) == len(told(there, "owner")) == 1
    with pytest.raises(NotThere):
        there.walks.add(there.cast["coach"], new)
    there.walks.remove(there.owner, new.id)
    there.walks.add(there.cast["leader"], new)  # a phone that never heard that it came
    assert there.walks.mine(there.owner) == there.walks.mine(there.cast["leader"]) == []
    for wrong in ("../../etc", "x" * 24, "0" * 65, ""):
        with pytest.raises(NotThere):
            there.walks.add(there.cast["leader"], replace(new, id=wrong))


def test_the_teacher_answers_passes_it_on_and_takes_that_back(there):
    walk = visit(there)
    there.walks.answer(there.owner, walk, " Thank you. ")
    assert there.walks.one(there.cast["leader"], walk).answer == "Thank you."
    assert told(there, "leader") == [Kind.VISIT_SAID]
    there.walks.pass_on(there.owner, walk, "coach@school.org")
    there.walks.pass_on(there.owner, walk, "coach@school.org")
    (read,) = there.walks.mine(there.cast["coach"])
    assert (read.part, read.answer, read.readers) == (Part.READER, "Thank you.", ())
    assert told(there, "coach") == [Kind.VISIT_SAID]
    assert [one.email for one in there.walks.one(there.owner, walk).readers] == ["coach@school.org"]
    coachs = visit(there, "coach")
    there.walks.pass_on(there.owner, coachs, "coach@school.org")
    assert there.walks.one(there.owner, coachs).readers == ()  # who reads it as it is
    there.walks.remove(there.owner, coachs)
    for nobody in ("leader@school.org", "admin@school.org", "stranger@school.org", "owner@school.org", "x"):
        with pytest.raises(NoColleague):
            there.walks.pass_on(there.owner, walk, nobody)
    there.people.add("coach@school.org", Membership.LEADER, "North")
    (north,) = there.staff.schools(there.cast["admin"])
    there.staff.change(there.cast["admin"], there.cast["coach"], north.id, [Membership.LEADER])
    assert there.walks.mine(there.cast["coach"]) == []  # who only leads now reads nothing of it
    there.staff.change(there.cast["admin"], there.cast["coach"], north.id, [Membership.COACH])
    there.walks.pass_on_no_more(there.owner, walk, there.cast["coach"])
    assert there.walks.mine(there.cast["coach"]) == told(there, "coach") == []


def test_a_visitor_who_works_there_no_more_reads_it_no_more(there):
    visit(there)
    (north,) = there.staff.schools(there.cast["admin"])
    there.staff.change(there.cast["admin"], there.cast["leader"], north.id, [Membership.ADMIN])
    assert there.walks.mine(there.cast["leader"]) == []
    assert len(there.walks.mine(there.owner)) == 1


def test_who_wrote_it_takes_it_back_for_a_day_and_its_teacher_deletes_it_whenever(there):
    new, old = visit(there), visit(there)
    there.walks.remove(there.cast["leader"], new)
    there.later(WalkRow, TAKE_BACK_S + 60, "made", "visited")
    with pytest.raises(BadInput, match="for a day"):
        there.walks.remove(there.cast["leader"], old)
    assert not there.walks.mine(there.cast["leader"])[0].may_take_back
    there.walks.remove(there.owner, old)
    assert there.walks.mine(there.owner) == there.walks.mine(there.cast["leader"]) == told(there, "owner") == []
    with there.database.read() as session:
        assert SECRET not in repr([vars(row) for row in session.query(WalkRow)])


def test_a_photo_is_taken_once_and_only_where_the_school_does(there):
    walk, leader = visit(there), there.cast["leader"]
    with pytest.raises(BadInput, match="no photos"):
        there.walks.wants_photo(leader, walk)
    takes_photos(there)
    assert there.walks.rooms(leader)[0].photos
    assert there.walks.wants_photo(leader, walk)
    there.walks.add_photo(leader, walk, f"walks/{walk}/photo.jpg")
    assert not there.walks.wants_photo(leader, walk)
    assert there.walks.one(there.owner, walk).photo == f"walks/{walk}/photo.jpg"
    other = visit(there)
    assert there.walks.standing([walk, other, "0" * 24, "\x00", ".."]) == [walk]


def test_a_room_has_the_teachers_and_the_look_fors_of_its_school(there):
    (room,) = there.walks.rooms(there.owner)
    assert [name for _, name in room.teachers] == [COLLEAGUE]
    assert [book.name for book in room.books] == ["Starting set"]
    assert [len(found.teachers) for found in there.walks.rooms(there.cast["leader"])] == [2]
    assert there.walks.rooms(there.cast["admin"]) == there.walks.rooms("0" * 24) == there.walks.rooms("\x00") == []


def teachers(there: School, many: int) -> list[str]:
    return [there.people.add(f"t{n}@school.org", Membership.TEACHER, "North").id for n in range(many)]


def let_it_settle(there: School) -> str:
    """Let the visits have been in a month that is counted by now; the month."""
    first = settled(datetime.now(UTC).date())[0]
    moment = datetime(first.year, first.month, 10, tzinfo=UTC).timestamp()
    with there.database.write() as session:
        session.execute(update(WalkRow).values(visited=moment, made=moment))
    return f"{first:%Y-%m}"


def months(there: School, who: str = "leader") -> list[tuple[str, bool, int, tuple]]:
    (found,) = there.walks.months(there.cast[who])
    return [(f"{m.first:%Y-%m}", m.shown, m.visits, m.seen) for m in found.months]


def test_a_school_sees_how_often_from_five_teachers_on_and_nothing_below(there):
    for teacher in teachers(there, FEWEST_TEACHERS - 1):
        visit(there, "coach", teacher)
        visit(there, "coach", teacher, CHOICE, Seen(f"My {SECRET}", "Own words."))
    assert months(there) == []  # of this month, nobody sees anything yet
    when = let_it_settle(there)
    assert months(there) == months(there, "owner") == [(when, False, 0, ())]


def test_five_are_enough_and_words_of_ones_own_are_not_counted(there):
    five = teachers(there, FEWEST_TEACHERS)
    for teacher in five:
        visit(there, "coach", teacher)
    visit(there, "coach", five[0], CHOICE, Seen(f"My {SECRET}", "Own words."))
    when = let_it_settle(there)
    seen = (when, True, 6, (("Choice", 6), ("Wait time", 5)))
    assert months(there) == months(there, "owner") == [seen]
    assert months(there, "coach") == [(when, False, 0, ())]  # who knows them all by themselves
    there.cast["t0"] = five[0]
    assert months(there, "t0") == [(when, False, 0, ())]  # with theirs, it would be about four others
    assert there.walks.months(there.cast["admin"]) == []
    assert there.walks.months(there.cast["stranger"])[0].months == ()


def test_what_comes_goes_or_is_erased_later_shows_in_no_difference(there):
    six = teachers(there, FEWEST_TEACHERS + 1)
    walks = [visit(there, "coach", teacher) for teacher in six]
    when = let_it_settle(there)
    before = months(there)
    assert before == [(when, True, 6, (("Choice", 6), ("Wait time", 6)))]
    there.walks.remove(six[0], walks[0])
    late = visit(there, "coach", six[1], Seen("Choice", "Late."))
    with there.database.write() as session:
        moment = session.get(WalkRow, walks[1]).visited
        session.get(WalkRow, late).visited = moment
    assert months(there) == before
    with there.database.write() as session:
        session.delete(session.get(PersonRow, six[2]))
    assert months(there) == [(when, False, 0, ())]  # hidden, and not another number
    with there.database.read() as session:
        assert session.get(WalkRow, walks[2]) is None


def test_what_a_leader_sees_of_a_school_reads_nothing_that_was_written(there):
    for teacher in teachers(there, FEWEST_TEACHERS):
        visit(there, "coach", teacher)
    let_it_settle(there)
    read: list[str] = []
    event.listen(there.database.engine, "before_cursor_execute", lambda *a: read.append(a[2].lower()))
    assert months(there)[0][1]
    assert read
    for statement in read:
        for column in ("evidence", "place", "photo,", "answer", "recordings", "comments", "walk_readers"):
            assert column not in statement.replace("walk_photos", ""), statement
    assert SECRET not in repr(there.walks.months(there.cast["leader"]))


def test_a_visit_that_lay_on_a_phone_was_when_it_was(there):
    visit(there, ago_s=3 * 3600.0)
    visit(there, ago_s=-1e12)
    visit(there, ago_s=1e12)
    ages = sorted(datetime.now(UTC) - one.visited for one in there.walks.mine(there.owner))
    minute = timedelta(minutes=1)
    expected = (timedelta(), timedelta(hours=3), timedelta(days=30))
    assert all(abs(found - wanted) < minute for found, wanted in zip(ages, expected, strict=True))
