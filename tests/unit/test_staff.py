"""Lists of staff as offices save them, and as they are written."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.access import NotThere, may_administer, require_admin
from coaching.errors import BadInput
from coaching.exports.staff import staff_csv
from coaching.people import Membership
from coaching.readers.staff import MOST_LINES, staff
from coaching.services.staff import counts, plan
from coaching.staff import Entry, Member, School, What

COACH, LEADER, TEACHER = Membership.COACH, Membership.LEADER, Membership.TEACHER
NORTH, SOUTH = School("n", "North"), School("s", "South")
PLAIN = "email,name,role,school\nmaya@school.org,Maya Okafor,teacher,North\n"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.replace(",", ";").replace("\n", "\r\n").encode("utf-8-sig"),  # Excel where a comma is in numbers
        PLAIN.replace(",", "\t").encode(),  # cells that were copied
        b"School,Role,E-Mail,Full name,Room\nNorth,Teacher,MAYA@school.org , Maya  Okafor,7\n\n,,,,\n",
    ],
)
def test_a_list_in_any_dress(data):
    assert staff(data, "staff.csv") == [Entry(2, "maya@school.org", "Maya Okafor", frozenset({TEACHER}), "North")]


@pytest.mark.parametrize(
    ("written", "roles"),
    [
        ("Teacher", {TEACHER}),
        ("teacher, coach", {TEACHER, COACH}),
        ("coach/principal", {COACH, LEADER}),
        ("ADMINISTRATOR", {Membership.ADMIN}),
    ],
)
def test_roles_as_people_write_them(written, roles):
    (entry,) = staff(f'email,role\na@b.org,"{written}"\n'.encode(), "x")
    assert entry.roles == roles


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nobody,Maya,teacher,North", "is not an e-mail address"),
        (",Maya,teacher,North", "is not an e-mail address"),
        ("maya@school.org,Maya,,North", "No role. Write teacher, coach, leader or admin."),
        ("maya@school.org,Maya,janitor,North", "“janitor” is no role"),
        (f"maya@school.org,{'x' * 201},teacher,North", "up to 200 characters"),
        ("maya@school.org", "No role"),
    ],
)
def test_a_line_that_is_wrong_says_why_and_harms_no_other(line, said):
    first, second = staff(f"{PLAIN}{line}\n".encode(), "staff.csv")
    assert (first.wrong, second.row, said in second.wrong) == ("", 3, True), second.wrong


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"email,name\na@b.org,A\n", "must name the columns"),
        (b"email,name,role,school\n", "no line below"),
        ("email,role\nm\xfcller@school.org,teacher\n".encode("latin-1"), "UTF-8"),
        (b'email,role\n"a@b.org,teacher\n', "quotation marks"),
        (b"PK\x03\x04\x00\x00", "NUL"),  # a workbook, not a list
        (b"email,role\n" + b"a@b.org,teacher\n" * (MOST_LINES + 1), "more than 5,000 lines"),
    ],
)
def test_what_is_no_list_is_one_sentence(data, said):
    with pytest.raises(BadInput, match=said):
        staff(data, "staff.csv")


def test_the_longest_list_is_read():
    assert len(staff(b"email,role\n" + b"a@b.org,teacher\n" * MOST_LINES, "x")) == MOST_LINES


def member(email, name="", left=False, whole=True, **roles):
    return Member(email, email, name, {s: frozenset(r) for s, r in roles.items()}, left, True, False, whole)


def test_what_each_line_would_do():
    there = [
        member("maya@school.org", "Maya", n={TEACHER}),
        member("gone@school.org", "Gone", left=True, n={TEACHER}),
        member("both@school.org", "Both", whole=False, n={TEACHER}),
    ]
    lines = (
        ("maya@school.org", "Maya", {TEACHER}, "North", What.SAME, "Is teacher at North already."),
        ("maya@school.org", "", {TEACHER}, "North", What.SAME, "Is teacher at North already."),
        ("maya@school.org", "Maya O", {COACH}, "NORTH", What.CHANGE, "Also coach at North. The name becomes Maya O."),
        ("maya@school.org", "Maya O", {COACH}, "North", What.SAME, "Is coach at North already."),
        ("maya@school.org", "Maya O", {LEADER}, "South", What.CHANGE, "Now leader at South."),
        ("new@school.org", "New", {TEACHER, COACH}, "South", What.ADD, "New: teacher and coach at South."),
        ("new@school.org", "New", {TEACHER}, "South", What.SAME, "Is teacher at South already."),
        ("gone@school.org", "Gone", {COACH}, "North", What.SAME, "Was let go, and stays so."),
        ("both@school.org", "Other", {TEACHER}, "North", What.SAME, "Is teacher at North already."),
        ("x@school.org", "", {TEACHER}, "", What.WRONG, "No school. Write its name."),
        ("x@school.org", "", {TEACHER}, "East", What.WRONG, "You administer no school called “East”."),
    )
    entries = [Entry(n, email, name, frozenset(roles), at) for n, (email, name, roles, at, *_) in enumerate(lines)]
    steps = plan(entries, there, [NORTH, SOUTH], operator=False)
    assert [(step.what, step.why) for step in steps] == [line[4:] for line in lines]
    assert counts(steps) == {What.ADD: 1, What.CHANGE: 2, What.SAME: 6, What.WRONG: 2}


def test_the_only_school_need_not_be_named():
    (step,) = plan([Entry(2, "a@b.org", "", frozenset({TEACHER}))], [], [NORTH], operator=False)
    assert step.school == "North"


cells = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)


@given(st.lists(st.tuples(cells, st.sampled_from(["", "=", "+", "-", "@", "'", "'="])), max_size=5))
def test_what_is_written_is_read_again_and_nothing_is_a_formula(names):
    there = [member(f"p{n}@b.org", mark + name, n={TEACHER, COACH}) for n, (name, mark) in enumerate(names)]
    written = staff_csv(there, [NORTH, SOUTH])
    for row in csv.reader(io.StringIO(written)):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    if there:
        steps = plan(staff(written.encode(), "x"), there, [NORTH, SOUTH], operator=False)
        assert {step.what for step in steps} == {What.SAME}, [step.why for step in steps]


def test_whoever_was_let_go_is_not_written():
    assert "gone" not in staff_csv([member("gone@b.org", left=True, n={TEACHER})], [NORTH])


def test_only_an_admin_of_a_school_may_administer_it():
    for role in Membership:
        assert may_administer({role}).allowed == (role is Membership.ADMIN)
    with pytest.raises(NotThere):
        require_admin({TEACHER, COACH, LEADER})
    require_admin({Membership.ADMIN, TEACHER})
