"""`secondlook db`: bring the database to this version's tables, or say why it cannot be used."""

from __future__ import annotations

import argparse
from typing import Any

from coaching.settings import load_settings
from pipelines.console import Console


def add(commands: Any) -> None:
    actions = commands.add_parser("db", help="the database: upgrade, check").add_subparsers(
        required=True, metavar="ACTION"
    )
    for name, run, help in (
        ("upgrade", upgrade, "bring the database to this version, making it where there is none"),
        ("check", check, "say whether the database can be used as it is"),
    ):
        actions.add_parser(name, help=help, description=help.capitalize() + ".").set_defaults(run=run, json=False)


def upgrade(arguments: argparse.Namespace, console: Console) -> int:
    from models import upgrade as database  # loads SQLAlchemy: not for --help

    before, after = database.upgrade(load_settings().database)
    if before == after:
        print(f"The database is up to date (revision {after}).")
    else:
        print(f"The database was {'made' if before is None else f'upgraded from revision {before}'}: revision {after}.")
    return 0


def check(arguments: argparse.Namespace, console: Console) -> int:
    from models import upgrade as database

    database.check(load_settings().database)
    print("The database can be used.")
    return 0
