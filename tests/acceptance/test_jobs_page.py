"""An administrator's page for jobs, in Chromium, with a real server and a real worker."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Look, opened, press, watched
from fleet import TEACHER, Fleet, cut_lesson, fleet
from playwright.sync_api import Page, expect
from web import Web, served

from coaching.people import Membership
from coaching.recordings import RunState

CAST = {
    "admin@hill.org": (Membership.ADMIN, "Hill"),
    "carl@hill.org": (Membership.COACH, "Hill"),
    "lea@hill.org": (Membership.LEADER, "Hill"),
    "tom@hill.org": (Membership.TEACHER, "Hill"),
    "other@vale.org": (Membership.ADMIN, "Vale"),
}

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def made() -> Iterator[Fleet]:
    with fleet("sqlite") as found:
        for email, what in CAST.items():
            found.stores.people.add(email, *what)
        yield found


@pytest.fixture(scope="module")
def web(made) -> Iterator[Web]:
    with served(made.data, made.url) as found:
        yield found


def row(page: Page, recording: str):
    return page.locator(".st-key-sl-jobs-table > div", has=page.get_by_text(f"lesson {recording[:8]}"))


def test_a_failed_lesson_is_retried_and_a_waiting_one_stopped(made, web, browser, tmp_path):
    worker = made.start()
    film = cut_lesson(tmp_path)
    with made.faults.fails("secret-name"):
        failed = made.bring(film, "secret-name")
        made.ended(failed, state=RunState.FAILED)
    worker.process.send_signal(signal.SIGINT)
    worker.process.wait()
    waiting = made.bring(film, "another")
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, "admin@hill.org", "/jobs")
    expect(row(page, failed)).to_contain_text(re.compile(r"Failed.*ago.*once", re.DOTALL))
    expect(row(page, waiting)).to_contain_text("No worker that runs can do this.")
    expect(page.get_by_text("2 need a hand.")).to_be_visible()
    expect(page.get_by_text("None runs")).to_be_visible()

    row(page, waiting).get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Let it go on").click()
    expect(page.get_by_text("Stop the work on this lesson?")).to_have_count(0)
    row(page, waiting).get_by_role("button", name="Stop").click()
    expect(page.get_by_text("The recording is safe, and what is done stays. Retry goes on from there.")).to_be_visible()
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_text(f"Lesson {waiting[:8]} is stopped.")).to_be_visible()
    expect(row(page, waiting)).to_contain_text("Somebody stopped it.")
    assert made.stores.jobs.one(waiting).run.state is RunState.CANCELLED

    press(row(page, failed), "Retry")
    expect(page.get_by_text(f"Lesson {failed[:8]} waits again, for 9 of 9 stages.")).to_be_visible()
    made.start()
    made.ended(failed)
    expect(row(page, failed)).to_contain_text(re.compile(r"Ready.*twice", re.DOTALL))  # by itself
    expect(page.get_by_text(re.compile(r"Sign of life \d s ago"))).to_be_visible()
    expect(page.get_by_text("Nothing waits, and nothing needs a hand.")).to_be_visible()

    page.get_by_role("radio", name="Stopped 1").click()
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_label("Find a lesson’s number").fill(failed[:10])
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is no job like that.")).to_be_visible()
    page.get_by_role("radio", name="All 1").click()
    expect(row(page, failed)).to_be_visible()
    assert "secret-name" not in page.content()
    assert "secret-name" not in web.log
    context.close()
    assert wrong == []


@pytest.mark.parametrize("email", [email for email in CAST if email not in ("admin@hill.org", "other@vale.org")])
def test_whoever_administers_no_school_finds_nothing_there(made, web, browser, email):
    context = browser.new_context(viewport=DESK)
    page = opened(context, web, email, "/jobs")
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("Stop|Retry"))).to_have_count(0)
    context.close()


def test_an_administrator_of_another_school_sees_none_of_it(made, web, browser):
    context = browser.new_context(viewport=DESK)
    page = opened(context, web, "other@vale.org", "/jobs")
    expect(page.get_by_text("There is no job like that.")).to_be_visible()
    expect(page.get_by_role("article")).to_have_count(0)
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_page_fits_and_can_be_used_by_everybody(made, web, browser, tmp_path, size):
    if not made.stores.jobs.all():
        made.bring(cut_lesson(tmp_path))
    context = browser.new_context(viewport=size)
    page = opened(context, web, "admin@hill.org", "/jobs")
    expect(page.get_by_role("article").first).to_be_visible()
    look = Look(page)
    look.at("jobs", ".stMain")
    context.close()
    look.good()


def test_an_admin_opens_a_lesson_with_a_reason_that_its_teacher_reads(made, web, browser, tmp_path):
    recording = made.bring(cut_lesson(tmp_path), "secret-name")
    worker = made.start()
    made.ended(recording, state=RunState.READY)
    worker.process.send_signal(signal.SIGINT)
    worker.process.wait()
    context = browser.new_context(viewport=DESK)
    wrong = watched(context, web.url)
    page = opened(context, web, "admin@hill.org", "/jobs")
    page.get_by_role("textbox", name="Find a lesson’s number").fill(recording[:8])
    page.get_by_role("textbox", name="Find a lesson’s number").press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)  # until then its row may stand there twice
    press(row(page, recording), "Open …")
    expect(page.get_by_text("is told that you did, and reads your reason")).to_be_visible()
    reason = page.get_by_role("textbox", name="Why must you look inside?")
    reason.fill("because")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why, in a sentence")
    look = Look(page)
    look.at("opening", ".stMain")
    reason.fill("A parent asked what was said <b>here</b>.")
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("is open for you until")).to_be_visible()
    page.get_by_role("link", name=f"Lesson {recording[:8]}").click()
    expect(page.get_by_role("heading", name="secret-name")).to_be_visible()
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 1")  # the film itself
    expect(page.get_by_role("button", name="Sharing…")).to_have_count(0)

    teacher = opened(browser.new_context(viewport=DESK), web, TEACHER, "/notifications")
    expect(teacher.get_by_text("opened your lesson as an administrator, with a reason").first).to_be_visible()
    teacher.goto(f"{web.url}/review?recording={recording}")
    press(teacher, "Sharing…")
    dialog = teacher.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Opened by an administrator")).to_be_visible()
    expect(dialog).to_contain_text("“A parent asked what was said <b>here</b>.”")

    page.goto(f"{web.url}/jobs")
    press(page, "Close it")
    expect(page.get_by_text("is open for you until")).to_have_count(0)
    page.goto(f"{web.url}/review?recording={recording}")
    expect(page.get_by_role("heading", name="secret-name")).to_have_count(0)
    look.good()
    assert wrong == []
