"""Where coaching stands: as its leader sees it, and the same as a teacher and a coach see it about themselves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from browsing import DESK, PHONE, Look, opened, settled, until, watched
from databases import fresh_database
from playwright.sync_api import expect
from stores import School, school
from web import Web, served

from coaching.coached import NewCycle
from coaching.cycles import Kind, Stage, Step
from coaching.school_measures import Pooled
from models.tables import CycleRow

pytestmark = pytest.mark.xdist_group("web")

SECRET = "Whisperwood"
OWNER, COACH = "owner@school.org", "coach@school.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[School, Web]]:
    url = fresh_database("sqlite")
    cast = school(url)
    cast.people.call(COACH, "Daniel <Reyes>")
    (north,) = cast.cycles.schools(cast.cast["coach"])
    cast.cycles.coach_so(cast.cast["coach"], replace(north, names={Stage.RECORD: "Film <it>"}))
    cycle = cast.cycles.begin(cast.owner, NewCycle(Kind.OBSERVE, SECRET, COACH))
    cast.cycles.set_goal(cast.owner, cycle, SECRET, [SECRET], None)
    cast.cycles.move(cast.owner, cycle, Step.ON)
    cast.cycles.plan(cast.owner, cycle, datetime(2031, 11, 26, 14, tzinfo=UTC), 30)
    cast.cycles.begin(cast.cast["colleague"], NewCycle(Kind.ALONE, SECRET))
    late = cast.cycles.begin(cast.cast["colleague"], NewCycle(Kind.OBSERVE, SECRET, COACH))
    with cast.database.write() as session:
        session.get(CycleRow, late).due = "2026-01-07"
    told = (Pooled("student_talk", 24, 18, 30), Pooled("open_share", 41, 33, 49), Pooled("wait_time_1", 1.4, 0.9, 1.9))
    cast.leadership.decide(date(2026, 10, 1), {north.id: (7, told)})
    with served(tmp_path_factory.mktemp("data"), url) as web:
        yield cast, web


def test_a_leader_sees_where_each_cycle_stands_and_nothing_of_a_lesson(browser, there):
    _, web = there
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, "leader@school.org")
    page.get_by_role("link", name="Leadership").click()
    expect(page.get_by_role("heading", name="Where coaching stands")).to_be_visible()
    first, second = (page.locator(".sl-board").first.locator("tbody tr").nth(n) for n in range(2))
    expect(first).to_contain_text("Overdue")
    expect(second).to_contain_text("Film <it>")
    expect(second).to_contain_text("With Daniel <Reyes>")
    expect(second).to_contain_text("They meet 26 Nov")
    expect(page.locator(".sl-loads")).to_contain_text("2 open cycles, 0 waiting for their notes")
    measures = page.locator(".sl-board").nth(1)
    expect(measures.locator("tbody tr")).to_have_text(
        re.compile(r"October 2026\s*7 teachers\s*24%\s*18 to 30%\s*41%\s*33 to 49%\s*1\.4 s\s*0\.9 to 1\.9 s")
    )
    assert SECRET not in page.locator(".stMain").inner_text()
    look = Look(page)
    look.at("leadership", ".stMain")
    with page.expect_download() as download:
        page.get_by_role("link", name="This page as a table (CSV)").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["teacher"], row["stage"], row["status"][:7]) for row in rows] == [
        ("colleague@school.org", "Goal", "Overdue"),
        (OWNER, "Film <it>", "They me"),
    ]
    assert SECRET not in text
    page.set_viewport_size(PHONE)
    look.at("leadership-phone", ".stMain")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    look.good()
    assert wrong == []


@pytest.mark.parametrize(("who", "seen"), [(OWNER, "Film <it>"), (COACH, "2 open cycles")])
def test_who_it_is_about_sees_the_same_about_themselves(browser, there, who, seen):
    _, web = there
    page = opened(browser.new_context(viewport=PHONE), web, who, "/leadership")
    expect(page.get_by_role("heading", name="What leaders see about you")).to_be_visible()
    expect(page.locator(".stMain")).to_contain_text(seen)
    expect(page.locator(".stMain")).not_to_contain_text("colleague@school.org")
    expect(page.get_by_role("link", name="This page as a table (CSV)")).to_have_count(0)
    expect(page.get_by_text("October 2026")).to_be_visible()


def test_a_teacher_lets_their_lessons_count_and_stops(browser, there):
    cast, web = there
    page = opened(browser.new_context(viewport=PHONE), web, OWNER, "/leadership")
    switch = page.get_by_role("switch", name="Let my lessons count in the school’s measures")
    for yes in (True, False):
        expect(switch).to_be_checked(checked=not yes)
        settled(page)
        page.get_by_text("Let my lessons count in the school’s measures").click()
        until(page, lambda yes=yes: cast.leadership.boards(cast.owner)[0].counts is yes)
        page.reload()
        expect(switch).to_be_checked(checked=yes)
    leader = opened(browser.new_context(viewport=DESK), web, "leader@school.org", "/leadership")
    expect(leader.get_by_role("heading", name="Where coaching stands")).to_be_visible()
    expect(leader.get_by_role("switch")).to_have_count(0)
