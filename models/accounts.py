"""Passwords, sessions, links, and who somebody is to a provider: implements `coaching.accounts.Accounts`.

Wrong passwords are counted before the password is looked at, so that a hundred tries at once are a hundred.
"""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from coaching.accounts import (
    FLOW_S,
    FORGOTTEN_S,
    INVITATION_S,
    RESET_S,
    SESSION_S,
    Flow,
    FlowOver,
    LetGo,
    Link,
    LinkOver,
    NotAdded,
    OtherAccount,
    TooManyTries,
    WrongPassword,
    check_password,
    fingerprint,
    new_secret,
    tries_of,
    wait_s,
)
from coaching.audit import Deed
from coaching.errors import BadInput
from coaching.people import Person, email_address
from models import audit
from models.database import Database, insert_if_new, now
from models.people import PEOPLE, named, people, persons
from models.tables import FlowRow, IdentityRow, LinkRow, PasswordRow, PersonRow, SessionRow, TicketRow, TryRow
from models.types import clock

_hasher = PasswordHasher()
_at_once = threading.BoundedSemaphore(2)
"""A hash takes 64 MB by design: two at once are enough for a school, and no crowd fills the memory."""

_VIEWER = PEOPLE.join(SessionRow, SessionRow.person_id == PersonRow.id).where(
    SessionRow.id == bindparam("session"), SessionRow.ends > clock(), PersonRow.left.is_(None)
)
"""Made once: every request asks it, and every rerun of a page several times."""


class AccountStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    def invite(self, email: str) -> str:
        with self._database.write() as session:
            return new_link(session, named(session, email), by=None)

    def link(self, secret: str) -> Link:
        with self._database.read() as session:
            person = session.scalar(_good_link(session, secret))
            if person is None:
                raise LinkOver
            return Link(people(session, PersonRow.id == person)[0], session.get(PasswordRow, person) is None)

    def set_by_link(self, secret: str, password: str) -> str:
        self.link(secret)  # before a hash is paid for
        check_password(password)
        made, cookie = _hash(password), new_secret()
        with self._database.write() as session:
            person = session.scalar(_good_link(session, secret).with_for_update(of=LinkRow))
            if person is None:
                raise LinkOver
            _set(session, person, made)
            _sign_in(session, person, cookie)
        return cookie

    def set_password(self, email: str, password: str) -> None:
        check_password(password)
        with self._database.read() as session:
            named(session, email)
        made = _hash(password)
        with self._database.write() as session:
            _set(session, named(session, email), made)

    def sign_in(self, email: str, password: str, address: str) -> str:
        try:
            email = email_address(email)
        except BadInput:
            email = ""  # nobody's, and counted like everybody's
        tries = tries_of(email, address)
        self._count(tries)
        query = select(PasswordRow).join(PersonRow, PersonRow.id == PasswordRow.person_id)
        query = query.where(PersonRow.email == email)
        with self._database.read() as session:
            known = session.scalar(query)
        if not _matches(known.hash if known else _nobodys(), password) or known is None:
            raise WrongPassword
        cookie = new_secret()
        with self._database.write() as session:
            # Another password may have been set meanwhile, which ended all sessions: this must not outlive it.
            still = select(PasswordRow.person_id).where(PasswordRow.hash == known.hash).with_for_update(read=True)
            person = session.scalar(still.where(PasswordRow.person_id == known.person_id))
            if person is None:
                raise WrongPassword
            _let_in(session, person)
            _sign_in(session, person, cookie)
            both, of_account, of_address = tries
            session.execute(delete(TryRow).where(TryRow.id.in_([both, of_account])))
            back = update(TryRow).where(TryRow.id == of_address, TryRow.count > 0)
            session.execute(back.values(count=TryRow.count - 1))
        return cookie

    def set_out(self, browser: str, next: str) -> Flow:
        flow = Flow(new_secret(), new_secret(), new_secret(), next)
        with self._database.write() as session:
            moment = now(session)
            session.execute(delete(FlowRow).where(FlowRow.ends <= moment))
            session.add(
                FlowRow(
                    id=fingerprint(flow.state),
                    browser=fingerprint(browser),
                    nonce=flow.nonce,
                    verifier=flow.verifier,
                    next=next,
                    ends=moment + FLOW_S,
                )
            )
        return flow

    def come_back(self, state: str, browser: str) -> Flow:
        with self._database.write() as session:
            mine = delete(FlowRow).where(FlowRow.id == fingerprint(state), FlowRow.browser == fingerprint(browser))
            mine = mine.where(FlowRow.ends > now(session))
            found = session.execute(mine.returning(FlowRow.nonce, FlowRow.verifier, FlowRow.next)).one_or_none()
        if found is None:
            raise FlowOver
        return Flow(state, *found)

    def sign_in_as(self, issuer: str, subject: str, email: str | None) -> str:
        cookie = new_secret()
        with self._database.write() as session:
            known = session.get(IdentityRow, (issuer, subject))
            person = known.person_id if known else _link(session, issuer, subject, email)
            _let_in(session, person)
            _sign_in(session, person, cookie)
        return cookie

    def session(self, session: str) -> Person | None:
        with self._database.read() as found:
            return next(iter(persons(found.execute(_VIEWER, {"session": session}))), None)

    def sessions(self) -> int:
        with self._database.read() as session:
            return session.scalar(select(func.count()).where(SessionRow.ends > now(session))) or 0

    def password_set(self, person: str) -> float | None:
        with self._database.read() as session:
            return session.scalar(select(PasswordRow.changed).where(PasswordRow.person_id == person))

    def sign_out(self, session: str) -> None:
        with self._database.write() as found:
            found.execute(delete(SessionRow).where(SessionRow.id == session))

    def sign_out_everywhere(self, person: str) -> None:
        with self._database.write() as session:
            for table in (SessionRow, TicketRow):
                session.execute(delete(table).where(table.person_id == person))

    def _count(self, tries: dict[str, int]) -> None:
        """Count a try, or raise TooManyTries. Rows are locked in order of their ids, so that two never wait for each
        other."""
        with self._database.write() as session:
            moment = now(session)
            session.execute(delete(TryRow).where(TryRow.last < moment - FORGOTTEN_S))
            for id in sorted(tries):
                insert_if_new(session, TryRow, id=id, count=0, last=moment)
            query = select(TryRow).where(TryRow.id.in_(tries)).order_by(TryRow.id).with_for_update()
            rows = session.scalars(query).all()
            left = max(row.last + wait_s(row.count, tries[row.id]) - moment for row in rows)
            if left > 0:
                raise TooManyTries(left)
            for row in rows:
                row.count, row.last = row.count + 1, moment


def new_link(session: Session, person: str, by: str | None) -> str:
    """The secret of a link that sets this person's password, whose row is locked: of two links at once, one is newer.

    Raises BadInput where they were let go.
    """
    query = select(PersonRow.left).where(PersonRow.id == person)
    if session.scalar(query.with_for_update(key_share=True)) is not None:
        raise BadInput("They were let go, so no link lets them in. Let them in again first.")
    secret = new_secret()
    lasts = INVITATION_S if session.get(PasswordRow, person) is None else RESET_S
    session.execute(delete(LinkRow).where(LinkRow.person_id == person))
    session.add(LinkRow(id=fingerprint(secret), person_id=person, ends=now(session) + lasts))
    audit.note(session, Deed.LINK, by, person=person)
    return secret


def _good_link(session: Session, secret: str) -> Select[str]:
    query = select(LinkRow.person_id).join(PersonRow, PersonRow.id == LinkRow.person_id)
    return query.where(LinkRow.id == fingerprint(secret), LinkRow.ends > now(session), PersonRow.left.is_(None))


def _link(session: Session, issuer: str, subject: str, email: str | None) -> str:
    """From now on `subject` is whoever has this address; their id. The person's row is locked, so that of two subjects
    that come at once one is them."""
    person = session.scalar(select(PersonRow.id).where(PersonRow.email == email).with_for_update())
    if person is None:
        raise NotAdded
    theirs = select(IdentityRow.subject).where(IdentityRow.issuer == issuer, IdentityRow.person_id == person)
    if session.scalar(theirs) not in (None, subject):
        raise OtherAccount
    insert_if_new(session, IdentityRow, issuer=issuer, subject=subject, person_id=person, added=now(session))
    return person


def _let_in(session: Session, person: str) -> None:
    """Raises LetGo. Whoever lets them go meanwhile waits, and ends the session that is about to begin."""
    if session.scalar(select(PersonRow.left).where(PersonRow.id == person).with_for_update(read=True)) is not None:
        raise LetGo


def _set(session: Session, person: str, made: str) -> None:
    """The password first: whoever signs in with the old one holds its row, or finds it changed."""
    moment = now(session)
    if not insert_if_new(session, PasswordRow, person_id=person, hash=made, changed=moment):
        session.execute(update(PasswordRow).where(PasswordRow.person_id == person).values(hash=made, changed=moment))
    for table in (SessionRow, LinkRow, TicketRow):
        session.execute(delete(table).where(table.person_id == person))


def _sign_in(session: Session, person: str, cookie: str) -> None:
    """Begin a session. What has ended is forgotten on the way."""
    moment = now(session)
    for table in (SessionRow, LinkRow):
        session.execute(delete(table).where(table.ends <= moment))
    session.add(SessionRow(id=fingerprint(cookie), person_id=person, began=moment, ends=moment + SESSION_S))
    audit.note(session, Deed.SIGNED_IN, person)


def _hash(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


def _matches(made: str, password: str) -> bool:
    with _at_once:
        try:
            return _hasher.verify(made, password)
        except VerifyMismatchError:
            return False


@cache
def _nobodys() -> str:
    """Verified where there is no such account, so that the time does not tell that there is none."""
    return _hash(new_secret())
