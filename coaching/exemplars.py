"""A school's library of exemplars: clips that their teachers publish, with what to look for in them. Pure.

A clip in it is for the teachers and coaches of that school, its film and what was said in it, and nothing else of the
lesson. Its teacher withdraws it at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from coaching.announced import LONGEST_LOOK_FOR
from coaching.clips import LONGEST_TITLE
from coaching.comments import is_plain
from coaching.corrections import Correction
from coaching.cycles import check_text
from coaching.errors import BadInput
from coaching.given_clips import Film
from coaching.spans import Span
from coaching.transcript import Transcript

LONGEST_TO_SEE, LONGEST_SAID = 600, 2000
"""Characters: of what to look for, and of a comment."""

MOST_LOOK_FORS = 3
"""Of one: what shows everything shows nothing."""

LONGEST_S = 900.0
"""Of a clip, seconds: who looks for an example watches minutes."""

MOST_SAID = 200
"""Comments on one."""


@dataclass(frozen=True, slots=True)
class NewExemplar:
    """`to_see` is what to look for, in the teacher's words; `look_for` are names of look-fors, copied."""

    clip: str
    school: str
    name: str
    to_see: str
    look_fors: tuple[str, ...] = ()


def checked(new: NewExemplar) -> NewExemplar:
    """Without surplus space. Raises BadInput with what is missing."""
    name = " ".join(new.name.split())
    if not name or not is_plain(name, LONGEST_TITLE):
        raise BadInput(f"Give it a name of at most {LONGEST_TITLE} characters.")
    to_see = check_text(new.to_see, LONGEST_TO_SEE, what="What to look for")
    if not to_see or not is_plain(to_see, LONGEST_TO_SEE):
        raise BadInput("Say in a sentence what to look for in it.")
    looks = (check_text(" ".join(one.split()), LONGEST_LOOK_FOR, what="A look-for") for one in new.look_fors)
    kept = tuple(dict.fromkeys(one for one in looks if one))
    if len(kept) > MOST_LOOK_FORS:
        raise BadInput(f"Choose up to {MOST_LOOK_FORS} look-fors.")
    return replace(new, name=name, to_see=to_see, look_fors=kept)


class Asleep(StrEnum):
    """Why a clip that was published is not shown now, in a sentence for its teacher."""

    WITHDRAWN = "You withdrew it."
    DELETED = "Its clip is deleted."
    CHANGED = "Its clip begins or ends elsewhere now. Publish it again to show these seconds."
    CONSENT = "The families of its class have not agreed to this, or not any more."
    BARE = "Its faces must be covered first."
    AWAY = "You teach or coach at this school no more."


@dataclass(frozen=True, slots=True)
class Exemplar:
    """One as somebody sees it. `clip` and `recording` are known to its teacher alone, and so is why it is `asleep`.
    `film` is of its seconds, with `covered` faces or as it was taken. `said` counts its comments; `saved`: the viewer
    keeps it for themselves."""

    id: str
    school: str
    teacher: str
    """What they are called."""
    own: bool
    name: str
    to_see: str
    look_fors: tuple[str, ...]
    length: float
    covered: bool
    published: datetime
    film: Film
    said: int
    saved: bool
    clip: str | None = None
    recording: str | None = None
    asleep: Asleep | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A comment on one. `own`: the viewer's; `may_remove`: it is, or it is on a clip of theirs."""

    id: str
    called: str
    own: bool
    body: str
    made: datetime
    may_remove: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A clip that its owner could publish at a school, and what stands against it, if anything does. `bare`: faces must
    be covered, and are not yet; `film` is what others would see."""

    clip: str
    recording: str
    lesson: str
    name: str
    span: Span
    why_not: str | None
    bare: bool
    covered: bool
    film: Film


@dataclass(frozen=True, slots=True)
class Place:
    """A school at which somebody sees and publishes. `look_fors` are its own and theirs, by name."""

    school: str
    called: str
    covers_faces: bool
    look_fors: tuple[str, ...]


class Exemplars(Protocol):
    """`viewer` is the id of the person who asks. For whoever neither teaches nor coaches at its school, and while it is
    asleep for everybody but its teacher, one is not there (`coaching.access.NotThere`)."""

    def places(self, viewer: str) -> list[Place]:
        """The schools whose library they see, by name."""
        ...

    def all(self, viewer: str) -> list[Exemplar]:
        """The libraries of their schools, and their own that are asleep, the newest first."""
        ...

    def one(self, viewer: str, exemplar: str) -> Exemplar: ...

    def heard_in(self, viewer: str, exemplar: str) -> tuple[Span, Transcript, Sequence[Correction]]:
        """Its seconds of the recording, and what was said in that and put right (coaching.services.given_clips)."""
        ...

    def choices(self, viewer: str, school: str) -> list[Choice]:
        """Their clips that could stand in this school's library and do not yet, the newest first."""
        ...

    def publish(self, viewer: str, new: NewExemplar) -> str:
        """Its id. Again for a clip that was published is anew, with these words and seconds. Raises BadInput with what
        stands against it, and NotThere for a clip that is not theirs."""
        ...

    def withdraw(self, viewer: str, exemplar: str) -> None:
        """From here on it is not there for others; its comments wait for it. Its teacher alone."""
        ...

    def say(self, viewer: str, exemplar: str, body: str) -> None:
        """Its teacher is told. Raises BadInput."""
        ...

    def said(self, viewer: str, exemplar: str) -> list[Said]:
        """The oldest first."""
        ...

    def unsay(self, viewer: str, exemplar: str, said: str) -> None:
        """Take a comment away: its author, or the clip's teacher."""
        ...

    def keep(self, viewer: str, exemplar: str, kept: bool) -> None:
        """Whether they keep it for themselves. Nobody else sees that."""
        ...

    def tie(self, viewer: str, exemplar: str, cycle: str, tied: bool) -> None:
        """Link it to the goal of a coaching cycle of which they are part. Raises NotThere for another's cycle."""
        ...

    def tied(self, viewer: str, cycle: str) -> list[Exemplar]:
        """Those that are linked to this cycle's goal and that this viewer sees, the newest first."""
        ...
