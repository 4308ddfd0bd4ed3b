"""What an ID token must be, beyond what the flow's own tests try: keys of every kind, and of none."""

from __future__ import annotations

import time

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from ui.provider import ALGORITHMS, LEEWAY_S, UnknownKey, WrongToken, read_token

ISSUER, CLIENT, NONCE = "https://id.school.org", "second-look", "a nonce"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
OTHER = RSAKey.generate_key(2048, {"kid": "other"})


def claims(**more):
    now = int(time.time())
    return {"iss": ISSUER, "aud": CLIENT, "sub": "1", "nonce": NONCE, "iat": now, "exp": now + 300} | more


def read(token, *keys):
    return read_token(token, [key.as_dict(private=False) for key in keys], ISSUER, CLIENT, NONCE)


def signed(key=RSA, alg="RS256", kid="rsa", **more):
    head = {"alg": alg} | ({"kid": kid} if kid else {})
    return jwt.encode(head, claims(**more), key, [alg])


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (RSA, "RS256"),
        (RSA, "PS384"),
        (ECKey.generate_key("P-256", {"kid": "ec"}), "ES256"),
        (ECKey.generate_key("P-521", {"kid": "ec"}), "ES512"),
        (OKPKey.generate_key("Ed25519", {"kid": "ed"}), "EdDSA"),
    ],
)
def test_keys_that_only_the_provider_has(key, alg):
    assert read(signed(key, alg, key.kid), OTHER, key)["sub"] == "1"
    assert alg in ALGORITHMS


def test_a_token_without_the_keys_name_is_tried_with_all_of_them():
    for key in (RSA, OTHER):
        keys = [{k: v for k, v in one.as_dict(private=False).items() if k != "kid"} for one in (RSA, OTHER)]
        assert read_token(signed(key, kid=None), keys, ISSUER, CLIENT, NONCE)["sub"] == "1"
        assert read(signed(key, kid=None), RSA, OTHER)["sub"] == "1"


def test_a_key_that_is_not_known_yet_is_told_apart():
    with pytest.raises(UnknownKey):
        read(signed(), OTHER)
    with pytest.raises(UnknownKey):
        read(signed())


def test_our_own_secret_and_the_public_key_as_a_secret_sign_nothing():
    public = RSA.as_pem(private=False)
    for secret in (b"the client's secret, which is long", public):
        key = OctKey(secret, secret, {"kid": "rsa"})
        token = jwt.encode({"alg": "HS256", "kid": "rsa"}, claims(), key, ["HS256"])
        for known in ([RSA], [RSA, key]):
            with pytest.raises(WrongToken):
                read_token(token, [k.as_dict() for k in known], ISSUER, CLIENT, NONCE)


@pytest.mark.parametrize(
    "key",
    [{}, {"kty": "RSA"}, {"kty": "none"}, {"kty": ["RSA"]}, {"kty": "RSA", "n": "", "e": ""}, {"kty": "EC", "crv": 1}],
)
def test_what_is_no_key_is_passed_over(key):
    keys = [key | {"kid": "rsa"}, RSA.as_dict(private=False)]
    assert read_token(signed(), keys, ISSUER, CLIENT, NONCE)["sub"] == "1"


def test_a_key_to_encrypt_with_signs_nothing():
    with pytest.raises(UnknownKey):
        read_token(signed(), [RSA.as_dict(private=False, use="enc")], ISSUER, CLIENT, NONCE)


def test_several_audiences_need_the_party_that_asked():
    several = [CLIENT, "another"]
    assert read(signed(aud=several, azp=CLIENT), RSA)
    assert read(signed(aud=[CLIENT]), RSA)
    for wrong in ({"aud": several}, {"aud": several, "azp": "another"}, {"aud": []}, {"aud": None}):
        with pytest.raises(WrongToken):
            read(signed(**wrong), RSA)


def test_clocks_may_differ_by_a_minute():
    now = int(time.time())
    assert read(signed(exp=now - LEEWAY_S // 2), RSA)
    with pytest.raises(WrongToken):
        read(signed(exp=now - 2 * LEEWAY_S), RSA)


@pytest.mark.parametrize("wrong", [{"exp": None}, {"exp": "soon"}, {"nonce": 5}, {"sub": "x" * 256}, {"sub": "\n"}])
def test_claims_that_are_none(wrong):
    with pytest.raises(WrongToken):
        read(signed(**wrong), RSA)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é.é.é", "..", "a" * 100_000, "eyJhbGciOiJSUzI1NiJ9.W10.AA"])
def test_what_is_no_token(token):
    with pytest.raises(WrongToken):
        read(token, RSA)
