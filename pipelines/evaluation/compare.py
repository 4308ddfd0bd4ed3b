"""A lesson beside its truth: the errors of its speakers and roles, and what each measure is in both."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coaching.errors import BadInput
from coaching.lesson import Lesson
from coaching.metrics import Measure, measure_lesson
from coaching.quality import NO_LANGUAGE, NO_WORDS, AudioQuality
from coaching.spans import Span
from coaching.transcript import Role, Segment, Transcript
from pipelines.evaluation.scorer import Errors, RoleScore, diarization_errors, role_score

COLLAR_S = 0.25
"""Seconds either side of a true boundary that the second rate forgives: what people who label agree on (NIST)."""

TRUTH_NO_WORDS = "The truth has no words of the teacher."
TRUTH_NO_TEACHER = "It is not known who the teacher is in the truth. Say so with --teacher NAME."


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in the lesson and in the truth; `reason` says why there is no difference, where there is none."""

    name: str
    unit: str
    ours: float | None
    truth: float | None
    reason: str | None

    @property
    def difference(self) -> float | None:
        return None if self.ours is None or self.truth is None else self.ours - self.truth


@dataclass(frozen=True)
class Evaluation:
    """`within` is the part that was scored. `roles` is None where it is not known who the teacher is in the truth."""

    within: Span
    voices: int
    true_voices: int
    errors: Errors
    forgiving: Errors
    roles: RoleScore | None
    differences: tuple[Difference, ...]
    notes: tuple[str, ...]


def evaluate(lesson: Lesson, truth: Transcript, part: Span | None = None) -> Evaluation:
    """The lesson against its truth; of both only what lies in `part`, if one is given.

    Without one, all is scored until the later of both ends. Raises BadInput where the truth has no speech there. The
    measures of both are computed anew by the same rules; those of the lesson are withheld where its recording cannot
    carry them.
    """
    ours, notes = lesson.transcript, _notes(lesson.transcript, truth, part)
    if lesson.checked:
        notes += ("This lesson was checked by ear. What the machine itself heard is compared here.",)
    within = part or Span(0.0, max(ours.duration, truth.duration))
    found, true = (_segments(t) for t in (ours, truth))
    if part:
        ours, truth = clipped(ours, part), clipped(truth, part)
    errors = diarization_errors(true, found, within)
    if errors.speech_s <= 0:
        raise BadInput("Nobody speaks in the truth, in what was to be scored.")
    same_length = replace(truth, duration=ours.duration)
    mine = measure_lesson(ours, lesson.quality)
    right = measure_lesson(same_length, AudioQuality(None, None))
    return Evaluation(
        within,
        len({u.speaker for u in ours.utterances}),
        len({u.speaker for u in truth.utterances}),
        errors,
        diarization_errors(true, found, within, COLLAR_S),
        role_score(_by_role(truth), _by_role(ours)) if truth.of(Role.TEACHER) else None,
        tuple(_difference(m, t, roles_known=bool(truth.of(Role.TEACHER))) for m, t in zip(mine, right, strict=True)),
        notes,
    )


WITHOUT_ROLES = ("several_voices", "silence")
"""What is the same whoever is who."""


def _difference(ours: Measure, truth: Measure, *, roles_known: bool) -> Difference:
    if not roles_known and ours.name not in WITHOUT_ROLES:
        return Difference(ours.name, ours.unit, ours.value, None, TRUTH_NO_TEACHER)
    return Difference(ours.name, ours.unit, ours.value, truth.value, _reason(ours.reason, truth.reason))


def clipped(transcript: Transcript, part: Span) -> Transcript:
    """What of a transcript lies in `part`, which then begins at 0. Text of what is cut stays whole, word times go."""
    inside = (
        replace(u, span=Span(shared.start - part.start, shared.end - part.start), words=())
        if shared != u.span
        else replace(
            u,
            span=Span(u.span.start - part.start, u.span.end - part.start),
            words=tuple(
                replace(w, span=Span(w.span.start - part.start, w.span.end - part.start)) if w.span else w
                for w in u.words
            ),
        )
        for u in transcript.utterances
        if (shared := u.span & part)
    )
    return replace(transcript, duration=part.duration, utterances=tuple(inside))


def _notes(ours: Transcript, truth: Transcript, part: Span | None) -> tuple[str, ...]:
    last = max(u.span.end for u in truth.utterances)
    notes = []
    if part is None and last < 0.9 * ours.duration:
        notes.append(
            "The truth ends well before the lesson does. If only a part was labelled, say which with --part, as "
            "0:00-5:00: all speech outside counts as false alarm."
        )
    if last > ours.duration + 1:
        notes.append("The truth goes on after the lesson’s end. Is it of this lesson?")
    return tuple(notes)


def _segments(transcript: Transcript) -> list[Segment]:
    return [Segment(u.span, u.speaker) for u in transcript.utterances if u.span.duration > 0]


def _by_role(transcript: Transcript) -> list[tuple[Span, Role]]:
    return [(u.span, transcript.role(u.speaker)) for u in transcript.utterances]


def _reason(ours: str | None, truth: str | None) -> str | None:
    """Why two values cannot be compared: the truth's reason first, for it is the one to mend."""
    if truth in (NO_WORDS, NO_LANGUAGE):
        return TRUTH_NO_WORDS
    return f"In the truth: {truth}" if truth else f"In the lesson: {ours}" if ours else None
