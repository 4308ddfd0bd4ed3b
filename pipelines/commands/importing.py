"""`secondlook import`: a folder of recordings for a teacher, each kept once however often it is brought."""

from __future__ import annotations

import argparse
import errno
import fcntl
import hashlib
import json
import mimetypes
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from coaching.errors import BadInput, BadRecording, Cancelled, OutOfSpace, one_line
from coaching.library import LONGEST_NAME
from coaching.originals import SPARE, original, remove
from coaching.people import Membership, email_address
from coaching.ports import NewRecording, SourceFile
from coaching.recordings import Priority, new_id
from coaching.settings import load_settings
from pipelines.commands import options

if TYPE_CHECKING:
    from coaching.jobs import Jobs
    from coaching.ports import Lessons

CHUNK = 4 * 1024 * 1024
"""Bytes copied and hashed at once."""

RECORDINGS = frozenset(
    ".mp4 .mov .m4v .webm .mkv .avi .3gp .m4a .mp3 .wav .ogg .amr .aac .flac .mpg .mpeg .mts .m2ts .wmv .wma".split()
)
"""What a file's name ends with that is meant as a recording: damaged, it has failed, and is not just left out. Beside
what the system's own list calls video or sound; not every machine has one."""

MARK = ".importing"
"""A locked file in a recording's folder until the database knows it. With its lock free, the folder is a leftover."""


def add(commands: Any) -> None:
    """Add the command to the parser's `commands`."""
    p = commands.add_parser(
        "import",
        help="bring a folder of recordings for a teacher",
        description="Copy every recording of a folder, and of those in it, into the data folder, and have it analysed "
        "by the workers. A recording that is there already (by its content) is not copied again.",
    )
    p.add_argument("folder", type=Path, metavar="FOLDER", help="where the recordings lie; one file will do")
    p.add_argument("--teacher", required=True, metavar="EMAIL", help="whose recordings they are")
    p.add_argument("--json", action="store_true", help="one JSON object a file, one a line")
    options.add(p, voice="--teacher-voice")
    p.set_defaults(run=run)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: `imported`, `known`, `left out` (no recording at all) or `failed`, and why."""

    file: Path
    outcome: str
    recording: str | None = None
    reason: str = ""


def run(arguments: argparse.Namespace, _console: object) -> int:
    import models

    settings = load_settings()
    stores = models.open(settings)
    email = email_address(arguments.teacher)
    teacher, add_them = stores.people.find(email), f"secondlook people add {email} --role teacher --school NAME"
    if teacher is None:
        raise BadInput(f"Nobody here has the address {email}. Add them first: {add_them}")
    if Membership.TEACHER not in (what for _, what in teacher.memberships):
        raise BadInput(f"{email} is no teacher here, and lessons are a teacher's own. If they are one: {add_them}")
    files = _files(arguments.folder)
    if not files:
        raise BadInput(f"There is no file in {arguments.folder}.")
    kept = options.kept(arguments)
    _sweep(settings.data_dir, stores.jobs)
    done: list[Brought] = []
    for n, file in enumerate(files, 1):
        try:
            brought = bring(file, teacher.id, stores.lessons, settings.data_dir, kept)
        except BadRecording as error:
            brought = Brought(file, "failed" if _is_media(file) else "left out", reason=str(error))
        except KeyboardInterrupt:
            raise Cancelled(f"Stopped at file {n} of {len(files)}. What was imported before it stays.") from None
        done.append(brought)
        _say(brought, n, len(files), arguments.json)
    if not arguments.json:
        counts = {o: sum(b.outcome == o for b in done) for o in ("imported", "known", "left out", "failed")}
        print(", ".join(f"{n} {o}" for o, n in counts.items() if n) + ".")
        if counts["imported"]:
            print("The workers take it from here: secondlook worker, secondlook jobs list")
    return BadRecording.exit_code if any(b.outcome == "failed" for b in done) else 0


def bring(file: Path, owner: str, lessons: Lessons, data: Path, kept: dict[str, Any]) -> Brought:
    """Import one file. Raises BadRecording where it is none, OutOfSpace, BadInput where it cannot be read or kept."""
    from pipelines import media

    media.probe(file)
    digest = _hash(file)
    with _plain(file):
        if known := lessons.known(owner, [digest]):
            return Brought(file, "known", known)
        size, free = file.stat().st_size, _free(data)
        if free < size + SPARE:
            raise OutOfSpace(
                f"{one_line(file.name)} has {size / 1e6:.0f} MB, and the data folder only {free / 1e6:.0f} MB free; "
                f"{SPARE / 1e6:.0f} MB must stay. Make space, then import again."
            )
        recording = new_id()
        place = data / original(recording, 1, file.name)
        with _marked(data / "recordings" / recording) as mark:
            try:
                place.parent.mkdir(parents=True)
                if _copy(file, place) != digest:
                    raise BadRecording(f"{one_line(file.name)} changed while it was read. Import it again.")
            except BaseException:
                remove(data, recording)
                raise
            # From here on only the database says whether the recording is there: the next import asks it.
            source = SourceFile(one_line(file.name), str(place.relative_to(data)), size, digest)
            new = NewRecording(recording, owner, one_line(file.stem)[:LONGEST_NAME], (source,), Priority.BULK, kept)
            found, is_new = lessons.add(new)
            mark.unlink()
        if not is_new:  # somebody else brought the same meanwhile
            remove(data, recording)
        return Brought(file, "imported" if is_new else "known", found)


def _files(folder: Path) -> list[Path]:
    """The files to look at, in order; hidden ones and links are left out."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise BadInput(f"{folder} is not there. Name the folder in which the recordings lie.")
    with _plain(folder):
        found = (p for p in folder.rglob("*") if not any(part.startswith(".") for part in p.relative_to(folder).parts))
        return sorted(p for p in found if p.is_file() and not p.is_symlink())


def _is_media(file: Path) -> bool:
    kind = mimetypes.guess_type(file.name)[0] or ""
    return file.suffix.lower() in RECORDINGS or kind.startswith(("video/", "audio/"))


def _hash(file: Path) -> str:
    """Raises BadRecording where it cannot be read: the other files of the folder can."""
    try:
        with file.open("rb") as f:
            return hashlib.file_digest(f, "sha256").hexdigest()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadRecording(f"{one_line(file.name)} could not be read: {reason}. Copy it again.") from None


def _copy(source: Path, place: Path) -> str:
    """Copy, onto the disk itself; the hash of what was written."""
    digest = hashlib.sha256()
    with source.open("rb") as f, place.open("xb") as out:
        while data := f.read(CHUNK):
            digest.update(data)
            out.write(data)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


@contextmanager
def _marked(folder: Path) -> Iterator[Path]:
    """A recording's new folder with its mark, locked: killed in between, it is swept later."""
    folder.mkdir(parents=True, mode=0o700)
    mark = folder / MARK
    with mark.open("w") as file:
        _lock(file)
        yield mark


def _sweep(data: Path, jobs: Jobs) -> None:
    """Remove what a killed import left: its mark's lock is free, and the database does not know it, whosever it is."""
    for mark in data.glob(f"recordings/*/{MARK}"):
        with suppress(OSError), mark.open("r+") as file:
            _lock(file)  # then its import has ended, and the database knows whether to keep it
            if any(job.recording == mark.parent.name for job in jobs.all()):
                mark.unlink(missing_ok=True)
            else:
                shutil.rmtree(mark.parent)


def _lock(file: IO[str]) -> None:
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _free(data: Path) -> int:
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return shutil.disk_usage(data).free


@contextmanager
def _plain(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace("The disk of the data folder is full. Make space, then import again.") from None
        where = error.filename or file
        raise BadInput(f"{where} could not be read or written: {(error.strerror or str(error)).lower()}.") from None


def _say(brought: Brought, n: int, of: int, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                {
                    "file": str(brought.file),
                    "outcome": brought.outcome,
                    "recording": brought.recording,
                    "reason": brought.reason or None,
                }
            ),
            flush=True,
        )
    else:
        why = f" ({one_line(brought.reason)})" if brought.reason else ""
        print(f"[{n}/{of}] {one_line(brought.file.name)}: {brought.outcome}{why}", flush=True)
