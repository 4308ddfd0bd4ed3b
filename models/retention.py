"""How long films are kept: implements `coaching.retention.Retention`. What becomes of a film, retaining.py says.

Every decision is made at one moment, which the store's clock tells: the database's, or a test's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Select, delete, func, or_, select
from sqlalchemy.orm import Session

from coaching.access import Action, NotThere, decide, require_admin
from coaching.audit import Deed
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.recordings import is_id
from coaching.retention import (
    DAY_S,
    STAYS,
    FilmOf,
    Forecast,
    Policy,
    Protection,
    SchoolPolicy,
    Waits,
    reason_of,
)
from models import audit, fetch, retaining
from models.database import Database, now
from models.news import may_read
from models.school_coaching import put
from models.tables import (
    ClipRow,
    GrantRow,
    KeptFilmRow,
    MembershipRow,
    PersonRow,
    RecordingRow,
    RetainedFilmRow,
    RetentionPolicyRow,
    SchoolRow,
)

UNDONE_S = DAY_S
"""A clip that was deleted keeps its film for so long, seconds, so that this can be undone."""

_F = RetainedFilmRow


class RetentionStore:
    def __init__(self, database: Database, clock: Callable[[Session], float] = now) -> None:
        self._database, self._clock = database, clock

    def schools(self, viewer: str) -> list[SchoolPolicy]:
        mine = select(SchoolRow).join(MembershipRow, MembershipRow.school_id == SchoolRow.id)
        mine = mine.where(MembershipRow.person_id == viewer, MembershipRow.membership == Membership.ADMIN)
        with self._database.read() as session:
            rows = session.scalars(mine).all() if is_id(viewer) else ()
            found = _policies(session, rows, self._clock(session))
        return sorted(found, key=lambda school: school.name.casefold())

    def forecast(self, viewer: str, school: str, policy: Policy) -> Forecast:
        policy.check()
        with self._database.read() as session:
            _require_admin(session, viewer, school)
            moment, works = self._clock(session), RecordingRow.owner_id.in_(_who_works(school))
            would = {school: _decided(session.get(RetentionPolicyRow, school), policy, moment)}
            films = retaining.films(session, moment, works, instead=would)
            goes = [film.decision.goes for film in films if film.decision.goes is not None]
        if not goes:
            return Forecast()
        first = min(goes)
        return Forecast(sum(one < first + DAY_S for one in goes), _at(first))

    def set(self, viewer: str, school: str, policy: Policy) -> None:
        policy.check()
        with self._database.write() as session:
            _require_admin(session, viewer, school)
            session.execute(select(SchoolRow.id).where(SchoolRow.id == school).with_for_update(key_share=True))
            moment, row = self._clock(session), session.get(RetentionPolicyRow, school)
            new = _decided(row, policy, moment)
            said = {"days": new.days, "keep_clips": new.keep_clips, "may_protect": new.may_protect}
            if row is not None and said == {name: getattr(row, name) for name in said}:
                return
            put(session, RetentionPolicyRow, (school,), {**said, "changed": new.changed, "by_id": viewer})
            audit.note(session, Deed.KEEPS_FILMS, viewer, school=school)

    def films(self, viewer: str, recordings: Sequence[str]) -> Mapping[str, FilmOf]:
        if not is_id(viewer):
            return {}
        query = select(RecordingRow.id, RecordingRow.owner_id, _F, fetch.opened_by(viewer))
        query = query.outerjoin(_F, _F.recording_id == RecordingRow.id)
        query = query.where(RecordingRow.id.in_(list(filter(is_id, recordings))))
        query = query.where(or_(RecordingRow.owner_id == viewer, fetch.granted_to(viewer), fetch.opened_by(viewer)))
        found = {}
        with self._database.read() as session:
            rows = session.execute(query).all()
            mine = retaining.policies_of(session, [viewer]).get(viewer, Policy())
            ids = [recording for recording, *_ in rows]
            given = fetch.all_given_to(session, viewer, GrantRow.recording_id.in_(ids))
            moment = self._clock(session)
            for recording, owner, row, opened in rows:
                if decide(viewer, Action.SEE, owner, given.get(recording, frozenset()), opened).allowed:
                    found[recording] = _film(row, mine if owner == viewer else None, moment)
        return found

    def film(self, viewer: str, recording: str) -> FilmOf:
        try:
            return self.films(viewer, [recording])[recording]
        except KeyError:
            raise NotThere from None

    def protect(self, viewer: str, recording: str, reason: str, until: date | None = None) -> None:
        words = reason_of(reason)
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CHANGE, recording, lock=True)
            moment = self._clock(session)
            ends = None if until is None else datetime.combine(until + timedelta(days=1), time(), UTC).timestamp()
            if ends is not None and ends <= moment:
                raise BadInput("Choose a day that is still to come.")
            film = session.get(_F, row.id) or retaining.new_row(session, row.id)
            if film.gone is not None or film.again:
                raise BadInput("The film of this lesson was deleted already.")
            if not retaining.policies_of(session, [viewer]).get(viewer, Policy()).may_protect:
                raise BadInput("Your school does not let films be protected. Ask its administrators.")
            film.protected, film.until, film.reason = moment, ends, words
            film.first = film.last = film.goes = film.keeping = film.held = None
            audit.note(session, Deed.PROTECTED, viewer, lesson=row.id)

    def unprotect(self, viewer: str, recording: str) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CHANGE, recording, lock=True)
            film = session.get(_F, row.id)
            if film is not None and film.protected is not None:
                film.protected = film.until = film.reason = None
                audit.note(session, Deed.UNPROTECTED, viewer, lesson=row.id)

    def kept_clips(self, viewer: str, recording: str) -> Mapping[str, str]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            query = select(KeptFilmRow.clip_id, KeptFilmRow.path).join(ClipRow, ClipRow.id == KeptFilmRow.clip_id)
            query = query.where(KeptFilmRow.recording_id == row.id, ClipRow.deleted.is_(None))
            return dict(session.execute(query.where(may_read(ClipRow, viewer))).all())

    def look(self, *, begun: bool = False) -> int:
        with self._database.read() as session:
            moment = self._clock(session)
            where = retaining.candidates(moment)
            if begun:
                where = RecordingRow.id.in_(select(_F.recording_id).where(_F.gone.is_(None), retaining.is_begun()))
            found = [film.recording for film in retaining.films(session, moment, where) if film.moves]
        if not begun:
            with self._database.write() as session:
                over = select(ClipRow.id).where(ClipRow.deleted < self._clock(session) - UNDONE_S)
                session.execute(delete(KeptFilmRow).where(KeptFilmRow.clip_id.in_(over)))
        done = 0
        for recording in found:
            with self._database.write() as session:  # each by itself, and locked: of two workers one does it
                done += retaining.step(session, recording, self._clock(session))
        return done

    def to_remove(self) -> Sequence[str]:
        with self._database.read() as session:  # asked often, and mostly for nothing
            rows = session.scalars(select(_F.recording_id).where(_F.gone.is_not(None), _F.removed.is_(None)))
            return [recording for recording in rows if is_id(recording)]  # folders are named so

    def removed(self, recording: str) -> None:
        with self._database.write() as session:
            row = session.get(_F, recording) if is_id(recording) else None
            if row is not None and row.gone is not None:
                row.removed = self._clock(session)


def _policies(session: Session, schools: Sequence[SchoolRow], moment: float) -> list[SchoolPolicy]:
    """What was decided at each of these schools, and of how many films it is so: a handful of queries, however many
    schools these are."""
    ids = [school.id for school in schools]
    works = select(MembershipRow.person_id, MembershipRow.school_id).where(MembershipRow.school_id.in_(ids)).distinct()
    at_school: dict[str, list[str]] = {}
    for person, school in session.execute(works):
        at_school.setdefault(person, []).append(school)
    decided = select(RetentionPolicyRow, PersonRow.name, PersonRow.email).where(RetentionPolicyRow.school_id.in_(ids))
    known = session.execute(decided.outerjoin(PersonRow, PersonRow.id == RetentionPolicyRow.by_id)).all()
    policies = {one.school_id: (retaining.policy(one), name or email or "") for one, name, email in known}
    own = RecordingRow.owner_id.in_(works.with_only_columns(MembershipRow.person_id))
    counts: dict[str, Counter[str]] = {school: Counter() for school in ids}
    for film in retaining.films(session, moment, own, retaining.is_known()):
        for school in at_school[film.owner]:
            counts[school].update(_counted(film))
    gone = select(RecordingRow.owner_id, func.count()).join(_F, _F.recording_id == RecordingRow.id)
    for owner, n in session.execute(gone.where(_F.gone.is_not(None), own).group_by(RecordingRow.owner_id)):
        for school in at_school[owner]:
            counts[school]["gone"] += n
    found = []
    for row in schools:
        policy, by = policies.get(row.id, (Policy(), ""))
        many = {name: counts[row.id][name] for name in ("protected", "in_use", "held", "warned", "gone")}
        found.append(SchoolPolicy(row.id, row.name, policy, by, **many))
    return found


def _counted(film: retaining.Film) -> Iterator[str]:
    """As what of `SchoolPolicy` a film counts."""
    decision, row = film.decision, film.row
    if decision.waits is Waits.PROTECTED:
        yield "protected"
    if decision.waits is Waits.IN_CYCLE:
        yield "in_use"
    if row is not None and row.held is not None:
        yield "held"
    if decision.goes is not None and decision.warned.first is not None:
        yield "warned"


def _decided(row: RetentionPolicyRow | None, policy: Policy, moment: float) -> Policy:
    """The policy as it is from now on: that of before where nothing of days or clips is otherwise."""
    before = Policy() if row is None else retaining.policy(row)
    same = (before.days, before.keep_clips) == (policy.days, policy.keep_clips)
    return Policy(policy.days, policy.keep_clips, policy.may_protect, before.changed if same else moment)


def _require_admin(session: Session, viewer: str, school: str) -> None:
    of = MembershipRow.person_id == viewer, MembershipRow.school_id == school
    named = is_id(viewer) and is_id(school)
    require_admin(session.scalars(select(MembershipRow.membership).where(*of)).all() if named else ())


def _who_works(school: str) -> Select[str]:
    return select(MembershipRow.person_id).where(MembershipRow.school_id == school).distinct()


def _film(row: RetainedFilmRow | None, policy: Policy | None, moment: float) -> FilmOf:
    """`policy` is the owner's; None where somebody else asks."""
    if row is not None and row.gone is not None:
        return FilmOf(gone=_at(row.gone), days=row.days)
    if policy is None:
        return STAYS
    may = policy.may_protect and policy.days is not None
    if row is None:
        return FilmOf(may_protect=may)
    protection = None
    if row.protected is not None and (row.until is None or row.until > moment):
        last = None if row.until is None else (_at(row.until) - timedelta(days=1)).date()
        protection = Protection(row.reason or "", _at(row.protected), last)
    return FilmOf(None, None, None if row.goes is None else _at(row.goes), protection, may, row.held)


def _at(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)
