"""What is written in a coaching cycle, and the door to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from coaching.cadence import Cadence, is_zone
from coaching.cycles import LONGEST_STAGE, Cycle, Facts, Kind, Move, Stage, Step, check_text
from coaching.errors import BadInput

PROMPTS = (
    "What did you want students to do or think, and where did you see it?",
    "Which moment would you like to look at again together?",
    "What surprised you?",
)
"""What a teacher is asked before the meeting, until the school asks otherwise."""

MOST_PROMPTS, LONGEST_PROMPT = 8, 200
MOST_ITEMS, LONGEST_ITEM_MINUTES, LONGEST_CONFERENCE = 12, 60, 240
"""Of an agenda: how many moments, and minutes."""

MOST_WEEKS = 26


class Look(StrEnum):
    """Which look a lesson is in its cycle: the one that it is about, or the one after the action step."""

    FIRST = "first"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class LessonIn:
    """A lesson of a cycle. Its partner may see it only where it is shared with them: here is its id alone."""

    recording: str
    look: Look
    added: datetime


@dataclass(frozen=True, slots=True)
class Reflection:
    """What the teacher wrote before the meeting: (what was asked, what they said). Once there is feedback it is
    `locked`, and what they think later is the `addendum`."""

    answers: tuple[tuple[str, str], ...]
    changed: datetime
    locked: bool = False
    addendum: str = ""
    added: datetime | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """What one of the two wrote: `shared` is for both; `private` for its author alone, and empty for the other."""

    author: str
    shared: str
    private: str
    changed: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A moment on the agenda: a clip or a comment of a lesson in the cycle, by its id, and how long it may take."""

    recording: str
    note: str
    minutes: int = 8
    question: str = ""


@dataclass(frozen=True, slots=True)
class Conference:
    starts: datetime | None
    minutes: int
    agenda: tuple[Item, ...] = ()
    decisions: str = ""
    held: datetime | None = None


@dataclass(frozen=True, slots=True)
class ActionStep:
    """The one thing that is tried next. It is agreed when both said so (`agreed` are their ids); who changes it asks
    anew. `outcome` is what became of it, said when it is `closed`."""

    body: str
    look_for: str
    measure: str | None
    check_back: date | None
    agreed: frozenset[str]
    outcome: str = ""
    closed: datetime | None = None


@dataclass(frozen=True, slots=True)
class School:
    """How a school coaches."""

    id: str
    name: str
    cadence: Cadence
    prompts: tuple[str, ...] = PROMPTS
    needs_comment: bool = True
    """Whether a teacher leaves a comment of their own before they share."""
    names: Mapping[Stage, str] = field(default_factory=dict)
    skippable: frozenset[Stage] = frozenset()
    walk_photos: bool = False
    """Whether a learning walk may bring a photo."""
    covers_faces: bool = True
    """Whether a clip in the library of exemplars shows no face."""
    may_change: bool = False
    """Whether whoever asks may say otherwise."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A cycle, and all that this viewer may read in it."""

    cycle: Cycle
    school: School
    facts: Facts
    moves: tuple[Move, ...]
    lessons: tuple[LessonIn, ...]
    reflection: Reflection | None
    notes: tuple[Notes, ...]
    conference: Conference | None
    action_step: ActionStep | None


@dataclass(frozen=True, slots=True)
class Past:
    """Of a cycle, what its teacher looks back on."""

    cycle: Cycle
    lessons: tuple[LessonIn, ...]
    action_step: ActionStep | None


@dataclass(frozen=True, slots=True)
class NewCycle:
    """`teacher` None is whoever begins it; `partner` is an address, or empty alone."""

    kind: Kind
    name: str
    partner: str = ""
    teacher: str = ""


def check_answers(answers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Raises BadInput."""
    if len(answers) > MOST_PROMPTS:
        raise BadInput(f"A reflection has up to {MOST_PROMPTS} answers.")
    return [(check_text(asked, LONGEST_PROMPT, what="A question"), check_text(said)) for asked, said in answers]


def check_agenda(items: Sequence[Item]) -> list[Item]:
    """Raises BadInput."""
    if len(items) > MOST_ITEMS:
        raise BadInput(f"An agenda holds up to {MOST_ITEMS} moments. Choose fewer: there is more time for each.")
    if len({one.note for one in items}) < len(items):
        raise BadInput("This moment is on the agenda already.")
    for one in items:
        if not 0 < one.minutes <= LONGEST_ITEM_MINUTES:
            raise BadInput(f"A moment takes 1 to {LONGEST_ITEM_MINUTES} minutes.")
    return [replace(one, question=check_text(one.question, LONGEST_PROMPT, what="A question")) for one in items]


def check_school(school: School) -> None:
    """Raises BadInput."""
    cadence = school.cadence
    if not (0 < cadence.weeks <= MOST_WEEKS and 0 <= cadence.soon <= 30 and 0 <= cadence.late <= 30):
        raise BadInput(f"A cycle takes 1 to {MOST_WEEKS} weeks, and a warning comes up to 30 days before.")
    if not is_zone(cadence.zone):
        raise BadInput("Choose a time zone, such as Europe/Stockholm.")
    if not 0 < len(school.prompts) <= MOST_PROMPTS or not all(map(str.strip, school.prompts)):
        raise BadInput(f"Ask one to {MOST_PROMPTS} questions before the meeting.")
    for prompt in school.prompts:
        check_text(prompt, LONGEST_PROMPT, what="A question")
    for name in school.names.values():
        check_text(name, LONGEST_STAGE, what="The name of a stage")


class Cycles(Protocol):
    """Coaching cycles. `viewer` is the id of the person who asks: the cycle's teacher or its partner. For everybody
    else, leaders and admins too, it is not there (`coaching.access.NotThere`). Of a lesson it holds the id alone.

    What is written raises BadInput where it is too long, and `coaching.cycles.NotNow` where the cycle is past it.
    """

    def begin(self, viewer: str, new: NewCycle) -> str:
        """Its id. A coach may begin one for a teacher, who may end it. Raises NoColleague and BadInput."""
        ...

    def cycles(self, viewer: str) -> list[Cycle]:
        """Theirs, as teacher or partner: those that are open first, whichever waits longest first."""
        ...

    def cycle(self, viewer: str, cycle: str) -> Whole: ...

    def pause(self, viewer: str, cycle: str, goes_on: date | None) -> None:
        """Let it rest, to that day if one is said: it waits for nobody and is not overdue. `move` RESUME ends that.
        Raises NotNow, and BadInput for a day that has come."""
        ...

    def past(self, viewer: str) -> list[Past]:
        """What a teacher looks back on, the cycle that began last first: a handful of queries, however many they
        are."""
        ...

    def move(self, viewer: str, cycle: str, step: Step) -> None:
        """Raises NotNow with the reason."""
        ...

    def set_goal(self, viewer: str, cycle: str, goal: str, look_fors: Sequence[str], measure: str | None) -> None: ...

    def rename(self, viewer: str, cycle: str, name: str) -> None: ...

    def take_in(self, viewer: str, cycle: str, recording: str, look: Look) -> None:
        """The teacher chooses a lesson of theirs, in the place of one that had this part."""
        ...

    def leave_out(self, viewer: str, cycle: str, recording: str) -> None: ...

    def reflect(self, viewer: str, cycle: str, answers: Sequence[tuple[str, str]]) -> None:
        """The teacher's answers. Raises NotNow once there is feedback."""
        ...

    def add_later(self, viewer: str, cycle: str, text: str) -> None:
        """The addendum to a reflection that is locked."""
        ...

    def write(self, viewer: str, cycle: str, shared: str, private: str) -> None:
        """The notes of whoever writes."""
        ...

    def plan(self, viewer: str, cycle: str, starts: datetime | None, minutes: int) -> None:
        """When the conference is."""
        ...

    def set_agenda(self, viewer: str, cycle: str, items: Sequence[Item]) -> None:
        """Raises NotThere for a clip or comment that the viewer may not read."""
        ...

    def decide(self, viewer: str, cycle: str, decisions: str) -> None:
        """What was decided in the conference."""
        ...

    def met(self, viewer: str, cycle: str, happened: bool = True) -> None:
        """That the conference was held; False undoes it."""
        ...

    def set_action_step(self, viewer: str, cycle: str, step: ActionStep) -> None:
        """Its words; whoever writes them agrees."""
        ...

    def agree(self, viewer: str, cycle: str) -> None: ...

    def close_step(self, viewer: str, cycle: str, outcome: str) -> None:
        """What became of it, said by the teacher."""
        ...

    def turn_over(self, viewer: str, cycle: str) -> str:
        """After a cycle of peers: the next one, in which the other is the teacher. Its id."""
        ...

    def tried_in(self, viewer: str, recording: str) -> list[tuple[Cycle, ActionStep]]:
        """The action steps that a lesson is the second look at, each with its cycle; of cycles that are theirs."""
        ...

    def remind(self) -> None:
        """Tell both of an action step on the day on which they look back on it, and a partner for whose feedback
        somebody waits too long; of each once. Asked by workers, again and again."""
        ...

    def schools(self, viewer: str) -> list[School]:
        """Those at which they coach or teach, with how each coaches."""
        ...

    def coach_so(self, viewer: str, school: School) -> None:
        """How a school coaches, said by one of its coaches or admins. Cycles that began stay as they are."""
        ...
