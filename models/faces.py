"""Faces covered in clips: what is still to be done for that, in the handouts' queue, and what came of it.

The work of looking is named after the clip's seconds, its film after all that is covered: twice is once, and where any
of it changed there is another one to make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from coaching.covering import Looking
from coaching.faces import (
    Face,
    Marked,
    corrected,
    faces_from_json,
    faces_to_json,
    film_id,
    looking_id,
    marked_from_json,
)
from coaching.given_clips import Film
from coaching.handouts import Made, Making
from coaching.spans import Span
from models.database import now
from models.tables import ClipFacesRow, ClipRow, HandoutRow, RecordingRow


def all_covered() -> Select[ClipRow, str, str | None, float | None, float | None]:
    """Every clip in which its owner wants faces covered, with its lesson's owner, its film and the seconds of that."""
    query = select(ClipRow, RecordingRow.owner_id, ClipFacesRow.film, ClipFacesRow.start, ClipFacesRow.stop)
    query = query.join(ClipFacesRow, ClipFacesRow.clip_id == ClipRow.id)
    query = query.join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    return query.where(ClipRow.deleted.is_(None), ClipRow.author_id == RecordingRow.owner_id)


def needed(clip: ClipRow, film: str | None, start: float | None, stop: float | None) -> tuple[str, Made]:
    """What is to be there for it now, or to be done: its id and its kind."""
    if film is None or (start, stop) != (clip.start, clip.stop):
        return looking_id(clip.id, Span(clip.start, clip.stop)), Made.FACES
    return film, Made.COVERED


def is_needed(session: Session, id: str, clip: str) -> bool:
    found = session.execute(all_covered().where(ClipRow.id == clip)).first()
    return found is not None and needed(found[0], *found[2:])[0] == id


def covered_film(session: Session, clip: ClipRow) -> Film | None:
    """The film of a clip as it is now without the faces in it; None where nobody asked for that."""
    return covered_films(session, [clip]).get(clip.id)


def covered_films(session: Session, clips: Sequence[ClipRow]) -> Mapping[str, Film]:
    """By their ids, of those of these clips in which faces are covered."""
    query = select(ClipFacesRow.clip_id, ClipFacesRow.film, ClipFacesRow.start, ClipFacesRow.stop)
    found = session.execute(query.where(ClipFacesRow.clip_id.in_([clip.id for clip in clips])))
    rows = {id: (film, start, stop) for id, film, start, stop in found}
    now_needed = {clip.id: needed(clip, *rows[clip.id]) for clip in clips if clip.id in rows}
    ids = [id for id, _ in now_needed.values()]
    made = {row.id: row for row in session.scalars(select(HandoutRow).where(HandoutRow.id.in_(ids)))} if ids else {}
    return {clip: _film(id, kind, made.get(id)) for clip, (id, kind) in now_needed.items()}


def _film(id: str, kind: Made, made: HandoutRow | None) -> Film:
    if made is None or (kind is Made.FACES and made.state is not Making.FAILED):
        return Film(id, Making.WAITING)
    return Film(id, made.state, made.share, made.path, made.reason)


def looking(session: Session, clip: ClipRow, row: ClipFacesRow | None) -> Looking:
    if row is None:
        return Looking(Making.WAITING)
    id, kind = needed(clip, row.film, row.start, row.stop)
    if kind is Made.COVERED:
        return Looking(Making.READY, 1.0)
    made = session.get(HandoutRow, id)
    return Looking(Making.WAITING) if made is None else Looking(made.state, made.share, made.reason)


def found_in(row: ClipFacesRow) -> tuple[Face, ...]:
    return faces_from_json(row.found or ())


def marked_in(row: ClipFacesRow) -> Marked:
    return marked_from_json(row.marked)


def covered_in(session: Session, clip: str) -> tuple[Face, ...]:
    """All that is covered of a clip."""
    row = session.get(ClipFacesRow, clip)
    return () if row is None else corrected(found_in(row), marked_in(row))


def keep(session: Session, clip: str, part: Span, faces: Sequence[Face]) -> None:
    """What a machine found in this part."""
    row = session.get(ClipFacesRow, clip, with_for_update=True)
    if row is not None:
        row.start, row.stop, row.found = part.start, part.end, faces_to_json(faces)
        name(session, row)


def name(session: Session, row: ClipFacesRow) -> None:
    """Its film anew, after what is covered was changed."""
    row.changed = now(session)
    if row.start is not None and row.stop is not None:
        row.film = film_id(row.clip_id, Span(row.start, row.stop), corrected(found_in(row), marked_in(row)))
