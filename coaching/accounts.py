"""Signing in: who may try how often, what a password must be, and the door to what is stored of it.

Of a secret that somebody holds (the cookie of a session, a link to set a password) only the fingerprint is stored, so
whoever reads the database can sign in as nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Protocol

from coaching.errors import BadInput
from coaching.people import Person

SESSION_S = 14 * 86_400.0
"""How long one stays signed in."""

INVITATION_S = 7 * 86_400.0
"""How long the first link of a person is good: over a weekend."""

RESET_S = 86_400.0
"""How long a link is good that sets another password."""

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
"""Characters. Length alone is asked for: rules about signs make passwords worse (NIST SP 800-63B)."""

FLOW_S = 600.0
"""How long one may take at a provider: to find the password, the phone, the right account."""

FREE_TRIES = {"both": 5, "email": 20, "address": 100}
"""Wrong passwords that cost nothing: of one account from one address, of one account, of one address. A school has one
address for everybody, and nobody shall lock a colleague out from elsewhere with five tries."""

FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 900.0
FORGOTTEN_S = 3600.0
"""After so long without a try, the tries before it count no more."""


class WrongPassword(BadInput):
    """That email and password don’t match. Check caps lock, or ask your administrator for a link."""


class LinkOver(BadInput):
    """This link was used already, or is too old. Ask your administrator for a new one."""


class PasswordsOff(BadInput):
    """Passwords are switched off here. Sign in with your school account."""


class LetGo(BadInput):
    """Your school lets this account in no more. What you recorded is kept. Ask your administrator."""


class NotAdded(BadInput):
    """Your school has not added you yet. Ask your administrator to add the address that you signed in with."""


class OtherAccount(BadInput):
    """Until now you signed in here with another school account. Ask your administrator to unlink it."""


class FlowOver(BadInput):
    """This sign-in was used already, took more than ten minutes, or began in another browser. Begin it again here."""


class TooManyTries(BadInput):
    """Too many wrong passwords."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        minutes = max(1, round(seconds / 60))
        super().__init__(f"Too many tries. Wait {minutes} minute{'s' * (minutes > 1)}, then try again.")


def new_secret() -> str:
    """A secret that nobody can guess, fit for a cookie and a link."""
    return secrets.token_urlsafe(32)


def fingerprint(secret: str) -> str:
    """What is stored of a secret: 64 hex digits. No salt: what has 256 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tries_of(email: str, address: str) -> dict[str, int]:
    """What a try to sign in counts for, as fingerprints (what was typed is not stored); how many of each are free."""
    counted = {"both": f"{email} {address}", "email": email, "address": address}
    return {fingerprint(f"{kind} {what}"): FREE_TRIES[kind] for kind, what in counted.items()}


def wait_s(tries: int, free: int) -> float:
    """How long after the last of `tries` wrong passwords the next may be tried: doubled by each beyond `free`."""
    return 0.0 if tries < free else min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(tries - free, 16))


def check_password(password: str) -> None:
    """Raises BadInput where it cannot be a password."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise BadInput(f"Choose a password of {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters.")


@dataclass(frozen=True, slots=True)
class Link:
    """A link to set a password: whose it is, and whether it is the first."""

    person: Person
    first: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in at a provider, from setting out to coming back: what is sent along, and where to go on then."""

    state: str
    nonce: str
    verifier: str
    next: str


class Accounts(Protocol):
    """Passwords, sessions and links. Secrets go in and out; ids of sessions are fingerprints.

    Whoever was let go has no session, and no link of theirs is good.
    """

    def invite(self, email: str) -> str:
        """The secret of a new link that sets this person's password, once; earlier links are no good any more.

        Raises BadInput where nobody has this address, or whoever has it was let go.
        """
        ...

    def link(self, secret: str) -> Link:
        """Raises LinkOver where it is no good (any more). Looking does not use it up."""
        ...

    def set_by_link(self, secret: str, password: str) -> str:
        """Set the password, use the link up, end all sessions, and sign in: the new session's secret.

        Raises LinkOver, or BadInput for what cannot be a password: then the link is still good.
        """
        ...

    def set_password(self, email: str, password: str) -> None:
        """Set the password as whoever operates the server, and end all sessions. Raises BadInput."""
        ...

    def sign_in(self, email: str, password: str, address: str) -> str:
        """The secret of a new session. Raises WrongPassword, the same for an address that nobody has; TooManyTries;
        and LetGo, to whoever has the password."""
        ...

    def set_out(self, browser: str, next: str) -> Flow:
        """Begin a sign-in at a provider, in the browser that holds the secret `browser`."""
        ...

    def come_back(self, state: str, browser: str) -> Flow:
        """The sign-in that began with this state in this browser, once. Raises FlowOver."""
        ...

    def sign_in_as(self, issuer: str, subject: str, email: str | None) -> str:
        """The secret of a new session of whoever `subject` is to the provider `issuer`.

        The first time, they are whoever has the address `email`, which must be theirs for sure; None where it is not.
        Nobody is added. Raises NotAdded; OtherAccount where they are another subject of this issuer already; LetGo.
        """
        ...

    def session(self, session: str) -> Person | None:
        """Whose session this is, while it lasts."""
        ...

    def sessions(self) -> int:
        """How many sessions last, of everybody together."""
        ...

    def password_set(self, person: str) -> float | None:
        """When their password was set, in seconds since 1970; None where they have none.

        Whoever makes a link for them could use it: here they see it.
        """
        ...

    def sign_out(self, session: str) -> None: ...

    def sign_out_everywhere(self, person: str) -> None: ...
