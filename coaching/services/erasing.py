"""A person is erased: every row, every file."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from coaching import originals
from coaching.people import Belongings, Erasure
from coaching.ports import People

log = logging.getLogger(__name__)


def erase(people: People, data: Path, email: str) -> tuple[Belongings, Erasure]:
    """What was theirs, and the receipt. Raises BadInput where nobody has the address.

    They are let in no more first, so that they bring nothing meanwhile; then their rows go, then their files. Killed in
    between, the server at its start, and every worker, remove the files that may still lie there.
    """
    people.leave(email)
    theirs = people.belongings(email)
    folders = [data / place for place in theirs.places]
    receipt = people.erase(email, *originals.measured_in(folders))
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
    log.info("person erased", extra={"count": receipt.files})
    return theirs, receipt
