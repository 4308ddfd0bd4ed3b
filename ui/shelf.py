"""Where uploads lie until they have arrived: DATA_DIR/uploads/<upload>/<part>. A file's size is how much of it came."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coaching.originals import SPARE, original
from coaching.uploads import Upload, UploadFile

PIECE = 1024 * 1024
"""Bytes read at once."""


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
        """Bytes of a part that are here. Raises OSError where its file is away."""
        return self.file(upload, part).stat().st_size

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
        with suppress(OSError):
            return max(0, part.size - self.come(upload.id, part.id))
        return 0 if self.moved(upload, part).exists() else part.size

    # Arriving: an upload's recording bears its id, so that what was moved is found again, whoever is killed in between.
    def moved(self, upload: Upload, part: UploadFile) -> Path:
        """Where a part lies once its lesson has arrived."""
        return self._data / original(upload.id, part.position + 1, part.name)

    def find(self, upload: Upload, part: UploadFile) -> Path:
        """Where a part lies now."""
        moved = self.moved(upload, part)
        return moved if moved.exists() else self.file(upload.id, part.id)

    def move(self, upload: Upload) -> None:
        """Move its parts into its recording. Doing it again goes on where it stopped."""
        for part in upload.files:
            here, there = self.find(upload, part), self.moved(upload, part)
            there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            here.replace(there)
            _onto_disk(there.parent)
        _onto_disk(self._data / "recordings" / upload.id / "original", self._data / "recordings" / upload.id)
        _onto_disk(self._data / "recordings", self._root / upload.id)

    def relative(self, file: Path) -> str:
        return str(file.relative_to(self._data))

    def move_back(self, upload: Upload) -> None:
        """Remove what was moved. Only where the database knows no recording of this id."""
        shutil.rmtree(self._data / "recordings" / upload.id, ignore_errors=True)

    def empty(self, upload: Upload, part: UploadFile) -> None:
        """A part begins anew."""
        self.moved(upload, part).unlink(missing_ok=True)
        self.begin(upload.id, part.id)
        os.truncate(self.file(upload.id, part.id), 0)

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
    """The end of a part's file. Locked, nobody else writes to it; what is not settled may be gone after a power cut."""

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

    def add(self, data: bytes) -> None:
        """Raises OSError where the disk is full; what found room is there."""
        if self._digest:
            self._digest.update(data)
        self._file.seek(0, os.SEEK_END)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]

    def settle(self, back_to: int | None = None) -> int:
        """Have all of it on the disk, or else nothing beyond `back_to`; how much there is."""
        if back_to is not None:
            self._file.truncate(back_to)
        os.fsync(self._file.fileno())
        return self.size

    def close(self) -> None:
        self._file.close()


def _onto_disk(*folders: Path) -> None:
    """What was made, named or removed in these folders stays so after a power cut."""
    for folder in folders:
        with suppress(FileNotFoundError):  # it was removed altogether
            opened = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
