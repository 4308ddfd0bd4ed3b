"""Who may see what of a drawn district, and for how long, as rows: what families agreed to, films that go, clips
without faces, and those that were published."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from bench_store_drawn import CUT, DAY, LOOK_FORS, YEARS, District, Drawn, Made, Table, day, new_id

from coaching.access import COLLEAGUES
from coaching.consents import Agreed, year_end
from coaching.faces import Box, Face, Marked, Moment, faces_to_json, marked_to_json
from coaching.faces import film_id as covered_id
from coaching.given_clips import film_id
from coaching.handouts import Made as Film
from coaching.handouts import Making, Order, to_json
from coaching.notifications import KEPT_S, Kind
from coaching.people import Membership
from coaching.spans import Span

PART = Span(*CUT)
DAYS = 1000
"""How long films are kept where a school decided that: of the oldest lessons they are gone."""

SAID = ("I count four hands before you ask again.", "How did you come to that question?", "I try this on Monday.")


def families(rng: random.Random, d: Drawn) -> Iterator[Table]:
    """A consent for each class and school year, one in twenty no further than the coach, and in one class of ten one
    or two students opted out. What of this keeps a lesson with its coach, colleagues were given and see no more."""
    last = year_end(date.fromisoformat(day(d.now))).year
    years = [(f"{year - 1}-08-01", f"{year}-07-31") for year in range(last - YEARS, last + 1)]
    each = [(p, of, *days) for p in d.people for of in p.classes for days in years]
    close = {(of, since) for _, of, since, _ in each if rng.random() < 0.05}
    yield (
        "consents",
        "id class_period_id agreed since until note by_id made",
        (
            (new_id(rng), of, _agreed((of, since) in close), since, until, "In the office.", p.id, d.now - DAY)
            for p, of, since, until in each
        ),
    )
    out: dict[str, list[str]] = {}
    for p in d.people:
        for of in p.classes:
            if rng.random() < 0.1:
                out[of] = [new_id(rng) for _ in range(rng.choice((1, 2)))]
    students = ((id, of, f"M. {n}.", None, None, d.now - DAY) for of, ids in out.items() for n, id in enumerate(ids))
    yield "opt_outs", "id class_period_id called since until made", students
    absent = {(m.id, id) for m in d.lessons for id in out.get(m.of_class, ()) if rng.random() < 0.1}
    yield "absences", "recording_id opt_out_id said", ((m, id, d.now) for m, id in sorted(absent))
    for m in d.lessons:
        on = day(m.added)
        m.coach_only = any((m.of_class, since) in close for since, until in years if since <= on <= until)
        if m.coach_only or any((m.id, id) not in absent for id in out.get(m.of_class, ())):
            for p in m.readers:
                if Membership.COACH not in p.roles:
                    p.given.remove(m)
                    p.clips = [clip for clip in p.clips if clip not in m.clips]


def retention(rng: random.Random, d: Drawn) -> Iterator[Table]:
    """Half of the schools decided, long ago."""
    ruled = list(d.schools)[::2]
    admins = {school: next(p for p in d.schools[school] if Membership.ADMIN in p.roles) for school in ruled}
    yield (
        "retention_policies",
        "school_id days keep_clips may_protect by_id changed",
        ((school, DAYS, True, True, admins[school].id, d.now - YEARS * 365 * DAY) for school in ruled),
    )
    films: list[tuple[Any, ...]] = []
    for m in d.lessons:
        goes = m.added + DAYS * DAY
        if m.school not in admins or m.in_use:
            continue
        if goes <= d.now:
            m.gone = True
            films.append((m.id, None, None, None, None, None, False, True, DAYS, goes, goes))
        elif goes < d.now + 14 * DAY:
            last = goes - 2 * DAY if goes < d.now + 2 * DAY else None
            films.append((m.id, None, None, goes - 14 * DAY, last, goes, False, True, None, None, None))
        elif rng.random() < 0.02:
            films.append((m.id, m.added + DAY, "For my portfolio.", None, None, None, False, True, None, None, None))
    columns = "recording_id protected reason first last goes again keep_clips days gone removed"
    yield "retained_films", columns, films
    kept = ((clip, m.id, *CUT, f"recordings/{m.id}/clips/{clip}.mp4", 8_000_000) for m, clip in _cut(d) if m.gone)
    yield "kept_films", "clip_id recording_id start stop path size", kept


def exemplars(rng: random.Random, d: Drawn, size: District) -> Iterator[Table]:
    """More at larger schools. Each without faces, as a school wants it that says nothing; one in twenty withdrawn."""
    staff = {school: [p for p in here if set(COLLEAGUES) & p.roles] for school, here in d.schools.items()}
    each = size.exemplars * len(staff) / sum(len(here) for here in staff.values())
    found: list[tuple[str, str, Made, str, float, bool]] = []
    for school, here in staff.items():
        could = [(m, clip) for p in here for m in p.lessons if not (m.coach_only or m.gone) for clip in m.clips]
        for m, clip in rng.sample(could, min(len(could), max(1, round(each * len(here))))):
            published, gone = min(d.now, m.added + 10 * DAY), rng.random() < 0.05
            found.append((new_id(rng), school, m, clip, published, gone))
            m.owner.covered.append(clip)
            for p in here if not gone else ():
                p.exemplars.append(found[-1][0])
    yield (
        "exemplars",
        "id clip_id school_id teacher_id start stop name to_see look_fors covered published withdrawn",
        (
            (
                *(id, clip, school, m.owner.id, *CUT, "Waiting", "Count how long I wait, and who answers then."),
                *(json.dumps([rng.choice(LOOK_FORS)]), True, published, published + DAY if gone else None),
            )
            for id, school, m, clip, published, gone in found
        ),
    )
    yield from _films(rng, d, {clip: m for _, _, m, clip, *_ in found})
    there = [(id, staff[school], m, at) for id, school, m, _, at, gone in found if not gone]
    said = [(new_id(rng), id, rng.choice(of), m, at) for id, of, m, at in there for _ in range(rng.randrange(12))]
    yield (
        "exemplar_comments",
        "id exemplar_id author_id body made",
        ((say, id, p.id, rng.choice(SAID), min(d.now, at + DAY)) for say, id, p, _, at in said),
    )
    kept = ((id, p.id) for id, of, *_ in there for p in rng.sample(of, min(len(of), rng.randrange(6))))
    yield "kept_exemplars", "exemplar_id person_id", kept
    teachers = [p for p in d.people if p.cycles and p.exemplars and Membership.TEACHER in p.roles]
    tied = ((p.cycles[0], id, d.now) for p in teachers for id in rng.sample(p.exemplars, min(2, len(p.exemplars))))
    yield "cycle_exemplars", "cycle_id exemplar_id tied", tied
    told = ((id, p, m.owner, at) for _, id, p, m, at in said if p is not m.owner and at > d.now - KEPT_S)
    yield (
        "notifications",
        "id person_id kind by_id exemplar_id link made mail tries",
        (
            (new_id(rng), to.id, Kind.EXEMPLAR_SAID.value, p.id, id, f"/exemplars?one={id}", at, "none", 0)
            for id, p, to, at in told
        ),
    )


def _films(rng: random.Random, d: Drawn, published: dict[str, Made]) -> Iterator[Table]:
    """Those of clips, as workers made them: without faces of what was published, as it was taken of what was given."""
    faces = [_faces(rng) for _ in range(6)]
    seen = {clip: rng.choice(faces) for clip in published}
    names = {clip: covered_id(clip, PART, found) for clip, found in seen.items()}
    texts, marked = (
        {id(found): json.dumps(faces_to_json(found)) for found in faces},
        json.dumps(marked_to_json(Marked())),
    )
    yield (
        "clip_faces",
        "clip_id start stop found marked film made changed",
        (
            (clip, *CUT, texts[id(seen[clip])], marked, names[clip], m.added + DAY, m.added + DAY)
            for clip, m in published.items()
        ),
    )
    held = {clip for p in d.people for clip in p.clips}
    bare = [(m, clip) for m, clip in _cut(d) if clip in held and clip not in published and not m.gone]
    films = [(names[clip], m, clip, Film.COVERED) for clip, m in published.items()]
    films += [(film_id(clip, PART), m, clip, Film.GIVEN) for m, clip in bare]
    yield (
        "handouts",
        "id recording_id person_id kind options name state share tries asked path size",
        (
            (
                *(id, m.id, m.owner.id, kind.value, json.dumps(to_json(Order(kind, (clip,), part=PART))), "clip.mp4"),
                *(Making.READY.value, 1.0, 1, m.added + DAY, f"recordings/{m.id}/handouts/{id}/clip.mp4", 8_000_000),
            )
            for id, m, clip, kind in films
        ),
    )


def _faces(rng: random.Random) -> tuple[Face, ...]:
    """Of a class of which a handful sits towards the camera."""
    start, stop = CUT

    def face(n: int) -> Face:
        moments = sorted(rng.uniform(start, stop) for _ in range(12))
        boxes = (Moment(at, Box(rng.random() * 0.9, rng.random() * 0.9, 0.05, 0.08)) for at in moments)
        return Face(str(n), moments[0], moments[-1], tuple(boxes))

    return tuple(face(n) for n in range(8))


def _cut(d: Drawn) -> Iterator[tuple[Made, str]]:
    """Every clip, with its lesson."""
    return ((m, clip) for m in d.lessons for clip in m.clips)


def _agreed(close: bool) -> str:
    return (Agreed.COACH if close else Agreed.SCHOOL).value
