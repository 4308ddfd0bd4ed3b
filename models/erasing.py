"""How a recording or a person goes, with every row that hangs on it.

What goes is read from the references, so a new table is in it without a word here; each table's rows are deleted by
themselves, so they can be counted, and so that it works where a restored database does not follow references yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from sqlalchemy import ColumnElement, ForeignKeyConstraint, Table, delete, select, tuple_, update
from sqlalchemy.orm import Session

from coaching.accounts import tries_of
from coaching.retention import without_clips, without_film
from models import audit, retaining
from models.tables import (
    ActionStepRow,
    ConferenceRow,
    CycleRow,
    PersonRow,
    RecordingRow,
    TryRow,
)

Rows = Counter[str]
"""How many rows were deleted, by the names of their tables."""


def recording(session: Session, id: str) -> Rows:
    """Erase a recording and keep, outside the database, that it was. What it means to a conference goes too."""
    owner = select(RecordingRow.owner_id).where(RecordingRow.id == id).scalar_subquery()
    theirs = select(CycleRow.id).where(CycleRow.teacher_id == owner)
    for row in session.scalars(select(ConferenceRow).where(ConferenceRow.cycle_id.in_(theirs))):
        if any(id in item for item in row.agenda):
            row.agenda = [item for item in row.agenda if id not in item]
    return _erase(session, RecordingRow, id)


def person(session: Session, id: str) -> Rows:
    """Erase a person with their recordings and all that they wrote. Answers of others to what they said stay, each as a
    comment of its own; so does what others wrote in cycles with them as the partner."""
    rows = Rows()
    for lesson in session.scalars(select(RecordingRow.id).where(RecordingRow.owner_id == id)).all():
        rows += recording(session, lesson)
    shared = select(CycleRow.id).where(CycleRow.partner_id == id)
    for step in session.scalars(select(ActionStepRow).where(ActionStepRow.cycle_id.in_(shared))):
        step.agreed = [who for who in step.agreed if who != id]
    email = session.scalar(select(PersonRow.email).where(PersonRow.id == id)) or ""
    session.execute(delete(TryRow).where(TryRow.id.in_(tries_of(email, ""))))
    return rows + _erase(session, PersonRow, id)


def again(session: Session, was_erased: Callable[[str], bool]) -> int:
    """Erase what was erased after the moment that this database shows; how many recordings and people that were. Films
    that were deleted since wait for a worker, which first makes those of their clips."""
    done = 0
    for table, erase in ((PersonRow, person), (RecordingRow, recording)):
        for id in session.scalars(select(table.id)).all():
            if was_erased(id):
                erase(session, id)
                done += 1
    gone = [id for id in session.scalars(select(RecordingRow.id)) if was_erased(without_film(id))]
    retaining.again(session, [(id, not was_erased(without_clips(id))) for id in gone])
    return done


def _erase(session: Session, table: type[PersonRow] | type[RecordingRow], id: str) -> Rows:
    session.flush()
    session.execute(select(table.id).where(table.id == id).with_for_update())  # nobody adds to it meanwhile
    audit.erased(session, id)
    gone: dict[Table, list[ColumnElement[bool]]] = {table.metadata.tables[table.__tablename__]: [table.id == id]}
    loose = []
    for child in table.metadata.sorted_tables:
        for key in child.foreign_key_constraints:
            if key.referred_table is child or key.ondelete == "SET NULL":
                loose.append(key)
            elif key.ondelete == "CASCADE" and key.referred_table in gone:
                gone.setdefault(child, []).extend(_of(key, gone))
    for key in loose:
        for where in _of(key, gone):
            session.execute(update(key.table).where(where).values(dict.fromkeys(key.column_keys)))
    rows = Rows()
    for child in reversed(gone):
        for where in gone[child]:
            rows[child.name] += session.connection().execute(delete(child).where(where)).rowcount
    return +rows


def _of(key: ForeignKeyConstraint, gone: dict[Table, list[ColumnElement[bool]]]) -> list[ColumnElement[bool]]:
    """The conditions by which a row refers to one that goes."""
    these, those = [one.parent for one in key.elements], [one.column for one in key.elements]
    one = these[0] if len(these) == 1 else tuple_(*these)
    return [one.in_(select(*those).where(where).correlate(None)) for where in gone.get(key.referred_table, ())]
