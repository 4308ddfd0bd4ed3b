"""Covering the faces in a clip, as its owner does it: what is none is shown, what was missed is covered; the film."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from browsing import DESK, FIRST_MS, PHONE, Look, broken, press, visit
from making import Place
from playwright.sync_api import expect
from web import Web, served

from coaching.handouts import Making

pytestmark = pytest.mark.xdist_group("web")

OWNER, COACH = "owner@school.org", "coach@school.org"


@pytest.fixture(scope="module")
def there(shared, tmp_path_factory) -> Iterator[tuple[Place, str, Web, str]]:
    place = Place("sqlite", tmp_path_factory.mktemp("faces"))
    shutil.copyfile(shared / "video" / "people.mp4", place.film)
    recording = place.bring("fractions")
    place.cast.lessons.rename(place.cast.owner, recording, "Fractions")
    clip = place.clip(recording, 7.9, 9.4, "They listen")
    place.work()
    with served(place.data, place.url) as web:
        yield place, recording, web, clip
    place.close()


PLAYED = """async (film) => {
  film.muted = true;
  await film.play();
  await new Promise((shown) => {
    const look = () => (film.currentTime > 0.4 ? shown() : film.requestVideoFrameCallback(look));
    look();
  });
  film.pause();
}"""
"""A picture of it is shown: before that, some browsers draw black."""


def colour(page, x: float, y: float) -> list[int]:
    """What the covered film shows at a place of its picture, shares of it."""
    return page.locator("#result").evaluate(
        """(film, [x, y]) => {
          const drawn = Object.assign(document.createElement("canvas"), {width: 640, height: 360});
          const context = drawn.getContext("2d");
          context.drawImage(film, 0, 0, 640, 360);
          return [...context.getImageData(640 * x, 360 * y, 1, 1).data].slice(0, 3);
        }""",
        [x, y],
    )


def is_grey(found: list[int]) -> bool:
    return all(abs(one - 125) < 14 for one in found)


def test_an_owner_has_faces_covered_puts_it_right_and_watches_the_film(browser, there):
    place, recording, web, clip = there
    page, wrong = visit(browser, web, OWNER, f"/review?recording={recording}")
    press(page, "Sharing…")
    dialog = page.get_by_role("dialog", name="Who can see this lesson")
    dialog.get_by_text("People you choose, these clips only").click()
    dialog.get_by_role("link", name="They listen").click()
    expect(page.get_by_role("heading", name="Show this clip without anybody’s face")).to_be_visible()
    page.get_by_role("button", name="Cover the faces in this clip").click()
    expect(page.locator("#standing")).to_contain_text("The covered film is ready", timeout=FIRST_MS)
    faces = page.locator(".fc-face")
    expect(faces.nth(3), "people sit there").to_be_visible()
    many = faces.count()

    biggest = max(range(many), key=lambda n: faces.nth(n).bounding_box()["width"])
    box = faces.nth(biggest).bounding_box()
    frame = page.locator("#over").bounding_box()
    middle = (
        (box["x"] + box["width"] / 2 - frame["x"]) / frame["width"],
        (box["y"] + box["height"] / 2 - frame["y"]) / frame["height"],
    )
    faces.nth(biggest).click()
    page.get_by_role("button", name="Not a face").click()
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(page.get_by_role("button", name="Cover again")).to_be_visible()
    expect(page.locator(".fc-face.removed")).to_have_count(1)

    page.get_by_role("button", name="Cover something else").click()
    page.mouse.move(frame["x"] + 0.05 * frame["width"], frame["y"] + 0.7 * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.25 * frame["width"], frame["y"] + 0.95 * frame["height"], steps=5)
    page.mouse.up()
    expect(page.locator(".fc-face.hand")).to_have_count(1)
    expect(page.locator(".fc-face.hand")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#saved")).to_contain_text("Saved")
    expect(page.locator("#standing")).to_contain_text("The covered film is ready")
    marked = place.cast.faces.faces(place.cast.owner, clip)
    assert len(marked.marked.removed) == len(marked.marked.added) == 1
    assert marked.marked.added[0].moments[0].box.x == pytest.approx(0.06, abs=0.01)
    assert marked.film.state is Making.READY

    page.get_by_role("button", name="See the covered film").click()
    film = page.locator("#result")
    film.evaluate(PLAYED)
    assert film.evaluate("film => { film.pause(); return film.duration; }") == pytest.approx(1.5, abs=0.1)
    assert is_grey(colour(page, 0.16, 0.82)), "what was drawn"
    assert not is_grey(colour(page, *middle)), "what is no face"

    page.get_by_role("button", name="Back to what is covered").click()
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator(".fc-face.hand")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".fc-face.removed")).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    expect(page.locator("#standing")).to_contain_text("The covered film is ready")
    page.get_by_role("button", name="See the covered film").click()
    film.evaluate(PLAYED)
    assert is_grey(colour(page, *middle))

    place.cast.lessons.give_clips(place.cast.owner, recording, COACH, [clip])
    coach, wrong_there = visit(browser, web, COACH, "/clips")
    source = coach.locator("video").first
    expect(source).to_be_visible()
    covered = place.cast.lessons.given_clip(place.cast.cast["coach"], clip).film.path
    assert covered == place.cast.faces.faces(place.cast.owner, clip).film.path
    coach.goto(f"{web.url}/faces?clip={clip}")
    expect(coach.get_by_role("heading", name="There is no such clip here")).to_be_visible()
    assert broken(wrong) == []
    assert [one for one in broken(wrong_there) if "404" not in one] == []


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_page_fits_and_everybody_can_use_it(browser, there, size):
    place, recording, web, clip = there
    page, wrong = visit(browser, web, OWNER, f"/faces?clip={clip}", size)
    look = Look(page)
    place.cast.faces.cover(place.cast.owner, clip)
    page.reload()
    expect(page.locator("#standing")).to_contain_text("The covered film is ready")
    page.get_by_role("button", name="Cover something else").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#hint")).to_contain_text("press Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".fc-face.hand")).to_be_focused()
    look.at("correcting")
    page.get_by_role("button", name="Take it away").click()
    expect(page.locator("#standing")).to_contain_text("The covered film is ready")
    page.get_by_role("button", name="See the covered film").click()
    look.at("film")
    other = place.clip(recording, 4.0, 5.0, "Another")
    page.goto(f"{web.url}/faces?clip={other}")
    expect(page.get_by_role("button", name="Cover the faces in this clip")).to_be_visible()
    look.at("asking")
    look.good()
    assert broken(wrong) == []
