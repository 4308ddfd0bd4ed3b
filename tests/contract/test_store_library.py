"""The library: what is found, counted and changed of one's lessons, and what is left of a deleted one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lessons import lesson, said
from sqlalchemy import event, select, update
from stores import School

from coaching.access import Grant, NotThere
from coaching.comments import Audience, NewComment
from coaching.corrections import Correction, Kind
from coaching.errors import BadInput
from coaching.jobs import Outcome
from coaching.library import MOST_TAGS, Filter, Shown, Whose
from coaching.library import shown as is_shown
from coaching.people import Membership
from coaching.recordings import Stage
from coaching.spans import Span
from coaching.transcript import Role
from models.tables import Base, RecordingRow

COACH = "coach@school.org"


def names(there: School, who: str = "owner", limit: int = 24, **like: object) -> list[str]:
    page = there.lessons.library(there.cast[who], Filter(**like), limit)
    assert page.found >= len(page.lessons)
    return [listed.name for listed in page.lessons]


def added(there: School, recording: str, moment: datetime) -> None:
    with there.database.write() as session:
        session.execute(update(RecordingRow).where(RecordingRow.id == recording).values(added=moment.timestamp()))


@pytest.fixture
def five(there: School) -> dict[str, str]:
    """A lesson that waits, one at work, two that are ready, of which one is shared, and one that failed."""
    ids = {name: there.ready(name)[0] for name in ("ready", "shared")}
    for name in ("waiting", "working", "failed"):
        ids[name] = there.bring(name)
    run, attempt = there.begin(ids["failed"])
    there.jobs.fail(there.take(run, attempt, Stage.SOUND), "BadRecording", "No sound.", again=False)
    there.jobs.settle(run, attempt)
    there.begin(ids["working"])
    there.lessons.grant(there.owner, ids["shared"], COACH, [Grant.COMMENT])
    for n, name in enumerate(("failed", "working", "waiting", "shared", "ready")):  # the oldest first
        added(there, ids[name], datetime(2026, 11, 2 + n, 12, tzinfo=UTC))
    return ids


def test_the_newest_come_first_and_are_counted_by_kind(there, five):
    page = there.lessons.library(there.owner, Filter(), 2)
    assert [listed.name for listed in page.lessons] == ["ready", "shared"]
    assert (page.found, page.all, page.open, page.empty) == (5, 5, True, False)
    assert page.shown == {Shown.READY: 2, Shown.AT_WORK: 2, Shown.ATTENTION: 1}
    assert page.whose == {Whose.SHARED: 1}
    assert names(there, limit=24) == ["ready", "shared", "waiting", "working", "failed"]


def test_a_kind_is_found_and_the_others_are_still_counted(there, five):
    for shown, found in (
        (Shown.READY, ["ready", "shared"]),
        (Shown.AT_WORK, ["waiting", "working"]),
        (Shown.ATTENTION, ["failed"]),
    ):
        page = there.lessons.library(there.owner, Filter(shown=shown), 24)
        assert [listed.name for listed in page.lessons] == found
        assert all(is_shown(listed.run) is shown for listed in page.lessons)
        assert page.lessons == tuple(there.lessons.listed(there.owner, five[name]) for name in found)
        assert (page.found, page.all) == (len(found), 5)
        assert page.shown == {Shown.READY: 2, Shown.AT_WORK: 2, Shown.ATTENTION: 1}
        assert page.whose == {Whose.SHARED: 1}
    page = there.lessons.library(there.owner, Filter(whose=Whose.SHARED), 24)
    assert [listed.name for listed in page.lessons] == ["shared"]
    assert page.shown == {Shown.READY: 2, Shown.AT_WORK: 2, Shown.ATTENTION: 1}
    assert page.found == 1


def test_the_newest_of_all_that_somebody_may_see_is_told(there, five):
    assert there.lessons.newest(there.owner) == five["ready"]
    assert there.lessons.newest(there.cast["coach"]) == five["shared"]
    assert there.lessons.newest(there.cast["stranger"]) is there.lessons.newest("nobody") is None


def test_a_lesson_of_which_a_picture_failed_needs_attention(there):
    recording = there.bring()
    run, attempt = there.begin(recording)
    there.do(run, attempt, Stage.SOUND, Stage.SPEAKERS, Stage.WORDS, Stage.MEASURES)
    there.jobs.settle(run, attempt)
    assert names(there, shown=Shown.READY) == ["fractions"]
    there.jobs.fail(there.take(run, attempt, Stage.POSTER), "BadRecording", "No picture.", again=False)
    assert names(there, shown=Shown.READY) == []
    assert names(there, shown=Shown.ATTENTION) == ["fractions"]


def test_whom_a_lesson_was_shared_with_finds_it_with_its_owner(there, five):
    page = there.lessons.library(there.cast["coach"], Filter(), 24)
    (listed,) = page.lessons
    assert (listed.name, listed.owner_called) == ("shared", "owner@school.org")
    assert (listed.given, listed.shared_with) == ({Grant.SEE, Grant.COMMENT}, ())
    assert page.whose == {Whose.WITH_ME: 1}
    assert page.found == page.all == 1
    own = there.bring("my own", owner="coach")
    assert set(names(there, "coach")) == {"shared", "my own"}
    assert names(there, "coach", whose=Whose.WITH_ME) == ["shared"]
    there.lessons.take_back_grant(there.owner, five["shared"], there.cast["coach"])
    assert [found.id for found in there.lessons.library(there.cast["coach"], Filter(), 24).lessons] == [own]


def test_a_card_has_all_that_stands_on_it(there, five):
    shared, coach = five["shared"], there.cast["coach"]
    there.lessons.describe(there.owner, shared, " Grade 5,  Period 2 ", date(2026, 11, 19), ("questions", "Algebra"))
    for who, audience in ((there.owner, Audience.LESSON), (coach, Audience.LESSON), (coach, Audience.AUTHOR)):
        there.lessons.comment(who, shared, NewComment(1.0, "Well.", audience=audience))
    (seen,) = there.lessons.library(there.owner, Filter(whose=Whose.SHARED), 24).lessons
    assert (seen.class_name, seen.taught) == ("Grade 5, Period 2", date(2026, 11, 19))
    assert (seen.tags, seen.shared_with) == (("Algebra", "questions"), (COACH,))
    assert (seen.notes, seen.own_notes) == (2, 0)
    assert seen.duration == lesson().transcript.duration
    assert seen.run == there.lessons.recording(there.owner, shared).run
    (theirs,) = there.lessons.library(coach, Filter(), 24).lessons
    assert (theirs.notes, theirs.own_notes) == (2, 1)


def test_what_waits_says_how_many_are_done_before_it(there, five):
    later = there.bring("later")
    ahead = {listed.name: listed.ahead for listed in there.lessons.library(there.owner, Filter(), 24).lessons}
    assert ahead == {"ready": None, "shared": None, "failed": None, "working": None, "waiting": 1, "later": 2}
    there.jobs.cancel(there.run_of(five["waiting"]))
    (found,) = (x for x in there.lessons.library(there.owner, Filter(text="later"), 24).lessons if x.id == later)
    assert found.ahead == 1


@pytest.mark.parametrize("text", ["éTUDES", "50%", "a_b", "'; --", "<b>", "\\", "étudeS: 50%", "  a_b  "])
def test_a_name_is_found_by_any_part_of_it_whatever_its_case(there, five, text):
    there.lessons.rename(there.owner, five["ready"], "Études: 50% of a_b \\ <b> '; --")
    assert names(there, text=text) == [there.lessons.recording(there.owner, five["ready"]).name]


@pytest.mark.parametrize("text", ["a%b", "a-b", "\x00", "\ud800", "x" * 5000], ids=lambda t: ascii(t[:9]))
def test_what_no_name_holds_is_not_found(there, five, text):
    there.lessons.rename(there.owner, five["ready"], "a_b")
    assert names(there, text=text) == []
    assert not there.lessons.library(there.owner, Filter(text=text), 24).empty


def test_lessons_are_found_by_class_tag_and_both(there, five):
    for name, called, tags in (
        ("ready", "Period 2", ("fractions", "ready")),
        ("shared", "Period 2", ()),
        ("failed", "Period 4", ("fractions", "failed")),
    ):
        there.lessons.describe(there.owner, five[name], called, None, tags)
    labels = there.lessons.labels(there.owner)
    assert [called for _, called in labels.classes] == ["Period 2", "Period 4"]
    assert labels.tags == ("failed", "fractions", "ready")
    second = labels.classes[0][0]
    assert names(there, class_id=second) == ["ready", "shared"]
    assert names(there, tag="fractions") == ["ready", "failed"]
    assert names(there, tag="fractions", class_id=second) == ["ready"]
    assert names(there, tag="none") == names(there, class_id="none") == []
    assert [called for _, called in there.lessons.labels(there.cast["coach"]).classes] == [
        "Period 2"
    ]  # of what was shared


#  2 Nov     3          4          5         6
#  failed    working    waiting    shared    ready       brought at 12:00 UTC
def test_lessons_are_found_by_the_day_they_were_taught_or_else_brought(there, five):
    assert names(there, since=date(2026, 11, 5)) == ["ready", "shared"]
    assert names(there, until=date(2026, 11, 3)) == ["working", "failed"]
    assert names(there, since=date(2026, 11, 3), until=date(2026, 11, 4)) == ["waiting", "working"]
    there.lessons.describe(there.owner, five["ready"], None, date(2026, 10, 30), ())
    assert names(there, since=date(2026, 11, 5)) == ["shared"]
    assert names(there, since=date(2026, 10, 30), until=date(2026, 10, 30)) == ["ready"]


def test_a_day_is_one_of_the_reader(there, five):
    added(there, five["ready"], datetime(2026, 11, 6, 15, 30, tzinfo=UTC))  # 0:30 on the 7th in Tokyo
    day = {"since": date(2026, 11, 7), "until": date(2026, 11, 7)}
    assert names(there, **day, zone=ZoneInfo("Asia/Tokyo")) == ["ready"]
    assert names(there, **day) == []


def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(there, five):
    zone = ZoneInfo("Europe/Stockholm")
    for day in (date(2026, 10, 25), date(2027, 3, 28)):  # 25 hours, 23 hours
        asked = {"since": day, "until": day, "zone": zone}
        last = datetime.combine(day, time(23, 30), zone)
        added(there, five["ready"], last)
        assert names(there, **asked) == ["ready"]
        added(there, five["ready"], last + timedelta(hours=1))
        assert names(there, **asked) == []


def test_a_page_is_a_handful_of_queries_however_long_it_is(there, five):
    asked: list[str] = []
    event.listen(there.database.engine, "before_cursor_execute", lambda c, cur, said, *_: asked.append(said))
    names(there)
    few = len(asked)
    for n in range(20):
        there.bring(f"more {n}")
    asked.clear()
    assert len(names(there)) == 24
    assert len(asked) == few <= 12


def test_a_name_is_one_line(there, five):
    there.lessons.rename(there.owner, five["ready"], "  Fractions \n on a number line ")
    assert there.lessons.recording(there.owner, five["ready"]).name == "Fractions on a number line"
    for wrong in ("", "  ", "a" * 121, "a\x00b", "a\ud800"):
        with pytest.raises(BadInput, match="1 to 120 characters"):
            there.lessons.rename(there.owner, five["ready"], wrong)


def test_tags_are_a_few_words_each_once(there, five):
    def tag(*words: str) -> None:
        there.lessons.describe(there.owner, five["ready"], None, None, words)

    tag("fractions", " Exit  tickets", "FRACTIONS")
    (listed,) = there.lessons.library(there.owner, Filter(text="ready"), 1).lessons
    assert listed.tags == ("Exit tickets", "fractions")
    for wrong in (("",), ("a" * 41,), ("a\nb\x00",), tuple(map(str, range(MOST_TAGS + 1)))):
        with pytest.raises(BadInput):
            tag(*wrong)
    tag()
    assert there.lessons.labels(there.owner).tags == ()


def test_a_class_of_the_same_name_is_the_same_class(there, five):
    for name in ("ready", "shared"):
        there.lessons.describe(there.owner, five[name], "Period 2", None, ())
    assert len(there.lessons.labels(there.owner).classes) == 1
    there.lessons.describe(there.owner, five["ready"], None, None, ())
    (listed,) = there.lessons.library(there.owner, Filter(text="ready"), 1).lessons
    assert (listed.class_id, listed.class_name, listed.taught) == (None, None, None)


def test_a_new_class_of_somebody_who_teaches_at_two_schools_is_named_elsewhere(there, five):
    there.lessons.describe(there.owner, five["ready"], "Period 2", None, ())
    there.people.add("owner@school.org", Membership.TEACHER, "South")
    there.lessons.describe(there.owner, five["shared"], "Period 2", None, ("fractions",))
    with pytest.raises(BadInput, match="one of your classes"):
        there.lessons.describe(there.owner, five["shared"], "Period 3", date(2026, 11, 19), ("decimals",))
    listed = there.lessons.listed(there.owner, five["shared"])
    assert (listed.class_name, listed.taught, listed.tags) == (
        "Period 2",
        None,
        ("fractions",),
    )  # all of it, or nothing


def rows_of(there: School, *ids: str) -> dict[str, int]:
    """In which tables any of these ids stands, and how often."""
    found = {}
    with there.database.read() as session:
        for table in Base.metadata.sorted_tables:
            rows = session.execute(select(table)).all()
            if count := sum(any(value in ids for value in row) for row in rows):
                found[table.name] = count
    return found


def test_a_deleted_lesson_leaves_a_receipt_and_nothing_else(there):
    words = "Nobody shall read this sentence again."
    recording, run = there.ready("gone", lesson([said(0, 20, "S1", words)], duration=40.0))
    second = there.lessons.reprocess(there.owner, recording).id
    other, other_run = there.ready("kept")
    before = rows_of(there, other, other_run)
    for one in (recording, other):
        there.lessons.grant(there.owner, one, COACH, list(Grant))
        there.lessons.comment(there.cast["coach"], one, NewComment(1.0, "Hm."))
        there.lessons.describe(there.owner, one, "Period 2", date(2026, 11, 19), ("x",))
        there.lessons.correct(there.owner, one, Correction(Kind.ROLE, (Span(0, 1),), Role.TEACHER))
    assert set(before) <= set(rows_of(there, recording, run, second))
    receipt = there.lessons.delete(there.owner, recording, 17, 123_456)
    assert rows_of(there, recording, run, second) == {"receipts": 1}
    assert (receipt.name, receipt.files, receipt.bytes) == ("gone", 17, 123_456)
    assert datetime.now(UTC) - receipt.deleted < timedelta(minutes=5)
    assert there.lessons.receipts(there.owner) == [receipt] == [there.lessons.receipt(there.owner, receipt.id)]
    assert there.jobs.deleted() == there.jobs.deleted(60.0) == [recording]
    assert there.jobs.known([run, second, other_run, "0" * 24]) == {other_run}
    for gone in (there.lessons.recording, there.lessons.comments, there.lessons.grants):
        with pytest.raises(NotThere):
            gone(there.owner, recording)
    assert rows_of(there, other, other_run).keys() > before.keys()
    if there.database.url.get_backend_name() == "sqlite":
        there.database.close()
        for file in Path(there.database.url.database).parent.glob(f"{Path(there.database.url.database).name}*"):
            assert words.encode() not in file.read_bytes(), "it lies in the file still"


def test_who_is_at_work_on_a_deleted_lesson_finds_nothing_more(there):
    recording = there.bring()
    run, attempt = there.begin(recording)
    claim = there.take(run, attempt, Stage.SOUND)
    assert there.jobs.report(claim, 0.5)
    there.lessons.delete(there.owner, recording, 0, 0)
    assert not there.jobs.report(claim, 0.6)
    assert not there.jobs.finish(claim, f"recordings/{recording}/runs/{run}/sound-{claim.token}")
    assert not there.jobs.fail(claim, "BadRecording", "No sound.", again=True)
    there.jobs.release(claim)
    there.jobs.queued(run, attempt)
    there.jobs.again(run, attempt)
    assert there.jobs.claim(run, attempt, Stage.SOUND, "worker-1") == Outcome()
    assert there.jobs.begin(run, attempt) is there.jobs.settle(run, attempt) is None
    assert there.jobs.stage(run, attempt, Stage.SOUND) is None
    assert there.jobs.in_use(recording) == (frozenset(), frozenset())
    assert (there.jobs.all(), there.jobs.waiting(), there.jobs.stalled(0.0)) == ([], [], [])
    assert there.jobs.bury("worker-1") == 0


def test_what_was_deleted_can_be_brought_again(there):
    first = there.bring()
    there.lessons.delete(there.owner, first, 0, 0)
    second = there.bring()
    assert second != first
    assert names(there) == ["fractions"]
