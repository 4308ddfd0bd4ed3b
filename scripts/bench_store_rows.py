"""The rows of a drawn district, table by table: people, lessons, what is noted of these, the log. What a school does
together is in bench_store_school.py, who may see what and for how long in bench_store_shown.py; of the transcripts and
measures, bench_store_fill.py takes care."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

from bench_store_drawn import CUT, DAY, LOOK_FORS, YEARS, District, Drawn, Made, Table, day, new_id
from bench_store_school import cycles, surveys, walks
from bench_store_shown import exemplars, families, retention

from coaching.access import Grant
from coaching.accounts import fingerprint
from coaching.audit import pseudonym
from coaching.comments import Audience
from coaching.exports.codebooks import label_object
from coaching.notifications import KEPT_S, Kind
from coaching.recordings import Stage
from coaching.starting_set import STARTING_SET

TAGS = ("fractions", "group work", "questions", "exit ticket", "board", "homework", "new", "observed")
BODIES = (
    "What did you want them to notice here? I see three hands that go up before you had asked.",
    "A long pause, and then she answers. Worth waiting for.",
    "Who has not spoken yet?",
    "You repeat the answer for the others. What if somebody else did, in their own words, and you wrote it down?",
)


def rows_of(rng: random.Random, d: Drawn, size: District) -> Iterator[Table]:
    yield from _staff(d)
    yield from _lessons(rng, d)
    yield from _notes(rng, d)
    yield from cycles(rng, d, size)
    yield from walks(rng, d)
    yield from _log(rng, d, size)
    yield from families(rng, d)
    yield from retention(rng, d)
    yield from exemplars(rng, d, size)
    yield from surveys(rng, d, size)


def _staff(d: Drawn) -> Iterator[Table]:
    began = d.now - YEARS * 365 * DAY
    yield "schools", "id name", ((id, f"School {n}") for n, id in enumerate(d.schools))
    yield "people", "id email name added", ((p.id, p.email, p.name, began) for p in d.people)
    works = ((p.id, school, what.value) for p in d.people for school, what in p.works)
    yield "memberships", "person_id school_id membership", works
    ends = d.now + 30 * DAY
    yield "sessions", "id person_id began ends", ((fingerprint(p.cookie), p.id, d.now, ends) for p in d.people)
    yield (
        "notification_preferences",
        "person_id chosen quiet_from quiet_until digest zone key",
        ((p.id, "{}", 20, 7, 7, "UTC", p.id) for p in d.people),
    )


def _lessons(rng: random.Random, d: Drawn) -> Iterator[Table]:
    for p in d.people:
        p.classes = [new_id(rng) for _ in range(4)] if p.lessons else []
    yield (
        "class_periods",
        "id teacher_id school_id name added",
        (
            (id, p.id, p.works[0][0], f"{n + 5}{'abcd'[n]}", p.lessons[-1].added)
            for p in d.people
            for n, id in enumerate(p.classes)
        ),
    )
    made = d.lessons
    yield "recordings", "id owner_id name added content", ((m.id, m.owner.id, m.name, m.added, _hash(m)) for m in made)
    files = ((m.id, 0, "lesson.mp4", f"recordings/{m.id}/original/1/lesson.mp4", 600_000_000, _hash(m)) for m in made)
    yield "recording_files", "recording_id position name path size sha256", files
    answers = []
    for m in made:
        m.of_class = rng.choice(m.owner.classes)
        answers.append((m.id, m.of_class, day(m.added), m.added, json.dumps([rng.choice(LOOK_FORS)])))
    yield "recording_answers", "recording_id class_period_id taught consent look_fors", answers
    tags = ((m.id, tag) for m in made for tag in rng.sample(TAGS, 2))
    yield "recording_tags", "recording_id tag", tags
    failed = {m.run for m in made if rng.random() < 0.01}
    yield (
        "runs",
        "id recording_id number state work attempt queued_attempt shown priority options since heard",
        ((m.run, m.id, 1, "ready", "over", 1, 1, True, "soon", "{}", m.added, m.added + 900.0) for m in made),
    )
    yield (
        "stages",
        "run_id stage state tries share seconds attempt token worker artefact reason kind",
        (
            (m.run, s.value, "failed", 3, 0.5, 9.0, 1, m.run, "w", None, "It cannot be read.", "BadRecording")
            if m.run in failed and s is Stage.SPRITE
            else (m.run, s.value, "done", 1, 1.0, 9.0, 1, m.run, "w", f"recordings/{m.id}/{s.value}", None, None)
            for m in made
            for s in Stage
        ),
    )
    guessed = ((m.id, m.owner.id, name, 50.0, m.added) for m in made for name in ("teacher_talk", "open_share"))
    yield "predictions", "recording_id person_id measure value made", (row for row in guessed if rng.random() < 0.6)
    right = ((m, n) for m in made if rng.random() < 0.1 for n in range(1, 9))
    yield (
        "corrections",
        "id recording_id person_id number made kind text spans other",
        ((new_id(rng), m.id, m.owner.id, n, m.added, "text", "Forty two.", _spans(rng), "[]") for m, n in right),
    )


def _notes(rng: random.Random, d: Drawn) -> Iterator[Table]:
    given = [(m, p, what) for m in d.lessons for p in m.readers for what in (Grant.SEE, Grant.COMMENT, Grant.MEASURES)]
    yield (
        "grants",
        "id recording_id person_id what given_by given",
        ((new_id(rng), m.id, p.id, what.value, m.owner.id, m.added + DAY) for m, p, what in given),
    )
    seen = [(m, p) for m in d.lessons for p in (m.owner, *m.readers)]
    yield (
        "views",
        "recording_id person_id spans place first last",
        ((m.id, p.id, "[[0.0, 300.0], [420.0, 600.0]]", 600.0, m.added, m.added + DAY) for m, p in seen),
    )
    labels: list[tuple[str, int, str, str]] = []
    told: list[tuple[Any, ...]] = []
    yield (
        "comments",
        "id recording_id author_id parent_id start stop body audience made changed",
        _comments(rng, d, labels, told),
    )
    yield "comment_labels", "comment_id position label colour", labels
    clips = [(m, new_id(rng)) for m in d.lessons for _ in range(rng.choice((0, 0, 1, 1, 2, 6)))]
    for m, id in clips:
        m.clips.append(id)
    yield (
        "clips",
        "id recording_id author_id start stop name note audience made",
        ((id, m.id, m.owner.id, *CUT, "The board", "Look at the back row.", "lesson", m.added) for m, id in clips),
    )
    shown = [(m, id, p) for m, id in clips for p in m.readers if rng.random() < 0.3]
    for _, id, p in shown:
        p.clips.append(id)
    yield (
        "clip_grants",
        "id clip_id person_id given_by given",
        ((new_id(rng), id, p.id, m.owner.id, m.added + DAY) for m, id, p in shown),
    )
    yield "notifications", "id person_id kind by_id recording_id comment_id link made read mail tries", told


def _comments(rng: random.Random, d: Drawn, labels: list[Any], told: list[Any]) -> Iterator[tuple[Any, ...]]:
    for m in d.lessons:
        before: tuple[str, str] | None = None
        last = (2400.0 if m.whole else 240.0) - 1.0
        for _ in range(m.comments):
            by = rng.choice(m.readers) if m.readers and rng.random() < 0.55 else m.owner
            private = by is m.owner and (not m.readers or rng.random() < 0.3)
            parent, id = before if before and not private and rng.random() < 0.25 else None, new_id(rng)
            made = min(d.now, m.added + rng.expovariate(1 / 20) * DAY)
            audience = Audience.AUTHOR if private else Audience.LESSON
            start = rng.uniform(0.0, last)
            yield id, m.id, by.id, parent and parent[0], start, None, rng.choice(BODIES), audience.value, made, made
            if rng.random() < 0.3:
                labels.append((id, 0, rng.choice(LOOK_FORS), "green"))
            if by is not m.owner and made > d.now - KEPT_S:
                link, read = f"/review?recording={m.id}", made + DAY if rng.random() < 0.8 else None
                told.append(
                    (new_id(rng), m.owner.id, Kind.COMMENTED.value, by.id, m.id, id, link, made, read, "none", 0)
                )
            before = None if private or parent else (id, by.id)


def _log(rng: random.Random, d: Drawn, size: District) -> Iterator[Table]:
    """The audit log: its signatures are none, since nobody verifies it here; codebooks; words that were kept."""
    yield "pseudonyms", "key person_id", ((_key(p.id), p.id) for p in d.people)
    yield "pseudonyms", "key recording_id", ((_key(m.id), m.id) for m in d.lessons)
    names = {p.id: pseudonym(_key(p.id), p.id) for p in d.people}
    opened = ((m, p) for m in d.lessons for p in (*m.readers, *m.readers, *m.readers))
    yield (
        "audit_events",
        "number made deed actor lesson person school signature",
        (
            (n, m.added, "opened", names[p.id], pseudonym(_key(m.id), m.id), None, m.school, "0" * 64)
            for n, (m, p) in enumerate(opened, 1)
        ),
    )
    told = ((p, rng.choice(p.lessons)) for p in d.people if p.lessons for _ in range(size.told))
    yield (
        "notifications",
        "id person_id kind recording_id link made read mail tries",
        (
            (new_id(rng), p.id, Kind.READY.value, m.id, "/", at := d.now - rng.uniform(0, KEPT_S), at, "none", 0)
            for p, m in told
        ),
    )
    books = [(new_id(rng), school) for school in d.schools for _ in range(2)]
    labels = json.dumps([label_object(label) for label in STARTING_SET.labels])
    yield "codebooks", "id school_id", books
    versions = ((new_id(rng), id, v, f"Book {n}", labels, d.now) for n, (id, _) in enumerate(books) for v in (1, 2, 3))
    yield "codebook_versions", "id codebook_id number name labels made", versions


def _hash(m: Made) -> str:
    return m.id.ljust(64, "0")


def _key(id: str) -> str:
    return id.rjust(64, "0")


def _spans(rng: random.Random) -> str:
    start = rng.uniform(0, 200)
    return json.dumps([[start, start + 3.0]])
