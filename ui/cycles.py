"""A coaching cycle's files: its days for a calendar, and its summary on one sheet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.coached import Cycles, Whole
from coaching.originals import safe_name
from coaching.ports import Lessons
from coaching.services.cycles import agenda
from ui.answers import in_json
from ui.handouts import attached
from ui.sheet import sheet

KEPT = {"Cache-Control": "private, no-store"}


def routes(cycles: Cycles, lessons: Lessons, public_url: str | None = None) -> list[BaseRoute]:
    """`public_url` is where people reach the server, if somebody said it: then calendars lead back."""

    async def calendar(request: Request) -> Response:
        whole = await run_sync(cycles.cycle, request.state.person.id, request.path_params["cycle"])
        link = public_url and f"{public_url}/cycle?cycle={whole.cycle.id}"
        found = days(whole, request.state.person.id, datetime.now(UTC), link)
        return Response(found, media_type="text/calendar", headers=_kept("Coaching.ics"))

    async def summary(request: Request) -> Response:
        viewer = request.state.person.id
        whole = await run_sync(cycles.cycle, viewer, request.path_params["cycle"])
        planned = whole.conference.agenda if whole.conference else ()
        found = await run_sync(lambda: sheet(whole, agenda(lessons, viewer, planned)))
        name = safe_name(f"{whole.cycle.name[:80].rstrip('. ')}.pdf")
        return Response(found, media_type="application/pdf", headers=_kept(name, inline=True))

    of = "/cycles/{cycle}"
    return [Route(f"{of}/calendar.ics", in_json(calendar)), Route(f"{of}/summary.pdf", in_json(summary))]


def days(whole: Whole, viewer: str, now: datetime, link: str | None) -> bytes:
    """The conference, and the day on which the action step is looked back on. With no word of what either is about: a
    calendar is read by others. Raises NotThere where there is neither."""
    from icalendar import Calendar, Event

    cycle, conference, step = whole.cycle, whole.conference, whole.action_step
    other = cycle.partner_called if viewer == cycle.teacher else cycle.teacher_called
    found = Calendar()
    found.add("prodid", "-//Second Look//Coaching//EN")
    found.add("version", "2.0")

    def put(what: str, summary: str) -> Event:
        event = Event()
        event.add("uid", f"{what}-{cycle.id}@second-look")
        event.add("dtstamp", now)
        event.add("summary", summary)
        if link:
            event.add("url", link)
        found.add_component(event)
        return event

    if conference and conference.starts:
        event = put("conference", f"Conference with {other}" if other else "Conference")
        event.add("dtstart", conference.starts)
        event.add("dtend", conference.starts + timedelta(minutes=conference.minutes))
    if step and step.check_back:
        event = put("check-back", "Look back on your action step")
        event.add("dtstart", step.check_back)
        event.add("dtend", step.check_back + timedelta(days=1))
    if not found.walk("VEVENT"):
        raise NotThere
    return bytes(found.to_ical())


def _kept(name: str, *, inline: bool = False) -> dict[str, str]:
    said = attached(name)
    return {**KEPT, "Content-Disposition": said.replace("attachment", "inline", 1) if inline else said}
