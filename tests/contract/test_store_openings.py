"""An administrator's way into a lesson: with a reason, for an hour, told to its owner."""

from __future__ import annotations

import pytest
from stores import School

from coaching.access import Grant, NotThere
from coaching.comments import Audience, NewComment
from coaching.handouts import Made, Order
from coaching.library import Filter
from coaching.notifications import Kind
from coaching.openings import LASTS_S, LONGEST_REASON, NoReason
from coaching.people import Membership
from models.tables import OpeningRow

WHY = "A parent asked what was said about their child."


@pytest.fixture
def lesson(there: School) -> tuple[str, str]:
    return there.ready()


def refused(ask) -> None:
    with pytest.raises(NotThere):
        ask()


def test_what_an_admin_opened_they_see_for_an_hour_and_may_nothing_else_with(there, lesson):
    recording, run = lesson
    admin, lessons = there.cast["admin"], there.lessons
    lessons.comment(there.owner, recording, NewComment(1.0, "For all who see it."))
    lessons.comment(there.owner, recording, NewComment(2.0, "Mine.", audience=Audience.AUTHOR))
    refused(lambda: lessons.recording(admin, recording))
    made = there.openings.open(admin, recording, f"  {WHY}\n ")
    assert (made.reason, made.who.id, (made.ends - made.opened).total_seconds()) == (WHY, admin, LASTS_S)
    assert lessons.recording(admin, recording).id == recording
    assert lessons.transcript(admin, run) == lessons.transcript(there.owner, run)
    assert [one.body for one in lessons.comments(admin, recording)] == ["For all who see it."]
    lessons.watch(admin, recording, 3.0, [])
    assert [view.person for view in lessons.views(there.owner, recording)] == [admin]
    for ask in (
        lambda: lessons.machine(admin, run),
        lambda: lessons.comment(admin, recording, NewComment(1.0, "Hm.")),
        lambda: there.handouts.ask(admin, recording, Order(Made.REPORT)),
        lambda: lessons.grant(admin, recording, "coach@school.org", [Grant.SEE]),
        lambda: lessons.rename(admin, recording, "Mine"),
        lambda: lessons.delete(admin, recording, 0, 0),
        lambda: there.openings.of(admin, recording),
    ):
        refused(ask)
    assert not lessons.library(admin, Filter(), 24).lessons, "it stands in no list of theirs"
    assert [one.recording for one in there.openings.mine(admin)] == [recording]
    there.later(OpeningRow, LASTS_S, "opened", "ends")
    refused(lambda: lessons.recording(admin, recording))
    refused(lambda: lessons.transcript(admin, run))
    assert there.openings.mine(admin) == []


def test_its_owner_is_told_and_reads_the_reason_for_ever(there, lesson):
    recording, admin = lesson[0], there.cast["admin"]
    there.openings.open(admin, recording, WHY)
    (notice,) = [one for one in there.notifications.mine(there.owner) if one.kind is Kind.OPENED]
    assert WHY not in repr(notice)
    there.openings.close(admin, recording)
    refused(lambda: there.lessons.recording(admin, recording))
    refused(lambda: there.openings.close(admin, recording))
    (one,) = there.openings.of(there.owner, recording)
    assert (one.who.id, one.reason) == (admin, WHY)
    there.openings.open(admin, recording, f"{WHY} Again.")
    assert [one.reason for one in there.openings.of(there.owner, recording)] == [f"{WHY} Again.", WHY]


@pytest.mark.parametrize("reason", ["", "   ", "because", "x" * (LONGEST_REASON + 1)])
def test_without_a_reason_it_stays_closed(there, lesson, reason):
    with pytest.raises(NoReason):
        there.openings.open(there.cast["admin"], lesson[0], reason)
    refused(lambda: there.lessons.recording(there.cast["admin"], lesson[0]))
    assert there.openings.of(there.owner, lesson[0]) == []


def test_nobody_else_can_and_it_sleeps_while_they_are_no_admin_there(there, lesson):
    recording, admin = lesson[0], there.cast["admin"]
    there.people.add("far@school.org", Membership.ADMIN, "South")
    far = there.people.find("far@school.org").id
    for who in (*(there.cast[who] for who in ("colleague", "coach", "leader", "stranger", "owner")), far, "0" * 24, ""):
        refused(lambda who=who: there.openings.open(who, recording, WHY))
    for gone in ("0" * 24, "", "\x00"):
        refused(lambda gone=gone: there.openings.open(admin, gone, WHY))
    there.openings.open(admin, recording, WHY)
    there.people.add("second@school.org", Membership.ADMIN, "North")
    north = there.staff.schools(admin)[0].id
    second = there.people.find("second@school.org").id
    there.staff.change(second, admin, north, [Membership.LEADER])
    refused(lambda: there.lessons.recording(admin, recording))
    there.staff.change(second, admin, north, [Membership.ADMIN])
    assert there.lessons.recording(admin, recording).id == recording
    there.people.leave("admin@school.org")
    refused(lambda: there.lessons.recording(admin, recording))
