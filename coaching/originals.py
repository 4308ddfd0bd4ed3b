"""How the files of a recording lie in the data folder, as they were brought; and how all that lies there of it goes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath

SPARE = 512 * 1024 * 1024
"""Bytes to leave free: what is made of a recording needs room too, and a full disk stops everybody's work."""


HANDOUTS = "handouts"
"""The folder, in that of a recording, of what was made of it to keep: films of its clips, portfolios, reports."""


def original(recording: str, number: int, name: str) -> str:
    """Where its file of this number (from 1) and name lies, relative to the data folder."""
    return str(PurePosixPath("recordings") / recording / "original" / str(number) / safe_name(name))


def measured(data: Path, recording: str) -> tuple[int, int]:
    """How many files lie there of it, and their bytes; links count as themselves."""
    return measured_in([data / "recordings" / recording])


def measured_in(folders: Iterable[Path]) -> tuple[int, int]:
    within = [(place, names) for folder in folders for place, _, names in os.walk(folder)]
    sizes = [(Path(place) / name).lstat().st_size for place, names in within for name in names]
    return len(sizes), sum(sizes)


def remove(data: Path, recording: str) -> None:
    """Delete all that lies there of a recording that is none, or none any more. What cannot be deleted now is left for
    the next who finds it; what somebody still writes, they remove themselves."""
    shutil.rmtree(data / "recordings" / recording, ignore_errors=True)


def remove_film(data: Path, recording: str) -> bool:
    """Delete all that lies there of a recording but its handouts: what of these stays, whoever makes them knows.
    Whether all of it is gone; what cannot be deleted now is left for the next look."""
    folder = data / "recordings" / recording
    for found in _but_handouts(folder):
        shutil.rmtree(found, ignore_errors=True) if found.is_dir() and not found.is_symlink() else _unlink(found)
    return not _but_handouts(folder)


def _but_handouts(folder: Path) -> list[Path]:
    return [found for found in folder.iterdir() if found.name != HANDOUTS] if folder.is_dir() else []


def _unlink(file: Path) -> None:
    with suppress(OSError):
        file.unlink()


def safe_name(name: str) -> str:
    """A file's name as it may be kept: printable, no separators, not hidden, at most 116 bytes."""
    plain = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name).strip(". ")
    whole = Path(plain or "lesson")
    return whole.stem.encode()[:100].decode(errors="ignore") + whole.suffix.encode()[:16].decode(errors="ignore")
