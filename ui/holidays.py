"""A school's holidays from a calendar file: what stands in it, and then taking it over. Plain pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.cadence import LONGEST_CALLED, MOST_HOLIDAYS, Holiday, merged, read_holidays
from coaching.coached import Cycles, School
from coaching.errors import BadInput
from ui.limits import LARGEST
from ui.pages import page

BACK, ON = timedelta(days=180), timedelta(days=3 * 365)
"""From how long ago until when holidays are read: who made a calendar keeps the old ones in it."""

OLDEST, MOST_REPEATED = date(1990, 1, 1), 60
"""Of events that come again each year: each is followed from its first day on."""

NONE = "There is no calendar in this file. Export it as iCalendar (.ics)."


def routes(cycles: Cycles) -> list[BaseRoute]:
    def schools(request: Request) -> list[School]:
        found = [one for one in cycles.schools(request.state.person.id) if one.may_change]
        if not found:
            raise NotThere
        return found

    def show(request: Request) -> Response:
        return page("holidays.html", schools=schools(request), error="")

    async def brought(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=MOST_HOLIDAYS + 2, max_part_size=LARGEST) as form:
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
            kept, id = [str(one) for one in form.getlist("kept")], str(form.get("school") or "")
            done = "save" in form

        def answer() -> Response:
            there = schools(request)
            school = next((one for one in there if one.id == id), None)
            if school is None:
                raise NotThere
            try:
                if not done:
                    found = holidays(data, datetime.now(UTC).date())
                    return page("holidays_found.html", school=school, found=found, done=None)
                taken = merged([*school.cadence.holidays, *read_holidays("\n".join(kept))])
                if len(taken) > MOST_HOLIDAYS:
                    raise BadInput(f"Up to {MOST_HOLIDAYS} holidays can be kept.")
                said = replace(school, cadence=replace(school.cadence, holidays=taken))
                cycles.coach_so(request.state.person.id, said)
            except BadInput as error:
                return page("holidays.html", 400, schools=there, error=str(error))
            return page("holidays_found.html", school=said, found=taken, done=len(kept))

        return await run_in_threadpool(answer)

    return [Route("/coaching/holidays", show), Route("/coaching/holidays", brought, methods=["POST"])]


def holidays(data: bytes, today: date) -> Sequence[Holiday]:
    """What lasts whole days in a calendar (RFC 5545), once or each year, from half a year ago to three years on. Raises
    BadInput."""
    import recurring_ical_events
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(data)
        events = calendar.walk("VEVENT")
        fit = [event for event in events if _is_yearly(event)]
        if sum("RRULE" in event for event in fit) > MOST_REPEATED:
            raise BadInput("Too many days of this calendar come again. Export the school’s holidays alone.")
        calendar.subcomponents = [one for one in calendar.subcomponents if one.name != "VEVENT" or one in fit]
        found = recurring_ical_events.of(calendar).between(today - BACK, today + ON)
        days = [Holiday(e.start, e.end - timedelta(days=1), _called(str(e.get("SUMMARY", "")))) for e in found]
    except BadInput:
        raise
    except Exception:  # whatever it holds, and whichever part of two libraries stumbles over it
        raise BadInput(NONE) from None
    if not days:
        raise BadInput("Nothing in this calendar lasts whole days, within the next three years.")
    kept = merged(one for one in days if one.first <= one.last)  # type: ignore[arg-type]
    if len(kept) > MOST_HOLIDAYS:
        raise BadInput(f"There are {len(kept)} days in this calendar, and up to {MOST_HOLIDAYS} can be kept.")
    return kept


def _is_yearly(event: object) -> bool:
    """Whether it lasts whole days and comes once, or each year: what comes more often is no holiday, and takes long."""
    from icalendar import Event

    if not isinstance(event, Event) or "DTSTART" not in event:
        return False
    begins, rule = event.start, event.get("RRULE")
    if isinstance(begins, datetime) or isinstance(rule, list):
        return False
    yearly = rule is None or (rule.get("FREQ") == ["YEARLY"] and begins >= OLDEST)
    return yearly and not any(key in (rule or ()) for key in ("BYHOUR", "BYMINUTE", "BYSECOND"))


def _called(text: str) -> str:
    """On one line, as holidays are kept."""
    return " ".join(text.split())[:LONGEST_CALLED]
