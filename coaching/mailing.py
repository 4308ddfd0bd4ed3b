"""E-mails that tell of notifications: where one stands, when it is tried again, and the link by which they end.

An e-mail holds sentences and links (notifications.py), and nothing of a lesson.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from coaching.access import NotThere
from coaching.notifications import Kind, Notice

LATE_S = 3 * 86_400.0
"""Of what happened longer ago, seconds, nobody is written to any more: e-mail was set up, or mended, only then."""

TOO_LATE = "No mail server took it for days."

HELD_S = 300.0
"""An e-mail of which its worker told nothing for so long, seconds, is taken by another."""

WAITS_S = (60, 300, 900, 1800, 3600, 7200, 14_400, 28_800, 28_800)
"""Seconds until one is tried again that did not go: a day in all."""

DIGEST = "digest"
"""What a link ends that stands in the daily e-mail."""


class Mailing(StrEnum):
    """Where the e-mail of a notification stands. Of NEW, nobody has said yet whether and when one goes; FAILED was
    given up."""

    NEW = "new"
    WAITING = "waiting"
    SENT = "sent"
    NONE = "none"
    FAILED = "failed"


class Security(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True, slots=True)
class Smtp:
    """The school's mail server, and as whom it is used. `sender` is an address, with a name before it or without."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Mail:
    """The right to send one e-mail, and what it tells. `id` is the same at each try; `token` is the claim's, of which
    nobody else has the same; `of` is the kind, None for the daily one; `leave` is in the link that ends these."""

    id: str
    token: str
    to: str
    notices: Sequence[Notice]
    of: Kind | None
    leave: str
    tries: int
    rows: int


@dataclass(frozen=True, slots=True)
class Post:
    """How many e-mails wait, how many were given up within a week, and why the last one did not go that did not."""

    waiting: int = 0
    given_up: int = 0
    reason: str | None = None


def again_in(tries: int) -> float | None:
    """Seconds until it is tried again after so many tries; None where it is given up."""
    return WAITS_S[tries - 1] if 1 <= tries <= len(WAITS_S) else None


def signed(key: str, person: str, what: str) -> str:
    """What a link holds that ends e-mails of this kind for this person: it is good without signing in."""
    seal = hmac.new(key.encode(), f"{person}.{what}".encode(), hashlib.sha256).hexdigest()
    return f"{person}.{what}.{seal}"


def named(link: str) -> tuple[str, str]:
    """Whose e-mails of which kind such a link is about, if it is one; whether it is, `check` says. Raises NotThere."""
    person, _, rest = link.partition(".")
    what = rest.partition(".")[0]
    if what != DIGEST and what not in list(Kind):
        raise NotThere
    return person, what


def check(link: str, key: str | None) -> None:
    """Raises NotThere where nobody who has this key signed the link."""
    if key is None or not hmac.compare_digest(signed(key, *named(link)).encode(), link.encode()):
        raise NotThere


class Mails(Protocol):
    """For whoever sends e-mails, and for whoever has a link of one. Every step is one transaction."""

    def plan(self) -> None:
        """Say of each notification that is new whether an e-mail of it goes, and when."""
        ...

    def claim(self) -> Mail | None:
        """Take one whose time has come. What its reader has read, or may not see any more, is in none."""
        ...

    def going(self, mail: Mail) -> bool:
        """Said in the moment before its words leave: from here on it counts as sent, and is never sent again.

        False where it must not go as it is: something in it was read or taken back, or somebody else has it now.
        """
        ...

    def fail(self, mail: Mail, reason: str, *, again: bool) -> None:
        """It certainly did not go. With `again` it is tried later, for a day. `reason` names nobody."""
        ...

    def about(self, link: str) -> Kind | None:
        """What a link ends; None is the daily e-mail. Raises NotThere where it is none of ours."""
        ...

    def leave(self, link: str) -> None:
        """End it: these stand in the app alone from now on. Twice is once. Raises NotThere."""
        ...
