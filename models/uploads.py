"""Uploads, and the classes that they are of: implements `coaching.uploads.Uploads`.

Every method for a person fetches through `_own`, which looks only among that person's own. Whoever decides on an upload
locks its row first; only who checks one moves it on from there.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnExpressionArgument, delete, func, select, update
from sqlalchemy.orm import Session

from coaching.access import NotThere
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.recordings import is_id, new_id
from coaching.uploads import (
    CLOSED,
    KEPT_S,
    MOST_OPEN,
    RENEWED_S,
    ClassPeriod,
    NewUpload,
    NotNow,
    NotTeacher,
    TicketKind,
    Upload,
    UploadFile,
    UploadOver,
    UploadState,
)
from models.database import Database, insert_if_new, now
from models.tables import (
    AnswersRow,
    ClassPeriodRow,
    FileRow,
    MembershipRow,
    RecordingRow,
    SchoolRow,
    TicketRow,
    UploadFileRow,
    UploadRow,
)

STANDING = (UploadState.OPEN, UploadState.CHECKING)
RECENT = 20
"""How many lessons are looked through for what somebody looks for."""


class UploadStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def teaches_at(self, owner: str) -> list[str]:
        with self._database.read() as session:
            return sorted(_schools(session, owner))

    def classes(self, owner: str) -> list[ClassPeriod]:
        query = select(ClassPeriodRow, SchoolRow.name).join(SchoolRow, SchoolRow.id == ClassPeriodRow.school_id)
        query = query.where(ClassPeriodRow.teacher_id == owner).order_by(ClassPeriodRow.name, SchoolRow.name)
        with self._database.read() as session:
            return [ClassPeriod(row.id, row.name, school) for row, school in session.execute(query)]

    def look_fors(self, owner: str) -> list[str]:
        query = select(AnswersRow.look_fors).join(RecordingRow, RecordingRow.id == AnswersRow.recording_id)
        query = query.where(RecordingRow.owner_id == owner).order_by(RecordingRow.added.desc()).limit(RECENT)
        with self._database.read() as session:
            return list(dict.fromkeys(one for said in session.scalars(query) for one in said))[:RECENT]

    def kept(self, owner: str) -> int:
        brought = select(func.sum(FileRow.size)).join(RecordingRow, RecordingRow.id == FileRow.recording_id)
        coming = select(func.sum(UploadFileRow.size)).join(UploadRow, UploadRow.id == UploadFileRow.upload_id)
        coming = coming.where(UploadRow.owner_id == owner, UploadRow.state.in_(STANDING))
        with self._database.read() as session:
            return int(session.scalar(brought.where(RecordingRow.owner_id == owner)) or 0) + int(
                session.scalar(coming) or 0
            )

    def begin(self, new: NewUpload, ticket: str | None = None) -> Upload:
        with self._database.write() as session:
            schools = _schools(session, new.owner)
            if not schools:
                raise NotTeacher
            opened = select(func.count()).where(UploadRow.owner_id == new.owner, UploadRow.state.in_(STANDING))
            if (session.scalar(opened) or 0) >= MOST_OPEN:
                raise NotNow(f"{MOST_OPEN} lessons of yours are on their way. Finish one of them, or delete it.")
            moment = now(session)
            row = UploadRow(
                id=new_id(),
                owner_id=new.owner,
                name=new.name,
                class_period_id=_class(session, new, schools),
                taught=new.taught,
                consent=moment,
                look_fors=list(new.look_fors),
                parts=len(new.sizes),
                state=UploadState.OPEN,
                began=moment,
                ends=moment + KEPT_S,
            )
            session.add(row)
            session.flush()
            session.add_all(
                UploadFileRow(id=new_id(), upload_id=row.id, position=n, name="", size=size, fingerprint="")
                for n, size in enumerate(new.sizes)
            )
            session.flush()
            if ticket is not None and not _bind(session, ticket, new.owner, row.id):
                raise NotNow("This code has its lesson already. Show a new code for another lesson.")
            return _uploads(session, UploadRow.id == row.id)[0]

    def mine(self, owner: str) -> list[Upload]:
        with self._database.read() as session:
            mine = (UploadRow.owner_id == owner, UploadRow.state != UploadState.ARRIVED, UploadRow.ends > now(session))
            return _uploads(session, *mine)

    def one(self, owner: str, upload: str) -> Upload:
        with self._database.read() as session:
            return _own(session, owner, UploadRow.id == upload if is_id(upload) else None)

    def of_file(self, owner: str, file: str) -> tuple[Upload, UploadFile]:
        with self._database.read() as session:
            found = _of_file(session, owner, file)
            return found, next(part for part in found.files if part.id == file)

    def begin_part(self, owner: str, upload: str, part: UploadFile) -> tuple[UploadFile, str | None]:
        with self._database.write() as session:
            found = _own(session, owner, UploadRow.id == upload if is_id(upload) else None, lock=True)
            if found.state is not UploadState.OPEN:
                raise NotNow(CLOSED)
            before = next((one for one in found.files if one.position == part.position), None)
            if before is None or before.size != part.size:
                raise BadInput("This file is not the one that was announced for the lesson. Begin the lesson anew.")
            if before.fingerprint == part.fingerprint:
                return before, None
            values = {"id": part.id, "name": part.name, "fingerprint": part.fingerprint, "sha256": None}
            session.execute(update(UploadFileRow).where(UploadFileRow.id == before.id).values(values))
            return part, before.id

    def drop_part(self, owner: str, file: str) -> None:
        with self._database.write() as session:
            if _of_file(session, owner, file, lock=True).state is not UploadState.OPEN:
                raise NotNow(CLOSED)
            values = {"id": new_id(), "name": "", "fingerprint": "", "sha256": None}
            session.execute(update(UploadFileRow).where(UploadFileRow.id == file).values(values))

    def renew(self, upload: str) -> float:
        with self._database.read() as session:
            ends, moment = session.scalar(select(UploadRow.ends).where(UploadRow.id == upload)), now(session)
        if ends is not None and ends > moment + KEPT_S - RENEWED_S:
            return ends
        with self._database.write() as session:
            session.execute(update(UploadRow).where(UploadRow.id == upload).values(ends=moment + KEPT_S))
        return moment + KEPT_S

    def check(self, owner: str, upload: str, sha256: Sequence[str]) -> Upload:
        with self._database.write() as session:
            found = _own(session, owner, UploadRow.id == upload if is_id(upload) else None, lock=True)
            if found.state is not UploadState.OPEN:
                return found
            for part, said in zip(found.files, sha256, strict=True):
                session.execute(update(UploadFileRow).where(UploadFileRow.id == part.id).values(sha256=said))
            values = {"state": UploadState.CHECKING, "reason": None, "ends": now(session) + KEPT_S}
            session.execute(update(UploadRow).where(UploadRow.id == upload).values(values))
            return _uploads(session, UploadRow.id == upload)[0]

    def remove(self, owner: str, upload: str) -> None:
        with self._database.write() as session:
            found = _own(session, owner, UploadRow.id == upload if is_id(upload) else None, lock=True)
            if found.state is UploadState.CHECKING:
                raise NotNow("This lesson is being checked. Wait a moment, then delete it.")
            if found.state is not UploadState.ARRIVED:
                session.execute(update(TicketRow).where(TicketRow.upload_id == upload).values(upload_id=None))
            session.execute(delete(UploadRow).where(UploadRow.id == upload))

    def at_check(self, upload: str) -> Upload | None:
        with self._database.read() as session:
            where = (UploadRow.id == upload, UploadRow.state == UploadState.CHECKING)
            return next(iter(_uploads(session, *where)), None)

    def reopen(self, upload: str, reason: str) -> None:
        self._checked(upload, state=UploadState.OPEN, reason=reason)

    def refuse(self, upload: str, reason: str) -> None:
        self._checked(upload, state=UploadState.REFUSED, reason=reason)

    def arrive(self, upload: str, recording: str) -> None:
        self._checked(upload, state=UploadState.ARRIVED, recording_id=recording)

    def standing(self) -> list[Upload]:
        with self._database.read() as session:
            return _uploads(session, UploadRow.state.in_(STANDING))

    def forget_over(self) -> list[str]:
        with self._database.write() as session:
            over = delete(UploadRow).where(UploadRow.state != UploadState.CHECKING, UploadRow.ends <= now(session))
            return list(session.scalars(over.returning(UploadRow.id)))

    def _checked(self, upload: str, **values: object) -> None:
        with self._database.write() as session:
            at_check = update(UploadRow).where(UploadRow.id == upload, UploadRow.state == UploadState.CHECKING)
            session.execute(at_check.values(values))


def _uploads(session: Session, *where: ColumnExpressionArgument[bool]) -> list[Upload]:
    """The uploads for which `where` holds, the newest first."""
    query = select(UploadRow, ClassPeriodRow.name).outerjoin(ClassPeriodRow)
    rows = session.execute(query.where(*where).order_by(UploadRow.began.desc(), UploadRow.id)).all()
    parts = select(UploadFileRow).where(UploadFileRow.upload_id.in_([row.id for row, _ in rows]))
    files: dict[str, list[UploadFile]] = {}
    for f in session.scalars(parts.order_by(UploadFileRow.position)):
        found = UploadFile(f.id, f.position, f.name, f.size, f.fingerprint, f.sha256)
        files.setdefault(f.upload_id, []).append(found)
    return [
        Upload(
            id=row.id,
            owner=row.owner_id,
            name=row.name,
            class_id=row.class_period_id,
            class_name=name,
            taught=row.taught,
            consent=row.consent,
            look_fors=tuple(row.look_fors),
            state=row.state,
            reason=row.reason,
            recording=row.recording_id,
            ends=row.ends,
            files=tuple(files.get(row.id, ())),
        )
        for row, name in rows
    ]


def _own(session: Session, owner: str, which: ColumnExpressionArgument[bool] | None, *, lock: bool = False) -> Upload:
    """The person's upload for which this holds. Raises NotThere, UploadOver. With `lock`, nobody else decides on it."""
    if which is None or not is_id(owner):
        raise NotThere
    query = select(UploadRow.id).where(which, UploadRow.owner_id == owner)
    id = session.scalar(query.with_for_update() if lock else query)
    found = _uploads(session, UploadRow.id == id) if id is not None else []
    if not found:
        raise NotThere
    if found[0].ends <= now(session) and found[0].state is not UploadState.CHECKING:
        raise UploadOver
    return found[0]


def _of_file(session: Session, owner: str, file: str, *, lock: bool = False) -> Upload:
    begun = select(UploadFileRow.upload_id).where(UploadFileRow.id == file, UploadFileRow.fingerprint != "")
    return _own(session, owner, UploadRow.id == begun.scalar_subquery() if is_id(file) else None, lock=lock)


def _schools(session: Session, owner: str) -> dict[str, str]:
    """Where this person is a teacher: ids of schools by name."""
    query = select(SchoolRow.name, SchoolRow.id).join(MembershipRow, MembershipRow.school_id == SchoolRow.id)
    query = query.where(MembershipRow.person_id == owner, MembershipRow.membership == Membership.TEACHER)
    return {school.name: school.id for school in session.execute(query)} if is_id(owner) else {}


def _class(session: Session, new: NewUpload, schools: dict[str, str]) -> str:
    """The id of the class, which is made where it is new."""
    if new.class_id is not None:
        own = select(ClassPeriodRow.id).where(ClassPeriodRow.teacher_id == new.owner)
        found = session.scalar(own.where(ClassPeriodRow.id == new.class_id)) if is_id(new.class_id) else None
        if found is None:
            raise BadInput("That class is none of yours. Choose another, or write its name.")
        return found
    if new.school is None and len(schools) > 1:
        raise BadInput("You teach at several schools. Say at which one this class is.")
    school = schools.get(new.school or next(iter(schools)))
    if school is None:
        raise BadInput("You are not a teacher at that school. Choose one of yours.")
    values = {"teacher_id": new.owner, "school_id": school, "name": new.class_name}
    insert_if_new(session, ClassPeriodRow, id=new_id(), added=now(session), **values)
    return session.scalars(select(ClassPeriodRow.id).filter_by(**values)).one()


def _bind(session: Session, ticket: str, owner: str, upload: str) -> bool:
    """Make this the one upload of a pass; False where it has one, or is not good any more."""
    free = update(TicketRow).where(
        TicketRow.id == ticket,
        TicketRow.kind == TicketKind.PASS,
        TicketRow.person_id == owner,
        TicketRow.upload_id.is_(None),
        TicketRow.ends > now(session),
    )
    return session.execute(free.values(upload_id=upload).returning(TicketRow.id)).first() is not None
