"""A lesson checked by ear: which clips are played, whether it can be checked at all, and its measures corrected."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from coaching.calibration import FEWEST, Answers, Checked, Estimate, Who, check, classes
from coaching.checked_sentences import away
from coaching.lesson import Lesson
from coaching.metrics import measure_lesson
from coaching.metrics.measure import Interval, Measure
from coaching.spans import Span, total
from coaching.transcript import Role, Transcript

CLIP_S = 5.0
"""Long enough to know a voice again, short enough to play forty of them."""

CLIPS = 40

FEWEST_OF_A_CLASS = 3
"""A class that fills a hundredth of the lesson is heard so often at least."""

SHORTEST_S = 60.0
"""Of a shorter lesson forty clips are more than the whole of it, several times over."""

CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True)
class Clip:
    """A moment to be asked about, and what the machine thinks of it."""

    moment: float
    machine: Who

    @property
    def span(self) -> Span:
        """What is played: the moment is its middle."""
        return Span(self.moment - CLIP_S / 2, self.moment + CLIP_S / 2)


def unfit(lesson: Lesson, say_who: str = "Analyse it again and say who with --teacher.") -> str | None:
    """Why this lesson cannot be checked by ear, in a sentence that says what to do; None where it can."""
    if not lesson.voices_known:
        return "The voices of this lesson were not told apart, so there is nothing to check. Analyse it again."
    if lesson.roles.teacher is None or lesson.transcript.of(Role.UNKNOWN):
        return f"Who the teacher of this lesson is, is not known. {say_who}"
    if lesson.transcript.duration < SHORTEST_S:
        return f"This lesson is too short to be checked by ear: it takes one of {SHORTEST_S:.0f} seconds or more."
    return None


def draw(transcript: Transcript, seed: int, count: int = CLIPS) -> tuple[Clip, ...]:
    """Clips to ask about, in random order: `count`, or one a second of the class where the lesson has less of it.

    Each class gets clips by the root of its share, between equally many and as its share: what fills most of the lesson
    decides most of the totals, and what is rare must be heard too. A class's time is cut into as many equal parts as it
    gets clips, and a moment drawn in each, so that they lie all over the lesson.
    """
    generator = random.Random(seed)  # noqa: S311 - which clips are played is no secret
    reach = Span(CLIP_S / 2, transcript.duration - CLIP_S / 2)
    inside = {w: [part for span in spans if (part := span & reach)] for w, spans in classes(transcript).items()}
    clips = []
    for who, number in _shared_out({w: total(spans) for w, spans in inside.items()}, count).items():
        step = total(inside[who]) / number if number else 0.0
        clips += [Clip(_nth(inside[who], (i + generator.random()) * step), who) for i in range(number)]
    generator.shuffle(clips)
    return tuple(clips)


def _shared_out(seconds: Mapping[Who, float], count: int) -> Mapping[Who, int]:
    """How many clips each class gets: by the root of its seconds, the largest remainders rounded up."""
    whole = sum(seconds.values())
    roots = {w: sqrt(s) for w, s in seconds.items()}
    shares = {w: count * root / (sum(roots.values()) or 1.0) for w, root in roots.items()}
    least = {w: FEWEST_OF_A_CLASS if s >= whole / 100 else 0 for w, s in seconds.items()}
    given = {w: max(int(shares[w]), least[w]) for w in seconds}
    for w in sorted(seconds, key=lambda w: shares[w] - given[w], reverse=True)[: max(0, count - sum(given.values()))]:
        given[w] += 1
    while sum(given.values()) > count:  # what the rare classes got is taken from the one that has most
        given[max(given, key=lambda w: given[w])] -= 1
    return {w: min(n, int(seconds[w])) for w, n in given.items()}


def _nth(spans: Sequence[Span], seconds: float) -> float:
    """The moment after so many seconds of `spans`."""
    for span in spans:
        if seconds < span.duration:
            return span.start + seconds
        seconds -= span.duration
    return spans[-1].end


def answers(clips: Sequence[Clip], said: Sequence[Who | None], day: str) -> Answers:
    """What was said of the clips, in their order; None is "cannot tell"."""
    counts = {machine: dict.fromkeys(Who, 0) for machine in Who}
    for clip, who in zip(clips, said, strict=False):
        if who:
            counts[clip.machine][who] += 1
    return Answers(counts, sum(who is None for who in said), day)


def fingerprint(transcript: Transcript) -> str:
    """Changes whenever what the machine thinks does: answers count for the classes that were asked about only."""
    spans = {
        who.value: [(f"{s.start:.3f}", f"{s.end:.3f}") for s in spans] for who, spans in classes(transcript).items()
    }
    return hashlib.sha256(repr(spans).encode()).hexdigest()


def checked(lesson: Lesson, given: Answers, room: str = "", age_days: int | None = None) -> Lesson:
    """The lesson corrected by the answers; as it is where they are fewer than `FEWEST`, or it cannot be checked.

    Shares of talk, several voices and silence are corrected. All other measures are made of more than who has the air
    at a moment: they keep their ranges. A measure that is withheld stays withheld.
    """
    lesson = unchecked(lesson)
    if given.usable < FEWEST or unfit(lesson):
        return lesson
    found = check(lesson.transcript, given, room, age_days)
    source = source_of(found)
    new = _corrected(found, lesson.transcript.duration)

    def made(m: Measure) -> Measure:
        e = new.get(m.name)
        if e is None or m.value is None:
            return m
        return replace(m, corrected=e.value, interval=Interval(e.low, e.high, source))

    return replace(lesson, measures=tuple(map(made, lesson.measures)), checked=found)


def unchecked(lesson: Lesson) -> Lesson:
    """The lesson as the machine had it."""
    if lesson.checked is None:
        return lesson
    before = {m.name: m for m in measure_lesson(lesson.transcript, lesson.quality)}
    measures = tuple(before.get(m.name, m) if m.corrected is not None else m for m in lesson.measures)
    return replace(lesson, measures=measures, checked=None)


def _corrected(found: Checked, duration: float) -> Mapping[str, Estimate]:
    talk = found.teacher_talk
    shares = {"teacher_talk": talk, "student_talk": talk.mirrored()} if talk else {}
    return shares | {
        "silence": found.share[Who.NOBODY],
        "several_voices": found.share[Who.SEVERAL].scaled(duration / 100),
    }


def source_of(found: Checked) -> str:
    """Where the corrected ranges come from, in words."""
    clips = f"{found.answers.usable} clips"
    if found.age_days is None:
        return f"a person’s ear: {clips} of this lesson"
    return f"a person’s ear: {clips} of another lesson in “{found.room}”, {away(found.age_days)}, and wider for that"
