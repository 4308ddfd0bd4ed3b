"""What a page asks the server of the measures of a lesson, and says: what its teacher guessed of them before."""

from __future__ import annotations

from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from coaching.metrics.measure import Measure, Moment
from coaching.metrics.questions import Question
from coaching.people import Person
from coaching.ports import Lessons
from coaching.predictions import GUESSABLE, Guessable
from coaching.services.insights import FEWEST_IN_A_TREND, Insight, Insights, Lately, insights, lately
from coaching.trend_sentences import (
    amount,
    change_sentence,
    pooled_sentence,
    ranged,
    trend_notes,
    trend_title,
    without_sentences,
)
from coaching.trends import Trend
from ui import told
from ui.answers import in_json, said_in_json
from ui.said import Said

PRIVATE = {"Cache-Control": "private, no-store"}


AT_ONCE = 2
"""To measure costs a processor up to seconds, and the others want one too."""


def routes(lessons: Lessons) -> list[BaseRoute]:
    measuring = CapacityLimiter(AT_ONCE)

    async def measured(request: Request) -> Response:
        viewer, recording = _who(request)
        found = await run_sync(insights, lessons, viewer.id, recording, limiter=measuring)
        return JSONResponse(as_object(found, viewer), headers=PRIVATE)

    async def trend(request: Request) -> Response:
        viewer, recording = _who(request)
        found = await run_sync(lately, lessons, viewer.id, recording, limiter=measuring)
        return JSONResponse(trend_object(found), headers=PRIVATE)

    async def predict(request: Request) -> Response:
        viewer, recording = _who(request)
        s = Said(await said_in_json(request))
        await run_sync(lessons.guess, viewer.id, recording, s.text("measure"), s.maybe(s.number, "value"))
        return Response(status_code=204)

    of = "/recordings/{recording}"
    return [
        Route(f"{of}/insights.json", in_json(measured)),
        Route(f"{of}/trend.json", in_json(trend)),
        Route(f"{of}/predictions", in_json(predict), methods=["PUT"]),
    ]


def _who(request: Request) -> tuple[Person, str]:
    return request.state.person, request.path_params["recording"]


def as_object(found: Insights, viewer: Person) -> dict[str, Any]:
    """Times in seconds of the recording; a measure stands under its name, or not at all while it is to be guessed."""
    return {
        "recording": told.recording(found.listed, found.lesson.transcript.duration),
        "viewer": {"owner": viewer.id == found.listed.owner, "may": sorted(found.may)},
        "media": told.media(found.listed),
        "gone": found.listed.gone and found.listed.gone.sentence,
        "seen_by": list(found.seen_by),
        "spoken": bool(found.lesson.transcript.utterances),
        "notes": list(found.notes),
        "advice": list(found.advice),
        "ask": found.ask and _ask(found.ask, found.asks),
        "measures": {one.measure.name: _insight(one) for one in found.insights},
        "ribbon": found.talk and {who: told.pairs(spans) for who, spans in found.talk.items()},
        "questions": None if found.questions is None else [_question(q, found.kinds) for q in found.questions],
    }


def _ask(asked: Guessable, left: int) -> dict[str, Any]:
    return {
        "measure": asked.measure,
        "question": asked.question,
        "highest": asked.highest,
        "step": asked.step,
        "unit": asked.unit,
        "left": left,
    }


def _insight(one: Insight) -> dict[str, Any]:
    m = one.measure
    scale = next((g for g in GUESSABLE if g.measure == m.name), None)
    return {
        "title": one.title,
        "said": one.said,
        "shown": one.shown,
        **(_number(m) if one.shown else {"value": None, "low": None, "high": None, "sure": ""}),
        "unit": m.unit,
        "made_of": one.made_of,
        "before": one.before,
        "guess": one.guess,
        "highest": scale and scale.highest,
        "moments": [] if m.name == "questions" else [_moment(moment) for moment in m.evidence],
    }


def _number(m: Measure) -> dict[str, Any]:
    low, high, source = (m.interval.low, m.interval.high, m.interval.source) if m.interval else (None, None, "")
    return {"value": m.shown, "low": low, "high": high, "sure": source}


def _moment(moment: Moment) -> dict[str, Any]:
    return {"start": moment.span.start, "end": moment.span.end, "text": moment.text, "seconds": moment.value}


def _question(q: Question, kinds: bool) -> dict[str, Any]:
    asked = told.question(q)
    return asked if kinds else {**asked, "kind": None, "label": None, "open": None, "why": ""}


def trend_object(found: Lately) -> dict[str, Any]:
    return {
        "fewest": FEWEST_IN_A_TREND,
        "lessons": [
            {"id": one.id, "name": one.name, "day": day.isoformat()}
            for one, day in zip(found.listed, found.days, strict=True)
        ],
        "notes": list(trend_notes(found.lessons, ordered_by_day=True)) if found.trends else [],
        "measures": [_trend(one, found) for one in found.trends],
    }


def _trend(one: Trend, found: Lately) -> dict[str, Any]:
    unit = one.whole.measure.unit
    return {
        "name": one.name,
        "title": trend_title(one.name),
        "unit": unit,
        "said": [pooled_sentence(one.whole)]
        + ([change_sentence(one.change)] if one.whole.measure.value is not None else []),
        "without": list(without_sentences(one.whole)),
        "points": [_point(lesson.measure(one.name), unit) for lesson in found.lessons],
    }


def _point(m: Measure | None, unit: str) -> dict[str, Any] | None:
    if m is None or m.shown is None:
        return None
    low, high = (m.interval.low, m.interval.high) if m.interval else (None, None)
    said = ranged(m.shown, m.interval, unit)
    return {"value": m.shown, "low": low, "high": high, "said": said, "short": amount(m.shown, unit)}
