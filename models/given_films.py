"""The films of clips that others see as they were taken: one for the seconds that each has now, made like any handout.

It was given by itself, or published in a library of exemplars. A film's id is made of these seconds, so twice is once,
and a clip that was changed has another film.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, delete, or_, select
from sqlalchemy.orm import Session

from coaching.given_clips import film_id
from coaching.handouts import AGAIN_S, NO_FILM, NO_FILM_YET, Made, Making, Order, to_json
from coaching.recordings import Stage, StageState
from coaching.spans import Span
from models.database import insert_if_new, now
from models.given_clips import is_given
from models.rows import stages_of
from models.tables import ClipRow, ExemplarRow, HandoutRow, RecordingRow, RunRow, WorkState

NAME = "clip.mp4"


def changes(session: Session, *, lock: bool = False) -> tuple[dict[str, tuple[ClipRow, str]], list[str]]:
    """What is missing and can be made, by the film's id: the clip and its lesson's owner; and the ids of what is needed
    no more, or failed long enough ago. With `lock`, none of their recordings is deleted until the transaction ends."""
    query = _needed()
    rows = session.execute(query.with_for_update(of=RecordingRow, read=True, key_share=True) if lock else query)
    wanted = {film_id(clip.id, Span(clip.start, clip.stop)): (clip, owner) for clip, owner in rows}
    there = select(HandoutRow.id, HandoutRow.state, HandoutRow.asked).where(HandoutRow.kind == Made.GIVEN)
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


def _needed() -> Select[ClipRow, str]:
    """Every clip that others see as it was taken, with its lesson's owner: given to somebody, or published."""
    shown = select(ExemplarRow.id).where(ExemplarRow.clip_id == ClipRow.id, ExemplarRow.withdrawn.is_(None))
    shown = shown.where(~ExemplarRow.covered, same_seconds(), ClipRow.deleted.is_(None))
    query = select(ClipRow, RecordingRow.owner_id).join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    return query.where(or_(is_given(), shown.exists()))


def _stands(session: Session, recording: str) -> bool:
    run = session.scalar(select(RunRow).where(RunRow.recording_id == recording, RunRow.shown))
    return run is not None and why_none(session, run) is None


def why_none(session: Session, run: RunRow) -> str | None:
    """Why no film of a clip can be cut from what this run made, or not yet, in a sentence; None where it can."""
    made = {stage.stage: stage for stage in stages_of(session, run.id)}
    for stage in (made[Stage.WEB], made[Stage.AUDIO]):
        if stage.artefact is not None:
            return None
        if stage.state in (StageState.WAITING, StageState.RUNNING) and run.work is not WorkState.OVER:
            return NO_FILM_YET
    return NO_FILM


def order(session: Session) -> bool:
    """Whether any was forgotten."""
    missing, over = changes(session, lock=True)
    for id, (clip, owner) in missing.items():
        values = {
            "recording_id": clip.recording_id,
            "person_id": owner,
            "kind": Made.GIVEN,
            "options": to_json(Order(Made.GIVEN, (clip.id,), part=Span(clip.start, clip.stop))),
            "name": NAME,
            "state": Making.WAITING,
            "share": 0.0,
            "tries": 0,
            "asked": now(session),
        }
        insert_if_new(session, HandoutRow, id=id, **values)
    session.execute(delete(HandoutRow).where(HandoutRow.id.in_(over)))
    return bool(over)


def is_needed(session: Session, film: str, order: Order) -> bool:
    """Whether somebody sees this clip still, and it has these seconds."""
    clip = session.scalar(_needed().where(ClipRow.id == order.clips[0]))
    return clip is not None and film_id(clip.id, Span(clip.start, clip.stop)) == film
