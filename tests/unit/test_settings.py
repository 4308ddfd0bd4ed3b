"""The settings and their table in the docs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coaching.errors import BadInput
from coaching.mailing import Security, Smtp
from coaching.settings import Settings, load_settings

TABLE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text(encoding="utf-8")
IN_THE_ENVIRONMENT = {"SECONDLOOK_DEBUG"}
"""Read where settings are not loaded yet."""


def rows() -> dict[str, list[str]]:
    found = (re.split(r" \| ", line.strip("| ")) for line in TABLE.splitlines() if line.startswith("| `"))
    return {re.findall(r"SECONDLOOK_\w+", cells[0])[0]: cells for cells in found}


def test_every_setting_stands_in_the_table_and_nothing_else_does():
    assert set(rows()) == {f"SECONDLOOK_{name.upper()}" for name in Settings.model_fields} | IN_THE_ENVIRONMENT


def test_the_defaults_in_the_table_are_the_settings_own():
    for name, field in Settings.model_fields.items():
        said = rows()[f"SECONDLOOK_{name.upper()}"][1]
        if field.default_factory is None and field.default is not None:
            plain = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
            plain = {"True": "on", "False": "off", "()": "unset"}.get(plain, plain)
            assert said.strip("`") == plain, name


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SECONDLOOK_PROXY", "nginx", "write it as 127.0.0.1"),
        ("SECONDLOOK_PROXY", "*", "write it as 127.0.0.1"),
        ("SECONDLOOK_PROXY", "", "write it as 127.0.0.1"),
        ("SECONDLOOK_METRICS_TOKEN", "short", "16 to 200"),
        ("SECONDLOOK_METRICS_TOKEN", "with a space in the middle", "16 to 200"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name, value, said, monkeypatch):
    monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=rf"{name} cannot be used.*{said}"):
        load_settings()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "SMTP_FROM"),
        ({"smtp_from": "look@hill.org", "public_url": ""}, "PUBLIC_URL"),
        ({"smtp_from": "look@hill.org", "smtp_user": "look"}, "SMTP_PASSWORD"),
        (
            {"smtp_from": "look@hill.org", "smtp_user": "look", "smtp_password": "x", "smtp_security": "none"},
            "over TLS alone",
        ),
    ],
)
def test_settings_of_a_mail_server_that_do_not_fit_together_are_named(settings, said):
    given = {"smtp_host": "mail.hill.org", "public_url": "https://hill.org"} | settings
    found = Settings.model_validate({name: value for name, value in given.items() if value})
    with pytest.raises(BadInput, match=said):
        _ = found.smtp


def test_a_mail_server_is_all_that_was_set_and_its_password_is_never_shown(monkeypatch):
    assert Settings().smtp is None
    set_ = {"HOST": "mail.hill.org", "USER": "look", "PASSWORD": "hush", "FROM": "Second Look <look@hill.org>"}
    for name, value in set_.items():
        monkeypatch.setenv(f"SECONDLOOK_SMTP_{name}", value)
    monkeypatch.setenv("SECONDLOOK_PUBLIC_URL", "https://hill.org")
    settings = load_settings()
    assert settings.smtp == Smtp("mail.hill.org", 587, Security.STARTTLS, set_["FROM"], "look", "hush")
    assert "hush" not in repr(settings) + repr(settings.smtp)
    for wrong in ("look", "a@b.org, c@d.org", "Look\n <look@hill.org>", "Look <look @hill.org>"):
        monkeypatch.setenv("SECONDLOOK_SMTP_FROM", wrong)
        with pytest.raises(BadInput, match="SECONDLOOK_SMTP_FROM cannot be used: write it as"):
            load_settings()


def test_a_token_is_never_shown(monkeypatch):
    monkeypatch.setenv("SECONDLOOK_METRICS_TOKEN", "a-token-of-sixteen-or-more")
    monkeypatch.setenv("SECONDLOOK_PROXY", "127.0.0.1, 10.0.0.0/24")
    settings = load_settings()
    assert "a-token" not in repr(settings)
    assert settings.proxy == "127.0.0.1, 10.0.0.0/24"
