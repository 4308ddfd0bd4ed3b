"""Whatever people do, in whatever order: a leader and an admin see of a lesson what its owner gave them by name, and of
a school's measures nothing that tells of one teacher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any

import pytest
from databases import fresh_database
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)
from lessons import long_lesson
from sqlalchemy import update
from stateful import run_of
from stores import School, school

from coaching.access import Grant, NotThere
from coaching.clips import NewClip
from coaching.coached import NewCycle
from coaching.comments import Audience, NewComment
from coaching.consents import Agreed
from coaching.cycles import Kind
from coaching.errors import BadInput
from coaching.exemplars import NewExemplar
from coaching.library import Filter
from coaching.months import FEWEST_TEACHERS, SHOWN, after, bounds
from coaching.openings import LASTS_S
from coaching.people import Membership
from coaching.recordings import new_id
from coaching.retention import DAY_S
from coaching.school_measures import PUBLISHED, Month, pooled
from coaching.services.lessons import corrected
from coaching.services.school_measures import decide
from coaching.surveys import FEWEST, NewSurvey, Question
from coaching.walks import NewWalk, Seen
from models.tables import OpeningRow, RecordingRow, SurveyRow

TEACHERS = [f"teacher{n}" for n in range(6)]
WATCHERS = ("leader", "admin", "both")
"""A leader, an admin, and a leader who coaches too, and so can be given something."""

SAID = [long_lesson(12, seed=n) for n in range(3)]
MOST_LESSONS, MOST_SURVEYS = 14, 3

SEE: dict[str, Callable[[Any, str, str, str], object]] = {
    "recording": lambda s, who, lesson, run: s.recording(who, lesson),
    "listed": lambda s, who, lesson, run: s.listed(who, lesson),
    "transcript": lambda s, who, lesson, run: s.transcript(who, run),
    "corrections": lambda s, who, lesson, run: s.corrections(who, lesson),
    "comments": lambda s, who, lesson, run: s.comments(who, lesson),
    "clips": lambda s, who, lesson, run: s.clips(who, lesson),
    "noted": lambda s, who, lesson, run: s.noted(who, lesson),
}
MEASURE: dict[str, Callable[[Any, str, str, str], object]] = {
    "machine": lambda s, who, lesson, run: s.machine(who, run),
    "corrected": lambda s, who, lesson, run: corrected(s, who, lesson),
}
OWN: dict[str, Callable[[Any, str, str, str], object]] = {
    "runs": lambda s, who, lesson, run: s.runs(who, lesson),
    "guesses": lambda s, who, lesson, run: s.guesses(who, lesson),
    "clip_takers": lambda s, who, lesson, run: s.clip_takers(who, lesson),
    "clips_given": lambda s, who, lesson, run: s.clips_given(who, lesson),
    "delete": lambda s, who, lesson, run: s.delete(who, lesson, 0, 0),
    "grant": lambda s, who, lesson, run: s.grant(who, lesson, "leader@school.org", list(Grant)),
}

teachers, lessons_, given = st.sampled_from(TEACHERS), st.integers(0, 99), st.sets(st.sampled_from(list(Grant)))
others = st.sampled_from(["coach", "both", "leader", "admin"])


class Firewall(RuleBasedStateMachine):
    kind = "sqlite"

    def __init__(self) -> None:
        super().__init__()
        self.there: School = school(fresh_database(self.kind))
        add, cast = self.there.people.add, self.there.cast
        for name in TEACHERS:
            cast[name] = add(f"{name}@school.org", Membership.TEACHER, "North").id
        cast["both"] = add("both@school.org", Membership.LEADER, "North").id
        add("both@school.org", Membership.COACH, "North")
        self.north = self.board().id
        self.lessons: list[tuple[str, str, str]] = []  # id, run, owner
        self.given: dict[tuple[str, str], set[Grant]] = {}
        self.clips: set[tuple[str, str]] = set()  # (whom, lesson)
        self.parts: dict[str, set[str]] = {}  # the word of a cycle: who takes part
        self.visited: dict[str, tuple[str, str, set[str]]] = {}  # by its word: its id, whose it is, who may read it
        self.opened = set[tuple[str, str]]()
        self.exemplars: dict[str, str] = {}  # by their lesson
        self.coaches = True  # whether `both` still does
        self.surveys, self.answered, self.over = list[str](), list[set[str]](), 0  # the first so many are over
        self.agreed: set[str] = set()
        self.month, self.of_month = date(2026, 1, 1), list[tuple[str, str]]()
        self.published: dict[Month, set[tuple[str, str]]] = {}

    def teardown(self) -> None:
        self.there.database.close()

    def board(self) -> Any:
        return next(one for one in self.there.leadership.boards(self.there.cast["leader"]) if one.school == "North")

    def _teach(self, name: str) -> None:
        cast, number = self.there.cast, len(self.lessons)
        owner, cast["owner"] = cast["owner"], cast[name]
        said = SAID[number % len(SAID)]
        words = tuple(replace(one, text=f"secret{number}x") for one in said.transcript.utterances)
        found = replace(said, transcript=replace(said.transcript, utterances=words))
        recording, run = self.there.ready(f"secret{number}x", found)
        self.there.lessons.describe(cast["owner"], recording, f"secret{number}x", None, (f"secret{number}x",))
        cast["owner"] = owner
        added = bounds(self.month, UTC)[0] + number
        with self.there.database.write() as session:
            session.execute(update(RecordingRow).where(RecordingRow.id == recording).values(added=added))
        self.lessons.append((recording, run, name))
        self.of_month.append((name, recording))

    @precondition(lambda self: len(self.lessons) < MOST_LESSONS)
    @rule(name=teachers)
    def teaches(self, name: str) -> None:
        self._teach(name)

    @initialize(all_agree=st.booleans())
    def everybody_teaches(self, all_agree: bool) -> None:
        (ways,) = self.there.cycles.schools(self.there.cast["coach"])
        self.there.cycles.coach_so(self.there.cast["coach"], replace(ways, covers_faces=False))
        for name in TEACHERS:
            self._teach(name)
            if all_agree:
                self.agrees(name, True)

    @precondition(lambda self: self.lessons)
    @rule(n=lessons_, to=others, what=given)
    def gives(self, n: int, to: str, what: set[Grant]) -> None:
        lesson, _, owner = self.lessons[n % len(self.lessons)]
        can = to == "coach" or (to == "both" and self.coaches)
        try:
            self.there.lessons.grant(self.there.cast[owner], lesson, f"{to}@school.org", list(what))
        except BadInput:
            assert not can
        else:
            assert can
            self.given[to, lesson] = self.given.get((to, lesson), set()) | {Grant.SEE, *what}

    @precondition(lambda self: self.given)
    @rule(n=lessons_)
    def takes_back(self, n: int) -> None:
        to, lesson = sorted(self.given)[n % len(self.given)]
        owner = next(name for id, _, name in self.lessons if id == lesson)
        self.there.lessons.take_back_grant(self.there.cast[owner], lesson, self.there.cast[to])
        del self.given[to, lesson]

    @precondition(lambda self: self.lessons and self.coaches)
    @rule(n=lessons_)
    def gives_a_clip(self, n: int) -> None:
        number = n % len(self.lessons)
        lesson, _, name = self.lessons[number]
        owner = self.there.cast[name]
        clip = self.there.lessons.clip(owner, lesson, NewClip(10.0, 20.0, f"secret{number}x"))
        self.there.lessons.give_clips(owner, lesson, "both@school.org", [clip])
        self.clips.add(("both", lesson))

    @precondition(lambda self: self.lessons)
    @rule(n=lessons_, agreed=st.booleans())
    def publishes(self, n: int, agreed: bool) -> None:
        number = n % len(self.lessons)
        lesson, _, name = self.lessons[number]
        owner, word, there = self.there.cast[name], f"secret{number}x", self.there
        (of,) = (one for one in there.consents.classes(owner) if one.name == word)
        day = datetime.fromtimestamp(bounds(self.month, UTC)[0], UTC).date()
        what = Agreed.SCHOOL if agreed else Agreed.COACH
        there.consents.write(owner, of.id, what, day - timedelta(days=200), day + timedelta(days=300), "")
        clip = there.lessons.clip(owner, lesson, NewClip(10.0, 20.0, word))
        try:
            self.exemplars[lesson] = there.exemplars.publish(owner, NewExemplar(clip, self.north, word, word))
        except BadInput:
            assert not agreed
            self.exemplars.pop(lesson, None)  # what is published of it sleeps
        else:
            assert agreed

    @precondition(lambda self: self.exemplars)
    @rule(n=lessons_)
    def withdraws(self, n: int) -> None:
        lesson = sorted(self.exemplars)[n % len(self.exemplars)]
        owner = self.there.cast[next(name for id, _, name in self.lessons if id == lesson)]
        for one in self.there.exemplars.all(owner):
            if one.recording == lesson:
                self.there.exemplars.withdraw(owner, one.id)
        del self.exemplars[lesson]

    @precondition(lambda self: self.lessons)
    @rule(n=lessons_, by=st.sampled_from(["owner", "coach", "both", "leader", "admin"]), shared=st.booleans())
    def writes(self, n: int, by: str, shared: bool) -> None:
        number = n % len(self.lessons)
        lesson, _, owner = self.lessons[number]
        said = NewComment(1.0, f"secret{number}x", audience=Audience.LESSON if shared else Audience.AUTHOR)
        may = by == "owner" or Grant.COMMENT in self._open(by, lesson)
        try:
            self.there.lessons.comment(self.there.cast[owner if by == "owner" else by], lesson, said)
        except NotThere:
            assert not may
        else:
            assert may

    @rule(name=teachers, partner=st.sampled_from(["coach", "both", ""]))
    def begins_a_cycle(self, name: str, partner: str) -> None:
        word, teacher = f"goal{len(self.parts)}x", self.there.cast[name]
        kind = Kind.OBSERVE if partner else Kind.ALONE
        with suppress(BadInput):  # `both` may not coach any more
            cycle = self.there.cycles.begin(teacher, NewCycle(kind, word, f"{partner}@school.org" if partner else None))
            self.parts[word] = {partner}
            self.there.cycles.set_goal(teacher, cycle, word, [word], None)
            self.there.cycles.reflect(teacher, cycle, [(word, word)])
            self.there.cycles.write(teacher, cycle, word, word)

    @rule(name=teachers, yes=st.booleans())
    def agrees(self, name: str, yes: bool) -> None:
        self.there.leadership.count_mine(self.there.cast[name], self.north, yes)
        (self.agreed.add if yes else self.agreed.discard)(name)

    @rule()
    def coaches_or_no_longer(self) -> None:
        self.coaches = not self.coaches
        roles = [Membership.LEADER, Membership.COACH] if self.coaches else [Membership.LEADER]
        self.there.staff.change(self.there.cast["admin"], self.there.cast["both"], self.north, roles)

    @rule()
    def a_month_ends(self) -> None:
        before = self.board().months
        decide(
            self.there.leadership,
            self.there.lessons,
            datetime.combine(after(self.month), time(), UTC) + timedelta(days=8),
        )
        new = [month for month in self.board().months if month not in before]
        counted = {(name, lesson) for name, lesson in self.of_month if name in self.agreed}
        measured: dict[str, list[dict[str, float | None]]] = {}
        for name, lesson in counted:
            found = corrected(self.there.lessons, self.there.cast[name], lesson).lesson.measures
            measured.setdefault(name, []).append({m.name: m.shown for m in found if m.name in PUBLISHED})
        expected = pooled(measured)
        assert [(m.teachers, m.measures) for m in new] == ([] if expected is None else [expected])
        self.published |= dict.fromkeys(new, counted)
        self.month, self.of_month = after(self.month), []

    def _open(self, who: str, lesson: str) -> set[Grant]:
        awake = who == "coach" or (who == "both" and self.coaches)
        return self.given.get((who, lesson), set()) if awake else set()

    @precondition(lambda self: len(self.surveys) < MOST_SURVEYS)
    @rule(by=st.sampled_from(WATCHERS), some=st.sets(teachers, min_size=4))
    def asks_another_survey(self, by: str, some: set[str]) -> None:
        self.asks_a_survey(by, some)

    @rule(visitor=st.sampled_from(["coach", "both", "leader", "admin"]), name=teachers)
    def visits(self, visitor: str, name: str) -> None:
        word, cast = f"visit{len(self.visited)}x", self.there.cast
        walk = NewWalk(new_id(), self.north, cast[name], word, (Seen(word, word),))
        try:
            self.there.walks.add(cast[visitor], walk)
        except NotThere:
            assert visitor == "admin"
        else:
            self.visited[word] = (walk.id, name, {visitor})

    @precondition(lambda self: self.visited)
    @rule(n=lessons_, to=st.sampled_from(["coach", "both", "leader"]))
    def passes_a_visit_on(self, n: int, to: str) -> None:
        walk, name, readers = list(self.visited.values())[n % len(self.visited)]
        with suppress(BadInput):  # whoever only leads is given none
            self.there.walks.pass_on(self.there.cast[name], walk, f"{to}@school.org")
            readers.add(to)

    @precondition(lambda self: self.lessons)
    @rule(n=lessons_, who=st.sampled_from(WATCHERS), reason=st.sampled_from(["", "A parent complained about a word."]))
    def opens_with_a_reason(self, n: int, who: str, reason: str) -> None:
        lesson, _, owner = self.lessons[n % len(self.lessons)]
        try:
            self.there.openings.open(self.there.cast[who], lesson, reason)
        except BadInput:
            assert who != "admin" or not reason
        else:
            assert who == "admin"
            self.opened.add((who, lesson))
            assert self.there.openings.of(self.there.cast[owner], lesson)[0].reason == reason

    @precondition(lambda self: self.opened)
    @rule()
    def an_hour_passes(self) -> None:
        self.there.later(OpeningRow, LASTS_S, "opened", "ends")
        self.opened = set()

    @initialize(by=st.sampled_from(WATCHERS), some=st.sets(teachers, min_size=4))
    def asks_a_survey(self, by: str, some: set[str]) -> None:
        new = NewSurvey(self.north, "Coaching", (Question("Why?"),), True, False, date.today() + timedelta(days=9))
        self.surveys.append(self.there.surveys.ask(self.there.cast[by], new))
        self.answered.append(set())
        self.answer(len(self.surveys) - 1, some)

    @precondition(lambda self: len(self.surveys) > self.over)
    @rule(n=lessons_, some=st.sets(teachers, min_size=3))
    def answer_later(self, n: int, some: set[str]) -> None:
        self.answer(self.over + n % (len(self.surveys) - self.over), some)

    def answer(self, number: int, some: set[str]) -> None:
        for name in sorted(some - self.answered[number]):
            self.there.surveys.answer(self.there.cast[name], self.surveys[number], [f"answer{number}of{name}x"])
            self.answered[number].add(name)

    @precondition(lambda self: len(self.surveys) > self.over)
    @rule()
    def surveys_end(self) -> None:
        self.there.later(SurveyRow, 11 * DAY_S, "made", "ends")
        self.over = len(self.surveys)

    @invariant()
    def nothing_is_answered_that_was_not_granted(self) -> None:
        for who in WATCHERS:
            for lesson, run, _ in self.lessons:
                has = self._open(who, lesson)
                for ways, may in (
                    (SEE, Grant.SEE in has or (who, lesson) in self.opened),
                    (MEASURE, {Grant.SEE, Grant.MEASURES} <= has),
                    (OWN, False),
                ):
                    for name, ask in ways.items():
                        try:
                            ask(self.there.lessons, self.there.cast[who], lesson, run)
                        except NotThere:
                            assert not may, (who, name)
                        else:
                            assert may, (who, name)

    @invariant()
    def no_list_holds_a_word_of_what_was_not_granted(self) -> None:
        for who in WATCHERS:
            told = " ".join(map(repr, self._everything(self.there.cast[who])))
            for number, (lesson, _, _) in enumerate(self.lessons):
                clip = self.coaches and (who, lesson) in self.clips
                shown = self.coaches and who == "both" and lesson in self.exemplars
                assert f"secret{number}x" not in told or clip or shown or self._open(who, lesson), (who, number)
            for word, (_, _, readers) in self.visited.items():
                assert word not in told or who in readers, (who, word)
            for word, parts in self.parts.items():
                assert word not in told or (who in parts and self.coaches), (who, word)
            assert not any(f"answer{number}of" in told for number, _ in enumerate(self.surveys)), who

    @invariant()
    def answers_are_shown_together_and_from_five_on(self) -> None:
        for who in (*WATCHERS, TEACHERS[0]):
            for number, survey in enumerate(self.surveys):
                words = {f"answer{number}of{name}x" for name in self.answered[number]}
                with suppress(BadInput):  # it goes on
                    shown = repr(self.there.surveys.results(self.there.cast[who], survey))
                    assert number < self.over
                    enough = len(words) >= FEWEST
                    assert {word for word in words if word in shown} == (words if enough else set())

    @invariant()
    def what_is_published_is_for_colleagues_alone(self) -> None:
        for exemplar in self.exemplars.values():
            for who in WATCHERS:
                for ask in (self.there.exemplars.one, self.there.exemplars.heard_in, self.there.exemplars.said):
                    try:
                        ask(self.there.cast[who], exemplar)
                    except NotThere:
                        assert not (who == "both" and self.coaches), who
                    else:
                        assert who == "both", who
                        assert self.coaches

    def _everything(self, viewer: str) -> Iterator[object]:
        there = self.there
        yield (there.exemplars.all(viewer), there.exemplars.places(viewer))
        yield (there.lessons.last_taught(viewer, 50), there.cycles.past(viewer))
        yield there.lessons.library(viewer, Filter(), 50)
        yield (there.lessons.mine(viewer), there.lessons.newest(viewer), there.lessons.labels(viewer))
        yield (there.lessons.clips_for_me(viewer), there.lessons.receipts(viewer), there.lessons.colleagues(viewer))
        yield (there.cycles.cycles(viewer), there.cycles.schools(viewer), there.leadership.boards(viewer))
        yield (there.jobs.overseen(viewer), there.notifications.mine(viewer), there.progress.shown_by(viewer))
        yield (there.staff.members(viewer), there.uploads.mine(viewer), there.uploads.classes(viewer))
        yield (there.walks.mine(viewer), there.walks.months(viewer), there.consents.classes(viewer))
        yield (there.retention.schools(viewer), there.surveys.places(viewer), there.surveys.mine(viewer))
        lessons = [lesson for lesson, *_ in self.lessons]
        yield there.retention.films(viewer, lessons)
        yield (there.progress.to_keep(viewer), there.progress.kept(viewer, viewer), there.uploads.look_fors(viewer))

    @invariant()
    def no_two_aggregates_differ_by_one_teacher(self) -> None:
        assert set(self.board().months) == set(
            sorted(self.published, key=lambda m: m.first)[-SHOWN:]
        )  # and none that stands was written anew
        for of in self.published.values():
            assert len({name for name, _ in of}) >= FEWEST_TEACHERS
        for one, other in combinations(self.published.values(), 2):
            assert not one & other, "of no lesson two numbers are made, so no difference of two is a teacher's"


@pytest.mark.parametrize(("kind", "examples"), [("sqlite", 6), ("postgresql", 3)])
def test_whatever_people_do_the_firewall_holds(kind, examples):
    run_of(Firewall, kind, examples)
