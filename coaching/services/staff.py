"""A list of staff against those who are there: what each line would do. It adds, and never takes a role away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from coaching.errors import BadInput
from coaching.people import Membership, school_name
from coaching.staff import Entry, Member, NotOurs, School, Step, What


@dataclass
class _Known:
    """Somebody as they are after the lines before. `roles` by the schools' names."""

    name: str
    roles: dict[str, frozenset[Membership]]
    whole: bool
    left: bool


def plan(
    entries: Iterable[Entry],
    members: Iterable[Member],
    schools: Sequence[School],
    *,
    operator: bool,
    elsewhere: Set[str] = frozenset(),
) -> list[Step]:
    """A step for each line, in order. `schools` and `members` are those that whoever asks may change; `operator`: all
    there are, and a school that is new is added. `elsewhere` are addresses of people who are not theirs."""
    names = {school.id: school.name for school in schools}
    known = {m.email: _Known(m.name, {names[s]: r for s, r in m.roles.items()}, m.whole, m.left) for m in members}
    called = {name.casefold(): name for name in names.values()} | {name: name for name in names.values()}
    return [
        _step(replace(entry, wrong=str(NotOurs())) if entry.email in elsewhere else entry, known, called, operator)
        for entry in entries
    ]


def _step(entry: Entry, known: dict[str, _Known], called: dict[str, str], operator: bool) -> Step:
    if entry.wrong:
        return Step(entry, What.WRONG, entry.wrong)
    try:
        school = _school(entry.school, called, operator)
    except BadInput as error:
        return Step(entry, What.WRONG, str(error))
    person = known.get(entry.email)
    if person is None:
        known[entry.email] = _Known(entry.name, {school: entry.roles}, True, False)
        return Step(entry, What.ADD, f"New: {_words(entry.roles)} at {school}.", school, entry.name)
    if person.left:
        return Step(entry, What.SAME, "Was let go, and stays so.", school)
    have = person.roles.get(school, frozenset())
    said = []
    if more := entry.roles - have:
        person.roles[school] = have | more
        said.append(f"{'Also ' if have else 'Now '}{_words(more)} at {school}.")
    name = None
    if entry.name and entry.name != person.name and person.whole:
        name = person.name = entry.name
        said.append(f"The name becomes {name}.")
    what = What.CHANGE if said else What.SAME
    return Step(entry, what, " ".join(said) or f"Is {_words(entry.roles)} at {school} already.", school, name)


def _school(written: str, called: dict[str, str], operator: bool) -> str:
    """The school's name as it is known; a new one is known from now on. Raises BadInput."""
    if not written:
        if len(only := set(called.values())) == 1:
            return only.pop()
        raise BadInput("No school. Write its name.")
    name = school_name(written)
    found = called.get(name) or called.get(name.casefold())
    if found is None and not operator:
        raise BadInput(f"You administer no school called “{name}”.")
    if found is None:
        found = called[name] = called[name.casefold()] = name
    return found


def _words(roles: frozenset[Membership]) -> str:
    return " and ".join(role.value for role in Membership if role in roles)


def counts(steps: Iterable[Step]) -> Mapping[What, int]:
    """How many lines do what; every kind is there."""
    found = dict.fromkeys(What, 0)
    for step in steps:
        found[step.what] += 1
    return found
