"""A school district, drawn by chance with a fixed seed: who works there, and their lessons over three years."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from coaching.people import Membership
from coaching.starting_set import STARTING_SET

Rows = Iterable[tuple[Any, ...]]
Table = tuple[str, str, Rows]
"""Its name, its columns, and rows of these."""

YEARS, DAY = 3, 86_400.0
HEAVIEST = 800
"""Comments of one lesson at most."""

LIKE = 6
"""How many lessons are drawn word by word, of either length; every other one is like one of these."""

SUBJECTS = ("Fractions", "Photosynthesis", "The French Revolution", "Poems", "Linear functions", "Magnets", "Our town")
LOOK_FORS = tuple(label.name for label in STARTING_SET.labels)[:5]
CUT = 20.0, 60.0
"""From where to where every clip goes, seconds."""


@dataclass(frozen=True, slots=True)
class District:
    """`whole`: of how many of a teacher's newest lessons the transcript is as long as a real one's; of those before it
    is a tenth, since nothing but the depth of an index tells these from longer ones. `shared`: which part of the
    lessons is shared, `cycles` how many coaching cycles a teacher had, `told` notifications of each person,
    `exemplars` clips in the library of a school, `surveys` of one, of which one is open."""

    schools: int = 50
    teachers: int = 2000
    lessons: int = 40_000
    comments: int = 1_000_000
    whole: int = 8
    shared: float = 0.4
    cycles: int = 6
    told: int = 40
    exemplars: int = 30
    surveys: int = 6

    def part(self, share: float) -> District:
        """The same with so much less of all that is counted in the district."""
        counted = {name: getattr(self, name) for name in ("schools", "teachers", "lessons", "comments")}
        return replace(self, **{name: max(1, round(n * share)) for name, n in counted.items()})


@dataclass(slots=True, eq=False)
class Somebody:
    """`lessons` are their own, the newest first; `given`, of others; `cycles`, those in which they take part; `clips`,
    those that they were given: of `given` and `clips` only what they may see. `classes` they teach; `covered` are clips
    of theirs without faces, `exemplars` those that they see, `surveys` that are over, `asked` those that are open."""

    id: str
    cookie: str
    name: str
    email: str
    works: list[tuple[str, Membership]]
    lessons: list[Made] = field(default_factory=list)
    given: list[Made] = field(default_factory=list)
    cycles: list[str] = field(default_factory=list)
    clips: list[str] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)
    covered: list[str] = field(default_factory=list)
    exemplars: list[str] = field(default_factory=list)
    surveys: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def roles(self) -> set[Membership]:
        return {what for _, what in self.works}


@dataclass(slots=True, eq=False)
class Made:
    """A lesson. `readers` are whom it was given to; `like` is the run whose transcript and measures it has; `clips` are
    ids, `in_use` says that it is part of a cycle that goes on, `coach_only` what its class's families agreed to, `gone`
    that its film was deleted."""

    id: str
    run: str
    owner: Somebody
    school: str
    added: float
    name: str
    whole: bool
    like: str = ""
    comments: int = 0
    readers: list[Somebody] = field(default_factory=list)
    of_class: str = ""
    clips: list[str] = field(default_factory=list)
    in_use: bool = False
    coach_only: bool = False
    gone: bool = False


@dataclass(slots=True)
class Drawn:
    """`schools` are ids, with who works there. `whole` and `short` are the runs that others are like."""

    now: float
    people: list[Somebody]
    schools: dict[str, list[Somebody]]
    lessons: list[Made]
    whole: list[str]
    short: list[str]


def draw(rng: random.Random, size: District, now: float) -> Drawn:
    """`now` is the newest moment of all, in seconds since 1970."""
    schools, people = _staff(rng, size)
    teachers = [one for one in people if Membership.TEACHER in one.roles]
    lessons = []
    for owner, many in zip(teachers, shares(rng, len(teachers), size.lessons, 0.7), strict=True):
        school = owner.works[0][0]
        moments = sorted((now - rng.uniform(0, YEARS * 365) * DAY for _ in range(many)), reverse=True)
        for n, added in enumerate(moments):
            name = f"{rng.choice(SUBJECTS)}, lesson {many - n}"
            made = Made(new_id(rng), new_id(rng), owner, school, added, name, n < size.whole)
            made.readers = _readers(rng, owner, schools[school]) if rng.random() < size.shared else []
            owner.lessons.append(made)
            lessons.append(made)
            for reader in made.readers:
                reader.given.append(made)
    rng.shuffle(lessons)
    noted = lessons[: max(1, round(0.65 * len(lessons)))]
    for made, many in zip(noted, shares(rng, len(noted), size.comments, 1.3, HEAVIEST), strict=True):
        made.comments = many
    found = []
    for kind in (True, False):
        of = [one for one in lessons if one.whole is kind]
        found.append([one.run for one in of[:LIKE]])
        for n, made in enumerate(of):
            made.like = found[-1][n % len(found[-1])]
    return Drawn(now, people, schools, lessons, *found)


def _staff(rng: random.Random, size: District) -> tuple[dict[str, list[Somebody]], list[Somebody]]:
    """Schools of very different sizes; in each coaches, a leader and an administrator, and over all one of either."""
    schools: dict[str, list[Somebody]] = {}
    people: list[Somebody] = []

    def hire(works: list[str], what: Membership, many: int) -> None:
        for n in range(len(people), len(people) + many):
            name, email = f"{what.value.title()} {n}", f"{what.value}-{n}@district.org"
            one = Somebody(new_id(rng), f"cookie {n}", name, email, [(school, what) for school in works])
            people.append(one)
            for school in works:
                schools[school].append(one)

    for many in shares(rng, size.schools, size.teachers, 0.5):
        school = new_id(rng)
        schools[school] = []
        hire([school], Membership.TEACHER, many)
        hire([school], Membership.COACH, max(1, many // 12))
        hire([school], Membership.LEADER, 1 + many // 60)
        hire([school], Membership.ADMIN, 1)
    for what in (Membership.LEADER, Membership.ADMIN):
        hire(list(schools), what, 1)
    return schools, people


def _readers(rng: random.Random, owner: Somebody, here: Sequence[Somebody]) -> list[Somebody]:
    """Their coach, and at times others."""
    coaches = [one for one in here if Membership.COACH in one.roles]
    others = [one for one in here if Membership.TEACHER in one.roles and one is not owner]
    coach = coaches[int(owner.id[:4], 16) % len(coaches)]
    return [coach, *rng.sample(others, min(len(others), rng.choice((0, 0, 1, 2))))]


def shares(rng: random.Random, many: int, whole: int, spread: float, most: int = 10**9) -> list[int]:
    """About `whole` in so many parts, of which few are large: each at least one, and none far above `most`."""
    weights = [rng.lognormvariate(0.0, spread) for _ in range(many)]
    each = whole / sum(weights)
    found = [min(most, max(1, int(each * w))) for w in weights]
    for n in range(max(0, whole - sum(found))):
        found[n % many] += 1
    return found


def new_id(rng: random.Random) -> str:
    return f"{rng.getrandbits(96):024x}"


def day(moment: float) -> str:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=moment)).date().isoformat()
