"""A lesson in rows and back: what is saved and read is equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from coaching.corrections import Correction
from coaching.lesson import Engine, Lesson, Recording, RoleGuess
from coaching.metrics.measure import Interval, Measure, Moment
from coaching.quality import AudioQuality
from coaching.spans import Span
from coaching.transcript import Speaker, Transcript, Utterance, Word
from models.tables import CorrectionRow, MeasureRow, RunRow, SpeakerRow, UtteranceRow

_SAID = select(*UtteranceRow.__table__.columns).order_by(UtteranceRow.position)


def save_lesson(session: Session, run: RunRow, lesson: Lesson) -> None:
    """Write the lesson of this run; what an earlier attempt found is replaced in the same moment."""
    for table in (UtteranceRow, SpeakerRow, MeasureRow):
        session.execute(delete(table).where(table.run_id == run.id))
    transcript = lesson.transcript
    rows: dict[type[Any], list[dict[str, Any]]] = {
        SpeakerRow: [{"label": s.id, "role": s.role, "name": s.name} for s in transcript.speakers],
        UtteranceRow: [_utterance(u) for u in transcript.utterances],
        MeasureRow: [_measure(m) for m in lesson.measures],
    }
    for table, values in rows.items():
        if values:
            session.execute(insert(table), [{"run_id": run.id, "position": n, **v} for n, v in enumerate(values)])
    run.facts = {
        "recording": asdict(lesson.recording),
        "duration": float(transcript.duration),
        "language": transcript.language,
        "quality": asdict(lesson.quality),
        "roles": asdict(lesson.roles),
        "engines": [asdict(e) for e in lesson.engines],
        "limits": list(lesson.limits),
        "stages": dict(lesson.stages),
    }


def load_lesson(session: Session, run: RunRow) -> Lesson | None:
    """What the run found, or None where no transcript stands."""
    if run.facts is None:
        return None
    measures = session.scalars(select(MeasureRow).where(MeasureRow.run_id == run.id).order_by(MeasureRow.position))
    return lesson_of(run.facts, *_spoken(session, run), measures)


def lesson_of(
    facts: Mapping[str, Any], speakers: Iterable[Any], said: Iterable[Any], measures: Iterable[Any]
) -> Lesson:
    """Of a run's facts, and of rows of what it found."""
    recording = facts["recording"]
    return Lesson(
        recording=Recording(**{**recording, "files": tuple(recording["files"]), "notes": tuple(recording["notes"])}),
        transcript=_transcript(facts, speakers, said),
        quality=AudioQuality(**facts["quality"]),
        roles=RoleGuess(**facts["roles"]),
        engines=tuple(Engine(**engine) for engine in facts["engines"]),
        measures=tuple(_read_measure(row) for row in measures),
        limits=tuple(facts["limits"]),
        stages=facts["stages"],
    )


def load_transcript(session: Session, run: RunRow) -> Transcript | None:
    """What was said, or None where no transcript stands."""
    return None if run.facts is None else _transcript(run.facts, *_spoken(session, run))


def _spoken(session: Session, run: RunRow) -> tuple[Iterable[Any], Iterable[Any]]:
    speakers = session.scalars(select(SpeakerRow).where(SpeakerRow.run_id == run.id).order_by(SpeakerRow.position))
    # Columns, and no objects of the session: a lesson has hundreds.
    return speakers, session.execute(_SAID.where(UtteranceRow.run_id == run.id))


def _transcript(facts: Mapping[str, Any], speakers: Iterable[Any], said: Iterable[Any]) -> Transcript:
    return Transcript(
        facts["duration"],
        tuple(Speaker(row.label, row.role, row.name) for row in speakers),
        tuple(_read_utterance(row) for row in said),
        facts["language"],
    )


def spans_to_json(spans: tuple[Span, ...]) -> list[Any]:
    return [[float(span.start), float(span.end)] for span in spans]


def spans_from_json(spans: list[Any]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in spans)


def load_corrections(session: Session, recording: str) -> list[Correction]:
    """Those of a recording that apply, in the order in which they were made."""
    made = select(CorrectionRow).where(CorrectionRow.recording_id == recording, CorrectionRow.taken_back.is_(None))
    return list(map(correction_of, session.scalars(made.order_by(CorrectionRow.number))))


def correction_of(c: CorrectionRow) -> Correction:
    return Correction(c.kind, spans_from_json(c.spans), c.role, c.text, spans_from_json(c.other), c.id)


def _utterance(u: Utterance) -> dict[str, Any]:
    return {
        "speaker": u.speaker,
        "start": float(u.span.start),
        "stop": float(u.span.end),
        "text": u.text,
        "confidence": None if u.confidence is None else float(u.confidence),
        "words": [[w.text, w.span and w.span.start, w.span and w.span.end, w.confidence] for w in u.words],
    }


def _read_utterance(row: Any) -> Utterance:
    words = tuple(
        Word(text, None if start is None else Span(start, end), confidence)
        for text, start, end, confidence in row.words
    )
    return Utterance(Span(row.start, row.stop), row.speaker, row.text, row.confidence, words)


def _measure(m: Measure) -> dict[str, Any]:
    return {
        "name": m.name,
        "value": None if m.value is None else float(m.value),
        "unit": m.unit,
        "reason": m.reason,
        "interval": m.interval and asdict(m.interval),
        "components": dict(m.components),
        "evidence": [[e.span.start, e.span.end, e.text, e.value] for e in m.evidence],
    }


def _read_measure(row: Any) -> Measure:
    return Measure(
        row.name,
        row.value,
        row.unit,
        Interval(**row.interval) if row.interval else None,
        row.components,
        tuple(Moment(Span(start, end), text, value) for start, end, text, value in row.evidence),
        row.reason,
    )
