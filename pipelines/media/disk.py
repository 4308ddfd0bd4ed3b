"""Files that are whole or not there, and a disk that is too small, said in a sentence."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coaching.errors import BadInput, OutOfSpace

SPARE = 4 * 1024 * 1024
"""Bytes that must be free beside what is made: a disk filled to its last byte makes other programs fail."""


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A temporary name beside `out` to write to, which becomes `out` at the end; after an exception it is gone."""
    temporary = out.with_name(f".{out.name}.part")
    try:
        with writing(out):
            yield temporary
            temporary.replace(out)
    finally:
        temporary.unlink(missing_ok=True)


def check_room(out: Path, size: int, what: str, spare: int = SPARE) -> None:
    """Raises OutOfSpace where the disk that shall hold `out` has no room for `size` bytes of `what` ("sound")."""
    needed = size + spare
    with writing(out):
        free = shutil.disk_usage(out.parent).free
    if free < needed:
        raise OutOfSpace(
            f"The disk of {folder_of(out)} has {free / 1e6:.0f} MB free, and this lesson's {what} needs "
            f"{needed / 1e6:.0f} MB. Make space, then try again."
        )


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """What the system says about writing `out`, as our errors."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise full(out) from None
        raise BadInput(f"The folder {folder_of(out)} cannot be written to ({problem.strerror}).") from None


def full(out: Path) -> OutOfSpace:
    return OutOfSpace(f"The disk of {folder_of(out)} is full. Make space, then try again.")


def folder_of(out: Path) -> Path:
    """The folder as people know it: not a hidden one that we made inside it."""
    return next(p for p in out.absolute().parents if not p.name.startswith("."))
