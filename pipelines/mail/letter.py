"""What an e-mail says: a sentence and a link each, as plain text and as HTML, and how to get no more of these."""

from __future__ import annotations

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from pathlib import Path

import jinja2

from coaching.errors import BadInput, one_line
from coaching.mailing import Mail

POLICY = SMTP.clone(max_line_length=998, cte_type="7bit")
"""Which refuses a line break in any header, and breaks no link in two."""

SEE = "See it in Second Look"
ABOUT = "What it is about is not in this e-mail: it stays on your school’s own server."
DAILY = "You get one e-mail a day, of what you chose for it."


def letter(mail: Mail, sender: str, url: str) -> EmailMessage:
    """The e-mail, from `sender`, with links to the server at `url`. Raises BadInput where its reader's address is none
    that can be written to."""
    told = [(one_line(notice.sentence), f"{url}/notifications/{notice.id}") for notice in mail.notices]
    subject = told[0][0] if len(told) == 1 else f"{len(told)} things are new in Second Look"
    leave, choose = f"{url}/unsubscribe?link={mail.leave}", f"{url}/notifications"
    why = DAILY if mail.of is None else f"You get this when {mail.of.when}."
    ways = [f"Choose how you are told: {choose}", f"Get no more of these: {leave}"]
    text = "\n".join([*(f"{sentence}.\n{link}\n" for sentence, link in told), ABOUT, "", why, *ways, ""])
    page = _page().render(subject=subject, told=told, see=SEE, about=ABOUT, why=why, choose=choose, leave=leave)
    message = EmailMessage(POLICY)
    message["Subject"], message["From"], message["To"] = subject, sender, _address(mail.to)
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{mail.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"  # the same at each try
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{leave}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    return message


def _address(text: str) -> Address:
    """Of this very person: what only looks like one address could be another one, or several."""
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError):
        found = Address()
    if found.addr_spec != text or parseaddr(text)[1] != text or not text.isascii():
        raise BadInput("This address cannot be written to.")
    return found


@cache
def _page() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string((Path(__file__).parent / "letter.html").read_text(encoding="utf-8"))
