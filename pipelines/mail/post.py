"""The mail server that takes e-mails: a conversation in which several go, and what went wrong, in words that name
nobody."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import urlsplit

from coaching.errors import SecondLookError
from coaching.mailing import Security, Smtp

SILENT_S = 20.0
"""How long the mail server may say nothing, seconds."""

LOOKS_S = 120.0
"""How long, once it has a whole e-mail: it may look into it."""

WENT_WRONG = (OSError, smtplib.SMTPException)


class NotTaken(SecondLookError):
    """The mail server refused this e-mail."""


class NoServer(SecondLookError):
    """The mail server cannot be reached."""

    retry = True


class Office:
    """A conversation with the mail server, from the first e-mail until it is left."""

    def __init__(self, smtp: Smtp, url: str) -> None:
        self._to, self._me = smtp, urlsplit(url).hostname or "localhost"
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Office:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            with suppress(*WENT_WRONG):
                self._server.quit()
            self._close()

    def send(self, message: EmailMessage, to: str, going: Callable[[], bool]) -> bool:
        """Whether it went. `going` is asked in the last moment, before any of its words leaves; from then on, a server
        that says nothing any more counts as one that took it, for nobody knows.

        Raises NotTaken where the server refused it, for good or (`retry`) for now; NoServer where there is none.
        """
        server = self._begin(to)
        try:
            if not going():
                self._close()  # without its end, nothing was sent
                return False
        except BaseException:
            self._close()
            raise
        assert server.sock is not None  # noqa: S101
        try:
            server.send(re.sub(rb"(?m)^\.", b"..", message.as_bytes()) + b".\r\n")
            server.sock.settimeout(LOOKS_S)
            code, _ = server.getreply()
            server.sock.settimeout(SILENT_S)
        except WENT_WRONG:
            self._close()
            return True
        _check(code)
        return True

    def _begin(self, to: str) -> smtplib.SMTP:
        """The server, which waits for the words of an e-mail."""
        try:
            server = self._server = self._server or self._open()
            if server.mail(parseaddr(self._to.sender)[1])[0] >= 400:
                raise NoServer("The mail server takes nothing from this sender.")
            try:
                _check(server.rcpt(to)[0])
            except NotTaken:
                server.rset()  # it is still there for others
                raise
            _check(server.docmd("DATA")[0])
        except WENT_WRONG as error:
            self._close()
            raise _why(error) from None
        return server

    def _open(self) -> smtplib.SMTP:
        to, context = self._to, ssl.create_default_context()
        server: smtplib.SMTP
        if to.security is Security.TLS:
            server = smtplib.SMTP_SSL(to.host, to.port, self._me, timeout=SILENT_S, context=context)
        else:
            server = smtplib.SMTP(to.host, to.port, self._me, timeout=SILENT_S)
        try:
            if to.security is Security.STARTTLS:
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if to.user is not None:
                server.login(to.user, to.password)
        except BaseException:
            server.close()
            raise
        return server

    def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _check(code: int) -> None:
    """Raises NotTaken, which can be tried again where the server says for now (4xx)."""
    if code >= 400 or code < 200:
        error = NotTaken()
        error.retry = 400 <= code < 500
        raise error


def _why(error: Exception) -> NoServer:
    match error:
        case ssl.SSLError():
            return NoServer("The mail server’s certificate cannot be trusted, or it speaks no TLS there.")
        case smtplib.SMTPAuthenticationError():
            return NoServer("The mail server refused the user or the password.")
        case smtplib.SMTPNotSupportedError():
            return NoServer("The mail server offers no STARTTLS, or no way to sign in.")
        case smtplib.SMTPException():
            return NoServer("The mail server ended the conversation.")
        case _:
            return NoServer()
