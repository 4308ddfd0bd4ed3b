"""Clips given by themselves: implements `coaching.given_clips.GivenClips`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import ColumnElement, Row, Select, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from coaching.access import Action, NotThere, require_clip
from coaching.audit import Deed
from coaching.corrections import Correction
from coaching.given_clips import ClipsGiven, Film, GivenClip
from coaching.notifications import Kind
from coaching.people import Person
from coaching.recordings import is_id, new_id
from coaching.transcript import Transcript
from models import audit, clip_films, consented, fetch, telling
from models.database import Database, insert_if_new, now
from models.sharing import check_shown, colleague, name_of, takers_of
from models.tables import ClipFacesRow, ClipGrantRow, ClipRow, PersonRow, RecordingRow, RunRow
from models.transcripts import load_corrections, load_transcript


class GivenClipStore:
    _database: Database

    def give_clips(self, viewer: str, recording: str, email: str, clips: Collection[str]) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            person = colleague(session, viewer, email)
            named = {clip for clip in clips if is_id(clip)}
            found = session.scalars(select(ClipRow.id).where(ClipRow.id.in_(named), _giveable(row))).all()
            if set(found) != set(clips):
                raise NotThere
            bare = select(ClipRow.id).where(ClipRow.id.in_(named), ~_is_covered()).limit(1)
            check_shown(session, row, person, covered=session.scalar(bare) is None)
            moment = now(session)
            for clip in found:
                values = {"clip_id": clip, "person_id": person, "given_by": viewer, "given": moment}
                if insert_if_new(session, ClipGrantRow, id=new_id(), **values):
                    what = {"by": viewer, "recording": row.id, "clip": clip}
                    telling.tell(session, person, Kind.CLIPS, "/clips", **what)
            audit.note(session, Deed.GAVE_CLIPS, viewer, lesson=row.id, person=person)

    def take_back_clips(self, viewer: str, recording: str, person: str, clips: Collection[str] = ()) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording, lock=True)
            of = select(ClipRow.id).where(ClipRow.recording_id == row.id)
            if clips:
                of = of.where(ClipRow.id.in_([clip for clip in clips if is_id(clip)]))
            over = update(ClipGrantRow).where(ClipGrantRow.clip_id.in_(of), ClipGrantRow.taken_back.is_(None))
            over = over.where(ClipGrantRow.person_id == (person if is_id(person) else ""))
            if session.scalars(over.values(taken_back=now(session)).returning(ClipGrantRow.id)).all():
                audit.note(session, Deed.TOOK_BACK_CLIPS, viewer, lesson=row.id, person=person)

    def clip_takers(self, viewer: str, recording: str) -> Mapping[str, frozenset[str]]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            clips = session.execute(select(ClipRow.id, _is_covered()).where(_giveable(row))).all()
            people = {covered: takers_of(session, row, covered) for covered in {covered for _, covered in clips}}
            return {clip: frozenset(one.id for one in people[covered]) for clip, covered in clips}

    def clips_given(self, viewer: str, recording: str) -> list[ClipsGiven]:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SHARE, recording)
            query = select(PersonRow, ClipRow.id, ClipGrantRow.given, _is_good(), _is_shown())
            query = query.join(ClipGrantRow, ClipGrantRow.person_id == PersonRow.id)
            query = query.join(ClipRow, ClipRow.id == ClipGrantRow.clip_id)
            query = query.where(_giveable(row), ClipGrantRow.taken_back.is_(None))
            found: dict[str, list[Row[PersonRow, str, float, bool, bool]]] = {}
            for one in session.execute(query):
                found.setdefault(one[0].id, []).append(one)
            return sorted(map(_given, found.values()), key=lambda given: name_of(given.person))

    def clips_for_me(self, viewer: str) -> list[GivenClip]:
        with self._database.read() as session:
            query = _for(viewer).order_by(ClipGrantRow.given.desc(), ClipRow.start, ClipRow.id)
            return _clips(session, session.execute(query).all()) if is_id(viewer) else []

    def given_clip(self, viewer: str, clip: str) -> GivenClip:
        with self._database.read() as session:
            return _clips(session, [_one(session, viewer, clip)])[0]

    def heard_in(self, viewer: str, clip: str) -> tuple[Transcript, Sequence[Correction]]:
        with self._database.read() as session:
            recording = _one(session, viewer, clip)[0].recording_id
            run = session.scalar(select(RunRow).where(RunRow.recording_id == recording, RunRow.shown))
            heard = None if run is None else load_transcript(session, run)
            if heard is None:
                raise NotThere
            return heard, load_corrections(session, recording)


def _giveable(recording: RecordingRow) -> ColumnElement[bool]:
    """A clip of this recording that its owner may show: their own. Of somebody else's, that one says where it ends."""
    return (ClipRow.recording_id == recording.id) & _may_be_shown(recording.owner_id)


def _may_be_shown(owner: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return ClipRow.deleted.is_(None) & (ClipRow.author_id == owner)


@cache
def _is_good() -> ColumnElement[bool]:
    could = ClipGrantRow.taken_back.is_(None) & fetch.are_colleagues(ClipGrantRow.given_by, ClipGrantRow.person_id)
    return could & _is_shown()


def _is_shown() -> ColumnElement[bool]:
    """Whether the clip of a row of `clip_grants` may be shown to its holder, for the sake of the children in it."""
    of = ClipGrantRow.given_by, ClipGrantRow.person_id, ClipRow.recording_id
    return consented.may_be_shown(*of, covered=_is_covered())


def _is_covered() -> ColumnElement[bool]:
    """Whether no face can be seen in the film that others have of a row of `clips`."""
    return select(ClipFacesRow.clip_id).where(ClipFacesRow.clip_id == ClipRow.id).exists()


@cache
def is_held() -> ColumnElement[bool]:
    """Whether a row of `clip_grants` opens its clip: its recording's owner gave it, may show it, and it is good."""
    return (ClipGrantRow.given_by == RecordingRow.owner_id) & _may_be_shown(RecordingRow.owner_id) & _is_good()


def _for(viewer: str) -> Select[ClipRow, RecordingRow, PersonRow, float]:
    """What this person was given and may still see. Here fetching is the access check, as in fetch.py."""
    query = select(ClipRow, RecordingRow, PersonRow, ClipGrantRow.given)
    query = query.join(ClipGrantRow, ClipGrantRow.clip_id == ClipRow.id)
    query = query.join(RecordingRow, RecordingRow.id == ClipRow.recording_id)
    query = query.join(PersonRow, PersonRow.id == RecordingRow.owner_id)
    return query.where(ClipGrantRow.person_id == viewer, is_held())


def is_given() -> ColumnElement[bool]:
    """Whether somebody was given a clip, of a recording that is joined, and may see it now."""
    return select(ClipGrantRow.id).where(ClipGrantRow.clip_id == ClipRow.id, is_held()).exists()


def _one(session: Session, viewer: str, clip: str) -> Row[ClipRow, RecordingRow, PersonRow, float]:
    named = is_id(viewer) and is_id(clip)
    found = session.execute(_for(viewer).where(ClipRow.id == clip)).first() if named else None
    require_clip(found is not None)
    assert found is not None  # noqa: S101 - require_clip lets nobody have what is not there
    return found


def _clips(session: Session, rows: Sequence[Row[ClipRow, RecordingRow, PersonRow, float]]) -> list[GivenClip]:
    films = clip_films.shown(session, [clip for clip, *_ in rows])
    return [_clip(*row, films[row[0].id]) for row in rows]


def _clip(clip: ClipRow, recording: RecordingRow, owner: PersonRow, given: float, film: Film) -> GivenClip:
    return GivenClip(
        clip.id,
        recording.id,
        recording.name,
        owner.id,
        owner.name or owner.email,
        clip.start,
        clip.stop,
        clip.name,
        clip.note,
        datetime.fromtimestamp(given, UTC),
        film,
    )


def _given(rows: list[Row[PersonRow, str, float, bool, bool]]) -> ClipsGiven:
    person = rows[0][0]
    since = datetime.fromtimestamp(min(given for _, _, given, *_ in rows), UTC)
    return ClipsGiven(
        Person(person.id, person.email, person.name),
        frozenset(clip for _, clip, *_ in rows),
        since,
        good=all(good for *_, good, _ in rows),
        kept_close=not all(shown for *_, shown in rows),
    )
