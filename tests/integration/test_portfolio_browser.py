"""The portfolio in a real browser: from a file, without a network, with films that play and names that mean harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsing import DESK, PHONE, Look, watched
from databases import fresh_database
from lessons import HARM, lesson, said
from rendition_files import flashing
from stores import school

from coaching.access import Grant
from coaching.clips import NewClip
from coaching.comments import Audience, NewComment
from coaching.errors import BadInput
from coaching.handouts import Errand, Made, Order, to_json
from coaching.recordings import new_id
from coaching.services.handouts import gathered
from pipelines.handouts import portfolio
from pipelines.handouts.make import MAKE, Wanted
from pipelines.progress import silent

pytestmark = pytest.mark.xdist_group("browser")

NAME = "Größer? <b>” & 'co'"
HARM_TOLD = HARM.replace("\x00", "").replace("\x1b", "")
UTTERANCES = (
    said(0.2, 1.4, "S1", "Good morning. What do you notice?", 0.9),
    said(1.6, 2.8, "S2", HARM, 0.7),
    said(3.0, 4.0, "S1", "How do you know?", 0.9),
    said(4.6, 6.0, "S3", "", 0.2),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    """A portfolio with everything, for the lesson's owner, and one for a coach without measures, of sound alone."""
    folder = tmp_path_factory.mktemp("portfolio")
    film = flashing(folder / "web.mp4", size="640x360")
    cast = school(fresh_database("sqlite"))
    recording, _ = cast.ready("portfolio", lesson(UTTERANCES, duration=7.0))
    cast.lessons.rename(cast.owner, recording, NAME)
    cast.lessons.grant(cast.owner, recording, "coach@school.org", [Grant.COMMENT, Grant.DOWNLOAD])
    coach = cast.cast["coach"]
    clips = tuple(
        cast.lessons.clip(cast.owner, recording, NewClip(*one, audience=Audience.LESSON))
        for one in ((1.0, 3.5, f"Second {HARM_TOLD[:60]}", HARM_TOLD), (0.0, 1.0, "First"), (4.2, 4.5, "Nobody"))
    )
    first = cast.lessons.comment(coach, recording, NewComment(1.5, f"Look:\n{HARM_TOLD}", labels=("Wait time",)))
    cast.lessons.comment(cast.owner, recording, NewComment(1.5, "An answer.", parent=first))
    cast.lessons.comment(cast.owner, recording, NewComment(2.0, "To myself.", audience=Audience.AUTHOR))
    cast.lessons.comment(cast.owner, recording, NewComment(6.0, "Of another moment."))

    def make(who: str, order: Order, **given) -> Path:
        errand = Errand(new_id(), recording, who, order, "portfolio.html", new_id(), 1)
        out = folder / errand.token / errand.name
        out.parent.mkdir()
        found = gathered(cast.lessons, errand)
        media = {"web": film, "audio": None} | given
        MAKE[order.kind](Wanted(out.parent, out, order=to_json(order), found=found, **media), silent)
        return out

    everything = make(cast.owner, Order(Made.PORTFOLIO, clips, comments=True, measures=True))
    coachs = make(coach, Order(Made.PORTFOLIO, clips[:1], comments=True))
    bare = make(cast.owner, Order(Made.PORTFOLIO, clips[1:2]), web=None, audio=film.with_name("web.mp4"))
    yield {"everything": everything, "coach": coachs, "bare": bare}
    cast.database.close()


def shown(browser, path: Path, size=DESK):
    context = browser.new_context(viewport=size)
    context.set_offline(True)
    wrong = watched(context, path.as_uri())
    page = context.new_page()
    page.goto(path.as_uri())
    return page, wrong


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_it_opens_anywhere_and_its_films_play(browser, made, size):
    page, wrong = shown(browser, made["everything"], size)
    assert page.get_by_role("heading", level=1).inner_text() == NAME
    names = page.get_by_role("heading", level=2).all_inner_texts()
    assert [name.split()[0] for name in names] == ["Second", "First", "Nobody", "The"]
    films = page.locator("video")
    assert films.count() == 3
    for n, seconds in enumerate((2.5, 1.0, 0.3)):
        film = films.nth(n)
        film.evaluate("async (film) => { film.muted = true; await film.play(); }")
        assert film.evaluate("(film) => film.duration") == pytest.approx(seconds, abs=0.05)
        page.wait_for_function("(film) => film.currentTime > 0.1 || film.ended", arg=film.element_handle())
        film.evaluate("(film) => film.pause()")
    cues = films.nth(0).evaluate("(film) => [...film.textTracks[0].cues].map((cue) => [cue.startTime, cue.text])")
    assert [start for start, _ in cues] == [0.0, 0.6, pytest.approx(1.279), 2.0]  # the second in two pieces
    assert "<v Teacher>" in cues[0][1]
    page.get_by_role("button", name="Play from 0:03").click()
    page.wait_for_function("(film) => film.currentTime >= 2.0", arg=films.nth(0).element_handle())
    text = page.locator("main").inner_text()
    for part in (f"Look:\n{HARM_TOLD.strip()}", "An answer.", "To myself.", "Only for whoever wrote it", "Wait time"):
        assert " ".join(part.split()) in " ".join(text.split())
    assert "Of another moment." not in text
    assert page.title() != "harmed"
    look = Look(page)
    look.at("portfolio")
    look.good()
    assert wrong == []


def test_of_a_coach_there_is_no_measure_and_nobody_elses_own_note(browser, made):
    page, wrong = shown(browser, made["coach"])
    text = page.locator("main").inner_text()
    assert "An answer." in text
    assert "To myself." not in text
    assert page.locator("#measures").count() == 0
    assert wrong == []


def test_nothing_may_be_fetched_and_no_other_script_runs(browser, made):
    page, _ = shown(browser, made["bare"])
    assert "What was noted" not in page.locator("main").inner_text()
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy.startswith("default-src 'none'; ")
    refused = page.evaluate(
        """() => new Promise((done) => {
          document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective));
          fetch("http://127.0.0.1:9/").catch(() => {});
        })"""
    )
    assert refused == "connect-src"
    assert "http" not in made["bare"].read_text(encoding="utf-8").replace("http-equiv", "")


def test_too_much_for_a_page_is_refused_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(portfolio, "LARGEST", 10)
    film = tmp_path / "0.mp4"
    film.write_bytes(bytes(11))
    with pytest.raises(BadInput, match="Choose fewer clips"):
        portfolio.portfolio("A", [portfolio.Shown({}, film, ())], None, tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()
