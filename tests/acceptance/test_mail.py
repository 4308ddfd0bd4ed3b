"""E-mails as a real worker sends them to a real mail server; and their links, at the real web server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from databases import KINDS, fresh_database
from fleet import Fleet
from letterbox import Letterbox, letterbox, links, parts, until
from sqlalchemy import select
from stores import School, school
from web import Web, served
from workers import WorkerProcess

from coaching.access import Grant
from coaching.comments import NewComment
from coaching.mailing import HELD_S, Mailing
from coaching.notifications import Kind, Preferences, Way
from models.tables import NotificationRow

SECRET = "Whisperwood"
"""Stands in the lesson's name and in comments, and in no e-mail and no log."""

COACH = "coach@school.org"
HTML = {"Accept": "text/html"}


@dataclass
class Place:
    """The school, its server, its mail server, and workers that write to people."""

    web: Web
    cast: School
    box: Letterbox
    fleet: Fleet

    def work(self) -> WorkerProcess:
        return self.fleet.start("--queues", "cpu")

    def share(self, name: str, who: str = COACH) -> str:
        """A lesson of which only the share is news."""
        recording = self.cast.bring(f"{SECRET} {name}")
        (self.fleet.data / "recordings" / recording).mkdir(parents=True)
        self.cast.lessons.grant(self.cast.owner, recording, who, [Grant.COMMENT])
        return recording

    def come(self, many: int) -> None:
        until(lambda: len(self.box.came) >= many, self.fleet.workers[-1].text)

    def state(self, mail: Mailing) -> list[NotificationRow]:
        with self.cast.database.read() as session:
            return list(session.scalars(select(NotificationRow).where(NotificationRow.mail == mail)))


@pytest.fixture(params=KINDS)
def place(request, tmp_path) -> Iterator[Place]:
    url, data = fresh_database(request.param), tmp_path / "data"
    cast = school(url)
    for person in cast.cast.values():
        cast.notifications.prefer(person, Preferences({Kind.ATTENTION: Way.APP}, quiet=None))  # no lesson has a file
    with letterbox() as box, served(data, url) as web:
        fleet = Fleet(request.param, data, url, **box.settings(), SECONDLOOK_PUBLIC_URL=web.url)
        yield Place(web, cast, box, fleet)
        for worker in fleet.workers:
            assert not [word for word in (SECRET, "@school.org", "Traceback") if word in worker.text]
        fleet.close()
    cast.database.close()


def test_a_share_is_written_of_without_content_and_its_links_do_what_they_say(place):
    cast, web, box = place.cast, place.web, place.box
    place.work()
    recording = place.share("one")
    place.come(1)
    (mail,) = box.came
    text, html = parts(mail)
    assert (mail["To"], box.to) == (COACH, [COACH])
    assert mail["Subject"] == "owner@school.org shared a lesson with you"
    assert SECRET not in str(mail) + text + html
    assert recording not in str(mail) + text + html
    see, choose, leave = links(mail)
    assert choose == f"{web.url}/notifications"

    out = web.ask(see.removeprefix(web.url), headers=HTML)
    assert out.headers["location"] == f"/signin?next={see.removeprefix(web.url)}"
    cookie = web.session(COACH)
    led = web.ask(see.removeprefix(web.url), cookie, headers=HTML)
    assert (led.status, led.headers["location"]) == (303, f"/review?recording={recording}")
    assert cast.notifications.unread(cast.cast["coach"]) == 0

    one_click = leave.removeprefix(web.url)
    asked = web.ask(one_click)
    assert (asked.status, asked.text.count("<button"), "somebody shares a lesson with you" in asked.text) == (
        200,
        1,
        True,
    )
    assert cast.notifications.preferences(cast.cast["coach"]).way(Kind.SHARED) is Way.AT_ONCE
    for wrong in (one_click[:-1], one_click.replace("shared", "digest"), "/unsubscribe", "/unsubscribe?link=%00"):
        for method in ("GET", "POST"):
            assert web.ask(wrong, method=method, body=b"List-Unsubscribe=One-Click").status == 404
    done = web.ask(one_click, method="POST", body=b"List-Unsubscribe=One-Click")  # no cookie, and from no page
    assert done.status == 200
    place.share("two")
    cast.lessons.comment(cast.cast["coach"], recording, NewComment(1.0, f"{SECRET}."))
    place.come(2)
    assert [one["Subject"] for one in box.came[1:]] == [f"{COACH} commented on your lesson"]
    assert SECRET not in parts(box.came[1])[0]
    assert cast.notifications.unread(cast.cast["coach"]) == 1
    log = web.log + place.fleet.workers[0].text
    assert not [part for part in (one_click, leave.partition("=")[2]) if part in log]


def test_a_digest_gathers_quiet_hours_wait_and_what_is_taken_back_is_not_written(place):
    cast, box = place.cast, place.box
    coach, hour = cast.cast["coach"], datetime.now(UTC).hour
    daily = Preferences({Kind.SHARED: Way.DIGEST}, None, (hour + 3) % 24)
    cast.notifications.prefer(coach, daily)
    cast.notifications.prefer(cast.cast["colleague"], Preferences(quiet=((hour - 1) % 24, (hour + 3) % 24)))
    place.work()
    lessons = [place.share(name) for name in ("one", "two", "three")]
    place.share("quiet", "colleague@school.org")
    until(lambda: len(place.state(Mailing.WAITING)) == 4, "they are planned")
    assert all(row.due > row.made + 60 for row in place.state(Mailing.WAITING))
    cast.lessons.take_back_grant(cast.owner, lessons[1], coach)
    cast.later(NotificationRow, 86_400, "due", "made")  # the digest's hour has come, and it is quiet still
    place.come(1)
    (mail,) = box.came
    assert (mail["To"], mail["Subject"], len(links(mail))) == (COACH, "2 things are new in Second Look", 4)
    until(lambda: len(place.state(Mailing.WAITING)) == 1, "it waits on")
    cast.notifications.prefer(cast.cast["colleague"], Preferences(quiet=None))
    place.come(2)
    assert box.came[1]["To"] == "colleague@school.org"

    box.waits["rcpt"] = 2.0  # time to change one's mind, while the mail server thinks about it
    asked, worker = box.asked, place.fleet.workers[0]
    recording = place.share("four", "colleague@school.org")
    until(lambda: box.asked > asked, "it is asked")
    cast.lessons.take_back_grant(cast.owner, recording, cast.cast["colleague"])
    until(lambda: '"mail kept back"' in worker.text, "it is kept back")
    box.waits.clear()
    place.share("five", "colleague@school.org")
    place.come(3)
    assert len(box.came) == 3


def test_whenever_a_worker_is_killed_each_is_written_once(place):
    cast, box = place.cast, place.box
    box.says["rcpt"] = "451 Later"
    first = place.work()
    place.share("refused for now")
    until(lambda: cast.jobs.load().post.reason, first.text)
    post = cast.jobs.load().post
    assert (post.waiting, post.given_up, post.reason) == (1, 0, "The mail server refused this e-mail.")
    box.says.clear()
    box.waits["rcpt"] = 600.0
    asked = box.asked
    cast.later(NotificationRow, 61, "due")
    until(lambda: box.asked > asked, "it is asked")
    first.kill()  # before any of it went
    box.waits = {"data": 600.0}
    cast.later(NotificationRow, HELD_S, "due")
    second = place.work()
    place.come(1)
    second.kill()  # once all of it went, and before the answer
    box.waits.clear()
    assert place.state(Mailing.WAITING) == []
    third, fourth = place.work(), place.work()
    for n in range(6):
        place.share(f"{n}", "colleague@school.org" if n % 2 else COACH)
    until(lambda: len(place.state(Mailing.SENT)) == 7, third.text + fourth.text)

    def told() -> list[str]:
        return [link for mail in list(box.came) for link in links(mail) if re.search(r"/notifications/\w+$", link)]

    until(lambda: len(told()) >= 7, third.text + fourth.text)  # it is written down before it goes
    ids = [mail["Message-ID"] for mail in box.came]
    assert len(ids) == len(set(ids))
    assert len(told()) == len(set(told())) == 7
