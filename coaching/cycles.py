"""A coaching cycle: its stages, who may move it on or back, and what must be there before. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from coaching.access import Decision
from coaching.announced import LONGEST_LOOK_FOR, MOST_LOOK_FORS
from coaching.errors import BadInput

LONGEST_NAME, LONGEST_STAGE, LONGEST_TEXT = 120, 40, 5000
"""Characters: of a cycle's name, of what a school calls a stage, of anything that is written in a cycle."""


class NotNow(BadInput):
    """This cannot be done at this stage of the cycle."""


class Stage(StrEnum):
    GOAL = "goal"
    RECORD = "record"
    REFLECT = "reflect"
    SHARE = "share"
    NOTES = "notes"
    CONFERENCE = "conference"
    ACTION_STEP = "action step"
    FOLLOW_UP = "follow-up"


class Part(StrEnum):
    """What somebody is in a cycle. PARTNER is the coach, or the colleague who looks with the teacher."""

    TEACHER = "teacher"
    PARTNER = "partner"


class Kind(StrEnum):
    """The template that a cycle began with.

    IMPACT: identify, learn, improve (Knight, The Impact Cycle, 2018): the lesson is looked at before the goal is set.
    OBSERVE: observe and debrief. PEER: two teachers, who take turns. ALONE: self-reflection.
    """

    OBSERVE = "observe"
    IMPACT = "impact"
    PEER = "peer"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Planned:
    """A stage as this cycle has it: what it is called, and whether it may be skipped."""

    stage: Stage
    called: str
    may_skip: bool = False


NAMES: Mapping[Stage, str] = {
    Stage.GOAL: "Goal",
    Stage.RECORD: "Record",
    Stage.REFLECT: "Reflect",
    Stage.SHARE: "Share",
    Stage.NOTES: "Coach’s notes",
    Stage.CONFERENCE: "Conference",
    Stage.ACTION_STEP: "Action step",
    Stage.FOLLOW_UP: "Follow-up",
}

_IMPACT = (
    Planned(Stage.RECORD, "Identify: record"),
    Planned(Stage.REFLECT, "Identify: reflect"),
    Planned(Stage.SHARE, "Identify: share"),
    Planned(Stage.GOAL, "Identify: goal"),
    Planned(Stage.NOTES, "Learn: coach’s notes", may_skip=True),
    Planned(Stage.CONFERENCE, "Learn: conference"),
    Planned(Stage.ACTION_STEP, "Improve: action step"),
    Planned(Stage.FOLLOW_UP, "Improve: another look"),
)

TEMPLATES: Mapping[Kind, tuple[Planned, ...]] = {
    Kind.OBSERVE: tuple(Planned(stage, NAMES[stage]) for stage in Stage),
    Kind.IMPACT: _IMPACT,
    Kind.PEER: tuple(Planned(s, "Colleague’s notes" if s is Stage.NOTES else NAMES[s]) for s in Stage),
    Kind.ALONE: tuple(
        Planned(stage, NAMES[stage])
        for stage in (Stage.GOAL, Stage.RECORD, Stage.REFLECT, Stage.ACTION_STEP, Stage.FOLLOW_UP)
    ),
}


@dataclass(frozen=True, slots=True)
class Cycle:
    """`plan` is copied from the template at the beginning: a school that renames a stage rewrites no cycle. `entered`
    is when it came to `stage`, later by what it was paused in it; `due` the day by which it should be through; `closed`
    when it ended. `paused` is since when it rests, `goes_on` the day on which it is to go on, if that is said."""

    id: str
    kind: Kind
    name: str
    teacher: str
    teacher_called: str
    partner: str | None
    partner_called: str
    school: str
    plan: tuple[Planned, ...]
    stage: Stage
    began: datetime
    entered: datetime
    due: date | None = None
    closed: datetime | None = None
    goal: str = ""
    look_fors: tuple[str, ...] = ()
    measure: str | None = None
    """The key of the measure by which one would see a change, where one fits."""
    meets: datetime | None = None
    """When the conference is, if that is said."""
    paused: datetime | None = None
    goes_on: date | None = None

    @property
    def here(self) -> int:
        """Where in the plan it is, from 0."""
        return [planned.stage for planned in self.plan].index(self.stage)

    @property
    def alone(self) -> bool:
        return self.partner is None

    def part_of(self, person: str) -> Part | None:
        if person == self.teacher:
            return Part.TEACHER
        return Part.PARTNER if person == self.partner else None


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a cycle. `needs_comment`: the school asks for a comment of one's own before one shares."""

    goal: bool = False
    lesson: bool = False
    reflected: bool = False
    own_comment: bool = False
    needs_comment: bool = True
    shared: bool = False
    feedback: bool = False
    met: bool = False
    agreed: bool = False
    looked_again: bool = False


class Step(StrEnum):
    """ON to the next stage, or, from the last, to the end; SKIP likewise without what it needs; BACK to the one before;
    STOP, before the end; REOPEN what was stopped or is through; PAUSE, and RESUME, where nobody could go on."""

    ON = "on"
    SKIP = "skip"
    BACK = "back"
    STOP = "stop"
    REOPEN = "reopen"
    PAUSE = "pause"
    RESUME = "resume"


BOTH, TEACHER, PARTNER = frozenset(Part), frozenset({Part.TEACHER}), frozenset({Part.PARTNER})

MOVES_ON: Mapping[Stage, tuple[frozenset[Part], str]] = {
    Stage.GOAL: (BOTH, "Write the goal first: what should be different for students?"),
    Stage.RECORD: (TEACHER, "Choose the lesson first."),
    Stage.REFLECT: (TEACHER, "Write your reflection first."),
    Stage.SHARE: (TEACHER, "Share the lesson first: nobody sees it but you."),
    Stage.NOTES: (PARTNER, "Leave a comment in the lesson, or write a note, first."),
    Stage.CONFERENCE: (BOTH, "Say that you met first."),
    Stage.ACTION_STEP: (BOTH, "Agree on one action step first, both of you."),
    Stage.FOLLOW_UP: (TEACHER, "Choose the lesson of your second look, or say what became of the step, first."),
}
"""Who may move a cycle on from a stage, and what is said where what it needs is not there."""

ONLY = {TEACHER: "Only the teacher can do this.", PARTNER: "This is for {partner} to do."}


def decide(cycle: Cycle, step: Step, who: str, facts: Facts) -> Decision:
    """May this person move the cycle so? The reason is a sentence for them."""
    part = cycle.part_of(who)
    if part is None:
        return Decision(False, "This cycle is somebody else’s.")
    if step is Step.REOPEN:
        if cycle.closed is None:
            return Decision(False, "This cycle is open.")
        return _by(cycle, part, TEACHER)
    if cycle.closed is not None:
        return Decision(False, "This cycle is over. Its teacher can open it again.")
    if step is Step.STOP:
        return _by(cycle, part, TEACHER)
    if step in (Step.PAUSE, Step.RESUME):
        resting = cycle.paused is not None
        words = "This cycle is paused already." if resting else "This cycle is not paused."
        return Decision(resting is (step is Step.RESUME), "" if resting is (step is Step.RESUME) else words)
    if cycle.paused is not None:
        return Decision(False, "This cycle is paused. Go on with it first.")
    if step is Step.BACK:
        return _back(cycle, part, facts)
    by, lacking = MOVES_ON[cycle.stage]
    allowed = _by(cycle, part, by)
    if not allowed.allowed:
        return allowed
    if step is Step.SKIP:
        planned = cycle.plan[cycle.here]
        return Decision(planned.may_skip, "" if planned.may_skip else f"“{planned.called}” is not skipped here.")
    if cycle.stage is Stage.REFLECT and facts.reflected and facts.needs_comment and not facts.own_comment:
        return Decision(False, "Leave at least one comment of your own in the lesson first.")
    return Decision(True, "") if _stands(cycle.stage, facts) else Decision(False, lacking)


def _by(cycle: Cycle, part: Part, by: frozenset[Part]) -> Decision:
    if part in by or (cycle.alone and part is Part.TEACHER):
        return Decision(True, "")
    return Decision(False, ONLY[by].format(partner=cycle.partner_called))


def _back(cycle: Cycle, part: Part, facts: Facts) -> Decision:
    """Whoever could move it on from the stage before may return there; but what a partner answered is not undone."""
    if cycle.here == 0:
        return Decision(False, "This is where the cycle began.")
    before = cycle.plan[cycle.here - 1].stage
    if facts.feedback and not cycle.alone and before in (Stage.RECORD, Stage.REFLECT, Stage.SHARE):
        return Decision(False, f"{cycle.partner_called} has answered already, so the reflection stays as it is.")
    return _by(cycle, part, MOVES_ON[before][0])


def _stands(stage: Stage, facts: Facts) -> bool:
    return {
        Stage.GOAL: facts.goal,
        Stage.RECORD: facts.lesson,
        Stage.REFLECT: facts.reflected,
        Stage.SHARE: facts.shared,
        Stage.NOTES: facts.feedback,
        Stage.CONFERENCE: facts.met,
        Stage.ACTION_STEP: facts.agreed,
        Stage.FOLLOW_UP: facts.looked_again,
    }[stage]


def moved(cycle: Cycle, step: Step, moment: datetime) -> Cycle:
    """The cycle after a step that is allowed."""
    if step is Step.REOPEN:
        return replace(cycle, closed=None, entered=moment)
    if step is Step.PAUSE:
        return replace(cycle, paused=moment)
    cycle = _awake(cycle, moment)
    if step is Step.RESUME:
        return cycle
    if step is Step.STOP or (step is not Step.BACK and cycle.here == len(cycle.plan) - 1):
        return replace(cycle, closed=moment)
    there = cycle.here + (-1 if step is Step.BACK else 1)
    return replace(cycle, stage=cycle.plan[there].stage, entered=moment)


def _awake(cycle: Cycle, moment: datetime) -> Cycle:
    """Without its pause: what it lasted counts neither for the stage nor towards the day on which it is due."""
    if cycle.paused is None:
        return cycle
    rested = moment - cycle.paused
    due = None if cycle.due is None else cycle.due + timedelta(days=round(rested.total_seconds() / 86_400))
    return replace(cycle, paused=None, goes_on=None, entered=cycle.entered + rested, due=due)


def waits_for(cycle: Cycle) -> frozenset[Part]:
    """Whose turn it is."""
    if cycle.closed is not None or cycle.paused is not None:
        return frozenset()
    return TEACHER if cycle.alone else MOVES_ON[cycle.stage][0]


@dataclass(frozen=True, slots=True)
class Move:
    """That a cycle came to a stage, and whose doing it was; `stage` None: it ended, or was paused there."""

    stage: Stage | None
    step: Step | None
    by: str
    made: datetime


def days_in(cycle: Cycle, moves: Sequence[Move], now: datetime) -> dict[Stage, float]:
    """Days that the cycle spent in each stage that it came to, all visits together, up to now or to its end."""
    found: dict[Stage, float] = {}
    ends = [*(move.made for move in moves[1:]), cycle.closed or now]
    for move, end in zip(moves, ends, strict=True):
        if move.stage is not None:
            found[move.stage] = found.get(move.stage, 0.0) + (end - move.made).total_seconds() / 86_400
    return found


def planned_for(kind: Kind, names: Mapping[Stage, str], skippable: Collection[Stage]) -> tuple[Planned, ...]:
    """The template with a school's own names, and what may be skipped there."""
    return tuple(
        Planned(one.stage, names.get(one.stage) or one.called, one.may_skip or one.stage in skippable)
        for one in TEMPLATES[kind]
    )


def check_text(text: str, longest: int = LONGEST_TEXT, *, what: str = "This") -> str:
    """`text` without the space around it. Raises BadInput."""
    found = text.strip()
    if len(found) > longest:
        raise BadInput(f"{what} has up to {longest} characters.")
    return found


def check_look_fors(look_fors: Sequence[str]) -> tuple[str, ...]:
    """Those that say something, each once. Raises BadInput."""
    found = dict.fromkeys(check_text(one, LONGEST_LOOK_FOR, what="A look-for") for one in look_fors)
    kept = tuple(one for one in found if one)
    if len(kept) > MOST_LOOK_FORS:
        raise BadInput(f"Choose up to {MOST_LOOK_FORS} look-fors: fewer are seen better.")
    return kept
