"""What an e-mail says, and a real mail server that takes it, or does not."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from letterbox import PASSWORD, USER, certificate, letterbox, links, parts

from coaching.errors import BadInput
from coaching.mailing import Mail, Security, Smtp
from coaching.notifications import Kind, Notice
from pipelines.mail.letter import letter
from pipelines.mail.post import NoServer, NotTaken, Office

URL, SENDER = "https://coaching.hill.org", "Second Look <look@hill.org>"


def mail(who: str = "Daniel Reyes", to: str = "ana@hill.org", of: Kind | None = Kind.COMMENTED, many: int = 1) -> Mail:
    made = datetime(2026, 11, 19, tzinfo=UTC)
    notices = [Notice(f"{n:024x}", of or Kind.COMMENTED, "lesson", "/", made, "daniel", who) for n in range(many)]
    return Mail("a" * 32, "t" * 24, to, notices, of, f"{'b' * 24}.commented.{'c' * 64}", 1, many)


def sent(office: Office, one: Mail, going=lambda: True) -> bool:
    return office.send(letter(one, SENDER, URL), one.to, going)


def test_a_letter_says_who_did_what_and_leads_there():
    found = message_from_bytes(letter(mail("Dánîel “D” Reyes"), SENDER, URL).as_bytes(), policy=policy.default)
    assert found["Subject"] == "Dánîel “D” Reyes commented on your lesson"
    assert (found["From"], found["To"]) == (SENDER, "ana@hill.org")
    leave = f"{URL}/unsubscribe?link={'b' * 24}.commented.{'c' * 64}"
    assert found["List-Unsubscribe"] == f"<{leave}>"
    assert found["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert found["Message-ID"] == f"<{'a' * 32}@hill.org>"
    assert links(found) == [f"{URL}/notifications/{0:024x}", f"{URL}/notifications", leave]
    text, html = parts(found)
    assert "You get this when somebody comments on your lesson." in text
    assert f'href="{URL}/notifications/{0:024x}"' in html
    assert all(f'href="{link}"' in html for link in links(found))
    raw = letter(mail(), SENDER, URL).as_bytes()
    assert raw.isascii()
    assert f"List-Unsubscribe: <{leave}>\r\n".encode() in raw  # in one piece, for whoever reads it by a pattern
    assert max(map(len, raw.splitlines())) < 998


def test_several_things_are_one_letter():
    found = letter(mail(of=None, many=3), SENDER, URL)
    assert found["Subject"] == "3 things are new in Second Look"
    assert len(links(found)) == 5
    assert "one e-mail a day" in parts(found)[0]


@pytest.mark.parametrize(
    "who", ["<b>Ana</b>", "A\r\nBcc: x@evil.org", "A\nB", "A\u2028B\x0b\x85Bcc: x@evil.org", "a" * 300]
)
def test_a_name_changes_nothing_but_itself(who):
    found = message_from_bytes(letter(mail(who), SENDER, URL).as_bytes(), policy=policy.default)
    assert set(found.keys()) == set(letter(mail(), SENDER, URL).keys())
    assert found["Bcc"] is None
    assert len(parts(found)[0].splitlines()) == len(parts(letter(mail(), SENDER, URL))[0].splitlines())
    assert "<b>Ana" not in parts(found)[1]


@pytest.mark.parametrize(
    "to", ["x<ana@hill.org", "ana,eva@hill.org", "ána@hill.org", '"@hill.org', "a\r\nb@hill.org", ""]
)
def test_what_is_not_one_address_is_not_written_to(to):
    with pytest.raises(BadInput):
        letter(mail(to=to), SENDER, URL)


def test_several_go_in_one_conversation_past_one_that_is_refused():
    with letterbox() as box, Office(Smtp(*box.address, Security.NONE, SENDER), URL) as office:
        assert sent(office, mail(".a line that begins with a dot"))
        box.says["rcpt"] = "550 Nobody ana@hill.org here"
        with pytest.raises(NotTaken) as refusal:
            sent(office, mail())
        assert (refusal.value.retry, "ana" in str(refusal.value)) == (False, False)
        box.says = {"data": "451 Later"}
        with pytest.raises(NotTaken) as refusal:
            sent(office, mail())
        assert refusal.value.retry
        box.says = {}
        assert not sent(office, mail(), going=lambda: False)
        with pytest.raises(ZeroDivisionError):
            sent(office, mail(), going=lambda: bool(1 / 0))
        assert sent(office, mail(to="eva@hill.org"))
        assert box.to == ["ana@hill.org", "eva@hill.org"]
        assert parts(box.came[0])[0].startswith(".a line that begins with a dot commented on your lesson.")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_way_there_is_safe_and_the_password_is_the_schools(security, tmp_path, monkeypatch):
    file = certificate(tmp_path / "mail.pem")
    with letterbox(security, file, signs_in=security == "starttls") as box:
        who = (USER, PASSWORD) if security == "starttls" else ()
        smtp = Smtp(*box.address, Security(security), SENDER, *who)
        with Office(smtp, URL) as office, pytest.raises(NoServer, match="certificate"):
            sent(office, mail())
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with Office(smtp, URL) as office:
            assert sent(office, mail())
        if security == "starttls":
            wrong = Smtp(*box.address, Security.STARTTLS, SENDER, USER, "another")
            with Office(wrong, URL) as office, pytest.raises(NoServer, match="user or the password"):
                sent(office, mail())
        assert box.to == ["ana@hill.org"]


def test_a_server_without_starttls_and_none_at_all_are_said():
    with letterbox() as box:
        smtp = Smtp(*box.address, Security.STARTTLS, SENDER)
        with Office(smtp, URL) as office, pytest.raises(NoServer, match="no STARTTLS"):
            sent(office, mail())
        address = box.address
    with (
        Office(Smtp(*address, Security.NONE, SENDER), URL) as office,
        pytest.raises(NoServer, match="be reached") as no,
    ):
        sent(office, mail())
    assert no.value.retry


def test_a_server_that_goes_silent_over_a_whole_letter_is_not_sent_it_again(monkeypatch):
    monkeypatch.setattr("pipelines.mail.post.LOOKS_S", 0.3)
    with letterbox() as box:
        box.waits["data"] = 3.0
        with Office(Smtp(*box.address, Security.NONE, SENDER), URL) as office:
            assert sent(office, mail())
        assert len(box.came) == 1
