"""How long a wrong password costs, and what may be a password."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching.accounts import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    TooManyTries,
    check_password,
    fingerprint,
    new_secret,
    tries_of,
    wait_s,
)
from coaching.errors import BadInput


def test_the_free_tries_cost_nothing_and_each_after_them_twice_as_much():
    assert [wait_s(n, 5) for n in range(3, 12)] == [0, 0, 30, 60, 120, 240, 480, 900, 900]


@given(st.integers(0, 10**9), st.integers(0, 200))
def test_a_wait_never_falls_and_ends(tries, free):
    assert wait_s(tries, free) <= wait_s(tries + 1, free) <= LONGEST_WAIT_S
    assert (wait_s(tries, free) > 0) == (tries >= free)
    assert wait_s(free, free) == FIRST_WAIT_S


@pytest.mark.parametrize(("seconds", "said"), [(1, "Wait 1 minute,"), (89, "1 minute,"), (100, "2 minutes,")])
def test_a_wait_is_said_in_minutes(seconds, said):
    assert said in str(TooManyTries(seconds))


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_what_cannot_be_a_password_is_said(password):
    with pytest.raises(BadInput, match="10 to 200 characters"):
        check_password(password)
    check_password("correct horse")


def test_secrets_differ_and_their_fingerprints_tell_nothing():
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"[\w-]{43}", secret) for secret in made)
    # echo -n abc | sha256sum
    assert fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@given(st.text(), st.text(), st.text(), st.text())
def test_tries_of_one_account_from_one_address_are_counted_together_and_no_others(email, address, other, elsewhere):
    mine, others = list(tries_of(email, address)), list(tries_of(other, elsewhere))
    assert (mine[1] == others[1]) == (email == other)
    assert (mine[2] == others[2]) == (address == elsewhere)
    assert len(set(mine)) == 3
