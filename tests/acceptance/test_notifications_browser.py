"""Notifications as people see them: the bell, the page behind it, and the end of e-mails. The server is real."""

from __future__ import annotations

import re
from collections.abc import Iterator

import browsing
import pytest
from browsing import DESK, PHONE, Look, broken
from databases import fresh_database
from playwright.sync_api import Page, expect
from sqlalchemy import update
from stores import School, school
from web import Web, served

from coaching.access import Grant
from coaching.comments import NewComment
from coaching.mailing import Mailing
from coaching.notifications import Kind, Preferences, Way
from models.tables import NotificationRow

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH, ADMIN = "owner@school.org", "coach@school.org", "admin@school.org"
MAIL = {"SECONDLOOK_SMTP_HOST": "127.0.0.1", "SECONDLOOK_SMTP_FROM": "look@hill.org"}
MAIL |= {"SECONDLOOK_PUBLIC_URL": "https://coaching.hill.org"}


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[School, str, Web]]:
    """A school whose server sends e-mail, though no worker of it runs; a lesson that a coach may comment on."""
    url = fresh_database("sqlite")
    cast = school(url)
    cast.people.call(COACH, "Daniel <Reyes>")
    recording, _ = cast.ready()
    cast.lessons.grant(cast.owner, recording, COACH, [Grant.COMMENT])
    with served(tmp_path_factory.mktemp("data"), url, **MAIL) as web:
        yield cast, recording, web
    cast.database.close()


def visit(browser, web: Web, email: str, path: str = "/", size=DESK, **options) -> tuple[Page, list[str]]:
    return browsing.visit(browser, web, email, path, size, timezone_id="America/Chicago", **options)


def say(there: tuple[School, str, Web], many: int = 1) -> None:
    cast, recording, _ = there
    for _ in range(many):
        cast.lessons.comment(cast.cast["coach"], recording, NewComment(2.0, "Whisperwood."))


def test_the_bell_says_how_much_is_new_and_the_page_leads_there(browser, there):
    cast, recording, web = there
    cast.notifications.read_all(cast.owner)
    say(there, 4)
    page, wrong = visit(browser, web, OWNER)
    bell = page.get_by_role("link", name="Notifications, 1 new")
    bell.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_title("Notifications · Second Look")
    rows = page.get_by_role("list", name="Notifications").get_by_role("listitem")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("New: Daniel <Reyes> commented 4 times on your lesson")
    expect(rows.first).to_contain_text(re.compile("(Today|Yesterday) at "))
    expect(rows.last).to_contain_text("Your lesson is ready")
    expect(page.locator("body")).not_to_contain_text("Whisperwood")
    expect(page.locator("body")).not_to_contain_text("fractions")
    rows.first.get_by_role("link").click()
    page.wait_for_url(f"{web.url}/review?recording={recording}&t=2")
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()
    say(there)
    page.goto(f"{web.url}/notifications")
    expect(rows).to_have_count(3)
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("button", name="Mark all as read")).to_have_count(0)
    expect(page.get_by_text("New: ")).to_have_count(0)
    assert cast.notifications.unread(cast.owner) == 0
    film = f"/recordings/{recording}/web.mp4"  # the page of the lesson asks for it, and there is none here
    assert [one for one in broken(wrong) if film not in one] == []


def test_everybody_chooses_how_they_are_told_in_their_own_hours(browser, there):
    cast, _, web = there
    page, wrong = visit(browser, web, COACH, "/notifications")
    expect(page.get_by_text("owner@school.org shared a lesson with you")).to_be_visible()
    expect(page.get_by_text("Hours are those of America/Chicago")).to_be_visible()
    page.get_by_role("combobox", name="When somebody answers you").click()
    page.get_by_role("option", name="In one e-mail a day").click()
    page.get_by_role("combobox", name="The e-mail of the day comes at").click()
    page.get_by_role("option", name="6:00", exact=True).click()
    page.get_by_role("combobox", name="To", exact=True).fill("19:00")
    page.get_by_role("option", name="19:00").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Quiet hours must begin and end at different hours.")
    assert cast.notifications.preferences(cast.cast["coach"]).digest == 7
    page.get_by_text("Quiet hours, in which no e-mail comes").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    found = cast.notifications.preferences(cast.cast["coach"])
    assert (found.way(Kind.ANSWERED), found.way(Kind.SHARED)) == (Way.DIGEST, Way.AT_ONCE)
    assert (found.quiet, found.digest, found.zone) == (None, 6, "America/Chicago")
    assert broken(wrong) == []


def test_administrators_see_that_emails_do_not_go_and_why(browser, there):
    cast, _, web = there
    say(there)
    failed = {"mail": Mailing.FAILED, "reason": "The mail server cannot be reached."}
    with cast.database.write() as session:
        session.execute(update(NotificationRow).where(NotificationRow.mail == Mailing.NEW).values(failed))
    page, _ = visit(browser, web, ADMIN, "/jobs")
    expect(page.get_by_role("heading", name="E-mails")).to_be_visible()
    expect(page.locator("body")).to_contain_text("The mail server cannot be reached. None waiting, ")
    owner, _ = visit(browser, web, OWNER, "/jobs")
    expect(owner.get_by_text("There is nothing here for you")).to_be_visible()
    expect(owner.locator("body")).not_to_contain_text("mail server")


@pytest.mark.parametrize("options", [{}, {"size": PHONE}])
def test_the_pages_fit_and_everybody_can_use_them(browser, there, options):
    cast, _, web = there
    cast.notifications.prefer(cast.owner, Preferences(quiet=None))
    say(there)
    page, wrong = visit(browser, web, OWNER, "/notifications", **options)
    look = Look(page)
    expect(page.get_by_role("link", name="Notifications, 1 new")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    look.at("notifications", ".stMain")
    cast.mails.plan()
    mail = cast.mails.claim()
    page.goto(f"{web.url}/unsubscribe?link={mail.leave}")
    look.at("asked")
    page.get_by_role("button", name="Get no more of these").click()
    expect(page.get_by_role("status")).to_contain_text("You get no more e-mail when somebody comments on your lesson.")
    look.at("done")
    assert cast.notifications.preferences(cast.owner).way(Kind.COMMENTED) is Way.APP
    assert broken(wrong) == []
    page.goto(f"{web.url}/notifications/{'0' * 24}")
    expect(page.get_by_text("What it told of was taken back or deleted since.")).to_be_visible()
    look.at("gone")
    look.good()


def test_a_server_that_sends_no_email_says_so(browser, there, tmp_path):
    cast, _, _ = there
    with served(tmp_path / "data", cast.url) as web:
        page, wrong = visit(browser, web, "colleague@school.org", "/notifications")
        expect(page.get_by_text("Nothing yet")).to_be_visible()
        expect(page.get_by_text("This server sends no e-mail yet")).to_be_visible()
        assert broken(wrong) == []
