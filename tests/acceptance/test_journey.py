"""One lesson, all the way, as a teacher brings it on a bad day: from signing in to the receipt of its end.

`secondlook serve --with-worker` as a school starts it, a real database and worker, a part of the sample lesson, and
Chromium at a desk and on a phone.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from browsing import DESK, PHONE, Trace, sign_in, watched
from fleet import TEACHER, Fleet, cut_lesson, fleet
from folders import files
from lines import Line, line
from media_files import padded
from playwright.sync_api import BrowserContext, Page, expect
from web import PASSWORD, Web, served

from coaching.recordings import RunState

MB = 1_000_000
SIZE = 16 * MB
"""Of the file that is brought: a part of the sample lesson, and bytes that players skip, so that there is a middle."""

NAME = "Which is more"
PROGRESS = re.compile(r"Waiting|\d%")
ANALYSED_MS = 900_000
"""Machines are shared, and this is no measurement."""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("web")]


@pytest.fixture
def made() -> Iterator[Fleet]:
    with fleet("sqlite") as found:
        found.stores.accounts.set_password(TEACHER, PASSWORD)
        yield found


@pytest.fixture
def web(made) -> Iterator[Web]:
    with served(made.data, made.url, "--with-worker") as found:
        yield found


@pytest.fixture
def way(web) -> Iterator[Line]:
    with line(int(web.url.rpartition(":")[2])) as found:
        found.crawls_from = 6 * MB
        yield found


@pytest.fixture(params=["desk", "phone"])
def size(request) -> str:
    return str(request.param)


@pytest.fixture
def context(browser, way, size) -> Iterator[BrowserContext]:
    """At the end nothing may have gone wrong in it, but that the network was away."""
    device = {"viewport": DESK} if size == "desk" else {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    found = browser.new_context(**device)
    wrong = watched(found, way.url)
    yield found
    found.close()
    assert [w for w in wrong if not w.startswith("Failed to load resource: net::ERR_")] == []


@pytest.fixture
def lesson(tmp_path) -> Path:
    file = Path(tmp_path / f"{NAME}.mp4")
    file.write_bytes(padded(cut_lesson(tmp_path).read_bytes(), SIZE))
    return file


def sending(page: Page, from_percent: int) -> None:
    """It is on its way, and hardly gets any further: the line crawls."""
    expect(page.get_by_role("heading", name="Sending your lesson")).to_be_visible()
    percents = "|".join(map(str, range(from_percent, 100)))
    expect(page.locator("#ring")).to_have_attribute("aria-valuenow", re.compile(f"^({percents})$"))


def kill(made: Fleet, web: Web) -> None:
    """Everything of the server at once, as when the power goes: nobody is told, nothing is put in order."""
    parent = psutil.Process(web.process.pid)
    parent.suspend()  # so that it starts nothing meanwhile
    for process in [*parent.children(recursive=True), parent]:
        process.kill()
    web.process.wait()
    made.wait(lambda: not made.processes(), "the end of every process")


def test_a_lesson_from_signing_in_to_its_receipt(made, web, way, context, lesson, size):
    page = context.new_page()
    sign_in(page, way.url, TEACHER)
    expect(page.get_by_role("heading", name="Your lessons", exact=True)).to_be_visible()
    page.get_by_role("link", name="Choose a file" if size == "desk" else "Record or upload a lesson").click()

    # The upload, and all that comes between.
    expect(page.get_by_role("heading", name="New lesson")).to_be_visible()
    page.get_by_label("Name of the class").fill("Grade 5, Period 2")
    page.get_by_label("Lesson (optional)").fill(NAME)
    page.get_by_role("checkbox", name="Grade 5, Period 2").check()
    first = Trace(page)
    page.locator("#choose-file").set_input_files(str(lesson))
    sending(page, 30)
    kill(made, web)
    expect(page.get_by_role("heading", name=re.compile(r"Paused at \d+%"))).to_be_visible()
    way.crawls_from = way.up + 3 * MB
    web.start()
    sending(page, 45)
    context.set_offline(True)
    expect(page.get_by_role("button", name="Carry on now")).to_be_visible()
    way.crawls_from = way.up + 3 * MB
    context.set_offline(False)
    sending(page, 60)
    page.on("dialog", lambda dialog: dialog.accept())
    page.close(run_before_unload=True)
    page.wait_for_event("close") if not page.is_closed() else None

    page = context.new_page()
    page.goto(f"{way.url}/upload")
    card = page.get_by_role("article")
    expect(card).to_contain_text(re.compile(rf"Carry on with “{NAME}”.*safe on the server", re.DOTALL))
    second, way.crawls_from, up = Trace(page), None, way.up
    with page.expect_file_chooser() as chooser:
        card.get_by_role("button", name="Choose the same video").click()
    chooser.value.set_files(str(lesson))
    expect(page.get_by_role("heading", name="It’s there")).to_be_visible()

    # What had come was not sent again: each time it went on where the server said, and further on than before.
    went_on, told = [*first.brought, *second.brought], [*first.told, *second.told]
    assert (went_on[0], went_on.count(0)) == (0, 1)
    assert (went_on, told) == (sorted(went_on), sorted(told))
    assert 0 < told[0] < first.told[-1] < second.told[0]  # the server, the network, the tab
    assert set(told) <= set(went_on)
    assert second.brought[0] == second.told[0] > 6 * MB
    assert way.up - up < SIZE - second.told[0] + MB
    (facts,) = made.stores.lessons.mine(made.owner)
    (kept,) = facts.files
    here = hashlib.sha256((made.data / kept.path).read_bytes()).hexdigest()
    assert here == kept.sha256 == hashlib.sha256(lesson.read_bytes()).hexdigest()

    # The library follows what becomes of it.
    page.get_by_role("link", name="Go to my lessons").click()
    card = page.get_by_role("article").filter(has=page.get_by_role("heading", name=NAME, exact=True))
    expect(card).to_contain_text(PROGRESS)
    expect(card.locator(".sl-ribbon")).to_be_visible(timeout=ANALYSED_MS)  # by itself
    ribbon = "() => document.querySelector('.sl-ribbon')?.naturalWidth"
    page.wait_for_function(ribbon)
    expect(page.get_by_role("radio", name="Ready 1")).to_be_visible()
    assert made.stores.jobs.one(facts.id).run.state is RunState.READY
    made.ended(facts.id)
    card.get_by_role("link", name=f"Look again at {NAME}").click()
    expect(page).to_have_url(f"{way.url}/review?recording={facts.id}")
    page.wait_for_function("() => document.querySelector('video')?.readyState >= 2")

    # And it is gone, when its owner says so.
    page.goto(way.url)
    found = files(made.data / "recordings" / facts.id)
    page.get_by_role("button", name=f"More for {NAME}", exact=True).click()
    page.get_by_role("menuitem", name="Delete…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Delete this lesson").click()
    expect(dialog).to_contain_text(f"Deleted. {len(found)} files")
    with page.expect_download() as saved:
        dialog.get_by_role("link", name=f"Save the receipt for {NAME}").click()
    assert NAME in Path(saved.value.path()).read_text()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(page.get_by_role("article")).to_have_count(0)
    ids = (facts.id, facts.run.id)  # the upload had the recording's
    lie = [f"{here}/{name}" for here, folders, names in os.walk(made.data) for name in (*folders, *names)]
    assert not [path for path in lie if any(id in path for id in ids)]
    assert max(p.stat().st_size for p in files(made.data) if not p.is_symlink()) < SIZE
    assert made.stores.lessons.mine(made.owner) == []
    for secret in (NAME, TEACHER, PASSWORD):
        assert secret not in web.log
