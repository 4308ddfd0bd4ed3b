"""How long films are kept, as an admin decides it and a teacher lives with it. The server and the worker are real."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import DESK, PHONE, Look, broken, press, settled, visit
from making import Place
from playwright.sync_api import expect
from web import Web, served

from coaching.clips import NewClip
from coaching.comments import NewComment
from coaching.retention import DAY_S
from models.tables import RecordingRow, RetainedFilmRow, RetentionPolicyRow

pytestmark = pytest.mark.xdist_group("web")

OWNER, ADMIN = "owner@school.org", "admin@school.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, dict[str, str], Web]]:
    place = Place("sqlite", tmp_path_factory.mktemp("retention"))
    lessons = {name: place.bring(name) for name in ("fractions", "decimals")}
    for name, recording in lessons.items():
        place.cast.lessons.rename(place.cast.owner, recording, name.capitalize())
        place.cast.lessons.clip(place.cast.owner, recording, NewClip(8.0, 11.0, "Wider?"))
        place.cast.lessons.comment(place.cast.owner, recording, NewComment(9.0, "Three hands went up."))
    with served(place.data, place.url) as web:
        yield place, lessons, web
    place.close()


def test_an_admin_decides_a_teacher_protects_and_the_other_film_goes(browser, there):
    place, lessons, web = there
    admin, wrong_there = visit(browser, web, ADMIN, "/people")
    expect(admin.get_by_text("Films are kept for good.")).to_be_visible()
    press(admin, "Change how long")
    dialog = admin.get_by_role("dialog", name="How long films are kept")
    dialog.get_by_text("For some days").click()
    days = dialog.get_by_role("spinbutton", name="Days after a lesson is added")
    days.fill("30")
    days.press("Enter")
    expect(dialog).to_contain_text("2 films would go first, on")
    settled(admin)
    dialog.get_by_role("button", name="Save").click()
    expect(admin.get_by_text("Nothing is deleted for two weeks")).to_be_visible()
    expect(admin.get_by_text("Films are kept for 30 days; films of clips stay; teachers can")).to_be_visible()

    cast = place.cast
    cast.later(RecordingRow, 40 * DAY_S, "added")
    cast.later(RetentionPolicyRow, 40 * DAY_S, "changed")
    cast.retention.look()
    page, wrong = visit(browser, web, OWNER, "/")
    for name in ("Fractions", "Decimals"):
        card = page.get_by_role("article").filter(has_text=name)
        expect(card).to_contain_text("Its film is deleted on")
    card = page.locator("[class*=st-key-sl-card-]").filter(has_text="Fractions")
    press(card, "Protect")
    expect(card).to_contain_text("You protect its film.")
    page.goto(f"{web.url}/notifications")
    expect(page.get_by_text("The film of a lesson of yours is deleted in two weeks").first).to_be_visible()
    page.goto(f"{web.url}/review?recording={lessons['decimals']}")
    expect(page.get_by_text("Its film is deleted on")).to_be_visible()
    expect(page.get_by_role("button", name="Protect", exact=True)).to_be_visible()

    cast.later(RetainedFilmRow, 13 * DAY_S, "first")
    cast.retention.look()
    cast.later(RetainedFilmRow, 3 * DAY_S, "first", "last")
    worker = place.work()
    place.wait(lambda: cast.retention.film(cast.owner, lessons["decimals"]).gone)
    worker.kill()
    page.reload()
    why = "The film of this lesson was deleted on"
    expect(page.locator(".still")).to_contain_text(why)
    page.get_by_role("tab", name="Comments").click()
    expect(page.get_by_text("Three hands went up.")).to_be_visible()
    page.get_by_role("tab", name="Clips").click()
    clip = page.locator(".cliprow").filter(has_text="Wider?")
    clip.get_by_role("button", name="Play “Wider?”").click()
    film = page.locator("video.kept")
    expect(film).to_be_visible()
    film.evaluate("film => { film.muted = true; return film.play(); }")
    page.wait_for_function("() => document.querySelector('video.kept').currentTime > 0.5")
    assert film.evaluate("film => film.duration") == pytest.approx(3.0, abs=0.1)
    expect(page.get_by_role("button", name="Clip around")).to_have_count(0)
    expect(page.locator(".clip.sel").first).to_be_visible()
    expect(page.get_by_role("slider", name="of clip Wider?")).to_have_count(0)
    clip.get_by_role("button", name="Edit “Wider?”").click()
    expect(page.get_by_label("Start of the clip")).to_have_count(0)  # of a film that is gone, it ends where it ended
    page.get_by_label("Name").fill("How much wider?")
    press(page, "Save")
    expect(page.locator(".cliprow")).to_contain_text("How much wider?")
    page.goto(f"{web.url}/calibrate?recording={lessons['decimals']}")
    expect(page.get_by_text(why)).to_be_visible()
    page.goto(f"{web.url}/insights?recording={lessons['decimals']}")
    expect(page.get_by_role("heading", name="Your last lessons")).to_be_visible()
    page.goto(f"{web.url}/")
    card = page.locator("[class*=st-key-sl-card-]").filter(has_text="Decimals")
    expect(card).to_contain_text(why)
    press(card, "More for Decimals")
    page.get_by_role("menuitem", name="Its film…").click()
    expect(page.get_by_role("dialog")).to_contain_text("What was said, the measures and all that people wrote stay.")
    assert cast.retention.film(cast.owner, lessons["fractions"]).gone is None
    admin.reload()
    expect(admin.get_by_text("1 protected; 1 deleted.")).to_be_visible()
    assert broken(wrong) == broken(wrong_there) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_pages_fit_and_everybody_can_use_them(browser, there, size):
    place, _, web = there
    name = f"Geometry {size['width']}"
    place.cast.lessons.rename(place.cast.owner, place.bring(name), name)
    place.let_films_go()
    place.cast.later(RetainedFilmRow, -10 * DAY_S, "first", "last")
    admin, wrong = visit(browser, web, ADMIN, "/people", size)
    look = Look(admin)
    press(admin, "Change how long")
    expect(admin.get_by_role("dialog")).to_contain_text("Films are kept")
    settled(admin)
    look.at("deciding")
    page, wrong_there = visit(browser, web, OWNER, "/", size)
    of_owner = Look(page)
    card = page.locator("[class*=st-key-sl-card-]").filter(has_text=name)
    expect(card).to_contain_text("Its film is deleted on")
    press(card, f"More for {name}")
    page.get_by_role("menuitem", name="Its film…").click()
    dialog = page.get_by_role("dialog", name="How long its film is kept")
    expect(dialog.get_by_label("Why you keep it (only you read this)")).to_be_visible()
    settled(page)
    of_owner.at("a card's dialog")
    look.good()
    of_owner.good()
    assert broken(wrong) == broken(wrong_there) == []
