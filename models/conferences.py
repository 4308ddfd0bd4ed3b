"""The conference of a coaching cycle and its action step: a part of `coaching.coached.Cycles`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coaching.access import Action, NotThere
from coaching.coached import LONGEST_CONFERENCE, ActionStep, Item, check_agenda
from coaching.cycles import NotNow, Part, check_text
from coaching.errors import BadInput
from models import fetch, reminding
from models.database import Database, now
from models.notes import readable
from models.school_coaching import put
from models.tables import ActionStepRow, ClipRow, CommentRow, ConferenceRow, CycleLessonRow, CycleRow, RecordingRow

_EMPTY: Mapping[str, Any] = {"minutes": 30, "agenda": [], "decisions": ""}


class ConferenceStore:
    _database: Database

    def plan(self, viewer: str, cycle: str, starts: datetime | None, minutes: int) -> None:
        if not 0 < minutes <= LONGEST_CONFERENCE:
            raise BadInput(f"A conference takes 1 to {LONGEST_CONFERENCE} minutes.")
        said = {"starts": starts.timestamp() if starts else None, "minutes": minutes}
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            before = session.get(ConferenceRow, row.id)
            is_other = before is None or (before.starts, before.minutes) != (said["starts"], minutes)
            put(session, ConferenceRow, (row.id,), said, _EMPTY)
            if starts and is_other:
                reminding.of_meeting(session, row, viewer)

    def set_agenda(self, viewer: str, cycle: str, items: Sequence[Item]) -> None:
        kept = check_agenda(items)
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            before = session.get(ConferenceRow, row.id)
            known = {(one[0], one[1]) for one in before.agenda} if before else set()
            for item in kept:  # what the other put there is not asked about: it may be theirs alone by now
                if (item.recording, item.note) not in known:
                    _require_note(session, viewer, row, item)
            agenda = [[one.recording, one.note, one.minutes, one.question] for one in kept]
            put(session, ConferenceRow, (row.id,), {"agenda": agenda}, _EMPTY)

    def decide(self, viewer: str, cycle: str, decisions: str) -> None:
        with self._database.write() as session:
            said = {"decisions": check_text(decisions)}
            put(session, ConferenceRow, (opened(session, viewer, cycle).id,), said, _EMPTY)

    def met(self, viewer: str, cycle: str, happened: bool = True) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            put(session, ConferenceRow, (row.id,), {"held": now(session) if happened else None}, _EMPTY)

    def set_action_step(self, viewer: str, cycle: str, step: ActionStep) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            said: dict[str, Any] = {
                "body": check_text(step.body, what="An action step"),
                "look_for": check_text(step.look_for, what="A look-for"),
                "measure": step.measure or None,
                "check_back": step.check_back.isoformat() if step.check_back else None,
            }
            if not said["body"]:
                raise BadInput("Write the one thing that you will try.")
            put(session, ActionStepRow, (row.id,), {**said, "agreed": [viewer]}, {"outcome": ""})

    def agree(self, viewer: str, cycle: str) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle)
            found = session.get(ActionStepRow, row.id)
            if found is None:
                raise NotNow("There is no action step yet.")
            found.agreed = sorted({*found.agreed, viewer})

    def close_step(self, viewer: str, cycle: str, outcome: str) -> None:
        with self._database.write() as session:
            row = opened(session, viewer, cycle, only=Part.TEACHER)
            found = session.get(ActionStepRow, row.id)
            if found is None:
                raise NotNow("There is no action step yet.")
            found.outcome = check_text(outcome)
            found.closed = now(session) if found.outcome else None


def opened(session: Session, viewer: str, cycle: str, *, only: Part | None = None) -> CycleRow:
    """The cycle, for whoever writes in it. Raises NotThere, and NotNow where it is over or not theirs to write."""
    row = fetch.cycle(session, viewer, cycle, lock=True)
    if row.closed is not None:
        raise NotNow("This cycle is over. Its teacher can open it again.")
    if only is Part.TEACHER and viewer != row.teacher_id:
        raise NotNow("Only the teacher can do this.")
    return row


def _require_note(session: Session, viewer: str, row: CycleRow, item: Item) -> None:
    """That this is a clip or a comment of a lesson in the cycle which they may read. Raises NotThere."""
    chosen = select(CycleLessonRow.look).where(
        CycleLessonRow.cycle_id == row.id, CycleLessonRow.recording_id == item.recording
    )
    if session.scalar(chosen) is None:
        raise NotThere
    lesson: RecordingRow = fetch.recording(session, viewer, Action.SEE, item.recording)[0]
    try:
        readable(session, ClipRow, item.note, viewer, lesson)
    except NotThere:
        readable(session, CommentRow, item.note, viewer, lesson)
