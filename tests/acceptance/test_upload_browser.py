"""Bringing a lesson as people do it: a phone or a desk, a real server, a line that a test can slow down and cut."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from browsing import Look, Trace, settled
from fleet import TEACHER, Fleet, fleet
from lines import Line, line
from media_files import film, padded
from playwright.sync_api import BrowserContext, Locator, Page, expect
from web import PASSWORD, Web, served

from coaching.accounts import fingerprint
from coaching.announced import new_upload
from coaching.uploads import Upload
from ui.shelf import Shelf

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1440, "height": 900}}
SIZES = {"phone": PHONE, "desk": DESK}
MB = 1_000_000
LARGEST = 30 * MB
CLASS = "Grade 5, Period 2"
PUBLIC = "http://second-look.test"

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def made() -> Iterator[Fleet]:
    with fleet("sqlite") as found:
        found.stores.accounts.set_password(TEACHER, PASSWORD)
        yield found


@pytest.fixture(scope="module")
def web(made) -> Iterator[Web]:
    settings = {"SECONDLOOK_UPLOAD_LARGEST_GB": str(LARGEST / 1e9), "SECONDLOOK_PUBLIC_URL": PUBLIC}
    with served(made.data, made.url, **settings) as found:
        yield found


@pytest.fixture
def way(web) -> Iterator[Line]:
    with line(int(web.url.rpartition(":")[2])) as found:
        found.crawls_from = 5 * MB
        yield found


@pytest.fixture
def contexts(browser, way, made) -> Iterator[Any]:
    """Makes browsers of somebody's. At the end nothing may have gone wrong in them."""
    wrong: list[str] = []
    opened: list[BrowserContext] = []

    def make(size: dict[str, Any], session: str = "", **options: Any) -> BrowserContext:
        context = browser.new_context(**size, **options)
        if session:
            context.add_cookies([{"name": "secondlook_session", "value": session, "url": way.url}])
        context.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("request", lambda r: None if r.url.startswith((way.url, "data:", "blob:")) else wrong.append(r.url))
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()
    owner = made.stores.people.find(TEACHER)
    for left in made.stores.uploads.mine(owner.id):
        made.stores.uploads.remove(owner.id, left.id)
        shutil.rmtree(made.data / "uploads" / left.id, ignore_errors=True)
    assert [w for w in wrong if not w.startswith("Failed to load resource")] == []  # lines that break are the test


@pytest.fixture
def session(web) -> str:
    return web.sign_in(TEACHER).cookie


@pytest.fixture(scope="module")
def short_film(tmp_path_factory) -> bytes:
    return film(tmp_path_factory.mktemp("film") / "film.mp4").read_bytes()


_seeds = iter(range(1_000_000))


@pytest.fixture
def lesson(short_film, tmp_path):
    """Makes a film of so many bytes that no other test has."""

    def make(name: str = "Fractions on a number line.mp4", size: int = 12 * MB) -> Path:
        path = tmp_path / name
        path.write_bytes(padded(short_film, size, next(_seeds)))
        return path

    return make


def opened(context: BrowserContext, way: Line) -> Page:
    page = context.new_page()
    page.on("filechooser", lambda _: None)  # asked for here, not in the moment of a key, which may come first
    page.goto(f"{way.url}/upload")
    expect(page.get_by_role("heading", name="New lesson")).to_be_visible()
    return page


def announced(made: Fleet, name: str, *sizes: int) -> Upload:
    """A lesson of which nothing has come yet."""
    said = {"name": name, "class": CLASS, "taught": "2025-11-03", "consent": True, "sizes": list(sizes)}
    return made.stores.uploads.begin(new_upload(made.stores.people.find(TEACHER).id, said, date.today()))


def agree(page: Page) -> None:
    """What has to be said of a lesson, as far as it is not known yet."""
    name = page.get_by_label("Name of the class")
    if name.is_visible():
        name.fill(CLASS)
    page.get_by_role("checkbox", name=CLASS).check()


def choose(page: Page, *files: Path) -> None:
    page.locator("#choose-file").set_input_files([str(file) for file in files])


def choose_again(where: Locator, file: Path) -> None:
    """The file of a lesson that had begun, by the button that stands there for it."""
    with where.page.expect_file_chooser() as chooser:
        where.get_by_role("button", name="Choose the same video").click()
    chooser.value.set_files(str(file))


def sending(page: Page) -> None:
    """It is on its way, and stays where it is: the line crawls."""
    expect(page.get_by_role("heading", name="Sending your lesson")).to_be_visible()
    expect(page.locator("#ring")).to_have_attribute("aria-valuenow", re.compile(r"^([3-9]\d)$"))


def there(page: Page) -> None:
    expect(page.get_by_role("heading", name="It’s there")).to_be_visible()
    expect(page.get_by_text("You can close this page now.")).to_be_visible()


def brought(made: Fleet) -> list[Any]:
    """The teacher's recordings, the newest first."""
    owner = made.stores.people.find(TEACHER)
    assert owner is not None
    return made.stores.lessons.mine(owner.id)


def same(made: Fleet, *files: Path) -> None:
    """The newest recording is made of these files, byte by byte, in this order."""
    facts = brought(made)[0]
    assert [f.name for f in facts.files] == [file.name for file in files]
    for kept, file in zip(facts.files, files, strict=True):
        assert _hash(made.data / kept.path) == kept.sha256 == _hash(file)


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def here(made: Fleet) -> int:
    """Bytes of the upload that is on its way, on the server's disk."""
    return sum(part.stat().st_size for part in (made.data / "uploads").glob("*/*") if part.suffix != ".lock")


def test_a_phone_brings_a_lesson_through_a_killed_server_and_a_lost_network(made, web, way, contexts, session, lesson):
    context = contexts(PHONE, session)
    page, file = opened(context, way), lesson()
    expect(page.get_by_role("button", name="Record now")).to_be_disabled()
    expect(page.get_by_role("button", name="Choose a video")).to_be_disabled()
    page.get_by_label("Name of the class").fill("Grade 5, Period 2")
    page.get_by_role("checkbox", name="Grade 5, Period 2 Every family in this class period has agreed").check()
    expect(page.get_by_role("button", name="Record now")).to_be_enabled()
    trace = Trace(page)
    choose(page, file)
    sending(page)
    expect(page.get_by_role("heading", name="Sending your lesson")).to_be_focused()
    expect(page.get_by_text("Consent confirmed for Grade 5, Period 2")).to_be_visible()
    expect(page.locator("#sending").get_by_text("Keep this page open.")).to_be_visible()

    web.stop(signal.SIGKILL)
    expect(page.get_by_role("heading", name=re.compile(r"Paused at \d+%"))).to_be_focused()
    expect(page.get_by_text("The connection dropped. Nothing is lost.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"of 12 MB are safe on the server"))).to_be_visible()
    expect(page.get_by_text(re.compile("Trying again"))).to_be_visible()
    way.crawls_from = way.up + 2 * MB
    with page.expect_response(lambda answer: answer.request.method == "HEAD" and answer.ok):  # asks where to go on
        web.start()
    sending(page)

    context.set_offline(True)
    expect(page.get_by_role("button", name="Carry on now")).to_be_visible()
    way.crawls_from = None
    context.set_offline(False)  # and it goes on at once
    there(page)
    same(made, file)
    assert trace.told[0] > 0
    assert trace.brought.count(0) == 1
    assert trace.told[-1] in trace.brought
    assert trace.told == sorted(trace.told)
    page.get_by_role("link", name="Go to my lessons").click()
    expect(page.get_by_role("article").filter(has_text="Fractions on a number line")).to_be_visible()


def test_a_tab_that_was_closed_goes_on_in_another(made, way, contexts, session, lesson):
    context, file = contexts(DESK, session), lesson()
    page = opened(context, way)
    agree(page)
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    choose(page, file)
    sending(page)
    page.close(run_before_unload=True)
    page.wait_for_event("close") if not page.is_closed() else None
    assert asked == ["beforeunload"]
    way.crawls_from = None

    other = opened(contexts(PHONE, session), way)  # another device
    card = other.get_by_role("article")
    expect(card).to_contain_text("Carry on with “Fractions on a number line”")
    expect(card).to_contain_text("are safe on the server")
    trace = Trace(other)
    choose_again(card, file)
    there(other)
    assert trace.went_on
    same(made, file)


def test_pausing_stops_it_and_carrying_on_goes_on(made, way, contexts, session, lesson):
    page, file = opened(contexts(PHONE, session), way), lesson()
    agree(page)
    page.evaluate(
        """() => { const ask = navigator.wakeLock.request.bind(navigator.wakeLock); document.locks = [];
          navigator.wakeLock.request = async (kind) => { document.locks.push(kind); return ask(kind) } }"""
    )
    choose(page, file)
    sending(page)
    assert page.evaluate("document.locks") == ["screen"]
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name=re.compile(r"Paused at \d+%"))).to_be_focused()
    way.crawls_from = None
    page.wait_for_timeout(2000)  # what was on the line has come
    stood, sent = here(made), way.up
    page.wait_for_timeout(1500)
    assert (here(made), way.up) == (stood, sent)
    trace = Trace(page)
    page.get_by_role("button", name="Carry on").click()
    there(page)
    assert trace.went_on
    same(made, file)


@pytest.mark.parametrize("size", [12 * MB, 11 * MB])
def test_a_video_packed_anew_starts_cleanly(made, way, contexts, session, lesson, size):
    page = opened(contexts(PHONE, session), way)
    page.on("dialog", lambda dialog: dialog.accept())
    agree(page)
    choose(page, lesson())
    sending(page)
    page.reload()
    again = lesson(size=size)
    card = page.get_by_role("article")
    choose_again(card, again)
    question = page.get_by_role("dialog", name="This is another version of the video")
    expect(question).to_contain_text("Phones often pack a video anew when it is chosen again")
    trace, way.crawls_from = Trace(page), way.up + 4 * MB
    question.get_by_role("button", name="Send this one").click()
    expect(page.get_by_text("So it starts from the beginning; nothing of the two is mixed.")).to_be_visible()
    way.crawls_from = None
    there(page)
    assert trace.brought[0] == 0
    same(made, again)
    assert brought(made)[0].name == "Fractions on a number line"


def test_parts_of_one_lesson_are_joined_in_the_order_that_was_said(made, way, contexts, session, lesson):
    page, way.crawls_from = opened(contexts(DESK, session), way), None
    agree(page)
    page.get_by_label("Lesson (optional)").fill("Two halves")
    first, second = lesson("after.mp4", 5 * MB), lesson("before.mp4", 6 * MB)
    choose(page, first, second)
    expect(page.get_by_role("heading", name="2 videos")).to_be_focused()
    rows = page.get_by_role("listitem")
    expect(rows).to_have_text([re.compile(r"1\s*after\.mp4"), re.compile(r"2\s*before\.mp4")])
    page.get_by_role("button", name="Earlier: before.mp4").press("Enter")
    expect(rows).to_have_text([re.compile(r"1\s*before\.mp4"), re.compile(r"2\s*after\.mp4")])
    expect(page.get_by_role("button", name="Later: before.mp4")).to_be_focused()
    page.get_by_role("button", name="Send one lesson").click()
    there(page)
    same(made, second, first)
    assert brought(made)[0].name == "Two halves"


def test_several_lessons_at_once_go_each_by_itself(made, way, contexts, session, lesson):
    page = opened(contexts(PHONE, session), way)
    agree(page)
    files = [lesson(f"Lesson {n}.mp4", 6 * MB) for n in (1, 2, 3)]
    before = len(brought(made))
    choose(page, *files)
    page.get_by_role("radio", name="Several lessons").check()
    page.get_by_label("Name of the lesson in Lesson 2.mp4").fill("Cells")
    page.get_by_role("button", name="Send 3 lessons").click()
    expect(page.get_by_role("heading", name="Sending 3 lessons")).to_be_focused()
    rows = page.get_by_role("listitem")
    expect(rows.nth(2)).to_contain_text("Its turn comes")
    pause = page.get_by_role("button", name="Pause: Lesson 1")
    pause.click()
    expect(page.get_by_role("button", name="Carry on: Lesson 1")).to_be_visible()
    way.crawls_from = None
    expect(rows.nth(1)).to_contain_text("It’s there")
    expect(rows.nth(2)).to_contain_text("It’s there")
    expect(page.get_by_text("2 lessons are there, the others are on their way.").first).to_be_visible()
    page.get_by_role("button", name="Carry on: Lesson 1").click()
    expect(page.get_by_role("heading", name="All 3 are there")).to_be_visible()
    expect(page.get_by_text("You can close this page now.")).to_be_visible()
    newest = brought(made)[: len(files)]
    assert len(brought(made)) == before + 3
    assert {f.name for f in newest} == {"Lesson 1", "Cells", "Lesson 3"}
    assert {f.files[0].sha256 for f in newest} == set(map(_hash, files))


def test_of_several_the_one_that_the_browser_let_go_of_is_chosen_again_and_the_others_go_on(
    made, way, contexts, session, lesson
):
    page = opened(contexts(PHONE, session), way)
    agree(page)
    files = [lesson(f"Talk {n}.mp4", 6 * MB) for n in (1, 2, 3)]
    choose(page, *files)
    page.get_by_role("radio", name="Several lessons").check()
    page.get_by_role("button", name="Send 3 lessons").click()
    page.get_by_role("button", name="Pause: Talk 1").click()
    first = page.get_by_role("listitem").filter(has_text="Talk 1")
    expect(first).to_contain_text("Paused")
    os.utime(files[0], (1, 1))  # it is not the file any more that the browser was given
    first.get_by_role("button", name="Carry on: Talk 1").click()
    expect(first).to_contain_text("The video was closed")
    expect(page.get_by_role("heading", name="Sending 3 lessons")).to_be_visible()
    choose_again(first, files[0])
    way.crawls_from = None
    expect(page.get_by_role("heading", name="All 3 are there")).to_be_visible()
    assert {f.files[0].sha256 for f in brought(made)[:3]} == set(map(_hash, files))


def test_of_several_one_that_cannot_be_sent_keeps_nobody_from_the_next(made, way, contexts, session, lesson):
    page = opened(contexts(DESK, session), way)
    agree(page)
    choose(page, lesson("Stays 1.mp4", 6 * MB), lesson("Stays 2.mp4", 6 * MB))
    page.get_by_role("radio", name="Several lessons").check()
    page.get_by_role("button", name="Send 2 lessons").click()
    first = page.get_by_role("listitem").filter(has_text="Stays 1")
    expect(first).to_contain_text(re.compile(r"[1-9]\.\d of 6.0 MB"))
    first.get_by_role("button", name="Pause").click()
    expect(first).to_contain_text("Paused")
    owner = made.stores.people.find(TEACHER)
    (gone,) = [one for one in made.stores.uploads.mine(owner.id) if one.name == "Stays 1"]
    made.stores.uploads.remove(owner.id, gone.id)  # as on another device
    shutil.rmtree(made.data / "uploads" / gone.id)
    first.get_by_role("button", name="Carry on: Stays 1").click()
    expect(first.get_by_role("button", name="Try again: Stays 1")).to_be_visible()
    way.crawls_from = None
    expect(page.get_by_role("heading", name="1 of 2 are there")).to_be_visible()
    expect(page.get_by_text("Keep this page open.").filter(visible=True)).to_have_count(0)
    page.get_by_role("button", name="Send another").click()
    expect(page.get_by_role("heading", name="New lesson")).to_be_focused()


def test_a_lesson_that_is_checked_and_comes_out_leaves_the_keyboard_where_it_is(made, way, contexts, session):
    owner, shelf = made.stores.people.find(TEACHER), Shelf(made.data)
    stays, ends = (announced(made, name, 1000) for name in ("Stays", "Ends"))
    with shelf.alone(ends.id):  # somebody else is at it
        made.stores.uploads.check(owner.id, ends.id, ["0" * 64])
        page = opened(contexts(DESK, session), way)
        button = page.get_by_role("article").filter(has_text="Stays").get_by_role("button", name="Choose the same")
        button.focus()
        with page.expect_response(re.compile(ends.id)):  # it is looked at again
            pass
        expect(button).to_be_focused()
        made.stores.uploads.refuse(ends.id, "It has no sound.")
        expect(page.get_by_role("article").filter(has_text="Ends")).to_contain_text("It has no sound.")
        expect(button).to_be_focused()
    made.stores.uploads.remove(owner.id, stays.id)


def test_a_page_that_gets_no_answer_goes_on_when_there_is_one(way, contexts, session):
    page = contexts(PHONE, session).new_page()
    page.route("**/upload/form", lambda route: route.abort())
    page.goto(f"{way.url}/upload")
    expect(page.get_by_text("The server can’t be reached at the moment. It is tried again by itself.")).to_be_visible()
    page.unroute("**/upload/form")
    expect(page.get_by_role("heading", name="New lesson")).to_be_visible()


def test_a_lesson_that_is_there_already_is_said_to_be(made, way, contexts, session, lesson):
    way.crawls_from = None
    page, file = opened(contexts(DESK, session), way), lesson(size=3 * MB)
    agree(page)
    choose(page, file)
    there(page)
    before = len(brought(made))
    page.get_by_role("button", name="Send another").click()
    agree(page)
    choose(page, file)
    expect(page.get_by_role("heading", name="This lesson is there already")).to_be_visible()
    assert len(brought(made)) == before


def test_what_is_no_video_is_refused_with_the_reason(made, way, contexts, session, tmp_path):
    page, way.crawls_from = opened(contexts(PHONE, session), way), None
    text = tmp_path / "lesson.mp4"
    text.write_text("This is a lesson plan. " * 1000)
    agree(page)
    before = len(brought(made))
    choose(page, text)
    expect(page.get_by_role("heading", name="This can’t be used")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="lesson.mp4")).to_be_visible()
    page.get_by_role("button", name="Start over with another video").click()
    expect(page.get_by_role("heading", name="New lesson")).to_be_focused()
    expect(page.get_by_role("article")).to_have_count(0)
    assert len(brought(made)) == before


def test_what_is_too_large_is_said_before_the_first_byte(way, contexts, session, tmp_path):
    page = opened(contexts(DESK, session), way)
    large, empty = tmp_path / "large.mp4", tmp_path / "empty.mp4"
    with large.open("wb") as f:
        f.truncate(LARGEST + MB)
    empty.touch()
    agree(page)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.method))
    choose(page, large)
    expect(page.get_by_role("alert")).to_have_text("This lesson has 31 MB. A lesson may have up to 30 MB here.")
    choose(page, empty)
    expect(page.get_by_role("alert")).to_have_text("There is nothing in “empty.mp4”.")
    assert asked == []


def test_what_the_line_or_the_disk_damaged_is_sent_again(made, way, contexts, session, lesson):
    page, file = opened(contexts(DESK, session), way), lesson()
    agree(page)
    choose(page, file)
    sending(page)
    page.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(1000)
    (part,) = [p for p in (made.data / "uploads").glob("*/*") if p.suffix != ".lock" and p.stat().st_size]
    with part.open("r+b") as f:
        f.seek(MB // 2)
        byte = f.read(1)
        f.seek(MB // 2)
        f.write(bytes([byte[0] ^ 1]))
    trace, way.crawls_from = Trace(page), None
    page.get_by_role("button", name="Carry on").click()
    there(page)
    assert 0 in trace.brought[1:]
    same(made, file)


def test_a_session_that_ended_loses_nothing(made, web, way, contexts, session, lesson):
    context, file = contexts(PHONE, session), lesson()
    page = opened(context, way)
    agree(page)
    choose(page, file)
    sending(page)
    owner = made.stores.people.find(TEACHER)
    made.stores.accounts.sign_out_everywhere(owner.id)
    way.crawls_from = None
    expect(page.get_by_text("You are signed out. Nothing is lost.")).to_be_visible()
    with context.expect_page() as tab:
        page.get_by_role("link", name="Sign in in another tab").click()
    tab.value.get_by_label("Email").fill(TEACHER)
    tab.value.get_by_label("Password").fill(PASSWORD)
    tab.value.get_by_role("button", name="Sign in").click()
    expect(tab.value.get_by_role("heading", name="New lesson")).to_be_visible()
    trace, way.crawls_from = Trace(page), None
    page.get_by_role("button", name="Carry on").click()
    there(page)
    assert trace.went_on
    same(made, file)


def test_a_phone_that_came_by_a_code_brings_one_lesson_and_opens_nothing_else(made, way, contexts, lesson):
    owner = made.stores.people.find(TEACHER)
    code, _ = made.stores.tickets.issue(owner.id)
    context = contexts(PHONE)
    page = context.new_page()
    page.goto(f"{way.url}/ticket#{code}")
    expect(page).to_have_url(f"{way.url}/upload")
    expect(page.get_by_role("heading", name="New lesson")).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)
    file = lesson()
    agree(page)
    choose(page, file)
    sending(page)
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()  # it is the one that it began, and no other can be begun
    card = page.get_by_role("article")
    expect(card).to_contain_text("Carry on with “Fractions on a number line”")
    expect(page.get_by_role("button", name="Choose a video")).to_be_hidden()
    way.crawls_from = None
    choose_again(card, file)
    there(page)
    expect(page.get_by_text("You find it among your lessons when you sign in on your computer.")).to_be_visible()
    expect(page.get_by_role("link")).to_have_count(0)
    expect(page.get_by_role("button", name="Send another")).to_have_count(0)
    same(made, file)
    page.reload()
    there(page)
    recording = brought(made)[0].id
    for path in ("/", "/lessons", "/account", f"/recordings/{recording}/web.mp4"):
        page.goto(way.url + path)
        expect(page).to_have_url(re.compile("/signin"))
    page.goto(f"{way.url}/ticket#{code}")
    expect(page.get_by_role("heading", name="This link can’t be used")).to_be_visible()
    page.goto(f"{way.url}/ticket")
    expect(page.get_by_text("The picture’s link did not come whole. Scan it again.")).to_be_visible()


def test_the_library_shows_a_code_that_opens_a_phone(way, contexts, session):
    page = contexts(DESK, session, device_scale_factor=3).new_page()
    page.goto(way.url)
    expect(page.get_by_role("link", name="Choose a file")).to_have_attribute("href", "/upload")
    expect(page.get_by_role("img", name="QR code for your phone")).to_have_count(0)  # none that nobody asked for
    page.get_by_role("button", name="Show the code").click()
    expect(page.get_by_text("Good once, for 15 minutes.")).to_be_visible()
    settled(page)  # until then it may be drawn pale
    page.wait_for_function("() => document.querySelector('img.sl-qr').naturalWidth")
    drawn = page.get_by_role("img", name="QR code for your phone").screenshot()
    scanned = cv2.imdecode(np.frombuffer(drawn, np.uint8), cv2.IMREAD_COLOR)
    read, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(scanned)  # the other one cannot read one good code in fifty
    assert read.startswith(f"{PUBLIC}/ticket#")
    phone = contexts(PHONE).new_page()
    phone.goto(read.replace(PUBLIC, way.url))
    expect(phone.get_by_role("heading", name="New lesson")).to_be_visible()


def test_without_an_address_for_phones_the_library_says_who_can_name_it(made, web, browser):
    with served(made.data, made.url) as local:
        context = browser.new_context(**DESK)
        context.add_cookies([{"name": "secondlook_session", "value": web.sign_in(TEACHER).cookie, "url": local.url}])
        page = context.new_page()
        page.goto(local.url)
        expect(page.get_by_text("Your administrator can name it: SECONDLOOK_PUBLIC_URL.")).to_be_visible()
        expect(page.get_by_role("button", name="Show the code")).to_have_count(0)
        page.set_viewport_size(PHONE["viewport"])
        expect(page.get_by_role("link", name="Record or upload a lesson")).to_be_visible()
        expect(page.get_by_role("link", name="Choose a file")).to_be_hidden()
        context.close()


def test_the_keyboard_goes_all_the_way_and_a_drop_is_kept_until_the_box_is_ticked(made, way, contexts, session, lesson):
    made.stores.uploads.remove(
        made.stores.people.find(TEACHER).id, announced(made, "Before", 1000).id
    )  # its class stays
    page, way.crawls_from = opened(contexts(DESK, session), way), None
    file = lesson("Römer.mp4", 3 * MB)
    page.evaluate(
        """() => { const files = new DataTransfer(); files.items.add(new File(["x"], "dropped.mp4"));
          document.getElementById("drop").dispatchEvent(
            new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })) }"""
    )
    expect(page.get_by_text("“dropped.mp4” is kept here. Tick the box first.")).to_be_visible()
    page.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Send “dropped.mp4”")).to_be_enabled()
    page.reload()
    expect(page.get_by_role("heading", name="New lesson")).to_be_focused()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    page.get_by_label("In your own words, with commas between").fill("Wait time, student talk")
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Choose a video")).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(str(file))
    there(page)
    assert brought(made)[0].name == "Römer"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send another")).to_be_focused()
    page.keyboard.press("Enter")
    chip = page.get_by_role("button", name="student talk")
    chip.press("Enter")
    expect(chip).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_fits_and_can_be_used_by_everybody(made, web, way, contexts, session, lesson, size):
    context = contexts(SIZES[size], session)
    page = opened(context, way)
    axe = Look(page)
    page.on("dialog", lambda dialog: dialog.accept())

    def look(name: str) -> None:
        axe.at(name)
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, button, input:not([type=file]), select, summary")]
              .filter((e) => e.checkVisibility() && !e.closest(".check, header"))
              .filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML)"""
        )
        assert small == [], name

    page.locator("summary").click()
    look("start")
    agree(page)
    look("agreed")
    choose(page, lesson("1.mp4", 3 * MB), lesson("2.mp4", 3 * MB))
    look("parts")
    page.get_by_role("radio", name="Several lessons").check()
    look("several")
    way.crawls_from = way.up + 2 * MB
    page.get_by_role("button", name="Send 2 lessons").click()
    expect(page.get_by_role("heading", name="Sending 2 lessons")).to_be_visible()
    look("list")
    way.crawls_from = None
    page.get_by_role("button", name="Send another").click()
    agree(page)
    way.crawls_from = way.up + 5 * MB
    choose(page, lesson())
    sending(page)
    look("sending")
    page.get_by_role("button", name="Pause").click()
    look("paused")
    way.away = True
    way.cut()  # a browser keeps connections open for what comes next
    page.get_by_role("button", name="Carry on").click()
    expect(page.get_by_role("button", name="Carry on now")).to_be_visible()
    look("away")
    page.get_by_role("button", name="Start over with another video").click()
    question = page.get_by_role("dialog", name="Start over?")
    expect(question).to_be_visible()
    look("question")
    question.get_by_role("button", name="Keep it").click()
    way.away = False
    page.reload()
    expect(page.get_by_role("article")).to_be_visible()
    look("unfinished")
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("article")).to_have_count(0)
    way.crawls_from = None
    agree(page)
    choose(page, lesson(size=3 * MB))
    there(page)
    look("done")
    page.goto(f"{way.url}/ticket")
    look("ticket")
    axe.good()
    assert made.stores.accounts.session(fingerprint(session))
