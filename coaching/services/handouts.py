"""What is put into files that people keep: a lesson as it is now, as far as it was given to whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from coaching.access import Action, NotThere, require
from coaching.clips import Clip
from coaching.comments import Audience, Comment
from coaching.exports import document
from coaching.exports.captions import captions_in
from coaching.exports.files import TEXTS
from coaching.exports.text import UNCLEAR, names, plain
from coaching.faces import faces_to_json
from coaching.handouts import Errand
from coaching.lesson import Lesson, Recording, RoleGuess
from coaching.ports import Lessons, RecordingFacts
from coaching.quality import AudioQuality
from coaching.services.lessons import corrected, spoken
from coaching.spans import Span
from coaching.transcript import Transcript


def text_file(lessons: Lessons, viewer: str, recording: str, name: str) -> tuple[str, str]:
    """The file's text, and what the lesson is called. Raises NotThere."""
    if (file := TEXTS.get(name)) is None:
        raise NotThere
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.DOWNLOAD, facts.owner, facts.given)
    if file.measured:
        require(viewer, Action.MEASURE, facts.owner, facts.given)
        return file.make(_called(corrected(lessons, viewer, recording).lesson, facts, viewer)), facts.name
    return file.make(_unmeasured(spoken(lessons, viewer, recording), facts.name)), facts.name


def text_files(lessons: Lessons, viewer: str, recording: str) -> Iterator[tuple[str, str]]:
    """Every text file of a lesson of their own by its name, measured once; none where no transcript stands yet."""
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.DOWNLOAD, facts.owner, facts.given)
    require(viewer, Action.MEASURE, facts.owner, facts.given)
    try:
        lesson = _called(corrected(lessons, viewer, recording).lesson, facts, viewer)
    except NotThere:
        return
    said = _unmeasured(lesson.transcript, facts.name)
    for name, file in TEXTS.items():
        yield name, file.make(lesson if file.measured else said)


def gathered(lessons: Lessons, errand: Errand) -> dict[str, Any]:
    """All that is needed to make it, as JSON may hold it. Raises NotThere.

    {"name", "clips": [...], "lesson": lesson.json as text, or None}, and "faces" for a clip by itself. The gate was
    asked for whoever asked; here it is asked again by each fetch, and what they may not see is not fetched.
    """
    who, recording, order = errand.person, errand.recording, errand.order
    if order.part is not None:  # nothing but these seconds, whatever the clip has become
        alone = {"start": order.part.start, "stop": order.part.end, "captions": []}
        return {"name": errand.name, "clips": [alone], "lesson": None, "faces": faces_to_json(errand.faces)}
    facts = lessons.recording(who, recording)
    lesson = None
    if order.measured:
        lesson = _called(corrected(lessons, who, recording).lesson, facts, who)
    transcript = lesson.transcript if lesson else spoken(lessons, who, recording)
    known = {clip.id: clip for clip in lessons.clips(who, recording)} if order.clips else {}
    if not known.keys() >= set(order.clips):
        raise NotThere
    notes = lessons.comments(who, recording) if order.comments else []
    return {
        "name": facts.name,
        "clips": [_clip(known[clip], transcript, notes) for clip in order.clips],
        "lesson": lesson and document.to_json(lesson),
    }


def _clip(clip: Clip, transcript: Transcript, notes: Sequence[Comment]) -> dict[str, Any]:
    part, called = Span(clip.start, min(clip.stop, max(clip.start, transcript.duration))), names(transcript)
    roles = {speaker.id: str(speaker.role) for speaker in transcript.speakers}
    threads = [one for one in notes if one.parent is None and _touches(one, part)]
    return {
        "start": part.start,
        "stop": part.end,
        "name": clip.name,
        "note": clip.note,
        "captions": [asdict(one) for one in captions_in(transcript, part)],
        "said": [
            {
                "start": max(u.span.start, part.start),
                "called": called[u.speaker],
                "role": roles[u.speaker],
                "text": plain(u.text) or UNCLEAR,
            }
            for u in transcript.utterances
            if u.span & part
        ],
        "comments": [{**_comment(one), "answers": _answers(one, notes)} for one in threads],
    }


def _touches(comment: Comment, part: Span) -> bool:
    stop = comment.start if comment.stop is None else comment.stop
    return comment.start < part.end and stop >= part.start


def _answers(comment: Comment, notes: Sequence[Comment]) -> list[dict[str, Any]]:
    return [_comment(one) for one in notes if one.parent == comment.id and not one.deleted]


def _comment(one: Comment) -> dict[str, Any]:
    return {
        "start": one.start,
        "called": one.called,
        "body": one.body,
        "labels": list(one.labels),
        "deleted": one.deleted,
        "private": one.audience is Audience.AUTHOR,
    }


def _called(lesson: Lesson, facts: RecordingFacts, viewer: str) -> Lesson:
    """The lesson by the name that it has now. For others than its owner without what files were called, and without
    the answers of the owner's ear; what these changed stays."""
    lesson = replace(lesson, recording=replace(lesson.recording, name=facts.name))
    if viewer == facts.owner:
        return lesson
    return replace(lesson, recording=replace(lesson.recording, files=(), notes=()), checked=None)


def _unmeasured(transcript: Transcript, name: str) -> Lesson:
    """What was said, for files in which nothing else is."""
    nobody = RoleGuess(None, 0.0, "")
    return Lesson(Recording(name, transcript.duration), transcript, AudioQuality(None, None), nobody, ())
