"""Whose word on an address counts, which issuers there may be, and settings that do not fit together."""

from __future__ import annotations

import pytest

from coaching.errors import BadInput
from coaching.providers import NotVerified, OtherDomain, Provider, check_issuer, verified_email
from coaching.settings import Settings, load_settings

TENANT = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0"
GOOGLE = "https://accounts.google.com"
OTHER = "https://id.school.org/realms/staff"
MAYA = "maya@school.org"


def address(issuer, domains=(), trusted=False, **claims):
    return verified_email(Provider(issuer, "id", "secret", "name", domains, trusted), {"sub": "1", **claims})


@pytest.mark.parametrize(
    ("issuer", "claims"),
    [
        (OTHER, {"email": "Maya@School.org", "email_verified": True}),
        (OTHER, {"email": MAYA, "email_verified": "true"}),
        (GOOGLE, {"email": MAYA, "email_verified": True, "hd": "school.org"}),
        (TENANT, {"email": MAYA, "xms_edov": True}),
        (TENANT, {"email": MAYA, "xms_edov": "1"}),
    ],
)
def test_an_address_that_the_provider_vouches_for_is_taken(issuer, claims):
    assert address(issuer, **claims) == MAYA


def test_an_address_at_gmail_is_googles_own():
    assert address(GOOGLE, email="maya@gmail.com", email_verified=True) == "maya@gmail.com"


@pytest.mark.parametrize(
    ("issuer", "claims"),
    [
        (OTHER, {}),
        (OTHER, {"email": MAYA}),
        (OTHER, {"email": MAYA, "email_verified": False}),
        (OTHER, {"email": MAYA, "email_verified": "false"}),
        (OTHER, {"email": MAYA, "email_verified": []}),
        (OTHER, {"email": MAYA, "xms_edov": True}),  # a claim of Microsoft's alone
        (OTHER, {"preferred_username": MAYA, "email_verified": True}),
        (GOOGLE, {"email": MAYA, "email_verified": True}),  # somebody's own account, made with that address once
        (TENANT, {"email": MAYA}),
        (TENANT, {"email": MAYA, "xms_edov": False}),
        (TENANT, {"email": MAYA, "xms_edov": "0"}),
        (TENANT, {"upn": MAYA, "preferred_username": MAYA, "xms_edov": True}),
    ],
)
def test_any_other_is_not(issuer, claims):
    with pytest.raises(NotVerified):
        address(issuer, **claims)


def test_the_schools_word_counts_for_its_own_domains_and_never_against_the_providers():
    assert address(TENANT, ("school.org",), True, email=MAYA) == MAYA
    with pytest.raises(OtherDomain):
        address(TENANT, ("school.org",), True, email="maya@guest.org")
    with pytest.raises(NotVerified):
        address(TENANT, (), True, email=MAYA)
    with pytest.raises(NotVerified):
        address(TENANT, ("school.org",), True, email=MAYA, email_verified=False)


def test_a_domain_is_the_whole_of_it():
    for email in ("maya@evil-school.org", "maya@school.org.evil.org", "maya@sub.school.org"):
        with pytest.raises(OtherDomain):
            address(OTHER, ("school.org",), email=email, email_verified=True)


@pytest.mark.parametrize("issuer", [GOOGLE, TENANT, TENANT + "/", OTHER, "http://127.0.0.1:9400", "http://localhost"])
def test_an_issuer(issuer):
    assert check_issuer(issuer) == issuer


@pytest.mark.parametrize(
    "issuer",
    [
        "accounts.google.com",
        "http://id.school.org",
        "https://",
        "https://user@id.school.org",
        f"{OTHER}?x=1",
        f"{OTHER}#x",
        "file:///etc",
        "https://login.microsoftonline.com/common/v2.0",
        "https://login.microsoftonline.com/organizations/v2.0",
        "https://login.microsoftonline.us/school.org/v2.0",
        f"https://{'x' * 250}.org",
    ],
)
def test_no_issuer(issuer):
    with pytest.raises(ValueError, match="write"):
        check_issuer(issuer)


def settings(**values):
    return Settings(_env_file=None, **values)


def test_a_provider_of_the_settings(monkeypatch):
    assert settings().provider is None
    monkeypatch.setenv("SECONDLOOK_OIDC_ISSUER", GOOGLE)
    monkeypatch.setenv("SECONDLOOK_OIDC_CLIENT_ID", "id")
    monkeypatch.setenv("SECONDLOOK_OIDC_CLIENT_SECRET", "a secret")
    monkeypatch.setenv("SECONDLOOK_OIDC_DOMAINS", "School.org, @hill.org,")
    monkeypatch.setenv("SECONDLOOK_OIDC_EMAIL_TRUSTED", "on")
    provider = load_settings().provider
    assert provider == Provider(GOOGLE, "id", "a secret", "your school account", ("school.org", "hill.org"), True)
    assert "a secret" not in repr(provider) + repr(load_settings())


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"passwords": False}, "OIDC_ISSUER"),
        ({"oidc_issuer": GOOGLE}, "CLIENT_ID"),
        ({"oidc_issuer": GOOGLE, "oidc_client_id": "id"}, "CLIENT_SECRET"),
        (
            {"oidc_issuer": GOOGLE, "oidc_client_id": "i", "oidc_client_secret": "s", "oidc_email_trusted": True},
            "OIDC_DOMAINS",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_said(values, said):
    with pytest.raises(BadInput, match=said):
        settings(**values).provider  # noqa: B018


@pytest.mark.parametrize(
    ("name", "text"),
    [("OIDC_ISSUER", "http://id.school.org"), ("OIDC_DOMAINS", "school"), ("PASSWORDS", "perhaps")],
)
def test_a_setting_that_is_malformed_is_named(monkeypatch, name, text):
    monkeypatch.setenv(f"SECONDLOOK_{name}", text)
    with pytest.raises(BadInput, match=f"SECONDLOOK_{name} cannot be used"):
        load_settings()
