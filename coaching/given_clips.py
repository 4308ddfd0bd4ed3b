"""Clips given by themselves: somebody sees these stretches of a lesson, and nothing else of it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coaching.corrections import Correction
from coaching.handouts import Making
from coaching.people import Person
from coaching.spans import Span
from coaching.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Film:
    """The film of a given clip, which holds its seconds and nothing else: how far it is, 0 to 1, and once it is ready,
    its `path` in the data folder. `reason` is why it could not be made. `gone`: with the lesson's film it was deleted,
    and is made no more."""

    id: str
    state: Making
    share: float = 0.0
    path: str | None = None
    reason: str | None = None
    gone: bool = False


def film_id(clip: str, part: Span) -> str:
    """Of the film of just these seconds of a clip. A clip that was changed has another film, and never the old one."""
    return hashlib.sha256(f"{clip} {part.start!r} {part.end!r}".encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class GivenClip:
    """A clip as somebody sees it who was given it. `lesson` is the recording's name, `called` what its owner is; `film`
    is of the clip as it is now, without the faces in it where its owner wants these covered."""

    id: str
    recording: str
    lesson: str
    owner: str
    called: str
    start: float
    stop: float
    name: str
    note: str
    since: datetime
    film: Film

    @property
    def span(self) -> Span:
        return Span(self.start, self.stop)


@dataclass(frozen=True, slots=True)
class ClipsGiven:
    """To whom clips of a lesson were given: `clips` are their ids. Not `good`, it sleeps, as `sharing.Given` does."""

    person: Person
    clips: frozenset[str]
    since: datetime
    good: bool = True
    kept_close: bool = False


class GivenClips(Protocol):
    """`viewer` is the id of the person who asks. Raises NotThere like all of `Lessons`."""

    def give_clips(self, viewer: str, recording: str, email: str, clips: Collection[str]) -> None:
        """Give somebody clips of a lesson; saying it twice is once. The owner's alone.

        Only clips that its owner made can be given: who makes a clip says where it ends. Raises NoColleague and
        KeptClose as `Sharing.grant` does, and NotThere for a clip that is not of this lesson.
        """
        ...

    def take_back_clips(self, viewer: str, recording: str, person: str, clips: Collection[str] = ()) -> None:
        """Take these back from somebody, or all that they were given where it is empty."""
        ...

    def clip_takers(self, viewer: str, recording: str) -> Mapping[str, frozenset[str]]:
        """For the owner: to whom each clip that they made of it can be given, as ids of people by that of the clip.
        Where an opted-out student is in the lesson, one without faces can be given to more of them."""
        ...

    def clips_given(self, viewer: str, recording: str) -> list[ClipsGiven]:
        """What was not taken back, by name. For the owner alone."""
        ...

    def clips_for_me(self, viewer: str) -> list[GivenClip]:
        """The clips that this person was given, the newest gift first."""
        ...

    def given_clip(self, viewer: str, clip: str) -> GivenClip:
        """One that they were given."""
        ...

    def heard_in(self, viewer: str, clip: str) -> tuple[Transcript, Sequence[Correction]]:
        """What the machine heard in the clip's recording, and what was put right: for the service that cuts it down
        to the clip (coaching.services.given_clips)."""
        ...
