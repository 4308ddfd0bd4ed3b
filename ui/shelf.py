"""Where uploads lie until they have arrived: DATA_DIR/uploads/<upload>/<part>. A file's size is how much of it came."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coaching.originals import SPARE, original, remove
from coaching.uploads import Upload, UploadFile

PATIENCE_S = 5.0
"""How long whoever reads a file waits until nobody writes to it."""


class Shelf:
    def __init__(self, data: Path) -> None:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._data, self._root = data, data / "uploads"

    def file(self, upload: str, part: str) -> Path:
        """Both ids are the database's, never what somebody sent."""
        return self._root / upload / part

    def begin(self, upload: str, part: str) -> None:
        """An empty file for a part. Raises OSError."""
        self._made(upload)
        file = self.file(upload, part)
        file.touch(exist_ok=True)
        _onto_disk(file.parent, self._root)

    def _made(self, upload: str) -> Path:
        """Its folder. The data folder itself is never made anew: where it is away, nothing may come beside it."""
        folder = self._root / upload
        for one in (self._root, folder):
            one.mkdir(exist_ok=True, mode=0o700)
        return folder

    def come(self, upload: str, part: str) -> int:
        """Bytes of a part that are here. Raises OSError where the place itself is away."""
        try:
            return self.file(upload, part).stat().st_size
        except FileNotFoundError:
            if self._root.is_dir():
                return 0
            raise

    def heard(self, upload: str, part: str) -> float:
        """When something of a part last came, in seconds since 1970; 0.0 where it has not begun."""
        try:
            return self.file(upload, part).stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def drop(self, upload: str, part: str) -> None:
        self.file(upload, part).unlink(missing_ok=True)

    def remove(self, upload: str) -> None:
        """Everything of an upload; what cannot be removed now, the next sweep finds."""
        shutil.rmtree(self._root / upload, ignore_errors=True)

    def uploads(self) -> list[str]:
        """The uploads of which something lies here."""
        return [folder.name for folder in self._root.glob("*/")]

    # Room.
    def free(self, coming: Iterable[Upload]) -> int:
        """Bytes that may still be announced: what is free, less what must stay so, less what these will still bring."""
        free = shutil.disk_usage(self._data).free - SPARE
        return free - sum(self._to_come(upload, part) for upload in coming for part in upload.files)

    def _to_come(self, upload: Upload, part: UploadFile) -> int:
        moved = (self._data / self._original(upload, part)).exists()
        return 0 if moved else max(0, part.size - self.come(upload.id, part.id))

    # Arriving.
    def move(self, upload: Upload) -> list[str]:
        """Move its parts into the recording of the same id; where they lie then, relative to the data folder."""
        paths = [self._original(upload, part) for part in upload.files]
        for part, path in zip(upload.files, paths, strict=True):
            there = self._data / path
            there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.file(upload.id, part.id).replace(there)
            _onto_disk(there.parent)
        recording = self._recording(upload)
        _onto_disk(recording / "original", recording, recording.parent, self._root / upload.id)
        return paths

    def take_back(self, upload: Upload) -> None:
        """Undo that. Only where the database knows no recording of this id."""
        self._made(upload.id)
        for part in upload.files:
            with suppress(FileNotFoundError):
                (self._data / self._original(upload, part)).replace(self.file(upload.id, part.id))
        remove(self._data, upload.id)

    def empty(self, upload: str, part: str) -> None:
        """A part begins anew."""
        os.truncate(self.file(upload, part), 0)

    def _recording(self, upload: Upload) -> Path:
        return self._data / "recordings" / upload.id

    def _original(self, upload: Upload, part: UploadFile) -> str:
        return original(upload.id, part.position + 1, part.name)

    @contextmanager
    def alone(self, upload: str = "", *, wait: bool = True) -> Iterator[bool]:
        """Whether the caller is the only one, in all processes, who decides on this upload, or on who may bring one."""
        with (self._made(upload) / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True


class Tail:
    """The end of a part's file. Locked, nobody else writes to it.

    Until it is synced, the end of it may be gone after a power cut: its size says where to go on.
    """

    def __init__(self, file: Path, algorithm: str | None = None) -> None:
        self._file = file.open("r+b", buffering=0)
        self._digest = hashlib.new(algorithm, usedforsecurity=False) if algorithm else None

    def lock(self) -> bool:
        """Whether the lock could be had at once."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @property
    def size(self) -> int:
        return os.fstat(self._file.fileno()).st_size

    @property
    def digest(self) -> bytes | None:
        """The checksum of what was added."""
        return None if self._digest is None else self._digest.digest()

    def add(self, data: bytes | bytearray) -> None:
        """Raises OSError where the disk is full; what found room is there."""
        if self._digest:
            self._digest.update(data)
        self._file.seek(0, os.SEEK_END)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def settle(self, back_to: int | None = None) -> int:
        """Keep all of it, or else nothing beyond `back_to`; how much there is."""
        if back_to is not None:
            self._file.truncate(back_to)
        return self.size

    def sync(self) -> None:
        """Have it on the disk. Raises OSError."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()


def hash_of(file: Path) -> str:
    """The SHA-256 of a file to which nobody writes meanwhile. Raises OSError, also where somebody goes on writing."""
    with file.open("r+b") as f:  # a network disk locks only what may be written
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)
        return hashlib.file_digest(f, "sha256").hexdigest()


def _onto_disk(*folders: Path) -> None:
    """What was made, named or removed in these folders stays so after a power cut."""
    for folder in folders:
        with suppress(FileNotFoundError):  # it was removed altogether
            opened = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
