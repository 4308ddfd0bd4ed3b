"""What a browser gets before it has anything: packed, kept for good, and never somebody else's name."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest
from databases import fresh_database
from playwright.sync_api import expect
from stores import school
from web import Web, served

from ui import frontend

expect.set_options(timeout=60_000)

pytestmark = pytest.mark.xdist_group("web")

TITLES = """window.titles = [];
new MutationObserver(() => { if (titles.at(-1) !== document.title) titles.push(document.title) })
  .observe(document, {subtree: true, childList: true, characterData: true});"""

SCRIPT = next(f"/static/js/{p.name}" for p in sorted((frontend.HOME / "static" / "js").glob("protobuf.*.js")))


@pytest.fixture(scope="module")
def web(tmp_path_factory) -> Iterator[Web]:
    url = fresh_database("sqlite")
    cast = school(url)
    cast.ready()
    with served(tmp_path_factory.mktemp("data"), url) as found:
        yield found
    cast.database.close()


def test_what_the_app_is_made_of_is_packed_and_kept_for_good(web):
    plain = web.ask(SCRIPT)
    packed = web.ask(SCRIPT, headers={"Accept-Encoding": "gzip, br"})
    assert (plain.status, packed.status) == (200, 200)  # for everybody: the page that signs in may want it too
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body == (frontend.HOME / SCRIPT[1:]).read_bytes()
    assert len(packed.body) < len(plain.body) / 4
    for answer in (plain, packed):
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "javascript" in answer.headers["content-type"]
        assert "set-cookie" not in answer.headers
    head = web.ask(SCRIPT, method="HEAD", headers={"Accept-Encoding": "gzip"})
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(packed.body)))


@pytest.mark.parametrize(
    "path",
    ["", "js", "js/", "js/none.js", "../index.html", "..%2f..%2findex.html", "js/../../index.html", "js//x"],
)
def test_no_path_leads_to_anything_else(web, path):
    answer = web.ask(f"/static/{path}", web.session("owner@school.org"))
    assert answer.status in (400, 404)
    assert b"<html" not in answer.body
    assert web.ask(SCRIPT, method="DELETE", headers={"Origin": web.url}).status == 404


def test_what_is_somebodys_is_still_kept_by_no_cache(web):
    cookie = web.session("owner@school.org")
    for path in ("/", "/lessons", "/account"):
        answer = web.ask(path, cookie, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["cache-control"] in ("no-cache", "no-store")
    assert "Streamlit" not in re.findall("<title>.*</title>", web.ask("/", cookie).text)[0]


@pytest.mark.parametrize(("path", "heading"), [("/", "Shared with you"), ("/jobs", "Jobs")])
def test_a_page_comes_under_its_own_name_without_fonts_and_the_second_time_from_the_cache(web, browser, path, heading):
    context = browser.new_context(color_scheme="dark")
    context.add_cookies([{"name": "secondlook_session", "value": web.session("admin@school.org"), "url": web.url}])
    wrong: list[str] = []
    context.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page = context.new_page()
    page.add_init_script(TITLES)
    for fetched in (True, False):
        page.goto(web.url + path)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="Codebooks")).to_be_visible()  # what is fetched last is here too
        asked = page.evaluate(
            "performance.getEntriesByType('resource').map(e => [new URL(e.name).pathname, e.transferSize])"
        )
        sent = {name: size for name, size in asked if name.startswith("/static/")}
        assert len(sent) > 60
        assert all(bool(size) == fetched for size in sent.values()), sent
        assert not [name for name in sent if name.endswith((".woff2", ".ttf"))]
        assert sum(sent.values()) < 800_000
        titles = page.evaluate("titles")
        assert titles[0] == "Second Look"
        assert titles[-1].endswith("· Second Look")
        assert not [title for title in titles if "Streamlit" in title]
    context.close()
    assert wrong == []


def test_before_anything_has_come_it_is_ours_and_dark_where_it_shall_be_dark(web, browser):
    context = browser.new_context(color_scheme="dark")
    context.add_cookies([{"name": "secondlook_session", "value": web.session("owner@school.org"), "url": web.url}])
    page = context.new_page()
    page.route(re.compile("/static/"), lambda route: route.abort())
    page.goto(web.url, wait_until="domcontentloaded")
    expect(page.get_by_text("Second Look", exact=True)).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(25, 24, 22)"
    context.close()
