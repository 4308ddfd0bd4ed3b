"""A school's provider of OpenID Connect, as this server asks it: where people sign in, and who came back.

The server talks to the addresses that the issuer's own discovery document names, and to nobody else. What the provider
says of somebody is believed once the token's signature, issuer, audience, time and nonce are right.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import re
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import anyio
import httpx2
from joserfc import jws, jwt
from joserfc.errors import BadSignatureError, JoseError
from joserfc.jwk import JWKRegistry, Key

from coaching.accounts import Flow
from coaching.errors import BadInput, SecondLookError
from coaching.providers import LONGEST_NAME, Provider

log = logging.getLogger(__name__)

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
"""With a key that only the provider has. Not `none`; and not HS256, whose key is ours too."""

ANSWER_S = 5.0
"""How long a provider may be silent."""

PATIENCE_S = 15.0
"""How long one call may take in all."""

KEPT_S = 3600.0
"""How long the discovery document and the keys are used before they are asked for again."""

KEYS_ANEW_S = 60.0
"""A token with a key that is not known has the keys fetched again, but no more often than this."""

LEEWAY_S = 60
"""By how much two clocks may differ."""

MOST_BYTES = 1_000_000


class Away(SecondLookError):
    """Your school’s sign-in cannot be reached at the moment. Try again in a minute."""

    retry = True


class WrongSetUp(SecondLookError):
    """Signing in with your school account is not set up rightly here. Tell your administrator."""


class NotLetIn(BadInput):
    """Your school account did not let you in, or you stopped it. Nothing was changed. Begin again if you like."""


class WrongToken(BadInput):
    """What your school’s sign-in answered cannot be trusted, so you are not signed in. Tell your administrator."""


class UnknownKey(WrongToken):
    """What your school’s sign-in answered cannot be trusted, so you are not signed in. Tell your administrator."""


@dataclass(frozen=True, slots=True)
class About:
    """What the provider says of itself."""

    issuer: str
    authorize: str
    token: str
    keys: str
    basic: bool
    """Whether the secret goes into a header; else into the form."""
    read: float


class Client:
    """This server as the provider sees it. `back` is where the provider sends people back to."""

    def __init__(self, provider: Provider, back: str) -> None:
        self._provider, self._back = provider, back
        self._about: About | None = None
        self._keys: tuple[float, list[dict[str, Any]]] = (-KEPT_S, [])

    async def where(self, flow: Flow) -> str:
        """The address at the provider to which somebody goes who sets out."""
        about = await self.about()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(flow.verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._provider.client_id,
            "redirect_uri": self._back,
            "scope": "openid email",
            "state": flow.state,
            "nonce": flow.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            "prompt": "select_account",
        }
        return f"{about.authorize}{'&' if urlsplit(about.authorize).query else '?'}{urlencode(asked)}"

    async def who(self, code: str, flow: Flow) -> Mapping[str, Any]:
        """What the provider says of whoever came back with this code. Raises NotLetIn, WrongToken, Away, WrongSetUp."""
        about = await self.about()
        token = await self._token(about, code, flow)
        expected = (about.issuer, self._provider.client_id, flow.nonce)
        try:
            return read_token(token, await self._known_keys(about, KEPT_S), *expected)
        except UnknownKey:  # the provider may have changed its keys since
            return read_token(token, await self._known_keys(about, KEYS_ANEW_S), *expected)

    async def about(self) -> About:
        if self._about is None or time.monotonic() - self._about.read > KEPT_S:
            status, found = await self._ask(
                "GET", f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            )
            if status != 200:
                raise Away if status >= 500 else WrongSetUp
            self._about = self._checked(found)
        return self._about

    def _checked(self, found: Mapping[str, Any]) -> About:
        names = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
        issuer, *urls = (str(found.get(name, "")) for name in names)
        schemes = ("https", "http") if self._provider.loopback else ("https",)
        if issuer.rstrip("/") != self._provider.issuer.rstrip("/") or any(
            urlsplit(u).scheme not in schemes for u in urls
        ):
            raise WrongSetUp
        ways = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        authorize, token, keys = urls
        return About(issuer, authorize, token, keys, "client_secret_basic" in ways, time.monotonic())

    async def _token(self, about: About, code: str, flow: Flow) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": flow.verifier,
        }
        id, secret = self._provider.client_id, self._provider.client_secret
        auth = (quote(id, safe=""), quote(secret, safe="")) if about.basic else None
        if not about.basic:
            form |= {"client_id": id, "client_secret": secret}
        status, found = await self._ask("POST", about.token, data=form, auth=auth)
        if status != 200:
            log.warning("provider refused", extra={"kind": kind(found.get("error")), "status": status})
            if status >= 500:
                raise Away
            raise NotLetIn if found.get("error") == "invalid_grant" else WrongSetUp
        return str(found.get("id_token", ""))

    async def _known_keys(self, about: About, oldest_s: float) -> list[dict[str, Any]]:
        if time.monotonic() - self._keys[0] >= oldest_s:
            status, found = await self._ask("GET", about.keys)
            if status != 200 or not isinstance(found.get("keys"), list):
                raise Away
            self._keys = (time.monotonic(), [key for key in found["keys"] if isinstance(key, dict)])
        return self._keys[1]

    async def _ask(self, method: str, url: str, **sent: Any) -> tuple[int, Mapping[str, Any]]:
        """The status, and the JSON object that was answered. Raises Away."""
        try:
            with anyio.fail_after(PATIENCE_S):
                async with (
                    httpx2.AsyncClient(timeout=ANSWER_S, headers={"Accept": "application/json"}) as client,
                    client.stream(method, url, **sent) as answer,
                ):
                    body = b""
                    async for part in answer.aiter_bytes():
                        body += part
                        if len(body) > MOST_BYTES:
                            raise Away
            found = json.loads(body)
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            log.warning("provider away", extra={"kind": type(error).__name__})
            raise Away from None
        except ValueError:
            found = {}
        return answer.status_code, found if isinstance(found, dict) else {}


def read_token(token: str, keys: Sequence[Mapping[str, Any]], issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that the issuer signed for this client and this sign-in, not long ago.

    `keys` are JSON Web Keys. Raises UnknownKey where none of them fits, WrongToken for all else (OpenID Connect Core
    1.0, 3.1.3.7).
    """
    try:
        kid = jws.extract_compact(token.encode()).headers().get("kid")
        claims = _signed(token, [key for key in keys if kid is None or key.get("kid", kid) == kid])
        times = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_S,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": client},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
        )
        times.validate(claims)
    except UnknownKey:
        raise
    except (JoseError, ValueError, TypeError):
        raise WrongToken from None
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    for_us = claims.get("azp", None if several else client) == client
    this_one = hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode())
    if not (for_us and this_one and claims["sub"].isprintable() and len(claims["sub"]) <= LONGEST_NAME):
        raise WrongToken
    return claims


def _signed(token: str, keys: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The claims, where one of the keys signed them."""
    for key in keys:
        if found := _key(key):
            with suppress(BadSignatureError):
                return jwt.decode(token, found, ALGORITHMS).claims
    raise UnknownKey


def _key(key: Mapping[str, Any]) -> Key | None:
    """None for what is no key to sign with."""
    if key.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(dict(key))
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def kind(said: object) -> str:
    """A provider's own name for what went wrong, where it is one."""
    return said if isinstance(said, str) and re.fullmatch(r"[a-z_]{1,40}", said) else "unknown"
