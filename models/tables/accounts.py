"""People, schools, and how people sign in."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from coaching.people import LONGEST_EMAIL, LONGEST_SCHOOL, Membership
from models.types import Base, identity, of, one_of


class PersonRow(Base):
    """`left` is since when an administrator lets them in no more; what is theirs stays theirs."""

    __tablename__ = "people"

    id: Mapped[str] = identity()
    email: Mapped[str] = mapped_column(String(LONGEST_EMAIL), unique=True)
    name: Mapped[str]
    added: Mapped[float]
    left: Mapped[float | None]


class SchoolRow(Base):
    __tablename__ = "schools"

    id: Mapped[str] = identity()
    name: Mapped[str] = mapped_column(String(LONGEST_SCHOOL), unique=True)


class MembershipRow(Base):
    __tablename__ = "memberships"

    person_id: Mapped[str] = of("people.id", primary_key=True)
    school_id: Mapped[str] = of("schools.id", primary_key=True, index=True)
    membership: Mapped[Membership] = mapped_column(one_of(Membership), primary_key=True)


class PasswordRow(Base):
    """`hash` is Argon2's, with its salt and cost. Apart from people, so that nobody reads it who lists them."""

    __tablename__ = "passwords"

    person_id: Mapped[str] = of("people.id", primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    changed: Mapped[float]


class SessionRow(Base):
    """`id` is the fingerprint of the cookie."""

    __tablename__ = "sessions"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = of("people.id", index=True)
    began: Mapped[float]
    ends: Mapped[float] = mapped_column(index=True)


class LinkRow(Base):
    """A link to set a password, good once: it is deleted when it is used. `id` is the fingerprint of its secret."""

    __tablename__ = "links"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"),)

    id: Mapped[str] = identity()
    person_id: Mapped[str] = of("people.id", unique=True)
    ends: Mapped[float] = mapped_column(index=True)


class TryRow(Base):
    """Wrong passwords in a row: `id` is the fingerprint of an account, an address, or both (coaching/accounts.py)."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"), CheckConstraint("count >= 0", "counted"))

    id: Mapped[str] = identity()
    count: Mapped[int]
    last: Mapped[float] = mapped_column(index=True)


class IdentityRow(Base):
    """Who somebody is to a provider of OpenID Connect: its `issuer`, and what it calls them for good."""

    __tablename__ = "identities"

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    person_id: Mapped[str] = of("people.id", index=True)
    added: Mapped[float]


class FlowRow(Base):
    """A sign-in that went to a provider and is not back yet. `id` is the fingerprint of its `state`; good once."""

    __tablename__ = "sign_in_flows"
    __table_args__ = (CheckConstraint("length(id) = 64", "fingerprint"),)

    id: Mapped[str] = identity()
    browser: Mapped[str] = mapped_column(String(64))
    """The fingerprint of a cookie: only the browser that set out may come back."""
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    next: Mapped[str]
    ends: Mapped[float] = mapped_column(index=True)
