#!/usr/bin/env python3
"""What fifty corrections of a 90-minute lesson cost: finding their places, and measuring again what they touch.

    .venv/bin/python scripts/bench_corrections.py

CPU seconds of this process, least, median and most of ROUNDS rounds, into docs/benchmarks.json and .md. The lesson is
drawn by chance with a fixed seed: 1,500 utterances of a teacher and eight students, who ask, answer and talk at
once, with text in all and word times in half of them. Nothing but `coaching` is timed: no database, no page.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench_keep import keep

from coaching.corrections import Correction, Kind, apply
from coaching.lesson import Engine, Lesson, Recording, RoleGuess
from coaching.metrics import measure_lesson
from coaching.quality import AudioQuality
from coaching.services.lessons import measured_again
from coaching.spans import Span
from coaching.transcript import Role, Speaker, Transcript, Utterance, Word

MINUTES, UTTERANCES, CORRECTIONS, ROUNDS = 90, 1500, 50, 15
SAID = (
    "What do you notice about these two?",
    "How do you know that it is bigger?",
    "What is six times seven?",
    "So let us look at the number line on the board and find where three fifths would go.",
    "Because the pieces are bigger when you cut it in fewer.",
    "Any questions so far?",
    "I think it goes between zero and one, but closer to one.",
    "Forty two.",
)


def drawn_lesson(rng: random.Random) -> Lesson:
    """The lesson as the machine left it: one voice of unknown role, and two that are one student's."""
    speakers = tuple(
        Speaker(f"S{n}", Role.TEACHER if n == 0 else Role.UNKNOWN if n == 9 else Role.STUDENT) for n in range(10)
    )
    each = MINUTES * 60 / UTTERANCES
    utterances = []
    ends = dict.fromkeys((s.id for s in speakers), 0.0)
    for n in range(UTTERANCES):
        speaker = "S0" if rng.random() < 0.6 else f"S{rng.randint(1, 9)}"
        start = max(each * n + rng.uniform(0, 1.5), ends[speaker] + 0.6)
        ends[speaker] = end = start + rng.uniform(0.4, each)
        text = rng.choice(SAID)
        words = tuple(Word(w, None, 0.8) for w in text.split()) if rng.random() < 0.5 else ()
        utterances.append(Utterance(Span(start, end), speaker, text, 0.8, words))
    transcript = Transcript(MINUTES * 60.0 + 20, speakers, tuple(utterances), "en")
    quality = AudioQuality(-24.0, -50.0, 0.0, -22.0, -30.0, 0.1)
    measures = measure_lesson(transcript, quality)
    recording = Recording("drawn", transcript.duration)
    engines = (Engine("speakers", "drawn", "1"), Engine("words", "drawn", "1"))
    return Lesson(recording, transcript, quality, RoleGuess("S0", 0.9, ""), engines, measures)


def drawn_corrections(rng: random.Random, transcript: Transcript, count: int) -> list[Correction]:
    """Mostly texts, as people make them; one merge, a role and some names."""
    of = {s.id: tuple(u.span for u in transcript.utterances if u.speaker == s.id) for s in transcript.speakers}
    fixed = [
        Correction(Kind.MERGE, of["S1"], other=of["S2"]),
        Correction(Kind.ROLE, of["S9"], Role.STUDENT),
        *(Correction(Kind.NAME, of[f"S{n}"], text=f"Name {n}") for n in range(3, 9)),
    ]
    said = rng.sample(transcript.utterances, count - len(fixed))
    return [*fixed, *(Correction(Kind.TEXT, (u.span,), text=rng.choice(SAID)) for u in said)]


def timed(work: Callable[[], object]) -> list[float]:
    """CPU seconds of `work`: least, median, most of ROUNDS."""
    spent = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return [min(spent), statistics.median(spent), max(spent)]


def row(what: str, lesson: Lesson, corrections: list[Correction]) -> dict[str, Any]:
    after = apply(lesson.transcript, corrections).transcript
    again = measured_again(lesson, after, told=False)
    return {
        "what": what,
        "finding": timed(lambda: apply(lesson.transcript, corrections)),
        "measuring": timed(lambda: measured_again(lesson, after, told=False)),
        "computed": sum(a is not b for a, b in zip(again.measures, lesson.measures, strict=True)),
        "measures": len(lesson.measures),
    }


def main() -> None:
    rng = random.Random(4)
    lesson = drawn_lesson(rng)
    many = drawn_corrections(rng, lesson.transcript, CORRECTIONS)
    merge, role, name, text = many[0], many[1], many[2], many[-1]
    rows = [
        row("a name", lesson, [name]),
        row("a text", lesson, [text]),
        row("a role", lesson, [role]),
        row("two voices that are one", lesson, [merge]),
        row(f"{CORRECTIONS} of all kinds", lesson, many),
    ]
    everything = timed(lambda: measure_lesson(lesson.transcript, lesson.quality))
    count = len(lesson.measures)
    whole = {"what": "none, but all measured", "finding": [], "measuring": everything, "computed": count}
    keep("corrections", [*rows, whole | {"measures": count}])


if __name__ == "__main__":
    main()
