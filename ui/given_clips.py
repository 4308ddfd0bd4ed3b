"""What the page of the clips that somebody was given asks the server: which, their films and captions, what was said.

Nothing here leads to the lesson: a film holds the seconds of its clip, and what was said is cut at its ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import NotThere
from coaching.exports.captions import captions_in, cues
from coaching.exports.text import UNCLEAR, names, plain
from coaching.given_clips import GivenClip
from coaching.ports import Lessons
from coaching.services.given_clips import Seen, see
from ui.answers import in_json
from ui.media import KEPT, etag, unchanged

PRIVATE = {"Cache-Control": "private, no-store"}


def routes(lessons: Lessons, data: Path) -> list[BaseRoute]:
    async def clips(request: Request) -> Response:
        """The lessons of which they have clips, that of the newest gift first."""
        found = await run_sync(lessons.clips_for_me, request.state.person.id)
        newest = {clip.recording: n for n, clip in reversed(list(enumerate(found)))}
        found.sort(key=lambda clip: newest[clip.recording])  # as they come, within each
        by_lesson = groupby(found, lambda clip: clip.recording)
        return JSONResponse({"lessons": [_lesson(list(own)) for _, own in by_lesson]}, headers=PRIVATE)

    async def clip(request: Request) -> Response:
        seen = await run_sync(see, lessons, *_who(request))
        return JSONResponse(_seen(seen), headers=PRIVATE)

    async def film(request: Request) -> Response:
        found = (await run_sync(lessons.given_clip, *_who(request))).film
        if found.path is None or not (data / found.path).is_file():
            raise NotThere
        tag = etag(found.path.encode())  # it is in the folder of the claim that made it, and never written again
        headers = {"ETag": tag, "Cache-Control": KEPT}
        return unchanged(request, tag) or FileResponse(data / found.path, media_type="video/mp4", headers=headers)

    async def captions(request: Request) -> Response:
        seen = await run_sync(see, lessons, *_who(request))
        return Response(cues(captions_in(seen.transcript, seen.clip.span)), media_type="text/vtt", headers=PRIVATE)

    of = "/clips/{clip}"
    return [
        Route("/clips.json", in_json(clips)),
        Route(f"{of}/clip.json", in_json(clip)),
        Route(f"{of}/film.mp4", in_json(film)),
        Route(f"{of}/captions.vtt", in_json(captions)),
    ]


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["clip"]


def _lesson(own: Sequence[GivenClip]) -> dict[str, Any]:
    """`key` tells lessons apart and leads nowhere."""
    first = own[0]
    key = hashlib.sha256(first.recording.encode()).hexdigest()[:16]
    return {"key": key, "name": first.lesson, "from": first.called, "clips": [_clip(one) for one in own]}


def _clip(one: GivenClip) -> dict[str, Any]:
    """Another film has another address, so that no browser goes on with the old one."""
    where, film = f"/clips/{one.id}", one.film
    return {
        "id": one.id,
        "name": one.name,
        "note": one.note,
        "since": one.since.isoformat(),
        "start": one.start,
        "stop": one.stop,
        "film": {
            "state": "gone" if film.gone else film.state,
            "share": round(film.share, 2),
            "href": f"{where}/film.mp4?{film.id}" if film.path else None,
        },
        "captions": f"{where}/captions.vtt?{film.id}",
    }


def _seen(seen: Seen) -> dict[str, Any]:
    """With what was said in it, in seconds of the clip."""
    clip, called = seen.clip, names(seen.transcript)
    roles = {speaker.id: speaker.role for speaker in seen.transcript.speakers}
    said = [
        {
            "label": called[u.speaker],
            "role": roles[u.speaker],
            "start": round(u.span.start - clip.start, 3),
            "end": round(u.span.end - clip.start, 3),
            "text": plain(u.text) or UNCLEAR,
        }
        for u in seen.transcript.utterances
    ]
    return {**_clip(clip), "lesson": clip.lesson, "from": clip.called, "said": said}
