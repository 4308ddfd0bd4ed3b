"""Chromium as people use it: somebody signed in, at a desk or on a phone, and what goes wrong there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from web import BROWSER, FLAGS, PASSWORD, Web

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

expect.set_options(timeout=60_000)  # machines are shared, and this is no measurement


@contextmanager
def started() -> Iterator[Browser]:
    """A browser, for the fixture `browser`; whoever needs one is skipped where there is none."""
    if not BROWSER.exists():
        pytest.skip(f"no browser at {BROWSER}; set CHROME_PATH to a Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS)
        yield browser
        browser.close()


def watched(context: BrowserContext, url: str) -> list[str]:
    """What goes wrong in it from now on: on the console, in scripts; and what is asked of others than the server."""
    wrong: list[str] = []
    context.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    context.on("request", lambda r: None if r.url.startswith((url, "data:", "blob:")) else wrong.append(r.url))
    return wrong


def opened(context: BrowserContext, web: Web, email: str, path: str = "/") -> Page:
    """A page as somebody sees it who is signed in, without the price of a password."""
    context.add_cookies([{"name": "secondlook_session", "value": web.session(email), "url": web.url}])
    page = context.new_page()
    page.goto(web.url + path)
    return page


def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    """By the page that everybody signs in on."""
    page.goto(url)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


class Look:
    """What axe-core says of pages, and whether they fit."""

    def __init__(self, page: Page) -> None:
        self._page, self._bad = page, set[tuple[Any, ...]]()

    def at(self, name: str, scrolls: str = "html") -> None:
        """At what is there now; `scrolls` is what must not be wider than the window."""
        width = self._page.evaluate("s => document.querySelector(s).scrollWidth", scrolls)
        assert width <= self._page.viewport_size["width"], name
        found: Mapping[str, Any] = Axe().run(self._page).response
        self._bad |= {
            (name, v["id"], node["html"][:160])
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"]
        }

    def good(self) -> None:
        assert self._bad == set()
