"""Checking a lesson by ear on its page: what is asked, what was answered, and what that makes of its numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from coaching.access import Action, require
from coaching.by_ear import Clip, draw, fingerprint, unfit
from coaching.calibration import Who
from coaching.calibrations import Heard, corrected_by
from coaching.errors import BadInput
from coaching.lesson import Lesson
from coaching.ports import Lessons, RecordingFacts
from coaching.services.insights import left_to_ask
from coaching.services.lessons import unheard
from coaching.transcript import Transcript

SAY_WHO = "Say on its page which voice is the teacher’s, and that the others are students’."


class OtherVoices(BadInput):
    """What the machine thinks of this lesson changed meanwhile, so other clips are asked about. Load this page anew."""


@dataclass(frozen=True, slots=True)
class Calibrating:
    """`clips` in the order in which they are played, none where it is `unfit`; `said` by the clip's number, None for
    "cannot tell". `asleep` is how many answers were about other voices. `before` is the lesson without any answer,
    `after` with them, where enough of them count. `guess_first`: what they make of the numbers is not
    to be told yet."""

    facts: RecordingFacts
    of: str
    unfit: str | None
    clips: tuple[Clip, ...]
    said: dict[int, Who | None]
    asleep: int
    before: Lesson
    after: Lesson
    guess_first: bool


def calibrating(lessons: Lessons, viewer: str, recording: str) -> Calibrating:
    """How it stands, for its owner. Raises NotThere, also where nothing stands yet."""
    facts = _owners(lessons, viewer, recording)
    before = unheard(lessons, viewer, recording).lesson
    heard = lessons.heard(viewer, recording)
    why_not = unfit(before, SAY_WHO)
    of, clips = ("", ()) if why_not else _asked(recording, before.transcript)
    mine = [one for one in heard if one.of == of]
    asleep, after = len(heard) - len(mine), corrected_by(before, heard)
    first = bool(left_to_ask(after, lessons.guesses(viewer, recording)))
    return Calibrating(facts, of, why_not, clips, _said(clips, mine), asleep, before, after, first)


def answer(lessons: Lessons, viewer: str, recording: str, of: str, number: int, said: Who | None) -> None:
    """Keep who speaks at the middle of this clip. Raises NotThere; OtherVoices where the clips are others by now."""
    _owners(lessons, viewer, recording)
    lesson = unheard(lessons, viewer, recording).lesson
    now, clips = ("", ()) if unfit(lesson) else _asked(recording, lesson.transcript)
    if now != of or not 0 <= number < len(clips):
        raise OtherVoices
    lessons.hear(viewer, recording, of, clips[number], said)


def _owners(lessons: Lessons, viewer: str, recording: str) -> RecordingFacts:
    facts = lessons.recording(viewer, recording)
    require(viewer, Action.CORRECT, facts.owner, facts.given)
    return facts


def _asked(recording: str, transcript: Transcript) -> tuple[str, tuple[Clip, ...]]:
    """The fingerprint, and its clips: the same of the same voices, so that people go on where they stopped."""
    of = fingerprint(transcript)
    seed = hashlib.sha256(f"{recording} {of}".encode()).digest()
    return of, draw(transcript, int.from_bytes(seed[:8]))


def _said(clips: Sequence[Clip], heard: Sequence[Heard]) -> dict[int, Who | None]:
    numbers = {clip.moment: n for n, clip in enumerate(clips)}
    return {numbers[one.clip.moment]: one.said for one in heard if one.clip.moment in numbers}
