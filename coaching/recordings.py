"""What becomes of a recording: its runs, their stages, and which steps from one state to another are legal.

A *run* is one pass of the pipeline over a recording. It is made of *stages*; the transcript's come in a row, and those
that make pictures beside them. A run is `ready` as soon as transcript and measures stand, whatever the pictures do.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

MOST_TRIES = 3
"""A stage that stopped so often without a word of its own is given up: the file, not the machine, is to blame."""

LONGEST_ID = 64
"""Characters of the id of a person, a recording, a run or a claim."""

LONGEST_CLASS, LONGEST_TAG = 80, 40
"""Characters of the name of a class period, and of a tag."""


def new_id() -> str:
    """An id that nobody can guess and that may be the name of a folder."""
    return secrets.token_hex(12)


def is_id(text: str) -> bool:
    """Whether `text` could be such an id."""
    return re.fullmatch(rf"[0-9a-f]{{16,{LONGEST_ID}}}", text) is not None


class RunState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    CANCELLED = "cancelled"


class StageState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Stage(StrEnum):
    """What is done to a recording, in the order in which people are told of it."""

    SOUND = "sound"
    SPEAKERS = "speakers"
    WORDS = "words"
    MEASURES = "measures"
    WEB = "web"
    AUDIO = "audio"
    POSTER = "poster"
    SPRITE = "sprite"
    PEAKS = "peaks"


class Queue(StrEnum):
    """Where a stage runs: `gpu` stages use models and take a GPU where a worker has one; `cpu` stages never do."""

    GPU = "gpu"
    CPU = "cpu"


class Priority(StrEnum):
    """Who waits: a person who looks at the screen, or nobody in particular (thirty lessons on a Friday afternoon)."""

    SOON = "soon"
    BULK = "bulk"


QUEUES: Mapping[Stage, Queue] = {
    stage: Queue.GPU if stage in (Stage.SPEAKERS, Stage.WORDS) else Queue.CPU for stage in Stage
}

LISTENING = (Stage.SOUND, Stage.SPEAKERS, Stage.WORDS, Stage.MEASURES)
"""The stages that lead to a transcript and its measures, one after the other."""

PICTURES = (Stage.WEB, Stage.AUDIO, Stage.POSTER, Stage.SPRITE, Stage.PEAKS)
"""The stages that make what is looked at and scrubbed through. The transcript never waits for them."""

NEEDS: Mapping[Stage, tuple[Stage, ...]] = {
    Stage.SPEAKERS: (Stage.SOUND,),
    Stage.WORDS: (Stage.SOUND, Stage.SPEAKERS),
    Stage.MEASURES: (Stage.SOUND, Stage.SPEAKERS, Stage.WORDS),
    Stage.PEAKS: (Stage.SOUND,),
}
"""What a stage reads. When one is run again, those that read it are too."""

SPARED = (Stage.SPEAKERS, Stage.WORDS)
"""Stages whose failure does not cost the lesson: without speakers the words stay, without words the talk times do."""

WEIGHTS: Mapping[Stage, float] = {Stage.SOUND: 1.0, Stage.SPEAKERS: 70.0, Stage.WORDS: 26.0, Stage.MEASURES: 1.0}
"""Each stage’s usual share of the way to `ready`, for percent and time left (docs/benchmarks.md has the costs)."""

MOVES: Mapping[RunState, frozenset[RunState]] = {
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.CANCELLED, RunState.READY}),
    RunState.RUNNING: frozenset({RunState.READY, RunState.FAILED, RunState.CANCELLED, RunState.WAITING}),
    # Run again: what failed, or what is missing of a lesson that stands.
    RunState.READY: frozenset({RunState.WAITING}),
    RunState.FAILED: frozenset({RunState.WAITING}),
    RunState.CANCELLED: frozenset({RunState.WAITING}),
}
"""The legal steps of a run. RUNNING goes back to WAITING where a full disk made it wait. What is run again while a
transcript stands goes back to READY where it fails or is cancelled: the older transcript still stands."""


def may_move(before: RunState, after: RunState) -> bool:
    """Whether a run may go from one state to the other."""
    return after in MOVES[before]


def readers(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """`stages` and every stage that reads one of them, in order: what has to be run again together."""
    again = set(stages)
    for stage in Stage:
        if again & set(NEEDS.get(stage, ())):
            again.add(stage)
    return tuple(stage for stage in Stage if stage in again)


@dataclass(frozen=True, slots=True)
class StageStatus:
    """Where one stage of a run stands. `share` is 0 to 1; `seconds` the wall time it has taken so far, or took.

    `artefact` is its folder, relative to the data folder; None where it has none (yet). `reason` is the sentence that
    people read of its failure, `kind` the error's name, for counting.
    """

    stage: Stage
    state: StageState = StageState.WAITING
    share: float = 0.0
    seconds: float = 0.0
    tries: int = 0
    artefact: str | None = None
    reason: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One pass of the pipeline over a recording. `number` counts its runs from 1; `current` is the one shown.

    `attempt` grows whenever the run is started again: whatever belongs to an earlier attempt may write no more.
    `over` says that nobody works on it any more. `options` are those of `secondlook analyse`, as they were asked for.
    """

    id: str
    recording: str
    number: int
    state: RunState
    attempt: int
    priority: Priority
    stages: tuple[StageStatus, ...]
    current: bool = True
    over: bool = False
    reason: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def stage(self, name: Stage) -> StageStatus:
        """Raises KeyError for a stage that this run does not have."""
        for status in self.stages:
            if status.stage is name:
                return status
        raise KeyError(name)

    @property
    def missing(self) -> tuple[StageStatus, ...]:
        """What failed, or was not done and will not be: it can be run again by itself."""
        return tuple(
            s for s in self.stages if s.state is StageState.FAILED or (self.over and s.state is not StageState.DONE)
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What whoever waits is told: the stage at work, or else the next one, or the one that failed; percent of the way
    to `ready`; seconds left."""

    state: RunState
    stage: Stage | None
    percent: float
    seconds_left: float | None
    reason: str | None


SETTLED = 0.03
"""Before this share of the way is done, a guess of the time left would only mislead."""


def standing(run: Run) -> Standing:
    """Where `run` stands, from its stages alone.

    The time left is reckoned from the time that the way so far has taken, each stage weighing what it usually takes.
    """
    whole = sum(WEIGHTS.values())
    way = [s for s in run.stages if s.stage in WEIGHTS]
    ended = (StageState.DONE,) if run.state is RunState.FAILED else (StageState.DONE, StageState.FAILED)
    done = sum(WEIGHTS[s.stage] * (1.0 if s.state in ended else s.share) for s in way) / whole
    spent = sum(s.seconds for s in way)
    if run.state is RunState.READY:
        done = 1.0
    left = spent * (1 - done) / done if run.state is RunState.RUNNING and done >= SETTLED else None
    return Standing(run.state, _at_work(run), round(100 * done, 1), left and round(left, 1), run.reason)


def _at_work(run: Run) -> Stage | None:
    """The transcript's stages come first: they are what people wait for."""
    if run.state is RunState.FAILED:
        failed = [s for s in run.stages if s.state is StageState.FAILED and s.stage in LISTENING]
        named = [s.stage for s in failed if s.reason == run.reason] or [s.stage for s in failed[-1:]]
        return named[0] if named else None
    if run.over or run.state is RunState.CANCELLED:
        return None
    for stages in (LISTENING, PICTURES):
        for state in (StageState.RUNNING, StageState.WAITING):
            for status in run.stages:
                if status.state is state and status.stage in stages:
                    return status.stage
    return None
