"""Holidays from a calendar file: what lasts whole days, once or each year, and nothing that hurts."""

from __future__ import annotations

from datetime import date

import pytest

from coaching.cadence import Holiday
from coaching.errors import BadInput
from ui.holidays import MOST_REPEATED, holidays

TODAY = date(2026, 11, 27)


def calendar(*events: str) -> bytes:
    def one(n: int, lines: str) -> str:
        return f"BEGIN:VEVENT\nUID:{n}\nDTSTAMP:20260101T000000Z\n{lines}\nEND:VEVENT"

    parts = "\n".join(one(n, lines) for n, lines in enumerate(events))
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:school\n{parts}\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()


def test_whole_days_are_read_and_what_has_an_hour_is_not():
    found = holidays(
        calendar(
            "SUMMARY:Christmas\\, and\n  New Year\nDTSTART;VALUE=DATE:20261221\nDTEND;VALUE=DATE:20270109",
            "SUMMARY:Staff day\nDTSTART;VALUE=DATE:20261130",
            "SUMMARY:Long ago\nDTSTART;VALUE=DATE:20200101\nDTEND;VALUE=DATE:20200105",
            "SUMMARY:Parents\nDTSTART:20261202T180000Z\nDTEND:20261202T200000Z",
        ),
        TODAY,
    )
    assert found == (
        Holiday(date(2026, 11, 30), date(2026, 11, 30), "Staff day"),
        Holiday(date(2026, 12, 21), date(2027, 1, 8), "Christmas, and New Year"),
    )


def test_what_comes_each_year_comes_as_often_as_it_is_read_for_but_not_where_it_is_excepted():
    found = holidays(
        calendar(
            "SUMMARY:Memorial Day\nDTSTART;VALUE=DATE:20200525\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO\n"
            "EXDATE;VALUE=DATE:20280529"
        ),
        TODAY,
    )
    assert [one.first for one in found] == [date(2027, 5, 31), date(2029, 5, 28)]


def test_what_comes_more_often_than_each_year_is_no_holiday():
    every = "SUMMARY:Second\nDTSTART;VALUE=DATE:20261127\nRRULE:FREQ={}"
    some = calendar("SUMMARY:Free\nDTSTART;VALUE=DATE:20261130", *(every.format(f) for f in ("SECONDLY", "DAILY")))
    assert [one.called for one in holidays(some, TODAY)] == ["Free"]
    by_hour = every.format("YEARLY;BYHOUR=0,1,2;BYSECOND=0,1,2")
    with pytest.raises(BadInput, match="Nothing in this calendar"):
        holidays(calendar(by_hour), TODAY)
    with pytest.raises(BadInput, match="come again"):
        holidays(calendar(*[every.format("YEARLY")] * (MOST_REPEATED + 1)), TODAY)


@pytest.mark.parametrize("data", [b"", b"first,last\n", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\n", b"BEGIN:VEVENT"])
def test_what_is_no_calendar_is_said_so(data):
    with pytest.raises(BadInput, match=r"no calendar in this file|Nothing in this calendar"):
        holidays(data, TODAY)
