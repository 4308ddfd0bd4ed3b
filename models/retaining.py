"""A film's way out, for workers: who is warned, what is made of it before, and the moment from which it is gone.

Each film is decided by itself, its recording locked, so that of two workers one does it. In one transaction the rows
say that it is gone and where the films of its clips lie; its files go afterwards, and whoever finds them later removes
them. Nothing is begun while a run of the recording is at work.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, delete, or_, select, update
from sqlalchemy.orm import Session

from coaching.audit import Deed
from coaching.given_clips import film_id
from coaching.handouts import Made, Making
from coaching.notifications import Kind
from coaching.recordings import PICTURES, StageState
from coaching.retention import (
    DAY_S,
    FIRST_S,
    SHORTEST,
    Decision,
    Due,
    Policy,
    Warned,
    decide,
    governing,
    without_clips,
    without_film,
)
from coaching.spans import Span
from models import audit, faces, given_films, telling
from models.claims import count_open
from models.tables import (
    ClassPeriodRow,
    ClipRow,
    CycleLessonRow,
    CycleRow,
    HandoutRow,
    KeptFilmRow,
    MembershipRow,
    RecordingRow,
    RetainedFilmRow,
    RetentionPolicyRow,
    RunRow,
    StageRow,
)

UNCUT = "A film of one of its clips could not be made. It is tried again; delete the clip if it is not needed."

NONE: Mapping[str, Policy] = {}

_F = RetainedFilmRow
Known = Row[str, str, float, RetainedFilmRow | None, bool]


@dataclass(frozen=True, slots=True)
class Film:
    """A film that is there, and what is decided of it now."""

    recording: str
    owner: str
    row: RetainedFilmRow | None
    policy: Policy
    decision: Decision

    @property
    def moves(self) -> bool:
        """Whether anything is to be done, or written otherwise."""
        row, decision = self.row, self.decision
        if decision.due is not Due.NOTHING:
            return True
        told = decision.goes if decision.warned.first is not None else None
        return row is not None and (
            Warned(row.first, row.last) != decision.warned or (row.goes, row.keeping, row.held) != (told, None, None)
        )


def policies_of(
    session: Session, owners: Collection[str] | Select[str], instead: Mapping[str, Policy] = NONE
) -> dict[str, Policy]:
    """By what policy the films of each go: of the schools where they are anything; of those where they taught, who are
    nothing anywhere any more. Who left keeps their schools. `instead` is what some schools may decide."""
    schools: dict[str, set[str]] = {}
    mine = select(MembershipRow.person_id, MembershipRow.school_id).where(MembershipRow.person_id.in_(owners))
    for person, school in session.execute(mine):
        schools.setdefault(person, set()).add(school)
    taught = select(ClassPeriodRow.teacher_id, ClassPeriodRow.school_id).where(ClassPeriodRow.teacher_id.in_(owners))
    nothing = ~select(MembershipRow.person_id).where(MembershipRow.person_id == ClassPeriodRow.teacher_id).exists()
    for person, school in session.execute(taught.where(nothing)):
        schools.setdefault(person, set()).add(school)
    decided = {row.school_id: policy(row) for row in session.scalars(select(RetentionPolicyRow))} | dict(instead)
    return {person: governing([decided.get(school, Policy()) for school in where]) for person, where in schools.items()}


def policy(row: RetentionPolicyRow) -> Policy:
    return Policy(row.days, row.keep_clips, row.may_protect, row.changed)


def films(
    session: Session, moment: float, *where: ColumnElement[bool], instead: Mapping[str, Policy] = NONE
) -> Iterable[Film]:
    """Those films that are there and for which `where` holds, each decided; `instead` as for `policies_of`."""
    query = select(RecordingRow.id, RecordingRow.owner_id, RecordingRow.added, _F, _in_cycle())
    query = query.outerjoin(_F, _F.recording_id == RecordingRow.id).where(_F.gone.is_(None), *where)
    rows = session.execute(query.order_by(RecordingRow.added, RecordingRow.id)).all()
    owners = sorted({owner for _, owner, *_ in rows})
    policies = policies_of(session, owners, instead)
    for row in rows:
        yield _film(row, policies.get(row[1], Policy()), moment)


def _film(known: Known, policy: Policy, moment: float) -> Film:
    recording, owner, added, row, in_cycle = known
    if row is not None and row.again:  # it was gone already
        return Film(recording, owner, row, Policy(policy.days, row.keep_clips), _AGAIN)
    warned = Warned() if row is None else Warned(row.first, row.last)
    protected = row is not None and row.protected is not None and (row.until is None or row.until > moment)
    decided = decide(policy, added, moment, warned, protected=protected, in_use=in_cycle)
    return Film(recording, owner, row, policy, decided)


_AGAIN = Decision(Due.DELETE, None, Warned())


def _in_cycle() -> ColumnElement[bool]:
    """Whether a recording is part of a coaching cycle that goes on."""
    of = select(CycleLessonRow.recording_id).join(CycleRow, CycleRow.id == CycleLessonRow.cycle_id)
    return of.where(CycleLessonRow.recording_id == RecordingRow.id, CycleRow.closed.is_(None)).exists()


def candidates(moment: float) -> ColumnElement[bool]:
    """Whether a policy could reach a recording by now, or something was begun with its film."""
    begun = select(_F.recording_id).where(
        _F.gone.is_(None), or_(_F.first.is_not(None), _F.goes.is_not(None), is_begun())
    )
    ruled = select(RetentionPolicyRow.school_id).where(RetentionPolicyRow.days.is_not(None))
    works = select(MembershipRow.person_id).where(MembershipRow.school_id.in_(ruled))
    taught = select(ClassPeriodRow.teacher_id).where(ClassPeriodRow.school_id.in_(ruled))
    old = RecordingRow.added <= moment - SHORTEST * DAY_S + FIRST_S
    return or_(
        RecordingRow.id.in_(begun), old & or_(RecordingRow.owner_id.in_(works), RecordingRow.owner_id.in_(taught))
    )


def is_known() -> ColumnElement[bool]:
    """Whether anything holds of a film that was not deleted, beside the days of its school: it was protected or warned
    of, say, or it is part of a coaching cycle that goes on."""
    return or_(_F.recording_id.is_not(None), _in_cycle())


def is_begun() -> ColumnElement[bool]:
    """Whether films of clips are made so that the film can go, or it was gone already."""
    return or_(_F.keeping.is_not(None), _F.again)


def step(session: Session, recording: str, moment: float) -> bool:
    """Do what is due of this film; whether anything was."""
    query = select(RecordingRow.id).where(RecordingRow.id == recording)
    if session.scalar(query.with_for_update(key_share=True)) is None:
        return False
    found = next(iter(films(session, moment, RecordingRow.id == recording)), None)
    if found is None or not found.moves:
        return False
    row = found.row or new_row(session, recording)
    decision = found.decision
    if decision.due is Due.DELETE:
        return _delete(session, found, row, moment)
    row.first, row.last = decision.warned.first, decision.warned.last
    row.goes = decision.goes if decision.warned.first is not None else None
    row.keeping = row.held = None
    if decision.due is not Due.NOTHING:
        kind = Kind.FILM_GOES if decision.due is Due.FIRST else Kind.FILM_GOES_SOON
        telling.tell(session, found.owner, kind, f"/review?recording={recording}", recording=recording)
    return decision.due is not Due.NOTHING


def new_row(session: Session, recording: str) -> RetainedFilmRow:
    row = RetainedFilmRow(recording_id=recording, again=False, keep_clips=True)
    session.add(row)
    return row


def _delete(session: Session, film: Film, row: RetainedFilmRow, moment: float) -> bool:
    """The film is gone, if nobody is at work on it and a film of each of its clips is there."""
    if count_open(session, film.recording):
        return False
    kept: list[tuple[ClipRow, HandoutRow]] = []
    if film.policy.keep_clips:
        row.keeping = row.keeping or moment
        session.flush()
        found, why_not = _cut(session, film.recording)
        if why_not is not None and row.held is None:
            telling.tell(
                session, film.owner, Kind.FILM_HELD, f"/review?recording={film.recording}", recording=film.recording
            )
        row.held = why_not or row.held
        if found is None:
            return False
        kept = found
    for clip, made in kept:
        at = {"recording_id": film.recording, "start": clip.start, "stop": clip.stop}
        session.add(KeptFilmRow(clip_id=clip.id, **at, path=made.path, size=made.size))
    session.flush()
    others = HandoutRow.recording_id == film.recording, HandoutRow.kind != Made.COVERED
    session.execute(
        delete(HandoutRow).where(*others) if film.policy.keep_clips else delete(HandoutRow).where(others[0])
    )
    runs = select(RunRow.id).where(RunRow.recording_id == film.recording)
    session.execute(update(StageRow).where(StageRow.run_id.in_(runs)).values(artefact=None))
    undone = update(StageRow).where(StageRow.run_id.in_(runs), StageRow.stage.in_(PICTURES))
    session.execute(undone.values(state=StageState.DONE, reason=None, kind=None))  # nobody is asked to make them again
    row.gone, row.days, row.removed = moment, film.policy.days, None
    row.keep_clips, row.again = film.policy.keep_clips, False
    row.goes = row.keeping = row.held = None
    audit.note(session, Deed.FILM_DELETED, None, lesson=film.recording)
    audit.erased(session, without_film(film.recording))
    if not film.policy.keep_clips:
        audit.erased(session, without_clips(film.recording))
    return True


def _cut(session: Session, recording: str) -> tuple[list[tuple[ClipRow, HandoutRow]] | None, str | None]:
    """Each clip with its film, None while one is missing; and why one cannot be made."""
    clips = session.scalars(select(ClipRow).where(ClipRow.recording_id == recording, ClipRow.deleted.is_(None))).all()
    if not clips:
        return [], None
    run = session.scalars(select(RunRow).where(RunRow.recording_id == recording, RunRow.shown)).one()
    made = {clip.id: session.get(HandoutRow, film_id(clip.id, Span(clip.start, clip.stop))) for clip in clips}
    if any(one is None for one in made.values()) and (why_not := given_films.why_none(session, run)):
        return None, why_not
    if any(one is not None and one.state is Making.FAILED for one in made.values()):
        return None, UNCUT
    covered = [faces.covered_film(session, clip) for clip in clips]
    if any(one is not None and one.state is Making.FAILED for one in covered):
        return None, UNCUT
    if any(one is not None and one.state is not Making.READY for one in covered):
        return None, None
    ready = [(clip, one) for clip in clips if (one := made[clip.id]) is not None and one.state is Making.READY]
    return (ready if len(ready) == len(clips) else None), None


def again(session: Session, was_erased: Iterable[tuple[str, bool]]) -> None:
    """Have these films go again, each with or without those of its clips: they were gone before this database came
    back from a backup."""
    for recording, keep_clips in was_erased:
        row = session.get(RetainedFilmRow, recording) or new_row(session, recording)
        if row.gone is None:
            row.again, row.keep_clips = True, keep_clips
