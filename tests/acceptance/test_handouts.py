"""Handouts with a real worker: made beside the lessons, taken over when it is killed, and gone when they may not be."""

from __future__ import annotations

import pytest
from making import SECRET, Place

from coaching.access import Grant, NotThere
from coaching.comments import NewComment
from coaching.handouts import KEPT_S, Captions, Made, Making, Order
from models.tables import HandoutRow
from pipelines.media import probe


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    found = Place("sqlite", tmp_path_factory.mktemp("handouts"))
    yield found
    found.close()


def test_a_film_a_portfolio_and_the_report_are_made_and_go_after_a_day(place):
    recording = place.bring("fractions")
    clip = place.clip(recording)
    place.cast.lessons.comment(place.cast.owner, recording, NewComment(9.0, f"{SECRET} waits."))
    place.cast.lessons.rename(place.cast.owner, recording, "Fünftel")
    worker = place.work()
    orders = (
        Order(Made.CLIP, (clip,), Captions.BURNED),
        Order(Made.PORTFOLIO, (clip,), comments=True, measures=True),
        Order(Made.REPORT),
    )
    asked = [place.ask(recording, order) for order in orders]
    film, portfolio, report = (place.see(recording, one, Making.READY) for one in asked)
    assert [one.name for one in (film, portfolio, report)] == [
        f"Fünftel – {SECRET} notices.mp4",
        "Fünftel – portfolio.html",
        "Fünftel – report.html",
    ]
    for one in (film, portfolio, report):
        assert (place.data / one.path).stat().st_size == one.size
    assert probe(place.data / film.path).duration_s == pytest.approx(6.0, abs=1 / 15)
    page = (place.data / portfolio.path).read_text(encoding="utf-8")
    assert f"{SECRET} waits." in page
    assert "They have the same top number." in page
    assert "Fünftel" in (place.data / report.path).read_text(encoding="utf-8")
    assert len(place.files(recording)) == 3
    assert SECRET not in worker.text
    assert "top number" not in worker.text
    place.cast.later(HandoutRow, KEPT_S + 1, "ends")
    place.see(recording, place.ask(recording, Order(Made.REPORT)), Making.READY)
    place.wait(lambda: len(place.files(recording)) == 1)
    worker.kill()


def test_after_kill_9_another_worker_makes_it_and_nothing_half_made_stays(place):
    recording = place.bring("killed")
    order = Order(Made.CLIP, (place.clip(recording),), Captions.SOFT)
    with place.faults.slows("web.mp4"):
        first = place.work()
        asked = place.ask(recording, order)
        place.wait(lambda: '"handout started"' in first.text and first.hands())
        hands = first.hands()
        first.kill()
    place.wait(lambda: not any(hand.is_running() and hand.status() != "zombie" for hand in hands))
    assert place.cast.handouts.one(place.cast.owner, recording, asked.id).state is Making.WORKING
    second = place.work()
    ready = place.see(recording, asked, Making.READY)
    place.wait(lambda: [str(p.relative_to(place.data)) for p in place.files(recording)] == [ready.path])
    place.wait(lambda: len(list((place.data / ready.path).parents[1].iterdir())) == 1)
    second.kill()


def test_what_is_taken_back_or_deleted_in_the_middle_leaves_nothing(place):
    recording, other = place.bring("taken back"), place.bring("deleted")
    place.cast.lessons.grant(place.cast.owner, recording, "coach@school.org", [Grant.DOWNLOAD])
    clip, others = place.clip(recording), place.clip(other)
    worker = place.work()
    with place.faults.slows("web.mp4"):
        asked = place.ask(recording, Order(Made.CLIP, (clip,)), "coach")
        place.see(recording, asked, Making.WORKING, "coach")
        place.cast.lessons.take_back_grant(place.cast.owner, recording, place.cast.cast["coach"])
        place.wait(lambda: worker.text.count('"handout stopped"') == 1)
        asked = place.ask(other, Order(Made.CLIP, (others,)))
        place.see(other, asked, Making.WORKING)
        place.cast.lessons.delete(place.cast.owner, other, 0, 0)
        place.wait(lambda: worker.text.count('"handout stopped"') == 2)
    place.cast.lessons.grant(place.cast.owner, recording, "coach@school.org", [Grant.DOWNLOAD])
    assert place.cast.handouts.mine(place.cast.cast["coach"], recording) == []
    assert place.files(recording) == []
    place.wait(lambda: not (place.data / "recordings" / other).exists())
    with pytest.raises(NotThere):
        place.cast.handouts.one(place.cast.owner, other, asked.id)
    worker.kill()


def test_captions_that_cannot_be_drawn_are_said_to_whoever_asked(place):
    from coaching.corrections import Correction, Kind
    from coaching.spans import Span

    recording = place.bring("in Chinese")
    said = Correction(Kind.TEXT, (Span(8.5, 10.0),), text="你好")
    place.cast.lessons.correct(place.cast.owner, recording, said)
    worker = place.work()
    asked = place.ask(recording, Order(Made.CLIP, (place.clip(recording),), Captions.BURNED))
    failed = place.see(recording, asked, Making.FAILED)
    assert "separate captions" in failed.reason
    assert place.files(recording) == []
    worker.kill()
