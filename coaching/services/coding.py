"""Labelling a stretch of a lesson in a coding round, and the labels that two people agree on."""

from __future__ import annotations

from collections.abc import Collection

from coaching.coding import Agreement, Kappa, Round, agreements
from coaching.ports import Lessons


def answer(lessons: Lessons, viewer: str, found: Round, stretch: int, labels: Collection[str]) -> None:
    """Keep their marks. Whoever labels a stretch has played it: the teacher is told so, like of all that is played."""
    lessons.mark(viewer, found.id, stretch, labels)
    place = next((view.place for view in lessons.views(viewer, found.recording) if view.person == viewer), 0.0)
    lessons.watch(viewer, found.recording, place, [found.stretches[stretch].span])


def compared(found: Round, kappa: Kappa) -> list[Agreement]:
    """Of a round that is done, for each label of its codebook."""
    first, second = found.coders
    return agreements(found.codebook, first.marks, second.marks, kappa)
