"""Notifications: what people are told of, in which words, and when it is written to them by e-mail.

A notification says who did what kind of thing, and leads there. What a lesson is called, and what anybody said or
wrote, never stands in one: a name and a link are all that leaves the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from coaching.errors import BadInput

PAUSE = timedelta(hours=1)
"""Of the same thing, while nobody has looked at it, no second e-mail is written sooner."""

KEPT_S = 90 * 86_400.0
"""How long a notification stays, seconds."""

MOST = 100
"""How many the page shows."""


class Way(StrEnum):
    """How somebody is told of a kind of thing. What comes by e-mail stands in the app too."""

    AT_ONCE = "at_once"
    DIGEST = "digest"
    APP = "app"
    OFF = "off"


class Kind(StrEnum):
    """Its name; when it happens, as people choose it; the sentence for one, and for several about the same thing; and
    how people are told of it who chose nothing."""

    when: str
    one: str
    many: str
    way: Way

    def __new__(cls, name: str, when: str = "", one: str = "", many: str = "", way: Way = Way.AT_ONCE) -> Kind:
        made = str.__new__(cls, name)
        made._value_ = name
        made.when, made.one, made.many, made.way = when, one, many or one, way
        return made

    SHARED = "shared", "somebody shares a lesson with you", "{who} shared a lesson with you"
    CLIPS = "clips", "somebody shares clips with you", "{who} shared a clip with you", "{who} shared {n} clips with you"
    COMMENTED = (
        "commented",
        "somebody comments on your lesson",
        "{who} commented on your lesson",
        "{who} commented {n} times on your lesson",
    )
    ANSWERED = "answered", "somebody answers you", "{who} answered your comment", "{who} answered you {n} times"
    READY = "ready", "your lesson is ready", "Your lesson is ready", "", Way.APP
    ATTENTION = "attention", "your lesson needs attention", "Your lesson needs attention"
    OPENED = (
        "opened",
        "an administrator opens your lesson",
        "{who} opened your lesson as an administrator, with a reason",
    )
    BEGUN = "begun", "somebody begins a coaching cycle with you", "{who} began a coaching cycle with you"
    WAITS = "waits", "a coaching cycle waits for you", "It is your turn in a coaching cycle with {who}"
    MEETS = (
        "meets",
        "somebody plans when you meet, or changes it",
        "{who} planned when you meet",
        "{who} changed when you meet",
    )
    VISITED = "visited", "somebody visited your classroom", "{who} visited your classroom and left what they saw"
    VISIT_SAID = (
        "visit_said",
        "somebody answers a visit of yours, or passes one on to you",
        "{who} answered a visit or passed one on to you",
    )
    EXEMPLAR_SAID = (
        "exemplar_said",
        "somebody comments on a clip that you published",
        "{who} commented on a clip that you published",
        "{who} commented {n} times on clips that you published",
    )
    SURVEY = (
        "survey",
        "somebody at your school asks you in a survey",
        "{who} asks you in a short survey. Nobody sees who answered what",
        "{who} asks you in {n} short surveys. Nobody sees who answered what",
    )
    STEP = "step", "you look back on an action step", "This is the day to look back on an action step"
    GOES_ON = "goes_on", "a paused coaching cycle is to go on", "This is the day to go on with a paused coaching cycle"
    FILM_GOES = (
        "film_goes",
        "the film of a lesson of yours will be deleted",
        "The film of a lesson of yours is deleted in two weeks, as your school decided",
    )
    FILM_GOES_SOON = (
        "film_goes_soon",
        "the film of a lesson of yours will be deleted in two days",
        "The film of a lesson of yours is deleted in two days, as your school decided",
    )
    FILM_HELD = (
        "film_held",
        "a film should be deleted, and a clip of it cannot be kept",
        "The film of a lesson of yours stays for now: a clip of it could not be made into a film of its own",
    )
    LATE = "late", "somebody has waited long for your feedback", "{who} has waited for your feedback for days"


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification as it is shown. `by` is the id of whoever did it, `who` what they are called; `about` stands
    for what it is about; `link` a path of this server; `count` how often it happened."""

    id: str
    kind: Kind
    about: str
    link: str
    made: datetime
    by: str | None = None
    who: str = ""
    read: datetime | None = None
    count: int = 1

    @property
    def sentence(self) -> str:
        return (self.kind.one if self.count == 1 else self.kind.many).format(who=self.who, n=self.count)


def gathered(notices: Iterable[Notice]) -> list[Notice]:
    """Those of the same kind about the same thing by the same person as one, as long as they were not read, or were
    read together. `notices` are the newest first, and so is what comes out."""
    found: dict[tuple[object, ...], Notice] = {}
    for one in notices:
        key = (one.kind, one.about, one.by, one.read)
        newest = found.get(key)
        found[key] = one if newest is None else replace(newest, count=newest.count + one.count)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wants to be told. `quiet` are the hours of their day from which to which no e-mail is written,
    `digest` is the hour of the daily one, `zone` their time zone by its name at IANA."""

    chosen: Mapping[Kind, Way] = field(default_factory=dict)
    quiet: tuple[int, int] | None = (19, 7)
    digest: int = 7
    zone: str = "UTC"

    def way(self, kind: Kind) -> Way:
        return self.chosen.get(kind, kind.way)

    def check(self) -> None:
        """Raises BadInput."""
        hours = (*(self.quiet or ()), self.digest)
        if not all(0 <= hour <= 23 for hour in hours) or zone_of(self.zone).key != self.zone:
            raise BadInput("An hour is one of the day's 24, and a time zone one that there is.")
        if self.quiet and self.quiet[0] == self.quiet[1]:
            raise BadInput("Quiet hours must begin and end at different hours.")


def zone_of(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def when(
    kind: Kind, made: datetime, preferences: Preferences, now: datetime, mailed: datetime | None = None
) -> datetime | None:
    """The moment, `now` or later, at which an e-mail of it goes; None where none does.

    `mailed` is when the last one went about the same thing, of which nothing was read since. In UTC, all of them.
    """
    match preferences.way(kind):
        case Way.AT_ONCE:
            moment = made if mailed is None else max(made, mailed + PAUSE)
        case Way.DIGEST:
            moment = _next(made, preferences.digest, zone_of(preferences.zone))
        case _:
            return None
    return _awake(max(moment, now), preferences)


def _awake(moment: datetime, preferences: Preferences) -> datetime:
    """The first moment from then on that is not in the quiet hours."""
    if preferences.quiet is None:
        return moment
    zone, (begin, end) = zone_of(preferences.zone), preferences.quiet
    while (moment.astimezone(zone).hour - begin) % 24 < (end - begin) % 24:
        moment = _next(moment + timedelta.resolution, end, zone)
    return moment


def _next(moment: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The first time from then on that clocks there show this hour. In the night in which they skip it, that is when
    they go on; in the one in which they show it twice, the first of the two."""
    day = moment.astimezone(zone).date()
    while True:
        found = datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)
        if found >= moment:
            return found
        day += timedelta(days=1)


class Notifications(Protocol):
    """`viewer` is the id of the person who asks. What they may not see any more, they were never told of."""

    def unread(self, viewer: str) -> int:
        """How many of `mine` they have not read."""
        ...

    def mine(self, viewer: str) -> list[Notice]:
        """Gathered, the newest first, `MOST` at most."""
        ...

    def read(self, viewer: str, notification: str) -> str:
        """Mark it as read, with those that it was gathered with; the path that it leads to. Raises NotThere, also for
        somebody else's."""
        ...

    def read_all(self, viewer: str) -> None: ...

    def preferences(self, viewer: str) -> Preferences: ...

    def prefer(self, viewer: str, preferences: Preferences) -> None:
        """From now on, also for what waits to be written to them. Raises BadInput."""
        ...

    def at(self, viewer: str, zone: str) -> None:
        """Where they are: the zone of their hours. One that there is not changes nothing."""
        ...
