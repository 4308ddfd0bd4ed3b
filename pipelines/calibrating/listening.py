"""What was asked of a lesson and answered so far: calibration.json in its folder, whole after every answer."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from coaching.by_ear import CANNOT_TELL, CLIP_S, Clip, answers, draw, fingerprint
from coaching.calibration import FEWEST, Answers, Who
from coaching.errors import BadInput, one_line
from coaching.lesson import Lesson
from pipelines.media.disk import whole_file

NAME = "calibration.json"
SCHEMA = 1
LARGEST = 1024 * 1024
"""Bytes. Forty answers are a few thousand."""


@dataclass(frozen=True, slots=True)
class Listening:
    """The clips of one lesson in the order in which they are played, and what was said of the first of them.

    `of` is the lesson's fingerprint: with another one, these answers are about something else.
    """

    of: str
    seed: int
    clips: tuple[Clip, ...]
    said: tuple[Who | None, ...] = ()

    @property
    def usable(self) -> int:
        return sum(who is not None for who in self.said)

    @property
    def done(self) -> bool:
        return len(self.said) == len(self.clips)

    @property
    def enough(self) -> bool:
        """Whether the lesson can be corrected by what was said so far."""
        return self.usable >= FEWEST

    def with_answer(self, number: int, who: Who | None) -> Listening:
        """With what was said of clip `number`; unchanged where another clip is due, as after a second press."""
        due = number == len(self.said) and not self.done
        return replace(self, said=(*self.said, who)) if due else self

    def without_last(self, number: int) -> Listening:
        """Without the answer to clip `number`, if that is the last one."""
        last = bool(self.said) and number == len(self.said) - 1
        return replace(self, said=self.said[:-1]) if last else self

    def answers(self, day: str) -> Answers:
        return answers(self.clips, self.said, day)


def begin(lesson: Lesson, seed: int) -> Listening:
    return Listening(fingerprint(lesson.transcript), seed, draw(lesson.transcript, seed))


def load(folder: Path) -> Listening | None:
    """What was answered in this folder; None where nobody has begun. Raises BadInput where it cannot be read."""
    path = folder / NAME
    if not path.exists():
        return None
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise ValueError("not ours")
        return _read(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BadInput(
            f"The {NAME} of {one_line(str(folder))} is damaged, or of another version of Second Look. Move it away, or "
            "begin again with --anew."
        ) from None


def _read(document: dict[str, Any]) -> Listening:
    if document["schema"] != SCHEMA:
        raise ValueError("another version")
    clips = tuple(Clip(float(c["at"]), Who(c["machine"])) for c in document["clips"])
    said = tuple(_who(text) for text in document["answers"])
    if len(said) > len(clips) or not all(c.moment >= CLIP_S / 2 for c in clips):
        raise ValueError("not as it was written")
    return Listening(document["of"], int(document["seed"]), clips, said)


def save(folder: Path, listening: Listening) -> None:
    document = {
        "schema": SCHEMA,
        "of": listening.of,
        "seed": listening.seed,
        "clips": [{"at": c.moment, "machine": c.machine.value} for c in listening.clips],
        "answers": [who.value if who else CANNOT_TELL for who in listening.said],
    }
    with whole_file(folder / NAME) as temporary:
        temporary.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _who(text: str) -> Who | None:
    return None if text == CANNOT_TELL else Who(text)
