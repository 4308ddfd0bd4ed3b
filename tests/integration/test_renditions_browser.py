"""The renditions where they are for: in a real browser, which plays, seeks and shows them upright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from media_files import BURSTS, LENGTH_S, run_ffmpeg
from playwright.sync_api import Browser, sync_playwright
from rendition_files import flashing

from pipelines.media import probe
from pipelines.media.renditions import audio_only, poster, web_video
from pipelines.progress import silent

BROWSER = Path(os.environ.get("CHROME_PATH", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required"
)

pytestmark = [
    pytest.mark.skipif(not BROWSER.exists(), reason=f"no browser at {BROWSER}; set CHROME_PATH to a Chromium"),
    pytest.mark.xdist_group("browser"),
]

PLAYS = """
async ([tag, url, at]) => {
  const media = document.createElement(tag);
  media.muted = true;
  media.src = URL.createObjectURL(await (await fetch(url)).blob());
  document.body.append(media);
  await new Promise((ready, failed) => {
    media.onloadeddata = ready;
    media.onerror = () => failed(new Error(media.error.message));
  });
  const before = media.currentTime;
  await media.play();
  await new Promise((moved) => {
    const timer = setInterval(() => {
      if (media.currentTime > before + 0.3) { clearInterval(timer); moved(); }
    }, 50);
  });
  media.pause();
  const sought = new Promise((done) => (media.onseeked = done));
  // "seeked" may be told before the frame is there to be drawn; one that never comes is drawn as it is.
  const shown = tag === "audio" ? sought : new Promise((done) => {
    const look = (_, frame) =>
      Math.abs(frame.mediaTime - at) < 0.1 ? done() : media.requestVideoFrameCallback(look);
    media.requestVideoFrameCallback(look);
    setTimeout(done, 10000);
  });
  media.currentTime = at;
  await sought;
  await shown;
  let corner = null, middle = null;
  if (tag === "video") {
    const canvas = document.createElement("canvas");
    canvas.width = media.videoWidth;
    canvas.height = media.videoHeight;
    const drawing = canvas.getContext("2d");
    drawing.drawImage(media, 0, 0);
    corner = [...drawing.getImageData(canvas.width >> 3, canvas.height >> 3, 1, 1).data];
    middle = [...drawing.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data];
  }
  return {duration: media.duration, width: media.videoWidth, height: media.videoHeight, corner, middle};
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS.split())
        yield started
        started.close()


def played(browser: Browser, tag: str, path: Path, at: float) -> dict[str, Any]:
    """What a browser says of a rendition that it plays, seeks to `at` seconds, and draws there."""
    page = browser.new_page()
    try:
        # A page of the same folder, so that its pixels may be read.
        (path.parent / "page.html").write_text("<!doctype html><title>plays</title>")
        page.route("http://plays.test/**", lambda route: route.fulfill(path=path.parent / Path(route.request.url).name))
        page.goto("http://plays.test/page.html")
        found: dict[str, Any] = page.evaluate(PLAYS, [tag, path.name, at])
        return found
    finally:
        page.close()


def is_red(pixel: list[int]) -> bool:
    return pixel[0] > 150 > max(pixel[1], pixel[2]) + 50


@pytest.mark.parametrize(
    ("name", "codecs"),
    [
        ("phone.mp4", ()),
        ("iphone.mov", ("-c:v", "libx265", "-x265-params", "log-level=none", "-tag:v", "hvc1", "-c:a", "aac")),
        ("recorder.mkv", ("-c:v", "mpeg4", "-q:v", "3", "-c:a", "flac")),
    ],
)
def test_it_plays_seeks_and_is_on_the_clock(browser: Browser, tmp_path: Path, name: str, codecs: tuple[str, ...]):
    """Drawn in the middle of a flash it is white, and half a second before the flash it is not."""
    first, last = BURSTS[0]
    source = flashing(tmp_path / name, *codecs)
    assert web_video([probe(source)], tmp_path, silent)
    lit = played(browser, "video", tmp_path / "web.mp4", (first + last) / 2)
    dark = played(browser, "video", tmp_path / "web.mp4", first - 0.5)
    assert lit["duration"] == pytest.approx(LENGTH_S, abs=0.2)
    assert (lit["width"], lit["height"]) == (320, 240)
    assert is_red(lit["corner"])
    assert min(lit["middle"]) > 200
    assert max(dark["middle"][:3]) < 100


@pytest.mark.parametrize("turn", [90, 270])
def test_a_phone_held_upright_is_seen_upright(browser: Browser, tmp_path: Path, turn: int):
    lying, phone = flashing(tmp_path / "lying.mp4"), tmp_path / "phone.mp4"
    run_ffmpeg("-display_rotation:v", str(turn), "-i", lying, "-c", "copy", phone)
    made = web_video([probe(phone)], tmp_path, silent)
    assert made is not None
    seen = played(browser, "video", tmp_path / "web.mp4", 3.5)
    assert (seen["width"], seen["height"]) == (240, 320) == (made.width, made.height)


def test_the_sound_alone_plays(browser: Browser, tmp_path: Path):
    source = flashing(tmp_path / "phone.mp4")
    audio_only([probe(source)], tmp_path, silent)
    assert played(browser, "audio", tmp_path / "audio.m4a", 6.0)["duration"] == pytest.approx(LENGTH_S, abs=0.2)


def test_the_poster_is_shown(browser: Browser, tmp_path: Path, sample: Path):
    assert poster([probe(sample / "sample-lesson.mp4")], tmp_path, silent)
    page = browser.new_page()
    page.set_content("<img>")
    page.route("**/poster.jpg", lambda route: route.fulfill(path=tmp_path / "poster.jpg"))
    size = page.evaluate(
        """async () => { const i = document.querySelector('img'); i.src = 'http://plays.test/poster.jpg';
        await i.decode(); return [i.naturalWidth, i.naturalHeight]; }"""
    )
    page.close()
    assert size == [1280, 720]
