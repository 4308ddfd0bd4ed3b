"""What people are told of: made with what it tells of, for those who may see it, and written once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select, update
from stores import School

from coaching.access import Grant, NotThere
from coaching.clips import NewClip
from coaching.coached import NewCycle
from coaching.comments import Audience, CommentChange, NewComment
from coaching.cycles import Kind as Coached
from coaching.mailing import LATE_S, WAITS_S, Mailing
from coaching.notifications import PAUSE, Kind, Preferences, Way
from coaching.people import Membership
from coaching.recordings import RunState, Stage
from models.database import Database
from models.mails import MailStore
from models.tables import NotificationRow, PreferenceRow
from models.telling import tell

COACH = "coach@school.org"
AWAKE = Preferences(quiet=None)


@pytest.fixture
def lesson(there: School) -> str:
    """The owner's lesson, which a coach may comment on; both have read what they were told of it."""
    recording, _ = there.ready()
    there.lessons.grant(there.owner, recording, COACH, [Grant.COMMENT])
    for person in (there.owner, there.cast["coach"]):
        there.notifications.read_all(person)
        there.notifications.prefer(person, AWAKE)
    return recording


def told(there: School, who: str, *, unread: bool = True) -> list[tuple[Kind, int]]:
    found = there.notifications.mine(there.cast[who])
    return [(n.kind, n.count) for n in found if not unread or n.read is None]


def say(there: School, lesson: str, who: str = "coach", **said) -> str:
    return there.lessons.comment(there.cast[who], lesson, NewComment(2.0, "Whisperwood.", **said))


def states(there: School) -> dict[Mailing, int]:
    with there.database.read() as session:
        query = select(NotificationRow.mail, func.count()).group_by(NotificationRow.mail)
        return dict(session.execute(query).all())


def planned(there: School):
    there.mails.plan()
    return there.mails.claim()


def test_who_is_given_something_is_told_and_who_gives_it_is_not(there):
    recording, _ = there.ready()
    there.lessons.grant(there.owner, recording, COACH, [Grant.COMMENT])
    there.lessons.grant(there.owner, recording, COACH, [Grant.MEASURES])  # more of the same lesson is no news
    clips = [there.lessons.clip(there.owner, recording, NewClip(1.0, end, "Look")) for end in (2.0, 3.0)]
    for _ in range(2):
        there.lessons.give_clips(there.owner, recording, "colleague@school.org", clips)
    assert told(there, "coach") == [(Kind.SHARED, 1)]
    assert told(there, "colleague") == [(Kind.CLIPS, 2)]
    assert told(there, "owner") == [(Kind.READY, 1)]
    (shared,) = there.notifications.mine(there.cast["coach"])
    assert (shared.who, shared.link) == ("owner@school.org", f"/review?recording={recording}")
    assert shared.sentence == "owner@school.org shared a lesson with you"
    for who in ("leader", "admin", "stranger"):
        assert told(there, who) == []


def test_comments_are_told_to_the_owner_and_answers_to_whom_they_answer(there, lesson):
    first = say(there, lesson)
    say(there, lesson)
    say(there, lesson, audience=Audience.AUTHOR)
    assert told(there, "owner") == [(Kind.COMMENTED, 2)]
    assert there.notifications.unread(there.owner) == 1
    say(there, lesson, "owner", parent=first)
    say(there, lesson, "owner")
    assert told(there, "coach") == [(Kind.ANSWERED, 1)]
    own = say(there, lesson, "owner")
    say(there, lesson, parent=own)
    assert told(there, "owner") == [(Kind.ANSWERED, 1), (Kind.COMMENTED, 2)]


def test_what_becomes_one_for_all_is_told_once_and_what_is_deleted_is_not(there, lesson):
    coach = there.cast["coach"]
    own = say(there, lesson, audience=Audience.AUTHOR)
    for audience in (Audience.LESSON, Audience.AUTHOR, Audience.LESSON):
        there.lessons.change_comment(coach, lesson, own, CommentChange(audience=audience))
    assert told(there, "owner") == [(Kind.COMMENTED, 1)]
    there.lessons.change_comment(coach, lesson, own, CommentChange(deleted=True))
    assert (told(there, "owner"), there.notifications.unread(there.owner)) == ([], 0)
    there.lessons.change_comment(coach, lesson, own, CommentChange(deleted=False))
    assert told(there, "owner") == [(Kind.COMMENTED, 1)]


def test_what_becomes_of_a_lesson_is_told_to_its_owner(there):
    for name, broken in (("broken", Stage.SOUND), ("half", Stage.WORDS), ("dark", Stage.POSTER)):
        run, attempt = there.begin(there.bring(name))
        for stage in there.still_to_do(run):
            if stage is broken:
                assert not there.jobs.fail(there.take(run, attempt, stage), "BadRecording", "It is.", again=False)
                if stage is Stage.SOUND:
                    break
            else:
                there.do(run, attempt, stage)
        state = there.jobs.settle(run, attempt)
        assert there.jobs.settle(run, attempt) is state is (RunState.FAILED if name == "broken" else RunState.READY)
    # The last was ready before its picture failed.
    assert told(there, "owner") == [(Kind.ATTENTION, 1), (Kind.READY, 1), (Kind.ATTENTION, 1), (Kind.ATTENTION, 1)]


def test_it_is_made_with_what_it_tells_of_or_not_at_all(there, lesson, monkeypatch):
    monkeypatch.setattr("models.telling.of_comment", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        say(there, lesson)
    assert there.lessons.comments(there.owner, lesson) == []


def test_one_is_read_with_those_it_stands_for_and_by_nobody_else(there, lesson):
    say(there, lesson)
    say(there, lesson)
    (one,) = [n for n in there.notifications.mine(there.owner) if n.read is None]
    for who in ("coach", "colleague", "admin", "stranger"):
        there.notifications.read_all(there.cast[who])
        with pytest.raises(NotThere):
            there.notifications.read(there.cast[who], one.id)
    with pytest.raises(NotThere):
        there.notifications.read(there.owner, "0" * 24)
    assert told(there, "owner") == [(Kind.COMMENTED, 2)]
    assert there.notifications.read(there.owner, one.id) == f"/review?recording={lesson}&t=2"
    assert (told(there, "owner"), there.notifications.unread(there.owner)) == ([], 0)
    say(there, lesson)
    assert told(there, "owner") == [(Kind.COMMENTED, 1)]
    assert (Kind.COMMENTED, 2) in told(there, "owner", unread=False)
    there.notifications.read_all(there.owner)
    assert planned(there) is None
    assert set(states(there)) == {Mailing.NONE}


def test_what_is_taken_back_or_deleted_is_not_there_any_more(there, lesson):
    coach = there.cast["coach"]
    other, _ = there.ready("another")
    there.lessons.grant(there.owner, other, COACH, [])
    clip = there.lessons.clip(there.owner, other, NewClip(1.0, 2.0, "Look"))
    there.lessons.give_clips(there.owner, other, COACH, [clip])
    assert told(there, "coach") == [(Kind.CLIPS, 1), (Kind.SHARED, 1)]
    ids = [n.id for n in there.notifications.mine(coach)]
    there.lessons.take_back_clips(there.owner, other, coach)
    assert told(there, "coach") == [(Kind.SHARED, 1)]
    there.people.leave(COACH)
    there.lessons.take_back_grant(there.owner, other, coach)
    assert told(there, "coach") == []
    with pytest.raises(NotThere):
        there.notifications.read(coach, ids[0])
    there.lessons.delete(there.owner, other, 0, 0)
    with there.database.read() as session:
        assert not session.scalars(select(NotificationRow).where(NotificationRow.recording_id == other)).all()


def test_what_is_told_of_a_cycle_is_for_those_who_take_part_in_it(there):
    cycle = there.cycles.begin(there.owner, NewCycle(Coached.OBSERVE, "Longer waits", COACH))
    there.notifications.read_all(there.cast["coach"])  # of its beginning
    for who in ("owner", "coach", "colleague", "admin"):
        with there.database.write() as session:
            tell(session, there.cast[who], Kind.SHARED, f"/cycle?cycle={cycle}", by=there.cast["leader"], cycle=cycle)
    assert [told(there, who) for who in ("owner", "coach", "colleague", "admin")] == [[(Kind.SHARED, 1)]] * 2 + [[]] * 2
    (school,) = there.staff.schools(there.cast["admin"])
    there.staff.change(there.cast["admin"], there.cast["coach"], school.id, [Membership.LEADER])
    assert told(there, "coach") == []


def test_what_nobody_wants_to_hear_of_is_not_told(there, lesson):
    there.notifications.prefer(there.owner, Preferences({Kind.COMMENTED: Way.OFF}, None, 6, "Europe/Paris"))
    say(there, lesson)
    assert told(there, "owner") == []
    found = there.notifications.preferences(there.owner)
    assert found == Preferences({Kind.COMMENTED: Way.OFF}, None, 6, "Europe/Paris")
    there.notifications.at(there.owner, "America/Chicago")
    there.notifications.at(there.owner, "Moon/Base")
    assert there.notifications.preferences(there.owner).zone == "America/Chicago"
    assert there.notifications.preferences(there.cast["leader"]) == Preferences()


def test_an_email_tells_who_and_what_kind_and_goes_once(there, lesson):
    say(there, lesson)
    say(there, lesson)
    mail = planned(there)
    assert (mail.to, mail.of, mail.tries, mail.rows) == ("owner@school.org", Kind.COMMENTED, 1, 2)
    assert [n.sentence for n in mail.notices] == ["coach@school.org commented 2 times on your lesson"]
    assert "Whisperwood" not in repr(mail)
    assert "fractions" not in repr(mail)
    assert there.mails.claim() is None
    assert there.mails.going(mail)
    assert not there.mails.going(mail)
    there.later(NotificationRow, 86_400, "due")
    assert planned(there) is None
    assert there.jobs.load().post.waiting == 0


def test_of_two_workers_one_has_it(there, lesson):
    there.notifications.prefer(there.cast["coach"], AWAKE)
    for n in range(6):
        own = say(there, lesson, "owner")
        say(there, lesson, parent=own) if n % 2 else say(there, lesson)
    there.mails.plan()
    stores = [MailStore(Database(there.url)) for _ in range(4)]

    def work(store: MailStore) -> list[str]:
        found = []
        while (mail := store.claim()) is not None:
            found += [mail.id] * store.going(mail)
        return found

    with ThreadPoolExecutor(4) as pool:
        sent = [one for found in pool.map(work, stores) for one in found]
    assert len(sent) == len(set(sent))
    assert states(there)[Mailing.SENT] == 6
    assert Mailing.WAITING not in states(there)


def test_who_took_it_and_died_loses_it_to_another_and_may_not_send_it_any_more(there, lesson):
    say(there, lesson)
    mail = planned(there)
    there.later(NotificationRow, 301, "due")
    again = there.mails.claim()
    assert (again.id, again.tries) == (mail.id, 2)
    assert not there.mails.going(mail)
    there.mails.fail(mail, "Late.", again=True)
    assert there.mails.going(again)


@pytest.mark.parametrize("what", ["taken back", "deleted", "read", "off", "left", "no colleague"])
def test_what_changes_before_it_goes_keeps_it_back(there, lesson, what):
    coach = there.cast["coach"]
    other, _ = there.ready("another")
    there.lessons.grant(there.owner, other, COACH, [Grant.COMMENT])
    mail = planned(there)
    assert (mail.to, mail.of) == (COACH, Kind.SHARED)
    match what:
        case "taken back":
            there.lessons.take_back_grant(there.owner, other, coach)
        case "deleted":
            there.lessons.delete(there.owner, other, 0, 0)
        case "read":
            there.notifications.read(coach, mail.notices[0].id)
        case "off":
            there.notifications.prefer(coach, Preferences({Kind.SHARED: Way.APP}, None))
        case "left":
            there.people.leave(COACH)
        case "no colleague":
            (school,) = there.staff.schools(there.cast["admin"])
            there.staff.change(there.cast["admin"], coach, school.id, [Membership.LEADER])
    assert not there.mails.going(mail)
    there.mails.plan()
    assert there.mails.claim() is None
    assert Mailing.WAITING not in states(there)


def test_of_what_is_gathered_only_what_still_stands_goes(there, lesson):
    first, _ = say(there, lesson), say(there, lesson)
    mail = planned(there)
    there.lessons.change_comment(there.cast["coach"], lesson, first, CommentChange(deleted=True))
    assert not there.mails.going(mail)
    again = there.mails.claim()
    assert ([n.count for n in again.notices], again.tries) == ([1], 1)
    assert there.mails.going(again)


def test_of_the_same_thing_no_second_email_goes_within_the_hour_until_the_first_is_read(there, lesson):
    say(there, lesson)
    assert there.mails.going(planned(there))
    say(there, lesson)
    assert planned(there) is None
    there.later(NotificationRow, PAUSE.total_seconds() + 1, "due", "sent", "made")
    (notice,) = there.mails.claim().notices
    assert notice.count == 1
    there.notifications.read_all(there.owner)
    say(there, lesson)
    assert planned(there) is not None


def test_a_digest_gathers_a_day_and_quiet_hours_wait(there, lesson):
    hour = datetime.now(UTC).hour
    ways = {Kind.COMMENTED: Way.DIGEST, Kind.READY: Way.DIGEST}
    there.notifications.prefer(there.owner, Preferences(ways, None, (hour + 2) % 24))
    say(there, lesson)
    say(there, lesson)
    there.ready("another")
    assert planned(there) is None
    there.later(NotificationRow, 86_400, "due", "made")
    quiet = ((hour - 1) % 24, (hour + 2) % 24)
    there.notifications.prefer(there.owner, Preferences(ways, quiet, (hour + 2) % 24))
    assert planned(there) is None
    assert states(there)[Mailing.WAITING] == 3
    there.notifications.prefer(there.owner, Preferences(ways, None, (hour + 2) % 24))
    mail = planned(there)
    assert (mail.of, [(n.kind, n.count) for n in mail.notices]) == (None, [(Kind.READY, 1), (Kind.COMMENTED, 2)])
    assert there.mails.going(mail)


def test_what_does_not_go_is_tried_again_and_given_up_with_its_reason(there, lesson):
    say(there, lesson)
    there.mails.plan()
    for tries, wait in enumerate(WAITS_S, 1):
        mail = there.mails.claim()
        assert mail.tries == tries
        there.mails.fail(mail, "The mail server cannot be reached.", again=True)
        post = there.jobs.load().post
        assert (post.waiting, post.given_up, post.reason) == (1, 0, "The mail server cannot be reached.")
        there.later(NotificationRow, wait - 10, "due")
        assert there.mails.claim() is None
        there.later(NotificationRow, 11, "due")
    mail = there.mails.claim()
    assert there.mails.going(mail)
    there.mails.fail(mail, "The mail server refused it.", again=True)  # it was asked for, and refused, all the same
    post = there.jobs.load().post
    assert (post.waiting, post.given_up, post.reason) == (0, 1, "The mail server refused it.")
    there.later(NotificationRow, 30 * 86_400, "made")
    assert there.jobs.load().post.given_up == 0


def test_what_happened_long_before_email_was_set_up_is_not_written(there, lesson):
    say(there, lesson)
    there.later(NotificationRow, LATE_S + 1, "made")
    assert planned(there) is None
    assert told(there, "owner") == [(Kind.COMMENTED, 1)]


def test_a_link_in_an_email_ends_its_kind_and_nothing_else(there, lesson):
    say(there, lesson)
    link = planned(there).leave
    assert there.mails.about(link) is Kind.COMMENTED
    for wrong in (link[:-1] + "g", link.replace("commented", "digest"), link.replace(there.owner, there.cast["coach"])):
        for ask in (there.mails.about, there.mails.leave):
            with pytest.raises(NotThere):
                ask(wrong)
    for _ in range(2):
        there.mails.leave(link)
    found = there.notifications.preferences(there.owner)
    assert (found.way(Kind.COMMENTED), found.way(Kind.ANSWERED)) == (Way.APP, Way.AT_ONCE)
    say(there, lesson)
    assert planned(there) is None
    assert told(there, "owner") == [(Kind.COMMENTED, 2)]
    there.notifications.prefer(there.owner, Preferences({Kind.COMMENTED: Way.OFF}, None))
    there.mails.leave(link)
    assert there.notifications.preferences(there.owner).way(Kind.COMMENTED) is Way.OFF


def test_what_is_old_goes_when_something_new_comes(there, lesson):
    say(there, lesson)
    with there.database.write() as session:
        session.execute(update(NotificationRow).values(made=NotificationRow.made - 91 * 86_400))
    say(there, lesson)
    assert told(there, "owner", unread=False) == [(Kind.COMMENTED, 1)]
    with there.database.read() as session:
        assert session.scalar(select(func.count()).select_from(PreferenceRow)) == 2
