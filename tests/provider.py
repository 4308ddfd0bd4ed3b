"""A provider of OpenID Connect that a test starts: `oidc-provider-mock` (Authlib's own server), which signs people in
on a form. Around it stands what that one lacks (PKCE, the state where somebody denies, keys that change), and what an
ill-willed or broken one would do.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import oidc_provider_mock
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey
from werkzeug.serving import make_server

Claims = dict[str, Any]


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


class TestProvider:
    """`alter` changes the claims before they are signed; `sign` may sign them some other way."""

    __test__ = False

    def __init__(self, back: str) -> None:
        self.keys = [new_key("first")]
        self.alter: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.signed
        self.down = False
        self.asked: list[str] = []
        self._challenges: dict[str, str] = {}
        self._inner = oidc_provider_mock.app(require_client_registration=True)
        self._server = make_server("localhost", 0, self, threaded=True)
        self.issuer = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        made = json.loads(self.ask("POST", "/oauth2/clients", json.dumps({"redirect_uris": [back]}))[2])
        self.client, self.secret = made["client_id"], made["client_secret"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def signed(self, claims: Claims) -> str:
        """As it should be: with the newest key."""
        return jwt.encode({"alg": "RS256", "kid": self.keys[-1].kid}, claims, self.keys[-1])

    def unsigned(self, claims: Claims) -> str:
        head, body = ({"alg": "none"}, claims)
        return (
            ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=").decode() for p in (head, body)) + "."
        )

    def signed_with_our_secret(self, claims: Claims) -> str:
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(self.secret), ["HS256"])

    def person(self, subject: str, **claims: Any) -> None:
        """What the provider knows of somebody."""
        assert self.ask("PUT", f"/users/{quote(subject)}", json.dumps(claims))[0] == 204

    def let_in(self, url: str, subject: str | None) -> str:
        """Sign in on the form at `url`, or deny; where the browser is sent then."""
        form = {"action": "deny"} if subject is None else {"sub": subject}
        parts = urlsplit(url)
        status, headers, body = self.ask("POST", f"{parts.path}?{parts.query}", urlencode(form))
        assert status == 302, body
        return headers["location"]

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, dict[str, str], str]:
        connection = http.client.HTTPConnection("localhost", self._server.server_port, timeout=60)
        kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
        connection.request(method, path, body, {"Content-Type": kind})
        answer = connection.getresponse()
        found = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode()
        connection.close()
        return found

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        if self.down:
            return _json(start, "503 Service Unavailable", {})
        if path == "/jwks":
            return _json(start, "200 OK", {"keys": [key.as_dict(private=False) for key in self.keys]})
        if path == "/oauth2/token":
            return self._token(environ, start)
        if path != "/oauth2/authorize":
            return self._inner(environ, start)
        query = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            return _json(start, "400 Bad Request", {"error": "invalid_request"})
        status, headers, body = _run(self._inner, environ)
        sent = dict(headers)
        if "Location" in sent:
            back = parse_qs(urlsplit(sent["Location"]).query)
            self._challenges |= dict.fromkeys(back.get("code", []), query["code_challenge"])
            sent["Location"] += "" if "state" in back else f"&state={query['state']}"
        start(status, list(sent.items()))
        return [body]

    def _token(self, environ: dict[str, Any], start: Any) -> Any:
        sent = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        form = {name: values[0] for name, values in parse_qs(sent.decode()).items()}
        proof = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if self._challenges.pop(form.get("code", ""), None) != proof.rstrip(b"=").decode():
            return _json(start, "400 Bad Request", {"error": "invalid_grant"})
        status, _, body = _run(self._inner, environ | {"wsgi.input": io.BytesIO(sent)})
        found = json.loads(body)
        if "id_token" in found:
            claims = json.loads(jws.extract_compact(found["id_token"].encode()).payload)
            found["id_token"] = self.sign(self.alter(claims))
        return _json(start, status, found)


def _run(app: Any, environ: dict[str, Any]) -> tuple[str, list[tuple[str, str]], bytes]:
    said: list[Any] = []
    body = b"".join(app(environ, lambda status, headers, error=None: said.extend([status, headers])))
    return said[0], said[1], body


def _json(start: Any, status: str, found: Any) -> list[bytes]:
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(found).encode()]


@contextmanager
def provider(back: str) -> Iterator[TestProvider]:
    """A provider at which a client is known that people are sent back to at `back`."""
    made = TestProvider(back)
    try:
        yield made
    finally:
        made.close()
