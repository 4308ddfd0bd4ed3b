"""How a school coaches: a part of `coaching.coached.Cycles`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from coaching.access import COLLEAGUES, NotThere
from coaching.coached import School, check_school
from coaching.people import Membership
from coaching.recordings import is_id
from models import cycle_rows
from models.database import Database
from models.tables import CoachingRow, MembershipRow

_NONE: Mapping[str, Any] = {}


class SchoolCoachingStore:
    _database: Database

    def schools(self, viewer: str) -> list[School]:
        with self._database.read() as session:
            of = MembershipRow.person_id == viewer, MembershipRow.membership.in_((*COLLEAGUES, Membership.ADMIN))
            ids = session.scalars(select(MembershipRow.school_id).where(*of).distinct()).all() if is_id(viewer) else ()
            return cycle_rows.schools(session, ids, viewer)

    def coach_so(self, viewer: str, school: School) -> None:
        check_school(school)
        with self._database.write() as session:
            if not cycle_rows.may_change(session, viewer, school.id):
                raise NotThere
            c = school.cadence
            said = {
                "weeks": c.weeks,
                "soon": c.soon,
                "late": c.late,
                "zone": c.zone,
                "holidays": [[h.first.isoformat(), h.last.isoformat(), h.called] for h in c.holidays],
                "prompts": list(school.prompts),
                "needs_comment": school.needs_comment,
                "names": {stage.value: name for stage, name in school.names.items()},
                "skippable": sorted(school.skippable),
                "walk_photos": school.walk_photos,
                "covers_faces": school.covers_faces,
            }
            put(session, CoachingRow, (school.id,), said)


def put(
    session: Session, table: type[Any], key: Sequence[str], values: Mapping[str, Any], first: Mapping[str, Any] = _NONE
) -> None:
    """Change the row of this key, or make it; `first` is what stands in a new one beside."""
    row = session.get(table, tuple(key))
    if row is None:
        names = [column.name for column in table.__table__.primary_key]
        session.add(table(**dict(zip(names, key, strict=True)), **{**first, **values}))
        return
    for name, value in values.items():
        setattr(row, name, value)
