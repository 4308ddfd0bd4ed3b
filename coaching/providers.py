"""Signing in with a school's own provider of OpenID Connect: whose word on an e-mail address counts.

A person is matched by their address once, the first time; from then on by what the provider calls them for good. So an
address that anybody could have typed must never pass: whoever gets in by it gets in as somebody else for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from coaching.errors import BadInput
from coaching.people import email_address

GOOGLE = "https://accounts.google.com"
MICROSOFT = ("https://login.microsoftonline.", "https://login.partner.microsoftonline.")
_TENANT = re.compile(r"/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/v2\.0/?", re.IGNORECASE)
LONGEST_NAME = 255
"""Characters of an issuer, and of what it calls somebody."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotVerified(BadInput):
    """Your school account does not say that its e-mail address is yours. Ask your administrator."""


class OtherDomain(BadInput):
    """This account is none of your school’s. Choose your school account."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider that people may sign in with. `name` is the button's; `domains` the only ones of addresses, if any.

    `trusted`: whoever operates the server says that in `domains` only the school gives addresses to accounts.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "your school account"
    domains: tuple[str, ...] = ()
    trusted: bool = False

    @property
    def loopback(self) -> bool:
        return urlsplit(self.issuer).hostname in LOOPBACK


def check_issuer(issuer: str) -> str:
    """`issuer` as it was written. Raises ValueError, in words, for what can be no provider's."""
    parts = urlsplit(issuer)
    plain = parts.hostname and not (parts.query or parts.fragment or parts.username) and issuer.isprintable()
    plain = plain and len(issuer) <= LONGEST_NAME
    if not plain or not (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)):
        raise ValueError("write it as https://accounts.google.com")
    if issuer.startswith(MICROSOFT) and not _TENANT.fullmatch(parts.path):
        # Behind `common` and `organizations` stands every tenant of the world, and each gives addresses as it likes.
        raise ValueError(
            "for Microsoft Entra write https://login.microsoftonline.com/TENANT/v2.0 with your tenant's id"
        )
    return issuer


def verified_email(provider: Provider, claims: Mapping[str, Any]) -> str:
    """The address in these claims, in lower case, where it surely is this person's. Raises NotVerified, OtherDomain.

    Google vouches for addresses of its own and of a Workspace (`hd`) alone: behind any other it knows only that it was
    this person's once (https://developers.google.com/identity/gsi/web/guides/verify-google-id-token). Microsoft Entra
    gives no `email_verified`; it says `xms_edov` where the tenant has proved that the address's domain is its own.
    """
    written = claims.get("email")
    try:
        email = email_address(written if isinstance(written, str) else "")
    except BadInput:
        raise NotVerified from None
    domain = email.rpartition("@")[2]
    if provider.domains and domain not in provider.domains:
        raise OtherDomain
    said = claims.get("email_verified")
    if said is not None:
        sure = _yes(said) and (provider.issuer != GOOGLE or domain == "gmail.com" or bool(claims.get("hd")))
    else:
        sure = provider.issuer.startswith(MICROSOFT) and _yes(claims.get("xms_edov"))
        sure = sure or (provider.trusted and bool(provider.domains))
    if not sure:
        raise NotVerified
    return email


def _yes(claim: object) -> bool:
    """Providers write it as true, "true", 1 or "1"."""
    return str(claim).lower() in ("true", "1")
