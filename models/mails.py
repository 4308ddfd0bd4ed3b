"""E-mails that tell of notifications: implements `coaching.mailing.Mails`.

Whoever takes an e-mail locks its reader first, then the rows: of two workers each has another reader's. A claim stands
while its token is in the rows, until it is `due` again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from coaching.mailing import DIGEST, HELD_S, LATE_S, TOO_LATE, Mail, Mailing, Post, again_in, check, named, signed
from coaching.notifications import Kind, Preferences, Way, when
from coaching.recordings import is_id, new_id
from models.database import Database, now
from models.notifications import TOGETHER, at, at_or_none, row_of, rows, save, stands, to_notices
from models.tables import NotificationRow, PersonRow, PreferenceRow
from models.telling import preferences_of

AT_ONCE = 200
"""Rows of one transaction."""

WEEK_S = 7 * 86_400.0

_N = NotificationRow


class MailStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self) -> None:
        new = _N.mail == Mailing.NEW
        with self._database.read() as session:  # asked often, and mostly for nothing
            if session.scalar(select(_N.id).where(new).limit(1)) is None:
                return
        with self._database.write() as session:
            moment = now(session)
            query = select(_N).where(new).order_by(_N.made).limit(AT_ONCE).with_for_update(skip_locked=True)
            for row in session.scalars(query).all():
                due = None
                if row.kind in list(Kind) and row.read is None and row.made > moment - LATE_S:
                    wanted, last = preferences_of(session, row.person_id), _last(session, row)
                    due = when(Kind(row.kind), at(row.made), wanted, at(moment), at_or_none(last))
                row.mail = Mailing.NONE if due is None else Mailing.WAITING
                row.due = None if due is None else due.timestamp()

    def claim(self) -> Mail | None:
        with self._database.read() as session:
            if session.scalar(select(_N.id).where(_is_due(now(session))).limit(1)) is None:
                return None
        with self._database.write() as session:
            moment = now(session)
            first = select(PersonRow).join(_N, _N.person_id == PersonRow.id).where(_is_due(moment))
            first = first.order_by(_N.due).limit(1).with_for_update(of=PersonRow, key_share=True, skip_locked=True)
            while (person := session.scalar(first)) is not None:
                if chosen := _chosen(session, person, moment):
                    return _claimed(session, person, chosen, moment)
            return None

    def going(self, mail: Mail) -> bool:
        with self._database.write() as session:
            held = _held(session, mail)
            moment = now(session)
            fit = select(_N.id).join(PersonRow, PersonRow.id == _N.person_id)
            fit = fit.where(_N.token == mail.token, _N.read.is_(None), stands(), PersonRow.left.is_(None))
            good = len(session.scalars(fit).all()) == mail.rows
            ours = [row for row in held if row.mail is Mailing.WAITING and (row.due or 0.0) > moment]
            if not good or len(ours) != mail.rows:
                for row in ours:  # what is left of it goes as another one
                    row.due, row.token, row.tries = moment, None, row.tries - 1
                return False
            for row in ours:
                row.mail, row.sent, row.due, row.reason = Mailing.SENT, moment, None, None
            return True

    def fail(self, mail: Mail, reason: str, *, again: bool) -> None:
        with self._database.write() as session:
            wait = again_in(mail.tries) if again else None
            moment = now(session)
            for row in _held(session, mail):
                if row.mail in (Mailing.WAITING, Mailing.SENT):
                    row.mail = Mailing.FAILED if wait is None else Mailing.WAITING
                    row.due = None if wait is None else moment + wait
                    row.sent, row.reason = None, reason

    def about(self, link: str) -> Kind | None:
        with self._database.read() as session:
            return _about(session, link)[1]

    def leave(self, link: str) -> None:
        with self._database.write() as session:
            person, kind = _about(session, link)
            before = preferences_of(session, person)
            ended = [one for one in Kind if before.way(one) is Way.DIGEST] if kind is None else [kind]
            ended = [one for one in ended if before.way(one) is not Way.OFF]
            chosen = {**before.chosen, **dict.fromkeys(ended, Way.APP)}
            save(session, person, Preferences(chosen, before.quiet, before.digest, before.zone))


def post(session: Session) -> Post:
    """Where all of them stand."""
    lately = (_N.mail == Mailing.FAILED) & (_N.made > now(session) - WEEK_S)
    counts = select(_N.mail, func.count()).where(or_(_N.mail == Mailing.WAITING, lately)).group_by(_N.mail)
    found: dict[Mailing, int] = dict(session.execute(counts).all())
    stuck = or_((_N.mail == Mailing.WAITING) & _N.reason.is_not(None), lately)
    why = session.scalar(select(_N.reason).where(stuck).order_by(_N.made.desc()).limit(1)) if found else None
    return Post(found.get(Mailing.WAITING, 0), found.get(Mailing.FAILED, 0), why)


def _is_due(moment: float) -> ColumnElement[bool]:
    return (_N.mail == Mailing.WAITING) & (_N.due <= moment)


def _last(session: Session, row: NotificationRow) -> float | None:
    """When an e-mail last went of what this one is gathered with."""
    alike = [column.is_not_distinct_from(getattr(row, column.key)) for column in TOGETHER]
    return session.scalar(select(func.max(_N.sent)).where(_N.person_id == row.person_id, _N.read.is_(None), *alike))


def _chosen(session: Session, person: PersonRow, moment: float) -> list[NotificationRow]:
    """The rows of this person's next e-mail: all that is due of the first one's kind, or all of the daily one. Of the
    others that are due, those that must not go yet, or not at all, wait or end here."""
    wanted = preferences_of(session, person.id)
    mine = (_N.person_id == person.id) & _is_due(moment)
    standing = set(session.scalars(select(_N.id).where(mine, stands())))
    ready = []
    for row in session.scalars(select(_N).where(mine).order_by(_N.made.desc(), _N.id).with_for_update()).all():
        due = when(Kind(row.kind), at(row.made), wanted, at(moment))
        if due is None or row.read is not None or row.id not in standing or person.left is not None:
            row.mail, row.due = Mailing.NONE, None
        elif row.made < moment - LATE_S:
            row.mail, row.due, row.reason = Mailing.FAILED, None, TOO_LATE
        elif due > at(moment):
            row.due = due.timestamp()
        else:
            ready.append(row)
    session.flush()
    what = [_what(row, wanted) for row in ready]
    return [row for row, one in zip(ready, what, strict=True) if one == what[0]]


def _claimed(session: Session, person: PersonRow, chosen: Sequence[NotificationRow], moment: float) -> Mail:
    token = new_id()
    for row in chosen:
        row.token, row.due, row.tries = token, moment + HELD_S, row.tries + 1
    session.flush()
    ids = [row.id for row in chosen]
    what = _what(chosen[0], preferences_of(session, person.id))
    told = session.execute(rows().where(_N.id.in_(ids)).order_by(_N.made.desc(), _N.id)).all()
    return Mail(
        id=hashlib.sha256(" ".join(sorted(ids)).encode()).hexdigest()[:32],
        token=token,
        to=person.email,
        notices=to_notices(told),
        of=None if what == DIGEST else Kind(what),
        leave=signed(row_of(session, person.id).key, person.id, what),
        tries=max(row.tries for row in chosen),
        rows=len(ids),
    )


def _what(row: NotificationRow, wanted: Preferences) -> str:
    return DIGEST if wanted.way(Kind(row.kind)) is Way.DIGEST else row.kind


def _held(session: Session, mail: Mail) -> Sequence[NotificationRow]:
    """The rows that the claim holds, or held last."""
    return session.scalars(select(_N).where(_N.token == mail.token).order_by(_N.id).with_for_update()).all()


def _about(session: Session, link: str) -> tuple[str, Kind | None]:
    """Whose e-mails of which kind a link is about. Raises NotThere."""
    person, what = named(link)
    key = session.scalar(select(PreferenceRow.key).where(PreferenceRow.person_id == person)) if is_id(person) else None
    check(link, key)
    return person, None if what == DIGEST else Kind(what)
