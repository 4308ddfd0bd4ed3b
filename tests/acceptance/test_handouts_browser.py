"""Keeping a lesson, as people do it on its page: films, the portfolio, texts. The server and the worker are real."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import DESK, FIRST_MS, PHONE, Look, broken, opened, watched
from making import Place
from playwright.sync_api import Locator, Page, expect
from web import Web, served

from coaching.access import Grant
from coaching.corrections import Correction, Kind
from coaching.exports.files import TEXTS
from coaching.spans import Span
from pipelines.media import probe

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH = "owner@school.org", "coach@school.org"


@pytest.fixture(scope="module")
def there(tmp_path_factory) -> Iterator[tuple[Place, str, Web]]:
    place = Place("sqlite", tmp_path_factory.mktemp("handouts"))
    recording = place.bring("fractions")
    place.cast.lessons.rename(place.cast.owner, recording, "Fractions")
    for start, stop, name in ((8.0, 11.0, "Wider?"), (20.0, 22.0, "Because"), (38.0, 41.0, "I don’t agree")):
        place.clip(recording, start, stop, name)
    place.work()
    with served(place.data, place.url) as web:
        yield place, recording, web
    place.close()


def clips(browser, there, email: str, size=DESK) -> tuple[Page, list[str]]:
    _, recording, web = there
    context = browser.new_context(viewport=size)
    wrong = watched(context, web.url)
    page = opened(context, web, email, f"/review?recording={recording}")
    page.get_by_role("tab", name="Clips").click()
    return page, wrong


def saved(page: Page, link: Locator, folder: Path) -> Path:
    with page.expect_download() as download:
        link.click()
    out = folder / download.value.suggested_filename
    download.value.save_as(out)
    return out


def test_a_clip_is_saved_as_a_film_and_what_fails_says_why(browser, there, tmp_path):
    place, recording, _ = there
    page, wrong = clips(browser, there, OWNER)
    page.get_by_role("button", name="Save as film “Wider?”").click()
    dialog = page.get_by_role("dialog", name="Save as film")
    expect(dialog).to_contain_text("“Wider?”, 0:08–0:11, 3.0 s")
    expect(dialog.get_by_role("radio", name="In the picture")).to_be_checked()
    dialog.get_by_role("radio", name="To switch on and off").focus()
    page.keyboard.press("Space")
    dialog.get_by_role("button", name="Make the film").press("Enter")
    made = dialog.get_by_role("list", name="Files that are made").get_by_role("listitem")
    expect(made).to_contain_text("Ready, ", timeout=FIRST_MS)
    film = saved(page, made.get_by_role("link", name="Save Fractions – Wider_.mp4"), tmp_path)
    assert probe(film).duration_s == pytest.approx(3.0, abs=0.1)
    expect(made).to_contain_text("It stays here for 24 hours.")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    chinese = Correction(Kind.TEXT, (Span(38.0, 41.0),), text="你好")
    put_right = place.cast.lessons.correct(place.cast.owner, recording, chinese)
    page.get_by_role("button", name="Save as film “I don’t agree”").click()
    expect(made).to_have_count(0)  # only what is of this clip
    dialog.get_by_role("button", name="Make the film").click()
    expect(made).to_contain_text("Save the film with separate captions instead.")
    place.cast.lessons.take_back(place.cast.owner, recording, put_right)
    made.get_by_role("button", name="Try again").click()
    expect(made).to_contain_text("Ready, ")
    assert broken(wrong) == []
    page.route("**/handouts/*", lambda route: route.abort())
    made.get_by_role("button", name="Remove").click()
    expect(dialog.get_by_role("alert")).to_contain_text("can’t be reached")
    page.unroute("**/handouts/*")
    wrong.clear()  # the browser's own word of it
    put_right = place.cast.lessons.correct(place.cast.owner, recording, chinese)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Save as film “I don’t agree”").click()
    expect(made).to_contain_text("Make it again.")
    place.cast.lessons.take_back(place.cast.owner, recording, put_right)
    made.get_by_role("button", name="Make again").click()
    expect(made).to_contain_text("Ready, ")
    made.get_by_role("button", name="Remove").click()
    expect(made).to_have_count(0)
    page.keyboard.press("Escape")
    assert broken(wrong) == []


def test_a_film_that_is_ready_is_told_of_where_nobody_waited(browser, there, tmp_path):
    page, wrong = clips(browser, there, OWNER)
    page.get_by_role("button", name="Save as film “Because”").click()
    with there[0].faults.slows("web.mp4"):  # or it is ready before the dialog is closed
        page.get_by_role("button", name="Make the film").click()
        expect(page.get_by_role("list", name="Files that are made").get_by_role("listitem")).to_have_count(1)
        page.keyboard.press("Escape")
    told = page.locator(".toast")
    expect(told).to_contain_text("Fractions – Because.mp4 is ready.")
    saved(page, told.get_by_role("button", name="Save"), tmp_path)
    assert broken(wrong) == []


def test_a_portfolio_in_the_order_that_was_chosen_and_every_text(browser, there, tmp_path):
    web = there[2]
    page, wrong = clips(browser, there, OWNER)
    page.get_by_role("button", name="Exports…").click()
    dialog = page.get_by_role("dialog", name="Exports")
    dialog.get_by_role("button", name="Move “I don’t agree” up").press("Enter")
    page.keyboard.press("Enter")  # the focus stays on it
    expect(page.get_by_text("“I don’t agree” is number 1.")).to_be_attached()
    dialog.get_by_role("checkbox", name="Because").uncheck()
    dialog.get_by_role("checkbox", name="Measures of the whole lesson").check()
    dialog.get_by_role("button", name="Make the portfolio").click()
    made = dialog.get_by_role("listitem").filter(has_text="portfolio.html")
    expect(made).to_contain_text("Ready, ")
    portfolio = saved(page, made.get_by_role("link", name="Save"), tmp_path).read_text(encoding="utf-8")
    heads = re.findall(r"<h2[^>]*>([^<]+)</h2>", portfolio)
    assert heads == ["I don’t agree", "Wider?", "The whole lesson in numbers"]
    for box in dialog.get_by_role("checkbox").all():
        box.uncheck()
    expect(dialog.get_by_role("button", name="Make the portfolio")).to_be_disabled()
    links = dialog.get_by_role("link").filter(has_not_text=re.compile("^Save$"))
    given = {str(link.get_attribute("href")) for link in links.all()}
    names = {href.rpartition("/")[2] for href in given}
    assert names == {*TEXTS, "comments.csv", "comments.jsonld"}
    assert {page.request.get(web.url + href).status for href in given} == {200}
    assert saved(page, links.nth(0), tmp_path).name == "Fractions – transcript.txt"
    dialog.get_by_role("button", name="Make the report").click()
    expect(dialog.get_by_role("listitem").filter(has_text="report.html")).to_contain_text("Ready, ")
    assert broken(wrong) == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_dialogs_fit_and_everybody_can_use_them(browser, there, size):
    page, wrong = clips(browser, there, OWNER, size)
    look = Look(page)
    for opens, closes in (("Exports…", "Exports"), ("Save as film “Wider?”", "Save as film")):
        page.get_by_role("button", name=opens).click()
        dialog = page.get_by_role("dialog", name=closes)
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("list", name="Files that are made")).to_be_attached()
        look.at(opens)
        dialog.get_by_role("button", name="Close").click()
    look.good()
    assert broken(wrong) == []


def test_who_may_not_keep_files_is_offered_none_and_who_may_not_measure_no_measures(browser, there):
    place, recording, _ = there
    give = place.cast.lessons.grant
    give(place.cast.owner, recording, COACH, [Grant.COMMENT])
    page, wrong = clips(browser, there, COACH)
    expect(page.get_by_role("button", name="Play “Wider?”")).to_be_visible()
    expect(page.get_by_role("button", name="Exports…")).to_have_count(0)
    expect(page.get_by_role("button", name="Save as film")).to_have_count(0)
    give(place.cast.owner, recording, COACH, [Grant.DOWNLOAD])
    page.reload()
    page.get_by_role("tab", name="Clips").click()
    page.get_by_role("button", name="Exports…").click()
    dialog = page.get_by_role("dialog", name="Exports")
    expect(dialog.get_by_role("link", name="Transcript to read")).to_be_visible()
    for of_measures in ("Measures", "Everything", "Annotations ELAN", "report"):
        expect(dialog.get_by_text(of_measures, exact=True)).to_have_count(0)
    assert broken(wrong) == []
