"""Somebody opens the library in a browser that was never here: how much is sent, and how soon they can type into it.

Once as on a desk, once over 4 Mbit/s (40 ms there and back) with a processor four times slower, as a phone has.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_web_library import PATIENCE_MS, TEACHER, browser, seed
from databases import fresh_database
from playwright.sync_api import Browser
from web import Web, served

LESSONS, LOADS = 24, 7
SLOW = {"offline": False, "latency": 40, "downloadThroughput": 4e6 / 8, "uploadThroughput": 4e6 / 8}
LINES: dict[str, tuple[dict[str, Any], int]] = {"desk": ({}, 1), "4 Mbit/s, processor 4 times slower": (SLOW, 4)}


def measure(kind: str, quick: bool) -> list[dict[str, Any]]:
    folder = Path(tempfile.mkdtemp(prefix="secondlook-bench-"))
    url = fresh_database(kind)
    seed(url, folder, LESSONS)
    try:
        with served(folder, url) as web, browser() as chromium:
            _open(web, chromium, {}, 1)  # loads what the server loads once
            return [_loaded(web, chromium, line, 1 if quick else LOADS) for line in LINES]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _loaded(web: Web, chromium: Browser, line: str, loads: int) -> dict[str, Any]:
    found = [_open(web, chromium, *LINES[line]) for _ in range(loads)]
    took = [seconds for seconds, _ in found]
    return {
        "line": line,
        "loads": loads,
        "usable_median_s": round(statistics.median(took), 2),
        "usable_max_s": round(max(took), 2),
        "sent_mb": round(max(sent for _, sent in found) / 1e6, 3),
    }


def _open(web: Web, chromium: Browser, network: dict[str, Any], slower: int) -> tuple[float, int]:
    """Seconds until the library can be searched, and the bytes that came by then, with their heads."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "secondlook_session", "value": web.session(TEACHER), "url": web.url}])
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    if network:
        cdp.send("Network.emulateNetworkConditions", network)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    sent = 0

    def came(event: dict[str, Any]) -> None:
        nonlocal sent
        sent += int(event["encodedDataLength"])

    cdp.on("Network.loadingFinished", came)
    began = time.monotonic()
    page.goto(web.url, wait_until="commit")
    page.get_by_placeholder("Search your lessons").wait_for(timeout=PATIENCE_MS)
    page.get_by_placeholder("Search your lessons").focus()
    took = time.monotonic() - began
    page.wait_for_load_state("networkidle")
    context.close()
    return took, sent
