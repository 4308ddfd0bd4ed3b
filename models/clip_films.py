"""The film of a clip that others than its owner see: with its faces covered where its owner had that done, else as it
was taken; and once the lesson's film is gone, what was kept of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from coaching.given_clips import Film, film_id
from coaching.handouts import Making
from coaching.spans import Span
from models import faces
from models.tables import ClipRow, HandoutRow, KeptFilmRow, RetainedFilmRow

film_gone = select(RetainedFilmRow.recording_id).where(RetainedFilmRow.gone.is_not(None))
"""The recordings whose film was deleted under a school's policy."""


def shown(session: Session, clips: Sequence[ClipRow]) -> Mapping[str, Film]:
    """By the clips' ids: a handful of queries, however many they are."""
    ids = {clip.id: film_id(clip.id, Span(clip.start, clip.stop)) for clip in clips}
    films = {row.id: row for row in session.scalars(select(HandoutRow).where(HandoutRow.id.in_(ids.values())))}
    lessons = {clip.recording_id for clip in clips}
    kept = {
        film_id(row.clip_id, Span(row.start, row.stop)): row.path
        for row in session.scalars(select(KeptFilmRow).where(KeptFilmRow.recording_id.in_(lessons)))
    }
    gone = set(session.scalars(film_gone.where(RetainedFilmRow.recording_id.in_(lessons))))

    def bare(clip: ClipRow) -> Film:
        id = ids[clip.id]
        if clip.recording_id in gone:
            path = kept.get(id)
            return Film(id, Making.OLD if path is None else Making.READY, 1.0, path, gone=path is None)
        row = films.get(id)  # one that nobody has ordered yet waits like one that was
        return Film(id, Making.WAITING) if row is None else Film(id, row.state, row.share, row.path)

    covered = faces.covered_films(session, clips)
    return {clip.id: covered.get(clip.id) or bare(clip) for clip in clips}
