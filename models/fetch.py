"""How a recording is fetched for somebody: fetching is the access check. No query here or after it leads from a school
or a membership to a recording; it is its owner's, theirs to whom it was granted by name, or an admin's who opened this
one with a reason. What people are at a school only says whether a grant, or an opening, is good."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Exists, Select, String, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from coaching.access import COLLEAGUES, Action, Grant, NotThere, decide, require, require_class, require_part
from coaching.people import Membership
from coaching.recordings import is_id
from models import consented
from models.tables import ClassPeriodRow, CycleRow, GrantRow, MembershipRow, OpeningRow, PersonRow, RecordingRow, RunRow
from models.types import clock

Id = str | BindParameter[str]

VIEWER: BindParameter[str] = bindparam("viewer", type_=String())
"""Who looks, in statements that are made once: to make one takes longer than most databases need to answer it."""


def recording(
    session: Session, viewer: str, action: Action, recording: str, *, lock: bool = False
) -> tuple[RecordingRow, frozenset[Grant]]:
    """The recording, if the viewer may do this to it, and what they were given of it. Raises NotThere.

    With `lock`, nobody else decides on its runs and grants until the end of the transaction.
    """
    named = is_id(viewer) and is_id(recording)
    found = session.execute(_there(lock), {"viewer": viewer, "recording": recording}).first() if named else None
    row, opened = found or (None, False)
    given = frozenset[Grant]() if row is None or row.owner_id == viewer else given_to(session, viewer, row.id)
    require(viewer, action, None if row is None else row.owner_id, given, opened)
    assert row is not None  # noqa: S101 - require lets nobody have what is not there
    return row, given


def recordings(session: Session, viewer: str, action: Action, recordings: Collection[str]) -> list[RecordingRow]:
    """Those of these that are theirs, or were given to them by name, and to which the viewer may do this."""
    query = select(RecordingRow).where(RecordingRow.id.in_(list(filter(is_id, recordings))))
    found = session.scalars(query.where(or_(RecordingRow.owner_id == VIEWER, granted_to(VIEWER))), {"viewer": viewer})
    given = all_given_to(session, viewer, GrantRow.recording_id.in_(recordings))
    return [r for r in found if decide(viewer, action, r.owner_id, given.get(r.id, frozenset())).allowed]


@cache
def _there(lock: bool) -> Select[RecordingRow, bool]:
    query = select(RecordingRow, opened_by(VIEWER)).where(RecordingRow.id == bindparam("recording", type_=String()))
    query = query.where(or_(RecordingRow.owner_id == VIEWER, granted_to(VIEWER), opened_by(VIEWER)))
    return query.with_for_update(key_share=True) if lock else query


def run(session: Session, viewer: str, action: Action, run: str, *, lock: bool = False) -> RunRow:
    """The run, if the viewer may do this to its recording. Raises NotThere."""
    of = session.scalar(select(RunRow.recording_id).where(RunRow.id == run)) if is_id(run) else None
    recording(session, viewer, action, of or "", lock=lock)
    row = session.get(RunRow, run)
    if row is None:  # deleted in this very moment
        raise NotThere
    return row


def cycle(session: Session, viewer: str, cycle: str, *, lock: bool = False) -> CycleRow:
    """The coaching cycle, if the viewer takes part in it. Raises NotThere. With `lock`, nobody else changes it."""
    query = select(CycleRow).where(CycleRow.id == cycle, takes_part(viewer))
    named = is_id(viewer) and is_id(cycle)
    row = session.scalar(query.with_for_update() if lock else query) if named else None
    require_part(row is not None)
    assert row is not None  # noqa: S101 - require_part lets nobody have what is not there
    return row


def takes_part(viewer: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether a row of `cycles` is this person's, as its teacher or as a partner who is still a colleague."""
    as_partner = (CycleRow.partner_id == viewer) & are_colleagues(CycleRow.teacher_id, CycleRow.partner_id)
    return or_(CycleRow.teacher_id == viewer, as_partner)


def class_period(session: Session, viewer: str, class_period: str, *, lock: bool = False) -> ClassPeriodRow:
    """The class, if this person teaches it. Raises NotThere. With `lock`, nobody else writes down anything of it."""
    query = select(ClassPeriodRow).where(ClassPeriodRow.id == class_period, ClassPeriodRow.teacher_id == viewer)
    named = is_id(viewer) and is_id(class_period)
    row = session.scalar(query.with_for_update(key_share=True) if lock else query) if named else None
    require_class(row is not None)
    assert row is not None  # noqa: S101 - require_class lets nobody have what is not there
    return row


def granted_to(viewer: Id) -> Exists:
    """Whether anything of a recording is granted to this very person."""
    held = select(GrantRow.id).where(GrantRow.recording_id == RecordingRow.id, GrantRow.person_id == viewer)
    return held.where(is_good()).exists()


@cache
def opened_by(viewer: BindParameter[str]) -> Exists:
    """Whether this very person holds a recording open, as an admin who gave a reason."""
    held = select(OpeningRow.id).where(OpeningRow.recording_id == RecordingRow.id, OpeningRow.person_id == viewer)
    return held.where(is_open(viewer)).exists()


def is_open(viewer: Id) -> ColumnElement[bool]:
    """Whether a row of `openings` counts: it has not ended, and could be made anew."""
    return (OpeningRow.ends > clock()) & administers(viewer, RecordingRow.owner_id)


def administers(viewer: Id, owner: str | InstrumentedAttribute[str]) -> Exists:
    """Whether the viewer, who has not left, is an admin of a school at which `owner` works."""
    of_owner, of_viewer, person = aliased(MembershipRow), aliased(MembershipRow), aliased(PersonRow)
    together = select(of_viewer.person_id).join(of_owner, of_owner.school_id == of_viewer.school_id)
    together = together.join(person, person.id == of_viewer.person_id).where(person.left.is_(None))
    together = together.where(of_viewer.person_id == viewer, of_owner.person_id == owner)
    return together.where(of_viewer.membership == Membership.ADMIN).exists()


@cache
def is_good() -> ColumnElement[bool]:
    """Whether a row of `grants` counts: it was not taken back, and could be given anew."""
    return GrantRow.taken_back.is_(None) & are_colleagues(GrantRow.given_by, GrantRow.person_id) & is_shown()


@cache
def is_shown() -> ColumnElement[bool]:
    """Whether the lesson of a row of `grants` may be shown to its holder, for the sake of the children in it."""
    return consented.may_be_shown(GrantRow.given_by, GrantRow.person_id, GrantRow.recording_id)


def are_colleagues(
    owner: str | InstrumentedAttribute[str], other: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> Exists:
    """Whether `other` may be given lessons by `owner`: `coaching.access.COLLEAGUES`, as SQL."""
    of_owner, of_other, person = aliased(MembershipRow), aliased(MembershipRow), aliased(PersonRow)
    together = select(of_other.person_id).join(of_owner, of_owner.school_id == of_other.school_id)
    together = together.join(person, person.id == of_other.person_id).where(person.left.is_(None))
    together = together.where(of_owner.person_id == owner, of_other.person_id == other)
    return together.where(of_other.membership.in_(COLLEAGUES)).exists()


def given_to(session: Session, viewer: str, recording: str) -> frozenset[Grant]:
    """What of the recording is granted to this very person."""
    return frozenset(session.scalars(_given(), {"viewer": viewer, "recording": recording}))


@cache
def _given() -> Select[Grant]:
    held = select(GrantRow.what).where(GrantRow.recording_id == bindparam("recording", type_=String()))
    return held.where(GrantRow.person_id == VIEWER, is_good())


def all_given_to(session: Session, viewer: str, *where: ColumnElement[bool]) -> dict[str, frozenset[Grant]]:
    """What is granted to this very person, by recording; of those for which `where` holds."""
    held = select(GrantRow.recording_id, GrantRow.what).where(GrantRow.person_id == viewer, *where)
    found: dict[str, frozenset[Grant]] = {}
    for recording, what in session.execute(held.where(is_good())):
        found[recording] = found.get(recording, frozenset()) | {what}
    return found
