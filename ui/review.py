"""What the review stage asks the server: the lesson, what people noted of it, and word of what others note meanwhile.

The stage (ui/web/src/stage) talks to these routes and not through Streamlit, so that no rerun ever touches a film that
plays, and what somebody wrote can be sent again when their connection is back.
"""

from __future__ import annotations

import math
import random
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from coaching.access import Action, NotThere, require
from coaching.audit import Deed
from coaching.clips import ClipChange, NewClip
from coaching.codebooks import Codebooks
from coaching.comments import Audience, CommentChange, NewComment
from coaching.corrections import Kind
from coaching.errors import BadInput
from coaching.exports.notes import comments_csv, web_annotations
from coaching.notes import Noted
from coaching.ports import Lessons
from coaching.retention import Retention
from coaching.services.correcting import Wish, put_right
from coaching.services.moments import offered
from coaching.services.review import look
from coaching.transcript import Role
from ui import told
from ui.answers import in_json, said_in_json
from ui.media import KEPT, etag, unchanged
from ui.said import Said

EVENTS_S, LOOK_S = 20.0, 1.3
"""How long a page is told of what happens before it must ask anew, so that the gate looks at it again; and how often
the database is asked, where nobody in this process rang. About so long: see `_about`."""

LOOKING = 4
"""How many pages look for news at once: whoever writes does not wait behind all of them."""


class Bell:
    """Wakes the pages that look at a recording, when something was noted of it here. `closed`: the server stops."""

    def __init__(self) -> None:
        self.door = anyio.CapacityLimiter(LOOKING)
        self._waiting: dict[str, anyio.Event] = {}
        self.closed = False

    def ring(self, recording: str) -> None:
        if event := self._waiting.pop(recording, None):
            event.set()

    async def wait(self, recording: str, seconds: float) -> None:
        event = self._waiting.setdefault(recording, anyio.Event())
        with anyio.move_on_after(seconds):
            await event.wait()


def routes(
    lessons: Lessons, codebooks: Codebooks, retention: Retention, bell: Bell, data: Path, public_url: str | None = None
) -> list[BaseRoute]:
    """`public_url` is where people reach the server, if somebody said it: else it is what they asked."""

    async def lesson(request: Request) -> Response:
        viewer, recording = _who(request)
        person = request.state.person
        seen = await run_sync(look, lessons, viewer, recording)
        await run_sync(lessons.done, viewer, recording, Deed.OPENED)
        mine = [v for v in await run_sync(lessons.views, viewer, recording) if v.person == viewer]
        place = mine[0].place if mine else 0.0
        given = await run_sync(lessons.grants, viewer, recording) if viewer == seen.listed.owner else []
        moments = await run_sync(offered, lessons, viewer, seen)
        books = await run_sync(codebooks.offered, viewer, recording) if Action.COMMENT in seen.may else []
        found = told.lesson(seen, person, place, books, given, moments)
        return JSONResponse(found, headers={"Cache-Control": "private, no-store"})

    async def notes(request: Request) -> Response:
        """All of them; to a page that has them as they were at a moment (`since`), the comments changed since. By
        `count` it sees whether any went, and asks for all then."""
        viewer, recording = _who(request)
        since = _moment(request.query_params.get("since"))

        def read() -> Response:
            noted = lessons.noted(viewer, recording)  # before what it stands for is read
            known = etag(noted.notes.encode())
            if (answer := unchanged(request, known)) is not None:
                return answer
            # What came in between is told the next time: together with it, there would be more than are counted here.
            between = None if since is None else (since, noted.newest)
            comments = lessons.comments(viewer, recording, between=between)
            gave = lessons.clips_given(viewer, recording) if viewer == noted.owner else []
            kept = retention.kept_clips(viewer, recording)
            films = {clip: f"/recordings/{recording}/kept/{clip}.mp4" for clip in kept}
            found = {
                "comments": [told.comment(one, viewer, noted.owner) for one in comments],
                "clips": [told.clip(one, viewer, gave, films.get(one.id)) for one in lessons.clips(viewer, recording)],
                "count": noted.comments,
                "newest": noted.newest,
            }
            return JSONResponse(found, headers={"ETag": known, "Cache-Control": "private, no-cache"})

        return await run_sync(read)

    async def kept(request: Request) -> Response:
        """The film of a clip that was kept when that of the lesson was deleted."""
        films = await run_sync(retention.kept_clips, *_who(request))
        path = films.get(request.path_params["clip"])
        if path is None or not (data / path).is_file():
            raise NotThere
        tag = etag(path.encode())  # it is in the folder of the claim that made it, and never written again
        headers = {"ETag": tag, "Cache-Control": KEPT}
        return unchanged(request, tag) or FileResponse(data / path, media_type="video/mp4", headers=headers)

    async def exported(request: Request) -> Response:
        """What they may read of the comments, as a file: for the owner, and whom they allowed to keep files of it."""
        viewer, recording = _who(request)
        facts = await run_sync(lessons.recording, viewer, recording)
        require(viewer, Action.DOWNLOAD, facts.owner, facts.given)
        found = await run_sync(lessons.comments, viewer, recording)
        if request.url.path.endswith(".csv"):
            text, kind, name = comments_csv(found), "text/csv", "comments.csv"
        else:
            film = f"{public_url or str(request.base_url).rstrip('/')}/recordings/{recording}/web.mp4"
            text, kind, name = web_annotations(found, film), "application/ld+json", "comments.jsonld"
        await run_sync(lessons.done, viewer, recording, Deed.TOOK)
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(text, media_type=kind, headers=headers)

    async def comment(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        new = NewComment(
            start=s.number("start"),
            body=s.text("body"),
            stop=s.maybe(s.number, "stop"),
            audience=s.maybe(s.audience, "audience") or Audience.AUTHOR,
            parent=s.maybe(s.text, "parent"),
            labels=s.maybe(s.texts, "labels") or (),
            id=s.maybe(s.text, "id"),
        )
        made = await run_sync(lessons.comment, viewer, recording, new)
        bell.ring(recording)
        found = await run_sync(partial(lessons.comments, viewer, recording, only=made))
        if not found:  # sent again after it was deleted
            return Response(status_code=204)
        owner = (await run_sync(lessons.noted, viewer, recording)).owner
        return JSONResponse(told.comment(found[0], viewer, owner), 201)

    async def change_comment(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        change = CommentChange(
            body=s.maybe(s.text, "body"),
            audience=s.maybe(s.audience, "audience"),
            labels=s.maybe(s.texts, "labels"),
            resolved=s.flag("resolved"),
            deleted=s.flag("deleted"),
        )
        await run_sync(lessons.change_comment, viewer, recording, request.path_params["comment"], change)
        bell.ring(recording)
        return Response(status_code=204)

    async def clip(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        new = NewClip(
            start=s.number("start"),
            stop=s.number("stop"),
            name=s.text("name"),
            note=s.maybe(s.text, "note") or "",
            audience=s.maybe(s.audience, "audience") or Audience.AUTHOR,
            id=s.maybe(s.text, "id"),
        )
        made = await run_sync(lessons.clip, viewer, recording, new)
        bell.ring(recording)
        found = next((c for c in await run_sync(lessons.clips, viewer, recording) if c.id == made), None)
        return Response(status_code=204) if found is None else JSONResponse(told.clip(found, viewer), 201)

    async def change_clip(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        change = ClipChange(
            start=s.maybe(s.number, "start"),
            stop=s.maybe(s.number, "stop"),
            name=s.maybe(s.text, "name"),
            note=s.maybe(s.text, "note"),
            audience=s.maybe(s.audience, "audience"),
            deleted=s.flag("deleted"),
        )
        await run_sync(lessons.change_clip, viewer, recording, request.path_params["clip"], change)
        bell.ring(recording)
        return Response(status_code=204)

    async def correct(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        wish = Wish(
            kind=s.one_of(Kind, "kind"),
            voice=s.maybe(s.text, "voice"),
            other=s.maybe(s.text, "other"),
            spans=tuple(s.maybe(s.spans, "spans") or ()),
            role=s.maybe(partial(s.one_of, Role), "role"),
            text=s.maybe(s.text, "text") or "",
        )
        made, what = await run_sync(put_right, lessons, viewer, recording, wish)
        bell.ring(recording)
        return JSONResponse({"id": made, "what": what}, 201)

    async def take_back(request: Request) -> Response:
        viewer, recording = _who(request)
        await run_sync(lessons.take_back, viewer, recording, request.path_params["correction"])
        bell.ring(recording)
        return Response(status_code=204)

    async def watched(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        await run_sync(lessons.watch, viewer, recording, s.number("place"), s.spans("spans"))
        return Response(status_code=204)

    async def views(request: Request) -> Response:
        viewer, recording = _who(request)
        found = [told.view(one, viewer) for one in await run_sync(lessons.views, viewer, recording)]
        return JSONResponse({"views": found}, headers={"Cache-Control": "private, no-store"})

    async def events(request: Request) -> Response:
        viewer, recording = _who(request)
        first = await run_sync(lessons.noted, viewer, recording)
        # Of the stream before, where the browser opens it anew by itself: it was away for a moment.
        known = request.headers.get("last-event-id")

        async def happens() -> AsyncIterator[str]:
            before = first
            yield f"retry: 500\nid: {_word(first)}\n\n"
            if known is not None and known != _word(first):
                yield "event: lesson\ndata:\n\n"
            end = anyio.current_time() + _about(EVENTS_S)
            while anyio.current_time() < end and not bell.closed:
                await bell.wait(recording, _about(LOOK_S))
                try:
                    now = await run_sync(lessons.noted, viewer, recording, limiter=bell.door)
                except NotThere:
                    yield "event: gone\ndata:\n\n"
                    return
                if now.lesson != before.lesson:
                    yield f"id: {_word(now)}\nevent: lesson\ndata:\n\n"
                if now.notes != before.notes:
                    yield "event: notes\ndata:\n\n"
                before = now

        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx sends each on as it comes
        return StreamingResponse(happens(), media_type="text/event-stream", headers=headers)

    of = "/recordings/{recording}"
    return [
        Route(f"{of}/lesson.json", in_json(lesson)),
        Route(f"{of}/notes.json", in_json(notes)),
        Route(f"{of}/views.json", in_json(views)),
        Route(f"{of}/events", in_json(events)),
        Route(f"{of}/kept/{{clip}}.mp4", in_json(kept)),
        Route(f"{of}/comments.csv", in_json(exported)),
        Route(f"{of}/comments.jsonld", in_json(exported)),
        Route(f"{of}/comments", in_json(comment), methods=["POST"]),
        Route(f"{of}/comments/{{comment}}", in_json(change_comment), methods=["PATCH"]),
        Route(f"{of}/clips", in_json(clip), methods=["POST"]),
        Route(f"{of}/clips/{{clip}}", in_json(change_clip), methods=["PATCH"]),
        Route(f"{of}/corrections", in_json(correct), methods=["POST"]),
        Route(f"{of}/corrections/{{correction}}", in_json(take_back), methods=["DELETE"]),
        Route(f"{of}/watched", in_json(watched), methods=["PUT"]),
    ]


def _word(noted: Noted) -> str:
    """By what a page says how the lesson was when it last heard of it."""
    return etag(noted.lesson.encode())


def _about(seconds: float) -> float:
    """Pages that were once held up together would else look, and come anew, all in the same moment from then on."""
    return seconds * random.uniform(0.75, 1.25)  # noqa: S311


def _moment(said: str | None) -> float | None:
    try:
        moment = None if said is None else float(said)
    except ValueError:
        moment = math.nan
    if moment is not None and not math.isfinite(moment):
        raise BadInput("“since” must be a number of seconds.")
    return moment


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["recording"]
