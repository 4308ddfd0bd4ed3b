"""An administrator's pages for people, in Chromium and by raw HTTP, with a real server."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Look, opened, settled, watched
from databases import fresh_database
from playwright.sync_api import BrowserContext, Page, expect
from stores import School, school
from web import PASSWORD, Web, free_port, served

from coaching.people import Membership

LIST = """email;name;role;school
owner@school.org;Maya Okafor;Teacher, Coach;North
list@school.org;=Lise List;teacher;North
nobody;No One;teacher;North
far@school.org;Far Away;teacher;South
coach@school.org;;coach;
"""

pytestmark = pytest.mark.xdist_group("web")


@pytest.fixture(scope="module")
def cast() -> Iterator[School]:
    made = school(fresh_database("sqlite"))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def web(cast, tmp_path_factory) -> Iterator[Web]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with served(tmp_path_factory.mktemp("data"), cast.url, port=port, SECONDLOOK_PUBLIC_URL=address) as found:
        yield found


@pytest.fixture
def context(browser, web) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport=DESK)
    wrong = watched(made, web.url)
    yield made
    made.close()
    assert [w for w in wrong if "status of 4" not in w] == []  # Streamlit asks below the page first


def people(context: BrowserContext, web: Web, who: str) -> Page:
    return opened(context, web, f"{who}@school.org", "/people")


def row(page: Page, text: str):
    return page.locator("[class*='st-key-sl-person-']", has_text=text)


def test_an_admin_adds_somebody_who_comes_in_by_the_link(web, browser, context, cast):
    page = opened(context, web, "admin@school.org")
    page.get_by_role("link", name="People").click()
    expect(page).to_have_title("People · Second Look")
    expect(row(page, "@school.org")).to_have_count(5)
    page.get_by_role("button", name="Add a person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Email").fill("nora")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("is not an e-mail address")
    dialog.get_by_label("Email").fill("Nora@School.org")
    dialog.get_by_label("Name").fill("Nora *New* <b>N</b>")
    dialog.get_by_role("button", name="Coach").click()
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Nora *New* <b>N</b> is there now.")
    expect(row(page, "Nora")).to_contain_text("nora@school.orgteachercoachNot in yet")
    row(page, "Nora").get_by_role("button", name="Change").click()
    dialog.get_by_role("button", name="Make an invitation link").click()
    link = dialog.get_by_text("/password?link=").inner_text()
    assert link.startswith(f"{web.url}/password?link=")
    expect(dialog.get_by_role("button", name="Copy to clipboard")).to_be_visible()
    page.keyboard.press("Escape")
    row(page, "Nora").get_by_role("button", name="Change").click()
    expect(dialog.get_by_role("button", name="Make an invitation link")).to_be_visible()
    expect(dialog.get_by_text("/password?link=")).to_have_count(0)
    page.keyboard.press("Escape")

    theirs = browser.new_context(viewport=PHONE).new_page()
    theirs.goto(link)
    theirs.get_by_label("New password").fill(PASSWORD)
    theirs.get_by_role("button", name="Save and sign in").click()
    expect(theirs.get_by_role("heading", name="Your lessons")).to_be_visible()
    expect(theirs.get_by_role("link", name="People")).to_have_count(0)
    theirs.goto(f"{web.url}/account")
    expect(theirs.get_by_text(re.compile(r"Set \w{3} \d{1,2} \w{3} \d{4}, \d\d:\d\d UTC"))).to_be_visible()
    theirs.goto(web.url)

    # Let go, while that page stands open.
    row(page, "Nora").get_by_role("button", name="Change").click()
    dialog.get_by_role("button", name="Let Nora *New* <b>N</b> go").click()
    expect(page.get_by_role("status")).to_contain_text("was let go, and is signed out everywhere.")
    settled(page)  # until then a row of before may stand beside that of now
    expect(row(page, "Nora")).to_contain_text("Let go")
    theirs.reload()
    expect(theirs).to_have_url(f"{web.url}/signin")
    theirs.get_by_label("Email").fill("nora@school.org")
    theirs.get_by_label("Password").fill(PASSWORD)
    theirs.get_by_role("button", name="Sign in").click()
    expect(theirs.get_by_role("alert")).to_contain_text("lets this account in no more")

    row(page, "Nora").get_by_role("button", name="Change").click()
    dialog.get_by_role("button", name="Let in again").click()
    expect(page.get_by_role("status")).to_contain_text("is let in again")
    assert web.sign_in("nora@school.org").status == 303
    theirs.context.close()


def test_an_open_page_of_whoever_is_let_go_shows_nothing_more(web, browser, context, cast):
    cast.people.add("open@school.org", Membership.ADMIN, "North")
    page = people(context, web, "open")
    expect(row(page, "admin@school.org")).to_be_visible()
    cast.people.leave("open@school.org")
    page.get_by_role("button", name="Add a person").click()  # the websocket is open still
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(row(page, "@school.org")).to_have_count(0)


def test_roles_and_names_are_changed_and_the_last_admin_stays(web, context, cast):
    page = people(context, web, "admin")
    row(page, "leader@school.org").get_by_role("button", name="Change").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("Lea Leader")
    dialog.get_by_role("button", name="Teacher").click()
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Lea Leader is changed.")
    expect(row(page, "Lea Leader")).to_contain_text("leader@school.orgteacherleader")
    row(page, "admin@school.org").get_by_role("button", name="Change").click()
    dialog.get_by_role("button", name="Admin").click()
    dialog.get_by_role("button", name="Teacher").click()
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("You are this school’s only admin")
    expect(dialog.get_by_role("button", name="go", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_label("Search people").fill("lea l")
    page.keyboard.press("Enter")
    expect(row(page, "@school.org")).to_have_count(1)


def test_a_school_is_added_and_renamed(web, context, cast):
    page = people(context, web, "admin")
    page.get_by_role("button", name="Schools").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name of the new school").fill("South")
    dialog.get_by_role("button", name="Add the school").click()
    expect(dialog.get_by_role("alert")).to_contain_text("There is a school of this name already")
    dialog.get_by_label("Name of the new school").fill("East")
    dialog.get_by_role("button", name="Add the school").click()
    expect(page.get_by_role("status")).to_contain_text("East is there now.")
    expect(page.get_by_text("Who works at your 2 schools")).to_be_visible()
    page.get_by_role("button", name="Schools").click()
    dialog.get_by_label("Name of the school").first.fill("Eastern")
    dialog.get_by_role("button", name="Rename").first.click()
    expect(page.get_by_role("status")).to_contain_text("The school is called Eastern now.")


def test_a_list_shows_what_it_would_do_and_then_does_it_once(web, context, cast, tmp_path):
    file = tmp_path / "staff.csv"
    file.write_bytes(LIST.replace("coach;\n", "coach;North\n").encode("utf-8-sig"))
    page = people(context, web, "admin")
    page.get_by_role("link", name="Bring a list").click()
    page.get_by_label("A file").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("status")).to_contain_text("1 to add 1 to change 1 unchanged 2 left out, see why")
    expect(page.get_by_role("row")).to_contain_text(
        [
            "Row",
            "4nobodyLeft out. 'nobody' is not an e-mail address",
            "5far@school.orgFar AwayLeft out. You administer no school called “South”.",
            "2owner@school.orgMaya OkaforAlso coach at North. The name becomes Maya Okafor.",
            "3list@school.org=Lise ListNew: teacher at North.",
        ]
    )
    assert cast.people.find("list@school.org") is None
    page.get_by_role("button", name="Add 1 and change 1").click()
    expect(page.get_by_role("heading", name="The list is in")).to_be_visible()
    assert cast.people.find("list@school.org").memberships == (("North", "teacher"),)
    assert cast.people.find("owner@school.org").name == "Maya Okafor"
    page.goto(f"{web.url}/people/import")
    page.get_by_label("Cells that you copied").fill(LIST.replace("coach;\n", "coach;North\n"))
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("status")).to_contain_text("0 to add 0 to change 3 unchanged 2 left out")
    expect(page.get_by_role("button")).to_have_count(0)

    # The list as it is now, brought again: it changes nothing, and no spreadsheet runs anything of it.
    cookie = web.session("admin@school.org")
    answer = web.ask("/people/staff.csv", cookie)
    assert answer.headers["content-type"].startswith("text/csv")
    cells = [cell for line in csv.reader(io.StringIO(answer.body.decode("utf-8-sig"))) for cell in line]
    assert "'=Lise List" in cells
    assert not [cell for cell in cells if cell.startswith("=")]
    again = brought(web, cookie, answer.body)
    assert (again.status, "<b>0</b> to add" in again.text, "<b>0</b> to change" in again.text) == (200, True, True)


def brought(web: Web, cookie: str, data: bytes, **headers: str):
    body = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../staff.csv"\r\n\r\n'
        + data
        + b"\r\n--x--\r\n"
    )
    sent = {"Content-Type": "multipart/form-data; boundary=x", "Origin": web.url} | headers
    return web.ask("/people/import", cookie, "POST", sent, body=body)


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"", 400, "is empty"),
        (b"email,role\n" + b"a@b.org,teacher\n" * 5_001, 400, "more than 5,000 lines"),
        ("email,role\nm\xfc@b.org,teacher\n".encode("latin-1"), 400, "UTF-8"),
        (b"x" * 1_100_000, 413, "too much"),
        (b"email,role\n<script>,teacher\n", 200, "&lt;script&gt;"),
    ],
)
def test_what_is_no_list_is_a_sentence(web, data, status, said):
    answer = brought(web, web.session("admin@school.org"), data)
    assert (answer.status, said in answer.text, "<script>" in answer.text) == (status, True, False)


def test_a_form_that_is_none_is_refused(web):
    cookie = web.session("admin@school.org")
    for body, kind in ((b"--x\r\n", "multipart/form-data; boundary=x"), (b"", "multipart/form-data"), (b"{", "a/b")):
        answer = web.ask("/people/import", cookie, "POST", {"Content-Type": kind, "Origin": web.url}, body=body)
        assert answer.status == 400, (kind, answer.text)


@pytest.mark.parametrize("who", ["owner", "coach", "leader", "stranger"])
def test_for_others_there_is_nothing(web, browser, cast, who):
    cookie = web.session(f"{who}@school.org")
    for path in ("/people/import", "/people/staff.csv"):
        assert web.ask(path, cookie).status == 404
    assert brought(web, cookie, LIST.encode()).status == 404
    context = browser.new_context(viewport=DESK)
    page = people(context, web, who)
    expect(page.get_by_role("heading", name="There is nothing here for you")).to_be_visible()
    expect(page.get_by_role("link", name="People")).to_have_count(0)
    assert "@school.org" not in page.locator(".stMain").inner_text().replace(f"{who}@school.org", "")
    context.close()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_every_page_fits_and_can_be_used_by_everybody(web, browser, cast, size):
    context = browser.new_context(viewport=size)
    page = people(context, web, "admin")
    expect(row(page, "admin@school.org")).to_be_visible()
    page.wait_for_load_state("networkidle")
    look = Look(page)
    look.at("people", ".stMain")
    for name, inside in (("Add a person", "Email"), ("Schools", "Name of the new school")):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog").get_by_label(inside)).to_be_visible()
        look.at(name)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    row(page, "coach@school.org").get_by_role("button", name="Change").click()
    page.get_by_role("button", name="Make").click()
    expect(page.get_by_text("/password?link=")).to_be_visible()
    look.at("change")
    page.goto(f"{web.url}/people/import")
    look.at("import")
    page.get_by_label("Cells that you copied").fill(LIST)
    page.get_by_role("button", name="Show what it would do").click()
    expect(page.get_by_role("status")).to_be_visible()
    look.at("steps")
    context.close()
    look.good()


def test_the_log_knows_ids_alone(web, cast):
    log = web.log
    lines = [json.loads(line) for line in log.splitlines() if '"staff changed"' in line]
    assert {line["action"] for line in lines} >= {"add", "link", "let go", "let in", "roles", "name", "list"}
    assert {line["by"] for line in lines} == {cast.cast["admin"]}
    for secret in ("@school.org", "Nora", "Lise", "East", "link="):
        assert secret not in log
