"""Chromium as people use it: somebody signed in, at a desk or on a phone, and what goes wrong there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Response, expect, sync_playwright
from web import BROWSER, FLAGS, PASSWORD, PATIENCE_S, Web

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

APP = "[data-testid=stApp]"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

FIRST_MS = 120_000
"""For the first thing that a worker makes which has just been started."""

expect.set_options(timeout=1000 * PATIENCE_S)  # machines are shared, and this is no measurement


@contextmanager
def started() -> Iterator[Browser]:
    """A browser, for the fixture `browser`; whoever needs one is skipped where there is none."""
    if not BROWSER.exists():
        pytest.skip(f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS)
        new = browser.new_context

        def new_context(**options: Any) -> BrowserContext:
            context = new(**options)
            context.set_default_timeout(1000 * PATIENCE_S)  # of clicks and the like, which expect's is not
            return context

        browser.new_context = new_context
        yield browser
        browser.close()


def watched(context: BrowserContext, url: str) -> list[str]:
    """What goes wrong in it from now on: on the console, in scripts; and what is asked of others than the server."""
    wrong: list[str] = []
    loud = ("error", "warning")
    context.on("console", lambda m: wrong.append(f"{m.text} {m.location['url']}") if m.type in loud else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else wrong.append(r.url))
    return wrong


PICTURES = re.compile(r"404 \(Not Found\) \S+/recordings/\w+/(poster\.jpg|thumbnails\.vtt|peaks\.dat|overview\.dat)$")


def broken(wrong: list[str]) -> list[str]:
    """But for pictures and the like, of which lessons that a Place brings have none."""
    return [one for one in wrong if not PICTURES.search(one)]


def settled(page: Page | Locator) -> None:
    """Streamlit may lose a click that comes while it begins anew, and draws pale what is not yet new."""
    app = (page.page if isinstance(page, Locator) else page).locator(APP)
    expect(app).to_have_attribute("data-test-script-state", "notRunning")


def opened(context: BrowserContext, web: Web, email: str, path: str = "/") -> Page:
    """A page as somebody sees it who is signed in, without the price of a password."""
    context.add_cookies([{"name": "secondlook_session", "value": web.session(email), "url": web.url}])
    page = context.new_page()
    page.goto(web.url + path)
    return page


def visit(
    browser: Browser, web: Web, email: str, path: str = "/", size: Any = DESK, **options: Any
) -> tuple[Page, list[str]]:
    """Somebody's page in a browser of its own, and what goes wrong there."""
    context = browser.new_context(viewport=size, **options)
    wrong = watched(context, web.url)
    return opened(context, web, email, path), wrong


def press(page: Page | Locator, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    button.wait_for()
    settled(page)
    button.click()


def until(page: Page, true: Callable[[], bool]) -> None:
    """What somebody did has reached the server."""
    for _ in range(600):
        if true():
            return
        page.wait_for_timeout(100)
    raise AssertionError


def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    """By the page that everybody signs in on."""
    page.goto(url)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


class Trace:
    """Where each request that brings bytes begins (`brought`), and where the server said to go on (`told`)."""

    def __init__(self, page: Page) -> None:
        self.brought: list[int] = []
        self.told: list[int] = []
        page.on("request", self._request)
        page.on("response", self._response)

    def _request(self, request: Request) -> None:
        if request.method == "PATCH":
            self.brought.append(int(request.headers["upload-offset"]))

    def _response(self, response: Response) -> None:
        if response.request.method == "HEAD" and response.ok:
            self.told.append(int(response.headers["upload-offset"]))

    @property
    def went_on(self) -> bool:
        """It began with what the server had, which was something."""
        return self.brought[0] == self.told[0] > 0


class Look:
    """What axe-core says of pages, light and dark, and whether they fit."""

    def __init__(self, page: Page) -> None:
        self._page, self._bad = page, set[tuple[Any, ...]]()

    def at(self, name: str, scrolls: str = "html") -> None:
        """At what is there now; `scrolls` is what must not be wider than the window."""
        for theme in ("light", "dark"):
            self._page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            if self._page.locator(APP).count():
                settled(self._page)
            self._page.evaluate(DRAWN)
            width = self._page.evaluate("s => document.querySelector(s).scrollWidth", scrolls)
            assert width <= self._page.viewport_size["width"], name
            found: Mapping[str, Any] = Axe().run(self._page).response
            self._bad |= {
                (name, theme, v["id"], node["html"][:160])
                for v in found["violations"]
                if v["impact"] in ("serious", "critical")
                for node in v["nodes"]
            }

    def good(self) -> None:
        assert self._bad == set()
