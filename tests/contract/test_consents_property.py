"""Whatever people are, whatever lists, absences and consents say, in whatever order: nobody but its owner and their
coaches is answered anything of a lesson in which an opted-out student is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from databases import fresh_database
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from lessons import long_lesson
from stateful import run_of
from stores import School, school

from coaching.access import Grant, NotThere
from coaching.clips import NewClip
from coaching.coached import Look, NewCycle
from coaching.consents import Agreed, KeptClose
from coaching.cycles import Kind, Step
from coaching.errors import BadInput
from coaching.library import Filter
from coaching.people import Membership
from coaching.sharing import NoColleague

SAID = long_lesson(4, seed=1)
DAYS = [date(2026, 11, day) for day in (2, 3, 4)]
CLASSES = ["Period 1", "Period 2"]
HOLDERS = ["colleague", "coach", "peer"]
LESSONS = 2

lessons_ = st.integers(0, LESSONS - 1)
days = st.sampled_from(DAYS)
any_day = st.sampled_from([None, *DAYS])

ASK: dict[str, Callable[[Any, str, str, str, str], object]] = {
    "recording": lambda s, who, lesson, run, clip: s.recording(who, lesson),
    "listed": lambda s, who, lesson, run, clip: s.listed(who, lesson),
    "transcript": lambda s, who, lesson, run, clip: s.transcript(who, run),
    "corrections": lambda s, who, lesson, run, clip: s.corrections(who, lesson),
    "comments": lambda s, who, lesson, run, clip: s.comments(who, lesson),
    "clips": lambda s, who, lesson, run, clip: s.clips(who, lesson),
    "noted": lambda s, who, lesson, run, clip: s.noted(who, lesson),
    "machine": lambda s, who, lesson, run, clip: s.machine(who, run),
}
ASK_CLIP: dict[str, Callable[[Any, str, str, str, str], object]] = {
    "given_clip": lambda s, who, lesson, run, clip: s.given_clip(who, clip),
    "heard_in": lambda s, who, lesson, run, clip: s.heard_in(who, clip),
}


class Children(RuleBasedStateMachine):
    kind = "sqlite"
    step = 0

    def __init__(self) -> None:
        super().__init__()
        self.there: School = school(fresh_database(self.kind))
        there = self.there
        there.cast["peer"] = there.people.add("peer@school.org", Membership.TEACHER, "North").id
        (self.north,) = [one.id for one in there.staff.schools(there.cast["admin"])]
        for name in CLASSES:
            there.consents.add_class(there.owner, name)
        self.classes = {one.name: one.id for one in there.consents.classes(there.owner)}
        self.lessons: list[tuple[str, str, str]] = []  # id, run, its clip
        self.of: list[tuple[str | None, date]] = []  # its class and day
        self.given, self.clips = set[tuple[str, int]](), set[tuple[str, int]]()
        self.roles: dict[str, set[Membership]] = {
            "colleague": {Membership.TEACHER},
            "peer": {Membership.TEACHER},
            "coach": {Membership.COACH},
        }
        self.listed: dict[str, tuple[str, date | None, date | None]] = {}  # by id: class, since, until
        self.away: set[tuple[str, int]] = set()
        self.consents: dict[tuple[str, date], tuple[date, Agreed]] = {}
        self.cycles: dict[str, tuple[str, int]] = {}  # open ones: whose partner, of which lesson

    def teardown(self) -> None:
        self.there.database.close()

    @initialize()
    def two_lessons(self) -> None:
        lessons = self.there.lessons
        for n in range(LESSONS):
            recording, ran = self.there.ready(f"secret{n}x", SAID)
            clip = lessons.clip(self.there.owner, recording, NewClip(1.0, 3.0, f"clip{n}x"))
            self.lessons.append((recording, ran, clip))
            self.of.append((None, DAYS[0]))
            self.is_of(n, CLASSES[n % 2], DAYS[n])
            for to in HOLDERS:
                self.gives(n, to)
                self.gives_a_clip(n, to)

    @rule(n=lessons_, name=st.sampled_from([None, *CLASSES]), on=days)
    def is_of(self, n: int, name: str | None, on: date) -> None:
        self.there.lessons.describe(self.there.owner, self.lessons[n][0], name, on, ())
        self.of[n] = name, on

    @rule(n=lessons_, to=st.sampled_from(HOLDERS))
    def gives(self, n: int, to: str) -> None:
        takers = {one.email for one in self.there.lessons.takers(self.there.owner, self.lessons[n][0])}
        assert (f"{to}@school.org" in takers) == self._open(to, n)
        try:
            self.there.lessons.grant(self.there.owner, self.lessons[n][0], f"{to}@school.org", list(Grant))
        except KeptClose:
            assert self.roles[to]
            assert not self._shown(to, n)
        except NoColleague:
            assert not self.roles[to]
        else:
            assert self._open(to, n)
            self.given.add((to, n))

    @rule(n=lessons_, to=st.sampled_from(HOLDERS))
    def gives_a_clip(self, n: int, to: str) -> None:
        recording, _, clip = self.lessons[n]
        try:
            self.there.lessons.give_clips(self.there.owner, recording, f"{to}@school.org", [clip])
        except KeptClose:
            assert self.roles[to]
            assert not self._shown(to, n)
        except NoColleague:
            assert not self.roles[to]
        else:
            assert self._open(to, n)
            self.clips.add((to, n))

    @rule(n=lessons_, to=st.sampled_from(HOLDERS))
    def takes_back(self, n: int, to: str) -> None:
        self.there.lessons.take_back_grant(self.there.owner, self.lessons[n][0], self.there.cast[to])
        self.given.discard((to, n))
        self.clips.discard((to, n))

    @rule(name=st.sampled_from(CLASSES), called=st.sampled_from(["a", "b"]), since=any_day, until=any_day)
    def opts_out(self, name: str, called: str, since: date | None, until: date | None) -> None:
        if since and until and until < since:
            since, until = until, since
        id = self.there.consents.opt_out(self.there.owner, self.classes[name], f"student-{called}", since, until)
        self.listed[id] = name, since, until

    @precondition(lambda self: self.listed)
    @rule(n=st.integers(0, 9), back=st.booleans())
    def takes_off(self, n: int, back: bool) -> None:
        id = sorted(self.listed)[n % len(self.listed)]
        gone = self.there.consents.take_off(self.there.owner, id)
        name, since, until = self.listed.pop(id)
        were = {lesson for one, lesson in self.away if one == id}
        self.away = {(one, lesson) for one, lesson in self.away if one != id}
        if back:
            put = gone.called, gone.since, gone.until, gone.absent_from
            id = self.there.consents.opt_out(self.there.owner, self.classes[name], *put)
            self.listed[id] = name, since, until
            self.away |= {(id, lesson) for lesson in were}

    @rule(n=lessons_, chosen=st.sets(st.integers(0, 3)))
    def says_who_was_away(self, n: int, chosen: set[int]) -> None:
        known = [one.id for one in self.there.consents.present(self.there.owner, self.lessons[n][0])]
        assert set(known) == self._listed_in(n)
        absent = {one for k, one in enumerate(known) if k in chosen}
        self.there.consents.set_absent(self.there.owner, self.lessons[n][0], absent)
        self.away -= {(one, n) for one in known}
        self.away |= {(one, n) for one in absent}

    @rule(name=st.sampled_from(CLASSES), agreed=st.sampled_from(Agreed), since=days, until=days)
    def writes_a_consent(self, name: str, agreed: Agreed, since: date, until: date) -> None:
        since, until = sorted((since, until))
        self.there.consents.write(self.there.owner, self.classes[name], agreed, since, until, "")
        self.consents[name, since] = until, agreed

    @rule(who=st.sampled_from(HOLDERS), roles=st.sets(st.sampled_from(list(Membership)), min_size=1, max_size=2))
    def becomes(self, who: str, roles: set[Membership]) -> None:
        self.there.staff.change(self.there.cast["admin"], self.there.cast[who], self.north, list(roles))
        self.roles[who] = roles & {Membership.TEACHER, Membership.COACH}

    @rule(n=lessons_, who=st.sampled_from(["colleague", "peer"]))
    def begins_a_cycle(self, n: int, who: str) -> None:
        with suppress(BadInput):  # who is no teacher any more
            cycle = self.there.cycles.begin(self.there.owner, NewCycle(Kind.PEER, "Waiting", f"{who}@school.org"))
            self.there.cycles.take_in(self.there.owner, cycle, self.lessons[n][0], Look.FIRST)
            self.cycles[cycle] = who, n

    @precondition(lambda self: self.cycles)
    @rule(n=st.integers(0, 9))
    def closes_a_cycle(self, n: int) -> None:
        cycle = sorted(self.cycles)[n % len(self.cycles)]
        self.there.cycles.move(self.there.owner, cycle, Step.STOP)
        del self.cycles[cycle]

    def _listed_in(self, n: int) -> set[str]:
        name, on = self.of[n]
        return {
            id for id, (of, since, until) in self.listed.items() if of == name and (since or on) <= on <= (until or on)
        }

    def _shown(self, who: str, n: int) -> bool:
        name, on = self.of[n]
        begun = [since for of, since in self.consents if of == name and since <= on]
        until, agreed = self.consents[name or "", max(begun)] if begun else (on, Agreed.SCHOOL)
        kept = (on <= until and agreed is Agreed.COACH) or {(one, n) for one in self._listed_in(n)} - self.away
        return not kept or Membership.COACH in self.roles[who] or (who, n) in self.cycles.values()

    def _open(self, who: str, n: int) -> bool:
        return bool(self.roles[who]) and self._shown(who, n)

    @invariant()
    def who_may_is_answered_and_nobody_else(self) -> None:
        lessons, self.step = self.there.lessons, self.step + 1
        for n, ids in enumerate(self.lessons):
            for who in HOLDERS:  # of everybody else, test_firewall_property.py
                is_open = self._open(who, n)
                ways = ((ASK, (who, n) in self.given), (ASK_CLIP, (who, n) in self.clips))
                for asked, has in ways:
                    for name, ask in (list(asked.items())[self.step % len(asked)],):  # each of them in its turn
                        try:
                            ask(lessons, self.there.cast[who], *ids)
                        except NotThere:
                            assert not (has and is_open), (who, name)
                        else:
                            assert has, (who, name)
                            assert is_open, (who, name)

    @invariant()
    def no_list_holds_a_word_of_it_and_no_student_is_named_to_others(self) -> None:
        there = self.there
        for who in HOLDERS:
            viewer = there.cast[who]
            told = repr(
                (
                    (there.lessons.library(viewer, Filter(), 24), there.lessons.labels(viewer)),
                    (there.lessons.clips_for_me(viewer), there.lessons.mine(viewer), there.notifications.mine(viewer)),
                    (there.consents.classes(viewer), there.cycles.cycles(viewer), there.progress.to_keep(viewer)),
                )
            )
            assert "student-" not in told
            for n, (_, _, clip) in enumerate(self.lessons):
                is_open = self._open(who, n)
                assert (f"secret{n}x" in told) == (is_open and {(who, n)} <= self.given | self.clips), (who, n)
                assert (f"'{clip}'" in told) == (is_open and (who, n) in self.clips), (who, n)


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 4), ("postgresql", 2)])
def test_nobody_but_coaches_is_shown_a_child_who_is_opted_out(kind, examples):
    run_of(Children, kind, examples)
