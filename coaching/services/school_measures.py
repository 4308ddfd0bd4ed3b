"""What a school publishes of a month, from lessons of those who agreed. Workers decide it; nobody else reads these."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime

from coaching.access import NotThere
from coaching.leadership import Leadership
from coaching.months import settled
from coaching.ports import Lessons
from coaching.school_measures import PUBLISHED, pooled
from coaching.services.lessons import corrected


def decide(leadership: Leadership, lessons: Lessons, now: datetime) -> int:
    """Decide the newest month that is over, for each school that has not; how many schools."""
    month = settled(now.astimezone(UTC).date())[0]
    schools = leadership.undecided(month)
    if not schools:
        return 0
    found: dict[str, dict[str, list[dict[str, float | None]]]] = defaultdict(dict)
    for one in leadership.counting(month):
        found[one.school][one.teacher] = [_measured(lessons, one.teacher, lesson) for lesson in one.lessons]
    leadership.decide(month, {school: pooled(found[school]) for school in schools})
    return len(schools)


def _measured(lessons: Lessons, owner: str, recording: str) -> dict[str, float | None]:
    try:
        found = corrected(lessons, owner, recording).lesson.measures
    except NotThere:  # deleted since
        return {}
    return {m.name: m.shown for m in found if m.name in PUBLISHED}
