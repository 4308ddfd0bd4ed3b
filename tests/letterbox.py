"""A mail server of our own (aiosmtpd): what it was sent, and what it can be told to do wrong."""

from __future__ import annotations

import asyncio
import re
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from web import free_port

USER, PASSWORD = "look", "a password of the school's"


class Letterbox:
    """What came, in order. `says` is the answer at a step (`rcpt`, `data`) in place of 250; `waits` how many seconds it
    takes there. `asked` counts the recipients that were named."""

    def __init__(self) -> None:
        self.came: list[EmailMessage] = []
        self.to: list[str] = []
        self.says: dict[str, str] = {}
        self.waits: dict[str, float] = {}
        self.asked = 0
        self.address = ("", 0)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked += 1
        await asyncio.sleep(self.waits.get("rcpt", 0))
        if refusal := self.says.get("rcpt"):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if refusal := self.says.get("data"):
            return refusal
        self.came.append(message_from_bytes(envelope.content, policy=policy.default))
        self.to += envelope.rcpt_tos
        await asyncio.sleep(self.waits.get("data", 0))
        return "250 Taken"

    def settings(self, security: str = "none", **more: str) -> dict[str, str]:
        """As environment variables."""
        host, port = self.address
        ours = {"HOST": host, "PORT": str(port), "SECURITY": security, "FROM": "Second Look <look@hill.org>"}
        return {f"SECONDLOOK_SMTP_{name}": value for name, value in (ours | more).items()}


def parts(message: EmailMessage) -> tuple[str, str]:
    """Its plain text and its HTML."""
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def links(message: EmailMessage) -> list[str]:
    return re.findall(r"https?://\S+", parts(message)[0])


@contextmanager
def letterbox(security: str = "none", certificate: Path | None = None, signs_in: bool = False) -> Iterator[Letterbox]:
    """A mail server on this machine, for as long as this lasts."""
    found, options = Letterbox(), {}
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    if security == "starttls":
        options = {"tls_context": context, "require_starttls": True}
    if signs_in:
        options |= {"authenticator": _signs_in, "auth_required": True, "auth_require_tls": security == "starttls"}
    found.address = ("127.0.0.1", free_port())
    wrapped = context if security == "tls" else None
    controller = Controller(found, *found.address, ssl_context=wrapped, **options)
    controller.start()
    try:
        yield found
    finally:
        controller.stop(no_assert=True)


def _signs_in(server: Any, session: Any, envelope: Any, mechanism: str, data: LoginPassword) -> AuthResult:
    right = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def certificate(file: Path) -> Path:
    """One of our own for 127.0.0.1, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(datetime.now(UTC) - timedelta(days=1))
    made = made.not_valid_after(datetime.now(UTC) + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = made.sign(key, hashes.SHA256())
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


def until(true: Callable[[], object], what: str, patience_s: float = 120.0) -> None:
    """Wait for what must come."""
    deadline = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
