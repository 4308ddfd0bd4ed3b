"""Who somebody is to a provider, sign-ins under way, and whoever was let go; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from coaching.accounts import (
    FLOW_S,
    FlowOver,
    LetGo,
    LinkOver,
    NotAdded,
    OtherAccount,
    WrongPassword,
    fingerprint,
    new_secret,
)
from coaching.errors import BadInput
from coaching.uploads import TicketKind
from models.database import now
from models.tables import FlowRow, IdentityRow, SessionRow, TicketRow

ISSUER = "https://accounts.google.com"
OWNER, PASSWORD, HERE = "owner@school.org", "a long enough one", "192.0.2.1"


def who(there, cookie):
    return there.accounts.session(fingerprint(cookie)).id


def test_a_subject_is_linked_by_an_address_once_and_known_without_it_then(there):
    first = there.accounts.sign_in_as(ISSUER, "1", OWNER)
    assert who(there, first) == there.owner
    assert who(there, there.accounts.sign_in_as(ISSUER, "1", None)) == there.owner
    assert who(there, there.accounts.sign_in_as(ISSUER, "1", "coach@school.org")) == there.owner
    assert who(there, there.accounts.sign_in_as("https://another.org", "1", "coach@school.org")) == there.cast["coach"]


def test_nobody_is_added(there):
    for email in (None, "nobody@school.org", ""):
        with pytest.raises(NotAdded):
            there.accounts.sign_in_as(ISSUER, "1", email)
    with there.database.read() as session:
        assert session.scalars(select(IdentityRow)).all() == []
        assert session.scalars(select(SessionRow)).all() == []
    assert len(there.people.everybody()) == len(there.cast)


def test_an_address_that_was_given_anew_is_not_the_account_of_before(there):
    there.accounts.sign_in_as(ISSUER, "1", OWNER)
    with pytest.raises(OtherAccount):
        there.accounts.sign_in_as(ISSUER, "2", OWNER)
    assert who(there, there.accounts.sign_in_as("https://another.org", "2", OWNER)) == there.owner


def test_of_two_accounts_with_one_address_that_come_at_once_one_is_linked(there):
    def step(n):
        try:
            return there.accounts.sign_in_as(ISSUER, str(n), OWNER)
        except OtherAccount:
            return None

    with ThreadPoolExecutor(6) as pool:
        assert len([cookie for cookie in pool.map(step, range(6)) if cookie]) == 1


def test_one_account_that_comes_many_times_at_once_is_one(there):
    with ThreadPoolExecutor(6) as pool:
        cookies = list(pool.map(lambda n: there.accounts.sign_in_as(ISSUER, "1", OWNER), range(6)))
    assert {who(there, cookie) for cookie in cookies} == {there.owner}


def test_a_sign_in_under_way_is_good_once_in_its_browser_for_ten_minutes(there):
    accounts, browser = there.accounts, new_secret()
    flow, slow = accounts.set_out(browser, "/lessons"), accounts.set_out(browser, "/")
    assert len({flow.state, flow.nonce, flow.verifier, slow.state, slow.nonce, slow.verifier}) == 6
    for state, holder in (("", browser), (flow.state, ""), (flow.state, new_secret()), (flow.nonce, browser)):
        with pytest.raises(FlowOver):
            accounts.come_back(state, holder)
    assert accounts.come_back(flow.state, browser) == flow
    with pytest.raises(FlowOver):
        accounts.come_back(flow.state, browser)
    there.later(FlowRow, FLOW_S + 1, "ends")
    with pytest.raises(FlowOver):
        accounts.come_back(slow.state, browser)
    accounts.set_out(browser, "/")
    with there.database.read() as session:
        assert len(session.scalars(select(FlowRow)).all()) == 1, "what has ended is forgotten"


def test_of_many_who_come_back_at_once_one_does(there):
    browser = new_secret()
    flow = there.accounts.set_out(browser, "/")

    def step(_):
        try:
            return there.accounts.come_back(flow.state, browser)
        except FlowOver:
            return None

    with ThreadPoolExecutor(6) as pool:
        assert [found for found in pool.map(step, range(6)) if found] == [flow]


def test_no_state_and_no_browser_can_be_read_in_the_database(there):
    browser = new_secret()
    flow = there.accounts.set_out(browser, "/")
    with there.database.read() as session:
        rows = str(session.execute(text("SELECT * FROM sign_in_flows")).all())
    assert flow.state not in rows
    assert browser not in rows


def test_whoever_was_let_go_is_out_at_once_and_in_by_no_way(there):
    accounts = there.accounts
    accounts.set_password(OWNER, PASSWORD)
    cookies = [accounts.sign_in(OWNER, PASSWORD, HERE), accounts.sign_in_as(ISSUER, "1", OWNER)]
    link = accounts.invite(OWNER)
    with there.database.write() as session:
        id = fingerprint("a code")
        session.add(TicketRow(id=id, kind=TicketKind.CODE, person_id=there.owner, ends=now(session) + 900))
    there.people.leave(" Owner@School.org ")
    assert [accounts.session(fingerprint(cookie)) for cookie in cookies] == [None, None]
    with there.database.read() as session:
        assert session.scalars(select(TicketRow)).all() == []
    for step in (lambda: accounts.sign_in(OWNER, PASSWORD, HERE), lambda: accounts.sign_in_as(ISSUER, "1", OWNER)):
        with pytest.raises(LetGo):
            step()
    with pytest.raises(WrongPassword):
        accounts.sign_in(OWNER, "not the password", HERE)  # whoever guesses is told nothing of it
    for step in (accounts.link, lambda secret: accounts.set_by_link(secret, "another password")):
        with pytest.raises(LinkOver):
            step(link)
    with pytest.raises(BadInput, match="let go"):
        accounts.invite(OWNER)
    assert there.people.find(OWNER).left


def test_it_is_undone_and_what_was_theirs_is_theirs(there):
    accounts, recording = there.accounts, there.bring()
    accounts.set_password(OWNER, PASSWORD)
    old, link = accounts.sign_in(OWNER, PASSWORD, HERE), accounts.invite(OWNER)
    there.people.leave(OWNER)
    there.people.leave(OWNER)
    there.people.come_back(OWNER)
    assert not there.people.find(OWNER).left
    assert accounts.session(fingerprint(old)) is None
    with pytest.raises(LinkOver):
        accounts.link(link)
    assert who(there, accounts.sign_in(OWNER, PASSWORD, HERE)) == there.owner
    assert [facts.id for facts in there.lessons.mine(there.owner)] == [recording]


def test_whoever_signs_in_while_they_are_let_go_is_out_all_the_same(there):
    accounts = there.accounts
    accounts.set_password(OWNER, PASSWORD)
    accounts.sign_in_as(ISSUER, "1", OWNER)

    def step(n):
        try:
            return there.people.leave(OWNER) if n == 2 else accounts.sign_in_as(ISSUER, "1", None)
        except LetGo:
            return None

    with ThreadPoolExecutor(6) as pool:
        cookies = [cookie for cookie in pool.map(step, range(6)) if cookie]
    there.people.come_back(OWNER)
    assert [accounts.session(fingerprint(cookie)) for cookie in cookies] == [None] * len(cookies)


def test_nobody_is_not_let_go(there):
    for step in (there.people.leave, there.people.come_back):
        with pytest.raises(BadInput, match="Nobody has this address"):
            step("nobody@school.org")
