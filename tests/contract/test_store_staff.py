"""An admin's door to people and schools, on both databases: what they may, what is not there, and many at once."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from coaching.access import NotThere
from coaching.accounts import LetGo, LinkOver, fingerprint
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.staff import Elsewhere, Entry, LastAdmin, NotOurs, Staff, What
from models.tables import MembershipRow, PersonRow, SchoolRow

ADMIN, COACH, LEADER, TEACHER = Membership.ADMIN, Membership.COACH, Membership.LEADER, Membership.TEACHER
PASSWORD = "a long enough one"
GONE = "0" * 24


@pytest.fixture
def south(there):
    """An admin of the other school."""
    there.cast["south"] = there.people.add("south@school.org", ADMIN, "South").id
    return there.cast["south"]


@pytest.fixture
def admin(there):
    return there.cast["admin"]


def school_of(there, viewer, name=None):
    return next(s.id for s in there.staff.schools(viewer) if name in (None, s.name))


def member(there, viewer, who):
    return next((m for m in there.staff.members(viewer) if m.id == there.cast.get(who, who)), None)


def test_an_admin_sees_the_people_of_their_schools_and_no_others(there, admin, south):
    assert [s.name for s in there.staff.schools(admin)] == ["North"]
    assert [m.email.partition("@")[0] for m in there.staff.members(admin)] == [
        "admin",
        "coach",
        "colleague",
        "leader",
        "owner",
    ]
    assert {m.id for m in there.staff.members(south)} == {south, there.cast["stranger"]}
    for who in ("owner", "coach", "leader", "stranger", "colleague"):
        assert there.staff.schools(there.cast[who]) == there.staff.members(there.cast[who]) == []


ASKED = {
    "add": lambda s, who, person, school: s.add(who, school, "new@school.org", "New", [TEACHER]),
    "change": lambda s, who, person, school: s.change(who, person, school, [COACH]),
    "rename": lambda s, who, person, school: s.rename(who, person, "Other"),
    "invite": lambda s, who, person, school: s.invite(who, person),
    "unlink": lambda s, who, person, school: s.unlink(who, person),
    "let_go": lambda s, who, person, school: s.let_go(who, person),
    "let_in": lambda s, who, person, school: s.let_in(who, person),
    "rename_school": lambda s, who, person, school: s.rename_school(who, school, "Other"),
}
"""What is asked of one person or one school. A new method that is forgotten here fails the next test."""

OWN = {"schools", "members", "add_school", "preview", "apply"}


def test_no_method_of_staff_is_forgotten():
    methods = {name for name, _ in inspect.getmembers(Staff, inspect.isfunction) if not name.startswith("_")}
    assert methods == ASKED.keys() | OWN


def everything(there):
    with there.database.read() as session:
        people = session.execute(select(PersonRow.id, PersonRow.name, PersonRow.left)).all()
        schools = session.execute(select(SchoolRow.id, SchoolRow.name)).all()
        return set(people), set(schools), set(session.execute(select(MembershipRow.__table__)).all())


@pytest.mark.parametrize("method", sorted(ASKED))
def test_other_schools_and_their_people_are_not_there(there, admin, south, method):
    ask, north = ASKED[method], school_of(there, admin)
    was = everything(there)
    said = set()
    for who in (south, *(there.cast[w] for w in ("owner", "coach", "leader", "stranger")), GONE, "", "\0"):
        with pytest.raises(NotThere) as refusal:
            ask(there.staff, who, there.cast["coach"], north)
        said.add(str(refusal.value))
    for gone in (GONE, "", "\0", "'; --"):
        with pytest.raises(NotThere) as refusal:
            ask(there.staff, admin, gone, gone)
        said.add(str(refusal.value))
    assert len(said) == 1, "neither answer tells whether there is such a person"
    assert everything(there) == was


def test_a_list_of_staff_is_for_admins_alone(there):
    entry = Entry(2, "new@school.org", "", frozenset({TEACHER}))
    for who in ("owner", "coach", "leader", "stranger"):
        for step in (there.staff.preview, there.staff.apply, lambda who, _: there.staff.add_school(who, "East")):
            with pytest.raises(NotThere):
                step(there.cast[who], [entry])
    assert there.people.find("new@school.org") is None


def test_a_person_is_added_invited_and_signs_in(there, admin):
    north = school_of(there, admin)
    new = there.staff.add(admin, north, " New@School.org", "  Nora   New ", [TEACHER, COACH])
    found = member(there, admin, new)
    assert (found.email, found.name, dict(found.roles)) == ("new@school.org", "Nora New", {north: {TEACHER, COACH}})
    assert (found.entered, found.linked, found.left, found.whole) == (False, False, False, True)
    cookie = there.accounts.set_by_link(there.staff.invite(admin, new), PASSWORD)
    assert there.accounts.session(fingerprint(cookie)).id == new
    assert member(there, admin, new).entered
    again = there.staff.add(admin, north, "new@school.org", "Somebody Else", [LEADER])
    found = member(there, admin, new)
    assert (again, found.name, found.roles[north]) == (new, "Nora New", {TEACHER, COACH, LEADER})


def test_names_and_roles_are_changed(there, admin):
    north = school_of(there, admin)
    there.staff.rename(admin, there.owner, "Maya Okafor")
    there.staff.change(admin, there.owner, north, [TEACHER, COACH])
    there.staff.change(admin, there.owner, north, [COACH])
    assert (member(there, admin, "owner").name, member(there, admin, "owner").roles[north]) == ("Maya Okafor", {COACH})
    for wrong in (
        lambda: there.staff.rename(admin, there.owner, "x" * 201),
        lambda: there.staff.add(admin, north, "no", "", [COACH]),
    ):
        with pytest.raises(BadInput):
            wrong()


def test_nobody_is_left_without_a_school(there, admin):
    with pytest.raises(BadInput, match="at least one role"):
        there.staff.change(admin, there.owner, school_of(there, admin), [])
    with pytest.raises(BadInput, match="at least one role"):
        there.staff.add(admin, school_of(there, admin), "new@school.org", "", [])
    assert there.people.find("new@school.org") is None


def test_the_last_admin_stays_one(there, admin):
    north = school_of(there, admin)
    with pytest.raises(LastAdmin):
        there.staff.change(admin, admin, north, [TEACHER])
    with pytest.raises(BadInput, match="cannot let yourself go"):
        there.staff.let_go(admin, admin)
    there.staff.change(admin, there.cast["leader"], north, [LEADER, ADMIN])
    there.staff.let_go(admin, there.cast["leader"])
    with pytest.raises(LastAdmin):
        there.staff.change(admin, admin, north, [TEACHER])  # who was let go is none
    there.staff.let_in(admin, there.cast["leader"])
    there.staff.change(admin, admin, north, [TEACHER])
    assert there.staff.schools(admin) == []


def test_of_two_admins_who_step_down_at_once_one_stays(there, admin):
    north = school_of(there, admin)
    there.staff.change(admin, there.cast["leader"], north, [LEADER, ADMIN])

    def step(who):
        try:
            return there.staff.change(there.cast[who], there.cast[who], north, [TEACHER])
        except LastAdmin as error:
            return error

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(step, ("admin", "leader")))
    assert [type(one) for one in said].count(LastAdmin) == 1


def test_of_two_admins_who_dismiss_each_other_at_once_one_stays(there, admin):
    north, other = school_of(there, admin), there.cast["leader"]
    for take in (
        lambda a, b: there.staff.change(a, b, north, [TEACHER]),
        lambda a, b: there.staff.let_go(a, b),
    ):
        there.people.come_back("leader@school.org")
        there.people.come_back("admin@school.org")
        for email in ("leader@school.org", "admin@school.org"):
            there.people.add(email, ADMIN, "North")

        def step(pair, take=take):
            try:
                take(*pair)
            except NotThere as error:
                return error

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(step, ((admin, other), (other, admin))))
        assert [type(one) for one in said].count(NotThere) == 1


def test_many_who_change_the_same_people_at_once_never_wait_for_each_other(there, admin, south):
    north = school_of(there, admin)
    there.people.add("south@school.org", TEACHER, "North")
    entries = [Entry(n, f"new{n % 5}@school.org", "", frozenset({TEACHER})) for n in range(20)]
    steps = [
        lambda: there.staff.change(admin, south, north, [COACH]),
        lambda: there.staff.change(admin, there.owner, north, [TEACHER, LEADER]),
        lambda: there.staff.apply(admin, entries),
        lambda: there.staff.apply(admin, entries[::-1]),
        lambda: there.staff.add(admin, north, "new1@school.org", "", [COACH]),
        lambda: there.staff.rename_school(admin, north, "Northern"),
        lambda: there.people.add("new2@school.org", LEADER, "South"),
        lambda: there.accounts.invite("owner@school.org"),
    ]
    with ThreadPoolExecutor(len(steps)) as pool:
        for done in [pool.submit(step) for step in steps for _ in range(2)]:
            done.result()
    assert len([p for p in there.people.everybody() if p.email.startswith("new")]) == 5


def test_what_belongs_to_a_person_as_a_whole_is_for_an_admin_of_all_their_schools(there, admin, south):
    north = school_of(there, admin)
    same = there.cast["stranger"]
    with pytest.raises(NotOurs):
        there.staff.add(admin, north, "stranger@school.org", "Another Name", [COACH])
    (step,) = there.staff.apply(admin, [Entry(2, "stranger@school.org", "", frozenset({COACH}), "North")])
    assert (step.what, step.why) == (What.WRONG, str(NotOurs()))
    assert member(there, admin, "stranger") is None
    there.people.add("stranger@school.org", COACH, "North")  # by whoever runs the server
    found = member(there, admin, "stranger")
    assert (found.name, dict(found.roles), found.whole) == ("", {north: {COACH}}, False), "their other school is unseen"
    for step in (
        lambda: there.staff.invite(admin, same),
        lambda: there.staff.let_go(admin, same),
        lambda: there.staff.let_in(admin, same),
        lambda: there.staff.unlink(admin, same),
        lambda: there.staff.rename(admin, same, "Other"),
    ):
        with pytest.raises(Elsewhere):
            step()
    with pytest.raises(Elsewhere):
        there.staff.invite(south, same)
    there.staff.change(admin, same, north, [])
    assert member(there, admin, "stranger") is None
    there.staff.invite(south, same)


def test_an_admin_makes_nobody_anything_at_another_school(there, admin, south):
    elsewhere = school_of(there, south)
    for person in (admin, there.owner, there.cast["stranger"]):
        with pytest.raises(NotThere):
            there.staff.change(admin, person, elsewhere, [ADMIN])
    with pytest.raises(NotThere):
        there.staff.add(admin, elsewhere, "admin@school.org", "", [ADMIN])


def test_whoever_is_admin_no_more_is_so_at_once(there, admin):
    north = school_of(there, admin)
    there.staff.change(admin, there.cast["leader"], north, [ADMIN])
    there.staff.change(there.cast["leader"], admin, north, [TEACHER])
    assert there.staff.members(admin) == []
    with pytest.raises(NotThere):
        there.staff.let_go(admin, there.owner)
    there.people.leave("leader@school.org")
    assert there.staff.schools(there.cast["leader"]) == []


def test_being_admin_is_no_way_to_a_lesson(there, admin):
    recording, _ = there.ready()
    there.staff.change(admin, admin, school_of(there, admin), list(Membership))
    with pytest.raises(NotThere):
        there.lessons.recording(admin, recording)
    assert there.lessons.mine(admin) == []


def test_let_go_and_let_in_again(there, admin):
    there.accounts.set_password("owner@school.org", PASSWORD)
    session = fingerprint(there.accounts.sign_in("owner@school.org", PASSWORD, "192.0.2.1"))
    link = there.staff.invite(admin, there.owner)
    there.staff.let_go(admin, there.owner)
    assert there.accounts.session(session) is None
    assert member(there, admin, "owner").left
    with pytest.raises(LinkOver):
        there.accounts.link(link)
    with pytest.raises(BadInput, match="let go"):
        there.staff.invite(admin, there.owner)
    with pytest.raises(BadInput, match="let go"):
        there.staff.add(admin, school_of(there, admin), "owner@school.org", "", [COACH])
    with pytest.raises(LetGo):
        there.accounts.sign_in("owner@school.org", PASSWORD, "192.0.2.1")
    there.staff.let_in(admin, there.owner)
    assert there.accounts.sign_in("owner@school.org", PASSWORD, "192.0.2.1")


def test_a_school_account_is_unlinked(there, admin):
    old = there.accounts.sign_in_as("https://id.org", "1", "owner@school.org")
    assert member(there, admin, "owner").linked
    there.staff.unlink(admin, there.owner)
    assert there.accounts.session(fingerprint(old)) is None
    assert not member(there, admin, "owner").linked
    new = there.accounts.sign_in_as("https://id.org", "2", "owner@school.org")
    assert there.accounts.session(fingerprint(new)).id == there.owner


def test_schools_are_added_and_renamed(there, admin, south):
    east = there.staff.add_school(admin, "  East  High ")
    assert [s.name for s in there.staff.schools(admin)] == ["East High", "North"]
    assert there.staff.members(admin)[0].roles[east.id] == {ADMIN}
    there.staff.rename_school(admin, east.id, "East")
    for step in (
        lambda: there.staff.add_school(admin, "South"),
        lambda: there.staff.rename_school(admin, east.id, "South"),
        lambda: there.staff.rename_school(admin, east.id, " "),
    ):
        with pytest.raises(BadInput):
            step()
    assert school_of(there, admin, "East") == east.id
    assert there.staff.schools(south) != []


def entry(row, email, name="", roles=(TEACHER,), school="", wrong=""):
    return Entry(row, email, name, frozenset(roles), school, wrong)


def test_a_list_of_staff_is_applied_once_however_often(there, admin, south):
    entries = [
        entry(2, "owner@school.org", "Maya", [TEACHER]),
        entry(3, "new@school.org", "Nora", [TEACHER, COACH], "north"),
        entry(4, "coach@school.org", "", [COACH]),
        entry(5, "new@school.org", "Nora", [TEACHER]),
        entry(6, "other@school.org", school="South"),
        entry(7, "other@school.org", school="Nowhere"),
        entry(8, "x", wrong="No address."),
        entry(9, "stranger@school.org", "Another", [COACH]),
    ]
    expected = [What.CHANGE, What.ADD, What.SAME, What.SAME] + [What.WRONG] * 4
    was = everything(there)
    assert [step.what for step in there.staff.preview(admin, entries)] == expected
    assert everything(there) == was
    steps = there.staff.apply(admin, entries)
    assert [step.what for step in steps] == expected
    assert [s.why.replace("South", "").replace("Nowhere", "") for s in steps[4:6]] == [
        "You administer no school called “”."
    ] * 2
    assert member(there, admin, "owner").name == "Maya"
    assert there.people.find("new@school.org").memberships == (("North", COACH), ("North", TEACHER))
    assert there.people.find("other@school.org") is None
    assert there.people.find("stranger@school.org").name == ""
    now = everything(there)
    again = there.staff.apply(admin, entries)
    assert [step.what for step in again] == [What.SAME] * 4 + [What.WRONG] * 4
    assert everything(there) == now


def test_whoever_operates_the_server_brings_new_schools_too(there):
    steps = there.staff.apply(
        None, [entry(2, "a@west.org", "A", [ADMIN], "West"), entry(3, "b@west.org", school="west")]
    )
    assert [(step.what, step.school) for step in steps] == [(What.ADD, "West"), (What.ADD, "West")]
    assert there.people.find("b@west.org").memberships == (("West", TEACHER),)
    (wrong,) = there.staff.apply(None, [entry(2, "c@west.org")])
    assert wrong.what is What.WRONG


def test_five_thousand_lines(there, admin):
    entries = [entry(n, f"t{n}@school.org", f"Teacher {n}") for n in range(5_000)]
    there.staff.apply(admin, entries)
    assert {step.what for step in there.staff.apply(admin, entries)} == {What.SAME}
    with there.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 5_006


def test_of_a_list_that_comes_twice_at_once_everybody_is_there_once(there, admin):
    entries = [entry(n, f"t{n}@school.org", "T") for n in range(50)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: there.staff.apply(admin, entries if n % 2 else entries[::-1]), range(4)))
    assert len(there.staff.members(admin)) == 55
