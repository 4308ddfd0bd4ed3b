"""A teacher writes down what families agreed to and opts a student out; what that closes for a colleague, and opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from browsing import DESK, PHONE, Look, broken, press, settled, visit
from making import Place
from playwright.sync_api import Page, expect
from web import Web, served

from coaching.access import Grant

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH, COLLEAGUE = "owner@school.org", "coach@school.org", "colleague@school.org"
CLASS, STUDENT = "Period 2, Algebra", "Zq. K."


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, str, Web]]:
    place = Place("sqlite", tmp_path_factory.mktemp("classes"))
    recording = place.bring("fractions")
    lessons, owner = place.cast.lessons, place.cast.owner
    lessons.rename(owner, recording, "Fractions")
    lessons.describe(owner, recording, CLASS, datetime.now(UTC).date(), ())
    for email in (COACH, COLLEAGUE):
        lessons.grant(owner, recording, email, list(Grant))
    with served(place.data, place.url) as web:
        yield place, recording, web
    place.close()


def dialog(page: Page, name: str):
    return page.get_by_role("dialog", name=name)


def test_a_student_who_is_opted_out_closes_the_lesson_for_a_colleague_until_they_were_absent(browser, there):
    _, recording, web = there
    cookies = {email: web.session(email) for email in (COACH, COLLEAGUE)}
    paths = [f"/recordings/{recording}/{name}" for name in ("web.mp4", "lesson.json", "captions.vtt")]

    def answers(email: str) -> set[int]:
        return {web.ask(path, cookies[email], headers={"Range": "bytes=0-9"}).status for path in paths}

    assert answers(COLLEAGUE) == answers(COACH) == {200, 206}
    page, wrong = visit(browser, web, OWNER, "/")
    page.get_by_role("link", name="My classes").click()
    expect(page.get_by_role("heading", name=CLASS)).to_be_visible()
    expect(page.get_by_text("Nothing is written down yet.")).to_be_visible()
    press(page, "Write down a consent")
    form = dialog(page, "Write down a consent")
    form.get_by_text("Colleagues at the school may see them too").click()
    form.get_by_label("A note").fill("The forms are in the office.")
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_count(0)
    expect(page.get_by_text("The forms are in the office.")).to_be_visible()
    expect(page.get_by_text("Written down by owner@school.org")).to_be_visible()
    assert answers(COLLEAGUE) == {200, 206}
    press(page, "Opt a student out")
    form = dialog(page, "A student who may not be seen")
    form.get_by_label("Student").fill(STUDENT)
    form.get_by_role("button", name="Save").click()
    expect(page.get_by_text("in every lesson", exact=True)).to_be_visible()
    assert answers(COLLEAGUE) == {404}
    assert answers(COACH) == {200, 206}

    other, wrong_there = visit(browser, web, COLLEAGUE, f"/review?recording={recording}")
    expect(other.get_by_text("There is no such lesson here")).to_be_visible()
    cookies[COLLEAGUE] = other.context.cookies()[0]["value"]  # the session before ended with this one

    page.goto(f"{web.url}/")
    card = page.locator(f".st-key-sl-card-{recording}")
    expect(card).to_contain_text("1 student opted out: coach only")
    page.goto(f"{web.url}/review?recording={recording}")
    press(page, "Sharing…")
    sharing = dialog(page, "Who can see this lesson")
    expect(sharing).to_contain_text("One student in this lesson may not be seen by others than you and your coach.")
    expect(sharing.locator("[class*=st-key-sl-given-]").filter(has_text=COLLEAGUE)).to_contain_text(
        "They cannot see it now: what the families of this class agreed to"
    )
    sharing.get_by_role("button", name="Who was not there…").click()
    present = dialog(page, "Who was not there")
    settled(page)
    was_there = present.get_by_role("checkbox", name=f"{STUDENT} was there", exact=True)
    expect(was_there).to_be_checked()
    present.get_by_text("was there").click()
    expect(was_there).not_to_be_checked()
    present.get_by_role("button", name="Save").click()
    expect(present).to_have_count(0)
    expect(page.locator(".st-key-sl-review-head")).not_to_contain_text("opted out")
    assert answers(COLLEAGUE) == {200, 206}
    other.reload()
    expect(other.get_by_role("heading", name="Fractions")).to_be_visible()
    assert broken(wrong) == broken(wrong_there) == []
    assert STUDENT not in web.log


def test_taken_off_by_mistake_a_student_is_put_back_as_before(browser, there):
    place, recording, web = there
    consents, owner = place.cast.consents, place.cast.owner
    (one,) = consents.classes(owner)
    consents.opt_out(owner, one.id, "A. B.")
    consents.set_absent(owner, recording, [s.id for s in consents.present(owner, recording) if s.called != "A. B."])
    assert consents.standing(owner, recording).opted_out == 1
    page, wrong = visit(browser, web, OWNER, "/classes")
    row = page.locator("[class*=st-key-sl-student-]").filter(has_text="A. B.")
    press(row, "Take off")
    expect(page.get_by_role("status").filter(has_text="is off the list")).to_be_visible()
    expect(row).to_have_count(0)
    assert consents.standing(owner, recording).opted_out == 0
    press(page, "Undo")
    expect(row).to_have_count(1)
    settled(page)
    assert consents.standing(owner, recording).opted_out == 1
    assert broken(wrong) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_pages_fit_and_everybody_can_use_them(browser, there, size):
    place, recording, web = there
    consents, owner = place.cast.consents, place.cast.owner
    (one,) = consents.classes(owner)
    consents.opt_out(owner, one.id, "C. D.")
    page, wrong = visit(browser, web, OWNER, "/classes", size)
    look = Look(page)
    expect(page.get_by_text("C. D.")).to_be_visible()
    settled(page)
    look.at("classes")
    for button, name in (
        ("Write down a consent", "Write down a consent"),
        ("Opt a student out", "A student who may not be seen"),
    ):
        press(page, button)
        expect(dialog(page, name).get_by_role("button", name="Save")).to_be_visible()
        settled(page)
        look.at(name)
        page.keyboard.press("Escape")
        expect(dialog(page, name)).to_have_count(0)
    page.goto(f"{web.url}/review?recording={recording}")
    press(page, "Sharing…")
    expect(dialog(page, "Who can see this lesson").get_by_role("button", name="Who was not there…")).to_be_visible()
    settled(page)
    look.at("sharing")
    look.good()
    stranger, wrong_there = visit(browser, web, COACH, "/classes", size)
    expect(stranger.get_by_text("There is nothing here for you")).to_be_visible()
    assert broken(wrong) == broken(wrong_there) == []
