"""The library, in pages: implements `coaching.library.Library`.

What somebody may see is their own, and what was granted to them by name; every query here begins with that. How many
lessons there are is counted by the database, and only those of one page are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select, union_all
from sqlalchemy.orm import Session

from coaching.access import Action, Grant, NotThere, require
from coaching.audit import Deed
from coaching.comments import Audience
from coaching.errors import BadInput
from coaching.library import Filter, Labels, Listed, Page, Receipt, Shown, Whose, class_name, lesson_name, tags_of
from coaching.people import Membership
from coaching.recordings import Priority, RunState, StageState, is_id, new_id
from models import audit, consented, erasing, fetch
from models.database import Database, insert_if_new, now
from models.given_clips import is_held
from models.news import may_read
from models.rows import gone_of, statuses, to_run
from models.tables import (
    AnswersRow,
    ClassPeriodRow,
    ClipGrantRow,
    ClipRow,
    CommentRow,
    GrantRow,
    MembershipRow,
    PersonRow,
    ReceiptRow,
    RecordingRow,
    RunRow,
    StageRow,
    TagRow,
    WorkState,
)
from models.types import AnyText

UNSETTLED = (RunState.WAITING, RunState.RUNNING)

_failed = select(StageRow.run_id).where(StageRow.run_id == RunRow.id, StageRow.state == StageState.FAILED).exists()
_shown: ColumnElement[str] = case(
    (RunRow.state.in_(UNSETTLED), Shown.AT_WORK),
    (and_(RunRow.state == RunState.READY, ~_failed), Shown.READY),
    else_=Shown.ATTENTION,
)
_whole = select(GrantRow.id).where(GrantRow.recording_id == RecordingRow.id, fetch.is_good())
_clips = select(ClipGrantRow.id).join(ClipRow, ClipRow.id == ClipGrantRow.clip_id)
_clips = _clips.where(ClipRow.recording_id == RecordingRow.id, is_held())
_is_given = or_(_whole.exists(), _clips.exists())
"""Whether anybody sees it, or clips of it, whose it is not."""

_NEWEST_FIRST = (RecordingRow.added + 0.0).desc(), RecordingRow.id
"""By no index: PostgreSQL would go through everybody's lessons by it, until it met enough of the few that are asked."""

_called = case((PersonRow.name != "", PersonRow.name), else_=PersonRow.email)


class LibraryStore:
    _database: Database

    def library(self, viewer: str, filter: Filter, limit: int) -> Page:
        if not is_id(viewer):
            return Page((), 0, 0, empty=True)
        whose = {
            Whose.SHARED: (RecordingRow.owner_id == viewer) & _is_given,
            Whose.WITH_ME: RecordingRow.owner_id != viewer,
        }
        wanted = [_seen_by(viewer), *_wanted(filter)]
        kinds = (
            _shown.label("kind"),
            whose[Whose.SHARED].label("is_shared"),
            whose[Whose.WITH_ME].label("is_with_me"),
            (RunRow.work != WorkState.OVER).label("is_open"),
        )
        counted = _listed(*kinds, func.count()).where(*wanted).group_by(*kinds)
        newest = _listed(RecordingRow.id).where(*wanted).order_by(*_NEWEST_FIRST)
        if filter.whose:
            newest = newest.where(whose[filter.whose])
        if filter.shown:
            newest = newest.where(_shown == filter.shown)
        with self._database.read() as session:
            groups = session.execute(counted).all()
            lessons = _page(session, viewer, session.scalars(newest.limit(limit)).all())
            nothing = not groups and session.scalar(select(RecordingRow.id).where(_seen_by(viewer)).limit(1)) is None
        return _counted(filter, groups, lessons, nothing)

    def newest(self, viewer: str) -> str | None:
        query = select(RecordingRow.id).where(_seen_by(viewer)).order_by(*_NEWEST_FIRST)
        with self._database.read() as session:
            return session.scalar(query.limit(1)) if is_id(viewer) else None

    def listed(self, viewer: str, recording: str) -> Listed:
        with self._database.read() as session:
            row, _ = fetch.recording(session, viewer, Action.SEE, recording)
            return _page(session, viewer, [row.id])[0]

    def last_taught(self, viewer: str, many: int) -> list[Listed]:
        if not is_id(viewer):
            return []
        mine = _listed(RecordingRow.id, AnswersRow.taught, RecordingRow.added)
        mine = mine.where(RecordingRow.owner_id == viewer, RunRow.facts.is_not(None))
        with self._database.read() as session:
            days = [(taught or _day(added), added, id) for id, taught, added in session.execute(mine)]
            return _page(session, viewer, [id for *_, id in sorted(days)[-many:]])

    def labels(self, viewer: str) -> Labels:
        if not is_id(viewer):
            return Labels()
        classes = select(ClassPeriodRow.id, ClassPeriodRow.name).distinct()
        classes = classes.join(AnswersRow, AnswersRow.class_period_id == ClassPeriodRow.id)
        classes = classes.join(RecordingRow, RecordingRow.id == AnswersRow.recording_id)
        tags = select(TagRow.tag).distinct().join(RecordingRow, RecordingRow.id == TagRow.recording_id)
        with self._database.read() as session:
            found = session.execute(classes.where(_seen_by(viewer))).all()
            words = session.scalars(tags.where(_seen_by(viewer))).all()
        return Labels(
            tuple(sorted(found, key=lambda one: (one[1].casefold(), one[0]))), tuple(sorted(words, key=str.casefold))
        )

    def rename(self, viewer: str, recording: str, name: str) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CHANGE, recording, lock=True)
            row.name = lesson_name(name)

    def describe(
        self, viewer: str, recording: str, class_name: str | None, taught: date | None, tags: tuple[str, ...]
    ) -> None:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.CHANGE, recording, lock=True)
            words = tags_of(tags)
            session.execute(delete(TagRow).where(TagRow.recording_id == row.id))
            session.add_all(TagRow(recording_id=row.id, tag=word) for word in words)
            answers = session.get(AnswersRow, row.id) or AnswersRow(recording_id=row.id, look_fors=[])
            answers.class_period_id = class_of(session, viewer, class_name) if class_name else None
            answers.taught = None if taught is None else taught.isoformat()
            session.add(answers)

    def delete(self, viewer: str, recording: str, files: int, bytes: int) -> Receipt:
        with self._database.write() as session:
            row, _ = fetch.recording(session, viewer, Action.DELETE, recording, lock=True)
            left = ReceiptRow(
                id=new_id(),
                owner_id=row.owner_id,
                recording=row.id,
                name=row.name,
                added=row.added,
                deleted=now(session),
                files=files,
                bytes=bytes,
            )
            session.add(left)
            audit.note(session, Deed.DELETED, viewer, lesson=row.id)
            # What refers to it goes with it; who is at work on it finds nothing at their next report.
            left.rows = dict(erasing.recording(session, row.id))
            receipt = _receipt(left)
        self._database.forget()
        return receipt

    def receipts(self, viewer: str) -> list[Receipt]:
        if not is_id(viewer):
            return []
        found = select(ReceiptRow).where(ReceiptRow.owner_id == viewer)
        with self._database.read() as session:
            return list(map(_receipt, session.scalars(found.order_by(ReceiptRow.deleted.desc(), ReceiptRow.id))))

    def receipt(self, viewer: str, receipt: str) -> Receipt:
        named = is_id(viewer) and is_id(receipt)
        with self._database.read() as session:
            query = select(ReceiptRow).where(ReceiptRow.id == receipt, ReceiptRow.owner_id == viewer)
            row = session.scalar(query) if named else None
        if row is None:
            raise NotThere
        return _receipt(row)


def _counted(filter: Filter, groups: Sequence[tuple[Any, ...]], lessons: list[Listed], nothing: bool) -> Page:
    """The page, with its counts from (kind, shared, shared with me, at work, how many)."""
    shown, whose, found = Counter[Shown](), Counter[Whose](), 0
    for kind, shared, with_me, _, count in groups:
        theirs = [w for w, is_so in ((Whose.SHARED, shared), (Whose.WITH_ME, with_me)) if is_so]
        shown[Shown(kind)] += count
        whose.update(dict.fromkeys(theirs, count))
        found += count * (filter.shown in (None, kind) and (filter.whose is None or filter.whose in theirs))
    total, is_open = sum(group[-1] for group in groups), any(group[3] for group in groups)
    return Page(tuple(lessons), found, total, shown, whose, is_open, nothing)


def _seen_by(viewer: str) -> ColumnElement[bool]:
    """What is theirs, and what was granted to this very person."""
    own = select(RecordingRow.id).where(RecordingRow.owner_id == viewer).correlate(None)
    held = select(GrantRow.recording_id).where(GrantRow.person_id == viewer, fetch.is_good())
    return RecordingRow.id.in_(union_all(own, held.where(GrantRow.what == Grant.SEE)))


def _listed(*columns: Any) -> Select[Any]:
    query = select(*columns).select_from(RecordingRow)
    query = query.join(RunRow, and_(RunRow.recording_id == RecordingRow.id, RunRow.shown))
    return query.outerjoin(AnswersRow, AnswersRow.recording_id == RecordingRow.id)


def _wanted(filter: Filter) -> list[ColumnElement[bool]]:
    """The conditions of a filter, apart from the kinds that are counted."""
    found: list[ColumnElement[bool]] = []
    if text := filter.text.strip().lower():
        found.append(func.lower(RecordingRow.name, type_=AnyText()).contains(text, autoescape=True))
    if filter.class_id is not None:
        found.append(AnswersRow.class_period_id == filter.class_id)
    if filter.tag is not None:
        found.append(
            select(TagRow.tag).where(TagRow.recording_id == RecordingRow.id, TagRow.tag == filter.tag).exists()
        )
    if filter.since is not None:
        brought = AnswersRow.taught.is_(None) & (RecordingRow.added >= _midnight(filter.since, filter))
        found.append(or_(AnswersRow.taught >= filter.since.isoformat(), brought))
    if filter.until is not None:
        after = _midnight(filter.until + timedelta(days=1), filter)
        brought = AnswersRow.taught.is_(None) & (RecordingRow.added < after)
        found.append(or_(AnswersRow.taught <= filter.until.isoformat(), brought))
    return found


def _midnight(day: date, filter: Filter) -> float:
    return datetime.combine(day, time(), filter.zone).timestamp()


def _day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


def _page(session: Session, viewer: str, ids: Sequence[str]) -> list[Listed]:
    """These lessons in this order, with all that stands on their cards: a handful of queries, however many they are."""
    query = (
        _listed(
            *(RecordingRow, RunRow, PersonRow.name, PersonRow.email, AnswersRow.taught, ClassPeriodRow),
            fetch.opened_by(fetch.VIEWER),
        )
        .join(PersonRow, PersonRow.id == RecordingRow.owner_id)
        .outerjoin(ClassPeriodRow, ClassPeriodRow.id == AnswersRow.class_period_id)
        .where(RecordingRow.id.in_(ids))
    )
    rows = {row[0].id: row for row in session.execute(query, {"viewer": viewer})}
    stages = statuses(session, RunRow.recording_id.in_(ids), RunRow.shown)
    given = fetch.all_given_to(session, viewer, GrantRow.recording_id.in_(ids))
    tags = _gathered(session, select(TagRow.recording_id, TagRow.tag).where(TagRow.recording_id.in_(ids)))
    shared, clips = _shared_with(session, viewer, ids), _clips_with(session, viewer, ids)
    notes, gone = _notes(session, viewer, ids), gone_of(session, ids)
    days = {id: consented.day(taught, row.added) for id, (row, _, _, _, taught, *_) in rows.items()}
    classes = {id: None if of is None else of.id for id, (*_, of, _) in rows.items()}
    standing = consented.standings(session, {id: (classes[id], on) for id, on in days.items()})
    ahead = _ahead(session) if any(run.state is RunState.WAITING for _, run, *_ in rows.values()) else {}
    found = []
    for row, run, name, email, taught, of_class, opened in (rows[id] for id in ids):
        require(viewer, Action.SEE, row.owner_id, given.get(row.id, frozenset()), opened)
        listed = Listed(
            id=row.id,
            owner=row.owner_id,
            owner_called=name or email,
            name=row.name,
            added=datetime.fromtimestamp(row.added, UTC),
            run=to_run(run, stages.get(run.id, [])),
            duration=run.facts["duration"] if run.facts else None,
            given=given.get(row.id, frozenset()),
            class_id=of_class and of_class.id,
            class_name=of_class and of_class.name,
            taught=date.fromisoformat(taught) if taught else None,
            tags=tuple(sorted(tags.get(row.id, ()), key=str.casefold)),
            shared_with=tuple(sorted(shared.get(row.id, ()), key=str.casefold)),
            clips_with=tuple(sorted(clips.get(row.id, ()), key=lambda one: one[0].casefold())),
            notes=notes[row.id, Audience.LESSON],
            own_notes=notes[row.id, Audience.AUTHOR],
            ahead=ahead.get(run.id),
            standing=standing[row.id],
            gone=gone.get(row.id),
        )
        found.append(listed)
    return found


def _gathered(session: Session, query: Select[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for recording, what in session.execute(query):
        found.setdefault(recording, []).append(what)
    return found


def _shared_with(session: Session, viewer: str, ids: Sequence[str]) -> dict[str, list[str]]:
    """Whom the viewer gave their own lessons to, by name."""
    query = select(GrantRow.recording_id, _called).join(PersonRow, PersonRow.id == GrantRow.person_id)
    query = query.join(RecordingRow, RecordingRow.id == GrantRow.recording_id).where(RecordingRow.owner_id == viewer)
    query = query.where(GrantRow.recording_id.in_(ids), fetch.is_good(), GrantRow.what == Grant.SEE)
    return _gathered(session, query)


def _clips_with(session: Session, viewer: str, ids: Sequence[str]) -> dict[str, list[tuple[str, int]]]:
    """Whom they gave clips of their own lessons, and not the whole, by name; and how many."""
    query = select(RecordingRow.id, _called, func.count()).join(ClipRow, ClipRow.recording_id == RecordingRow.id)
    query = query.join(ClipGrantRow, ClipGrantRow.clip_id == ClipRow.id)
    query = query.join(PersonRow, PersonRow.id == ClipGrantRow.person_id)
    whole = _whole.where(GrantRow.person_id == PersonRow.id, GrantRow.what == Grant.SEE).exists()
    query = query.where(RecordingRow.owner_id == viewer, RecordingRow.id.in_(ids), is_held(), ~whole)
    found: dict[str, list[tuple[str, int]]] = {}
    for recording, called, many in session.execute(query.group_by(RecordingRow.id, PersonRow.id)):
        found.setdefault(recording, []).append((called, many))
    return found


def _notes(session: Session, viewer: str, ids: Sequence[str]) -> Counter[tuple[str, Audience]]:
    of = (CommentRow.recording_id, CommentRow.audience)
    query = select(*of, func.count()).group_by(*of).where(CommentRow.recording_id.in_(ids))
    query = query.where(CommentRow.deleted.is_(None), may_read(CommentRow, viewer))
    return Counter({(recording, audience): count for recording, audience, count in session.execute(query)})


def _ahead(session: Session) -> dict[str, int]:
    """How many lessons, whosever they are, come before each that waits: those at work, and those that waited longer."""
    query = select(RunRow.id, RunRow.state).where(RunRow.work != WorkState.OVER, RunRow.state.in_(UNSETTLED))
    first = case((RunRow.state == RunState.RUNNING, 0), (RunRow.priority == Priority.SOON, 1), else_=2)
    rows = session.execute(query.order_by(first, RunRow.since, RunRow.id)).all()
    return {run: n for n, (run, state) in enumerate(rows) if state is RunState.WAITING}


def class_of(session: Session, teacher: str, called: str) -> str:
    """The id of a class of theirs by this name, which is made where there is none."""
    name = class_name(called)
    own = select(ClassPeriodRow.id).where(ClassPeriodRow.teacher_id == teacher, ClassPeriodRow.name == name)
    if found := session.scalar(own.order_by(ClassPeriodRow.added.desc()).limit(1)):
        return found
    teaches = select(MembershipRow.school_id).where(MembershipRow.person_id == teacher)
    schools = session.scalars(teaches.where(MembershipRow.membership == Membership.TEACHER)).all()
    if len(schools) != 1:
        raise BadInput("Choose one of your classes. A new one is named where you bring a lesson of it.")
    insert_if_new(
        session, ClassPeriodRow, id=new_id(), teacher_id=teacher, school_id=schools[0], name=name, added=now(session)
    )
    return session.scalars(own).one()


def _receipt(row: ReceiptRow) -> Receipt:
    added, deleted = (datetime.fromtimestamp(moment, UTC) for moment in (row.added, row.deleted))
    return Receipt(row.id, row.name, added, deleted, row.files, row.bytes, row.rows or {})
