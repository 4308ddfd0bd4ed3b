"""What the leaders of a school see of coaching: where each cycle stands, in stages and days, and nothing of a lesson.

Neither what a cycle is called nor anything that was written in it is here, and no number of anybody's lesson: only of
five teachers or more together, who agreed. Whoever looks at their lessons by themselves is not here at all. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import Protocol

from coaching.cadence import Cadence, Timing, is_late, timing
from coaching.cycles import Stage
from coaching.school_measures import Counting, Month, Pooled

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Standing:
    """A cycle of two. `entered` is when it came to its stage, `moved` when either last moved it on; `held` when they
    said that they met; `check_back` the day on which they look back on the action step, `step_closed` when they did.
    `paused` is since when it rests, `goes_on` the day to which, if that is said."""

    teacher: str
    partner: str
    partner_called: str
    stage: Stage
    plan: tuple[str, ...]
    """What its stages are called."""
    here: int
    began: datetime
    entered: datetime
    moved: datetime
    due: date | None = None
    closed: datetime | None = None
    meets: datetime | None = None
    held: datetime | None = None
    check_back: date | None = None
    step_closed: datetime | None = None
    paused: datetime | None = None
    goes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    id: str
    called: str


class State(IntEnum):
    """In the order in which somebody may want to help."""

    OVERDUE = 0
    LATE = 1
    SOON = 2
    MEETS = 3
    CHECK_BACK = 4
    MOVING = 5
    PAUSED = 6
    NONE = 7


@dataclass(frozen=True, slots=True)
class Year:
    """Of the last 365 days: cycles that ended, how many of them in time, conferences held, action steps closed."""

    over: int
    in_time: int
    held: int
    steps: int


@dataclass(frozen=True, slots=True)
class Row:
    """A teacher: their newest open cycle, or None. `day` is what `state` is about: when it was due, when they meet."""

    who: Somebody
    cycle: Standing | None
    state: State
    day: date | None
    year: Year


@dataclass(frozen=True, slots=True)
class Load:
    """A coach: how many cycles are open with them, and how many of these wait for them."""

    who: Somebody
    open: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Board:
    """`whole`: of the whole school, for its leaders; else what they see of whoever looks, for them alone.

    `id` is the school's. `months` are its own measures, the newest first; `counts` whether whoever looks lets theirs
    count in them, None where they do not teach there.
    """

    id: str
    school: str
    cadence: Cadence
    rows: tuple[Row, ...]
    loads: tuple[Load, ...]
    year: Year
    whole: bool
    months: tuple[Month, ...]
    counts: bool | None


def board(
    id: str,
    school: str,
    cadence: Cadence,
    teachers: Iterable[Somebody],
    coaches: Iterable[Somebody],
    standings: Sequence[Standing],
    now: datetime,
    whole: bool,
    months: tuple[Month, ...] = (),
    counts: bool | None = None,
) -> Board:
    """Sorted by what needs a hand first, then by name: never by a number of anybody's lessons."""
    rows = [_row(who, [s for s in standings if s.teacher == who.id], cadence, now) for who in teachers]
    rows.sort(key=lambda row: (row.state, row.day or date.max, row.who.called.casefold()))
    loads = [_load(who, [s for s in standings if s.partner == who.id and s.closed is None]) for who in coaches]
    loads.sort(key=lambda load: load.who.called.casefold())
    year = _year(standings, cadence, now)
    return Board(id, school, cadence, tuple(rows), tuple(loads), year, whole, months, counts)


def _row(who: Somebody, theirs: Sequence[Standing], cadence: Cadence, now: datetime) -> Row:
    open_ = max((s for s in theirs if s.closed is None), key=lambda s: s.began, default=None)
    state, day = (State.NONE, None) if open_ is None else _state(open_, cadence, now)
    return Row(who, open_, state, day, _year(theirs, cadence, now))


def _state(one: Standing, cadence: Cadence, now: datetime) -> tuple[State, date | None]:
    today = cadence.day(now)
    if one.paused is not None:
        return State.PAUSED, one.goes_on
    when = timing(cadence, one.due, today)
    if when is Timing.OVERDUE:
        return State.OVERDUE, one.due
    if one.stage is Stage.NOTES and is_late(cadence, cadence.day(one.entered), today):
        return State.LATE, cadence.day(one.entered)
    if when is Timing.SOON:
        return State.SOON, one.due
    if one.meets is not None and one.held is None and one.meets > now:
        return State.MEETS, cadence.day(one.meets)
    if one.check_back is not None and one.step_closed is None and one.check_back >= today:
        return State.CHECK_BACK, one.check_back
    return State.MOVING, None


def _load(who: Somebody, theirs: Sequence[Standing]) -> Load:
    return Load(who, len(theirs), sum(one.stage is Stage.NOTES and one.paused is None for one in theirs))


def _year(standings: Iterable[Standing], cadence: Cadence, now: datetime) -> Year:
    found = list(standings)
    over = [s for s in found if s.closed is not None and now - s.closed <= YEAR]
    in_time = [s for s in over if s.closed and (s.due is None or cadence.day(s.closed) <= s.due)]
    held = sum(s.held is not None and now - s.held <= YEAR for s in found)
    steps = sum(s.step_closed is not None and now - s.step_closed <= YEAR for s in found)
    return Year(len(over), len(in_time), held, steps)


class Leadership(Protocol):
    """`viewer` is the id of the person who asks."""

    def boards(self, viewer: str) -> list[Board]:
        """Of each school that they lead; and of each at which they teach or coach, what its leaders see of them. By the
        school's name."""
        ...

    def count_mine(self, viewer: str, school: str, yes: bool) -> None:
        """Let the viewer's lessons count in the school's measures from the next month that is decided on, or no longer.
        Raises NotThere where they do not teach there."""
        ...

    def undecided(self, month: date) -> list[str]:
        """Schools of which this month, its first day, is not decided. For workers, as are the next two."""
        ...

    def counting(self, month: date) -> list[Counting]:
        """The lessons that count in it, of those who agreed and teach there."""
        ...

    def decide(self, month: date, found: Mapping[str, tuple[int, tuple[Pooled, ...]] | None]) -> None:
        """Say once for ever what each school publishes of a month: of how many teachers, or None, nothing."""
        ...
