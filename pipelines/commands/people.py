"""`secondlook people`: a first person without the web, and who is there."""

from __future__ import annotations

import argparse
import json
from typing import Any

from coaching.people import Membership, Person
from coaching.settings import load_settings
from pipelines.console import Console


def add(commands: Any) -> None:
    actions = commands.add_parser("people", help="who has an account, and what they are at which school")
    actions = actions.add_subparsers(required=True, metavar="ACTION")
    a = actions.add_parser("add", help="add a person, or what they are at one more school")
    a.add_argument("email", metavar="EMAIL")
    a.add_argument("--role", required=True, choices=[m.value for m in Membership], help="what they are at the school")
    a.add_argument("--school", required=True, metavar="NAME")
    a.set_defaults(run=add_person, json=False)
    a = actions.add_parser("list", help="everybody, in order of e-mail")
    a.add_argument("--json", action="store_true", help="one JSON array")
    a.set_defaults(run=list_people)


def add_person(arguments: argparse.Namespace, console: Console) -> int:
    import models  # loads SQLAlchemy: not for --help

    people = models.open(load_settings()).people
    person = people.add(arguments.email, Membership(arguments.role), arguments.school)
    print(_line(person))
    return 0


def list_people(arguments: argparse.Namespace, console: Console) -> int:
    import models

    everybody = models.open(load_settings()).people.everybody()
    if arguments.json:
        print(json.dumps([_document(person) for person in everybody]))
    else:
        for person in everybody:
            print(_line(person))
        if not everybody:
            print("Nobody has an account yet. `secondlook people add EMAIL --role teacher --school NAME` adds one.")
    return 0


def _line(person: Person) -> str:
    return f"{person.email}: " + ", ".join(f"{membership} at {school}" for school, membership in person.memberships)


def _document(person: Person) -> dict[str, Any]:
    memberships = [{"school": school, "role": membership.value} for school, membership in person.memberships]
    return {"id": person.id, "email": person.email, "name": person.name, "memberships": memberships}
