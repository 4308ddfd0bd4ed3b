"""Films that go as a school decided: said before, everything that shows and sounds, and never what people wrote."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from databases import found_in, fresh_database
from sqlalchemy import delete, select, update
from stores import School

from coaching import originals
from coaching.access import Grant, NotThere
from coaching.audit import erasure
from coaching.clips import ClipChange, NewClip
from coaching.coached import Look, NewCycle
from coaching.comments import Audience, NewComment
from coaching.cycles import Kind as Cycle
from coaching.errors import BadInput
from coaching.faces import Marked
from coaching.handouts import NO_FILM, Made, Making, Order
from coaching.notifications import Kind
from coaching.people import Membership
from coaching.recordings import Stage, StageState
from coaching.retention import DAY_S, STAYS, FilmGone, Policy, without_clips, without_film
from coaching.services.retaining import retain
from models import retaining
from models.audit import Beside
from models.backups import put, take
from models.database import Database
from models.retention import RetentionStore
from models.tables import CycleRow, KeptFilmRow, MembershipRow, RetainedFilmRow, StageRow

TOLD = (Kind.FILM_GOES, Kind.FILM_GOES_SOON, Kind.FILM_HELD)


class Days:
    """The clock of a test: days after it began, by when its lessons are there."""

    def __init__(self, there: School) -> None:
        self.there, self.days, self.began = there, 0.0, datetime.now(UTC).timestamp() + 600
        there.retention = RetentionStore(there.database, lambda _: self.began + self.days * DAY_S)

    def pass_by(self, until: float, step: float = 1.0) -> None:
        """Look every day."""
        while self.days < until:
            self.days = min(until, self.days + step)
            self.there.retention.look()

    def __call__(self, days: float) -> datetime:
        return datetime.fromtimestamp(self.began + days * DAY_S, UTC)


@pytest.fixture
def time(there: School) -> Days:
    return Days(there)


def north(there: School) -> str:
    return there.retention.schools(there.cast["admin"])[0].id


def keep(there: School, days: int | None = 365, **more: bool) -> None:
    there.retention.set(there.cast["admin"], north(there), Policy(days, **more))


def told(there: School) -> list[Kind]:
    return [n.kind for n in reversed(there.notifications.mine(there.owner)) if n.kind in TOLD]


def film(there: School, recording: str, who: str = "owner"):
    return there.retention.film(there.cast[who], recording)


def clip(there: School, recording: str, who: str = "owner", audience: Audience = Audience.LESSON) -> str:
    return there.lessons.clip(there.cast[who], recording, NewClip(1.0, 2.0, "This", audience=audience))


def cut(there: School, *, fails: bool = False) -> int:
    """What a worker does of films of clips; of how many."""
    there.handouts.order_given()
    done = 0
    while (errand := there.handouts.claim("worker-1")) is not None:
        done += 1
        if fails:
            there.handouts.fail(errand, "It broke.", again=False)
        else:
            assert there.handouts.finish(errand, f"recordings/{errand.recording}/handouts/{errand.token}/clip.mp4", 7)
    return done


def artefacts(there: School, recording: str) -> set[str]:
    return set(there.jobs.in_use(recording)[0])


def test_a_film_goes_and_what_people_wrote_stays(there, time):
    recording, run = there.ready()
    there.lessons.comment(there.owner, recording, NewComment(1.0, "Here."))
    heard = there.lessons.machine(there.owner, run)
    assert film(there, recording) == STAYS
    keep(there)
    time.pass_by(350)
    assert told(there) == []
    assert film(there, recording).goes is None
    time.pass_by(351)
    assert told(there) == [Kind.FILM_GOES]
    assert abs(film(there, recording).goes - time(365)) < timedelta(minutes=11)
    time.pass_by(364)
    assert told(there) == [Kind.FILM_GOES, Kind.FILM_GOES_SOON]
    assert artefacts(there, recording)
    time.pass_by(366)
    seen = film(there, recording)
    assert (seen.days, seen.goes, seen.may_protect) == (365, None, False)
    assert seen.gone == time(365)
    assert artefacts(there, recording) == set()
    assert there.lessons.machine(there.owner, run) == heard
    assert [c.body for c in there.lessons.comments(there.owner, recording)] == ["Here."]
    assert all(s.state is StageState.DONE for s in there.lessons.recording(there.owner, recording).run.stages)
    time.pass_by(2000, 30)
    assert len(told(there)) == 2


def test_nothing_is_done_again_and_no_clip_is_cut_from_what_is_gone(there, time):
    recording, run = there.ready()
    keep(there, 30, keep_clips=False)
    own = clip(there, recording)
    time.pass_by(40)
    assert film(there, recording).gone
    with pytest.raises(FilmGone):
        there.lessons.reprocess(there.owner, recording)
    with pytest.raises(FilmGone):
        there.jobs.retry(run, [Stage.WEB])
    with pytest.raises(FilmGone):
        clip(there, recording)
    with pytest.raises(FilmGone):
        there.lessons.change_clip(there.owner, recording, own, ClipChange(stop=3.0))
    there.lessons.change_clip(there.owner, recording, own, ClipChange(name="That"))
    with pytest.raises(BadInput, match="was deleted on"):
        there.handouts.ask(there.owner, recording, Order(Made.CLIP, (own,)))
    assert there.handouts.ask(there.owner, recording, Order(Made.REPORT)).state is Making.WAITING
    assert there.retention.kept_clips(there.owner, recording) == {}


def test_films_of_clips_are_made_first_and_stay(there, time):
    recording, _ = there.ready()
    there.lessons.grant(there.owner, recording, "coach@school.org", [Grant.COMMENT])
    own, coachs = clip(there, recording), clip(there, recording, "coach", Audience.AUTHOR)
    over = clip(there, recording)
    there.lessons.change_clip(there.owner, recording, over, ClipChange(deleted=True))
    there.lessons.give_clips(there.owner, recording, "colleague@school.org", [own])
    assert cut(there) == 1
    keep(there, 30)
    time.pass_by(40)
    assert film(there, recording).gone is None
    assert artefacts(there, recording)
    assert cut(there) == 1  # the coach's; the one that was given is there already
    assert there.retention.look(begun=True) == 1
    assert film(there, recording).gone
    kept = there.retention.kept_clips(there.owner, recording)
    assert set(kept) == {own}  # the other is its author's alone
    assert set(there.retention.kept_clips(there.cast["coach"], recording)) == {own, coachs}
    given = there.lessons.given_clip(there.cast["colleague"], own)
    assert (given.film.state, given.film.path) == (Making.READY, kept[own])
    assert {path for _, path, _ in there.handouts.kept()} >= {kept[own]}
    assert not there.handouts.order_given()
    assert there.handouts.claim("worker-1") is None
    assert [c.film.path for c in there.lessons.clips_for_me(there.cast["colleague"])] == [kept[own]]

    # A clip that is deleted has its film for a day, in which that can be undone.
    there.lessons.change_clip(there.owner, recording, own, ClipChange(deleted=True))
    time.days = 0.5
    there.retention.look()
    assert {path for _, path, _ in there.handouts.kept()} >= {kept[own]}
    time.days = 50
    there.retention.look()
    assert kept[own] not in {path for _, path, _ in there.handouts.kept()}
    there.lessons.delete(there.owner, recording, 0, 0)
    assert found_in(there.url, recording) <= {"receipts"}


def test_a_clip_that_cannot_be_made_holds_its_film_and_its_owner_is_told_once(there, time):
    recording, _ = there.ready()
    bad = clip(there, recording)
    keep(there, 30)
    time.pass_by(40)
    assert cut(there, fails=True) == 1
    time.pass_by(60)
    assert film(there, recording).gone is None
    assert film(there, recording).held == retaining.UNCUT
    assert told(there) == [*TOLD]
    assert there.retention.schools(there.cast["admin"])[0].held == 1
    there.lessons.change_clip(there.owner, recording, bad, ClipChange(deleted=True))
    assert there.retention.look() == 1
    assert film(there, recording).gone


def test_clips_of_a_lesson_that_has_no_film_to_cut_from_are_told_of(there, time):
    recording, run = there.ready()
    clip(there, recording)
    with there.database.write() as session:
        session.execute(update(StageRow).where(StageRow.run_id == run).values(artefact=None))
    keep(there, 30)
    time.pass_by(40)
    assert (film(there, recording).gone, film(there, recording).held) == (None, NO_FILM)


def test_what_is_protected_stays_until_then_and_is_warned_of_anew(there, time):
    recording, _ = there.ready()
    keep(there, 30)
    time.pass_by(29)
    assert film(there, recording).may_protect
    until = time(100).date()
    there.retention.protect(there.owner, recording, "The whole unit", until)
    seen = film(there, recording)
    assert (seen.goes, seen.protection.reason, seen.protection.until) == (None, "The whole unit", until)
    time.pass_by(99)
    there.retention.look()
    assert film(there, recording).gone is None
    assert there.retention.schools(there.cast["admin"])[0].protected == 1
    assert told(there) == [Kind.FILM_GOES, Kind.FILM_GOES_SOON]
    time.pass_by(102)
    assert film(there, recording).protection is None
    assert sorted(told(there), key=TOLD.index) == [Kind.FILM_GOES, Kind.FILM_GOES_SOON]
    assert film(there, recording).goes
    assert film(there, recording).gone is None
    time.pass_by(112)
    assert film(there, recording).gone is None
    time.pass_by(117)
    assert film(there, recording).gone
    with pytest.raises(BadInput, match="deleted already"):
        there.retention.protect(there.owner, recording, "Too late")


def test_for_good_until_it_is_ended(there, time):
    recording, _ = there.ready()
    keep(there, 30)
    there.retention.protect(there.owner, recording, "My best")
    time.pass_by(1000, 10)
    there.retention.unprotect(there.owner, recording)
    assert there.retention.look() == 1
    time.pass_by(1013)
    assert film(there, recording).gone is None
    time.pass_by(1015)
    assert film(there, recording).gone


@pytest.mark.parametrize("until", [0, -1])
def test_until_a_day_that_is_over_is_no_protection(there, time, until):
    recording, _ = there.ready()
    keep(there, 30)
    time.days = 5
    with pytest.raises(BadInput, match="still to come"):
        there.retention.protect(there.owner, recording, "Why", time(5).date() + timedelta(days=until - 1))


def test_a_school_that_does_not_let_films_be_protected(there, time):
    recording, _ = there.ready()
    keep(there, 30)
    there.retention.protect(there.owner, recording, "Mine")
    keep(there, 30, may_protect=False)
    with pytest.raises(BadInput, match="does not let"):
        there.retention.protect(there.owner, recording, "Mine still")
    time.pass_by(40)
    assert film(there, recording).gone  # after both warnings
    assert told(there) == [Kind.FILM_GOES, Kind.FILM_GOES_SOON]


def test_a_lesson_of_a_cycle_that_goes_on_waits(there, time):
    recording, _ = there.ready()
    cycle = there.cycles.begin(there.owner, NewCycle(Cycle.OBSERVE, "Longer waits", "coach@school.org"))
    there.cycles.take_in(there.owner, cycle, recording, Look.FIRST)
    keep(there, 30)
    time.pass_by(100, 5)
    assert film(there, recording).gone is None
    assert told(there) == []
    assert there.retention.schools(there.cast["admin"])[0].in_use == 1
    with there.database.write() as session:
        session.execute(update(CycleRow).values(closed=time(100).timestamp()))
    time.pass_by(113)
    assert film(there, recording).gone is None
    time.pass_by(116)
    assert film(there, recording).gone


def test_a_policy_that_is_set_back_in_time_deletes_nothing(there, time):
    recording, _ = there.ready()
    time.days = 400
    keep(there, 30)
    there.retention.look()
    assert film(there, recording).goes
    time.pass_by(413)
    assert there.retention.schools(there.cast["admin"])[0].warned == 1
    keep(there, None)
    time.pass_by(1000, 10)
    assert film(there, recording) == STAYS
    keep(there, 365)  # and again: 14 days from now on
    time.pass_by(1013)
    assert film(there, recording).gone is None
    time.pass_by(1017)
    assert film(there, recording).gone


def test_a_server_that_was_off_warns_first(there, time):
    recording, _ = there.ready()
    keep(there, 30)
    time.days = 500
    for _ in range(5):
        there.retention.look()
    assert (film(there, recording).gone, told(there)) == (None, [Kind.FILM_GOES])
    time.days = 600
    for _ in range(5):
        there.retention.look()
    assert (film(there, recording).gone, told(there)) == (None, [Kind.FILM_GOES, Kind.FILM_GOES_SOON])
    time.days = 602
    there.retention.look()
    assert film(there, recording).gone


def test_who_works_at_two_schools_has_the_longest_policy_and_who_left_that_of_the_last(there, time):
    recording, _ = there.ready()
    there.people.add("owner@school.org", Membership.COACH, "South")
    keep(there, 30)
    time.pass_by(100, 5)
    assert told(there) == []  # the other one decided nothing: for good
    there.people.add("admin@school.org", Membership.ADMIN, "South")
    south = next(s.id for s in there.retention.schools(there.cast["admin"]) if s.name == "South")
    there.retention.set(there.cast["admin"], south, Policy(365))
    time.pass_by(350, 5)
    assert told(there) == []
    there.people.leave("owner@school.org")
    time.pass_by(380)
    assert film(there, recording).gone


def test_who_is_nothing_at_any_school_any_more_is_where_they_taught(there, time):
    recording, _ = there.ready()
    other, _ = there.ready("other")
    there.lessons.describe(there.owner, recording, "Grade 5", None, ())
    keep(there, 30)
    with there.database.write() as session:
        session.execute(delete(MembershipRow).where(MembershipRow.person_id == there.owner))
    time.pass_by(60)
    assert film(there, recording).gone
    assert film(there, other).gone


def test_nobody_is_begun_on_while_a_run_is_at_work(there, time):
    recording, _ = there.ready()
    keep(there, 30)
    time.pass_by(29)
    there.lessons.reprocess(there.owner, recording)
    time.pass_by(60)
    assert film(there, recording).gone is None
    there.listen(recording)
    there.retention.look()
    assert film(there, recording).gone


def test_only_admins_of_the_school_decide_and_they_see_counts_alone(there, time):
    recording, _ = there.ready()
    school = north(there)
    for who in ("owner", "colleague", "coach", "leader", "stranger"):
        assert there.retention.schools(there.cast[who]) == []
        with pytest.raises(NotThere):
            there.retention.set(there.cast[who], school, Policy(30))
        with pytest.raises(NotThere):
            there.retention.forecast(there.cast[who], school, Policy(30))
    for days in (29, 3651):
        with pytest.raises(BadInput):
            keep(there, days)
    assert there.retention.schools(there.cast["admin"])[0].policy == Policy()
    time.days = 100
    found = there.retention.forecast(there.cast["admin"], school, Policy(30))
    assert (found.films, found.first) == (1, time(114))
    later = there.retention.forecast(there.cast["admin"], school, Policy(3650))
    assert later.films == 1
    assert abs(later.first - time(3650)) < timedelta(minutes=11)
    assert there.retention.forecast(there.cast["admin"], school, Policy(None)).films == 0
    keep(there, 30)
    (seen,) = there.retention.schools(there.cast["admin"])
    assert (seen.policy.days, seen.by, seen.policy.changed) == (30, "admin@school.org", time(100).timestamp())
    keep(there, 30, may_protect=False)  # of days and clips nothing is otherwise: what was said before stands
    assert there.retention.schools(there.cast["admin"])[0].policy.changed == time(100).timestamp()
    assert recording not in repr(there.retention.schools(there.cast["admin"]))


def test_others_learn_of_a_film_when_it_is_gone_and_nothing_before(there, time):
    recording, _ = there.ready()
    there.lessons.grant(there.owner, recording, "coach@school.org", [Grant.SEE])
    keep(there, 30)
    time.pass_by(29)
    assert film(there, recording).goes
    assert film(there, recording, "coach") == STAYS
    for who in ("colleague", "leader", "admin", "stranger"):
        for ask in (there.retention.film, there.retention.kept_clips, there.retention.unprotect):
            with pytest.raises(NotThere):
                ask(there.cast[who], recording)
        assert there.retention.films(there.cast[who], [recording]) == {}
    for who in ("coach", "colleague", "admin"):
        with pytest.raises(NotThere):
            there.retention.protect(there.cast[who], recording, "Mine")
    time.pass_by(40)
    assert film(there, recording, "coach").gone == film(there, recording).gone


def test_of_many_who_look_at_once_each_film_is_warned_of_and_deleted_once(there, time):
    lessons = [there.ready(name)[0] for name in ("one", "two", "three")]
    keep(there, 30)
    for days in (17, 29, 40):
        time.days = days
        with ThreadPoolExecutor(4) as pool:
            done = sum(pool.map(lambda _: there.retention.look(), range(4)))
        assert done == len(lessons)
    assert [film(there, one).gone is not None for one in lessons] == [True] * 3
    assert len(told(there)) == 6


def test_killed_at_any_point_it_goes_on(there, time, tmp_path, monkeypatch):
    recording, run = there.ready()
    lies = tmp_path / "recordings" / recording
    for name in (
        "original/1/lesson.mp4",
        f"runs/{run}/web-1/web.mp4",
        f"runs/{run}/sound-1/sound.wav",
        "handouts/t/clip.mp4",
    ):
        (lies / name).parent.mkdir(parents=True, exist_ok=True)
        (lies / name).write_bytes(b"film")
    keep(there, 30)
    time.pass_by(29)
    retain(there.retention, tmp_path)
    assert len(list(lies.rglob("*.*"))) == 4
    time.days = 40

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:  # before the rows were written
        patch.setattr(retaining.audit, "erased", killed)
        with pytest.raises(Killed):
            retain(there.retention, tmp_path)
    assert film(there, recording).gone is None
    assert (artefacts(there, recording), len(list(lies.rglob("*.*")))) != (set(), 0)
    with monkeypatch.context() as patch:  # after them, before the files
        patch.setattr(originals, "remove_film", killed)
        with pytest.raises(Killed):
            retain(there.retention, tmp_path)
    assert film(there, recording).gone
    assert len(list(lies.rglob("*.*"))) == 4
    (lies / "original/1/lesson.mp4").unlink()  # and in the middle of them
    assert retain(there.retention, tmp_path) == 0
    assert [file.relative_to(lies) for file in lies.rglob("*.*")] == [Path("handouts/t/clip.mp4")]
    assert there.retention.to_remove() == []


def test_what_was_deleted_after_a_backup_goes_again(there, time):
    recording, _ = there.ready()
    other, _ = there.ready("other")
    kept = clip(there, recording)
    keep(there, 30)
    time.pass_by(29)
    time.days = 40
    there.retention.look()
    cut(there)
    there.retention.look()
    assert film(there, recording).gone
    was_erased = Beside(there.database.audit).was_erased()
    assert was_erased(without_film(recording))
    assert not was_erased(without_clips(recording))
    with there.database.write() as session:  # as a backup of before has it: no policy, nothing said
        session.execute(delete(KeptFilmRow))
        session.execute(delete(RetainedFilmRow))
    keep(there, None)
    with there.database.write() as session:
        from models import erasing

        assert erasing.again(session, lambda id: id == without_film(recording)) == 0
    assert there.retention.look(begun=True) == 0
    with there.database.write() as session:  # pictures are there again, as in the backup
        web = select(StageRow).where(StageRow.stage == Stage.WEB)
        for stage in session.scalars(web):
            stage.artefact = "recordings/x/runs/y/web-1"
    assert cut(there) == 1
    assert there.retention.look(begun=True) == 1
    assert set(there.retention.kept_clips(there.owner, recording)) == {kept}
    assert film(there, recording).gone
    assert film(there, recording).days is None
    assert erasure("k", without_film(other)) != erasure("k", other)


def test_a_backup_has_films_of_clips_and_misses_no_file_of_a_film_that_went(there, time, tmp_path):
    recording, _ = there.ready()
    other, _ = there.ready("other")
    there.lessons.grant(there.owner, recording, "coach@school.org", [Grant.COMMENT])
    kept = clip(there, recording, "coach")
    there.retention.protect(there.owner, other, "It stays")
    keep(there, 30)
    before = tmp_path / "before"
    before.mkdir()
    old = take(there.url, before)
    time.pass_by(40)
    cut(there)
    there.retention.look(begun=True)
    path = there.retention.kept_clips(there.owner, recording)[kept]
    after = tmp_path / "after"
    after.mkdir()
    new = take(there.url, after)
    assert set(old.originals) == {"recordings/fractions/original/1.mp4", "recordings/other/original/1.mp4"}
    assert set(new.originals) == {"recordings/other/original/1.mp4"}
    assert str(Path(path).parent) in new.artefacts
    for folder, snapshot, gone in ((before, old, False), (after, new, True)):
        url = fresh_database("sqlite", upgraded=False)
        was_erased = Beside(there.database.audit).was_erased()
        assert put(url, folder, snapshot.tables, snapshot.revision, was_erased) == 0
        database = Database(url)
        with database.read() as session:
            row = session.get_one(RetainedFilmRow, recording)
            assert (row.gone is not None, row.again, row.keep_clips) == (gone, not gone, True)
            assert (session.get(KeptFilmRow, kept) is not None) == gone
            assert not session.get_one(RetainedFilmRow, other).again
        database.close()

    # Whoever made a clip takes its film along when they are erased.
    assert str(Path(path).parent) in there.people.belongings("coach@school.org").places
    there.people.leave("coach@school.org")
    there.people.erase("coach@school.org", 0, 0)
    assert path not in {one for _, one, _ in there.handouts.kept()}


def test_the_log_tells_of_it(there, time):
    from models.audit import AuditLog

    recording, _ = there.ready()
    keep(there, 30)
    there.retention.protect(there.owner, recording, "Whisperwood")
    there.retention.unprotect(there.owner, recording)
    time.pass_by(40)
    log = AuditLog(there.database, Beside(there.database.audit))
    lines = [line[3:5] for line in log.lines()][-4:]
    assert lines == [
        ("set how long films are kept", "-"),
        ("protected a film", recording),
        ("ended a film's protection", recording),
        ("film deleted by policy", recording),
    ]
    assert log.verify()[1] is None
    assert "Whisperwood" not in repr(list(log.lines()))


def test_a_day_that_is_named_is_kept_whole(there, time):
    recording, _ = there.ready()
    keep(there, 30)
    last = time(200).date()
    there.retention.protect(there.owner, recording, "Until then", last)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC).timestamp() + DAY_S
    time.days = (end - 1 - time.began) / DAY_S
    assert film(there, recording).protection.until == last
    time.days = (end + 1 - time.began) / DAY_S
    assert film(there, recording).protection is None
    assert isinstance(last, date)


def test_a_film_waits_for_the_covered_films_of_its_clips_and_these_stay(there, time):
    recording, _ = there.ready()
    this = clip(there, recording)
    there.lessons.give_clips(there.owner, recording, "coach@school.org", [this])
    keep(there, keep_clips=True)
    time.pass_by(364)
    there.faces.cover(there.owner, this)
    there.handouts.order_given()
    looking = there.handouts.claim("worker-1")
    time.pass_by(367)
    assert cut(there) == 1, "of the clip as it was taken"
    time.pass_by(368)
    assert film(there, recording).gone is None, "a machine still looks for faces in it"
    assert there.handouts.found(looking, ())
    assert cut(there) == 1
    path = there.faces.faces(there.owner, this).film.path
    time.pass_by(369)
    assert film(there, recording).gone is not None
    seen = there.lessons.given_clip(there.cast["coach"], this).film
    assert (seen.state, seen.path, seen.gone) == (Making.READY, path, False)
    there.handouts.order_given()
    assert path in [one for _, one, _ in there.handouts.kept()]
    with pytest.raises(BadInput):
        there.faces.mark(there.owner, this, Marked(frozenset({"a1"})))
    assert there.lessons.given_clip(there.cast["coach"], this).film.path == path
