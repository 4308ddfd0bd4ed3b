"""The films of clips that were given by themselves: one for the seconds that each has now, made like any handout. And
what is done where faces are covered in a clip (faces.py), which nobody asks for either.

Its id is made of these seconds, so twice is once, and a clip that was changed has another film.
"""

from __future__ import annotations

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from coaching.given_clips import film_id
from coaching.handouts import AGAIN_S, NO_FILM, NO_FILM_YET, Made, Making, Order, to_json
from coaching.recordings import Stage, StageState
from coaching.spans import Span
from models import faces
from models.database import insert_if_new, now
from models.given_clips import all_given
from models.rows import stages_of
from models.tables import ClipFacesRow, ClipRow, HandoutRow, RecordingRow, RunRow, WorkState

NAME, FOUND = "clip.mp4", "faces.json"


BY_THEMSELVES = [kind for kind in Made if kind.by_itself]

Wanted = dict[str, tuple[ClipRow, str, Made]]
"""By its id: the clip, its lesson's owner, and what it is."""


def changes(session: Session, *, lock: bool = False) -> tuple[Wanted, list[str]]:
    """What is missing and can be made; and the ids of what is needed no more, or failed long enough ago. With `lock`,
    none of their recordings is deleted until the transaction ends."""
    given, covered = _given(), faces.all_covered()
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


def _given() -> Select[ClipRow, str]:
    """Every clip that is given as it was filmed: of one in which faces are covered there is no other film."""
    return all_given().where(ClipRow.id.not_in(select(ClipFacesRow.clip_id)))


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


def is_needed(session: Session, film: str, order: Order) -> bool:
    """Whether somebody has this clip still, and it these seconds; or these faces of it are to be covered still."""
    if order.kind is not Made.GIVEN:
        return faces.is_needed(session, film, order.clips[0])
    clip = session.scalar(_given().where(ClipRow.id == order.clips[0]))
    return clip is not None and film_id(clip.id, Span(clip.start, clip.stop)) == film
