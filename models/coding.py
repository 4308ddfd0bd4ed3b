"""Coding rounds: implements `coaching.coding.Coding`. Whoever fetches one fetches its lesson to comment on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from coaching.access import Action, NotThere
from coaching.codebooks import Codebook, checked
from coaching.coding import LONGEST_NAME, MOST_ROUNDS, Coder, Marks, Round, Stretch, check_mark, check_stretches
from coaching.errors import BadInput
from coaching.exports.codebooks import label_object
from coaching.readers.codebooks import label_from
from coaching.recordings import is_id, new_id
from coaching.spans import Span
from models import fetch
from models.database import Database, now
from models.notes import duration_of
from models.sharing import colleague
from models.tables import CoderRow, CodingRoundRow, PersonRow, RecordingRow


class CodingStore:
    _database: Database

    def begin_round(
        self, viewer: str, recording: str, email: str, codebook: Codebook, stretches: Sequence[Stretch]
    ) -> str:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.COMMENT, recording, lock=True)
            check_stretches(stretches, duration_of(session, row))
            copy, other = checked(codebook), colleague(session, viewer, email)
            own = select(func.count()).where(CodingRoundRow.recording_id == row.id, CodingRoundRow.begun_by == viewer)
            if (session.scalar(own) or 0) >= MOST_ROUNDS:
                raise BadInput(f"You have begun {MOST_ROUNDS} rounds on this lesson. End one of them first.")
            made = CodingRoundRow(
                id=new_id(),
                recording_id=row.id,
                begun_by=viewer,
                codebook={"codebook": copy.name, "labels": [label_object(label) for label in copy.labels]},
                clips=[[one.span.start, one.span.end, one.name[:LONGEST_NAME]] for one in stretches],
                made=now(session),
            )
            session.add(made)
            session.flush()
            for person in (viewer, other):
                session.add(CoderRow(round_id=made.id, person_id=person, marks=[None] * len(stretches)))
            return made.id

    def rounds(self, viewer: str, recording: str | None = None) -> list[Round]:
        with self._database.read() as session:
            mine = CodingRoundRow.id.in_(select(CoderRow.round_id).where(CoderRow.person_id == viewer))
            if recording is None:
                found = _rounds(session, viewer, mine) if is_id(viewer) else []
                return [one for one in found if _is_there(session, viewer, one.recording)]
            row, _ = fetch.recording(session, viewer, Action.COMMENT, recording)
            of = CodingRoundRow.recording_id == row.id
            return _rounds(session, viewer, of, or_(mine, RecordingRow.owner_id == viewer))

    def round(self, viewer: str, round: str) -> Round:
        with self._database.read() as session:
            return _one(session, viewer, round)

    def mark(self, viewer: str, round: str, stretch: int, labels: Collection[str]) -> None:
        with self._database.write() as session:
            found = _one(session, viewer, round, lock=True)
            check_mark(found, stretch, labels)
            own = session.get_one(CoderRow, (round, viewer))
            own.marks = [sorted(set(labels)) if n == stretch else marks for n, marks in enumerate(own.marks)]

    def finish(self, viewer: str, round: str) -> None:
        with self._database.write() as session:
            found = _one(session, viewer, round, lock=True)
            if left := found.coders[0].marks.count(None):
                raise BadInput(f"You have not looked at {'one clip' if left == 1 else f'{left} clips'} yet.")
            own = session.get_one(CoderRow, (round, viewer))
            own.done = own.done or now(session)

    def end_round(self, viewer: str, round: str) -> None:
        with self._database.write() as session:
            row = session.get(CodingRoundRow, round) if is_id(round) else None
            recording, _ = fetch.recording(session, viewer, Action.COMMENT, row.recording_id if row else "", lock=True)
            assert row is not None  # noqa: S101 - no recording has an empty id
            if viewer not in (row.begun_by, recording.owner_id):
                raise NotThere
            session.delete(row)


def _is_there(session: Session, viewer: str, recording: str) -> bool:
    try:
        fetch.recording(session, viewer, Action.COMMENT, recording)
    except NotThere:
        return False
    return True


def _one(session: Session, viewer: str, round: str, *, lock: bool = False) -> Round:
    """Raises NotThere. With `lock`, nobody else marks anything of its lesson until the end of the transaction."""
    row = session.get(CodingRoundRow, round) if is_id(round) else None
    fetch.recording(session, viewer, Action.COMMENT, row.recording_id if row else "", lock=lock)
    (found,) = _rounds(session, viewer, CodingRoundRow.id == round)
    if viewer not in {coder.person for coder in found.coders}:
        raise NotThere
    return found


def _rounds(session: Session, viewer: str, *where: ColumnElement[bool]) -> list[Round]:
    """The newest first; each with its coders, of whom the viewer is the first."""
    query = select(CodingRoundRow, RecordingRow).join(RecordingRow, RecordingRow.id == CodingRoundRow.recording_id)
    rows = session.execute(query.where(*where).order_by(CodingRoundRow.made.desc(), CodingRoundRow.id)).all()
    coders: dict[str, list[tuple[CoderRow, str]]] = {row.id: [] for row, _ in rows}
    people = select(CoderRow, PersonRow.name, PersonRow.email).join(PersonRow, PersonRow.id == CoderRow.person_id)
    for coder, name, email in session.execute(people.where(CoderRow.round_id.in_(coders)).order_by(CoderRow.person_id)):
        coders[coder.round_id].append((coder, name or email))
    return [_round(viewer, row, lesson, coders[row.id]) for row, lesson in rows]


def _round(viewer: str, row: CodingRoundRow, lesson: RecordingRow, coders: list[tuple[CoderRow, str]]) -> Round:
    coders.sort(key=lambda one: one[0].person_id != viewer)
    inside = any(coder.person_id == viewer for coder, _ in coders)
    open_ = inside and len(coders) == 2 and all(coder.done for coder, _ in coders)
    return Round(
        id=row.id,
        recording=row.recording_id,
        lesson=lesson.name,
        owner=lesson.owner_id,
        codebook=Codebook(row.codebook["codebook"], tuple(map(label_from, row.codebook["labels"]))),
        stretches=tuple(Stretch(Span(start, end), name) for start, end, name in row.clips),
        begun_by=row.begun_by,
        made=datetime.fromtimestamp(row.made, UTC),
        coders=tuple(
            Coder(
                coder.person_id,
                called,
                _marks(coder.marks) if open_ or coder.person_id == viewer else (),
                coder.done is not None,
            )
            for coder, called in coders
        ),
    )


def _marks(kept: Sequence[Any]) -> Marks:
    return tuple(None if marks is None else frozenset(marks) for marks in kept)
