"""Uploads: a lesson on its way here, of one file or of several parts; and tickets, with which a phone brings one.

How much of a part has come is the size of its file on the disk, and nothing else: what is stored here is what its owner
said of it, and what became of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from coaching.errors import BadInput, OutOfSpace
from coaching.people import Person

CHUNK = 16 * 1024 * 1024
"""Bytes of one request at most: what a phone that loses its network sends again."""

KEPT_S = 7 * 86_400.0
"""How long an upload waits for the rest after the last sign of it."""

RENEWED_S = 3600.0
"""How much of that may pass before a sign is written down: not each of a hundred chunks is."""

MOST_PARTS = 20
"""Files of one lesson: a camera that begins a new one every few minutes."""

MOST_OPEN = 20
"""Uploads of one person that have not arrived: each holds room for what is still to come."""

CODE_S = 900.0
"""How long the code in a QR picture is good."""

PASS_S = 86_400.0
"""How long what it is changed for is good."""

MOST_CODES = 20
"""Codes of one person that are good at one time."""


CLOSED = "This lesson is not open for files any more."


class UploadState(StrEnum):
    """`CHECKING` while the server reads what came, once more and whole."""

    OPEN = "open"
    CHECKING = "checking"
    ARRIVED = "arrived"
    REFUSED = "refused"


class TicketKind(StrEnum):
    """A code is within a QR picture; a pass is the cookie that it is changed for."""

    CODE = "code"
    PASS = "pass"  # noqa: S105 - no password


class NotTeacher(BadInput):
    """Lessons are brought by teachers, and you are not one here. Your administrator can change that."""


class TooLarge(BadInput):
    """This is larger than what may be brought here."""


class NoRoom(OutOfSpace):
    """There is no room for this on the server. Tell your administrator; what has come is safe."""


class NotNow(BadInput):
    """This cannot be done at the moment."""


class UploadOver(BadInput):
    """This upload was left alone for seven days, and what had come of it was removed. Choose the video again."""


class TicketOver(BadInput):
    """This code was used already, or is older than 15 minutes. Show a new one, and point the camera at that."""


class TooManyCodes(BadInput):
    """Twenty codes of yours are waiting for a phone. Use one of them, or wait a few minutes."""


class OtherPerson(BadInput):
    """Somebody else is signed in on this device. Sign out here first; then point the camera at the code again."""


@dataclass(frozen=True, slots=True)
class ClassPeriod:
    """A class that a teacher teaches, by the name that they call it."""

    id: str
    name: str
    school: str


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What its owner says of a lesson before the first byte. The class is one of theirs (`class_id`) or a new one, at
    the named school or their only one. `sizes` are the bytes of each part, in order."""

    owner: str
    name: str
    class_id: str | None
    class_name: str | None
    school: str | None
    taught: str
    look_fors: tuple[str, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UploadFile:
    """A part. `fingerprint` is what the browser knows it by: empty until it has begun; `sha256` what it says of the
    whole."""

    id: str
    position: int
    name: str
    size: int
    fingerprint: str
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A lesson on its way. `consent` is when its owner said that the families agreed; `ends` until when it waits."""

    id: str
    owner: str
    name: str
    class_id: str | None
    class_name: str | None
    taught: str | None
    consent: float
    look_fors: tuple[str, ...]
    state: UploadState
    reason: str | None
    recording: str | None
    ends: float
    files: tuple[UploadFile, ...]

    @property
    def known(self) -> bool:
        """Whether its content was here before: a recording that it became itself bears its own id."""
        return self.recording is not None and self.recording != self.id


@dataclass(frozen=True, slots=True)
class Pass:
    """What a ticket's cookie stands for: one lesson of this person, `upload` once it has begun."""

    id: str
    person: Person
    upload: str | None


class Uploads(Protocol):
    """Uploads, and the classes that they are of. For whoever asks (`owner`), another's is not there (`NotThere`), and
    one that waited too long is over (`UploadOver`)."""

    def teaches_at(self, owner: str) -> list[str]:
        """The schools where they are a teacher, by name."""
        ...

    def classes(self, owner: str) -> list[ClassPeriod]: ...

    def look_fors(self, owner: str) -> list[str]:
        """What they wanted to look for in their last lessons, the newest first."""
        ...

    def kept(self, owner: str) -> int:
        """Bytes of what they have brought and announced."""
        ...

    def begin(self, new: NewUpload, ticket: str | None = None) -> Upload:
        """Raises NotTeacher; BadInput where there is no such class or school; NotNow where too many are open, or where
        the pass `ticket` has its upload already."""
        ...

    def mine(self, owner: str) -> list[Upload]:
        """Those that have not arrived, the newest first."""
        ...

    def one(self, owner: str, upload: str) -> Upload: ...

    def of_file(self, owner: str, file: str) -> tuple[Upload, UploadFile]:
        """The upload to which this part belongs, and the part."""
        ...

    def begin_part(self, owner: str, upload: str, part: UploadFile) -> tuple[UploadFile, str | None]:
        """The part at this position: the one that is there, where it has the same fingerprint, or else the new one, and
        the id of the file whose place it took.

        Raises BadInput where no part of this position and size was announced, NotNow where the upload is not open.
        """
        ...

    def drop_part(self, owner: str, file: str) -> None:
        """Forget that this part had begun. Raises NotNow where the upload is not open."""
        ...

    def renew(self, upload: str) -> float:
        """Something came: until when it waits now."""
        ...

    def check(self, owner: str, upload: str, sha256: Sequence[str]) -> Upload:
        """It is all here: have it checked against these hashes, where it is open. Raises BadInput for other hashes."""
        ...

    def remove(self, owner: str, upload: str) -> None:
        """Raises NotNow while it is checked. A pass whose upload had not arrived may begin another."""
        ...

    # For the server itself.
    def at_check(self, upload: str) -> Upload | None:
        """The upload, if it is to be checked."""
        ...

    def reopen(self, upload: str, reason: str) -> None:
        """From being checked back to open: something is to be sent again."""
        ...

    def refuse(self, upload: str, reason: str) -> None: ...

    def arrive(self, upload: str, recording: str) -> None: ...

    def standing(self) -> list[Upload]:
        """Everybody's that are open or being checked, also those whose time is over."""
        ...

    def forget_over(self) -> list[str]:
        """Forget every upload whose time is over and that is not being checked; which they were."""
        ...


class Tickets(Protocol):
    """Codes and the passes that they are changed for. Secrets go in and out; what is stored are fingerprints."""

    def issue(self, person: str) -> tuple[str, float]:
        """A new code, and until when it is good. Raises NotTeacher, TooManyCodes."""
        ...

    def exchange(self, code: str, signed_in: str | None = None) -> str:
        """Use the code up: the secret of a new pass. Raises TicketOver; OtherPerson, and the code stays good, where the
        person `signed_in` on that device is another."""
        ...

    def find(self, id: str) -> Pass | None:
        """The pass of this fingerprint, while it is good and its person may come in."""
        ...


def gigabytes(size: float) -> str:
    """Bytes, as people say them: 2.8 GB, 340 MB."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.{int(size < 1e7)}f} MB"
