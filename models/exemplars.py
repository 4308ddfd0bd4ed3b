"""A school's library of exemplars: implements `coaching.exemplars.Exemplars`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from coaching.access import COLLEAGUES, NotThere, OfExemplar, require_exemplar
from coaching.audit import Deed
from coaching.coached import School
from coaching.codebooks import Codebook
from coaching.comments import is_plain
from coaching.corrections import Correction
from coaching.cycles import check_text
from coaching.errors import BadInput
from coaching.exemplars import (
    LONGEST_SAID,
    MOST_SAID,
    Choice,
    Exemplar,
    NewExemplar,
    Place,
    Said,
    checked,
)
from coaching.notifications import Kind
from coaching.recordings import is_id, new_id
from coaching.spans import Span
from coaching.transcript import Transcript
from models import audit, codebooks, cycle_rows, exemplar_rows, fetch, telling
from models.cycle_rows import at
from models.database import Database, insert_if_new, now
from models.given_films import same_seconds
from models.tables import (
    ClipRow,
    CycleExemplarRow,
    ExemplarCommentRow,
    ExemplarRow,
    KeptExemplarRow,
    PersonRow,
    RecordingRow,
    RunRow,
)
from models.transcripts import load_corrections, load_transcript

LINK = "/exemplars?one={}"


class ExemplarStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def places(self, viewer: str) -> list[Place]:
        with self._database.read() as session:
            schools = _schools(session, viewer)
            books = codebooks.of_schools(session, schools)
            return [_place(school, books[school.id]) for school in cycle_rows.schools(session, schools)]

    def all(self, viewer: str) -> list[Exemplar]:
        with self._database.read() as session:
            roles = exemplar_rows.roles(session, viewer)
            theirs = or_(ExemplarRow.school_id.in_(roles), ExemplarRow.teacher_id == viewer)
            return exemplar_rows.seen(session, viewer, roles, theirs) if is_id(viewer) else []

    def one(self, viewer: str, exemplar: str) -> Exemplar:
        with self._database.read() as session:
            return _fetch(session, viewer, exemplar, OfExemplar.SEE)[1]

    def heard_in(self, viewer: str, exemplar: str) -> tuple[Span, Transcript, Sequence[Correction]]:
        with self._database.read() as session:
            row, _ = _fetch(session, viewer, exemplar, OfExemplar.SEE)
            recording = session.scalars(select(ClipRow.recording_id).where(ClipRow.id == row.clip_id)).one()
            run = session.scalar(select(RunRow).where(RunRow.recording_id == recording, RunRow.shown))
            heard = None if run is None else load_transcript(session, run)
            if heard is None:
                raise NotThere
            return Span(row.start, row.stop), heard, load_corrections(session, recording)

    def choices(self, viewer: str, school: str) -> list[Choice]:
        with self._database.read() as session:
            _check_works(session, viewer, school)
            shown = select(ExemplarRow.id).where(ExemplarRow.clip_id == ClipRow.id, ExemplarRow.school_id == school)
            shown = shown.where(ExemplarRow.withdrawn.is_(None), same_seconds())
            rows = session.execute(
                exemplar_rows.own_clips(viewer).where(~shown.exists()).order_by(ClipRow.made.desc())
            ).all()
            return exemplar_rows.choices(session, school, rows)

    def publish(self, viewer: str, new: NewExemplar) -> str:
        new = checked(new)
        with self._database.write() as session:
            _check_works(session, viewer, new.school)
            named = is_id(new.clip) and is_id(viewer)
            query = (
                exemplar_rows.own_clips(viewer)
                .where(ClipRow.id == new.clip)
                .with_for_update(of=RecordingRow, key_share=True)
            )
            rows = session.execute(query).all() if named else []
            if not rows:
                raise NotThere
            (choice,) = exemplar_rows.choices(session, new.school, rows)
            if choice.why_not:
                raise BadInput(choice.why_not)
            before = select(ExemplarRow).where(ExemplarRow.clip_id == new.clip, ExemplarRow.school_id == new.school)
            row = session.scalar(before)
            if row is None:
                row = ExemplarRow(id=new_id(), clip_id=new.clip, school_id=new.school, teacher_id=viewer)
                session.add(row)
            row.start, row.stop = choice.span.start, choice.span.end
            row.name, row.to_see, row.look_fors = new.name, new.to_see, list(new.look_fors)
            row.covered, row.published, row.withdrawn = choice.covered, now(session), None
            audit.note(session, Deed.PUBLISHED, viewer, lesson=choice.recording, school=new.school)
            return row.id

    def withdraw(self, viewer: str, exemplar: str) -> None:
        with self._database.write() as session:
            row, one = _fetch(session, viewer, exemplar, OfExemplar.PUBLISH)
            if row.withdrawn is None:
                row.withdrawn = now(session)
                audit.note(session, Deed.WITHDREW, viewer, lesson=one.recording, school=row.school_id)

    def say(self, viewer: str, exemplar: str, body: str) -> None:
        said = check_text(body, LONGEST_SAID, what="A comment")
        if not said or not is_plain(said, LONGEST_SAID):
            raise BadInput("Write a comment first.")
        with self._database.write() as session:
            row, one = _fetch(session, viewer, exemplar, OfExemplar.SAY)
            if one.said >= MOST_SAID:
                raise BadInput(f"There are {MOST_SAID} comments here. Talk about it in person.")
            session.add(
                ExemplarCommentRow(id=new_id(), exemplar_id=row.id, author_id=viewer, body=said, made=now(session))
            )
            link = LINK.format(row.id)
            telling.tell(session, row.teacher_id, Kind.EXEMPLAR_SAID, link, by=viewer, exemplar=row.id)

    def said(self, viewer: str, exemplar: str) -> list[Said]:
        with self._database.read() as session:
            row, one = _fetch(session, viewer, exemplar, OfExemplar.SEE)
            query = select(ExemplarCommentRow, PersonRow).join(PersonRow, PersonRow.id == ExemplarCommentRow.author_id)
            query = query.where(ExemplarCommentRow.exemplar_id == row.id)
            order = ExemplarCommentRow.made, ExemplarCommentRow.id
            return [
                Said(
                    said.id,
                    who.name or who.email,
                    (own := who.id == viewer),
                    said.body,
                    at(said.made),
                    own or one.own,
                )
                for said, who in session.execute(query.order_by(*order))
            ]

    def unsay(self, viewer: str, exemplar: str, said: str) -> None:
        with self._database.write() as session:
            found = session.get(ExemplarCommentRow, said) if is_id(said) else None
            wrote = found is not None and found.author_id == viewer
            row, _ = _fetch(session, viewer, exemplar, OfExemplar.TAKE_BACK, wrote=wrote)
            if found is None or found.exemplar_id != row.id:
                raise NotThere
            session.delete(found)

    def keep(self, viewer: str, exemplar: str, kept: bool) -> None:
        with self._database.write() as session:
            row, _ = _fetch(session, viewer, exemplar, OfExemplar.SEE)
            if kept:
                insert_if_new(session, KeptExemplarRow, exemplar_id=row.id, person_id=viewer)
            else:
                of = KeptExemplarRow.exemplar_id == row.id, KeptExemplarRow.person_id == viewer
                session.execute(delete(KeptExemplarRow).where(*of))

    def tie(self, viewer: str, exemplar: str, cycle: str, tied: bool) -> None:
        with self._database.write() as session:
            to = fetch.cycle(session, viewer, cycle, lock=True)
            row, _ = _fetch(session, viewer, exemplar, OfExemplar.SEE)
            if to.closed is not None:
                raise BadInput("This coaching cycle has ended: its goal stays as it is.")
            if tied:
                insert_if_new(session, CycleExemplarRow, cycle_id=to.id, exemplar_id=row.id, tied=now(session))
            else:
                of = CycleExemplarRow.cycle_id == to.id, CycleExemplarRow.exemplar_id == row.id
                session.execute(delete(CycleExemplarRow).where(*of))

    def tied(self, viewer: str, cycle: str) -> list[Exemplar]:
        with self._database.read() as session:
            of = fetch.cycle(session, viewer, cycle).id
            ids = session.scalars(select(CycleExemplarRow.exemplar_id).where(CycleExemplarRow.cycle_id == of)).all()
            if not ids:
                return []
            roles = exemplar_rows.roles(session, viewer)
            found = exemplar_rows.seen(session, viewer, roles, ExemplarRow.id.in_(ids))
            return [one for one in found if one.asleep is None]


def _fetch(
    session: Session, viewer: str, exemplar: str, what: OfExemplar, *, wrote: bool = False
) -> tuple[ExemplarRow, Exemplar]:
    """The exemplar, if the viewer may do this with it. Raises NotThere."""
    named, roles = is_id(viewer) and is_id(exemplar), exemplar_rows.roles(session, viewer)
    found = exemplar_rows.seen(session, viewer, roles, ExemplarRow.id == exemplar) if named else []
    if not found:
        raise NotThere
    (one,) = found
    require_exemplar(what, one.own, roles.get(one.school, frozenset()), one.asleep is not None, wrote)
    return session.scalars(select(ExemplarRow).where(ExemplarRow.id == exemplar)).one(), one


def _schools(session: Session, viewer: str) -> list[str]:
    """Those at which they teach or coach."""
    return [school for school, what in exemplar_rows.roles(session, viewer).items() if what & set(COLLEAGUES)]


def _check_works(session: Session, viewer: str, school: str) -> None:
    """Raises NotThere for a school at which they neither teach nor coach."""
    if school not in _schools(session, viewer):
        raise NotThere


def _place(school: School, books: Sequence[Codebook]) -> Place:
    names = {label.name for book in books for label in book.labels}
    return Place(school.id, school.name, school.covers_faces, tuple(sorted(names, key=str.casefold)))
