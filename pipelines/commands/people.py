"""`secondlook people`: a first person and their password without the web, and who is there."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from pathlib import Path
from typing import Any

from coaching.accounts import check_password
from coaching.errors import BadInput, one_line
from coaching.people import Membership, Person
from coaching.settings import load_settings
from coaching.staff import What
from pipelines.commands import erasing
from pipelines.console import Console


def add(commands: Any) -> None:
    actions = commands.add_parser("people", help="who has an account, and what they are at which school")
    actions = actions.add_subparsers(required=True, metavar="ACTION")
    a = actions.add_parser("add", help="add a person, or what they are at one more school")
    a.add_argument("email", metavar="EMAIL")
    a.add_argument("--role", required=True, choices=[m.value for m in Membership], help="what they are at the school")
    a.add_argument("--school", required=True, metavar="NAME")
    a.set_defaults(run=add_person, json=False)
    a = actions.add_parser("invite", help="a link by which a person sets a password, once; print it and send it")
    a.add_argument("email", metavar="EMAIL")
    a.set_defaults(run=invite, json=False)
    a = actions.add_parser("password", help="set a person's password: asked for, or a line of standard input")
    a.add_argument("email", metavar="EMAIL")
    a.set_defaults(run=set_password, json=False)
    a = actions.add_parser("leave", help="let a person in no more, at once; what is theirs stays theirs")
    a.add_argument("email", metavar="EMAIL")
    a.set_defaults(run=leave, json=False)
    a = actions.add_parser("return", help="let a person in again")
    a.add_argument("email", metavar="EMAIL")
    a.set_defaults(run=come_back, json=False)
    a = actions.add_parser(
        "erase",
        help="erase a person: account, recordings, all that they wrote; a receipt stays",
        description="Erase a person with their recordings, the cycles that they are the teacher of, and all that they "
        "wrote. Then every table and the data folder are searched for what may be left. This cannot be undone.",
    )
    a.add_argument("email", metavar="EMAIL")
    a.add_argument("--yes", action="store_true", help="do not ask to type the address again")
    a.set_defaults(run=erasing.erase, json=False)
    a = actions.add_parser("import", help="a list of staff (CSV: email, name, role, school): add who is not there yet")
    a.add_argument("file", metavar="FILE", type=Path)
    a.add_argument("--preview", action="store_true", help="only say what each line would do")
    a.set_defaults(run=import_staff, json=False)
    a = actions.add_parser("list", help="everybody, in order of e-mail")
    a.add_argument("--json", action="store_true", help="one JSON array")
    a.set_defaults(run=list_people)


def add_person(arguments: argparse.Namespace, console: Console) -> int:
    import models  # loads SQLAlchemy: not for --help

    people = models.open(load_settings()).people
    person = people.add(arguments.email, Membership(arguments.role), arguments.school)
    print(_line(person))
    return 0


def invite(arguments: argparse.Namespace, console: Console) -> int:
    import models

    settings = load_settings()
    if not settings.passwords:
        raise BadInput(
            "SECONDLOOK_PASSWORDS is off, so no link would be good. People sign in with the school's accounts."
        )
    secret = models.open(settings).accounts.invite(arguments.email)
    print(f"{settings.public_url}/password?link={secret}")
    return 0


def set_password(arguments: argparse.Namespace, console: Console) -> int:
    import models

    accounts = models.open(load_settings()).accounts
    accounts.set_password(arguments.email, _password())
    print("The password is set. Whoever was signed in with this account is signed out.")
    return 0


def leave(arguments: argparse.Namespace, console: Console) -> int:
    import models

    models.open(load_settings()).people.leave(arguments.email)
    print("They are signed out everywhere, and let in no more. `secondlook people return EMAIL` undoes it.")
    return 0


def come_back(arguments: argparse.Namespace, console: Console) -> int:
    import models

    models.open(load_settings()).people.come_back(arguments.email)
    print("They are let in again: with their password, or with the school's account.")
    return 0


def import_staff(arguments: argparse.Namespace, console: Console) -> int:
    """0 where every line could be used; 2 where some were left out."""
    import models
    from coaching.readers.staff import staff
    from coaching.services.staff import counts

    try:
        data = arguments.file.read_bytes()
    except OSError as error:
        raise BadInput(f"{arguments.file} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    entries = staff(data, one_line(arguments.file.name))
    store = models.open(load_settings()).staff
    steps = (store.preview if arguments.preview else store.apply)(None, entries)
    for step in steps:
        if step.what is not What.SAME:
            print(f"row {step.entry.row}: {one_line(step.entry.email) or '(no address)'}: {step.why}")
    found = counts(steps)
    print(", ".join(f"{number} {what.value}" for what, number in found.items()) + ".")
    return 2 if found[What.WRONG] else 0


def _password() -> str:
    """As it is typed, unseen and twice, or a line that another program writes."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    check_password(password)
    if getpass.getpass("Once more: ") != password:
        raise BadInput("These were two different passwords. Nothing was changed.")
    return password


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
    what = ", ".join(f"{membership} at {school}" for school, membership in person.memberships)
    return f"{person.email}: {what}" + (" (let go)" if person.left else "")


def _document(person: Person) -> dict[str, Any]:
    memberships = [{"school": school, "role": membership.value} for school, membership in person.memberships]
    return {
        "id": person.id,
        "email": person.email,
        "name": person.name,
        "memberships": memberships,
        "left": person.left,
    }
