"""`secondlook backup`: the database and the files that it names, in a folder of their own, while everything runs on."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coaching.audit import ERASURES, HEAD, KEY
from coaching.backups import AUDIT, FILES, MANIFEST, PLACES, TABLES, Kept, Manifest, is_place, to_json
from coaching.errors import BadInput, one_line
from coaching.settings import load_settings
from pipelines import backups
from pipelines.console import Console

if TYPE_CHECKING:
    from models.backups import Snapshot

MOST_ROUNDS = 20
"""How often the database is looked at again where lessons came and went meanwhile."""

NOT_ALL = 1
"""The exit code of a backup in which something is missing that the database names."""


def add(commands: Any) -> None:
    p = commands.add_parser(
        "backup",
        help="the database and the files, as they are in one moment",
        description="Write the database and every file that it names into a new folder, while server and workers run. "
        "It is not encrypted: whoever has it has the lessons. `secondlook restore` makes them anew from it.",
    )
    p.add_argument("folder", type=Path, metavar="FOLDER", help="where to: a folder that is not there yet")
    p.add_argument(
        "--after",
        type=Path,
        metavar="EARLIER",
        help="an earlier backup on the same disk: what is in it already takes no room again",
    )
    p.set_defaults(run=run, json=False)


def run(arguments: argparse.Namespace, console: Console) -> int:
    settings = load_settings()
    target: Path = arguments.folder.absolute()
    if os.path.lexists(target):
        raise BadInput(f"{target} is there already. Name a folder that is not: each backup has its own.")
    data = settings.data_dir.resolve()
    if target.parent.resolve().is_relative_to(data):
        raise BadInput("The backup must not lie in the data folder that it is of. Name a folder elsewhere.")
    earlier = backups.read_manifest(arguments.after) if arguments.after else None
    work = target.with_name(f".{target.name}.part")
    with backups.alone(work):
        manifest = _Backup(settings.database, data, work, arguments.after, earlier.files if earlier else {}).make()
        (work / MANIFEST).write_text(to_json(manifest), encoding="utf-8")
        with (work / MANIFEST).open("rb") as file:
            os.fsync(file.fileno())
        (work / backups.LOCK).unlink()
        backups.flush(work)
        work.rename(target)
        backups.flush_folder(target.parent)
    print(f"{target}: {len(manifest.files)} files, {manifest.bytes / 1e6:.0f} MB. It is not encrypted.")
    for path in manifest.missing[:10]:
        console.error(f"Not in the backup, for it is not in the data folder as it was brought: {one_line(path)}")
    if len(manifest.missing) > 10:
        console.error(f"And {len(manifest.missing) - 10} more; the manifest has them all.")
    return NOT_ALL if manifest.missing else 0


class _Backup:
    """Rows first, then the files that they name; where one of these is gone by then, rows again.

    A file is never written again under its name, so what was copied for earlier rows is good for later ones.
    """

    def __init__(self, url: str, data: Path, work: Path, after: Path | None, earlier: Mapping[str, Kept]) -> None:
        self._url, self._data, self._work = url, data, work
        self._after, self._earlier = after, earlier
        self._kept: dict[str, Kept] = {}

    def make(self) -> Manifest:
        from models.backups import take  # loads SQLAlchemy: not for --help

        missing: set[str] = set()
        for turn in range(MOST_ROUNDS):
            made = datetime.now(UTC)
            tables = self._work / f"{TABLES}-{turn}"
            tables.mkdir()
            self._keep_audit()  # before the rows: the head may be behind them, and never ahead
            snapshot = take(self._url, tables)
            wanted = self._wanted(snapshot)
            new = wanted.keys() - self._kept.keys()
            if new <= missing:  # not there, and still named: so it is no lesson that was deleted meanwhile
                break
            missing = self._copy({path: wanted[path] for path in new})
        tables.rename(self._work / TABLES)
        for left in self._work.glob(f"{TABLES}-*"):
            backups.remove(left)
        for path in self._kept.keys() - wanted.keys():
            (self._work / FILES / path).unlink()
            del self._kept[path]
        files = {path: self._kept[path] for path in sorted(self._kept)}
        when = made.isoformat(timespec="seconds")
        return Manifest(
            version("secondlook"),
            snapshot.revision,
            when,
            snapshot.tables,
            files,
            tuple(sorted(new - self._kept.keys())),
        )

    def _keep_audit(self) -> None:
        """What the audit log has outside the database, each time anew: its head goes on."""
        for name in (KEY, HEAD, ERASURES):
            path, place = f"{AUDIT}/{name}", self._work / FILES / AUDIT / name
            place.unlink(missing_ok=True)
            with suppress(FileNotFoundError):
                self._kept[path] = backups.copy(self._data / path, place, lambda _: None)

    def _wanted(self, snapshot: Snapshot) -> dict[str, Kept | None]:
        """Every file's path, and what it must be where that is known. A folder that is gone stands for its files."""
        found: dict[str, Kept | None] = dict(snapshot.originals)
        found |= {path: None for path in self._kept if path.startswith(f"{AUDIT}/")}
        for folder in (*snapshot.artefacts, PLACES[1]):
            if is_place(f"{folder}/file"):
                lie = [Path(at, name) for at, _, names in os.walk(self._data / folder) for name in names]
                found |= {path.relative_to(self._data).as_posix(): None for path in lie}
                if not lie and folder in snapshot.artefacts:
                    found[folder] = None
        return found

    def _copy(self, wanted: Mapping[str, Kept | None]) -> set[str]:
        """Copy what can be; what could not."""
        known: set[str] = set()
        if self._after and self._after.stat().st_dev == self._work.stat().st_dev:
            known = {p for p, kept in wanted.items() if p in self._earlier and kept in (None, self._earlier[p])}
            known = {p for p in known if p.startswith(f"{PLACES[0]}/")}  # what was calibrated is written again
        sizes = {p: self._size(p) for p in wanted}
        backups.check_space(self._work, sum(sizes[p] for p in wanted.keys() - known))
        missing = set()
        with backups.bar("Copying", sum(sizes.values())) as tell:
            for path, expected in sorted(wanted.items()):
                place = self._work / FILES / path
                if path in known and self._after and backups.link(self._after / FILES / path, place):
                    self._kept[path] = self._earlier[path]
                    tell(self._kept[path].size)
                    continue
                try:
                    kept = backups.copy(self._data / path, place, tell)
                except FileNotFoundError:
                    missing.add(path)
                    continue
                if expected in (None, kept):
                    self._kept[path] = kept
                else:
                    place.unlink()
                    missing.add(path)
        return missing

    def _size(self, path: str) -> int:
        try:
            return (self._data / path).lstat().st_size
        except OSError:
            return 0
