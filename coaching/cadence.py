"""When a cycle is due: a school's pace, its holidays, and days as its own clock counts them. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from coaching.errors import BadInput

LONGEST_HOLIDAY = 400
"""Days."""

MOST_HOLIDAYS, LONGEST_CALLED = 200, 80


@dataclass(frozen=True, slots=True)
class Holiday:
    """Days without school, both ends included."""

    first: date
    last: date
    called: str = ""

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often a school coaches: a cycle is through after `weeks` of school. It is due soon `soon` school days before,
    and feedback is late after `late` school days."""

    weeks: int = 2
    soon: int = 3
    late: int = 3
    zone: str = "UTC"
    holidays: tuple[Holiday, ...] = ()

    def day(self, moment: datetime) -> date:
        """The day at the school: two moments with 24 hours between them may be of one day, or two days apart."""
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def is_off(self, day: date) -> bool:
        return any(day in holiday for holiday in self.holidays)

    def due(self, began: date) -> date:
        """The same day of the week, so many weeks of school later. A day of holidays does not count, and none is due on
        one."""
        day, left = began, 7 * self.weeks
        for _ in range(7 * self.weeks + LONGEST_HOLIDAY):
            if left <= 0 and not self.is_off(day) and day.weekday() < 5:
                break
            day += timedelta(days=1)
            left -= not self.is_off(day)
        return day

    def school_days(self, after: date, until: date) -> int:
        """Those after one day up to another, that one included. Negative where `until` is the earlier one."""
        if until < after:
            return -self.school_days(until, after)
        days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
        return sum(day.weekday() < 5 and not self.is_off(day) for day in days)


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


class Timing(StrEnum):
    IN_TIME = "in time"
    SOON = "due soon"
    OVERDUE = "overdue"


def timing(cadence: Cadence, due: date | None, today: date) -> Timing:
    if due is None or (due > today and cadence.school_days(today, due) > cadence.soon):
        return Timing.IN_TIME
    return Timing.OVERDUE if due < today else Timing.SOON


def is_late(cadence: Cadence, shared: date, today: date) -> bool:
    """Whether somebody waits for feedback longer than the school wants them to."""
    return cadence.school_days(shared, today) > cadence.late


def merged(holidays: Collection[Holiday]) -> tuple[Holiday, ...]:
    """In order; what overlaps or says the same twice is one."""
    found: list[Holiday] = []
    for one in sorted(holidays, key=lambda h: (h.first, h.last)):
        if found and one.first <= found[-1].last:
            before = found.pop()
            one = Holiday(before.first, max(before.last, one.last), before.called or one.called)
        found.append(one)
    return tuple(found)


def read_holidays(text: str) -> tuple[Holiday, ...]:
    """Holidays as people write them, one in each line: first day, last day, name. Raises BadInput with the line."""
    found = []
    for n, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        first, *rest = (part.strip() for part in line.split(",", 2))
        try:
            begins, ends = date.fromisoformat(first), date.fromisoformat(rest[0] if rest and rest[0] else first)
        except ValueError:
            raise BadInput(f"Line {n} of the holidays needs days written as 2026-12-21.") from None
        if not timedelta() <= ends - begins <= timedelta(days=LONGEST_HOLIDAY):
            raise BadInput(f"The holidays in line {n} end before they begin, or are longer than a year.")
        found.append(Holiday(begins, ends, rest[1][:LONGEST_CALLED] if len(rest) > 1 else ""))
    if len(found) > MOST_HOLIDAYS:
        raise BadInput(f"Up to {MOST_HOLIDAYS} holidays can be kept.")
    return merged(found)


def next_off(holidays: Sequence[Holiday], day: date) -> Holiday | None:
    """The holidays that come, or go on."""
    return next((one for one in sorted(holidays, key=lambda h: h.first) if one.last >= day), None)
