"""Rooms that were calibrated: what was answered there, for later lessons of the same room, recorder and engine.

One file a room, engine and kind of recording in `rooms` of the data folder: counts of answers, no sound and no words.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from coaching.by_ear import checked, unfit
from coaching.calibration import FEWEST, LASTS_DAYS, Answers, counts_for
from coaching.errors import BadInput, one_line
from coaching.exports.checked import listed_answers, read_answers
from coaching.lesson import Lesson
from pipelines.media.disk import whole_file

SCHEMA = 1
FOLDER = "rooms"


@dataclass(frozen=True, slots=True)
class Kept:
    """The answers of one room: by which engine its voices were told apart, and from what kind of recording."""

    room: str
    engine: str
    recorder: str
    answers: Answers


def engine_of(lesson: Lesson) -> str:
    return ", ".join(f"{e.name} {e.version}" for e in lesson.engines if e.part == "speakers")


def recorder_of(lesson: Lesson) -> str:
    """All that a file says of the microphone: two recorders may be of one kind, one recorder is never of two."""
    r = lesson.recording
    tracks = "1 track" if r.tracks == 1 else f"{r.tracks} tracks"
    return ", ".join(part for part in (r.container, r.audio, tracks) if part)


def keep(data: Path, room: str, lesson: Lesson, given: Answers) -> None:
    """Keep the answers for other lessons in `room`; those of the same engine, recorder and day are replaced."""
    engine, recorder = engine_of(lesson), recorder_of(lesson)
    folder = data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(json.dumps([_plain(room), engine, recorder, given.day]).encode()).hexdigest()[:24]
    document = {"schema": SCHEMA, "room": room, "engine": engine, "recorder": recorder, **listed_answers(given)}
    with whole_file(folder / f"{key}.json") as temporary:
        temporary.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def of_room(data: Path, room: str) -> list[Kept]:
    """What is kept of `room`. Raises BadInput where nothing is, with the rooms that are known."""
    known = _all(data)
    mine = [kept for kept in known if _plain(kept.room) == _plain(room)]
    if not mine:
        names = sorted({kept.room for kept in known})
        there = f"Known are: {', '.join(one_line(n) for n in names)}." if names else "None is known yet."
        raise BadInput(
            f"No room “{one_line(room)}” was calibrated here. {there} Calibrate a lesson of it with --room first."
        )
    return mine


def _all(data: Path) -> list[Kept]:
    found = []
    for path in sorted((data / FOLDER).glob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            if document["schema"] != SCHEMA:
                raise ValueError("another version")
            found.append(Kept(str(document["room"]), document["engine"], document["recorder"], read_answers(document)))
        except (ValueError, KeyError, TypeError):
            raise BadInput(f"{one_line(str(path))} is damaged. Delete it, and calibrate that room again.") from None
    return found


def corrector(data: Path, room: str, today: date) -> Callable[[Lesson], Lesson]:
    """What corrects lessons of `room` by what is kept of it. Raises BadInput where nothing is kept."""
    known = of_room(data, room)
    return lambda lesson: corrected(lesson, known, today)


def corrected(lesson: Lesson, known: list[Kept], today: date) -> Lesson:
    """The lesson corrected by the answers of its room that are nearest in time, or with a note why by none of them."""
    fitting = [k for k in known if k.engine == engine_of(lesson) and k.recorder == recorder_of(lesson)]
    day = date.fromisoformat(lesson.recording.recorded) if lesson.recording.recorded else today
    ages = {abs((day - date.fromisoformat(k.answers.day)).days): k for k in reversed(fitting)}
    nearest = min(ages, default=None)
    why_not = unfit(lesson) or _why_not(lesson, known, nearest)
    if nearest is not None and ages[nearest].answers.usable < FEWEST:
        why_not = why_not or "it has too few answers."
    if why_not or nearest is None:
        note = f"The calibration of “{known[0].room}” does not count here: {why_not}"
        return replace(lesson, recording=replace(lesson.recording, notes=(*lesson.recording.notes, note)))
    return checked(lesson, ages[nearest].answers, ages[nearest].room, nearest)


def _why_not(lesson: Lesson, known: list[Kept], nearest: int | None) -> str | None:
    same = [k for k in known if k.engine == engine_of(lesson)]
    if not same:
        return f"voices were told apart by {known[0].engine} then, and by {engine_of(lesson) or 'nothing'} now."
    if nearest is None:
        return (
            f"that was another kind of recording ({same[0].recorder}; this is {recorder_of(lesson)}), and so perhaps "
            "another microphone."
        )
    if counts_for(nearest) <= 0:
        return f"it is {nearest} days away, and after {LASTS_DAYS} days it no longer counts."
    return None


def _plain(room: str) -> str:
    """A room's name as it is compared: however it is spaced, in small letters or large."""
    return " ".join(room.split()).casefold()
