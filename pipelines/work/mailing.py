"""E-mails, one at a time beside the lessons: planned, claimed, sent, and never sent twice.

The row says who holds one. What a killed worker had claimed goes with another; what it had begun to send counts as
sent.
"""

from __future__ import annotations

import logging

from coaching.errors import BadInput, OutOfSpace, SecondLookError, Unreachable
from coaching.mailing import Mail, Mails, Smtp
from pipelines.mail.letter import letter
from pipelines.mail.post import NoServer, NotTaken, Office
from pipelines.work.hand import Stopped
from pipelines.work.perform import Performer

log = logging.getLogger(__name__)

LOOK_S = 1.0
"""How often it is asked whether somebody is to be written to, seconds."""

LONGEST_REST_S = 300.0
"""Where the mail server cannot be reached, each rest is twice as long as the one before, up to so many seconds."""


class Mailer:
    """Sends e-mails for one worker, from `run` until `performer` stops."""

    def __init__(self, mails: Mails, smtp: Smtp, url: str, performer: Performer) -> None:
        self._mails, self._smtp, self._url, self._performer = mails, smtp, url, performer

    def run(self) -> None:
        rest = LOOK_S
        while not self._performer.stopping.wait(rest):
            try:
                self._mails.plan()
                rest = LOOK_S if self._round() else min(2 * rest, LONGEST_REST_S)
            except Stopped:
                return
            except (Unreachable, OutOfSpace):
                continue
            except Exception as error:
                log.warning("mails", extra={"kind": type(error).__name__})

    def _round(self) -> bool:
        """Send all whose time has come; False where the mail server cannot be reached."""
        with Office(self._smtp, self._url) as office:
            while not self._performer.stopping.is_set() and (mail := self._mails.claim()) is not None:
                facts = {"mail": mail.id, "what": str(mail.of or "digest"), "try": mail.tries}
                try:
                    message = letter(mail, self._smtp.sender, self._url)
                    went = office.send(message, mail.to, lambda mail=mail: self._mails.going(mail))  # type: ignore[misc]
                    log.info("mail sent" if went else "mail kept back", extra=facts)
                except (NotTaken, NoServer, BadInput) as error:
                    log.warning("mail failed", extra=facts | {"kind": type(error).__name__})
                    self._fail(mail, error)
                    if isinstance(error, NoServer):
                        return False
        return True

    def _fail(self, mail: Mail, error: SecondLookError) -> None:
        self._performer.steadily(lambda: self._mails.fail(mail, str(error), again=error.retry))
