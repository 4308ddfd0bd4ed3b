"""Checking a lesson by ear: the page that plays its clips, and what its script (ui/web/src/ear) asks and says."""

from __future__ import annotations

from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.by_ear import CANNOT_TELL
from coaching.calibration import FEWEST, Who
from coaching.checked_sentences import answers_sentence, notes, right_sentence, so_far
from coaching.lesson import Lesson
from coaching.metrics.sentences import sentence
from coaching.ports import Lessons
from coaching.recordings import Stage
from coaching.services.calibrating import Calibrating, answer, calibrating
from coaching.services.insights import too_uncertain
from ui.answers import in_json, said_in_json
from ui.pages import page
from ui.said import Said
from ui.told import MEDIA

PAGE = "/calibrate"
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; media-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def routes(lessons: Lessons) -> list[BaseRoute]:
    def show(_request: Request) -> Response:
        shown = page("calibrate.html", fewest=FEWEST)
        shown.headers["Content-Security-Policy"] = POLICY
        return shown

    async def state(request: Request) -> Response:
        found = await run_sync(calibrating, lessons, *_who(request))
        return JSONResponse(_told(found), headers={"Cache-Control": "private, no-store"})

    async def heard(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        who = None if s.text("said") == CANNOT_TELL else s.one_of(Who, "said")
        await run_sync(answer, lessons, viewer, recording, s.text("of"), s.whole("clip"), who)
        return Response(status_code=204)

    async def forget(request: Request) -> Response:
        await run_sync(lessons.forget_heard, *_who(request))
        return Response(status_code=204)

    of = "/recordings/{recording}/calibration"
    return [
        Route(PAGE, show),
        Route(f"{of}.json", in_json(state)),
        Route(of, in_json(heard), methods=["PUT"]),
        Route(of, in_json(forget), methods=["DELETE"]),
    ]


NOTHING: dict[str, Any] = {"so_far": None, "found": []}


def _who(request: Request) -> tuple[str, str]:
    return request.state.person.id, request.path_params["recording"]


def _told(found: Calibrating) -> dict[str, Any]:
    """What the page may know: which clips, and what was said of them; never what the machine thinks of one."""
    spans = [clip.span for clip in found.clips]
    said = [found.said[n] or CANNOT_TELL if n in found.said else None for n in range(len(spans))]
    return {
        "name": found.facts.name,
        "sound": _sound(found),
        "unfit": found.facts.gone.sentence if found.facts.gone else found.unfit,
        "of": found.of,
        "clips": [[round(span.start, 3), round(span.end, 3)] for span in spans],
        "said": said,
        "fewest": FEWEST,
        "asleep": found.asleep,
        "guess_first": found.guess_first,
        **(NOTHING if found.guess_first else _found(found.before, found.after)),
    }


def _sound(found: Calibrating) -> str | None:
    """Where the lesson is heard: the small file of its sound, or else the film."""
    done = {status.stage for status in found.facts.run.stages if status.artefact is not None}
    names = [MEDIA[what][1] for what, stage in (("audio", Stage.AUDIO), ("web", Stage.WEB)) if stage in done]
    return f"/recordings/{found.facts.id}/{names[0]}" if names else None


def _found(before: Lesson, after: Lesson) -> dict[str, Any]:
    """What the answers make of the numbers, in sentences; nothing while too few count."""
    if (ear := after.checked) is None:
        return NOTHING
    numbers = [sentence(m) for m in after.measures if m.corrected is not None and not too_uncertain(m)]
    return {
        "so_far": so_far(ear, before.measure("teacher_talk"), after.measure("teacher_talk")),
        "found": [right_sentence(ear), answers_sentence(ear), *numbers, *notes(ear)],
    }
