"""What a browser plays and shows of a recording: by range, behind the gate, never read whole into memory."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.access import Action, NotThere, require
from coaching.exports.captions import webvtt
from coaching.people import Person
from coaching.ports import Lessons
from coaching.recordings import Stage
from coaching.services.lessons import spoken
from ui.ribbon import svg

CAPTIONS, RIBBON = "captions.vtt", "ribbon.svg"
KINDS: Mapping[Stage, Mapping[str, str]] = {
    Stage.WEB: {r"web\.mp4": "video/mp4"},
    Stage.AUDIO: {r"audio\.m4a": "audio/mp4"},
    Stage.POSTER: {r"poster\.jpg": "image/jpeg"},
    Stage.SPRITE: {r"sprite(-\d{1,3})?\.jpg": "image/jpeg", r"thumbnails\.vtt": "text/vtt"},
    Stage.PEAKS: {r"(peaks|overview)\.dat": "application/octet-stream"},
}
"""The files of each stage that leave the server, and what they are."""

VERSION = 1
"""Of what is made of a transcript here: another one makes browsers fetch it anew."""

KEPT = "private, no-cache"
"""A browser may keep it, and asks each time whether it still may show it: 304 costs no second byte of the film."""


def routes(lessons: Lessons, data: Path) -> list[BaseRoute]:
    def media(request: Request) -> Response:
        viewer: Person = request.state.person
        recording, name = request.path_params["recording"], request.path_params["name"]
        if name in (CAPTIONS, RIBBON):
            return _of_transcript(request, lessons, viewer.id, recording, name)
        stage, kind = _stage(name)
        facts = lessons.recording(viewer.id, recording)
        artefact = next((s.artefact for s in facts.run.stages if s.stage is stage), None)
        found = data / (artefact or "") / name
        if artefact is None or not found.is_file():
            raise NotThere
        tag = etag(f"{artefact}/{name}".encode())  # a finished stage's folder is never written again
        return unchanged(request, tag) or FileResponse(found, media_type=kind, headers=_headers(tag))

    return [Route("/recordings/{recording}/{name}", media)]


def _of_transcript(request: Request, lessons: Lessons, viewer: str, recording: str, name: str) -> Response:
    """Captions, or the talk ribbon. A library asks for many: that one is as it was is known without its transcript."""
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.MEASURE if name == RIBBON else Action.SEE, facts.owner, facts.given)
    run = facts.run
    put_right = [c.id for c in lessons.corrections(viewer, recording)]
    made = [(s.state, s.artefact) for s in run.stages if s.stage is Stage.MEASURES]
    tag = etag(f"{VERSION} {name} {run.id} {run.attempt} {made} {put_right}".encode())
    if (answer := unchanged(request, tag)) is not None:
        return answer
    made_of, kind = (svg, "image/svg+xml") if name == RIBBON else (webvtt, "text/vtt")
    return Response(made_of(spoken(lessons, viewer, recording)), media_type=kind, headers=_headers(tag))


def _stage(name: str) -> tuple[Stage, str]:
    for stage, kinds in KINDS.items():
        for pattern, kind in kinds.items():
            if re.fullmatch(pattern, name):
                return stage, kind
    raise NotThere


def etag(what: bytes) -> str:
    return f'"{hashlib.sha256(what).hexdigest()[:32]}"'


def _headers(tag: str) -> dict[str, str]:
    return {"ETag": tag, "Cache-Control": KEPT}


def unchanged(request: Request, tag: str) -> Response | None:
    """304 where the browser has it already."""
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    return Response(status_code=304, headers=_headers(tag)) if tag in known or "*" in known else None
