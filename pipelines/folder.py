"""The folder of a lesson's results: made, worked in out of sight, and as it was before if anything fails."""

from __future__ import annotations

import errno
import fcntl
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coaching.errors import BadInput, OutOfSpace

HIDDEN = ".secondlook-"
"""How the folders begin in which what is not finished lies."""

OURS = "lesson.json"
"""A folder with this file holds a lesson's results, and may be written again by the command that wrote them."""


@contextmanager
def work_folder(out: Path, names: Iterable[str], ours: str = OURS) -> Iterator[Path]:
    """A hidden folder inside `out` (on the same disk, so that files can be moved into place), gone at the end.

    Makes `out` if need be, and takes it away again if an exception passes. What a killed run left behind is swept. The
    results will be called `names`; a folder that holds a file `ours` may be written again. Raises BadInput where `out`
    cannot hold them or holds others' files of these names, OutOfSpace for a full disk.
    """
    made = _make(out)
    try:
        _check(out, names, ours)
        _sweep(out)
        with tempfile.TemporaryDirectory(prefix=HIDDEN, dir=out) as work, (Path(work) / "new-lock").open("w") as lock:
            with suppress(OSError):  # some shared disks know no locks: then nothing is swept there
                fcntl.flock(lock, fcntl.LOCK_EX)
                # Named only once it is held: another run must not find it free in between, and sweep us away.
                (Path(work) / "new-lock").rename(Path(work) / "lock")
            yield Path(work)
    except BaseException as error:
        for folder in made:
            with suppress(OSError):  # somebody else put something into it meanwhile
                folder.rmdir()
        if isinstance(error, OSError):
            raise _plain(error, out) from error
        raise


def _make(out: Path) -> list[Path]:
    """Make `out`; the folders that had to be made for it, innermost first."""
    missing = [p for p in (out, *out.parents) if not p.exists()]
    try:
        for folder in reversed(missing):
            folder.mkdir(mode=0o700, exist_ok=True)  # children's words: not for other accounts of the machine
        if not out.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "not a folder", str(out))
    except OSError as error:
        file = next((p for p in (out, *out.parents) if p.exists() and not p.is_dir()), None)
        if file:
            raise BadInput(f"{file} is a file. Name a folder for the results with --out.") from None
        raise _plain(error, out) from None
    return missing


def _check(out: Path, names: Iterable[str], ours: str) -> None:
    there = [name for name in names if (out / name).exists()]
    folders = [name for name in there if (out / name).is_dir()]
    if folders or (there and not (out / ours).exists()):
        name = (folders or there)[0]
        raise BadInput(f"{out} already holds {name}, which this command did not write. Name another folder with --out.")


def _sweep(out: Path) -> None:
    """Remove what a killed run left: its lock is free. A run that is alive holds it."""
    for stale in out.glob(f"{HIDDEN}*/lock"):
        with suppress(OSError), stale.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(stale.parent)


def _plain(error: OSError, out: Path) -> BadInput | OutOfSpace:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutOfSpace(f"The disk of {out} is full. Make space, then try again; nothing was written.")
    reason = (error.strerror or str(error)).lower()
    return BadInput(f"Nothing can be written into {out}: {reason}. Name another folder with --out.")
