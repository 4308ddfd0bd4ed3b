"""A list of staff by file or pasted: what each line would do, and then doing it. Plain pages, for admins."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.exports.staff import staff_csv
from coaching.readers.lines import decode
from coaching.readers.staff import staff as read_staff
from coaching.services.staff import counts
from coaching.staff import School, Staff, Step, What
from ui.limits import LARGEST
from ui.pages import page

MOST_SHOWN = 500
"""Lines of a preview; wrong ones first. Nobody reads more, and a browser draws them at once."""

ORDER = (What.WRONG, What.CHANGE, What.ADD)


def routes(staff: Staff) -> list[BaseRoute]:
    def schools(request: Request) -> list[School]:
        """Raises NotThere where they administer none."""
        if not (found := staff.schools(request.state.person.id)):
            raise NotThere
        return found

    def show(request: Request) -> Response:
        return page("staff.html", schools=schools(request), error="")

    async def bring(request: Request) -> Response:
        administered = await run_in_threadpool(schools, request)  # before a byte is read
        async with request.form(max_files=1, max_fields=10, max_part_size=LARGEST) as form:
            file, pasted = form.get("file"), form.get("list")
            data = await file.read() if isinstance(file, UploadFile) else b""
            name = "The list"
            doing = staff.apply if form.get("apply") else staff.preview
        data = data or str(pasted or "").encode()
        try:
            entries = await run_in_threadpool(read_staff, data, name)
        except BadInput as error:
            return page("staff.html", 400, schools=administered, error=str(error))
        steps = await run_in_threadpool(doing, request.state.person.id, entries)
        return _told(steps, decode(data, name), done=doing == staff.apply)

    def download(request: Request) -> Response:
        found = staff_csv(staff.members(request.state.person.id), schools(request))
        headers = {"Content-Disposition": 'attachment; filename="staff.csv"'}
        return Response(found.encode("utf-8-sig"), media_type="text/csv", headers=headers)

    return [
        Route("/people/import", show),
        Route("/people/import", bring, methods=["POST"]),
        Route("/people/staff.csv", download),
    ]


def _told(steps: list[Step], text: str, *, done: bool) -> Response:
    told = sorted((step for step in steps if step.what in ORDER), key=lambda step: ORDER.index(step.what))
    found = counts(steps)
    return page(
        "staff_steps.html",
        steps=told[:MOST_SHOWN],
        more=len(told) - len(told[:MOST_SHOWN]),
        add=found[What.ADD],
        change=found[What.CHANGE],
        same=found[What.SAME],
        wrong=found[What.WRONG],
        text=text,
        done=done,
    )
