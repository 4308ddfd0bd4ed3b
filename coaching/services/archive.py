"""Everything of a person: what they could see of their own on all pages together, one entry after the other.

It is read through the same doors as the pages, as themselves, so nothing is in it that they may not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coaching.access import NotThere, Part
from coaching.audit import Deed
from coaching.coached import Cycles
from coaching.codebooks import Codebooks
from coaching.consents import Consents
from coaching.covering import Faces
from coaching.exemplars import Exemplars
from coaching.exports.archive import as_json, readme, to_read, told
from coaching.exports.codebooks import codebook_csv
from coaching.exports.notes import comments_csv
from coaching.faces import faces_to_json, marked_to_json
from coaching.library import Filter, Whose
from coaching.notifications import Notifications
from coaching.openings import Openings
from coaching.originals import safe_name
from coaching.people import Person
from coaching.ports import Lessons, RecordingFacts
from coaching.progress import Progress
from coaching.retention import Retention
from coaching.services.handouts import text_files
from coaching.surveys import Surveys
from coaching.templates import Templates
from coaching.walks import Walks

LONGEST_FOLDER = 60
"""Bytes of a folder's name, about: some systems allow 260 characters for the whole way to a file."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where what is somebody's is read."""

    lessons: Lessons
    cycles: Cycles
    codebooks: Codebooks
    progress: Progress
    templates: Templates
    openings: Openings
    walks: Walks
    consents: Consents
    retention: Retention
    faces: Faces
    exemplars: Exemplars
    notifications: Notifications
    surveys: Surveys


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the archive: `name` is its place there, `what` a few words on what it is, `of` what it belongs to. It
    is a `text`, or lies at `path`, relative to the data folder. `read` is the same for people, where a page shall stand
    beside it: dicts, lists and texts."""

    name: str
    what: str
    of: str
    text: str | None = None
    path: str | None = None
    read: Any = None


ABOUT_ANSWERS = ("own", "answered", "may_answer", "may_delete")
"""What a survey says of whoever looks: nothing of an archive."""

TEXT_WORDS = {
    "lesson.json": "The whole lesson, for programs",
    "transcript.vtt": "Captions, WebVTT",
    "transcript.srt": "Captions, SubRip",
    "transcript.txt": "What was said, to read",
    "speakers.rttm": "Who spoke when, RTTM",
    "lesson.eaf": "The lesson for ELAN",
    "turns.csv": "What was said, for a spreadsheet",
    "measures.csv": "The measures, for a spreadsheet",
}


def everything(doors: Doors, person: Person, now: datetime) -> Iterator[Entry]:
    """All that is theirs, the README first, then lesson by lesson, the oldest first. Of a lesson that is deleted
    meanwhile the rest is missing. That a lesson was taken is in the audit log before anything of it comes."""
    lessons = sorted(doors.lessons.mine(person.id), key=lambda one: (one.added, one.id))
    yield Entry("README.txt", "What is what", "About this file", readme(person, now, lessons))
    names = {person.id: "you"} | {one.id: one.name for one in lessons}
    for number, facts in enumerate(lessons, 1):
        try:
            yield from _lesson(doors, person.id, facts, f"lessons/{number:03} {_folder(facts.name)}", names)
        except NotThere:
            continue
    for part in (_coaching, _walks, _codebooks, _rest):
        yield from part(doors, person, names)


def _record(name: str, what: str, of: str, found: Any, names: Mapping[str, str]) -> Entry:
    """A record, for programs and for people."""
    return Entry(name, what, of, as_json(found), read=to_read(told(found), names))


def _lesson(doors: Doors, viewer: str, facts: RecordingFacts, folder: str, names: Mapping[str, str]) -> Iterator[Entry]:
    lessons, of = doors.lessons, facts.id
    listed = lessons.listed(viewer, of)
    title = f"{facts.name}, {listed.taught or facts.added.date():%-d %B %Y}"

    def text(name: str, what: str, text: str) -> Entry:
        return Entry(f"{folder}/{name}", what, title, text)

    lessons.done(viewer, of, Deed.TOOK)
    what = "Class, day and tags; who can see it, and who watched it"
    yield _record(f"{folder}/about.json", what, title, _about(doors, viewer, of), names)
    for name, body in text_files(lessons, viewer, of):
        yield text(name, TEXT_WORDS[name], body)
    notes = [one for one in lessons.comments(viewer, of) if not one.deleted]
    if notes:
        yield text("comments.csv", "Comments, for a spreadsheet", comments_csv(notes))
        yield _record(f"{folder}/comments.json", "Comments", title, told(notes, ("author", "colours")), names)
    clips = lessons.clips(viewer, of)
    own = [clip.id for clip in clips if clip.author == viewer]
    covered = (doors.faces.faces(viewer, clip) for clip in own)
    faces = [
        {"clip": one.clip, "found": faces_to_json(one.found), "put right": marked_to_json(one.marked)}
        for one in covered
        if one.asked
    ]
    records: tuple[tuple[str, str, Any], ...] = (
        ("clips.json", "Clips", told(clips, ("author",))),
        ("corrections.json", "What was put right", lessons.corrections(viewer, of)),
        ("rounds.json", "Rounds in which two labelled the same clips", lessons.rounds(viewer, of)),
        ("guesses.json", "What you guessed before you looked", lessons.guesses(viewer, of)),
    )
    for name, what, found in records:
        if found:
            yield _record(f"{folder}/{name}", what, title, found, names)
    if heard := lessons.heard(viewer, of):
        yield text("heard.json", "What you heard in the check by ear", as_json(heard))
    if faces:
        yield text("faces.json", "Where faces are covered", as_json(faces))
    named = {clip.id: clip.name for clip in clips}
    for clip, path in doors.retention.kept_clips(viewer, of).items():
        name = f"clips/{_folder(named.get(clip, clip))} {clip[:6]}.mp4"
        yield Entry(f"{folder}/{name}", f"Film of the clip “{named.get(clip, clip)}”", title, path=path)
    if facts.gone is None:
        for number, file in enumerate(facts.files, 1):
            name = f"{folder}/original/{number} {safe_name(file.name)}"
            yield Entry(name, "The recording, as it was brought", title, path=file.path)


def _about(doors: Doors, viewer: str, recording: str) -> dict[str, Any]:
    lessons = doors.lessons
    listed = lessons.listed(viewer, recording)
    about: dict[str, Any] = told(listed, ("owner", "given", "run", "ahead", "class_id", "gone"))
    return about | {
        "film": told(doors.retention.film(viewer, recording)),
        "who can see it": told(lessons.grants(viewer, recording)),
        "from whom it was taken back": told(lessons.taken_back(viewer, recording), ("what",)),
        "who has clips of it": told(lessons.clips_given(viewer, recording)),
        "who watched it": told(lessons.views(viewer, recording), ("person",)),
        "opened by an administrator": told(doors.openings.of(viewer, recording)),
        "opted out, and absent": told(doors.consents.present(viewer, recording)),
    }


def _coaching(doors: Doors, person: Person, names: Mapping[str, str]) -> Iterator[Entry]:
    for number, cycle in enumerate(sorted(doors.cycles.cycles(person.id), key=lambda one: (one.began, one.id)), 1):
        try:
            whole = doors.cycles.cycle(person.id, cycle.id)
            tied = [one.name for one in doors.exemplars.tied(person.id, cycle.id)]
        except NotThere:  # it ended to be theirs meanwhile
            continue
        known = {cycle.teacher: cycle.teacher_called, cycle.partner or "": cycle.partner_called, **names}
        body = told(whole, ("school", "facts")) | {"exemplars": tied}
        if whole.reflection is not None:
            body["reflection"]["answers"] = [{"asked": asked, "said": said} for asked, said in whole.reflection.answers]
        name = f"coaching/{number:03} {_folder(cycle.name)}.json"
        yield _record(name, cycle.name, "Coaching cycles", body, known)
    kept = {
        "kept": told(doors.progress.kept(person.id, person.id)),
        "shown to": told(doors.progress.readers(person.id)),
    }
    if any(kept.values()):
        what = "Words that you kept, and who sees them"
        yield _record("coaching/progress.json", what, "Your page of progress", kept, names)


def _walks(doors: Doors, person: Person, names: Mapping[str, str]) -> Iterator[Entry]:
    theirs = [one for one in doors.walks.mine(person.id) if one.part is not Part.READER]
    for number, walk in enumerate(sorted(theirs, key=lambda one: (one.visited, one.id)), 1):
        who = f"by {walk.visitor}" if walk.part is Part.TEACHER else f"to {walk.teacher}"
        name, what = f"walks/{number:03} {walk.visited:%Y-%m-%d}", f"{walk.visited:%-d %B %Y}, {who}"
        yield _record(f"{name}.json", what, "Learning walks", walk, names)
        if walk.photo is not None:
            yield Entry(f"{name}.jpg", f"Photo of {what}", "Learning walks", path=walk.photo)


def _codebooks(doors: Doors, person: Person, names: Mapping[str, str]) -> Iterator[Entry]:
    own = [one for one in doors.codebooks.mine(person.id) if one.school_id is None]
    for number, book in enumerate(own, 1):
        name, of = f"codebooks/{number:03} {_folder(book.codebook.name)}", "Codebooks and texts"
        versions = doors.codebooks.versions(person.id, book.id)
        yield Entry(f"{name}.csv", f"{book.codebook.name}, as it is now", of, codebook_csv(book.codebook))
        yield _record(f"{name}.json", f"{book.codebook.name}, every version", of, versions, names)
    if templates := doors.templates.mine(person.id):
        what = "Your texts for comments"
        yield _record("codebooks/texts.json", what, "Codebooks and texts", templates, names)


def _rest(doors: Doors, person: Person, names: Mapping[str, str]) -> Iterator[Entry]:
    viewer, of = person.id, "You"
    library = doors.exemplars.all(viewer)
    published = [told(one) | {"said": told(doors.exemplars.said(viewer, one.id))} for one in library if one.own]
    asked = [told(one, ABOUT_ANSWERS) for one in doors.surveys.mine(viewer) if one.own]
    records = (
        ("classes.json", "Your classes, and what families agreed to", doors.consents.classes(viewer)),
        ("exemplars.json", "What you published for colleagues, and what they said", published),
        ("said.json", "What you said to others’ examples", list(_said_to_others(doors, viewer))),
        ("surveys.json", "Surveys in which you ask", asked),
        ("elsewhere.json", "What you wrote in lessons that others share with you", list(_elsewhere(doors, viewer))),
    )
    for name, what, found in records:
        if found:
            yield _record(name, what, of, found, names)
    you = {
        "name": person.name,
        "email": person.email,
        "you are": [f"{what.value} at {school}" for school, what in person.memberships],
        "how you are told": told(doors.notifications.preferences(viewer)),
        "lessons that you deleted": told(doors.lessons.receipts(viewer)),
    }
    yield _record("you.json", "Your account, and receipts of what you deleted", of, you, names)


def _said_to_others(doors: Doors, viewer: str) -> Iterator[dict[str, Any]]:
    for one in doors.exemplars.all(viewer):
        try:
            said = [] if one.own else [told(s, ("own",)) for s in doors.exemplars.said(viewer, one.id) if s.own]
        except NotThere:
            continue
        if said or (one.saved and not one.own):
            yield {"name": one.name, "teacher": one.teacher, "saved": one.saved, "said": said}


def _elsewhere(doors: Doors, viewer: str) -> Iterator[dict[str, Any]]:
    """Their own words alone: the lesson is another's."""
    lessons, others = doors.lessons, Filter(whose=Whose.WITH_ME)
    for one in lessons.library(viewer, others, max(1, lessons.library(viewer, others, 1).found)).lessons:
        try:
            wrote = [c for c in lessons.comments(viewer, one.id) if c.author == viewer and not c.deleted]
            clips = [c for c in lessons.clips(viewer, one.id) if c.author == viewer]
        except NotThere:
            continue
        yield {"lesson": one.name, "of": one.owner_called, "given": told(one.given)} | told(
            {"comments": wrote, "clips": clips}
        )


def _folder(name: str) -> str:
    return safe_name(name.encode()[:LONGEST_FOLDER].decode(errors="ignore").strip().rstrip("."))
