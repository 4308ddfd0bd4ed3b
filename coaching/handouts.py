"""Handouts: files that a worker makes of a lesson because somebody asked, to keep or to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from coaching.errors import BadInput
from coaching.faces import Face
from coaching.spans import Span

KEPT_S = 24 * 3600.0
"""How long one is kept after it was asked for, seconds."""

MOST = 6
"""How many of one person may wait or be at work at once."""

MOST_KEPT = 12
"""How many of one lesson are there for one person: for another one the oldest that is done goes."""

MOST_CLIPS = 20
"""In a portfolio."""

LONGEST_FILM_S = 3600.0
"""Of a clip, seconds."""

LONGEST_PORTFOLIO_S = 900.0
"""Of all films in a portfolio, seconds: at most 290 MB, which browsers still open from one page."""

UNHEARD_S = 10.0
"""One of which its worker told nothing for so long, seconds, is made by another."""

MOST_TRIES = 3

AGAIN_S = 900.0
"""After so long the film of a given clip that could not be made is tried again, seconds: nobody can ask for it."""

UNHEARD = "This lesson has no transcript yet. Ask again when it is ready."
"""Why nothing can be made of it."""

NO_FILM_YET = "The film of this lesson is not ready yet. Try again in a while."

NO_FILM = "There is no film of this lesson. What you wrote is safe. Have its pictures made again."
"""Why no film of a clip can be made: its own encodes nothing but the clip's seconds."""


class Made(StrEnum):
    """The film of a clip, the portfolio of several, the report of `secondlook analyse`. GIVEN is the film of a clip
    that was given by itself: nobody asks for it, and it is there for as long as the clip is given. FACES is looking for
    faces in a clip, which leaves no file, and COVERED its film without them: both as long as they shall be covered."""

    CLIP = "clip"
    PORTFOLIO = "portfolio"
    REPORT = "report"
    GIVEN = "given"
    FACES = "faces"
    COVERED = "covered"

    @property
    def by_itself(self) -> bool:
        """Whether nobody asks for it, and no time ends it."""
        return self in (Made.GIVEN, Made.FACES, Made.COVERED)


class Making(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"
    OLD = "old"
    """It was ready, and what is in it was changed or taken away since: it is given to nobody, and removed."""


class Captions(StrEnum):
    """In the film of a clip: drawn into the picture, as a track of their own, or none."""

    BURNED = "burned"
    SOFT = "soft"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants made. `clips` are ids, in order; `comments` and `measures` say whether these are in it.
    `part` are the seconds of a clip that is given: others are made of what they have then."""

    kind: Made
    clips: tuple[str, ...] = ()
    captions: Captions = Captions.NONE
    comments: bool = False
    measures: bool = False
    part: Span | None = None

    @property
    def measured(self) -> bool:
        """Whether there are measures in it."""
        return self.measures or self.kind is Made.REPORT

    def check(self) -> None:
        """Raises BadInput."""
        if self.kind is Made.CLIP and len(self.clips) != 1:
            raise BadInput("Choose one clip to save as a film.")
        if self.kind is Made.PORTFOLIO and not 1 <= len(set(self.clips)) == len(self.clips) <= MOST_CLIPS:
            raise BadInput(f"Choose 1 to {MOST_CLIPS} different clips for the portfolio.")
        if self.kind is Made.REPORT and self.clips:
            raise BadInput("The report is of the whole lesson.")
        if self.kind.by_itself:
            raise BadInput("The film of a clip that is given, or covered, is made by itself.")


def to_json(order: Order) -> dict[str, Any]:
    """What of an order is kept beside its kind."""
    return {
        "clips": list(order.clips),
        "captions": str(order.captions),
        "comments": order.comments,
        "measures": order.measures,
        "part": order.part and [order.part.start, order.part.end],
    }


def from_json(kind: Made, kept: Mapping[str, Any]) -> Order:
    part = Span(*kept["part"]) if kept["part"] else None
    return Order(kind, tuple(kept["clips"]), Captions(kept["captions"]), kept["comments"], kept["measures"], part)


@dataclass(frozen=True, slots=True)
class Handout:
    """One as whoever asked for it sees it: `share` is how far it is, 0 to 1; `reason` why it failed; `path`, where it
    is ready, is relative to the data folder, and the file is called `name`; `ends` is when it goes."""

    id: str
    order: Order
    name: str
    state: Making
    share: float
    ends: datetime
    reason: str | None = None
    path: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """The right to make one. `token` is in the name of whatever is written under it; nobody else has it. `faces` are
    what is covered in it."""

    id: str
    recording: str
    person: str
    order: Order
    name: str
    token: str
    tries: int
    faces: tuple[Face, ...] = ()


class Handouts(Protocol):
    """Each asks the gate: to ask for one and to have it takes DOWNLOAD, and MEASURE where measures are in it. Where
    that was taken back since, it is not there (NotThere). Nobody sees what somebody else asked for."""

    # For whoever asks.
    def ask(self, viewer: str, recording: str, order: Order) -> Handout:
        """Have it made. Asked again while it waits or is made, it is the same one; afterwards it is made anew, of the
        lesson as it is then. Raises BadInput, also where no transcript, or no film of the lesson, stands yet; NotThere
        also for a clip that they cannot see."""
        ...

    def mine(self, viewer: str, recording: str) -> list[Handout]:
        """What they asked for of this recording, the newest first."""
        ...

    def one(self, viewer: str, recording: str, handout: str) -> Handout: ...

    def take_away(self, viewer: str, recording: str, handout: str) -> None:
        """Whoever makes it stops; a worker removes its file."""
        ...

    # For workers.
    def order_given(self) -> bool:
        """Have the film made of every clip that is given, of the seconds that it has now, and done what is needed
        where faces are covered, and forget what is needed no more; whether any was forgotten. It belongs to the
        lesson's owner, who has six of others beside it."""
        ...

    def claim(self, worker: str) -> Errand | None:
        """The one that waited longest, or that a worker let go of without a word; None where there is none."""
        ...

    def report(self, errand: Errand, share: float) -> bool:
        """How far it is; False where it must stop: taken away or taken over, or what it needs was taken back."""
        ...

    def finish(self, errand: Errand, path: str, size: int) -> bool:
        """It is ready. False, and nothing of it counts, where `report` would have been."""
        ...

    def found(self, errand: Errand, faces: Sequence[Face]) -> bool:
        """These faces were found, which is what it was for. False, and they count for nothing, as with `finish`."""
        ...

    def fail(self, errand: Errand, reason: str, *, again: bool) -> None:
        """It failed; with `again` it waits for another try while it has any left."""
        ...

    def release(self, errand: Errand) -> None:
        """Give it back untried: the worker stops."""
        ...

    def kept(self) -> Sequence[tuple[str, str | None, str | None]]:
        """Of every one whose time has not come: its recording, its file (None: none yet), and the token of whoever is
        at work on it. Those whose time has come, or whose right was taken back, are forgotten here, and OLD
        ones have no file any more."""
        ...
