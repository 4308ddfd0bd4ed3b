"""The files of a backup: copied with their hashes, looked at before they are trusted, and whole or not there."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coaching.backups import FILES, MANIFEST, TABLES, BadBackup, Kept, Manifest, from_json
from coaching.errors import BadInput, OutOfSpace

CHUNK = 4 * 1024 * 1024
"""Bytes copied and hashed at once."""

SPARE = 512 * 1024 * 1024
"""Bytes to leave free."""

LOCK = ".lock"

LARGEST_MANIFEST = 1024**3
"""Bytes; some millions of files."""

Tell = Callable[[int], None]
"""Hears how many bytes more are done."""


def copy(source: Path, place: Path, tell: Tell) -> Kept:
    """Copy a plain file onto the disk itself. Raises FileNotFoundError where it is not there, or is no plain file."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _plain_file(source) as read, _new_file(place) as write:
        kept = _through(read, write, tell)
        os.fsync(write)
    return kept


def hashed(source: Path, tell: Tell) -> Kept:
    with _plain_file(source) as read:
        return _through(read, None, tell)


def _through(read: int, write: int | None, tell: Tell) -> Kept:
    digest, size = hashlib.sha256(), 0
    while data := os.read(read, CHUNK):
        digest.update(data)
        size += len(data)
        tell(len(data))
        while write is not None and data:
            data = data[os.write(write, data) :]
    return Kept(size, digest.hexdigest())


@contextmanager
def _plain_file(path: Path) -> Iterator[int]:
    """Opened to be read: never through a link, and never what is no file (a pipe would not end)."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise FileNotFoundError(path) from None
        raise
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise FileNotFoundError(path)
        yield file
    finally:
        os.close(file)


@contextmanager
def _new_file(path: Path) -> Iterator[int]:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        yield file
    finally:
        os.close(file)


def read_manifest(folder: Path) -> Manifest:
    """The manifest, after a look at everything that lies there. Raises BadBackup where it is not as it must be."""
    if not folder.is_dir():
        raise BadInput(f"There is no folder {folder}. Name the one that `secondlook backup` made.")
    if not (folder / MANIFEST).is_file():
        raise BadBackup(f"{folder} is no whole backup of Second Look: it has no manifest.")
    sizes = _plain_files(folder)
    if sizes[MANIFEST] > LARGEST_MANIFEST:
        raise BadBackup
    manifest = from_json((folder / MANIFEST).read_text(encoding="utf-8", errors="replace"))
    expected = {f"{FILES}/{path}": kept for path, kept in manifest.files.items()}
    expected |= {f"{TABLES}/{name}.jsonl": kept for name, kept in manifest.tables.items()}
    for path, kept in expected.items():
        if sizes.get(path) != kept.size:
            what = "is not there" if path not in sizes else "has another size than it had"
            raise BadBackup(f"A file of this backup {what}: {path}. Nothing was restored.")
    return manifest


def check(folder: Path, path: str, kept: Kept, tell: Tell) -> None:
    if hashed(folder / path, tell) != kept:
        raise BadBackup(f"A file of this backup is damaged: {path}.")


def _plain_files(folder: Path) -> dict[str, int]:
    """Every file's size by its path. Raises BadBackup for links, devices, pipes."""
    found: dict[str, int] = {}
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root, name)
            mode = path.lstat()
            if not (stat.S_ISREG(mode.st_mode) or stat.S_ISDIR(mode.st_mode)):
                raise BadBackup(f"In this backup lies something that is no file: {path}. Nothing was restored.")
            if name in files:
                found[path.relative_to(folder).as_posix()] = mode.st_size
    return found


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """A folder with nothing in it but a lock, in which nobody else is at work; what a killed one left is removed first.

    At the end it is gone, or was moved elsewhere.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(f"Somebody is at work on this already, in {folder}. Wait until that has ended.") from None
        try:
            for left in (path for path in folder.iterdir() if path.name != LOCK):
                remove(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            yield
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def flush(folder: Path) -> None:
    """Put names on the disk itself, those of the folders within too."""
    for root, _, _ in os.walk(folder):
        flush_folder(Path(root))


def flush_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def remove(folder: Path) -> None:
    """Delete a folder with everything in it, if it is there."""
    with suppress(FileNotFoundError):
        shutil.rmtree(folder)


@contextmanager
def bar(what: str, whole: int) -> Iterator[Tell]:
    """A bar for whoever looks at a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    out = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as progress:
        task = progress.add_task(what, total=whole)
        yield lambda more: progress.advance(task, more)


def check_space(place: Path, need: int) -> None:
    """Raises OutOfSpace where `need` bytes would leave too few."""
    while not place.exists():
        place = place.parent
    if (free := shutil.disk_usage(place).free) < need + SPARE:
        raise OutOfSpace(
            f"{need / 1e6:.0f} MB are to be written, and {free / 1e6:.0f} MB are free; {SPARE / 1e6:.0f} MB must stay. "
            "Make space, or name another place."
        )


def link(earlier: Path, place: Path) -> bool:
    """The file of an earlier backup in this one too, without a second copy; whether that could be."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with suppress(OSError):
        place.hardlink_to(earlier)
        return True
    return False
