"""Words that stand for what somebody may read of a lesson: another one when any of it changed. A page that is open asks
for them every second or so: that is one statement, made once."""

from __future__ import annotations

from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    String,
    bindparam,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from coaching.access import Grant
from coaching.comments import Audience
from coaching.notes import Noted
from models.tables import ClipGrantRow, ClipRow, CommentRow, CorrectionRow, GrantRow, RecordingRow, RunRow

Table = type[CommentRow] | type[ClipRow]
Id = str | BindParameter[str]


def noted(session: Session, viewer: str, recording: RecordingRow, given: frozenset[Grant]) -> Noted:
    query, widths = _standing()
    values = iter(session.execute(query, {"viewer": viewer, "recording": recording.id}).one())
    (listed,), comments, clips, clips_given, shared, said = (list(islice(values, width)) for width in widths)
    own = viewer == recording.owner_id  # who is told to whom it and its clips were given
    return Noted(
        notes=f"{comments} {clips} {clips_given if own else None}",
        lesson=f"{said} {sorted(given)} {shared if own else None}",
        owner=recording.owner_id,
        comments=listed,
        newest=max((moment for moment in comments[1:] if moment is not None), default=0.0),
    )


@cache
def _standing() -> tuple[Select[*tuple[Any, ...]], list[int]]:
    """All of it, in one row; and how many columns each part of it has."""
    viewer, recording = (bindparam(name, type_=String()) for name in ("viewer", "recording"))
    clips_given = select(func.max(ClipGrantRow.given), func.max(ClipGrantRow.taken_back))
    clips_given = clips_given.join(ClipRow, ClipRow.id == ClipGrantRow.clip_id)
    shared = select(func.max(GrantRow.given), func.max(GrantRow.taken_back))
    listed = select(func.count()).where(CommentRow.recording_id == recording, may_read(CommentRow, viewer))
    parts: list[SelectBase] = [
        listed.where(is_listed(viewer)),
        _changes(CommentRow, viewer, recording),
        _changes(ClipRow, viewer, recording),
        clips_given.where(ClipRow.recording_id == recording),
        shared.where(GrantRow.recording_id == recording),
        _spoken(recording),
    ]
    return _beside(*parts), [len(part.selected_columns) for part in parts]


def _beside(*parts: SelectBase) -> Select[*tuple[Any, ...]]:
    """One row of what each of these gives one row of."""
    rows = [part.subquery() for part in parts]
    together: FromClause = rows[0]
    for row in rows[1:]:
        together = together.join(row, true())
    return select(*(column for row in rows for column in row.c)).select_from(together)


def changes(session: Session, table: Table, viewer: str, recording: str, *where: ColumnElement[bool]) -> str:
    """A word for all comments or clips of a recording that somebody may read."""
    return str(session.execute(_changes(table, viewer, recording).where(*where)).one())


def _changes(table: Table, viewer: Id, recording: Id) -> Select[int, float, float | None]:
    found = select(func.count(), func.max(table.made), func.max(table.changed))
    return found.where(table.recording_id == recording, may_read(table, viewer))


def spoken(session: Session, recording: str) -> str:
    """A word for what was said in a lesson, as it is shown: another one when it is put right or listened to again."""
    return str(session.execute(_spoken(recording)).one())


def _spoken(recording: Id) -> Select[*tuple[Any, ...]]:
    put_right = select(func.count(), func.count(CorrectionRow.taken_back))
    heard = select(func.max(RunRow.id), func.max(RunRow.attempt)).where(RunRow.recording_id == recording, RunRow.shown)
    return _beside(put_right.where(CorrectionRow.recording_id == recording), heard)


def may_read(table: Table, viewer: Id) -> ColumnElement[bool]:
    """Of the notes of a recording that somebody may see, those that are for them."""
    return or_(table.audience == Audience.LESSON, table.author_id == viewer)


def is_listed(viewer: Id) -> ColumnElement[bool]:
    """Of comments, those that are there, and of those that were deleted the ones that others have answered."""
    answer = aliased(CommentRow)
    answers = select(answer.id).where(answer.parent_id == CommentRow.id, answer.deleted.is_(None))
    return or_(CommentRow.deleted.is_(None), answers.where(may_read(answer, viewer)).exists())
