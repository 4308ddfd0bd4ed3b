"""What people make of a lesson while they look at it: comments, clips, and where they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from coaching.audit import Deed
from coaching.clips import Clip, ClipChange, NewClip
from coaching.comments import Comment, CommentChange, NewComment
from coaching.spans import Span


@dataclass(frozen=True, slots=True)
class View:
    """What somebody watched of a lesson: `spans` seconds of the recording, apart and in order; `place`, where they were
    last."""

    person: str
    called: str
    spans: tuple[Span, ...]
    place: float
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """Two words: `notes` is another whenever comments or clips that somebody may read changed; `lesson` whenever what
    was heard in it did, what was put right, what they may do with it, or, for its owner, whom it was given to."""

    notes: str
    lesson: str
    owner: str
    """The recording's."""
    comments: int
    """How many there are."""
    newest: float
    """When the last of them was made or changed, in seconds since 1970."""


class Notes(Protocol):
    """`viewer` is the id of the person who asks, `recording` a recording's. Raises NotThere like all of `Lessons`."""

    def comment(self, viewer: str, recording: str, new: NewComment) -> str:
        """Keep a comment; its id. Raises BadInput."""
        ...

    def change_comment(self, viewer: str, recording: str, comment: str, change: CommentChange) -> None:
        """Its author changes all of it, and takes it away even where they may not comment any more; the lesson's owner
        may say that it is resolved. Raises BadInput."""
        ...

    def comments(
        self,
        viewer: str,
        recording: str,
        *,
        only: str | None = None,
        between: tuple[float, float] | None = None,
    ) -> list[Comment]:
        """In order of their time in the recording; with `only`, this one, if it is there; with `between`, those
        last changed then (seconds since 1970, both included). What is for its author alone is for nobody else."""
        ...

    def clip(self, viewer: str, recording: str, new: NewClip) -> str:
        """Keep a clip; its id. Who may comment may. Raises BadInput."""
        ...

    def change_clip(self, viewer: str, recording: str, clip: str, change: ClipChange) -> None:
        """Its author alone, who may delete it even where they may not comment any more. Raises BadInput."""
        ...

    def clips(self, viewer: str, recording: str) -> list[Clip]:
        """In order of their time in the recording. What is for its author alone is for nobody else."""
        ...

    def noted(self, viewer: str, recording: str) -> Noted:
        """How it stands now, for a page that is open."""
        ...

    def watch(self, viewer: str, recording: str, place: float, spans: Sequence[Span]) -> None:
        """They are at `place` now, and watched these since the last time. Raises BadInput."""
        ...

    def done(self, viewer: str, recording: str, deed: Deed) -> None:
        """Have the audit log tell that they opened it or took a copy of what it says (Deed.OPENED, Deed.TOOK)."""
        ...

    def views(self, viewer: str, recording: str) -> list[View]:
        """Who watched what, whoever was here last first: the owner sees all of it, anybody else their own."""
        ...
