"""`secondlook people erase`: a person is erased, with a receipt, and a search for what may be left."""

from __future__ import annotations

import argparse
import time

from coaching.errors import BadInput
from coaching.library import size
from coaching.people import Belongings, email_address
from coaching.settings import Settings, load_settings
from pipelines.console import Console

LEFT = 1
"""The exit code where something is left."""

PATIENCE_S = 30.0
"""How long, seconds, whoever is at work on their recordings has to notice that these are no more."""


def erase(arguments: argparse.Namespace, console: Console) -> int:
    import models  # loads SQLAlchemy: not for --help
    from coaching.services.erasing import erase

    settings = load_settings()
    people = models.open(settings).people
    theirs = people.belongings(arguments.email)
    if not arguments.yes:
        many = len(theirs.recordings)
        print(f"{theirs.person.email} goes for good, with {many} recordings and all that hangs on them.")
        typed = input("Type the address again to erase them: ")
        if typed.strip().casefold() != email_address(arguments.email):
            raise BadInput("This is not the address. Nothing was erased.")
    theirs, receipt = erase(people, settings.data_dir, arguments.email)
    print(f"Erased on {receipt.made:%Y-%m-%d %H:%M} UTC: {receipt.files} files, {size(receipt.bytes)}. Rows, by table:")
    for table, count in sorted(receipt.rows.items()):
        print(f"  {count:>8} {table}")
    if left := _left(settings, theirs):
        console.error(f"Their ids, name or address are still in: {', '.join(left)}.")
        return LEFT
    print("Nothing remains but the receipt. Backups of before have them still, and a restore erases them again.")
    return 0


def _left(settings: Settings, theirs: Belongings) -> list[str]:
    import models
    from pipelines import durable

    name = [theirs.person.name] if " " in theirs.person.name else []  # one word alone stands in many others
    words = [theirs.person.id, theirs.person.email, *theirs.runs, *name]
    deadline = time.monotonic() + PATIENCE_S
    while True:
        if models.has_queue(settings):
            durable.forget(models.queue_url(settings), set(theirs.runs))
        models.wipe(settings)
        left = models.left_of(settings, theirs.recordings, words)
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(1.0)
