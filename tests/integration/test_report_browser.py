"""The report in a real browser: on a phone and on a desk, in light and dark, by keyboard and without JavaScript."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import lessons
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from coaching.by_ear import answers, checked, draw
from pipelines.report import render_report

BROWSER = Path(os.environ.get("CHROME_PATH", "/usr/bin/chromium"))

FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}

pytestmark = [
    pytest.mark.skipif(not BROWSER.exists(), reason=f"no browser at {BROWSER}; set CHROME_PATH to a Chromium"),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, str]:
    """Addresses of reports on disk, by the name of the lesson."""
    folder = tmp_path_factory.mktemp("reports")
    made = {"drawn": lessons.lesson(), "long": lessons.long_lesson(150), "harm": lessons.hostile()}
    made["grows"] = lessons.lesson(
        [lessons.said(0, 2, "S1", "İİİ in İstanbul"), lessons.said(3, 4, "S2", "Where is Istanbul?")]
    )
    talk = [lessons.said(0, 50, "S1"), lessons.said(50, 70, "S2"), lessons.said(60, 65, "S1")]
    plain = lessons.lesson(talk, duration=100.0)
    clips = draw(plain.transcript, 1)
    made["checked"] = checked(plain, answers(clips, [c.machine for c in clips], "2026-11-26"), "Room 12", 40)
    made["short"] = lessons.lesson([lessons.said(0, 0, "S1", "Hello?")], duration=0.0)
    for name, lesson in made.items():
        (folder / f"{name}.html").write_text(render_report(lesson), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in made}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(BROWSER), args=FLAGS.split())
        yield started
        started.close()


@pytest.fixture
def open_page(browser, reports):
    """Opens a report; at the end of the test nothing may have been asked of the network, and nothing gone wrong."""
    contexts, wrong = [], []

    def go(name: str = "drawn", size: dict[str, int] = DESK, **options) -> Page:
        context = browser.new_context(viewport=size, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: request.url == reports[name] or wrong.append(request.url))
        page.goto(reports[name])
        return page

    yield go
    for context in contexts:
        context.close()
    assert [w for w in wrong if not w.startswith(tuple(f"{url}#" for url in reports.values()))] == []


@pytest.mark.parametrize("name", ["drawn", "long", "harm", "checked"])
@pytest.mark.parametrize("size", [{"width": 320, "height": 640}, PHONE, {"width": 768, "height": 1024}, DESK])
def test_nothing_scrolls_sideways(open_page, name: str, size: dict[str, int]) -> None:
    page = open_page(name, size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]


def test_hostile_text_runs_nothing(open_page) -> None:
    page = open_page("harm")
    assert page.title().endswith("· Second Look")
    assert page.evaluate("document.images.length") == 0
    assert page.evaluate("document.scripts.length") == 1


def test_it_is_dark_where_the_system_is(open_page) -> None:
    colours = [
        open_page(color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    ]
    assert colours == ["rgb(250, 247, 242)", "rgb(25, 24, 22)"]


CONTRAST = """() => {
  const number = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => {
    const [r, g, b] = number(c).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (number(c)[3] !== 0) return c;
    }
    return "rgb(255, 255, 255)";
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const e = n.parentElement;
    if (!n.data.trim() || ["SCRIPT", "STYLE"].includes(e.tagName) || !e.checkVisibility()) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.push([n.data.trim().slice(0, 40), ((a + 0.05) / (b + 0.05)).toFixed(2)]);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_can_be_read(open_page, scheme: str) -> None:
    """WCAG 1.4.3: 4.5 to 1."""
    assert open_page(color_scheme=scheme).evaluate(CONTRAST) == []


def test_what_is_pressed_on_a_phone_is_large_enough(open_page) -> None:
    """44 pixels high, save links in a line of text, which WCAG 2.5.8 leaves out."""
    page = open_page("drawn", PHONE, has_touch=True)
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, summary, label:has(input), input[type=search]")]
          .filter((e) => e.checkVisibility() && !e.matches(".skip, .made a"))
          .map((e) => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect().height])
          .filter(([, height]) => height < 44)"""
    )
    assert small == []


def test_without_javascript_everything_is_there(open_page) -> None:
    page = open_page("long", java_script_enabled=False)
    page.get_by_label("Show all", exact=False).first.check()
    assert page.locator(LISTED).count() == page.locator(".asked .list > li").count()
    assert page.locator(".turn").count() > 800
    assert page.locator("#find").is_hidden()
    bar = page.locator("a.bar").first
    moments = page.locator(f".bin{bar.get_attribute('href')}")
    assert moments.is_hidden()
    bar.click()
    assert moments.is_visible()
    page.get_by_role("radio", name="Asks for a reason").check(force=True)
    assert set(page.locator(".asked .list > li:visible .q").all_inner_texts()) == {"Asks for a reason"}


def test_a_bar_opens_its_moments_and_closes_them(open_page) -> None:
    page = open_page("long")
    bars = page.get_by_role("button", name="waits of")
    first, second = bars.nth(0), bars.nth(1)
    first.click()
    assert first.get_attribute("aria-expanded") == "true"
    opened = page.locator(".bin.open")
    assert opened.locator("li").count() == int(first.inner_text())
    second.focus()
    page.keyboard.press("Space")
    assert first.get_attribute("aria-expanded") == "false"
    assert opened.count() == 1
    second.press("Enter")
    assert opened.count() == 0


def test_questions_can_be_shown_by_kind(open_page) -> None:
    page = open_page("long")
    everything = page.locator(".asked .list > li").count()
    page.get_by_text("Checks understanding", exact=True).first.click()
    shown = page.locator(".asked .list > li:visible .q").all_inner_texts()
    assert 0 < len(shown) < everything
    assert set(shown) == {"Checks understanding"}
    # The radio buttons are one stop for the keyboard, and arrows go through them.
    page.keyboard.press("ArrowUp")
    assert set(page.locator(".asked .list > li:visible .q").all_inner_texts()) == {"Yes or no"}


LISTED = ".asked .list > li:visible"


def test_a_long_list_shows_its_beginning_and_then_all(open_page) -> None:
    page = open_page("long")
    everything = page.locator(".asked .list > li").count()
    more = page.get_by_label(f"Show all {everything} questions")
    assert page.locator(LISTED).count() == 12
    more.check()
    assert page.locator(LISTED).count() == everything
    more.uncheck()
    # One kind alone is shown whole, without asking.
    kind = page.get_by_role("radio", name="Open", exact=False).first
    kind.check(force=True)
    assert page.locator(LISTED).count() == int(page.locator("label:has(#k-open) b").inner_text()) > 12
    assert more.is_hidden()


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_no_box_inside_the_page_scrolls_up_and_down(open_page, size: dict[str, int]) -> None:
    boxes = open_page("long", size).evaluate(
        """[...document.querySelectorAll("main *")].filter((e) => e.scrollHeight > e.clientHeight + 1
          && ["auto", "scroll"].includes(getComputedStyle(e).overflowY)).length"""
    )
    assert boxes == 0


def test_search_marks_nothing_wrong_where_letters_grow_in_lower_case(open_page) -> None:
    page = open_page("grows")
    page.get_by_label("Search the transcript").fill("bul")
    # "İ" is two letters in lower case: marks behind it would lie wrong, or outside the text.
    expect(page.locator("#found")).to_have_text("2 turns")
    marked = page.evaluate("[...CSS.highlights.get('found')].map((r) => r.toString())")
    assert marked == ["bul"]


def test_search_leaves_the_turns_that_hold_the_words(open_page) -> None:
    page = open_page("drawn")
    page.get_by_label("Search the transcript").fill("BIGGER")
    # The teacher at 0:11 and 0:26, the student at 0:21.
    expect(page.locator("#found")).to_have_text("3 turns")
    assert [t.get_attribute("id") for t in page.locator(".turn:visible").all()] == ["t3", "t6", "t7"]
    assert page.evaluate("CSS.highlights.get('found').size") == 3
    page.keyboard.press("Escape")
    assert page.locator(".turn:visible").count() == 12


def test_a_link_finds_its_turn_even_while_a_search_hides_it(open_page) -> None:
    page = open_page("drawn")
    page.get_by_label("Search the transcript").fill("minute")
    expect(page.locator("#found")).to_have_text("1 turn")
    page.get_by_role("list", name="Your questions").get_by_role("link", name="Go to 0:18").click()
    assert page.locator(".ask:target").inner_text() == "Is it wider?"
    assert page.locator(".ask:target").is_visible()


def test_a_time_goes_to_the_question_far_down_a_long_transcript(open_page) -> None:
    page = open_page("long")
    page.locator(".asked .more input").check()
    link = page.locator(".asked .list li a").last
    link.click()
    asked = page.locator(".ask:target")
    assert asked.inner_text() == page.locator(".asked .list li p").last.inner_text()
    page.wait_for_timeout(300)
    box = asked.bounding_box()
    assert box
    assert 0 <= box["y"] <= DESK["height"]


def test_the_ribbon_says_the_time_to_the_mouse(open_page) -> None:
    page = open_page("drawn")
    ribbon, bubble = page.locator("#ribbon"), page.locator("#bubble")
    box = ribbon.bounding_box()
    assert box
    assert bubble.is_hidden()
    # 23 s of 60: the student's long answer, 21 to 25 s.
    ribbon.hover(position={"x": box["width"] * 23.05 / 60, "y": 20})
    assert bubble.inner_text() == "0:23 · A student"
    ribbon.click(position={"x": box["width"] * 23.05 / 60, "y": 20})
    assert page.locator(".turn.near").get_attribute("id") == "t6"


def test_the_ribbon_is_a_slider_to_the_keyboard(open_page) -> None:
    page = open_page("drawn")
    ribbon = page.get_by_role("slider")
    ribbon.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert ribbon.get_attribute("aria-valuetext") == "0:15 · Silence"
    page.keyboard.press("End")
    assert ribbon.get_attribute("aria-valuenow") == "60"
    page.keyboard.press("Home")
    page.keyboard.press("Enter")
    assert page.locator(".turn.near").get_attribute("id") == "t1"


def test_a_finger_first_sees_the_time_and_then_goes_there(open_page) -> None:
    page = open_page("drawn", PHONE, has_touch=True)
    ribbon = page.locator("#ribbon")
    box = ribbon.bounding_box()
    assert box
    spot = {"x": box["width"] * 12 / 60, "y": 10}
    ribbon.tap(position=spot)
    assert page.locator("#bubble").inner_text() == "0:12 · You"
    assert page.locator(".turn.near").count() == 0
    ribbon.tap(position=spot)
    assert page.locator(".turn.near").get_attribute("id") == "t3"


def test_it_prints_in_light_colours_and_whole(open_page) -> None:
    page = open_page("long", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#find").is_hidden()
    hidden = page.evaluate(
        """[...document.querySelectorAll(".turn, .asked li")]
          .filter((e) => !e.checkVisibility({contentVisibilityAuto: true})).length"""
    )
    assert hidden == 0


def test_a_lesson_of_no_length_opens(open_page) -> None:
    page = open_page("short")
    page.locator("#ribbon").hover()
    assert page.locator("#bubble").inner_text() == "0:00 · Silence"


def test_landmarks_and_names(open_page) -> None:
    page = open_page("drawn")
    tree = page.locator("body").aria_snapshot()
    for expected in (
        "- banner",
        '- navigation "In this report"',
        "- main",
        "- contentinfo",
        'heading "Comparing fractions" [level=1]',
        'region "Who “you” is"',
        'region "Who spoke"',
        'group "Show"',
        'list "Your questions"',
        'searchbox "Search the transcript"',
    ):
        assert expected in tree


def test_a_double_lesson_opens_quickly(open_page) -> None:
    """Counted in work, not in wall time: what the browser laid out and drew until the page stood."""
    page = open_page("long", PHONE)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    metrics = {m["name"]: m["value"] for m in devtools.send("Performance.getMetrics")["metrics"]}
    assert metrics["Nodes"] < 60_000
    assert metrics["LayoutDuration"] + metrics["RecalcStyleDuration"] + metrics["ScriptDuration"] < 2.0
