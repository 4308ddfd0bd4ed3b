"""What people are told, and when it is written to them: hours in their own time zone, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.mailing import WAITS_S, again_in, check, named, signed
from coaching.notifications import Kind, Notice, Preferences, Way, gathered, when


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("way", "made", "now", "mailed", "quiet", "zone", "then"),
    [
        # At once, unless it is night.
        (Way.AT_ONCE, "2026-11-19 15:00", "2026-11-19 15:00", None, (19, 7), "UTC", "2026-11-19 15:00"),
        (Way.AT_ONCE, "2026-11-19 15:00", "2026-11-19 16:10", None, (19, 7), "UTC", "2026-11-19 16:10"),
        (Way.AT_ONCE, "2026-11-19 18:59", "2026-11-19 18:59", None, (19, 7), "UTC", "2026-11-19 18:59"),
        (Way.AT_ONCE, "2026-11-19 19:00", "2026-11-19 19:00", None, (19, 7), "UTC", "2026-11-20 07:00"),
        (Way.AT_ONCE, "2026-11-19 06:59", "2026-11-19 06:59", None, (19, 7), "UTC", "2026-11-19 07:00"),
        (Way.AT_ONCE, "2026-11-19 15:00", "2026-11-19 21:00", None, (19, 7), "UTC", "2026-11-20 07:00"),
        (Way.AT_ONCE, "2026-11-19 12:30", "2026-11-19 12:30", None, (9, 17), "UTC", "2026-11-19 17:00"),
        (Way.AT_ONCE, "2026-11-19 23:00", "2026-11-19 23:00", None, None, "UTC", "2026-11-19 23:00"),
        # In one's own zone: 19:00 in Chicago is 01:00 UTC in winter.
        (Way.AT_ONCE, "2026-11-19 23:00", "2026-11-19 23:00", None, (19, 7), "America/Chicago", "2026-11-19 23:00"),
        (Way.AT_ONCE, "2026-11-20 01:30", "2026-11-20 01:30", None, (19, 7), "America/Chicago", "2026-11-20 13:00"),
        # Of the same thing once an hour.
        (Way.AT_ONCE, "2026-11-19 15:05", "2026-11-19 15:05", "2026-11-19 15:00", None, "UTC", "2026-11-19 16:00"),
        (Way.AT_ONCE, "2026-11-19 17:00", "2026-11-19 17:00", "2026-11-19 15:00", None, "UTC", "2026-11-19 17:00"),
        (Way.AT_ONCE, "2026-11-19 18:30", "2026-11-19 18:30", "2026-11-19 18:20", (19, 7), "UTC", "2026-11-20 07:00"),
        # Daily, at 7.
        (Way.DIGEST, "2026-11-19 07:00", "2026-11-19 07:00", None, None, "UTC", "2026-11-19 07:00"),
        (Way.DIGEST, "2026-11-19 07:01", "2026-11-19 07:01", None, None, "UTC", "2026-11-20 07:00"),
        (Way.DIGEST, "2026-11-19 07:01", "2026-11-20 09:00", None, None, "UTC", "2026-11-20 09:00"),
        (Way.DIGEST, "2026-11-19 20:00", "2026-11-19 20:00", None, (6, 9), "UTC", "2026-11-20 09:00"),
        (Way.DIGEST, "2026-11-19 20:00", "2026-11-19 20:00", None, None, "Asia/Kolkata", "2026-11-20 01:30"),
        (Way.APP, "2026-11-19 15:00", "2026-11-19 15:00", None, None, "UTC", None),
        (Way.OFF, "2026-11-19 15:00", "2026-11-19 15:00", None, None, "UTC", None),
        # The night in which New York skips 2:00 to 3:00 (8 March 2026), and the one in which it has 1:00 to 2:00 twice
        # (1 November 2026): at 7 it is an hour earlier, and an hour later, in UTC than the day before.
        (Way.AT_ONCE, "2026-03-08 04:00", "2026-03-08 04:00", None, (19, 7), "America/New_York", "2026-03-08 11:00"),
        (Way.AT_ONCE, "2026-03-07 04:00", "2026-03-07 04:00", None, (19, 7), "America/New_York", "2026-03-07 12:00"),
        (Way.AT_ONCE, "2026-11-01 04:00", "2026-11-01 04:00", None, (19, 7), "America/New_York", "2026-11-01 12:00"),
        (Way.DIGEST, "2026-03-07 13:00", "2026-03-07 13:00", None, None, "America/New_York", "2026-03-08 11:00"),
        (Way.DIGEST, "2026-10-31 12:00", "2026-10-31 12:00", None, None, "America/New_York", "2026-11-01 12:00"),
        # Quiet until an hour that is skipped: until clocks go on, at 3:00. Until one that comes twice: the first.
        (Way.AT_ONCE, "2026-03-08 06:30", "2026-03-08 06:30", None, (22, 2), "America/New_York", "2026-03-08 07:00"),
        (Way.AT_ONCE, "2026-11-01 04:30", "2026-11-01 04:30", None, (22, 1), "America/New_York", "2026-11-01 05:00"),
        (Way.AT_ONCE, "2026-11-01 06:30", "2026-11-01 06:30", None, (22, 2), "America/New_York", "2026-11-01 07:00"),
        (Way.AT_ONCE, "2026-03-08 07:00", "2026-03-08 07:00", None, (3, 2), "America/New_York", "2026-03-09 06:00"),
    ],
)
def test_when_an_email_goes(way, made, now, mailed, quiet, zone, then):
    wanted = Preferences({Kind.COMMENTED: way}, quiet, 7, zone)
    wanted.check()
    found = when(Kind.COMMENTED, utc(made), wanted, utc(now), mailed and utc(mailed))
    assert found == (then and utc(then))


def test_a_digest_comes_once_in_the_night_that_has_its_hour_twice():
    wanted = Preferences({Kind.READY: Way.DIGEST}, None, 1, "America/New_York")
    made, found = utc("2026-10-31 12:00"), set()
    while made < utc("2026-11-03 00:00"):
        found.add(when(Kind.READY, made, wanted, made))
        made += timedelta(minutes=15)
    assert sorted(found) == [utc(f"2026-11-0{day}") for day in ("1 05:00", "2 06:00", "3 06:00")]


@pytest.mark.parametrize(
    "wrong", [{"quiet": (7, 7)}, {"digest": 24}, {"quiet": (-1, 5)}, {"zone": "Moon"}, {"zone": ""}]
)
def test_what_are_no_preferences_is_said(wrong):
    with pytest.raises(BadInput, match=r"\.$"):
        Preferences(**wrong).check()


def test_every_kind_has_its_sentences_which_name_a_person_and_nothing_else():
    for kind in Kind:
        for sentence in (kind.one, kind.many):
            assert sentence.format(who="Ana", n=3)
        assert kind.when
        assert kind is Kind(kind.value)
    one = Notice("a", Kind.COMMENTED, "lesson", "/", utc("2026-11-19"), "daniel", "Daniel {Reyes}")
    assert one.sentence == "Daniel {Reyes} commented on your lesson"


def test_several_about_the_same_are_one_while_nobody_has_looked():
    def notice(id: str, kind=Kind.COMMENTED, about="lesson", by="daniel", read=None):
        return Notice(id, kind, about, f"/{id}", utc("2026-11-19"), by, by.title(), read and utc(read))

    found = gathered(
        [
            notice("a"),
            notice("b", by="ana"),
            notice("c"),
            notice("d", about="another"),
            notice("e", Kind.ANSWERED),
            notice("f"),
            notice("g", read="2026-11-18 10:00"),
            notice("h", read="2026-11-18 10:00"),
            notice("i", read="2026-11-17 10:00"),
        ]
    )
    assert [(one.id, one.count) for one in found] == [
        ("a", 3),
        ("b", 1),
        ("d", 1),
        ("e", 1),
        ("g", 2),
        ("i", 1),
    ]
    assert found[0].sentence == "Daniel commented 3 times on your lesson"


def test_it_is_tried_again_at_growing_intervals_for_a_day():
    assert sorted(WAITS_S) == list(WAITS_S)
    assert 23.5 * 3600 < sum(WAITS_S) < 25 * 3600
    assert [again_in(n) for n in (1, 2, len(WAITS_S), len(WAITS_S) + 1)] == [60, 300, 28_800, None]


def test_a_link_that_ends_emails_is_good_for_what_was_signed_alone():
    link = signed("key", "ab" * 12, Kind.COMMENTED)
    assert named(link) == ("ab" * 12, "commented")
    check(link, "key")
    for wrong in (
        link[:-1],
        link + "0",
        link.replace("commented", "ready"),
        link.replace("ab", "cd"),
        link.replace(".", "", 1),
        "",
        "..",
        "ä.commented.é",
    ):
        with pytest.raises(NotThere):
            check(wrong, "key")
    for key in ("another", None):
        with pytest.raises(NotThere):
            check(link, key)
