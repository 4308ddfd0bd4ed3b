"""Where coaching stands at a school as a table, for its leaders."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.cadence import Cadence
from coaching.exports.tables import csv_text, guarded
from coaching.leadership import Board, Leadership, Row, State

COLUMNS = (
    "school",
    "teacher",
    "partner",
    "stage",
    "last activity",
    "days in this stage",
    "status",
    "due",
    "cycles ended in a year",
    "of these in time",
    "conferences in a year",
    "action steps closed in a year",
)


def routes(leadership: Leadership) -> list[BaseRoute]:
    def table(request: Request) -> Response:
        boards = [one for one in leadership.boards(request.state.person.id) if one.whole]
        if not boards:
            raise NotThere
        now = datetime.now(UTC)
        rows = [_cells(row, one, now) for one in boards for row in one.rows]
        headers = {"Content-Disposition": 'attachment; filename="coaching.csv"', "Cache-Control": "private, no-store"}
        return Response(csv_text(COLUMNS, rows).encode("utf-8-sig"), media_type="text/csv", headers=headers)

    return [Route("/leadership/coaching.csv", table)]


def _cells(row: Row, one: Board, now: datetime) -> list[str | int]:
    cycle, year = row.cycle, row.year
    where: list[str | int] = ["", "", "", "", "", ""]
    if cycle is not None:
        where = [
            guarded(cycle.partner_called),
            guarded(cycle.plan[cycle.here]),
            one.cadence.day(cycle.moved).isoformat(),
            (one.cadence.day(cycle.paused or now) - one.cadence.day(cycle.entered)).days,
            said(row, one.cadence, now),
            cycle.due.isoformat() if cycle.due else "",
        ]
    return [guarded(one.school), guarded(row.who.called), *where, year.over, year.in_time, year.held, year.steps]


def said(row: Row, cadence: Cadence, now: datetime) -> str:
    """A row's state in words."""
    when = f"{row.day.day} {row.day:%b}" if row.day else ""
    match row.state:
        case State.OVERDUE if row.day:
            days = cadence.school_days(row.day, cadence.day(now))
            return f"Overdue {days} school day{'' if days == 1 else 's'}"
        case State.LATE:
            return f"Waits for notes since {when}"
        case State.SOON:
            return f"Due {when}"
        case State.MEETS:
            return f"They meet {when}"
        case State.CHECK_BACK:
            return f"Look back {when}"
        case State.PAUSED:
            return f"Paused until {when}" if when else "Paused"
        case State.NONE:
            return "No cycle now"
    return "On its way"
