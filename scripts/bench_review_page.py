"""The review stage in Chromium: opened, written in by two at once, scrubbed and played, and left playing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from web import BROWSER, FLAGS

if TYPE_CHECKING:
    from bench_review import There

PATIENCE_MS = 120_000
OWNER, COACH = "owner@school.org", "coach@school.org"
LOADS, WRITTEN, PLAY_S, MINUTES = 7, 60, 30, 10
AUTOPLAY = "--autoplay-policy=no-user-gesture-required"

USABLE = """() => {
  const film = document.querySelector("video");
  return film?.readyState >= 2 && document.querySelector("li.turn") && document.querySelector(".composer textarea");
}"""
"""The film has a picture, what was said stands there, and one can write."""

LONG = """() => { window.long = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries()) window.long.push(Math.round(one.duration)) })
    .observe({ type: "longtask", buffered: true }) }"""
"""Tasks that held the page up for more than 50 ms, as the browser counts them."""

SEEN = """(words) => new Promise((done) => {
  const there = () => document.querySelector(".side").textContent.includes(words);
  const look = () => { if (there()) { watch.disconnect(); requestAnimationFrame(() => done(Date.now())); } };
  const watch = new MutationObserver(look);
  watch.observe(document.querySelector(".side"), { childList: true, subtree: true, characterData: true });
  look();
})"""
"""When these words stood in a picture of the page, in ms since 1970."""


PRESSED = """() => {
  document.addEventListener("keydown", () => { window.sent = Date.now() }, { once: true, capture: true });
}"""
"""Note when the next key is pressed."""


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(BROWSER), args=[*FLAGS, AUTOPLAY])
        yield started
        started.close()


def _context(chromium: Browser, there: There, email: str) -> BrowserContext:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    cookie = there.web.session(email)
    context.add_cookies([{"name": "secondlook_session", "value": cookie, "url": there.web.url}])
    return context


def _open(page: Page, there: There) -> float:
    """Seconds from asking for the page until it is usable."""
    began = time.monotonic()
    page.goto(f"{there.web.url}/review?recording={there.recording}", wait_until="commit")
    page.wait_for_function(USABLE, timeout=PATIENCE_MS, polling="raf")
    return time.monotonic() - began


def opening(there: There) -> list[dict[str, Any]]:
    """In a browser that was never here, and in one that was."""
    loads = 1 if there.quick else LOADS
    cold: list[float] = []
    warm: list[float] = []
    long: list[int] = []
    with browser() as chromium:
        for _ in range(loads + 1):  # the first loads what the server loads once
            context = _context(chromium, there, OWNER)
            context.add_init_script(f"({LONG})()")
            page = context.new_page()
            cold.append(_open(page, there))
            page.wait_for_timeout(500)
            warm.append(_open(page, there))
            page.wait_for_timeout(500)
            long += page.evaluate("window.long")
            context.close()
    return [
        {"browser": name, "loads": loads, **_spread(took[1:])} | told
        for name, took, told in (("new", cold, {}), ("was here", warm, _held_up(long)))
    ]


def comments(there: There) -> list[dict[str, Any]]:
    """One writes, and the other has the comments open: until the words stand on the screen of each."""
    own, other = [], []
    with browser() as chromium:
        writes, reads = (_context(chromium, there, who).new_page() for who in (OWNER, COACH))
        for page in (writes, reads):
            _open(page, there)
            page.get_by_role("tab", name="Comments").click()
        field = writes.get_by_role("form", name="New comment").get_by_role("textbox")
        field.click()
        writes.get_by_label("Who can read this").first.select_option("lesson")
        for n in range(5 if there.quick else WRITTEN):
            words = f"They compare the pieces, {n}."
            field.fill(words)
            for page in (writes, reads):
                page.evaluate(f"(words) => {{ window.seen = ({SEEN})(words) }}", words)
            writes.evaluate(PRESSED)
            field.press("Enter")
            sent = writes.evaluate("window.sent")
            own.append(writes.evaluate("window.seen") - sent)
            other.append(reads.evaluate("window.seen") - sent)
    return [
        {"screen": screen, "comments": len(took), "median_ms": statistics.median(took), "p95_ms": _p95(took)}
        for screen, took in (("of who wrote it", own), ("of the other", other))
    ]


def smooth(there: There) -> list[dict[str, Any]]:
    """Tasks of more than 50 ms while the film plays, and while somebody drags over the timeline, transcript open."""
    found = []
    with browser() as chromium:
        page = _context(chromium, there, OWNER).new_page()
        _open(page, there)
        page.wait_for_timeout(2000)
        page.evaluate(LONG)
        page.evaluate("window.long.length = 0")
        page.evaluate("document.querySelector('video').muted = true; document.querySelector('video').play()")
        page.wait_for_timeout((2 if there.quick else PLAY_S) * 1000)
        found.append({"what": "playing", **_held_up(_long(page))})
        _drag(page, 60 if there.quick else 600)
        found.append({"what": "scrubbing", **_held_up(_long(page))})
    return found


def _long(page: Page) -> list[int]:
    page.wait_for_timeout(300)
    return list(page.evaluate("window.long.splice(0)"))


def _held_up(long: list[int]) -> dict[str, Any]:
    return {"long_tasks": len(long), "longest_ms": max(long, default=0)}


def _drag(page: Page, steps: int) -> None:
    box = page.get_by_role("slider", name="Lesson timeline").bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 5, y)
    page.mouse.down()
    for n in range(steps):
        page.mouse.move(box["x"] + 5 + (box["width"] - 10) * abs((n % 200) - 100) / 100, y)
        page.wait_for_timeout(16)
    page.mouse.up()


def memory(there: There) -> list[dict[str, Any]]:
    """What the page holds, minute by minute of playing: JavaScript's heap after collecting, nodes and listeners."""
    found = []
    with browser() as chromium:
        page = _context(chromium, there, OWNER).new_page()
        _open(page, there)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        page.evaluate("document.querySelector('video').muted = true; document.querySelector('video').play()")
        for minute in range((1 if there.quick else MINUTES) + 1):
            page.wait_for_timeout(1000 if there.quick else 60_000 if minute else 5_000)
            cdp.send("HeapProfiler.collectGarbage")
            told = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
            at = page.evaluate("document.querySelector('video').currentTime")
            found.append((at, told["JSHeapUsedSize"] / 1e6, int(told["Nodes"]), int(told["JSEventListeners"])))
    return [
        {
            "played_s": round(found[-1][0] - found[0][0]),
            "heap_mb": [round(heap, 2) for _, heap, _, _ in found],
            "nodes": [nodes for *_, nodes, _ in found],
            "listeners": [listeners for *_, listeners in found],
        }
    ]


def _spread(values: list[float]) -> dict[str, float]:
    return {"median_s": round(statistics.median(values), 2), "max_s": round(max(values), 2)}


def _p95(values: list[float]) -> float:
    return sorted(values)[int(0.95 * len(values))]
