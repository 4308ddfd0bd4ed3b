"""A lesson, and what people made of it, as the review stage is told: JSON of plain values, times in seconds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from coaching.access import Action
from coaching.clips import Clip
from coaching.codebooks import Codebook
from coaching.comments import Comment
from coaching.corrections import Kind as Correction
from coaching.given_clips import ClipsGiven
from coaching.library import Listed
from coaching.metrics.question_kinds import Kind
from coaching.metrics.questions import TOLD, Question
from coaching.notes import View
from coaching.people import Person
from coaching.recordings import Stage
from coaching.services.correcting import said
from coaching.services.moments import Offered
from coaching.services.review import Block, Heard, Looked, blocks
from coaching.sharing import Given
from coaching.spans import Span, intersect
from coaching.transcript import Role, Speaker, Utterance, Word
from ui.screens.frame import called

KINDS = {
    Kind.OPEN: "Open",
    Kind.REASON: "Press for reasoning",
    Kind.RELATING: "Relating",
    Kind.WH_FACT: "Asks a fact",
    Kind.YES_NO: "Yes or no",
    Kind.CHECKING: "Checking",
    Kind.MANAGEMENT: "Managing",
    Kind.TAG: "Tag",
    Kind.ECHO: "Echo",
}
"""What the page calls the kinds of questions."""

MEDIA = {
    "web": (Stage.WEB, "web.mp4"),
    "audio": (Stage.AUDIO, "audio.m4a"),
    "poster": (Stage.POSTER, "poster.jpg"),
    "thumbnails": (Stage.SPRITE, "thumbnails.vtt"),
    "peaks": (Stage.PEAKS, "peaks.dat"),
    "overview": (Stage.PEAKS, "overview.dat"),
    "captions": (Stage.MEASURES, "captions.vtt"),
}


def lesson(
    seen: Looked,
    viewer: Person,
    place: float,
    codebooks: Sequence[Codebook],
    given: Sequence[Given] = (),
    offered: Offered | None = None,
) -> dict[str, Any]:
    """`codebooks` are offered for comments; `given` is to whom its owner gave it, and is told to them alone."""
    listed, transcript, rewritten = seen.listed, seen.transcript, _rewritten(seen)
    own = viewer.id == listed.owner
    return {
        "recording": recording(listed, transcript.duration),
        "viewer": {
            "id": viewer.id,
            "called": viewer.name or viewer.email,
            "owner": own,
            "may": sorted(action for action in Action if action in seen.may),
        },
        "media": media(listed),
        "gone": listed.gone and f"{listed.gone.sentence} What was said and written stays.",
        "speakers": [
            {"id": s.id, "role": s.role, "name": s.name, "label": _label(s, own)} for s in transcript.speakers
        ],
        "blocks": [_block(one, rewritten) for one in blocks(transcript)],
        **(_heard(seen.heard) if seen.heard else {"ribbon": None, "questions": None, "waits": None, "limits": []}),
        **_offered(offered),
        **_put_right(seen),
        "shared": [one.person.name or one.person.email for one in given if one.good],
        "codebooks": [codebook(one) for one in codebooks],
        "place": place,
    }


def _put_right(seen: Looked) -> dict[str, Any]:
    """For whoever may take it back. Everybody else is told where words are not the machine's (`corrected`)."""
    if Action.CORRECT not in seen.may:
        return {"corrections": [], "not_carried": []}
    return {
        "corrections": [{"id": one.id, "kind": one.kind, "what": said(one)} for one in seen.put_right],
        "not_carried": [said(one) for one in seen.not_carried],
    }


def codebook(one: Codebook) -> dict[str, Any]:
    return {
        "name": one.name,
        "categories": [
            {
                "name": category,
                "labels": [
                    {"name": label.name, "meaning": label.meaning, "colour": label.colour, "scale": list(label.scale)}
                    for label in labels
                ],
            }
            for category, labels in one.categories.items()
        ],
    }


def recording(listed: Listed, duration: float) -> dict[str, Any]:
    return {
        "id": listed.id,
        "name": listed.name,
        "duration": duration,
        "owner": {"id": listed.owner, "called": listed.owner_called},
        "class": listed.class_name,
        "taught": listed.taught and listed.taught.isoformat(),
    }


def media(listed: Listed) -> dict[str, str | None]:
    """Where what a browser plays of it is; None where it is not made yet."""
    done = {status.stage for status in listed.run.stages if status.artefact is not None}
    return {what: f"/recordings/{listed.id}/{name}" if stage in done else None for what, (stage, name) in MEDIA.items()}


def comment(one: Comment, viewer: str, owner: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "author": one.author,
        "called": one.called,
        "initials": called(one.called),
        "owner": one.author == owner,
        "mine": one.author == viewer,
        "start": one.start,
        "stop": one.stop,
        "body": one.body,
        "audience": one.audience,
        "made": one.made.isoformat(),
        "edited": one.edited and one.edited.isoformat(),
        "resolved": one.resolved and one.resolved.isoformat(),
        "deleted": one.deleted,
        "parent": one.parent,
        "labels": list(one.labels),
        "colours": dict(zip(one.labels, one.colours, strict=True)),
    }


def clip(one: Clip, viewer: str, gave: Sequence[ClipsGiven] = (), film: str | None = None) -> dict[str, Any]:
    """`gave` is to whom the lesson's owner gave clips by themselves, and is told to them alone; `film` is where
    the film of it lies that was kept when the lesson's was deleted."""
    return {
        "id": one.id,
        "author": one.author,
        "called": one.called,
        "initials": called(one.called),
        "mine": one.author == viewer,
        "start": one.start,
        "stop": one.stop,
        "name": one.name,
        "note": one.note,
        "audience": one.audience,
        "given": [some.person.name or some.person.email for some in gave if some.good and one.id in some.clips],
        "made": one.made.isoformat(),
        "film": film,
    }


def view(one: View, viewer: str) -> dict[str, Any]:
    return {
        "called": one.called,
        "mine": one.person == viewer,
        "spans": pairs(one.spans),
        "place": one.place,
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
    }


def _speaker(speaker: Speaker, own: bool) -> dict[str, Any]:
    return {"id": speaker.id, "role": speaker.role, "name": speaker.name, "label": _label(speaker, own)}


def _label(speaker: Speaker, own: bool) -> str:
    """What a voice is called: by the name that a person gave it, or else by its role, so that nobody is guessed at."""
    if speaker.name:
        return speaker.name
    if speaker.role is Role.TEACHER:
        return "You" if own else "Teacher"
    return "Student" if speaker.role is Role.STUDENT else "Voice"


def _block(block: Block, rewritten: Sequence[Span]) -> dict[str, Any]:
    span = block.span
    heard = [_utterance(u, u.span in rewritten) for u in block.utterances]
    return {"speaker": block.speaker, "start": _s(span.start), "end": _s(span.end), "utterances": heard}


def _utterance(u: Utterance, corrected: bool) -> dict[str, Any]:
    words = [_word(word) for word in u.words]
    return {"start": _s(u.span.start), "end": _s(u.span.end), "text": u.text, "words": words, "corrected": corrected}


def _rewritten(seen: Looked) -> list[Span]:
    """Where somebody wrote what was said."""
    spans = [span for one in seen.put_right if one.kind is Correction.TEXT for span in one.spans]
    return [u.span for u in seen.transcript.utterances if not u.words and intersect([u.span], spans)]


def _word(word: Word) -> list[str | float | None]:
    start, end = (None, None) if word.span is None else (_s(word.span.start), _s(word.span.end))
    return [word.text, start, end, None if word.confidence is None else round(word.confidence, 2)]


def _heard(heard: Heard) -> dict[str, Any]:
    return {
        "ribbon": {role: pairs(spans) for role, spans in heard.talk.items()} | {"several": pairs(heard.several)},
        "questions": [question(q) for q in heard.questions],
        "waits": [{"start": _s(span.start), "end": _s(span.end)} for span in heard.waits],
        "limits": list(heard.limits),
    }


def _offered(offered: Offered | None) -> dict[str, Any]:
    if offered is None:
        return {"moments": None, "moments_to_guess": False}
    moments = [
        {"start": _s(one.span.start), "end": _s(one.span.end), "kind": one.kind, "why": one.why}
        for one in offered.moments
    ]
    return {"moments": moments, "moments_to_guess": offered.to_guess}


def question(q: Question) -> dict[str, Any]:
    return {
        "start": _s(q.span.start),
        "end": _s(q.span.end),
        "text": q.text,
        "kind": q.kind,
        "label": KINDS[q.kind],
        "open": q.kind.is_open,
        "why": q.decided_by,
        "corrected": q.decided_by == TOLD,
    }


def pairs(spans: Iterable[Span]) -> list[list[float]]:
    return [[_s(span.start), _s(span.end)] for span in spans]


def _s(seconds: float) -> float:
    return round(seconds, 2)
