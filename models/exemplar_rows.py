"""Exemplars as the domain's words, and whether one is shown now: its clip, its class and its faces say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from coaching.access import COLLEAGUES, OfExemplar, decide_exemplar
from coaching.exemplars import LONGEST_S, Asleep, Choice, Exemplar
from coaching.given_clips import Film
from coaching.people import Membership
from coaching.spans import Span
from models import clip_films, codebooks, consented, cycle_rows, faces
from models.cycle_rows import at
from models.given_films import whys_none
from models.tables import (
    ClipRow,
    ExemplarCommentRow,
    ExemplarRow,
    KeptExemplarRow,
    MembershipRow,
    PersonRow,
    RecordingRow,
    RunRow,
)

Found = Row[ExemplarRow, ClipRow, RecordingRow, PersonRow]
Roles = Mapping[str, frozenset[Membership]]

TOO_LONG = f"A clip in the library is at most {LONGEST_S / 60:.0f} minutes long."
COVER_FIRST = "Cover the faces in this clip first, and look at its film."
NO_FILM = "The film of this lesson is not there, so its clips can’t be shown."


def roles(session: Session, viewer: str) -> Roles:
    """What somebody is at which schools."""
    return {school: what for school, (_, what) in codebooks.works_of(session, viewer).items()}


def seen(session: Session, viewer: str, roles: Roles, *where: ColumnElement[bool]) -> list[Exemplar]:
    """Those that the viewer may see, the newest first."""
    query = select(ExemplarRow, ClipRow, RecordingRow, PersonRow).join(ClipRow, ClipRow.id == ExemplarRow.clip_id)
    query = query.join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    query = query.join(PersonRow, PersonRow.id == ExemplarRow.teacher_id).where(*where)
    rows = session.execute(query.order_by(ExemplarRow.published.desc(), ExemplarRow.id)).all()
    asleep = _asleep(session, rows)
    rows = [row for row in rows if _may_see(viewer, roles, row[0], asleep[row[0].id])]
    ids = [row.id for row, *_ in rows]
    many = select(ExemplarCommentRow.exemplar_id, func.count()).group_by(ExemplarCommentRow.exemplar_id)
    said = dict(session.execute(many.where(ExemplarCommentRow.exemplar_id.in_(ids))).all())
    kept = select(KeptExemplarRow.exemplar_id).where(KeptExemplarRow.person_id == viewer)
    saved = set(session.scalars(kept.where(KeptExemplarRow.exemplar_id.in_(ids))))
    films = clip_films.shown(session, [clip for _, clip, *_ in rows])
    return [
        Exemplar(
            id=row.id,
            school=row.school_id,
            teacher=who.name or who.email,
            own=(own := row.teacher_id == viewer),
            name=row.name,
            to_see=row.to_see,
            look_fors=tuple(row.look_fors),
            length=row.stop - row.start,
            covered=row.covered,
            published=at(row.published),
            film=films[clip.id],
            said=said.get(row.id, 0),
            saved=row.id in saved,
            clip=clip.id if own else None,
            recording=recording.id if own else None,
            asleep=asleep[row.id] if own else None,
        )
        for row, clip, recording, who in rows
    ]


def _may_see(viewer: str, roles: Roles, row: ExemplarRow, asleep: Asleep | None) -> bool:
    at_school = roles.get(row.school_id, frozenset())
    own = row.teacher_id == viewer
    return decide_exemplar(OfExemplar.SEE, own, at_school, asleep is not None, wrote=False).allowed


def _asleep(session: Session, rows: Sequence[Found]) -> dict[str, Asleep | None]:
    standing = consented.standings_of(session, {recording.id for _, _, recording, _ in rows})
    ways = cycle_rows.schools(session, {row.school_id for row, *_ in rows})
    covers = {school.id: school.covers_faces for school in ways}
    covered = faces.covered_films(session, [clip for _, clip, *_ in rows])
    who = select(MembershipRow.person_id, MembershipRow.school_id).join(
        PersonRow, PersonRow.id == MembershipRow.person_id
    )
    who = who.where(MembershipRow.membership.in_(COLLEAGUES), PersonRow.left.is_(None))
    named = session.execute(who.where(PersonRow.id.in_({row.teacher_id for row, *_ in rows})))
    there = {(person, school) for person, school in named}

    def why(row: ExemplarRow, clip: ClipRow, recording: RecordingRow) -> Asleep | None:
        of = standing[recording.id]
        if row.withdrawn is not None:
            return Asleep.WITHDRAWN
        if clip.deleted is not None:
            return Asleep.DELETED
        if (clip.start, clip.stop) != (row.start, row.stop):
            return Asleep.CHANGED
        if (row.teacher_id, row.school_id) not in there:
            return Asleep.AWAY
        if not of.may_be_published(covered=True):
            return Asleep.CONSENT
        if row.covered:
            return None if clip.id in covered else Asleep.BARE
        return Asleep.BARE if covers[row.school_id] or not of.may_be_published(covered=False) else None

    return {row.id: why(row, clip, recording) for row, clip, recording, _ in rows}


def own_clips(viewer: str) -> Select[ClipRow, RecordingRow]:
    """The clips that somebody made of their own lessons: who makes a clip says where it ends."""
    query = select(ClipRow, RecordingRow).join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    return query.where(RecordingRow.owner_id == viewer, ClipRow.author_id == viewer, ClipRow.deleted.is_(None))


def choices(session: Session, school: str, rows: Sequence[Row[ClipRow, RecordingRow]]) -> list[Choice]:
    """Each clip as it would stand in this school's library, and what stands against it."""
    standing = consented.standings_of(session, {recording.id for _, recording in rows})
    covers = cycle_rows.school(session, school).covers_faces
    covered = faces.covered_films(session, [clip for clip, _ in rows])
    filmed = _filmed(session, {recording.id for _, recording in rows})
    films = clip_films.shown(session, [clip for clip, _ in rows])

    def choice(clip: ClipRow, recording: RecordingRow, film: Film) -> Choice:
        of, is_covered = standing[recording.id], clip.id in covered
        must = covers or not of.may_be_published(covered=False)
        bare = must and not (is_covered and film.path is not None)
        why_not = None
        if clip.stop - clip.start > LONGEST_S:
            why_not = TOO_LONG
        elif recording.id not in filmed:
            why_not = NO_FILM
        elif not of.may_be_published(covered=True):
            why_not = of.why
        elif bare:
            why_not = COVER_FIRST
        span = Span(clip.start, clip.stop)
        return Choice(clip.id, recording.id, recording.name, clip.name, span, why_not, bare, is_covered, film)

    return [choice(clip, recording, films[clip.id]) for clip, recording in rows]


def _filmed(session: Session, recordings: Collection[str]) -> set[str]:
    """Those of which a film of a clip can be cut."""
    runs = session.scalars(select(RunRow).where(RunRow.recording_id.in_(recordings), RunRow.shown)).all()
    return {recording for recording, why_not in whys_none(session, runs).items() if why_not is None}
