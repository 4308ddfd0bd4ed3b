"""Files that are made of a lesson because somebody asked: who may ask, whose claim counts, and when they go."""

from __future__ import annotations

import pytest
from stores import School

from coaching.access import Grant, NotThere
from coaching.clips import ClipChange, NewClip
from coaching.comments import Audience, CommentChange, NewComment
from coaching.corrections import Correction, Kind
from coaching.errors import BadInput
from coaching.handouts import KEPT_S, MOST, MOST_KEPT, UNHEARD_S, Captions, Made, Making, Order
from coaching.recordings import LISTENING, Stage
from coaching.spans import Span
from models.tables import HandoutRow, StageRow

COACH = "coach@school.org"
REPORT = Order(Made.REPORT)


@pytest.fixture
def lesson(there: School) -> str:
    return there.ready()[0]


@pytest.fixture
def coach(there: School, lesson: str) -> str:
    there.lessons.grant(there.owner, lesson, COACH, [Grant.COMMENT, Grant.DOWNLOAD])
    return there.cast["coach"]


def clip_of(there: School, who: str, lesson: str, audience: Audience = Audience.LESSON, stop: float = 3.0) -> str:
    return there.lessons.clip(who, lesson, NewClip(1.0, stop, "Fünf: “wider?” / ../..", audience=audience))


def film(clip: str, captions: Captions = Captions.SOFT) -> Order:
    return Order(Made.CLIP, (clip,), captions)


def test_who_may_download_may_ask_for_what_they_may_see(there, lesson, coach):
    own, shared = clip_of(there, there.owner, lesson, Audience.AUTHOR), clip_of(there, there.owner, lesson)
    assert there.handouts.ask(coach, lesson, film(shared)).state is Making.WAITING
    for order in (film(own), REPORT, Order(Made.PORTFOLIO, (shared,), measures=True), film("0" * 24), film("../x")):
        with pytest.raises(NotThere):
            there.handouts.ask(coach, lesson, order)
    there.lessons.grant(there.owner, lesson, COACH, [Grant.MEASURES])
    there.handouts.ask(coach, lesson, REPORT)
    for who in ("colleague", "leader", "admin", "stranger"):
        for asked in (there.handouts.ask, there.handouts.one):
            with pytest.raises(NotThere):
                asked(there.cast[who], lesson, REPORT if asked == there.handouts.ask else "0" * 24)
        with pytest.raises(NotThere):
            there.handouts.mine(there.cast[who], lesson)


@pytest.mark.parametrize(
    "order",
    [Order(Made.CLIP), Order(Made.PORTFOLIO), Order(Made.PORTFOLIO, ("a", "a")), Order(Made.REPORT, ("a",))],
)
def test_an_order_that_makes_no_sense_is_refused_in_a_sentence(there, lesson, order):
    with pytest.raises(BadInput, match=r"\.$"):
        there.handouts.ask(there.owner, lesson, order)


@pytest.mark.parametrize("kind", [Made.CLIP, Made.PORTFOLIO, Made.REPORT])
def test_of_a_lesson_without_a_transcript_nothing_is_made(there, kind):
    recording = there.bring("waiting")
    clips = () if kind is Made.REPORT else (clip_of(there, there.owner, recording),)
    with pytest.raises(BadInput, match="no transcript yet"):
        there.handouts.ask(there.owner, recording, Order(kind, clips))
    assert there.handouts.claim("worker-1") is None


def test_of_a_lesson_whose_film_is_not_made_no_film_is_made(there):
    recording = there.bring("bare")
    run, attempt = there.begin(recording)
    there.do(run, attempt, *LISTENING)
    order = film(clip_of(there, there.owner, recording))

    def refused(said: str) -> None:
        for one in (order, Order(Made.PORTFOLIO, order.clips)):
            with pytest.raises(BadInput, match=said):
                there.handouts.ask(there.owner, recording, one)

    refused("not ready yet")
    there.handouts.ask(there.owner, recording, REPORT)
    web = there.take(run, attempt, Stage.WEB)
    refused("not ready yet")
    there.jobs.fail(web, "BadRecording", "It has no pictures.", again=False)
    refused("not ready yet")
    audio = there.take(run, attempt, Stage.AUDIO)
    there.jobs.fail(audio, "BadRecording", "It broke.", again=False)
    refused("made again")
    with there.database.write() as session:
        session.get(StageRow, (run, Stage.AUDIO)).artefact = "recordings/x/runs/y/audio-z"
    assert there.handouts.ask(there.owner, recording, order).state is Making.WAITING


def test_asked_twice_is_once_and_a_handful_at_a_time(there, lesson):
    clips = [clip_of(there, there.owner, lesson) for _ in range(MOST)]
    made = [there.handouts.ask(there.owner, lesson, film(clip)).id for clip in clips]
    assert [there.handouts.ask(there.owner, lesson, film(clip)).id for clip in clips] == made
    with pytest.raises(BadInput, match="being made"):
        there.handouts.ask(there.owner, lesson, film(clips[0], Captions.BURNED))
    assert {one.id for one in there.handouts.mine(there.owner, lesson)} == set(made)
    there.handouts.take_away(there.owner, lesson, made[0])
    assert there.handouts.ask(there.owner, lesson, film(clips[0], Captions.BURNED)).name.endswith(".mp4")


def test_a_dozen_lie_there_of_a_lesson_and_the_oldest_goes(there, lesson):
    def made() -> str:
        one = there.handouts.ask(there.owner, lesson, film(clip_of(there, there.owner, lesson)))
        errand = there.handouts.claim("worker-1")
        assert there.handouts.finish(errand, f"recordings/x/handouts/{one.id}/a.mp4", 7)
        return one.id

    other = there.ready("another")[0]
    there.handouts.ask(there.owner, other, REPORT)
    there.handouts.finish(there.handouts.claim("worker-1"), "recordings/y/handouts/t/a.html", 7)
    ids = [made() for _ in range(MOST_KEPT + 2)]
    assert {one.id for one in there.handouts.mine(there.owner, lesson)} == set(ids[2:])
    assert len(there.handouts.mine(there.owner, other)) == 1
    assert len(there.handouts.kept()) == MOST_KEPT + 1


def test_a_claim_stands_until_it_is_finished_and_then_the_file_is_there_for_a_day(there, lesson):
    asked = there.handouts.ask(there.owner, lesson, film(clip_of(there, there.owner, lesson)))
    assert "/" not in asked.name
    errand = there.handouts.claim("worker-1")
    assert errand is not None
    assert (errand.id, errand.recording, errand.person, errand.tries) == (asked.id, lesson, there.owner, 1)
    assert there.handouts.claim("worker-2") is None
    assert there.handouts.report(errand, 0.5)
    working = there.handouts.one(there.owner, lesson, asked.id)
    assert (working.state, working.share, working.path) == (Making.WORKING, 0.5, None)
    assert there.handouts.kept() == [(lesson, None, errand.token)]
    assert there.handouts.finish(errand, "recordings/x/handouts/t/a.mp4", 7)
    assert not there.handouts.finish(errand, "elsewhere", 7)
    ready = there.handouts.one(there.owner, lesson, asked.id)
    assert (ready.state, ready.path, ready.size) == (Making.READY, "recordings/x/handouts/t/a.mp4", 7)
    assert there.handouts.kept() == [(lesson, ready.path, None)]
    again = there.handouts.ask(there.owner, lesson, asked.order)  # the lesson may be another by now
    assert again.id != asked.id
    there.later(HandoutRow, KEPT_S + 1, "ends")
    assert there.handouts.mine(there.owner, lesson) == []
    assert there.handouts.claim("worker-1") is None
    with pytest.raises(NotThere):
        there.handouts.one(there.owner, lesson, again.id)
    assert there.handouts.kept() == []


def test_one_of_which_nothing_is_heard_is_taken_over_and_given_up_after_three(there, lesson):
    asked = there.handouts.ask(there.owner, lesson, REPORT)
    claims = []
    for _ in range(3):
        claims.append(there.handouts.claim("worker-1"))
        assert claims[-1] is not None
        there.later(HandoutRow, UNHEARD_S + 1, "heard")
    assert not any(there.handouts.report(claim, 0.9) for claim in claims[:-1])
    assert not there.handouts.finish(claims[0], "elsewhere", 1)
    assert there.handouts.claim("worker-2") is None
    failed = there.handouts.one(there.owner, lesson, asked.id)
    assert (failed.state, failed.reason[-1]) == (Making.FAILED, ".")
    assert there.handouts.ask(there.owner, lesson, REPORT).state is Making.WAITING


def test_what_is_given_back_costs_no_try_and_what_fails_says_why(there, lesson):
    asked = there.handouts.ask(there.owner, lesson, REPORT)
    for _ in range(5):
        errand = there.handouts.claim("worker-1")
        assert errand is not None
        there.handouts.release(errand)
    errand = there.handouts.claim("worker-1")
    there.handouts.fail(errand, "It broke.", again=True)
    assert there.handouts.one(there.owner, lesson, asked.id).state is Making.WAITING
    errand = there.handouts.claim("worker-1")
    assert errand.tries == 2
    there.handouts.fail(errand, "It can’t be.", again=False)
    failed = there.handouts.one(there.owner, lesson, asked.id)
    assert (failed.state, failed.reason) == (Making.FAILED, "It can’t be.")


def test_what_is_taken_back_while_it_is_made_is_not_made(there, lesson, coach):
    clip = clip_of(there, there.owner, lesson)

    def begun():
        asked = there.handouts.ask(coach, lesson, film(clip))
        errand = there.handouts.claim("worker-1")
        assert errand is not None
        assert there.handouts.report(errand, 0.1)
        return asked, errand

    def unclip(audience):
        there.lessons.change_clip(there.owner, lesson, clip, ClipChange(audience=audience))

    def give(what):
        there.lessons.grant(there.owner, lesson, COACH, what)

    def take(what):
        there.lessons.take_back_grant(there.owner, lesson, coach, what)

    for ends, mends in (
        (lambda: take([Grant.DOWNLOAD]), lambda: give([Grant.DOWNLOAD])),
        (lambda: take([]), lambda: give([Grant.DOWNLOAD])),
        (lambda: unclip(Audience.AUTHOR), lambda: unclip(Audience.LESSON)),
    ):
        asked, errand = begun()
        ends()
        with pytest.raises(NotThere):
            there.handouts.one(coach, lesson, asked.id)
        assert not there.handouts.report(errand, 0.5)
        assert not there.handouts.finish(errand, "recordings/x/handouts/t/a.mp4", 7)
        mends()
        assert there.handouts.mine(coach, lesson) == []
    asked, errand = begun()
    assert there.handouts.finish(errand, "recordings/x/handouts/t/a.mp4", 7)
    take([Grant.DOWNLOAD])
    with pytest.raises(NotThere):
        there.handouts.one(coach, lesson, asked.id)
    give([Grant.DOWNLOAD])
    there.handouts.ask(coach, lesson, film(clip, Captions.BURNED))
    take([Grant.DOWNLOAD])
    assert there.handouts.claim("worker-1") is None  # what nobody may have is not begun
    there.lessons.delete(there.owner, lesson, 0, 0)
    assert there.handouts.kept() == []


def test_what_was_taken_back_is_forgotten_and_not_there_when_it_is_given_again(there, lesson, coach):
    asked = there.handouts.ask(coach, lesson, film(clip_of(there, there.owner, lesson)))
    assert there.handouts.finish(there.handouts.claim("worker-1"), "recordings/x/handouts/t/a.mp4", 7)
    there.lessons.take_back_grant(there.owner, lesson, coach, [Grant.DOWNLOAD])
    assert there.handouts.kept() == []
    there.lessons.grant(there.owner, lesson, COACH, [Grant.DOWNLOAD])
    assert there.handouts.mine(coach, lesson) == []
    with pytest.raises(NotThere):
        there.handouts.one(coach, lesson, asked.id)


def test_what_holds_words_that_are_others_now_is_old_until_it_is_made_again(there, lesson, coach):
    clip = clip_of(there, there.owner, lesson)
    note = there.lessons.comment(there.owner, lesson, NewComment(2.0, "Look."))
    path = "recordings/x/handouts/t/a"

    def made(order: Order) -> str:
        asked = there.handouts.ask(coach, lesson, order)
        assert there.handouts.finish(there.handouts.claim("worker-1"), path, 7)
        assert there.handouts.one(coach, lesson, asked.id).path == path
        return asked.id

    def stand(*ids: str) -> list[tuple[Making, str | None]]:
        found = [there.handouts.one(coach, lesson, one) for one in ids]
        listed = {one.id: one for one in there.handouts.mine(coach, lesson)}
        assert found == [listed[one] for one in ids]
        return [(one.state, one.path) for one in found]

    ready, old = (Making.READY, path), (Making.OLD, None)
    bare, signed = film(clip, Captions.NONE), film(clip)
    page, noted = Order(Made.PORTFOLIO, (clip,)), Order(Made.PORTFOLIO, (clip,), comments=True)
    ids = [made(order) for order in (bare, signed, page, noted)]
    there.lessons.change_comment(there.owner, lesson, note, CommentChange(audience=Audience.AUTHOR))
    assert stand(*ids) == [ready, ready, ready, old]
    there.lessons.correct(there.owner, lesson, Correction(Kind.TEXT, (Span(0.0, 1.0),), text="Another."))
    assert stand(*ids) == [ready, old, old, old]
    assert [file for _, file, _ in there.handouts.kept()].count(path) == 1  # the others' files go
    assert stand(*ids) == [ready, old, old, old]
    assert stand(made(noted)) == [ready]
    asked = there.handouts.ask(coach, lesson, signed)
    errand = there.handouts.claim("worker-1")
    there.lessons.correct(there.owner, lesson, Correction(Kind.TEXT, (Span(0.0, 1.0),), text="While it is made."))
    assert there.handouts.finish(errand, path, 7)
    assert stand(asked.id) == [old]


def test_nobody_has_what_somebody_else_asked_for(there, lesson, coach):
    asked = there.handouts.ask(there.owner, lesson, REPORT)
    assert there.handouts.mine(coach, lesson) == []
    for step in (there.handouts.one, there.handouts.take_away):
        with pytest.raises(NotThere):
            step(coach, lesson, asked.id)
    other = there.ready("another")[0]
    with pytest.raises(NotThere):
        there.handouts.one(there.owner, other, asked.id)


def test_a_film_too_long_is_refused(there):
    from lessons import long_lesson

    recording, _ = there.ready("long", long_lesson(70))
    for kind, stop in ((Made.CLIP, 3700.0), (Made.PORTFOLIO, 1000.0)):
        clip = clip_of(there, there.owner, recording, stop=stop)
        with pytest.raises(BadInput, match=r"shorter"):
            there.handouts.ask(there.owner, recording, Order(kind, (clip,)))
