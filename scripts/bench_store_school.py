"""What people of a drawn district do with one another at school, as rows: coaching cycles, learning walks, surveys."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from bench_store_drawn import DAY, LOOK_FORS, YEARS, District, Drawn, Made, Somebody, Table, day, new_id

from coaching.access import ASKERS
from coaching.coached import PROMPTS
from coaching.cycles import Kind as CycleKind
from coaching.cycles import planned_for
from coaching.notifications import KEPT_S, Kind
from coaching.people import Membership
from coaching.services.cycles import MEASURES
from coaching.surveys import STARTERS

LOOKS = ("first", "again")
ASKED = (*STARTERS[:3], STARTERS[-1])
OPEN_DAYS = 14


def cycles(rng: random.Random, d: Drawn, size: District) -> Iterator[Table]:
    plan = planned_for(CycleKind.OBSERVE, {}, frozenset())
    stages = json.dumps([[one.stage, one.called, one.may_skip] for one in plan])
    all: list[tuple[str, Somebody, Somebody, float, int, bool, list[Made]]] = []
    for p in d.people:
        shared = [m for m in p.lessons if m.readers and Membership.COACH in m.readers[0].roles]
        for n in range(rng.randint(0, 2 * size.cycles) if shared else 0):
            began = d.now - (n + 0.3) * YEARS * 365 * DAY / (2 * size.cycles + 1)
            id, over = new_id(rng), n > 0
            there = len(plan) - 1 if over else rng.randrange(len(plan))
            looks = rng.sample(shared, min(len(shared), 2))
            coach = shared[0].readers[0]
            for m in looks if not over else ():
                m.in_use = True
            all.append((id, p, coach, began, there, over, looks))
            p.cycles.append(id)
            coach.cycles.append(id)
    yield (
        "cycles",
        "id teacher_id partner_id school_id kind name plan stage began entered due closed goal look_fors measure",
        (
            (
                *(id, p.id, coach.id, p.works[0][0], "observe", "Waiting for answers", stages, plan[there].stage.value),
                *(began, began + 20 * DAY, day(began + 40 * DAY), began + 30 * DAY if over else None),
                *("Students ask each other.", "[]", rng.choice((*MEASURES, None))),
            )
            for id, p, coach, began, there, over, _ in all
        ),
    )
    yield (
        "cycle_moves",
        "cycle_id number stage step person_id made",
        (
            (id, n + 1, one.stage.value, "on" if n else None, p.id, began + n * DAY)
            for id, p, _, began, there, _, _ in all
            for n, one in enumerate(plan[: there + 1])
        ),
    )
    looks = ((id, look, m.id, began) for id, _, _, began, _, _, of in all for look, m in zip(LOOKS, of, strict=False))
    yield "cycle_lessons", "cycle_id look recording_id added", looks
    answers = json.dumps([[asked, "They waited for me, and I for them."] for asked in PROMPTS])
    yield "reflections", "cycle_id answers changed addendum", ((id, answers, b, "") for id, _, _, b, *_ in all)
    notes = ((id, who.id, "What we saw.", "Mine.", b) for id, p, c, b, *_ in all for who in (p, c))
    yield "cycle_notes", "cycle_id author_id shared private changed", notes
    meets = (
        (id, b + 25 * DAY, 45, _agenda(of), "Try it twice.", b + 25 * DAY if over else None)
        for id, _, _, b, _, over, of in all
    )
    yield "conferences", "cycle_id starts minutes agenda decisions held", meets
    steps = (
        (id, "Wait three seconds.", LOOK_FORS[0], None, day(b + 35 * DAY), json.dumps([p.id, c.id]), "It worked.", b)
        for id, p, c, b, _, over, _ in all
        if over
    )
    yield "action_steps", "cycle_id body look_for measure check_back agreed outcome closed", steps
    turns = ((id, who, began) for id, p, c, began, *_ in all for who in (p, c) if began > d.now - KEPT_S)
    yield (
        "notifications",
        "id person_id kind cycle_id link made mail tries",
        ((new_id(rng), who.id, Kind.WAITS.value, id, f"/cycle?cycle={id}", b, "none", 0) for id, who, b in turns),
    )


def _agenda(looks: list[Made]) -> str:
    return json.dumps([[m.id, clip, 8, "What did they do here?"] for m in looks for clip in m.clips[:2]])


def walks(rng: random.Random, d: Drawn) -> Iterator[Table]:
    """Ten visits a teacher; what was counted of the months of before."""
    visits = []
    for school, here in d.schools.items():
        visitors = [p for p in here if Membership.ADMIN not in p.roles]
        for p in here:
            for _ in range(10 if Membership.TEACHER in p.roles else 0):
                by = rng.choice([one for one in visitors if one is not p] or [here[-1]])
                visits.append((new_id(rng), school, by.id, p.id, d.now - rng.uniform(0, YEARS * 365) * DAY))
    yield (
        "learning_walks",
        "id school_id visitor_id teacher_id place visited made answer",
        ((id, school, by, to, "Room 12", at, at, "") for id, school, by, to, at in visits),
    )
    seen = ((id, n, LOOK_FORS[n], "They talk in pairs.", True) for id, *_ in visits for n in range(3))
    yield "walk_seen", "walk_id position look_for evidence counts", seen
    months = [day(d.now - n * 30.4 * DAY)[:7] for n in range(1, 36)]
    walks, lessons = json.dumps([[LOOK_FORS[0], 9]]), json.dumps([["teacher_talk", 60.0, 50.0, 70.0]])
    each = [(school, month) for school in d.schools for month in dict.fromkeys(months)]
    yield "walk_months", "school_id month counted teachers visits seen", ((*m, d.now, 9, 12, walks) for m in each)
    yield "school_months", "school_id month teachers measures decided", ((*m, 9, lessons, d.now) for m in each)


def surveys(rng: random.Random, d: Drawn, size: District) -> Iterator[Table]:
    """Of each school's the newest is open, and two thirds have answered. Of the others somebody has looked at the
    answers, so nobody knows any more who took part."""
    asked: list[tuple[str, str, Somebody, str, list[Somebody], float]] = []
    for school, here in d.schools.items():
        roles = {p.id: {what for at, what in p.works if at == school} for p in here}
        for n in range(size.surveys):
            by = rng.choice([p for p in here if not roles[p.id].isdisjoint(ASKERS)])
            wanted = {Membership.TEACHER, Membership.COACH} if n % 2 else {Membership.TEACHER}
            whom = [p for p in here if p is not by and not roles[p.id].isdisjoint(wanted)]
            id, ends = new_id(rng), d.now + (OPEN_DAYS - n * YEARS * 365 / size.surveys) * DAY
            asked.append((id, school, by, "teachers and coaches" if n % 2 else "teachers", whom, ends))
            for p in {*whom, by, *(p for p in here if Membership.LEADER in roles[p.id])}:
                (p.surveys if n else p.asked).append(id)
    questions = json.dumps([[one.text, one.low, one.high] for one in ASKED])
    yield (
        "surveys",
        "id school_id by_id title questions teachers coaches made ends",
        (
            (id, school, by.id, f"Coaching, {whom}", questions, True, "coaches" in whom, ends - 28 * DAY, ends)
            for id, school, by, whom, _, ends in asked
        ),
    )
    takers = [(id, p, ends > d.now) for id, *_, whom, ends in asked for p in rng.sample(whom, 2 * len(whom) // 3)]
    yield "survey_takers", "survey_id person_id", ((id, p.id) for id, p, is_open in takers if is_open)
    yield (
        "survey_answers",
        "id survey_id question point words",
        (
            (new_id(rng), id, n, rng.randint(1, 5) if one.scale else None, None if one.scale else "More time for it.")
            for id, *_ in takers
            for n, one in enumerate(ASKED)
            if rng.random() < 0.9
        ),
    )
    told = ((id, p, ends - 28 * DAY) for id, *_, whom, ends in asked if ends > d.now for p in whom)
    yield (
        "notifications",
        "id person_id kind survey_id link made mail tries",
        ((new_id(rng), p.id, Kind.SURVEY.value, id, "/surveys", at, "none", 0) for id, p, at in told),
    )
