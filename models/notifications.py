"""What people are told of: implements `coaching.notifications.Notifications`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from coaching.access import Grant, NotThere
from coaching.accounts import new_secret
from coaching.comments import Audience
from coaching.mailing import Mailing
from coaching.notifications import MOST, Kind, Notice, Preferences, gathered, zone_of
from coaching.recordings import is_id
from models import fetch, surveys, walks
from models.database import Database, insert_if_new, now
from models.given_clips import is_held
from models.tables import (
    ClipGrantRow,
    ClipRow,
    CommentRow,
    CycleRow,
    ExemplarRow,
    GrantRow,
    NotificationRow,
    PersonRow,
    PreferenceRow,
    RecordingRow,
    SurveyRow,
    WalkRow,
)
from models.telling import preferences_of
from models.types import clock

MOST_ROWS = 1000
"""Of somebody's newest, what is gathered into those that the page shows."""

_N = NotificationRow
TOGETHER = (_N.kind, _N.recording_id, _N.cycle_id, _N.by_id)
"""What is the same of those that are gathered into one (`coaching.notifications.gathered`)."""


class NotificationStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def unread(self, viewer: str) -> int:
        each = select(_N.kind).where(_is_for(viewer), _N.read.is_(None)).group_by(*TOGETHER)
        with self._database.read() as session:
            return session.scalar(select(func.count()).select_from(each.subquery())) or 0

    def mine(self, viewer: str) -> list[Notice]:
        query = rows().where(_is_for(viewer)).order_by(_N.made.desc(), _N.id).limit(MOST_ROWS)
        with self._database.read() as session:
            return to_notices(session.execute(query).all())[:MOST]

    def read(self, viewer: str, notification: str) -> str:
        with self._database.write() as session:
            one = _N.id == (notification if is_id(notification) else "")
            found = session.execute(select(_N.link, *TOGETHER).where(one, _is_for(viewer))).one_or_none()
            if found is None:
                raise NotThere
            link, *same = found
            alike = [column.is_not_distinct_from(value) for column, value in zip(TOGETHER, same, strict=True)]
            _mark(session, _N.person_id == viewer, *alike)
            return str(link)

    def read_all(self, viewer: str) -> None:
        with self._database.write() as session:
            _mark(session, _is_for(viewer))

    def preferences(self, viewer: str) -> Preferences:
        with self._database.read() as session:
            return preferences_of(session, viewer)

    def prefer(self, viewer: str, preferences: Preferences) -> None:
        preferences.check()
        with self._database.write() as session:
            save(session, viewer, preferences)

    def at(self, viewer: str, zone: str) -> None:
        with self._database.read() as session:
            known = session.scalar(select(PreferenceRow.zone).where(PreferenceRow.person_id == viewer))
        if zone != known and zone_of(zone).key == zone:
            with self._database.write() as session:
                row_of(session, viewer).zone = zone


def row_of(session: Session, person: str) -> PreferenceRow:
    """Somebody's preferences, which are made where they chose nothing yet."""
    plain = Preferences()
    assert plain.quiet is not None  # noqa: S101
    values = {"chosen": {}, "quiet_from": plain.quiet[0], "quiet_until": plain.quiet[1], "digest": plain.digest}
    insert_if_new(session, PreferenceRow, person_id=person, zone=plain.zone, key=new_secret(), **values)
    return session.scalars(select(PreferenceRow).where(PreferenceRow.person_id == person).with_for_update()).one()


def save(session: Session, person: str, preferences: Preferences) -> None:
    """From now on; of what waits to be written to them it is asked anew when."""
    row = row_of(session, person)
    row.chosen = {kind.value: way.value for kind, way in preferences.chosen.items()}
    row.quiet_from, row.quiet_until = preferences.quiet or (None, None)
    row.digest, row.zone = preferences.digest, preferences.zone
    waiting = update(_N).where(_N.person_id == person, _N.mail == Mailing.WAITING)
    session.execute(waiting.values(mail=Mailing.NEW, due=None))


@cache
def stands() -> ColumnElement[bool]:
    """Whether whoever a row of `notifications` is for may see now what it tells of: its lesson, or the clip that they
    were given of it, the comment, the coaching cycle, the visit, their own
    clip in the library of exemplars, the survey that asks them. Access is what it is for the thing itself."""
    own = select(RecordingRow.id).where(RecordingRow.id == _N.recording_id, RecordingRow.owner_id == _N.person_id)
    given = select(GrantRow.id).where(GrantRow.recording_id == _N.recording_id, GrantRow.person_id == _N.person_id)
    given = given.where(GrantRow.what == Grant.SEE, fetch.is_good())
    held = select(ClipGrantRow.id).join(ClipRow, ClipRow.id == ClipGrantRow.clip_id)
    held = held.join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    held = held.where(ClipGrantRow.clip_id == _N.clip_id, ClipGrantRow.person_id == _N.person_id, is_held())
    shared = select(CycleRow.id).where(CycleRow.id == _N.cycle_id, fetch.takes_part(_N.person_id))
    visit = select(WalkRow.id).where(WalkRow.id == _N.walk_id, walks.may_see(_N.person_id))
    own_clip = select(ExemplarRow.id).where(ExemplarRow.id == _N.exemplar_id, ExemplarRow.teacher_id == _N.person_id)
    asked = select(SurveyRow.id).where(SurveyRow.id == _N.survey_id, surveys.is_asked(_N.person_id))
    asked = asked.where(SurveyRow.ends > clock())
    said = select(CommentRow.id).where(CommentRow.id == _N.comment_id, CommentRow.deleted.is_(None))
    said = said.where(CommentRow.audience == Audience.LESSON)
    lesson = or_(_N.recording_id.is_(None), own.exists(), given.exists())
    return and_(
        case((_N.clip_id.is_not(None), held.exists()), else_=lesson),
        or_(_N.comment_id.is_(None), said.exists()),
        or_(_N.cycle_id.is_(None), shared.exists()),
        or_(_N.walk_id.is_(None), visit.exists()),
        or_(_N.exemplar_id.is_(None), own_clip.exists()),
        or_(_N.survey_id.is_(None), asked.exists()),
    )


def rows() -> Select[NotificationRow, str | None, str | None]:
    """Each with the name and the address of whoever did it."""
    return select(_N, PersonRow.name, PersonRow.email).outerjoin(PersonRow, PersonRow.id == _N.by_id)


def to_notices(found: Sequence[Row[NotificationRow, str | None, str | None]]) -> list[Notice]:
    return gathered(
        Notice(
            n.id,
            Kind(n.kind),
            f"{n.recording_id} {n.cycle_id}",
            n.link,
            at(n.made),
            n.by_id,
            name or email or "",
            at_or_none(n.read),
        )
        for n, name, email in found
    )


def at(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)


def at_or_none(moment: float | None) -> datetime | None:
    return None if moment is None else at(moment)


def _is_for(viewer: str) -> ColumnElement[bool]:
    return and_(_N.person_id == viewer, _N.kind.in_(list(Kind)), stands())


def _mark(session: Session, *which: ColumnElement[bool]) -> None:
    """As read; no e-mail is written of them any more."""
    open = _N.mail.in_((Mailing.NEW, Mailing.WAITING))
    values = {"read": now(session), "due": None, "mail": case((open, Mailing.NONE.value), else_=_N.mail)}
    session.execute(update(_N).where(_N.read.is_(None), *which).values(values))
