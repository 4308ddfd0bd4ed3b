"""Passwords, sessions and links, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from coaching.accounts import (
    FORGOTTEN_S,
    FREE_TRIES,
    INVITATION_S,
    RESET_S,
    SESSION_S,
    LinkOver,
    TooManyTries,
    WrongPassword,
    fingerprint,
    tries_of,
)
from coaching.errors import BadInput
from models.database import now
from models.tables import LinkRow, PasswordRow, SchoolRow, SessionRow, TryRow

OWNER = "owner@school.org"
PASSWORD = "a long enough one"
HERE = "192.0.2.1"


@pytest.fixture
def accounts(there):
    """The school's accounts; the owner has a password."""
    there.accounts.set_password(OWNER, PASSWORD)
    return there.accounts


def wrong(accounts, times, address=HERE, email=OWNER):
    for _ in range(times):
        with pytest.raises(WrongPassword):
            accounts.sign_in(email, "not the password", address)


def test_whoever_has_the_password_has_a_session(accounts, there):
    cookie = accounts.sign_in(" Owner@School.org ", PASSWORD, HERE)
    person = accounts.session(fingerprint(cookie))
    assert (person.id, person.email, person.memberships) == (there.owner, OWNER, (("North", "teacher"),))
    assert accounts.session(cookie) is None
    assert accounts.session(fingerprint("another")) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (OWNER, "wrong"),
        (OWNER, PASSWORD.upper()),
        ("nobody@school.org", PASSWORD),
        ("coach@school.org", ""),
        ("no address\0", PASSWORD),
        ("", ""),
    ],
)
def test_whoever_has_not_is_told_the_same(accounts, email, password):
    with pytest.raises(WrongPassword) as refusal:
        accounts.sign_in(email, password, HERE)
    assert str(refusal.value) == str(WrongPassword())


def test_no_secret_lies_in_the_database(accounts, there):
    accounts.sign_in(OWNER, PASSWORD, HERE)
    cookie, link = accounts.sign_in(OWNER, PASSWORD, HERE), accounts.invite(OWNER)
    wrong(accounts, 1)
    with there.database.read() as session:
        rows = [
            str(tuple(row))
            for table in ("passwords", "sessions", "links", "sign_in_tries")
            for row in session.execute(text(f"SELECT * FROM {table}"))  # noqa: S608
        ]
    assert len(rows) == 1 + 2 + 1 + 3
    for secret in (PASSWORD, cookie, link, HERE, OWNER):
        assert not [row for row in rows if secret in row]
    assert "$argon2id$" in rows[0]


def test_a_session_ends_by_itself_and_is_forgotten(accounts, there):
    old = accounts.sign_in(OWNER, PASSWORD, HERE)
    there.later(SessionRow, SESSION_S + 1, "began", "ends")
    assert accounts.session(fingerprint(old)) is None
    accounts.sign_in(OWNER, PASSWORD, HERE)
    with there.database.read() as session:
        assert fingerprint(old) not in session.scalars(select(SessionRow.id)).all()


def test_signing_out_ends_one_session_and_everywhere_ends_all(accounts, there):
    accounts.set_password("coach@school.org", PASSWORD)
    others = fingerprint(accounts.sign_in("coach@school.org", PASSWORD, HERE))
    one, two, three = (fingerprint(accounts.sign_in(OWNER, PASSWORD, HERE)) for _ in range(3))
    accounts.sign_out(one)
    assert [accounts.session(s) is not None for s in (one, two, three)] == [False, True, True]
    accounts.sign_out_everywhere(there.owner)
    assert [accounts.session(s) is not None for s in (two, three, others)] == [False, False, True]


def test_wrong_passwords_cost_time_even_for_the_right_one(accounts, there):
    wrong(accounts, FREE_TRIES["both"])
    with pytest.raises(TooManyTries, match="Wait 1 minute") as refusal:
        accounts.sign_in(OWNER, PASSWORD, HERE)
    assert 0 < refusal.value.seconds <= 30
    there.later(TryRow, 31, "last")
    wrong(accounts, 1)
    with pytest.raises(TooManyTries) as refusal:
        accounts.sign_in(OWNER, PASSWORD, HERE)
    assert 30 < refusal.value.seconds <= 60
    there.later(TryRow, 61, "last")
    accounts.sign_in(OWNER, PASSWORD, HERE)  # which forgets them all
    wrong(accounts, FREE_TRIES["both"])


def test_nobody_is_locked_out_by_a_few_tries_from_elsewhere(accounts):
    wrong(accounts, FREE_TRIES["both"], "198.51.100.7")
    assert accounts.sign_in(OWNER, PASSWORD, HERE)


def test_many_addresses_that_guess_at_one_account_are_slowed_down(accounts):
    for n in range(FREE_TRIES["email"]):
        wrong(accounts, 1, f"198.51.100.{n}")
    with pytest.raises(TooManyTries):
        accounts.sign_in(OWNER, "a guess", "203.0.113.1")


def test_a_school_behind_one_address_signs_in_as_often_as_it_likes(accounts, there):
    with there.database.write() as session:
        session.add(TryRow(id=list(tries_of(OWNER, HERE))[2], count=FREE_TRIES["address"] - 1, last=now(session)))
    for _ in range(3):
        accounts.sign_in(OWNER, PASSWORD, HERE)
    wrong(accounts, 1)
    with pytest.raises(TooManyTries):
        accounts.sign_in(OWNER, PASSWORD, HERE)


def test_tries_are_forgotten_after_an_hour(accounts, there):
    wrong(accounts, FREE_TRIES["both"])
    there.later(TryRow, FORGOTTEN_S + 1, "last")
    wrong(accounts, FREE_TRIES["both"])


def test_a_hundred_guesses_at_once_are_a_hundred(accounts):
    def guess(_):
        try:
            accounts.sign_in(OWNER, "a guess", HERE)
        except (WrongPassword, TooManyTries) as error:
            return type(error)

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(16)))
    assert said.count(WrongPassword) == FREE_TRIES["both"]
    assert said.count(TooManyTries) == 16 - FREE_TRIES["both"]


def test_a_link_sets_a_password_once_and_signs_in(accounts, there):
    secret = there.accounts.invite("coach@school.org")
    found = accounts.link(secret)
    assert (found.person.id, found.first) == (there.cast["coach"], True)
    with pytest.raises(BadInput, match="10 to 200"):
        accounts.set_by_link(secret, "short")
    cookie = accounts.set_by_link(secret, PASSWORD)
    assert accounts.session(fingerprint(cookie)).id == there.cast["coach"]
    for again in (accounts.link, lambda s: accounts.set_by_link(s, "another password")):
        with pytest.raises(LinkOver):
            again(secret)
    assert accounts.sign_in("coach@school.org", PASSWORD, HERE)


def test_of_two_who_use_a_link_at_once_one_has_it(accounts):
    secret = accounts.invite(OWNER)

    def use(n):
        try:
            return accounts.set_by_link(secret, f"the password of {n}")
        except LinkOver:
            return None

    with ThreadPoolExecutor(4) as pool:
        cookies = [c for c in pool.map(use, range(4)) if c]
    assert len(cookies) == 1
    assert accounts.session(fingerprint(cookies[0])) is not None


def test_another_password_ends_every_session_and_link(accounts):
    session, first = fingerprint(accounts.sign_in(OWNER, PASSWORD, HERE)), accounts.invite(OWNER)
    second = accounts.invite(OWNER)
    with pytest.raises(LinkOver):
        accounts.link(first)
    assert not accounts.link(second).first
    accounts.set_password(OWNER, "another password")
    assert accounts.session(session) is None
    with pytest.raises(LinkOver):
        accounts.link(second)
    wrong(accounts, 1)
    assert accounts.sign_in(OWNER, "another password", HERE)


def test_when_the_password_was_set_is_known_to_whose_it_is(accounts, there):
    before = accounts.password_set(there.owner)
    accounts.set_by_link(accounts.invite(OWNER), "another password")
    assert before < accounts.password_set(there.owner)
    assert accounts.password_set(there.cast["coach"]) is None


@pytest.mark.parametrize(("email", "lasts"), [("coach@school.org", INVITATION_S), (OWNER, RESET_S)])
def test_a_link_is_good_for_a_time(accounts, there, email, lasts):
    secret = accounts.invite(email)
    there.later(LinkRow, lasts - 60, "ends")
    accounts.link(secret)
    there.later(LinkRow, 61, "ends")
    with pytest.raises(LinkOver):
        accounts.link(secret)
    with pytest.raises(LinkOver):
        accounts.set_by_link(secret, PASSWORD)


def test_nobody_is_not_invited(accounts):
    for step in (accounts.invite, lambda email: accounts.set_password(email, PASSWORD)):
        with pytest.raises(BadInput, match="Nobody has this address"):
            step("nobody@school.org")


def test_who_leaves_takes_everything_along(accounts, there):
    accounts.sign_in(OWNER, PASSWORD, HERE)
    accounts.invite(OWNER)
    with there.database.write() as session:
        session.execute(text("DELETE FROM people"))
    with there.database.read() as session:
        for table in (PasswordRow, SessionRow, LinkRow):
            assert session.scalars(select(table)).all() == []


def test_somebody_is_forgotten_with_what_they_wrote_and_a_school_that_is_empty_then(there):
    recording = there.bring()
    there.people.call("stranger@school.org", "Sam")
    assert there.people.find("stranger@school.org").name == "Sam"
    there.accounts.set_password("stranger@school.org", "a long enough one")
    there.people.forget("stranger@school.org")
    assert there.people.find("stranger@school.org") is None
    with pytest.raises(WrongPassword):
        there.accounts.sign_in("stranger@school.org", "a long enough one", "1.2.3.4")
    with there.database.read() as session:
        assert list(session.scalars(select(SchoolRow.name))) == ["North"]  # nobody was at South but them
    with pytest.raises(BadInput, match="Recordings are theirs still"):
        there.people.forget("owner@school.org")
    there.people.forget("colleague@school.org")
    assert there.lessons.recording(there.owner, recording).id == recording
    for step in (there.people.forget, lambda email: there.people.call(email, "x")):
        with pytest.raises(BadInput, match="Nobody has this address"):
            step("colleague@school.org")
