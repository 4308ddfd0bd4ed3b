"""What a person's ear said of a lesson, in its lesson.json and in the calibrations that are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from coaching.calibration import Answers, Checked, Estimate, Who


def listed_answers(answers: Answers) -> dict[str, Any]:
    """The answers as dicts and numbers."""
    counts = {machine.value: {who.value: n for who, n in row.items()} for machine, row in answers.counts.items()}
    return {"day": answers.day, "counts": counts, "cannot_tell": answers.cannot_tell}


def read_answers(document: Mapping[str, Any]) -> Answers:
    """The answers of such dicts. Raises KeyError, TypeError or ValueError where they are none."""
    counts = {machine: {who: _count(document["counts"][machine][who]) for who in Who} for machine in Who}
    return Answers(counts, _count(document["cannot_tell"]), date.fromisoformat(document["day"]).isoformat())


def _count(number: Any) -> int:
    if not isinstance(number, int) or number < 0:
        raise ValueError("not a number of answers")
    return number


def listed_checked(found: Checked | None) -> dict[str, Any] | None:
    """For lesson.json, where `null` is a lesson that nobody has checked."""
    if found is None:
        return None
    return {
        "answers": listed_answers(found.answers),
        "room": found.room or None,
        "age_days": found.age_days,
        "machine": {who.value: share for who, share in found.machine.items()},
        "share": {who.value: asdict(e) for who, e in found.share.items()},
        "right": asdict(found.right),
        "teacher_talk": found.teacher_talk and asdict(found.teacher_talk),
    }


def read_checked(document: Mapping[str, Any] | None) -> Checked | None:
    """What `listed_checked` wrote."""
    if document is None:
        return None
    return Checked(
        answers=read_answers(document["answers"]),
        machine={who: float(document["machine"][who]) for who in Who},
        share={who: Estimate(**document["share"][who]) for who in Who},
        right=Estimate(**document["right"]),
        teacher_talk=Estimate(**document["teacher_talk"]) if document["teacher_talk"] else None,
        room=document["room"] or "",
        age_days=document["age_days"],
    )
