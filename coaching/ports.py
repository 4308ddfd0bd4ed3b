"""What the use cases and the workers need of the outside, as Protocols. `models` implements them; one contract suite
(tests/contract/test_store.py) runs on SQLite and on PostgreSQL.

One door for each kind of visitor. Here are `People`: who there is; and `Lessons`: for whoever looks at a lesson, where
every call takes the person who asks, and fetching is the access check. That for workers and for whoever operates the
server stands in jobs.py, that for whoever signs in in accounts.py, those for whoever brings a lesson in uploads.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from coaching.access import Grant
from coaching.calibrations import Calibrations, Heard
from coaching.coding import Coding
from coaching.corrections import Correction
from coaching.given_clips import GivenClips
from coaching.lesson import Lesson
from coaching.library import Library
from coaching.notes import Notes
from coaching.people import Belongings, Erasure, Membership, Person
from coaching.predictions import Predictions
from coaching.recordings import Priority, Run
from coaching.retention import Gone
from coaching.sharing import Sharing
from coaching.transcript import Transcript


class People(Protocol):
    """Accounts and what they are at which school."""

    def add(self, email: str, membership: Membership, school: str) -> Person:
        """The person, after making sure that they, the school and the membership are there. Saying it twice is once."""
        ...

    def call(self, email: str, name: str) -> None:
        """Give this person a name. Raises BadInput where nobody has the address."""
        ...

    def forget(self, email: str) -> None:
        """Delete an account, with what they wrote of others' lessons, and each school at which nobody is then.

        Raises BadInput where recordings are theirs: these are deleted first, by themselves.
        """
        ...

    def find(self, email: str) -> Person | None: ...

    def everybody(self) -> list[Person]:
        """In order of e-mail."""
        ...

    def leave(self, email: str) -> None:
        """Let this person in no more: sessions, links and tickets end at once. Raises BadInput where nobody has it."""
        ...

    def come_back(self, email: str) -> None:
        """Let them in again; they sign in anew. Raises BadInput."""
        ...

    def belongings(self, email: str) -> Belongings:
        """Raises BadInput where nobody has the address."""
        ...

    def erase(self, email: str, files: int, bytes: int) -> Erasure:
        """Delete every row of a person: account, recordings, cycles as the teacher, all that they wrote. Their files,
        so many of so many bytes, are for the caller to remove. Raises BadInput."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was brought. `path` is relative to the data folder; `name` is what its owner called it."""

    name: str
    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What its owner said of a recording when they brought it (models/tables/lessons.py has the words)."""

    class_period: str | None
    taught: str | None
    consent: float | None
    look_fors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewRecording:
    """A recording that lies in the data folder, whole. Its files are the parts of one lesson, in order."""

    id: str
    owner: str
    name: str
    files: tuple[SourceFile, ...]
    priority: Priority = Priority.SOON
    options: Mapping[str, Any] = field(default_factory=dict)
    answers: Answers | None = None


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """A recording as whoever may see it sees it in a list. `given` is what the owner gave the one who asked."""

    id: str
    owner: str
    name: str
    added: datetime
    files: tuple[SourceFile, ...]
    run: Run
    duration: float | None = None
    """Seconds; None until a transcript stands."""
    given: frozenset[Grant] = frozenset()
    gone: Gone | None = None
    """That its film was deleted, as a school decided."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers of a lesson are made of: what the run that is shown found, what was put right, what its owner
    heard, and for the owner alone (else None) what they guessed. `name` is what they call it.

    Numbers change by nothing else; so where nothing was put right or heard, `machine` has no utterances.
    """

    name: str
    machine: Lesson
    corrections: tuple[Correction, ...]
    heard: tuple[Heard, ...]
    guesses: Mapping[str, float | None] | None


class Lessons(Library, Sharing, GivenClips, Notes, Predictions, Calibrations, Coding, Protocol):
    """Recordings and what is known of them. `viewer` is the id of the person who asks.

    Only the owner sees a recording, and whom they granted it to: for everybody else, leaders and admins too, it is not
    there (`coaching.access.NotThere`). Nothing here returns a thing without having asked `coaching.access`.
    """

    def add(self, new: NewRecording) -> tuple[str, bool]:
        """Its id, and whether it is new: the same content of the same owner (by SHA-256) is only kept once.

        The recording, its answers and its first run, waiting, are there together or not at all. Raises BadInput for no
        such owner.
        """
        ...

    def known(self, owner: str, sha256: Sequence[str]) -> str | None:
        """The owner's recording made of files of these hashes in this order, if there is one."""
        ...

    def mine(self, viewer: str) -> list[RecordingFacts]:
        """Their own, the newest first."""
        ...

    def recording(self, viewer: str, recording: str) -> RecordingFacts: ...

    def runs(self, viewer: str, recording: str) -> list[Run]:
        """Every run of the recording, the oldest first, each with its stages. For its owner alone."""
        ...

    def reprocess(self, viewer: str, recording: str, options: Mapping[str, Any] | None = None) -> Run:
        """A new run beside the others, waiting; it is shown once it is ready. Pictures already made are taken over.

        `options` None are those of the run before. Raises BadInput where a run of this recording is still at work.
        """
        ...

    def show(self, viewer: str, run: str) -> None:
        """Make this ready run the one that is shown. Raises BadInput where it is not ready."""
        ...

    def delete_run(self, viewer: str, run: str) -> tuple[str, ...]:
        """Forget a run; the folders (relative) that nobody uses any more, for the caller to delete.

        Raises BadInput for the run that is shown, or one at work.
        """
        ...

    def machine(self, viewer: str, run: str) -> Lesson:
        """What the run found, as the machine said it, with its measures. Raises NotThere where no transcript stands."""
        ...

    def numbers(self, viewer: str, recordings: Collection[str]) -> Mapping[str, Numbers]:
        """Of these recordings, those whose numbers they may see and of which some stand: a handful of queries, however
        many they are."""
        ...

    def transcript(self, viewer: str, run: str) -> Transcript:
        """What was said, as the machine heard it, and nothing measured. Raises NotThere where none stands."""
        ...

    def correct(self, viewer: str, recording: str, correction: Correction) -> str:
        """Keep a correction of this recording; its id."""
        ...

    def take_back(self, viewer: str, recording: str, correction: str) -> None:
        """Undo a correction; it stays in the history, and no longer applies."""
        ...

    def corrections(self, viewer: str, recording: str) -> list[Correction]:
        """Those that apply, in the order in which they were made."""
        ...
