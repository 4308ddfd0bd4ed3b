"""Who spoke when, and what was said: words, utterances, turns and floors of a lesson."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from coaching.spans import Span, cover, total

PAUSE_S = 0.5
"""A pause this long or longer ends an utterance; shorter pauses of one speaker are filled (docs/measures.md)."""

FLOOR_GAP_S = 1.5
"""Talk of one role with gaps shorter than this is one floor (docs/measures.md)."""


class Role(StrEnum):
    TEACHER = "teacher"
    STUDENT = "student"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Segment:
    """What a diarizer says: `speaker` talks during `span`. Segments of different speakers may overlap."""

    span: Span
    speaker: str


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its time where the recognizer gives one, and how sure it was (0 to 1) where it says so."""

    text: str
    span: Span | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What a recognizer heard in one stretch: empty `text` where there were no words; `confidence` 0 to 1, if known."""

    text: str = ""
    confidence: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice of the lesson. `id` has no spaces and is the label in RTTM; `name` is there if a person gave one."""

    id: str
    role: Role = Role.UNKNOWN
    name: str = ""

    def __post_init__(self) -> None:
        if not self.id or any(c.isspace() for c in self.id):
            raise ValueError(f"a speaker id must not be empty or hold spaces: {self.id!r}")


@dataclass(frozen=True, slots=True)
class Utterance:
    """Speech of one speaker bounded by pauses of 0.5 s or more; `text` is empty where no words were recognizable."""

    span: Span
    speaker: str
    text: str = ""
    confidence: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker's uninterrupted talk: a maximal run of that speaker's utterances."""

    speaker: str
    role: Role
    utterances: tuple[Utterance, ...]

    @property
    def span(self) -> Span:
        return Span(self.utterances[0].span.start, max(u.span.end for u in self.utterances))

    @property
    def text(self) -> str:
        return " ".join(u.text for u in self.utterances if u.text)


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said of a question at `span`: its kind by its name (docs/measures.md), empty where it is none."""

    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class Floor:
    """One role's talk, of one or several speakers, with gaps under 1.5 s in which nobody else came in: what is counted.

    Who says "yes" inside another's talk has a floor of their own, and the other's goes on.
    """

    role: Role
    utterances: tuple[Utterance, ...]

    @property
    def span(self) -> Span:
        return Span(self.utterances[0].span.start, max(u.span.end for u in self.utterances))


@dataclass(frozen=True)
class Transcript:
    """All talk of a lesson of `duration` seconds: its speakers, and their utterances in order of start.

    Raises ValueError where an utterance's speaker is not among `speakers`, or two utterances of one speaker overlap.
    """

    duration: float
    speakers: tuple[Speaker, ...]
    utterances: tuple[Utterance, ...]
    language: str | None = None
    told: tuple[Told, ...] = ()
    _roles: Mapping[str, Role] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "utterances", tuple(sorted(self.utterances, key=lambda u: (u.span, u.speaker))))
        object.__setattr__(self, "_roles", {s.id: s.role for s in self.speakers})
        last_end: dict[str, float] = {}
        for u in self.utterances:
            if u.speaker not in self._roles:
                raise ValueError(f"no speaker {u.speaker!r} in this transcript")
            if u.span.start < last_end.get(u.speaker, 0.0) - 1e-6:
                raise ValueError(f"utterances of {u.speaker} overlap at {u.span.start:.2f} s")
            last_end[u.speaker] = u.span.end

    @property
    def whole(self) -> Span:
        return Span(0.0, self.duration)

    def role(self, speaker: str) -> Role:
        return self._roles[speaker]

    def of(self, role: Role) -> list[Utterance]:
        return [u for u in self.utterances if self._roles[u.speaker] is role]

    def speech(self, role: Role | None = None) -> list[Span]:
        """Disjoint spans in which somebody (of `role`) speaks; a voice's own pauses under half a second are filled."""
        return cover(u.span for u in self.utterances if role is None or self._roles[u.speaker] is role)

    def seconds(self, speaker: str) -> float:
        return total(u.span for u in self.utterances if u.speaker == speaker)

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Maximal runs of one speaker's utterances, in order of start.

        That order is all that counts: a "yes" inside another's long utterance ends a run, and the talk that follows
        much later may belong to the same run as that "yes". So what is measured is made of utterances and floors.
        """
        runs: list[list[Utterance]] = []
        for u in self.utterances:
            if runs and runs[-1][-1].speaker == u.speaker:
                runs[-1].append(u)
            else:
                runs.append([u])
        return tuple(Turn(run[0].speaker, self._roles[run[0].speaker], tuple(run)) for run in runs)

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """Maximal runs of one role's utterances with gaps under `FLOOR_GAP_S`, in order of start.

        A run also ends where another role comes in and outlasts it: who answers within a second has had the floor.
        """
        runs: list[tuple[Role, list[Utterance]]] = []
        current: dict[Role, list[Utterance]] = {}  # the run of each role that may go on
        ends: dict[Role, float] = {}
        for u in self.utterances:
            role = self._roles[u.speaker]
            if role not in current or u.span.start - ends[role] >= FLOOR_GAP_S:
                current[role], ends[role] = [], u.span.end
                runs.append((role, current[role]))
            current[role].append(u)
            ends[role] = max(ends[role], u.span.end)
            for other in [r for r in current if r is not role and ends[r] < u.span.end]:
                del current[other]
        return tuple(Floor(role, tuple(run)) for role, run in runs)

    def with_roles(self, roles: Mapping[str, Role]) -> Transcript:
        """The same talk after a person said who is the teacher; speakers not in `roles` stay as they are."""
        return replace(self, speakers=tuple(replace(s, role=roles.get(s.id, s.role)) for s in self.speakers))

    def with_merged(self, keep: str, other: str) -> Transcript:
        """The same talk after a person said that `keep` and `other` are one voice.

        Their utterances that touch, overlap or are less than `PAUSE_S` apart become one, texts joined in order.
        """
        if keep == other:
            return self
        theirs = [u for u in self.utterances if u.speaker in (keep, other)]
        rest = [u for u in self.utterances if u.speaker not in (keep, other)]
        return replace(
            self,
            speakers=tuple(s for s in self.speakers if s.id != other),
            utterances=(*rest, *join_utterances(replace(u, speaker=keep) for u in theirs)),
        )


def join_utterances(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Utterances of one speaker, those less than `PAUSE_S` apart joined into one."""
    joined: list[Utterance] = []
    for u in sorted(utterances, key=lambda u: u.span):
        if joined and u.span.start - joined[-1].span.end < PAUSE_S:
            joined[-1] = _join(joined[-1], u)
        else:
            joined.append(u)
    return joined


def _join(a: Utterance, b: Utterance) -> Utterance:
    spoken = [u for u in (a, b) if u.confidence is not None and u.text]
    weight = sum(len(u.text) for u in spoken)
    sure = sum((u.confidence or 0.0) * len(u.text) for u in spoken) / weight if weight else None
    return Utterance(a.span | b.span, a.speaker, " ".join(t for t in (a.text, b.text) if t), sure, a.words + b.words)


def utterance_spans(segments: Sequence[Segment]) -> list[Segment]:
    """A diarizer's segments with each speaker's pauses under `PAUSE_S` filled: one segment an utterance, in order."""
    speakers = sorted({s.speaker for s in segments})
    filled = [
        Segment(span, speaker)
        for speaker in speakers
        for span in cover((s.span for s in segments if s.speaker == speaker), fill=PAUSE_S)
    ]
    return sorted(filled, key=lambda s: (s.span, s.speaker))
