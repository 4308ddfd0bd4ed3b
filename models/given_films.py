"""The films of clips that others see as they were taken, or that stay when the lesson's film goes: one for the seconds
that each has now, made like any handout. And what is done where faces are covered in a clip (faces.py).

It was given by itself, or published in a library of exemplars. A film's id is made of these seconds, so twice is once,
and a clip that was changed has another film.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from coaching.given_clips import film_id
from coaching.handouts import AGAIN_S, NO_FILM, NO_FILM_YET, Made, Making, Order, to_json
from coaching.recordings import Stage, StageState
from coaching.spans import Span
from models import faces
from models.database import insert_if_new, now
from models.given_clips import is_given
from models.rows import gone_of
from models.tables import (
    ClipFacesRow,
    ClipRow,
    ExemplarRow,
    HandoutRow,
    RecordingRow,
    RetainedFilmRow,
    RunRow,
    StageRow,
    WorkState,
)

NAME, FOUND = "clip.mp4", "faces.json"

FILMS = Stage.WEB, Stage.AUDIO
"""From what these made a film of a clip is cut, from the first that is there."""

BY_THEMSELVES = [kind for kind in Made if kind.by_itself]

Wanted = dict[str, tuple[ClipRow, str, Made]]
"""By its id: the clip, its lesson's owner, and what it is."""


def changes(session: Session, *, lock: bool = False) -> tuple[Wanted, list[str]]:
    """What is missing and can be made; and the ids of what is needed no more, or failed long enough ago. With `lock`,
    none of their recordings is deleted until the transaction ends."""
    given, covered = wanted_clips(), faces.all_covered()
    if lock:
        given = given.with_for_update(of=RecordingRow, read=True, key_share=True)
        covered = covered.with_for_update(of=RecordingRow, read=True, key_share=True)
    wanted: Wanted = {
        film_id(clip.id, Span(clip.start, clip.stop)): (clip, owner, Made.GIVEN)
        for clip, owner in session.execute(given)
    }
    for clip, owner, film, start, stop in session.execute(covered):
        id, kind = faces.needed(clip, film, start, stop)
        wanted[id] = clip, owner, kind
    there = select(HandoutRow.id, HandoutRow.state, HandoutRow.asked).where(HandoutRow.kind.in_(BY_THEMSELVES))
    known, over, moment = set[str](), list[str](), now(session)
    for id, state, asked in session.execute(there):
        known.add(id)
        if id not in wanted or (state is Making.FAILED and asked < moment - AGAIN_S):
            over.append(id)
    missing = {id: found for id, found in wanted.items() if id not in known}
    return {id: found for id, found in missing.items() if _stands(session, found[0].recording_id)}, over


def same_seconds() -> ColumnElement[bool]:
    """Whether a clip begins and ends where it did when it was published."""
    return (ExemplarRow.start == ClipRow.start) & (ExemplarRow.stop == ClipRow.stop)


def _stands(session: Session, recording: str) -> bool:
    run = session.scalar(select(RunRow).where(RunRow.recording_id == recording, RunRow.shown))
    return run is not None and why_none(session, run) is None


def why_none(session: Session, run: RunRow) -> str | None:
    """Why no film of a clip can be cut from what this run made, or not yet, in a sentence; None where it can."""
    return whys_none(session, [run])[run.recording_id]


def whys_none(session: Session, runs: Sequence[RunRow]) -> Mapping[str, str | None]:
    """The same of each of these runs, by their recordings: two queries, however many they are."""
    gone = gone_of(session, [run.recording_id for run in runs])
    of_films = StageRow.run_id.in_([run.id for run in runs]), StageRow.stage.in_(FILMS)
    made = {(row.run_id, row.stage): row for row in session.scalars(select(StageRow).where(*of_films))}

    def why(run: RunRow) -> str | None:
        if run.recording_id in gone:
            return gone[run.recording_id].sentence
        for stage in (made[run.id, one] for one in FILMS):
            if stage.artefact is not None:
                return None
            if stage.state in (StageState.WAITING, StageState.RUNNING) and run.work is not WorkState.OVER:
                return NO_FILM_YET
        return NO_FILM

    return {run.recording_id: why(run) for run in runs}


def order(session: Session) -> bool:
    """Whether any was forgotten."""
    missing, over = changes(session, lock=True)
    for id, (clip, owner, kind) in missing.items():
        values = {
            "recording_id": clip.recording_id,
            "person_id": owner,
            "kind": kind,
            "options": to_json(Order(kind, (clip.id,), part=Span(clip.start, clip.stop))),
            "name": FOUND if kind is Made.FACES else NAME,
            "state": Making.WAITING,
            "share": 0.0,
            "tries": 0,
            "asked": now(session),
        }
        insert_if_new(session, HandoutRow, id=id, **values)
    session.execute(delete(HandoutRow).where(HandoutRow.id.in_(over)))
    return bool(over)


def wanted_clips() -> Select[ClipRow, str]:
    """Every clip of which there shall be a film as it was taken, with its lesson's owner: others see it so, since it
    was given or published and no faces are covered in it; or the film of its lesson is about to go."""
    shown = select(ExemplarRow.id).where(ExemplarRow.clip_id == ClipRow.id, ExemplarRow.withdrawn.is_(None))
    shown = shown.where(~ExemplarRow.covered, same_seconds())
    covered = select(ClipFacesRow.clip_id).where(ClipFacesRow.clip_id == ClipRow.id)
    goes = select(RetainedFilmRow.recording_id).where(
        RetainedFilmRow.recording_id == RecordingRow.id, RetainedFilmRow.keeping.is_not(None)
    )
    seen = or_(is_given(), shown.exists()) & ~covered.exists()
    query = select(ClipRow, RecordingRow.owner_id).join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    return query.where(ClipRow.deleted.is_(None), or_(seen, goes.exists()))


def is_needed(session: Session, film: str, order: Order) -> bool:
    """Whether this film of a clip shall be there still: it has these seconds, or these faces are to be covered."""
    if order.kind is not Made.GIVEN:
        return faces.is_needed(session, film, order.clips[0])
    clip = session.scalar(wanted_clips().where(ClipRow.id == order.clips[0]))
    return clip is not None and film_id(clip.id, Span(clip.start, clip.stop)) == film
