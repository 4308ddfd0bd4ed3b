"""When a film goes, over years of days: never unsaid, never longer than it must stay."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coaching.errors import BadInput
from coaching.retention import (
    DAY_S,
    FIRST_S,
    LAST_S,
    LONGEST,
    SHORTEST,
    Due,
    Gone,
    Policy,
    Waits,
    Warned,
    decide,
    governing,
    reason_of,
)

DAY = DAY_S


def days_of(policy: Policy, looks: range | list[int], added: int = 0) -> list[tuple[int, Due]]:
    """What is due at each of these days."""
    warned, found = Warned(), []
    for day in looks:
        decision = decide(policy, added * DAY, day * DAY, warned)
        warned = decision.warned
        if decision.due is not Due.NOTHING:
            found.append((day, decision.due))
        if decision.due is Due.DELETE:
            break
    return found


def test_a_film_goes_after_its_days_and_is_told_of_14_and_2_days_before():
    # added 0 ............ 351 first ............ 363 last .. 365 goes
    assert days_of(Policy(365), range(2000)) == [(351, Due.FIRST), (363, Due.LAST), (365, Due.DELETE)]
    assert days_of(Policy(None), range(20_000)) == []


def test_a_policy_that_is_new_deletes_nothing_for_14_days():
    # changed on day 1000, long after the film's 30 days: warned at once, and gone 14 days later
    policy = Policy(30, changed=1000 * DAY)
    assert days_of(policy, range(1000, 2000)) == [(1000, Due.FIRST), (1012, Due.LAST), (1014, Due.DELETE)]


def test_a_server_that_was_off_warns_late_and_deletes_as_much_later():
    off = [*range(350), *range(400, 500)]
    assert days_of(Policy(365), off) == [(400, Due.FIRST), (412, Due.LAST), (414, Due.DELETE)]
    off_between = [*range(360), *range(400, 500)]  # after the first warning
    assert days_of(Policy(365), off_between) == [(351, Due.FIRST), (400, Due.LAST), (402, Due.DELETE)]


def test_what_was_told_is_forgotten_while_a_film_waits():
    warned = Warned(351 * DAY, 363 * DAY)
    at = 364 * DAY
    for decision, why in (
        (decide(Policy(None), 0, at, warned), Waits.FOR_GOOD),
        (decide(Policy(365), 0, at, warned, protected=True), Waits.PROTECTED),
        (decide(Policy(365), 0, at, warned, in_use=True), Waits.IN_CYCLE),
    ):
        assert (decision.due, decision.goes, decision.warned, decision.waits) == (Due.NOTHING, None, Warned(), why)
    later = decide(Policy(400), 0, at, warned)  # a longer policy: day 400, of which nobody was told
    assert (later.due, later.goes, later.warned) == (Due.NOTHING, 400 * DAY, Warned())
    # One that is longer by little: the first warning still stands, the last one is said anew.
    later = decide(Policy(370), 0, at, warned)
    assert (later.due, later.goes, later.warned) == (Due.NOTHING, 370 * DAY, Warned(351 * DAY))


def test_a_film_that_must_not_be_protected_goes():
    assert decide(Policy(365, may_protect=False), 0, 351 * DAY, protected=True).due is Due.FIRST


def test_the_longest_of_several_schools_governs():
    year, month = Policy(365, False, False, 7.0), Policy(30, True, True, 9.0)
    assert governing([year, month]) == Policy(365, True, True, 9.0)
    assert governing([month, Policy()]).days is None
    assert governing([]).days is None


@pytest.mark.parametrize("days", [SHORTEST - 1, LONGEST + 1, 0, -30])
def test_days_have_bounds(days):
    with pytest.raises(BadInput):
        Policy(days).check()
    Policy(SHORTEST).check()
    Policy(None).check()


def test_a_reason_is_a_line():
    assert reason_of("  the whole\nunit ") == "the whole unit"
    assert reason_of(" \n ") == ""
    with pytest.raises(BadInput):
        reason_of("x" * 201)


def test_what_is_said_of_a_film_that_is_gone():
    when = datetime(2027, 11, 3, tzinfo=UTC)
    said = "The film of this lesson was deleted on 3 November 2027, as the school decided"
    assert Gone(when, 365).sentence == f"{said}: it keeps films for 365 days."
    assert Gone(when).sentence == f"{said}."


@dataclass
class Film:
    """A film through the years, looked at by a server that is off at times."""

    policy: Policy = field(default_factory=Policy)
    protected: bool = False
    in_use: bool = False
    warned: Warned = field(default_factory=Warned)
    told: list[tuple[Due, float]] = field(default_factory=list)

    def look(self, now: float) -> bool:
        decision = decide(self.policy, 0.0, now, self.warned, protected=self.protected, in_use=self.in_use)
        self.warned = decision.warned
        if decision.due in (Due.FIRST, Due.LAST):
            self.told.append((decision.due, now))
        return decision.due is Due.DELETE


HAPPENS = st.one_of(
    st.tuples(st.just("policy"), st.one_of(st.none(), st.integers(SHORTEST, 800)), st.booleans()),
    st.tuples(st.just("protect"), st.booleans()),
    st.tuples(st.just("cycle"), st.booleans()),
    st.tuples(st.just("off"), st.integers(1, 120)),
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 200), HAPPENS), max_size=25),
    st.integers(SHORTEST, 400),
    st.floats(0.02, 1.0),
)
def test_through_years_of_changes_no_film_goes_without_both_warnings_nor_stays_without_a_reason(happens, last, every):
    film, now, off_until, end = Film(), 0.0, 0.0, False

    def passes(until: float) -> bool:
        nonlocal now
        while now < until:
            now = min(until, now + every * DAY)
            if now >= off_until and film.look(now):
                first = max(at for due, at in film.told if due is Due.FIRST)
                second = max(at for due, at in film.told if due is Due.LAST)
                assert now - first >= FIRST_S
                assert now - second >= LAST_S
                assert second > first
                assert film.policy.days is not None
                assert now >= film.policy.days * DAY
                assert now >= film.policy.changed + FIRST_S
                assert not (film.protected and film.policy.may_protect)
                assert not film.in_use
                return True
        return False

    for gap, (what, *said) in happens:
        if end := passes(now + gap * DAY):
            break
        if what == "policy":
            film.policy = Policy(said[0], may_protect=said[1], changed=now)
        elif what == "protect":
            film.protected = said[0]
        elif what == "cycle":
            film.in_use = said[0]
        else:
            off_until = now + said[0] * DAY
    if not end:  # from here on nothing keeps it: it goes when its days are over, and the warnings are old enough
        film.policy, film.protected, film.in_use = Policy(last, changed=now), False, False
        latest = max(last * DAY, now + FIRST_S, off_until + FIRST_S) + 3 * every * DAY
        assert passes(latest), (now / DAY, film)
