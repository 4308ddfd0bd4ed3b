"""`secondlook audit`: who did what to which thing, and whether anybody changed what the log says of it."""

from __future__ import annotations

import argparse
from typing import Any

from coaching.settings import load_settings
from pipelines.console import Console

BROKEN = 1


def add(commands: Any) -> None:
    actions = commands.add_parser("audit", help="the log of who did what to which lesson or person")
    actions = actions.add_subparsers(required=True, metavar="ACTION")
    a = actions.add_parser(
        "verify",
        help="say whether a line was changed, taken out, moved or cut off",
        description="Look whether every line of the audit log is as it was written and where it was. Exits with 1 and "
        "says which line is the first that is not.",
    )
    a.set_defaults(run=verify, json=False)
    a = actions.add_parser(
        "list",
        help="every line: what was done, when, and by and to whom where that is still known",
        description="Print the audit log, a line each: number, time (UTC), who, what was done, to which lesson, to "
        "whom. People and lessons stand there by their ids, whatever was erased as `erased`.",
    )
    a.set_defaults(run=list_lines, json=False)


def verify(arguments: argparse.Namespace, console: Console) -> int:
    import models  # loads SQLAlchemy: not for --help

    lines, wrong = models.audit_log(load_settings()).verify()
    if wrong:
        console.error(wrong)
        return BROKEN
    print(f"The audit log is whole: {lines} lines, each as it was written and where it was.")
    return 0


def list_lines(arguments: argparse.Namespace, console: Console) -> int:
    import models

    for line in models.audit_log(load_settings()).lines():
        print("\t".join(line))
    return 0
