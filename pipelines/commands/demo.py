"""`secondlook demo`: a school of made-up people with one made-up lesson, to look at, and to take away again."""

from __future__ import annotations

import argparse
import os
import secrets
import shlex
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coaching.access import Grant
from coaching.coached import PROMPTS, Look, NewCycle
from coaching.comments import Audience, NewComment
from coaching.cycles import Kind, Step
from coaching.errors import BadInput
from coaching.people import Membership
from coaching.services.lessons import delete
from coaching.settings import load_settings
from pipelines.commands import importing, options
from pipelines.console import Console

if TYPE_CHECKING:
    from models import Stores

SCHOOL = "Hillside School (demo)"
DOMAIN = "demo.example"
"""Nobody's: names that end in `.example` never lead anywhere."""

REMOVED = "demo-removed"
"""A file in the data folder where the school was taken away: no start makes it again by itself."""

SAMPLE = Path(__file__).parents[1] / "sample"


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    is_a: Membership

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"


MAYA = Account("Maya Okafor (demo)", Membership.TEACHER)
BEN = Account("Ben Lindqvist (demo)", Membership.TEACHER)
CLARA = Account("Clara Reyes (demo)", Membership.COACH)
PRIYA = Account("Priya Raman (demo)", Membership.LEADER)
TOM = Account("Tom Weller (demo)", Membership.ADMIN)
CAST = (MAYA, BEN, CLARA, PRIYA, TOM)

LESSON, CLASS, TAGS = "Comparing fractions", "5B Mathematics", ("fractions", "sample")
COMMENTS: tuple[tuple[Account, NewComment, NewComment | None], ...] = (
    (
        CLARA,
        NewComment(26.1, "You waited four seconds after “What do you notice?”, and the answer was a whole sentence."),
        NewComment(26.1, "It felt much longer than that. I want to keep it."),
    ),
    (
        CLARA,
        NewComment(82.9, "Ten seconds for everyone to think alone. What did you see while they wrote?", 92.8),
        None,
    ),
    (CLARA, NewComment(113.6, "“How do you know?”, and then you let him find it. What made you ask?", 128.3), None),
    (MAYA, NewComment(191.0, "Ask the quiet table first next time.", audience=Audience.AUTHOR), None),
)
"""Who, what, and what the teacher answered. The sample lesson's script has these moments."""

GOAL = (
    "Longer waits, more student reasoning",
    "Give students time to think, so more of them explain their reasoning.",
    ("Pauses of about 3 s after open questions", "A press that uses the student’s own words"),
    "wait_time_1",
)
REFLECTION = "Where I asked “How do you know?” and let him find it. I would like to see what my face did meanwhile."


def add(commands: Any) -> None:
    p = commands.add_parser(
        "demo",
        help="a school of made-up people with one lesson, to try it out",
        description="Make a school of two teachers, a coach, a principal and an administrator, with the sample lesson, "
        "for a worker to analyse, and print their passwords, once.",
    )
    p.add_argument(
        "--first", action="store_true", help="do nothing where anybody has an account already, or it was removed"
    )
    p.add_argument("--remove", action="store_true", help="take all of it away again")
    p.set_defaults(run=run, json=False)


def run(arguments: argparse.Namespace, _console: Console) -> int:
    import models

    settings = load_settings()
    stores = models.open(settings)
    if arguments.remove:
        print(remove(stores, settings.data_dir))
        return 0
    everybody = {person.email for person in stores.people.everybody()}
    others = everybody - {account.email for account in CAST[:-1]}
    if arguments.first and (others or (settings.data_dir / REMOVED).exists()):
        return 0
    if TOM.email in everybody:
        raise BadInput(f"The demo school is there already. `{_removal()}` takes it away.")
    passwords = seed(stores, settings.data_dir)
    print(table(passwords))
    return 0


def seed(stores: Stores, data: Path) -> dict[Account, str]:
    """The school, and everybody's password. The administrator comes last: without them it was cut short, and what is
    there already stays as it is."""
    passwords = {account: secrets.token_urlsafe(9) for account in CAST}
    (data / REMOVED).unlink(missing_ok=True)
    for account in CAST[:-1]:
        stores.people.add(account.email, account.is_a, SCHOOL)
        stores.people.call(account.email, account.name)
    _teach(stores, data)
    stores.people.add(TOM.email, TOM.is_a, SCHOOL)
    stores.people.call(TOM.email, TOM.name)
    for account, password in passwords.items():
        stores.accounts.set_password(account.email, password)
    return passwords


def _teach(stores: Stores, data: Path) -> None:
    """Maya's lesson, shared with Clara, with what the two said of it."""
    ids = {account: person.id for account in CAST if (person := stores.people.find(account.email))}
    lessons, maya = stores.lessons, ids[MAYA]
    kept = {"language": "en", "vocabulary": list(options.vocabulary(SAMPLE / "vocabulary.txt"))}
    recording = importing.bring(SAMPLE / "sample-lesson.mp4", maya, lessons, data, kept).recording or ""
    lessons.rename(maya, recording, LESSON)
    lessons.describe(maya, recording, CLASS, date.today(), TAGS)
    lessons.grant(maya, recording, CLARA.email, (Grant.SEE, Grant.MEASURES, Grant.COMMENT))
    if lessons.comments(maya, recording):
        return
    cycle = stores.cycles.begin(maya, NewCycle(Kind.OBSERVE, GOAL[0], CLARA.email))
    stores.cycles.set_goal(maya, cycle, *GOAL[1:])
    stores.cycles.move(maya, cycle, Step.ON)
    stores.cycles.take_in(maya, cycle, recording, Look.FIRST)
    stores.cycles.move(maya, cycle, Step.ON)
    stores.cycles.reflect(maya, cycle, [(PROMPTS[1], REFLECTION)])
    for who, said, answer in COMMENTS:
        parent = lessons.comment(ids[who], recording, said)
        if answer:
            lessons.comment(maya, recording, NewComment(answer.start, answer.body, parent=parent))
    for _ in range(2):  # shared, and Clara has written: it waits for her to say that they can meet
        stores.cycles.move(maya, cycle, Step.ON)


def remove(stores: Stores, data: Path) -> str:
    """Take away everybody of the demo school, and all that is theirs; what was taken away, in a sentence."""
    gone, lessons = 0, 0
    for person in stores.people.everybody():
        if not person.email.endswith(f"@{DOMAIN}"):
            continue
        (data / REMOVED).touch()
        for facts in stores.lessons.mine(person.id):
            delete(stores.lessons, data, person.id, facts.id)
            lessons += 1
        stores.people.forget(person.email)
        gone += 1
    return (
        f"The demo school is gone: {gone} people, {lessons} of their lessons." if gone else "There is no demo school."
    )


def table(passwords: dict[Account, str]) -> str:
    """Who there is, for whoever sets it up. The only time that the passwords are shown."""
    rows = [("", "email", "password")]
    rows += [("principal" if a.is_a is Membership.LEADER else str(a.is_a), a.email, p) for a, p in passwords.items()]
    wide = [max(len(row[n]) for row in rows) for n in range(3)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip() for row in rows]
    told = f"The demo school. These passwords are shown this once; `{_removal()}` takes it away again."
    return "\n".join(["", told, "", *(f"  {line}" for line in lines), ""])


def _removal() -> str:
    """The command that works in another window too, where nobody named the data folder."""
    named = os.environ.get("SECONDLOOK_DATA_DIR")
    return f"SECONDLOOK_DATA_DIR={shlex.quote(named)} secondlook demo --remove" if named else "secondlook demo --remove"
