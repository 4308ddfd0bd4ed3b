"""What stands in a person's archive: records as JSON, and the sentences that say what is what."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from coaching.library import size
from coaching.people import Person
from coaching.ports import RecordingFacts
from coaching.spans import clock

INSIDE = frozenset({"path", "artefact", "film", "photo", "may_change", "may_remove", "may_take_back"})
"""What only this server can use: where files lie in its data folder, and what may be done there."""


def told(value: Any, leave_out: Collection[str] = ()) -> Any:
    """A record as JSON has it: by the names of its fields, moments and days in ISO 8601, sets in order. `leave_out` are
    fields, in it and in all that it holds. Of a person there are name and address."""
    if isinstance(value, Person):
        return {"name": value.name, "email": value.email}
    if is_dataclass(value) and not isinstance(value, type):
        names = [f.name for f in fields(value) if f.name not in INSIDE and f.name not in leave_out]
        return {name: told(getattr(value, name), leave_out) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(told(key)): told(one, leave_out) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((told(one, leave_out) for one in value), key=str)
    if isinstance(value, list | tuple):
        return [told(one, leave_out) for one in value]
    return value


def as_json(value: Any, leave_out: Collection[str] = ()) -> str:
    return json.dumps(told(value, leave_out), ensure_ascii=False, indent=1) + "\n"


_ID = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}")
_WHEN = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d\S*)?")
_SECONDS = frozenset({"start", "stop", "end", "duration", "place", "length"})
_FOR_PROGRAMS = frozenset({"plan", "moves", "entered", "teacher_called", "partner_called", "locked", "has_class"})


def to_read(record: Any, names: Mapping[str, str], key: str = "") -> Any:
    """What `told` gave, for people: dicts, lists and texts, without what is empty. `names` says what ids stand for;
    other ids are left out, moments are written out, and seconds of a recording are as a clock shows them."""
    if isinstance(record, Mapping):
        told_of = {name: one for name, one in record.items() if name not in _FOR_PROGRAMS}
        read = {name.replace("_", " "): to_read(one, names, name) for name, one in told_of.items()}
        return {name: one for name, one in read.items() if one not in ("", [], {})}
    if isinstance(record, list):
        return [read for one in record if (read := to_read(one, names, key)) not in ("", [], {})]
    if isinstance(record, str):
        return names.get(record, "") if _ID.fullmatch(record) else _moment(record)
    if record is None or isinstance(record, bool):
        return "yes" if record else ""
    return clock(record) if key in _SECONDS else str(record)


def _moment(text: str) -> str:
    if not _WHEN.fullmatch(text):
        return text
    at = datetime.fromisoformat(text)
    return f"{at:%-d %B %Y, %H:%M} UTC" if "T" in text else f"{at:%-d %B %Y}"


def readme(person: Person, now: datetime, lessons: Collection[RecordingFacts]) -> str:
    """What lies in the archive of these lessons of theirs, and what does not, in words."""
    films = sum(file.size for one in lessons if one.gone is None for file in one.files)
    gone = [f"- {one.name}: {one.gone.sentence}" for one in lessons if one.gone is not None]
    parts = [
        f"Second Look: everything of {person.name or person.email} in one file\n"
        f"Made on {now:%-d %B %Y, %H:%M} UTC, of {_lessons(len(lessons))} with {size(films)} of films and sound.\n",
        "Open index.html first: it opens in any browser, without a network, and leads to everything here.\n",
        WHAT,
    ]
    if gone:
        parts.append("Without their films, which are not on the server any more:\n" + "\n".join(gone) + "\n")
    return "\n".join((*parts, NOT_HERE))


def _lessons(count: int) -> str:
    return "one lesson" if count == 1 else f"{count} lessons"


WHAT = """\
lessons/      a folder for each lesson, the oldest first
  original/     the recording, as it was brought
  clips/        films of clips, where a school deleted the lesson’s film and kept these
  lesson.json, lesson.eaf, speakers.rttm, turns.csv, measures.csv, transcript.*
                what was said, by whom and when, and the measures, with what was put right
  about.json    its class, day and tags, who can see it and who watched it, openings by an administrator,
                what holds for its film
  comments.*, clips.json, corrections.json, rounds.json
                what you and others wrote there, as far as you may read it, and what was put right
  guesses.json, heard.json, faces.json
                what you guessed, what you heard in the check by ear, where faces are covered
coaching/     your cycles: goals, reflections, notes, conferences, action steps; your page of progress
walks/        learning walks: those to you, and those that you wrote
codebooks/    your own codebooks, in every version; your texts for comments
classes.json  your classes, what families agreed to, and students who are opted out
exemplars.json, said.json
              what you published in your school’s library, with what was said to it; what you said to others’
elsewhere.json
              what you wrote in lessons that others share with you
surveys.json  what you ask in surveys
you.json      your account, how you want to be told, and what is left of lessons that you deleted

Files that end in .csv open in a spreadsheet; .vtt and .srt are captions, .eaf opens in ELAN. What ends in .json is
for programs; most of it lies beside it once more as a page to read, .html. Times are in seconds of the recording,
moments in UTC.
"""

NOT_HERE = """\
Not here: what others wrote for themselves alone; others’ lessons; your school’s codebooks; films and pages that the
server made of your lessons, which it can make again; lessons that were still on their way; what was answered in
surveys. What you delete on the server stays in this file, and the other way round.

There are children in it. Keep it where you would keep the recordings, and give it to nobody who may not see them.
"""
