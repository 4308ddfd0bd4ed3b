"""lesson.json: everything that is known of a lesson, for the review app and for other programs (docs/lesson-json.md).

`from_document(to_document(lesson)) == lesson`: what can be computed (turns, questions, the ribbon, seconds) is written
for readers and computed again when read.
"""

from __future__ import annotations

import json
from typing import Any

from coaching.errors import BadInput
from coaching.exports.activity import listed_activity
from coaching.exports.checked import listed_checked, read_checked
from coaching.exports.questions import kinds_are_known, listed_questions
from coaching.exports.text import names
from coaching.lesson import Engine, Lesson, Recording, RoleGuess
from coaching.metrics.measure import Interval, Measure, Moment
from coaching.metrics.question_kinds import Kind
from coaching.metrics.talk import talk_ribbon
from coaching.quality import AudioQuality
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Told, Transcript, Utterance, Word

SCHEMA = 1
"""Goes up when a reader of the version before would misunderstand; new keys alone do not raise it."""


def to_json(lesson: Lesson) -> str:
    """lesson.json as text. Half characters (of odd file names) become `?`, since no UTF-8 file can hold them."""
    text = json.dumps(to_document(lesson), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return text.encode("utf-8", "replace").decode("utf-8")


def from_json(text: str) -> Lesson:
    """The lesson in the text of a lesson.json. Raises BadInput where it is none, or a newer one."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("This lesson.json is damaged. Analyse the recording again.") from error
    return from_document(document)


def to_document(lesson: Lesson) -> dict[str, Any]:
    """The lesson as dicts, lists, strings and numbers; all times in seconds of the recording."""
    transcript, recording, quality = lesson.transcript, lesson.recording, lesson.quality
    called, kinds = names(transcript), kinds_are_known(lesson)
    ids = {id(u): f"u{n}" for n, u in enumerate(transcript.utterances, 1)}
    return {
        "schema": SCHEMA,
        "recording": {
            "name": recording.name,
            "duration_s": float(recording.duration_s),
            "analysed_s": float(transcript.duration),
            "files": list(recording.files),
            "container": recording.container,
            "video": recording.video,
            "audio": recording.audio,
            "tracks": recording.tracks,
            "recorded": recording.recorded,
            "notes": list(recording.notes),
            "language": transcript.language,
        },
        "engines": [{"part": e.part, "name": e.name, "version": e.version, "why": e.why} for e in lesson.engines],
        "quality": {
            "speech_db": _float(quality.speech_db),
            "noise_db": _float(quality.noise_db),
            "snr_db": _float(quality.snr_db),
            "teacher_db": _float(quality.teacher_db),
            "student_db": _float(quality.student_db),
            "clipped": float(quality.clipped),
            "unsure": _float(quality.unsure),
        },
        "roles": {
            "teacher": lesson.roles.teacher,
            "confidence": float(lesson.roles.confidence),
            "why": lesson.roles.why,
        },
        "speech_activity": [_times(span) for span in transcript.speech()],
        "ribbon": [
            {
                **_times(bar.span),
                "teacher": round(bar.teacher, 3),
                "student": round(bar.student, 3),
                "several": round(bar.several, 3),
                "silence": round(bar.silence, 3),
                "unknown": round(bar.unknown, 3),
            }
            for bar in talk_ribbon(transcript)
        ],
        "activity": [
            {
                **_times(stretch.span),
                "kind": stretch.kind.value,
                "silence": round(stretch.shares.silence, 3),
                "at_once": round(stretch.shares.at_once, 3),
                "teacher": round(stretch.shares.teacher, 3),
                "why": stretch.why,
            }
            for stretch in listed_activity(lesson)
        ],
        "speakers": [
            {
                "id": s.id,
                "role": s.role.value,
                "name": called[s.id],
                "given_name": s.name or None,
                "seconds": round(transcript.seconds(s.id), 3),
            }
            for s in transcript.speakers
        ],
        "utterances": [
            {
                "id": ids[id(u)],
                **_times(u.span),
                "speaker": u.speaker,
                "text": u.text,
                "confidence": _float(u.confidence),
                "words": [
                    {"text": w.text, **(_times(w.span) if w.span else {}), "confidence": _float(w.confidence)}
                    for w in u.words
                ],
            }
            for u in transcript.utterances
        ],
        "turns": [
            {
                "id": f"t{n}",
                **_times(t.span),
                "speaker": t.speaker,
                "role": t.role.value,
                "utterances": [ids[id(u)] for u in t.utterances],
                "text": t.text,
            }
            for n, t in enumerate(transcript.turns, 1)
        ],
        "questions": [
            {
                "id": f"q{n}",
                **_times(q.span),
                "utterance": ids[id(q.utterance)],
                "kind": q.kind.value if kinds else None,
                "decided_by": q.decided_by if kinds else None,
                "text": q.text,
            }
            for n, q in enumerate(listed_questions(lesson), 1)
        ],
        "told": [{**_times(t.span), "kind": t.kind} for t in transcript.told],
        "measures": [_measure(m) for m in lesson.measures],
        "checked": listed_checked(lesson.checked),
        "limits": list(lesson.limits),
        "stages": {name: float(seconds) for name, seconds in lesson.stages.items()},
    }


def from_document(document: dict[str, Any]) -> Lesson:
    """The lesson of a document. Raises BadInput where it is none, or of a schema that this version cannot read."""
    try:
        schema = document["schema"]
        if schema != SCHEMA:
            raise BadInput(
                f"This lesson.json has schema {schema!r}, and this version of Second Look reads {SCHEMA}. "
                "Update Second Look, or analyse the recording again."
            )
        return _lesson(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadInput("This is not a lesson.json of Second Look, or it is damaged. Analyse it again.") from error


def _lesson(document: dict[str, Any]) -> Lesson:
    recording, quality, roles = document["recording"], document["quality"], document["roles"]
    return Lesson(
        recording=Recording(
            name=recording["name"],
            duration_s=recording["duration_s"],
            files=tuple(recording["files"]),
            container=recording["container"],
            video=recording["video"],
            audio=recording["audio"],
            tracks=recording["tracks"],
            recorded=recording["recorded"],
            notes=tuple(recording["notes"]),
        ),
        transcript=Transcript(
            duration=recording["analysed_s"],
            speakers=tuple(Speaker(s["id"], Role(s["role"]), s["given_name"] or "") for s in document["speakers"]),
            utterances=tuple(_utterance(u) for u in document["utterances"]),
            language=recording["language"],
            told=tuple(Told(_span(t), t["kind"] and Kind(t["kind"]).value) for t in document.get("told", ())),
        ),
        quality=AudioQuality(
            speech_db=quality["speech_db"],
            noise_db=quality["noise_db"],
            clipped=quality["clipped"],
            teacher_db=quality["teacher_db"],
            student_db=quality["student_db"],
            unsure=quality["unsure"],
        ),
        roles=RoleGuess(roles["teacher"], roles["confidence"], roles["why"]),
        engines=tuple(Engine(e["part"], e["name"], e["version"], e["why"]) for e in document["engines"]),
        measures=tuple(_read_measure(m) for m in document["measures"]),
        limits=tuple(document["limits"]),
        stages=dict(document["stages"]),
        checked=read_checked(document.get("checked")),
    )


def _utterance(u: dict[str, Any]) -> Utterance:
    words = tuple(Word(w["text"], _span(w) if "start" in w else None, w["confidence"]) for w in u["words"])
    return Utterance(_span(u), u["speaker"], u["text"], u["confidence"], words)


def _measure(m: Measure) -> dict[str, Any]:
    interval = m.interval
    return {
        "name": m.name,
        "value": _float(m.value),
        "unit": m.unit,
        "interval": interval and {"low": float(interval.low), "high": float(interval.high), "source": interval.source},
        "components": {name: float(number) for name, number in m.components.items()},
        "evidence": [{**_times(e.span), "text": e.text, "value": _float(e.value)} for e in m.evidence],
        "reason": m.reason,
        "corrected": _float(m.corrected),
    }


def _read_measure(m: dict[str, Any]) -> Measure:
    i = m["interval"]
    return Measure(
        name=m["name"],
        value=m["value"],
        unit=m["unit"],
        interval=Interval(i["low"], i["high"], i["source"]) if i else None,
        components=dict(m["components"]),
        evidence=tuple(Moment(_span(e), e["text"], e["value"]) for e in m["evidence"]),
        reason=m["reason"],
        corrected=m.get("corrected"),
    )


def _times(span: Span) -> dict[str, float]:
    return {"start": float(span.start), "end": float(span.end)}


def _span(times: dict[str, Any]) -> Span:
    return Span(times["start"], times["end"])


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
