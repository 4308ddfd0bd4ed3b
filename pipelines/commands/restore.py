"""`secondlook restore`: a data folder and a database as they were, from a backup; all of it, or nothing."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from coaching.backups import AUDIT, FILES, PLACES, TABLES, BadBackup, Kept, Manifest
from coaching.errors import BadInput
from coaching.settings import load_settings
from pipelines import backups
from pipelines.console import Console

WORK = ".restoring"
"""In the data folder, while a restore is at work there, or was when it was killed."""

STAYS = ("models", AUDIT)
"""What may be in a data folder that counts as empty: what can be fetched again, and what was erased since."""


def add(commands: Any) -> None:
    p = commands.add_parser(
        "restore",
        help="a data folder and a database from a backup",
        description="Make the data folder (SECONDLOOK_DATA_DIR) and the database (DATABASE_URL), both empty, from what "
        "`secondlook backup` wrote, whichever kind of database that was. Everybody signs in anew. What was erased "
        "since is erased again, where the server's folder `audit` lies in the data folder.",
    )
    p.add_argument("folder", type=Path, metavar="FOLDER", help="what `secondlook backup` wrote")
    p.add_argument("--check", action="store_true", help="only look whether the backup is whole, and restore nothing")
    p.set_defaults(run=run, json=False)


def run(arguments: argparse.Namespace, console: Console) -> int:
    folder: Path = arguments.folder.absolute()
    manifest = backups.read_manifest(folder)
    if arguments.check:
        with backups.bar("Reading", manifest.bytes) as tell:
            for path, kept in manifest.files.items():
                backups.check(folder, f"{FILES}/{path}", kept, tell)
        _check_tables(folder, manifest)
        print(f"The backup of {manifest.made} is whole: {len(manifest.files)} files, {manifest.bytes / 1e6:.0f} MB.")
        return 0
    settings = load_settings()
    import models  # loads SQLAlchemy: not for --help
    from models.audit import Beside
    from models.backups import check_empty, put

    data = settings.data_dir.absolute()
    check_empty(settings.database)
    _check_empty(data)
    _check_tables(folder, manifest)
    backups.check_space(data, manifest.bytes + 2 * sum(kept.size for kept in manifest.tables.values()))
    ours: list[Path] = []
    work, here = Beside(data / WORK / AUDIT), Beside(data / AUDIT)
    was_here = here.key_there() is not None
    of_audit = {path: kept for path, kept in manifest.files.items() if path.startswith(f"{AUDIT}/")}
    with backups.alone(data / WORK):
        try:
            with backups.bar("Restoring", manifest.bytes) as tell:
                _fetch(folder, data, of_audit, tell)
                work.join(here)
                was_erased = work.was_erased()
                others = {path: kept for path, kept in manifest.files.items() if path not in of_audit}
                _fetch(folder, data, {p: kept for p, kept in others.items() if not was_erased(p.split("/")[1])}, tell)
            backups.flush(data / WORK)
            if came := _found(data):
                raise BadInput(f"Somebody brought {came[0]} to the data folder meanwhile. Nothing was restored.")
            for place in (path for path in (data / WORK).iterdir() if path.name in PLACES and path.name != AUDIT):
                place.rename(data / place.name)
                ours += [data / path for path in others if path.startswith(f"{place.name}/")]
            for file in work.files():
                here.folder.mkdir(exist_ok=True, mode=0o700)
                file.rename(here.folder / file.name)
                ours += [] if was_here else [here.folder / file.name]
            backups.flush_folder(data)
            # With this, all of it is there.
            again = put(settings.database, folder / TABLES, manifest.tables, manifest.revision, was_erased)
        except BaseException:
            _take_away(data, ours)
            raise
    models.audit_log(settings).restored()
    print(f"The backup of {manifest.made} was restored. What was being analysed then is analysed again by the workers.")
    if again:
        print(f"Erased again, since they were erased after this backup: {again} lessons and people.")
    if not was_here:
        print(
            f"What was erased after this backup is there again: the server's folder `{AUDIT}` was not in {data}, which "
            "says what that was. If you have it, put it there and restore anew."
        )
    return 0


def _fetch(folder: Path, data: Path, files: Mapping[str, Kept], tell: backups.Tell) -> None:
    for path, kept in files.items():
        if backups.copy(folder / FILES / path, data / WORK / path, tell) != kept:
            raise BadBackup(f"A file of this backup is damaged: {path}. Nothing was restored.")


def _check_empty(data: Path) -> None:
    """Raises BadInput. What a restore left that was killed may lie there, in its own folder: that is removed."""
    found = _found(data) if data.exists() else []
    if found and (data / WORK).is_dir():
        raise BadInput(f"A restore was killed in {data}. Delete what it left there, then restore again.")
    if found:
        found_there = f"The data folder {data} is not empty: there is {found[0]}."
        raise BadInput(f"{found_there} Set SECONDLOOK_DATA_DIR to an empty one.")


def _found(data: Path) -> list[str]:
    """What makes the data folder one that is not empty."""
    return sorted({path.name for path in data.iterdir()} - {*STAYS, WORK})


def _take_away(data: Path, ours: list[Path]) -> None:
    """Remove these files, and the folders that are empty then: what somebody else brought meanwhile stays."""
    for file in ours:
        file.unlink(missing_ok=True)
    for folder in sorted({folder for file in ours for folder in file.relative_to(data).parents[:-1]}, reverse=True):
        with suppress(OSError):
            (data / folder).rmdir()


def _check_tables(folder: Path, manifest: Manifest) -> None:
    for name, kept in manifest.tables.items():
        backups.check(folder, f"{TABLES}/{name}.jsonl", kept, lambda _: None)
